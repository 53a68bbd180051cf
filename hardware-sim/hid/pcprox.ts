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

/** A program shows another light; `read` is the card it read last, since the reader has power. */
export type LightListener = (led: Led, read: CardBits | undefined) => void;

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

/** The reader, from plugging in to its end; power cuts included. */
export class PcproxReader implements FeatureDevice {
  private readonly options: PcproxOptions;
  private readonly saved: Uint8Array[];
  private used: Uint8Array[];
  private answer = new Uint8Array(REPORT_BYTES);
  /** Latched together with the data. */
  private lengths = new Uint8Array(REPORT_BYTES);
  /** The page that the next report is, unless it is read before. */
  private selected: number | undefined;
  /** Between the writing of a page and its end no card is read. */
  private isBeingSet = false;
  private inField: CardBits | undefined;
  private held: { readonly card: CardBits; readonly untilMs: number } | undefined;
  private wasRead = false;
  private lastRead: CardBits | undefined;
  private onLightShown: LightListener = () => undefined;
  private fault: PcproxFault = "none";
  private garbage = (length: number): Uint8Array => new Uint8Array(length);
  private greenCount = 0;
  private saveCount = 0;

  constructor(options: PcproxOptions = {}) {
    const { lead, trail } = options.strip ?? { lead: 1, trail: 1 };
    this.options = options;
    this.saved = [
      Uint8Array.of(3, 5, lead | (trail << 4), 16, 26, 0, ENTER, 0),
      Uint8Array.of(0, 20, 20, 20, 1, 1, 0, 0),
      new Uint8Array(REPORT_BYTES),
    ];
    this.used = this.saved.map((page) => Uint8Array.from(page));
  }

  setFeature(reportId: number, bytes: Uint8Array): boolean | undefined {
    if (this.fault === "mute") return undefined;
    const isWrong = reportId !== 0 || bytes.length !== REPORT_BYTES;
    if (this.fault === "stall" || isWrong) return false;
    if (this.selected === undefined) this.obey(bytes[0] ?? 0, bytes[1] ?? 0);
    else this.usePage(this.selected, bytes);
    return true;
  }

  getFeature(reportId: number, length: number): Uint8Array | null | undefined {
    if (this.fault === "mute") return undefined;
    if (this.fault === "stall" || reportId !== 0) return null;
    this.selected = undefined;
    return this.fault === "garbage" ? this.garbage(length) : this.answer.slice(0, length);
  }

  /** A card comes into the field, in place of the one that is there. */
  place(card: CardBits): void {
    [this.inField, this.held, this.wasRead] = [card, undefined, false];
  }

  lift(): void {
    const { holdMs = 0 } = this.options;
    if (this.inField !== undefined)
      this.held = { card: this.inField, untilMs: this.now() + holdMs };
    this.inField = undefined;
  }

  /** `random` gives the bytes of garbage. */
  misbehave(fault: PcproxFault, random = this.garbage): void {
    [this.fault, this.garbage] = [fault, random];
  }

  /** Off and on: settings that were not saved are gone; a card that lies there is read again. */
  powerCut(): void {
    this.used = this.saved.map((page) => Uint8Array.from(page));
    [this.answer, this.lengths] = [new Uint8Array(REPORT_BYTES), new Uint8Array(REPORT_BYTES)];
    [this.selected, this.isBeingSet] = [undefined, false];
    [this.held, this.wasRead, this.lastRead] = [undefined, false, undefined];
  }

  /** Unlike `led`, which is green by itself over every card that no program has looked at. */
  onLight(listener: LightListener): void {
    this.onLightShown = listener;
  }

  led(): Led {
    return this.programLed() ?? (this.buffered() === undefined ? "red" : "green");
  }

  /** How often a program has lit the green LED alone. */
  greens(): number {
    return this.greenCount;
  }

  /** How often something was written to the EEPROM. */
  saves(): number {
    return this.saveCount;
  }

  /** A configuration page as it is in use, 0 to 2. */
  page(number: number): Uint8Array {
    return Uint8Array.from(this.used[number] ?? []);
  }

  /** Undefined while the LEDs are the reader's own. */
  private programLed(): Led | undefined {
    const [lights = 0, control = 0] = this.used[2] ?? [];
    if ((control & APP_CONTROLS_LEDS) === 0) return undefined;
    if ((lights & RED) === 0) return (lights & GREEN) === 0 ? "dark" : "green";
    return (lights & GREEN) === 0 ? "red" : "amber";
  }

  private now(): number {
    return (this.options.now ?? (() => performance.now()))();
  }

  private buffered(): CardBits | undefined {
    if (this.isBeingSet || (this.options.buffer === "once" && this.wasRead)) return undefined;
    if (this.inField !== undefined) return this.inField;
    const { held } = this;
    return held !== undefined && this.now() < held.untilMs ? held.card : undefined;
  }

  private obey(code: number, argument: number): void {
    this.answer = new Uint8Array(REPORT_BYTES);
    if (code === 0x8a) this.answer = Uint8Array.from(DEVICE_INFO);
    else if (code === 0x8f) this.readCard();
    else if (code === 0x8e) this.answer = Uint8Array.from(this.lengths);
    else if (code === 0x90) this.finish(argument);
    const page = this.used[code - 0x80];
    if (page === undefined) return;
    this.selected = code - 0x80;
    this.answer = Uint8Array.from(page);
  }

  private readCard(): void {
    const card = this.buffered();
    const strip = stripped(this.used[0]);
    const bits = card === undefined ? 0 : Math.max(0, card.bits - strip.lead - strip.trail);
    if (card !== undefined) {
      [this.answer, this.wasRead, this.lastRead] = [dataOf(card, strip), true, card];
    }
    this.lengths = Uint8Array.of(bits, bits, 0, 0, 0, 0, 0, 0);
  }

  private usePage(number: number, bytes: Uint8Array): void {
    const before = this.programLed();
    this.used[number] = Uint8Array.from(bytes);
    [this.selected, this.isBeingSet] = [undefined, true];
    const led = this.programLed();
    if (led === undefined || led === before) return;
    if (led === "green") this.greenCount += 1;
    this.onLightShown(led, this.lastRead);
  }

  private finish(mask: number): void {
    this.isBeingSet = false;
    for (const [number, page] of this.used.entries()) {
      if ((mask & (1 << number)) === 0) continue;
      this.saveCount += 1;
      this.saved[number] = Uint8Array.from(page);
    }
  }
}

interface Strip {
  readonly lead: number;
  readonly trail: number;
}

const stripped = (page0: Uint8Array | undefined): Strip => ({
  lead: (page0?.[2] ?? 0) & 0x0f,
  trail: (page0?.[2] ?? 0) >> 4,
});

/** The card as one little-endian number, without what is stripped; 64 bits at most. */
function dataOf({ bits, bytes }: CardBits, { lead, trail }: Strip): Uint8Array<ArrayBuffer> {
  const whole =
    BigInt(`0x0${Buffer.from(bytes).toString("hex")}`) >> BigInt(bytes.length * 8 - bits);
  const kept = BigInt.asUintN(Math.max(0, bits - lead - trail), whole >> BigInt(trail));
  const data = new DataView(new ArrayBuffer(REPORT_BYTES));
  data.setBigUint64(0, BigInt.asUintN(64, kept), true);
  return new Uint8Array(data.buffer);
}
