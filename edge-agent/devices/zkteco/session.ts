import { codeOf, hasCode, PlatformError } from "@clockleaf/shared/lib/errors.ts";
import { Signal } from "@clockleaf/shared/lib/signal.ts";
import { commitAll } from "../commit-all.ts";
import type { DriverDeps, Reading } from "../driver.ts";
import { userCredential } from "../user-number.ts";
import { claimOf } from "../zk-state.ts";
import { type ClockLook, lookAtClock } from "./clock.ts";
import type { ZktecoConfig } from "./config.ts";
import type { Link } from "./link.ts";
import { type NewRecord, type NewRecords, type Position, readLog } from "./log.ts";
import { type Identity, registerEvents, signOn } from "./sign-on.ts";
import type { Standing } from "./standing.ts";

/** Unanswered questions in a row after which the line is begun anew. */
const MAX_SILENCES = 3;
/** Readings of the log in a row that did not add up, after which the line is begun anew. */
const MAX_BROKEN = 5;
/** Pause after a refused commit or a reading that did not add up, milliseconds; shorter if polling is. */
const AGAIN_MS = 1_000;
/** A terminal is asked something at least this often while its records wait for the journal. */
const KEEP_ALIVE_MS = 10_000;

/** Where a position outlives the connection it was taken on. */
export interface PositionMemory {
  get(): Position | undefined;
  set(position: Position | undefined): void;
}

export interface SessionParts {
  readonly link: Link;
  readonly config: ZktecoConfig;
  readonly commKey: number;
  readonly deps: DriverDeps;
  readonly standing: Standing;
  readonly memory: PositionMemory;
}

/** One connection: signs on, then reads the log whenever there may be something new in it. */
export class Session {
  private readonly parts: SessionParts;
  private readonly wake = new Signal();
  private hasEvent = true;
  private clockDueMs: number;
  private hasSeenClock = false;
  private resync: PromiseWithResolvers<void> | undefined;
  private silences = 0;
  private brokenInARow = 0;

  constructor(parts: SessionParts) {
    this.parts = parts;
    this.clockDueMs = parts.deps.now();
  }

  /** Somebody punched: there is something to read. */
  event(): void {
    this.hasEvent = true;
    this.wake.raise();
  }

  /** Sets the terminal's clock as soon as it is this command's turn. */
  resyncClock(): Promise<void> {
    this.resync ??= Promise.withResolvers<void>();
    this.wake.raise();
    return this.resync.promise;
  }

  /** Works until the link ends; rejects with its reason, or with what makes it of no use. */
  async run(): Promise<never> {
    const { link, standing } = this.parts;
    try {
      await this.patiently(() => this.begin());
      for (;;) {
        const isDone = await this.patiently(() => this.turn());
        standing.report();
        const pauseMs = this.parts.config.pollMs;
        const pause = this.wake.wait(isDone ? pauseMs : Math.min(AGAIN_MS, pauseMs));
        await link.unlessEnded(pause);
      }
    } finally {
      this.wake.raise();
      this.resync?.reject(
        new PlatformError("device.no-reply", `${this.parts.config.reader} is gone`, {
          retriable: true,
        }),
      );
    }
  }

  private async begin(): Promise<boolean> {
    const { link, commKey, standing } = this.parts;
    const identity: Identity = await signOn(link, commKey);
    const hasEvents = await registerEvents(link);
    standing.online({ ...identity, events: hasEvents });
    return true;
  }

  /** True when everything the terminal has is on disk. */
  private async turn(): Promise<boolean> {
    if (!this.hasSeenClock) await this.clock(false);
    const isDone = await this.log();
    if (isDone) await this.clock(true);
    return isDone;
  }

  private async log(): Promise<boolean> {
    const { link, memory, config, deps, standing } = this.parts;
    const isWoken = this.hasEvent;
    this.hasEvent = false;
    const nowMs = deps.now();
    const kept = memory.get();
    const isStale =
      kept !== undefined && nowMs - kept.wholeAtMs > config.wholeLogEveryHours * 3_600_000;
    const position = isStale ? undefined : kept;
    const reading = await readLog(link, { position, isWoken, nowMs });
    switch (reading.kind) {
      case "nothing":
        this.brokenInARow = 0;
        return true;
      case "empty":
        this.brokenInARow = 0;
        memory.set(undefined);
        return true;
      case "broken":
        this.hasEvent = true;
        standing.count(`broken_${reading.reason}`);
        this.brokenInARow += 1;
        if (this.brokenInARow >= MAX_BROKEN) throw unreadable(config.reader, reading.reason);
        return false;
      case "new":
        this.brokenInARow = 0;
        return this.handOver(reading);
    }
  }

  private async handOver(news: NewRecords): Promise<boolean> {
    const { link, config, deps, standing, memory } = this.parts;
    if (news.isWhole) standing.count("whole_logs");
    const readings = news.records.map((one) => readingOf(one, config));
    const committing = commitAll(readings, deps, () => this.keepAlive());
    const { count, refusal } = await link.unlessEnded(committing);
    memory.set(news.positionAfter(count));
    const committed = news.records.slice(0, count);
    standing.count("records", count);
    standing.count(
      "impossible_date",
      committed.filter(({ record }) => record.local === null).length,
    );
    standing.count("user_unknown", committed.filter(({ userId }) => userId === null).length);
    if (count === readings.length) return true;
    this.hasEvent = true;
    standing.count("not_committed");
    deps.log.warn(
      { err: refusal, code: codeOf(refusal), reader: config.reader },
      "punches not stored, will read them again",
    );
    return false;
  }

  /** A terminal that hears nothing for long may hang up, and so may our own supervisor. */
  private async keepAlive(): Promise<void> {
    const { link, deps } = this.parts;
    if (deps.now() - link.lastHeardMs() > KEEP_ALIVE_MS) await link.ask("getTime");
  }

  /** Before the log is read as well: what lies in it was dated by the clock as it is then. It is set only afterwards. */
  private async clock(isLogRead: boolean): Promise<void> {
    const { link, config, deps, standing } = this.parts;
    const { reader, lookAtClockEveryMinutes } = config;
    const { resync } = this;
    if (isLogRead && deps.now() < this.clockDueMs && resync === undefined) return;
    if (isLogRead) this.clockDueMs = deps.now() + lookAtClockEveryMinutes * 60_000;
    this.hasSeenClock = true;
    try {
      const isForced = resync !== undefined;
      const look = await lookAtClock(link, { reader, deps, isLogRead, isForced });
      standing.clock(look satisfies ClockLook);
      if (!isLogRead) return;
      this.resync = undefined;
      resync?.resolve();
    } catch (error) {
      if (!hasCode(error, "device.refused")) throw error;
      standing.count("clock_refused");
      this.resync = undefined;
      resync?.reject(error);
    }
  }

  /** Asks again when an answer is missing, a few times: then the connection is dead, whatever the network says. */
  private async patiently(work: () => Promise<boolean>): Promise<boolean> {
    for (;;) {
      try {
        const result = await work();
        this.silences = 0;
        return result;
      } catch (error) {
        if (!hasCode(error, "device.no-reply")) throw error;
        this.hasEvent = true;
        this.silences += 1;
        if (this.silences >= MAX_SILENCES) throw error;
      }
    }
  }
}

function readingOf({ record, userId, key }: NewRecord, config: ZktecoConfig): Reading {
  return {
    reader: config.reader,
    credential: userCredential(
      config.userGroup ?? config.reader,
      userId ?? Buffer.from(`slot-${record.slot}`),
    ),
    hint: claimOf(record.state, config),
    deviceLocal: record.local,
    pin: "not-asked",
    deviceSeq: null,
    recordKey: key,
  };
}

const unreadable = (reader: string, reason: string): PlatformError =>
  new PlatformError(
    "device.refused",
    `the log of ${reader} cannot be read (${reason}): what it announces, sends and counts does not agree`,
    { retriable: true },
  );
