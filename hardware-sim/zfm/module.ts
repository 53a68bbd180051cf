import { PlatformError } from "@clockleaf/shared/lib/errors.ts";
import type { Line } from "../line.ts";
import { lightOf, type ModuleEvent } from "./light.ts";
import { ANSWER, createEar, ORDER, type Packet, packetBytes } from "./packet.ts";

/** A finger is a number here: two images of the same one match, others never do. */
export type Finger = number;

export interface ModuleOptions {
  /** Default FFFFFFFF. */
  readonly address?: number;
  /** Asked for before anything else unless it is the factory's 0. */
  readonly password?: number;
  /** Slots; default 200, as on an R503. */
  readonly capacity?: number;
  /** In steps of 9600 bit/s; default 6. */
  readonly baud?: number;
  /** Score of a match; default 120. */
  readonly score?: number;
  /** Whether it has the aura light and the hi-speed search; default yes. */
  readonly hasLight?: boolean;
  readonly hasHiSpeed?: boolean;
}

export interface ZfmModule {
  /** A finger lies on the sensor until it is lifted. */
  press(finger: Finger): void;
  lift(): void;
  /** Puts a finger into a slot without the ceremony. */
  teach(slot: number, finger: Finger): void;
  readonly slots: () => ReadonlyMap<number, Finger>;
  /** The next so many images are answered with this code when features are wanted: 6 messy, 7 too few. */
  spoil(images: number, code?: number): void;
  /** The next so many orders are done, and their answers come only when `speakUp` is called. */
  mumble(orders: number): void;
  speakUp(): void;
  powerOff(): void;
  /** Says 55 on the line. */
  powerOn(): void;
  /** Hangs it on a line; the one before is dead. */
  attach(line: Line): void;
  /** The bit rate its line runs at; what comes at another is noise. Undefined: any, as on a pty. */
  tune(rate: (() => number) | undefined): void;
  onEvent(listener: (event: ModuleEvent) => void): void;
  readonly counters: () => Readonly<Record<string, number>>;
}

const DEFAULTS = {
  address: 0xffffffff,
  password: 0,
  capacity: 200,
  baud: 6,
  score: 120,
  hasLight: true,
  hasHiSpeed: true,
} as const;

const OK = 0x00;
const REFUSED = 0x01;
const NO_FINGER = 0x02;
const NOT_FOUND = 0x09;
const MISMATCH = 0x0a;
const BAD_SLOT = 0x0b;
const NO_UPLOAD = 0x0d;
const WRONG_PASSWORD = 0x13;
const NO_IMAGE = 0x15;
const LOCKED = 0x21;

/**
 * A ZFM fingerprint module: matches on board, keeps what it was taught over a power cut, and forgets image, features and
 * password with its power. Throws `config.invalid` for a capacity no module has.
 */
export function createModule(options: ModuleOptions = {}): ZfmModule {
  const settings = { ...DEFAULTS, ...options };
  if (settings.capacity < 1 || settings.capacity > 3_000) {
    throw new PlatformError("config.invalid", `a module with ${settings.capacity} slots`);
  }
  return new Module(settings);
}

type Settings = Required<ModuleOptions>;
type Handler = (args: readonly number[]) => readonly number[];

class Module implements ZfmModule {
  readonly #settings: Settings;
  readonly #listeners = new Set<(event: ModuleEvent) => void>();
  readonly #counts: Record<string, number> = {};
  readonly #flash = new Map<number, Finger>();
  readonly #ear = createEar();
  readonly #handlers: ReadonlyMap<number, Handler>;
  #line: Line | undefined;
  #rate: (() => number) | undefined;
  #powered = true;
  #onSensor: Finger | undefined;
  #image: { readonly finger: Finger; readonly spoiltBy: number } | undefined;
  #features: (Finger | undefined)[] = [];
  #model: Finger | undefined;
  #isOpen = false;
  #spoilt = { images: 0, code: 0 };
  #mumbled = 0;
  #unsaid: Uint8Array[] = [];

  constructor(settings: Settings) {
    this.#settings = settings;
    this.#handlers = new Map<number, Handler>([
      [0x01, () => this.#takeImage()],
      [0x02, ([buffer = 0]) => this.#makeFeatures(buffer)],
      [0x04, (args) => this.#search(args)],
      [0x05, () => this.#join()],
      [0x06, ([, high = 0, low = 0]) => this.#store(high * 256 + low)],
      [0x0c, ([high = 0, low = 0, , count = 0]) => this.#remove(high * 256 + low, count)],
      [0x0f, () => this.#parameters()],
      [0x1b, (args) => (settings.hasHiSpeed ? this.#search(args) : [REFUSED])],
      [0x1d, () => [OK, ...two(this.#flash.size)]],
      [0x1f, ([page = 0]) => this.#indexTable(page)],
      [0x35, (args) => this.#light(args)],
    ]);
  }

  slots = (): ReadonlyMap<number, Finger> => this.#flash;
  counters = (): Readonly<Record<string, number>> => ({
    ...this.#counts,
    discardedBytes: this.#ear.discarded(),
  });

  press(finger: Finger): void {
    this.#onSensor = finger;
  }

  lift(): void {
    this.#onSensor = undefined;
  }

  teach(slot: number, finger: Finger): void {
    this.#flash.set(slot, finger);
  }

  spoil(images: number, code = 0x06): void {
    this.#spoilt = { images, code };
  }

  mumble(orders: number): void {
    this.#mumbled = orders;
  }

  speakUp(): void {
    for (const bytes of this.#unsaid.splice(0)) this.#say(bytes);
  }

  powerOff(): void {
    this.#powered = false;
    this.#isOpen = false;
    this.#image = undefined;
    this.#features = [];
    this.#model = undefined;
    this.#unsaid = [];
    this.#ear.forget();
    this.#emit({ kind: "dark" });
  }

  powerOn(): void {
    if (this.#powered) return;
    this.#powered = true;
    this.#say(Uint8Array.of(0x55));
  }

  attach(line: Line): void {
    this.#line = line;
    this.#ear.forget();
    line.onData((chunk) => {
      if (this.#line !== line || !this.#powered) return;
      for (const packet of this.#ear.hear(this.#atRate(chunk))) this.#obey(packet);
    });
  }

  tune(rate: (() => number) | undefined): void {
    this.#rate = rate;
  }

  onEvent(listener: (event: ModuleEvent) => void): void {
    this.#listeners.add(listener);
  }

  #atRate(chunk: Uint8Array): Uint8Array {
    const isHeard = this.#rate === undefined || this.#rate() === this.#settings.baud * 9600;
    return isHeard ? chunk : chunk.map((byte) => byte ^ 0xff);
  }

  #obey({ address, pid, payload }: Packet): void {
    if (pid !== ORDER || address !== this.#settings.address) return;
    const [code = 0, ...args] = payload;
    this.#count(`order_${code.toString(16).padStart(2, "0")}`);
    const answer = packetBytes({ address, pid: ANSWER, payload: this.#answerTo(code, args) });
    if (this.#mumbled > 0) {
      this.#mumbled -= 1;
      this.#unsaid.push(answer);
    } else this.#say(answer);
  }

  #answerTo(code: number, args: readonly number[]): readonly number[] {
    if (code === 0x13) return this.#open(args);
    // Templates and images in and out: what no attendance system may ask for.
    if (code >= 0x08 && code <= 0x0b) {
      this.#count("template_transfers");
      return [NO_UPLOAD];
    }
    if (!this.#isOpen && this.#settings.password !== 0) return [LOCKED];
    return this.#handlers.get(code)?.(args) ?? [REFUSED];
  }

  #open(args: readonly number[]): readonly number[] {
    const password = args.reduce((value, byte) => value * 256 + byte, 0);
    this.#isOpen = password === this.#settings.password;
    return [this.#isOpen ? OK : WRONG_PASSWORD];
  }

  #takeImage(): readonly number[] {
    const finger = this.#onSensor;
    const isSpoilt = finger !== undefined && this.#spoilt.images > 0;
    if (isSpoilt) this.#spoilt = { ...this.#spoilt, images: this.#spoilt.images - 1 };
    this.#image =
      finger === undefined ? undefined : { finger, spoiltBy: isSpoilt ? this.#spoilt.code : OK };
    this.#emit({ kind: "looked", finger });
    return [finger === undefined ? NO_FINGER : OK];
  }

  #makeFeatures(buffer: number): readonly number[] {
    // What the buffer held before stays in it: some modules do, and a careless controller would search for that.
    if (this.#image === undefined) return [NO_IMAGE];
    if (this.#image.spoiltBy !== OK) return [this.#image.spoiltBy];
    this.#features[buffer] = this.#image.finger;
    return [OK];
  }

  #search([buffer = 0, , , high = 0, low = 0]: readonly number[]): readonly number[] {
    const finger = this.#features[buffer];
    const count = high * 256 + low;
    for (const [slot, known] of this.#flash) {
      if (known !== finger || slot >= count) continue;
      this.#emit({ kind: "matched", slot });
      return [OK, ...two(slot), ...two(this.#settings.score)];
    }
    this.#emit({ kind: "not-matched" });
    return [NOT_FOUND, 0, 0, 0, 0];
  }

  #join(): readonly number[] {
    const [, first, second] = this.#features;
    this.#model = first === second ? first : undefined;
    return [this.#model === undefined ? MISMATCH : OK];
  }

  #store(slot: number): readonly number[] {
    if (slot >= this.#settings.capacity) return [BAD_SLOT];
    if (this.#model === undefined) return [MISMATCH];
    this.#flash.set(slot, this.#model);
    return [OK];
  }

  #remove(first: number, count: number): readonly number[] {
    if (first + count > this.#settings.capacity) return [BAD_SLOT];
    for (let slot = first; slot < first + count; slot += 1) this.#flash.delete(slot);
    return [OK];
  }

  #parameters(): readonly number[] {
    const { capacity, address, baud } = this.#settings;
    return [OK, 0, 0, 0, 9, ...two(capacity), 0, 3, ...four(address), 0, 2, ...two(baud)];
  }

  #indexTable(page: number): readonly number[] {
    if (page * 256 >= this.#settings.capacity) return [BAD_SLOT];
    const bits = Array.from({ length: 32 }, () => 0);
    for (const slot of this.#flash.keys()) {
      const at = slot - page * 256;
      if (at >= 0 && at < 256) bits[at >> 3] = (bits[at >> 3] ?? 0) | (1 << (at & 7));
    }
    return [OK, ...bits];
  }

  #light(args: readonly number[]): readonly number[] {
    if (!this.#settings.hasLight) return [REFUSED];
    const light = lightOf(args);
    if (light === undefined) return [REFUSED];
    this.#emit(light);
    return [OK];
  }

  #say(bytes: Uint8Array): void {
    // What nobody hears is lost, as on a wire.
    this.#line?.write(this.#atRate(bytes)).catch(() => undefined);
  }

  #emit(event: ModuleEvent): void {
    for (const listener of this.#listeners) listener(event);
  }

  #count(name: string): void {
    this.#counts[name] = (this.#counts[name] ?? 0) + 1;
  }
}

const two = (value: number): readonly number[] => [(value >> 8) & 0xff, value & 0xff];
const four = (value: number): readonly number[] => [...two(value >>> 16), ...two(value)];
