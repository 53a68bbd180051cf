import type { Line } from "../line.ts";
import { createEar, type Packet, packetBytes } from "./packet.ts";

/** A finger is a number here: two scans of the same one match, others never do. */
export type Finger = number;

export type ModuleEvent =
  /** Asked to look for a finger. */
  | { readonly kind: "looking" }
  /** It has read a finger and told the outcome; the module beeps. */
  | { readonly kind: "scanned"; readonly user: number | null; readonly flag: number };

export interface ModuleOptions {
  /** Network packets under this id; without one the module is alone on its line. */
  readonly terminal?: number;
  readonly serialNumber?: number;
}

export interface SfmModule {
  /** A finger lies on the sensor until it is lifted. */
  press(finger: Finger): void;
  lift(): void;
  teach(user: number, finger: Finger): void;
  /** In free-scan mode: the delay is over, and it looks again. */
  scanAgain(): void;
  /** The next so many scans end with this flag instead: 63 scan failed, B0 fake finger. */
  spoil(scans: number, flag?: number): void;
  powerOff(): void;
  powerOn(): void;
  /** Hangs it on a line; the one before is dead. */
  attach(line: Line): void;
  onEvent(listener: (event: ModuleEvent) => void): void;
  readonly counters: () => Readonly<Record<string, number>>;
}

const SUCCESS = 0x61;
const SCANNED = 0x62;
const NOT_FOUND = 0x69;
const UNSUPPORTED = 0x75;
const BUSY = 0x80;
const CANCELLED = 0x81;
const ALIVE = 0x30;
const ON = 0x31;
const OFF = 0x30;

const IDENTIFY = 0x11;
const AUTO_RESPONSE = 0x82;
const FREE_SCAN = 0x84;
const ENROLLED = 0x73;
/** Templates and images, in and out, short and long forms: what no attendance system may ask for. */
const TEMPLATES = new Set([
  0x06, 0x07, 0x09, 0x10, 0x12, 0x13, 0x14, 0x15, 0x20, 0x21, 0x22, 0x34, 0x35, 0x80, 0x81, 0x82,
  0x83, 0x84, 0x87, 0x89,
]);
const LOG = new Set([0x3c, 0x3d, 0x3e, 0x3f, 0xeb, 0xec]);

/**
 * An SFM module without a log: identifies on board, keeps its users over a power cut, and forgets with its power what was
 * set but not saved, and that it was looking for a finger.
 */
export function createModule(options: ModuleOptions = {}): SfmModule {
  return new Module(options);
}

class Module implements SfmModule {
  readonly #terminal: number | undefined;
  readonly #users = new Map<number, Finger>();
  readonly #ear;
  readonly #listeners = new Set<(event: ModuleEvent) => void>();
  readonly #counts: Record<string, number> = {};
  readonly #saved: ReadonlyMap<number, number>;
  #parameters: Map<number, number>;
  #line: Line | undefined;
  #powered = true;
  #onSensor: Finger | undefined;
  #isLooking = false;
  #spoilt = { scans: 0, flag: 0 };

  constructor({ terminal, serialNumber = 4711 }: ModuleOptions) {
    this.#terminal = terminal;
    this.#ear = createEar(terminal !== undefined);
    this.#saved = new Map([
      [0x6f, serialNumber],
      [AUTO_RESPONSE, OFF],
      [FREE_SCAN, OFF],
    ]);
    this.#parameters = new Map(this.#saved);
  }

  counters = (): Readonly<Record<string, number>> => ({
    ...this.#counts,
    discardedBytes: this.#ear.discarded(),
  });

  press(finger: Finger): void {
    this.#onSensor = finger;
    this.#scan();
  }

  lift(): void {
    this.#onSensor = undefined;
  }

  teach(user: number, finger: Finger): void {
    this.#users.set(user, finger);
  }

  scanAgain(): void {
    this.#scan();
  }

  spoil(scans: number, flag = 0x63): void {
    this.#spoilt = { scans, flag };
  }

  powerOff(): void {
    this.#powered = false;
    this.#isLooking = false;
    this.#parameters = new Map(this.#saved);
    this.#ear.forget();
  }

  powerOn(): void {
    this.#powered = true;
  }

  attach(line: Line): void {
    this.#line = line;
    this.#ear.forget();
    line.onData((chunk) => {
      if (this.#line !== line || !this.#powered) return;
      for (const packet of this.#ear.hear(chunk)) this.#obey(packet);
    });
  }

  onEvent(listener: (event: ModuleEvent) => void): void {
    this.#listeners.add(listener);
  }

  #obey(packet: Packet): void {
    const { command } = packet;
    if (packet.terminal !== this.#terminal) return;
    this.#count(`order_${command.toString(16).padStart(2, "0")}`);
    if (TEMPLATES.has(command)) this.#count("template_transfers");
    if (LOG.has(command)) this.#count("log_requests");
    switch (command) {
      case 0x04:
        return this.#say({ command, param: ALIVE, flag: SUCCESS });
      case 0x03:
        return this.#read(packet);
      case 0x01:
        this.#parameters.set(packet.flag, packet.size);
        this.#say({ command, size: packet.size, flag: SUCCESS });
        return this.#scan();
      case IDENTIFY:
        return this.#look();
      case 0x60:
        if (this.#isLooking) this.#say({ command: IDENTIFY, flag: CANCELLED });
        this.#isLooking = false;
        return this.#say({ command, flag: SUCCESS });
      default:
        return this.#say({ command, flag: UNSUPPORTED });
    }
  }

  #read({ command, flag: parameter }: Packet): void {
    const size = parameter === ENROLLED ? this.#users.size : this.#parameters.get(parameter);
    if (size === undefined) this.#say({ command, flag: UNSUPPORTED });
    else this.#say({ command, size, flag: SUCCESS });
  }

  #look(): void {
    if (this.#isLooking) return this.#say({ command: IDENTIFY, flag: BUSY });
    this.#isLooking = true;
    this.#emit({ kind: "looking" });
    this.#scan();
  }

  #scan(): void {
    const isFree = this.#parameters.get(FREE_SCAN) === ON;
    const finger = this.#onSensor;
    if (!this.#powered || finger === undefined || !(this.#isLooking || isFree)) return;
    const isTold = this.#isLooking || this.#parameters.get(AUTO_RESPONSE) === ON;
    this.#isLooking = false;
    const { user, flag } = this.#judge(finger);
    if (isTold) {
      if (flag === SUCCESS || flag === NOT_FOUND) this.#say({ command: IDENTIFY, flag: SCANNED });
      this.#say({ command: IDENTIFY, param: user ?? 0, flag });
    }
    this.#emit({ kind: "scanned", user, flag });
  }

  #judge(finger: Finger): { readonly user: number | null; readonly flag: number } {
    if (this.#spoilt.scans > 0) {
      this.#spoilt = { ...this.#spoilt, scans: this.#spoilt.scans - 1 };
      return { user: null, flag: this.#spoilt.flag };
    }
    for (const [user, known] of this.#users) if (known === finger) return { user, flag: SUCCESS };
    return { user: null, flag: NOT_FOUND };
  }

  #say(parts: Partial<Packet> & { readonly command: number; readonly flag: number }): void {
    const packet = { param: 0, size: 0, ...parts, terminal: this.#terminal };
    // What nobody hears is lost, as on a wire.
    this.#line?.write(packetBytes(packet)).catch(() => undefined);
  }

  #emit(event: ModuleEvent): void {
    for (const listener of this.#listeners) listener(event);
  }

  #count(name: string): void {
    this.#counts[name] = (this.#counts[name] ?? 0) + 1;
  }
}
