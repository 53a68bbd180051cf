import { PlatformError } from "@clockleaf/shared/lib/errors.ts";
import { BROADCAST, encodeFrame, type Frame, type ReceivedFrame } from "./frame.ts";
import { createMemory, type Memory, type TapEvent } from "./memory.ts";
import {
  ACK,
  type CardBits,
  CMD,
  cUid,
  EMPTY,
  FIXED_REPLIES,
  type Identity,
  KEY_BYTES,
  keypad,
  NAK,
  nak,
  pdCap,
  pdId,
  REPLY,
  type Reply,
  rawCard,
} from "./messages.ts";
import { readBuzzer, readLed, readText, type Signal } from "./panel.ts";
import { DEFAULT_SCBK, sameBytes } from "./secure-channel.ts";
import { createSensor, type Finger, type Sensor, type SensorOptions } from "./sensor.ts";
import { createSession, SCS, type Session } from "./session.ts";

export type ReaderEvent =
  | TapEvent
  | Signal
  | { readonly kind: "session"; readonly open: boolean }
  | { readonly kind: "finger-asked"; readonly match: boolean }
  | { readonly kind: "key-set"; readonly key: Uint8Array }
  | { readonly kind: "moved"; readonly address: number; readonly baudRate: number };

export interface ReaderOptions {
  readonly address: number;
  /** Secure-channel key of 16 bytes; without one the reader talks in clear. */
  readonly scbk?: Uint8Array;
  /** Refuse everything but identification in clear (the default when there is a key). */
  readonly requireSecure?: boolean;
  /** Accept the well-known default key, as a reader in install mode does. */
  readonly installMode?: boolean;
  /** How many replies the reader remembers while nobody polls it. */
  readonly memory?: number;
  /**
   * What becomes of a tap that was sent but not acknowledged when the controller restarts at SQN 0. Real readers built
   * on libosdp drop it; others offer it again.
   */
  readonly afterReset?: "drop" | "offer-again";
  /** Understands only the one-byte checksum and says so with NAK 1. */
  readonly checksumOnly?: boolean;
  /** Keys in one KEYPAD reply; most readers send each key as it is pressed. */
  readonly keysPerReply?: number;
  /** Has a fingerprint sensor, and one template in it; without one BIOREAD and BIOMATCH are unknown. */
  readonly sensor?: SensorOptions;
  /** Vendor and serial number as PDID shows them. */
  readonly vendor?: Uint8Array;
  readonly serial?: number;
  /** Monotonic milliseconds. */
  readonly now: () => number;
  /** Random bytes for the handshake. */
  readonly random: (length: number) => Uint8Array;
}

export interface OsdpReader {
  readonly address: () => number;
  /** Presents a card. False when the reader could not take it (memory full, no power). */
  tap(card: CardBits, tapId: string): boolean;
  /** Types digits, `*` and `#`. */
  type(keys: string, tapId: string): boolean;
  /** Puts a finger on the sensor. False when nobody asked for one. */
  finger(finger: Finger): boolean;
  setTamper(open: boolean): void;
  setPowerFailure(failed: boolean): void;
  /** Answers BUSY to the next `commands` commands. */
  busy(commands: number): void;
  /** Off and on again: session, sequence and cached reply are gone; remembered taps too unless `keepMemory`. */
  powerCut(options: { readonly keepMemory: boolean }): void;
  /** Off: answers nothing and takes no taps until `powerOn`. */
  powerOff(options: { readonly keepMemory: boolean }): void;
  powerOn(): void;
  /** The reply to one sound frame; undefined for frames that are not ours. */
  handle(frame: ReceivedFrame): Uint8Array | undefined;
  onEvent(listener: (event: ReaderEvent) => void): void;
  /** Replies still in memory, the one in flight included. */
  readonly pending: () => number;
  readonly counters: () => Readonly<Record<string, number>>;
}

const SC_IDLE_MS = 8_000;
const DEFAULT_MEMORY = 64;
const DEFAULT_VENDOR = Uint8Array.of(0xc3, 0x1f, 0x0a);

/**
 * A card and keypad reader with memory: the peripheral (PD) side of OSDP. A tap stays in memory until the controller's
 * next SQN acknowledges the reply that carried it; a repeated SQN gets the very same bytes again.
 * Throws `config.invalid` for an impossible address or key.
 */
export function createReader(options: ReaderOptions): OsdpReader {
  if (options.address < 0 || options.address >= BROADCAST) {
    throw new PlatformError("config.invalid", `OSDP address ${options.address} is not 0 to 126`);
  }
  if (options.scbk !== undefined && options.scbk.length !== KEY_BYTES) {
    throw new PlatformError("config.invalid", "an OSDP key has 16 bytes");
  }
  return new Reader(options);
}

class Reader implements OsdpReader {
  readonly #options: ReaderOptions;
  readonly #listeners = new Set<(event: ReaderEvent) => void>();
  readonly #counts: Record<string, number> = {};
  readonly #identity: Identity;
  readonly #session: Session;
  readonly #memory: Memory;
  readonly #sensor: Sensor | undefined;
  #address: number;
  #scbk: Uint8Array | undefined;
  #lastSqn: number | undefined;
  #lastCommand: Uint8Array = EMPTY;
  #cached: Uint8Array | undefined;
  #lastHeardMs = 0;
  #busyFor = 0;
  #powered = true;
  #tamper = false;
  #powerFailure = false;
  #moveTo: { address: number; baudRate: number } | undefined;

  constructor(options: ReaderOptions) {
    this.#options = options;
    this.#address = options.address;
    this.#scbk = options.scbk;
    this.#identity = {
      vendor: options.vendor ?? DEFAULT_VENDOR,
      serial: options.serial ?? options.address + 1,
    };
    this.#session = createSession(cUid(this.#identity));
    this.#sensor = options.sensor === undefined ? undefined : createSensor(options.sensor);
    this.#memory = createMemory(options.memory ?? DEFAULT_MEMORY, (event) => this.#emit(event));
  }

  address = (): number => this.#address;
  pending = (): number => this.#memory.size();
  counters = (): Readonly<Record<string, number>> => ({ ...this.#counts });

  onEvent(listener: (event: ReaderEvent) => void): void {
    this.#listeners.add(listener);
  }

  tap(card: CardBits, tapId: string): boolean {
    return this.#take([rawCard(card)], tapId);
  }

  type(keys: string, tapId: string): boolean {
    return this.#take(keypad(keys, this.#options.keysPerReply ?? 1), tapId);
  }

  finger(finger: Finger): boolean {
    return this.#powered && this.#sensor?.put(finger) === true;
  }

  setTamper(open: boolean): void {
    this.#tamper = open;
    this.#rememberStatus();
  }

  setPowerFailure(failed: boolean): void {
    this.#powerFailure = failed;
    this.#rememberStatus();
  }

  busy(commands: number): void {
    this.#busyFor = commands;
  }

  powerCut(options: { readonly keepMemory: boolean }): void {
    this.powerOff(options);
    this.powerOn();
  }

  powerOff({ keepMemory }: { readonly keepMemory: boolean }): void {
    this.#powered = false;
    this.#dropSession();
    this.#lastSqn = undefined;
    this.#cached = undefined;
    this.#memory.powerCut(!keepMemory);
    this.#sensor?.reset();
  }

  powerOn(): void {
    this.#powered = true;
  }

  handle(frame: ReceivedFrame): Uint8Array | undefined {
    const mine = frame.address === this.#address || frame.address === BROADCAST;
    if (!this.#powered || frame.reply || !mine) return undefined;
    this.#count("commands");
    this.#endIdleSession();
    if (this.#busyFor > 0) {
      this.#busyFor -= 1;
      this.#count("busy");
      return encodeFrame({ ...this.#plain(frame, { id: REPLY.busy, data: EMPTY }), sqn: 0 });
    }
    if (frame.sqn !== 0 && frame.sqn === this.#lastSqn && this.#cached !== undefined) {
      this.#count("retransmits");
      // A controller may not change its mind under the same number; tests read this counter.
      if (!sameBytes(frame.bytes, this.#lastCommand)) this.#count("repeatsWithOtherBytes");
      return this.#cached;
    }
    return this.#handleNew(frame);
  }

  #handleNew(frame: ReceivedFrame): Uint8Array {
    if (frame.sqn === 0) this.#reset();
    else if (frame.sqn !== this.#nextSqn()) {
      this.#count("sequenceErrors");
      return encodeFrame(this.#plain(frame, nak(NAK.sequence)));
    }
    this.#memory.acknowledge();
    this.#lastSqn = frame.sqn;
    this.#lastCommand = frame.bytes;
    this.#cached = this.#answer(frame);
    this.#moveIfAsked();
    return this.#cached;
  }

  #nextSqn(): number | undefined {
    return this.#lastSqn === undefined ? undefined : (this.#lastSqn % 3) + 1;
  }

  #reset(): void {
    this.#count("resets");
    this.#dropSession();
    this.#memory.reset(this.#options.afterReset === "offer-again");
    this.#sensor?.reset();
  }

  /** Computes the one reply to a new command; whatever happens here is what a repeat gets. */
  #answer(frame: ReceivedFrame): Uint8Array {
    if (this.#options.checksumOnly === true && frame.check === "crc") {
      return encodeFrame({ ...this.#plain(frame, nak(NAK.check)), check: "checksum" });
    }
    switch (frame.security?.type) {
      case undefined:
        return this.#answerInClear(frame);
      case SCS.challenge:
        return this.#challenge(frame);
      case SCS.serverCryptogram:
        return this.#prove(frame);
      case SCS.command:
      case SCS.commandWithData:
        return this.#answerSecure(frame);
      default:
        return this.#refuse(frame, NAK.security);
    }
  }

  /** A command in clear ends the session; with a key only identification is answered. */
  #answerInClear(frame: ReceivedFrame): Uint8Array {
    this.#dropSession();
    const identifies = frame.id === CMD.id || frame.id === CMD.cap;
    const secureOnly = this.#options.requireSecure ?? this.#scbk !== undefined;
    if (secureOnly && !identifies) return this.#refuse(frame, NAK.conditions);
    return encodeFrame(this.#plain(frame, this.#execute(frame.id, frame.data, false)));
  }

  #answerSecure(frame: ReceivedFrame): Uint8Array {
    const data = this.#session.unwrap(frame);
    if (data === undefined) {
      this.#count("badMacs");
      this.#dropSession();
      return this.#refuse(frame, NAK.conditions);
    }
    this.#lastHeardMs = this.#options.now();
    return this.#session.wrap(this.#plain(frame, this.#execute(frame.id, data, true)));
  }

  #challenge(frame: ReceivedFrame): Uint8Array {
    const which = frame.security?.data[0];
    const key = which === 0 ? this.#installKey() : this.#scbk;
    if (frame.id !== CMD.challenge || frame.data.length !== 8) {
      return this.#refuse(frame, NAK.length);
    }
    if (key === undefined) {
      return this.#refuse(frame, which === 0 ? NAK.conditions : NAK.security);
    }
    this.#dropSession();
    const data = this.#session.challenge(key, frame.data, this.#options.random(8));
    return this.#handshakeReply(frame, {
      id: REPLY.clientCryptogram,
      data,
      scs: [SCS.clientCryptogram, which ?? 1],
    });
  }

  #prove(frame: ReceivedFrame): Uint8Array {
    const mac = frame.id === CMD.serverCryptogram ? this.#session.prove(frame.data) : undefined;
    if (mac === undefined) {
      this.#count("wrongKeys");
      return this.#refuse(frame, NAK.conditions);
    }
    this.#lastHeardMs = this.#options.now();
    this.#count("sessions");
    this.#emit({ kind: "session", open: true });
    return this.#handshakeReply(frame, {
      id: REPLY.initialMac,
      data: mac,
      scs: [SCS.initialMac, 0x01],
    });
  }

  #handshakeReply(
    frame: Frame,
    reply: Reply & { readonly scs: readonly [type: number, data: number] },
  ): Uint8Array {
    const [type, data] = reply.scs;
    return encodeFrame({
      ...this.#plain(frame, reply),
      security: { type, data: Uint8Array.of(data) },
    });
  }

  #installKey(): Uint8Array | undefined {
    return this.#options.installMode === true ? DEFAULT_SCBK : undefined;
  }

  #refuse(frame: Frame, code: number): Uint8Array {
    this.#count("refusals");
    return encodeFrame(this.#plain(frame, nak(code)));
  }

  #execute(id: number, data: Uint8Array, secure: boolean): Reply {
    switch (id) {
      case CMD.poll:
        return this.#poll();
      case CMD.cap:
        return pdCap(this.#sensor !== undefined);
      case CMD.bioRead:
      case CMD.bioMatch:
        return this.#askFinger(id, data);
      case CMD.id:
        return pdId(this.#identity);
      case CMD.localStatus:
        return this.#localStatus();
      case CMD.led:
        return this.#show(readLed(data));
      case CMD.buzzer:
        return this.#show(readBuzzer(data));
      case CMD.text:
        return this.#show(readText(data));
      case CMD.comset:
        return this.#comset(data);
      case CMD.keyset:
        return secure ? this.#keyset(data) : nak(NAK.conditions);
      default:
        return FIXED_REPLIES.get(id) ?? nak(NAK.unknown);
    }
  }

  #poll(): Reply {
    const result = this.#sensor?.result(this.#options.now());
    if (result !== undefined) this.#memory.remember([result], null);
    return this.#memory.offer() ?? ACK;
  }

  #askFinger(id: number, data: Uint8Array): Reply {
    const reply = this.#sensor?.ask({ id, data }, this.#options.now()) ?? nak(NAK.unknown);
    if (reply === ACK) this.#emit({ kind: "finger-asked", match: id === CMD.bioMatch });
    return reply;
  }

  #show(signals: readonly Signal[] | undefined): Reply {
    if (signals === undefined) return nak(NAK.length);
    for (const signal of signals) this.#emit(signal);
    return ACK;
  }

  #comset(data: Uint8Array): Reply {
    const [address = BROADCAST, b0 = 0, b1 = 0, b2 = 0, b3 = 0] = data;
    if (data.length !== 5) return nak(NAK.length);
    if (address >= BROADCAST) return nak(NAK.length);
    this.#moveTo = { address, baudRate: b0 + b1 * 0x100 + b2 * 0x1_0000 + b3 * 0x100_0000 };
    return { id: REPLY.com, data };
  }

  /** The new address counts only after the reply has gone out under the old one. */
  #moveIfAsked(): void {
    if (this.#moveTo === undefined) return;
    const { address, baudRate } = this.#moveTo;
    this.#moveTo = undefined;
    this.#address = address;
    this.#emit({ kind: "moved", address, baudRate });
  }

  #keyset(data: Uint8Array): Reply {
    if (data.length !== 2 + KEY_BYTES || data[0] !== 1 || data[1] !== KEY_BYTES) {
      return nak(NAK.length);
    }
    const key = data.slice(2);
    this.#scbk = key;
    this.#emit({ kind: "key-set", key });
    return ACK;
  }

  #localStatus(): Reply {
    const data = Uint8Array.of(Number(this.#tamper), Number(this.#powerFailure));
    return { id: REPLY.localStatus, data };
  }

  #rememberStatus(): void {
    if (this.#powered) this.#memory.remember([this.#localStatus()], null);
  }

  #take(replies: readonly Reply[], tap: string): boolean {
    if (this.#powered && this.#memory.remember(replies, tap)) return true;
    const reason = this.#powered ? "memory-full" : "no-power";
    this.#emit({ kind: "dropped", tap, reason });
    return false;
  }

  #plain(command: Frame, reply: Reply): Frame {
    const { address, sqn, check } = command;
    return { address, reply: true, sqn, check, security: null, id: reply.id, data: reply.data };
  }

  #endIdleSession(): void {
    if (this.#session.state() === "none") return;
    if (this.#options.now() - this.#lastHeardMs > SC_IDLE_MS && this.#session.state() === "open") {
      this.#count("idleSessions");
      this.#dropSession();
    }
  }

  #dropSession(): void {
    const wasOpen = this.#session.state() === "open";
    this.#session.drop();
    if (wasOpen) this.#emit({ kind: "session", open: false });
  }

  #count(name: string): void {
    this.#counts[name] = (this.#counts[name] ?? 0) + 1;
  }

  #emit(event: ReaderEvent): void {
    for (const listener of this.#listeners) listener(event);
  }
}
