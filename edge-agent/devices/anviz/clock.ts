import { offsetAt } from "@clockleaf/shared/worktime/civil-time.ts";
import type { AnvizConfig } from "./config.ts";
import type { Conversation } from "./conversation.ts";
import { decodeClock, type WallTime } from "./messages.ts";

/** No gateway runs this release before 2026; a wall clock that says otherwise was never set, and sets nobody's. */
const WALL_CLOCK_FLOOR_MS = Date.UTC(2026, 0, 1);
/** A clock that shows the same second this much later stands still. */
const STUCK_AFTER_MS = 5_000;
/** The second look comes soon, so that a clock that stands still is noticed before a day of punches. */
const SECOND_LOOK_MS = 10_000;

export interface ClockFacts {
  /** Terminal less gateway, whole seconds; null where no zone is configured or a clock cannot be right. */
  readonly driftS: number | null;
  readonly isStuck: boolean;
  readonly isImpossible: boolean;
}

export interface ClockKeeperOptions {
  readonly clock: AnvizConfig["clock"];
  readonly talk: Conversation;
  /** UTC milliseconds. */
  readonly wallMs: () => number;
  /** Monotonic milliseconds. */
  readonly now: () => number;
  readonly measured: (facts: ClockFacts) => void;
}

/** Looks at a terminal's clock now and then, and sets it where the configuration says so. */
export class ClockKeeper {
  private readonly options: ClockKeeperOptions;
  private dueAt = Number.NEGATIVE_INFINITY;
  private looks = 0;
  private last: { readonly shownMs: number; readonly at: number } | undefined;

  constructor(options: ClockKeeperOptions) {
    this.options = options;
  }

  /** Reads the clock if it is time. Rejects as {@link Conversation} does. */
  async look(): Promise<void> {
    if (this.options.now() >= this.dueAt) await this.measure();
  }

  /** Reads the clock, and sets it when it is due for that and may be. */
  async keep(): Promise<void> {
    if (this.options.now() < this.dueAt) return;
    const { driftS, isImpossible } = await this.measure();
    const { setAboveS } = this.options.clock;
    if (setAboveS === null) return;
    if (isImpossible || (driftS !== null && Math.abs(driftS) > setAboveS)) await this.set();
  }

  /** Sets the clock to the gateway's time in the configured zone, and reads it back. False when there is none to set. */
  async set(): Promise<boolean> {
    const { talk, wallMs, clock } = this.options;
    const { timeZone } = clock;
    if (timeZone === undefined || wallMs() < WALL_CLOCK_FLOOR_MS) return false;
    await talk.ask(
      { ask: "set-clock", to: () => wallTimeOf(localMs(wallMs(), timeZone)) },
      () => true,
    );
    talk.count("clock_set");
    this.last = undefined;
    await this.measure();
    return true;
  }

  private async measure(): Promise<ClockFacts> {
    const { talk, now, wallMs, clock, measured } = this.options;
    const shown = await talk.ask({ ask: "clock" }, decodeClock);
    const at = now();
    const { timeZone, checkEveryS } = clock;
    this.looks += 1;
    const everyMs = checkEveryS * 1_000;
    this.dueAt = at + (this.looks === 1 ? Math.min(SECOND_LOOK_MS, everyMs) : everyMs);
    if (shown === "impossible") {
      talk.count("clock_impossible");
      this.last = undefined;
      const facts = { driftS: null, isStuck: false, isImpossible: true };
      measured(facts);
      return facts;
    }
    const { last } = this;
    const isStuck = last !== undefined && last.shownMs === shown && at - last.at >= STUCK_AFTER_MS;
    if (isStuck) talk.count("clock_stuck");
    if (last?.shownMs !== shown) this.last = { shownMs: shown, at };
    const isKnown = timeZone !== undefined && wallMs() >= WALL_CLOCK_FLOOR_MS;
    const driftS = isKnown ? driftOf(shown, localMs(wallMs(), timeZone)) : null;
    const facts = { driftS, isStuck, isImpossible: false };
    measured(facts);
    return facts;
  }
}

/** The terminal shows the whole seconds that have passed: it is up to one ahead of what it shows. */
const driftOf = (shownMs: number, wallMs: number): number =>
  Math.ceil((shownMs - wallMs) / 1_000) || 0;

/** Milliseconds of the wall calendar in `zone`. */
const localMs = (atMs: number, zone: string): number => atMs + offsetAt(atMs, zone);

function wallTimeOf(local: number): WallTime {
  const at = new Date(Math.round(local / 1_000) * 1_000);
  return {
    year: at.getUTCFullYear(),
    month: at.getUTCMonth() + 1,
    day: at.getUTCDate(),
    hour: at.getUTCHours(),
    minute: at.getUTCMinutes(),
    second: at.getUTCSeconds(),
  };
}
