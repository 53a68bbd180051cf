import type { ClockVerdict, DriverDeps } from "../driver.ts";
import type { Conversation } from "./conversation.ts";
import { decodeClock, type WallTime } from "./messages.ts";

/** A clock that shows the same second this much later stands still. */
const STUCK_AFTER_MS = 5_000;
/** The second look comes soon, so that a clock that stands still is noticed before a day of punches. */
const SECOND_LOOK_MS = 10_000;
/** What is handed on for fields that are no date and time: they are none there either. */
const NO_DATE = "no date";

export interface ClockFacts {
  readonly isStuck: boolean;
  readonly isImpossible: boolean;
}

export interface ClockKeeperOptions {
  readonly reader: string;
  readonly checkEveryS: number;
  readonly talk: Conversation;
  readonly deps: Pick<DriverDeps, "deviceClock" | "localTime" | "now">;
  readonly measured: (facts: ClockFacts) => void;
}

/** Looks at a terminal's clock now and then, tells what it shows, and sets it where that is advised. */
export class ClockKeeper {
  private readonly options: ClockKeeperOptions;
  private dueAt = Number.NEGATIVE_INFINITY;
  private looks = 0;
  private last: { readonly shownMs: number; readonly at: number } | undefined;

  constructor(options: ClockKeeperOptions) {
    this.options = options;
  }

  /** Reads the clock before the log is read: by it the records are dated. Rejects as {@link Conversation} does. */
  async look(): Promise<void> {
    await this.measure(false);
  }

  /** With an empty log, if it is time: reads the clock, and sets it where that is advised. */
  async keep(): Promise<void> {
    if (this.options.deps.now() < this.dueAt) return;
    if ((await this.measure(true)) === "set") await this.set(true);
  }

  /**
   * Sets the clock to the site's time, and reads it back; `isLogRead`: whether nothing waits in its log. False while the
   * gateway does not know the time.
   */
  async set(isLogRead: boolean): Promise<boolean> {
    const { talk, deps } = this.options;
    if (deps.localTime() === null) return false;
    const to = (): WallTime => wallTimeOf(deps.localTime() ?? "1970-01-01T00:00:00");
    await talk.ask({ ask: "set-clock", to }, () => true);
    talk.count("clock_set");
    this.last = undefined;
    await this.measure(isLogRead);
    return true;
  }

  private async measure(isLogRead: boolean): Promise<ClockVerdict["advice"]> {
    const { reader, talk, deps, measured, checkEveryS } = this.options;
    const askedAt = deps.now();
    const shown = await talk.ask({ ask: "clock" }, decodeClock);
    const at = deps.now();
    if (isLogRead) {
      this.looks += 1;
      const everyMs = checkEveryS * 1_000;
      this.dueAt = at + (this.looks === 1 ? Math.min(SECOND_LOOK_MS, everyMs) : everyMs);
    }
    const isImpossible = shown === "impossible";
    const isStuck = isImpossible ? false : this.standsStill(shown, at);
    if (isImpossible) {
      talk.count("clock_impossible");
      this.last = undefined;
    }
    measured({ isStuck, isImpossible });
    const deviceLocal = isImpossible ? NO_DATE : new Date(shown).toISOString().slice(0, 19);
    const seen = { deviceLocal, roundTripMs: at - askedAt, isLogRead };
    return deps.deviceClock(reader, seen).advice;
  }

  private standsStill(shownMs: number, at: number): boolean {
    const { last } = this;
    const isStuck = last?.shownMs === shownMs && at - last.at >= STUCK_AFTER_MS;
    if (isStuck) this.options.talk.count("clock_stuck");
    if (last?.shownMs !== shownMs) this.last = { shownMs, at };
    return isStuck;
  }
}

function wallTimeOf(local: string): WallTime {
  const at = new Date(`${local}Z`);
  return {
    year: at.getUTCFullYear(),
    month: at.getUTCMonth() + 1,
    day: at.getUTCDate(),
    hour: at.getUTCHours(),
    minute: at.getUTCMinutes(),
    second: at.getUTCSeconds(),
  };
}
