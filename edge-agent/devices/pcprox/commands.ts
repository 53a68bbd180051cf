/**
 * What we say to a pcProx and what its answers mean. An order is a feature report of 8 bytes, a code and zeros, after which
 * the answer is read as a feature report. **An order takes no argument here, and none may be added:** the argument of 90h
 * says which pages are written to the reader's EEPROM.
 */
export const REPORT_BYTES = 8;

export const ORDER = {
  /** Configuration pages; a page that was asked for may be read, or written by the next report. */
  page0: 0x80,
  page2: 0x82,
  deviceInfo: 0x8a,
  cardBits: 0x8e,
  /** To be asked before `cardBits`, which is not set otherwise. */
  cardData: 0x8f,
  /** Ends the writing of pages; without an argument nothing is saved. */
  finish: 0x90,
} as const;
export type Order = (typeof ORDER)[keyof typeof ORDER];

export function encodeOrder(order: Order): Uint8Array {
  const report = new Uint8Array(REPORT_BYTES);
  report[0] = order;
  return report;
}

export const isBlank = (report: Uint8Array): boolean => report.every((byte) => byte === 0);

export const isSame = (one: Uint8Array, other: Uint8Array): boolean =>
  one.length === other.length && one.every((byte, at) => byte === other[at]);

export interface DeviceInfo {
  readonly firmware: string;
  readonly deviceType: string;
}

export function readDeviceInfo(report: Uint8Array): DeviceInfo {
  const [, , minorAndRelease = 0, major = 0, , typeLow = 0, typeHigh = 0] = report;
  return {
    firmware: `${String(major).padStart(2, "0")}.${minorAndRelease >> 4}.${minorAndRelease & 0x0f}`,
    deviceType: `0x${(typeHigh * 256 + typeLow).toString(16).padStart(4, "0")}`,
  };
}

/** How many bits the reader takes off a card before it shows it. */
export interface Stripping {
  readonly lead: number;
  readonly trail: number;
}

export const readStripping = (page0: Uint8Array): Stripping => ({
  lead: (page0[2] ?? 0) & 0x0f,
  trail: (page0[2] ?? 0) >> 4,
});

/** bWiegInvData, bRevWiegBits, bRevBytes, bUseInvDataF: each has the reader show other bits than the card has. */
const ALTERING = 0b1110_1000;

export const altersBits = (page2: Uint8Array): boolean => ((page2[1] ?? 0) & ALTERING) !== 0;

export type Shown = "green" | "amber" | "red" | "dark";

const RED = 1;
const GREEN = 2;
const LEDS = { dark: 0, red: RED, green: GREEN, amber: RED | GREEN } as const;
const APP_CONTROLS_LEDS = 0b10;

/** The page with the LEDs in our hands and showing this; the rest of it as it was. */
export function withLeds(page2: Uint8Array, shown: Shown): Uint8Array {
  const page = withoutLeds(page2);
  page[0] = (page[0] ?? 0) | LEDS[shown];
  page[1] = (page[1] ?? 0) | APP_CONTROLS_LEDS;
  return page;
}

/** The page with both LEDs off, and in the same hands. */
export function withoutLeds(page2: Uint8Array): Uint8Array {
  const page = Uint8Array.from(page2);
  page[0] = (page[0] ?? 0) & ~(RED | GREEN);
  return page;
}

export const hasLeds = (page2: Uint8Array, shown: Shown): boolean =>
  ((page2[0] ?? 0) & (RED | GREEN)) === LEDS[shown] && ((page2[1] ?? 0) & APP_CONTROLS_LEDS) !== 0;

/** What the card buffer holds: bits as on the card, first one first, without those the reader strips. */
export type Buffered =
  | { readonly kind: "empty" }
  | { readonly kind: "card"; readonly bits: readonly number[] }
  | { readonly kind: "discarded"; readonly reason: BufferDiscard };

export type BufferDiscard = "report-length" | "lengths-differ" | "no-length" | "too-many-bits";

/**
 * Of the answers to `cardData` and `cardBits`. The data is one little-endian number whose lowest bit is the last of the card;
 * what stands above its length is of no meaning. A buffer of zeros is an empty one, so a card of zeros cannot be seen.
 */
export function readBuffer(data: Uint8Array, lengths: Uint8Array): Buffered {
  if (data.length !== REPORT_BYTES || lengths.length !== REPORT_BYTES) {
    return discarded("report-length");
  }
  if (isBlank(data)) return { kind: "empty" };
  const [length = 0, again] = lengths;
  if (length !== again) return discarded("lengths-differ");
  if (length === 0) return discarded("no-length");
  if (length > REPORT_BYTES * 8) return discarded("too-many-bits");
  const bits = Array.from({ length }, (_, index) => {
    const at = length - 1 - index;
    return ((data[at >> 3] ?? 0) >> (at & 7)) & 1;
  });
  return { kind: "card", bits };
}

const discarded = (reason: BufferDiscard): Buffered => ({ kind: "discarded", reason });
