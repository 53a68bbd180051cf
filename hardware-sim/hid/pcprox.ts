import type { CardBits } from "../osdp/messages.ts";
import type { FeatureDevice } from "./feature-frames.ts";

/**
 * An rf IDEAS pcProx reader as a program sees it: 8-byte feature reports, a code first. Source: the description of the protocol in
 * micolous/pcprox. What it leaves open is an option here.
 */
export interface PcproxOptions {
  /** Bits taken off the two ends of a card; 1 and 1 unless told, for 26-bit cards. */
  readonly strip?: { readonly lead: number; readonly trail: number };
  /** How long the buffer stays filled after the card is gone, milliseconds; 0 unless told. */
  readonly holdMs?: number;
  /** `once`: reading the buffer empties it; unless told it stays filled as long as the card is there. */
  readonly buffer?: "while-present" | "once";
  readonly now?: () => number;
}

/** How it misbehaves. `stall`: it refuses every report; `mute`: it answers nothing; `garbage`: random bytes. */
export type PcproxFault = "none" | "stall" | "mute" | "garbage";

export type Led = "dark" | "red" | "green" | "amber";

export interface PcproxReader extends FeatureDevice {
  /** A card comes into the field, in place of the one that is there. */
  place(card: CardBits): void;
  lift(): void;
  /** `random` gives the bytes of garbage. */
  misbehave(fault: PcproxFault, random?: (length: number) => Uint8Array): void;
  /** Off and on: settings that were not saved are gone; a card that lies there is read again. */
  powerCut(): void;
  led(): Led;
  /** How often a program has lit the green LED alone. */
  readonly greens: () => number;
  /** How often something was written to the EEPROM. */
  readonly saves: () => number;
  /** A configuration page as it is in use, 0 to 2. */
  page(number: number): Uint8Array;
}

/**
 * A boot keyboard (USB HID 1.11, E.6) with a feature report of 8 bytes beside it, which is how the protocol's description says the
 * reader shows itself. The real descriptor is not known.
 */
export const PCPROX_DESCRIPTOR = Uint8Array.from(
  Buffer.from(
    "05010906A101050719E029E71500250175019508810295017508810195057501" +
      "050819012905910295017503910195067508150025650507190029658100" +
      "0600FF0901150026FF0075089508B102C0",
    "hex",
  ),
);

const REPORT_BYTES = 8;
const [RED, GREEN] = [0x01, 0x02];
const APP_CONTROLS_LEDS = 0x02;
/** Firmware 07.3.0, the one that the protocol was described on. */
const DEVICE_INFO = Uint8Array.of(0, 0, 0x30, 0x07, 0, 0x81, 0x60, 0);
/** Enter behind a card number, in page 0. */
const ENTER = 40;

export function createPcprox(options: PcproxOptions = {}): PcproxReader {
  const { strip = { lead: 1, trail: 1 }, holdMs = 0, buffer = "while-present" } = options;
  const now = options.now ?? (() => performance.now());
  const saved = [
    Uint8Array.of(3, 5, strip.lead | (strip.trail << 4), 16, 26, 0, ENTER, 0),
    Uint8Array.of(0, 20, 20, 20, 1, 1, 0, 0),
    new Uint8Array(REPORT_BYTES),
  ];
  let used = saved.map((page) => Uint8Array.from(page));
  let answer = new Uint8Array(REPORT_BYTES);
  let lengthAnswer = new Uint8Array(REPORT_BYTES);
  let selected: number | undefined;
  /** Between the writing of a page and its end no card is read. */
  let isBeingSet = false;
  let inField: CardBits | undefined;
  let held: { readonly card: CardBits; readonly untilMs: number } | undefined;
  let wasRead = false;
  let [fault, greens, saves]: [PcproxFault, number, number] = ["none", 0, 0];
  let garbage = (length: number): Uint8Array => new Uint8Array(length).fill(0xa5);

  const buffered = (): CardBits | undefined => {
    if (isBeingSet || (buffer === "once" && wasRead)) return undefined;
    if (inField !== undefined) return inField;
    return held !== undefined && now() < held.untilMs ? held.card : undefined;
  };
  const led = (): Led => {
    const [lights = 0, control = 0] = used[2] ?? [];
    if ((control & APP_CONTROLS_LEDS) === 0) return buffered() === undefined ? "red" : "green";
    if ((lights & RED) === 0) return (lights & GREEN) === 0 ? "dark" : "green";
    return (lights & GREEN) === 0 ? "red" : "amber";
  };
  const readCard = (): void => {
    const card = buffered();
    const [lead, trail] = stripped(used[0]);
    answer = card === undefined ? new Uint8Array(REPORT_BYTES) : dataOf(card, { lead, trail });
    const bits = card === undefined ? 0 : Math.max(0, card.bits - lead - trail);
    lengthAnswer = Uint8Array.of(bits, bits, 0, 0, 0, 0, 0, 0);
    if (card !== undefined) wasRead = true;
  };
  const save = (mask: number): void => {
    isBeingSet = false;
    for (const [number, page] of used.entries()) {
      if ((mask & (1 << number)) === 0) continue;
      saves += 1;
      saved[number] = Uint8Array.from(page);
    }
  };
  const obey = (code: number, argument: number): void => {
    answer = new Uint8Array(REPORT_BYTES);
    if (code === 0x8a) answer = Uint8Array.from(DEVICE_INFO);
    else if (code === 0x8f) readCard();
    else if (code === 0x8e) answer = Uint8Array.from(lengthAnswer);
    else if (code === 0x90) save(argument);
    const page = used[code - 0x80];
    if (page === undefined) return;
    selected = code - 0x80;
    answer = Uint8Array.from(page);
  };

  return {
    setFeature(reportId, bytes) {
      if (fault === "mute") return undefined;
      if (fault === "stall" || reportId !== 0 || bytes.length !== REPORT_BYTES) return false;
      if (selected === undefined) {
        obey(bytes[0] ?? 0, bytes[1] ?? 0);
        return true;
      }
      const before = led();
      used[selected] = Uint8Array.from(bytes);
      [selected, isBeingSet] = [undefined, true];
      if (before !== "green" && led() === "green") greens += 1;
      return true;
    },
    getFeature(reportId, length) {
      if (fault === "mute") return undefined;
      if (fault === "stall" || reportId !== 0) return null;
      selected = undefined;
      return fault === "garbage" ? garbage(length) : answer.slice(0, length);
    },
    place(card) {
      [inField, held, wasRead] = [card, undefined, false];
    },
    lift() {
      if (inField !== undefined) held = { card: inField, untilMs: now() + holdMs };
      inField = undefined;
    },
    misbehave(next, random = garbage) {
      [fault, garbage] = [next, random];
    },
    powerCut() {
      used = saved.map((page) => Uint8Array.from(page));
      [answer, lengthAnswer] = [new Uint8Array(REPORT_BYTES), new Uint8Array(REPORT_BYTES)];
      [selected, isBeingSet, held, wasRead] = [undefined, false, undefined, false];
    },
    led,
    greens: () => greens,
    saves: () => saves,
    page: (number) => Uint8Array.from(used[number] ?? []),
  };
}

const stripped = (page0: Uint8Array | undefined): [lead: number, trail: number] => [
  (page0?.[2] ?? 0) & 0x0f,
  (page0?.[2] ?? 0) >> 4,
];

/** The card as one little-endian number, without what is stripped; 64 bits at most. */
function dataOf(
  { bits, bytes }: CardBits,
  { lead, trail }: { readonly lead: number; readonly trail: number },
): Uint8Array<ArrayBuffer> {
  const whole =
    BigInt(`0x0${Buffer.from(bytes).toString("hex")}`) >> BigInt(bytes.length * 8 - bits);
  const kept = BigInt.asUintN(Math.max(0, bits - lead - trail), whole >> BigInt(trail));
  const data = new DataView(new ArrayBuffer(REPORT_BYTES));
  data.setBigUint64(0, BigInt.asUintN(64, kept), true);
  return new Uint8Array(data.buffer);
}
