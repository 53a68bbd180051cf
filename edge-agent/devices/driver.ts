import type { ErrorCode } from "@clockleaf/shared/lib/errors.ts";
import type { Log } from "@clockleaf/shared/lib/log.ts";
import type { Credential, PunchHint, PunchRow } from "@clockleaf/shared/wire/punch.ts";
import type { z } from "zod";
import type { HidUse } from "../ports/hid.ts";
import type { Port } from "../ports/port.ts";
import type { HideKeys } from "../ports/recorded-port.ts";
import type { ReaderActions } from "../reader-actions.ts";
import type { Probe } from "./probe.ts";

export type { ReaderActions } from "../reader-actions.ts";

/** A punch as a driver hands it over, before the agent adds times, verdict and trace. */
export interface Reading {
  readonly reader: string;
  readonly credential: Credential;
  readonly hint: PunchHint | null;
  /**
   * What the terminal says of when it was made, `YYYY-MM-DDTHH:MM:SS` of its own wall clock; the agent makes an instant of
   * it. Null on terminals without a clock, which hand over what is happening now; and for a record (with a `recordKey`)
   * whose date is none: it goes to quarantine alone.
   */
  readonly deviceLocal: string | null;
  /**
   * How long ago it was made, milliseconds, by the count of a terminal that knows no date; the instant is made of this then,
   * and not of `deviceLocal`. Left out by every terminal that does not count.
   */
  readonly agoMs?: number;
  readonly pin: PunchRow["pin"];
  /**
   * Strictly growing number of the exchange that carried this reading, per reader, surviving restarts of the agent;
   * null where the wire has none. A reading whose number was committed already is accepted again and stored once.
   */
  readonly deviceSeq: number | null;
  /**
   * Name of a record that the terminal keeps and may hand over again, 1 to 64 of `A-Z a-z 0-9 . _ : -`: the same record
   * always has the same, another one never. A reading whose name was committed for this reader is accepted again and
   * stored once. Null on terminals without a log. A reading has this or a `deviceSeq`, not both.
   */
  readonly recordKey: string | null;
}

/** What the person at the reader sees and hears. */
export interface Feedback {
  readonly light: "green" | "amber" | "red";
  readonly text: string | null;
}

export type StatusChange =
  | "online"
  | "offline"
  | "tamper"
  | "tamper-cleared"
  | "power"
  | "power-restored";

/** How one reader is doing, for `status`, heartbeats and metrics. */
export interface ReaderHealth {
  readonly reader: string;
  readonly state: "starting" | "online" | "offline" | "fault";
  /** Present when `state` is `fault` or `offline`: a code, and a sentence that says what to do. */
  readonly fault: { readonly code: ErrorCode; readonly message: string } | null;
  /** Counts since start, by name: frames in and out, discards by reason, retransmits. */
  readonly counters: Readonly<Record<string, number>>;
  /** What the terminal said of itself: vendor, model, firmware, secure channel on or off. */
  readonly facts: Readonly<Record<string, string | number | boolean>>;
}

/** What a driver saw of a terminal's clock. */
export interface SeenClock {
  /** What it showed, `YYYY-MM-DDTHH:MM:SS`, as it was told: also what is no date. */
  readonly deviceLocal: string;
  /** From the question to the answer, milliseconds; half of it is the error. */
  readonly roundTripMs: number;
  /**
   * Whether everything in the terminal's log up to this moment has been handed over. It bounds when the next record can
   * have been made, and only then is a clock set: records that wait would be read by the wrong one.
   */
  readonly isLogRead: boolean;
}

export interface ClockVerdict {
  /** How far the terminal is ahead of the site's time, and how sure that is, milliseconds; null = cannot be said. */
  readonly offset: { readonly offsetMs: number; readonly withinMs: number } | null;
  /** `set`: write `localTime()` to it, read it again, and say what it shows. */
  readonly advice: "set" | "leave";
}

export interface DriverDeps {
  /**
   * Commits the reading and says what to show. Resolves only after the journal's fsync: until then the terminal must
   * keep its copy. Rejects with a `journal.*` code when nothing was stored: no green light, ask the terminal again later.
   */
  accept(reading: Reading): Promise<Feedback>;
  /** Whether a PIN is set for this credential and whether `pin` is it. */
  checkPin(credential: Credential, pin: string): "verified" | "wrong" | "none-set";
  /**
   * The highest `deviceSeq` the journal holds for this reader, null for none. A driver whose own counter was lost
   * starts above it: a lower number would be taken for a repeat and the punch would be gone.
   */
  lastDeviceSeq(reader: string): number | null;
  /** Journals a durable fact about the reader. Never rejects: a failure is logged and counted. */
  statusChanged(reader: string, what: StatusChange): void;
  /** The newest health of one reader; replaces the one before. */
  report(health: ReaderHealth): void;
  /**
   * The terminal said something that makes sense, at this instant: the supervisor's proof that the line lives. A line
   * whose driver declares `quietMs` and is silent for longer is begun anew.
   */
  progress(): void;
  /**
   * Tells what a terminal's clock shows, so that its records can be dated. Drivers of terminals with a clock call it at the
   * beginning of every connection before they read the log, when the log is read, every few minutes while it stays read,
   * and after every time they set the clock. Its offset is shown in `status` and by the cloud without further doing.
   */
  deviceClock(reader: string, seen: SeenClock): ClockVerdict;
  /**
   * What a right clock at this site shows now, `YYYY-MM-DDTHH:MM:SS`, for setting a terminal's; null while the gateway does
   * not know the time itself.
   */
  localTime(): string | null;
  /** Says what can be done with a reader from now on; the result takes that back. Every driver does, if only to say "nothing". */
  offer(reader: string, actions: ReaderActions): () => void;
  /** Monotonic milliseconds. */
  now(): number;
  /** Where a driver may keep state that must outlive a killed process but not a power cut (tmpfs, mode 0700). */
  readonly runtimeDir: string;
  readonly log: Log;
}

/** What every way to reach terminals declares of itself. */
interface Described<Config> {
  readonly name: string;
  /** One line for people who choose: what kind of terminal this is for. */
  readonly summary: string;
  readonly config: z.ZodType<Config>;
  /** Terminals of this kind have a clock of their own: the site's time zone must be configured. */
  readonly hasClock?: boolean;
  /** What it looks for when its port is a HID device. */
  readonly hidUse?: HidUse;
  /** Ids of the readers that this configuration serves, for duplicate checks and `status`. */
  readers(config: Config): readonly string[];
  /** The same with file names made absolute; only where the configuration names files. */
  withAbsolutePaths?(config: Config, absolute: (path: string) => string): Config;
  /** How `scan --probe` finds such a terminal; left out where it cannot be asked. */
  readonly probe?: Probe;
}

/**
 * A terminal protocol. `run` owns the port from open to loss: it resolves when `signal` aborts and rejects with
 * `port.lost` when the line goes; the supervisor then opens a new port and calls it again, so it must not assume a
 * fresh terminal. Bytes from the wire never make it throw.
 */
export interface DeviceDriver<Config> extends Described<Config> {
  /**
   * Longest silence of a line that works, milliseconds; null (or left out) where silence is normal, as with readers
   * that speak only when somebody taps.
   */
  quietMs?(config: Config): number | null;
  /**
   * What a recording of the line shows instead of this write: the same bytes with every key in them zero, undefined when
   * there is none. Only on protocols that send keys; each of their writes is then one whole frame.
   */
  readonly hideKeys?: HideKeys;
  run(port: Port, config: Config, deps: DriverDeps, signal: AbortSignal): Promise<void>;
}

/**
 * Terminals that call us instead of hanging on a line of ours: they push over HTTP, NATS or MQTT. `serve` owns its
 * listening end from open to loss: it resolves when `signal` aborts and rejects with `port.unavailable` or `port.lost`
 * when it cannot be reached (any more); the supervisor then calls it again. What is pushed never makes it throw.
 */
export interface PushDriver<Config> extends Described<Config> {
  serve(config: Config, deps: DriverDeps, signal: AbortSignal): Promise<void>;
}

export type Driver<Config> = DeviceDriver<Config> | PushDriver<Config>;
