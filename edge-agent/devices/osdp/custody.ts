import type { DriverDeps, Reading } from "../driver.ts";
import type { OsdpReader } from "./config.ts";
import { type Entry, type PunchDraft, type Step, timedOut } from "./entry.ts";

/**
 * A reader whose reply is being committed hears the same question again this often, so that it stays on line. Not
 * sooner than needed: some readers (libosdp 3.2.9) give up their secure channel over a repeated command.
 */
const KEEP_ALIVE_MS = 5_000;
/** Pause before a reading that could not be stored is offered again. */
const REFUSED_MS = 1_000;

export interface CustodyHooks {
  /** Commits readings in order; its outcome comes back as `accepted` or `refused`. */
  commit(readings: readonly Reading[]): void;
  readonly checkPin: DriverDeps["checkPin"];
}

/**
 * What a person has given to one reader and is not on disk yet: a half-typed entry, readings being committed. While a
 * commit is open the session must not send its reader another sequence number.
 */
export class Custody {
  private readonly reader: OsdpReader;
  private readonly hooks: CustodyHooks;
  private held: Entry | null;
  private step: Step | null = null;
  /** When to offer a refused commit again; null while one is on its way. */
  private offerAt: number | null = null;
  private keepAliveAt = 0;
  /** After a refused commit of a timed-out entry, which leaves the line free: when to try again. */
  private entryDue = 0;

  constructor(reader: OsdpReader, hooks: CustodyHooks, entry: Entry | null) {
    this.reader = reader;
    this.hooks = hooks;
    this.held = entry;
  }

  get entry(): Entry | null {
    return this.held;
  }

  get isOpen(): boolean {
    return this.step !== null;
  }

  /** Takes over what cards and keys led to. True when that needs a commit first. */
  take(step: Step, nowMs: number): boolean {
    if (step.punches.length === 0) {
      this.held = step.entry;
      return false;
    }
    this.step = step;
    this.offerAt = null;
    this.keptOnLine(nowMs);
    this.commit(step);
    return true;
  }

  /** Whether an entry's next key never came; then `end` it. */
  isTimedOut(nowMs: number): boolean {
    const entry = this.held;
    if (entry === null || this.step !== null || nowMs < this.entryDue) return false;
    return nowMs - entry.touchedAtMs >= this.reader.keyTimeoutSeconds * 1_000;
  }

  /** True when ending the entry needs a commit first: a card was waiting for its PIN. */
  endEntry(nowMs: number): boolean {
    return this.held !== null && this.take(timedOut(this.held), nowMs);
  }

  /** Offers a refused commit again once its pause is over. True when it did. */
  offerAgain(nowMs: number): boolean {
    if (this.step === null || this.offerAt === null || nowMs < this.offerAt) return false;
    this.offerAt = null;
    this.commit(this.step);
    return true;
  }

  /** The reader hears from us now, or has just been heard. */
  keptOnLine(nowMs: number): void {
    this.keepAliveAt = nowMs + KEEP_ALIVE_MS;
  }

  /** When an open commit next needs a turn on the line. */
  dueAt(): number {
    return Math.min(this.offerAt ?? this.keepAliveAt, this.keepAliveAt);
  }

  /** Everything is on disk. */
  accepted(): void {
    this.held = this.step?.entry ?? null;
    this.step = null;
  }

  /** Nothing was stored. `isHeldByReader`: the reply that brought it is still the reader's last one. */
  refused(nowMs: number, isHeldByReader: boolean): void {
    if (isHeldByReader) this.offerAt = nowMs + REFUSED_MS;
    else {
      this.step = null;
      this.entryDue = nowMs + REFUSED_MS;
    }
  }

  private commit(step: Step): void {
    this.hooks.commit(step.punches.map((punch) => this.readingOf(punch)));
  }

  /** A punch with what the reader's place claims and what the PIN proved. */
  private readingOf({ credential, pin, exchange }: PunchDraft): Reading {
    const { id, direction } = this.reader;
    const verdict = typeof pin === "string" ? pin : this.hooks.checkPin(credential, pin.typed);
    return {
      reader: id,
      credential,
      hint: direction === "none" ? null : direction,
      deviceLocal: null,
      pin: verdict === "none-set" ? "not-asked" : verdict,
      deviceSeq: exchange,
      recordKey: null,
    };
  }
}
