import type { TimeDoubt } from "@clockleaf/shared/wire/punch.ts";
import { instantsOf } from "./local-time.ts";
import { type Moment, momentsOf, type TerminalClock } from "./terminal-clock.ts";

const DAY_MS = 86_400_000;
/** What a terminal tells is cut to the second. */
const CUT_MS = 1000;
/** As far as the cloud believes a punch that comes late. */
const OLDEST_MS = 400 * DAY_MS;
/** No terminal of today's protocols was built before. */
const FIRST_YEAR = "2000";
/** A record of this age, or of so little in the future, was read as it was made. */
const JUST_NOW_MS = 120_000;
/** For a terminal whose clock nobody has compared: what people leave uncorrected. */
const UNCOMPARED_MS = 120_000;

/** What is known when a terminal's record is read. */
export interface ReadingOf {
  readonly clock: TerminalClock;
  /** IANA zone of the site; undefined = nobody has told. */
  readonly zone: string | undefined;
  readonly nowMonotonicMs: number;
  /** The gateway's wall clock and its error, milliseconds; null while it does not know the time. */
  readonly wall: { readonly nowMs: number; readonly withinMs: number } | null;
  /** Nothing that the terminal tells from here on was made before this, by the monotonic clock; null = not known. */
  readonly notBeforeMs: number | null;
  /** How far into the future a record may lie and be taken as made when it was read, milliseconds. */
  readonly maxAheadMs: number;
}

export type Taken =
  | {
      readonly kind: "taken";
      /** By the gateway's monotonic clock; before 0 = before its boot. */
      readonly monotonicMs: number;
      readonly withinMs: number;
      /** The earliest it can have been, but for the error of the clocks: what the log tells next was not made before. */
      readonly earliestMs: number;
    }
  | { readonly kind: "doubt"; readonly doubt: TimeDoubt };

/**
 * When a punch was made, by the gateway's monotonic clock, from the local time that its terminal tells: by the site's zone
 * and what the terminal's clock was off. Where that leaves more than one instant, as in the hour that comes twice, those
 * before `notBeforeMs` and after now fall out. Of what is left it is the one that was just now, if one was; else the first
 * of a time that comes twice, which keeps the order of a log read late. The error reaches to the others.
 */
export function takenAt(local: string, reading: ReadingOf): Taken {
  const { zone, nowMonotonicMs: now, notBeforeMs, maxAheadMs } = reading;
  if (zone === undefined) return doubt("no-zone");
  const shown = instantsOf(local, zone);
  if (shown === undefined) return doubt("no-date");
  if (local < FIRST_YEAR) return doubt("too-old");
  // A clock that shows what is skipped was most likely not set forward yet.
  const instants = shown.kind === "skipped" ? shown.instants.toReversed() : shown.instants;
  const moments = instants.flatMap((at) => candidates(at, reading));
  if (moments.length === 0) return doubt("unmeasured");
  const past = moments.filter(({ monotonicMs: at, withinMs }) => at <= now + maxAheadMs + withinMs);
  if (past.length === 0) return doubt("ahead");
  const young = past.filter(({ monotonicMs: at }) => at >= now - OLDEST_MS);
  if (young.length === 0) return doubt("too-old");
  const since = notBeforeMs ?? Number.NEGATIVE_INFINITY;
  const later = young.filter(({ monotonicMs: at, withinMs }) => at >= since - withinMs);
  return chosen(later.length === 0 ? young : later, now);
}

const doubt = (why: TimeDoubt): Taken => ({ kind: "doubt", doubt: why });

/** None for a terminal that nobody has compared while the gateway does not know the time itself. */
function candidates(shownMs: number, reading: ReadingOf): readonly Moment[] {
  const { clock, wall, nowMonotonicMs } = reading;
  if (wall === null) return momentsOf(clock, shownMs).map(cut);
  const asWall = shownMs - wall.nowMs + nowMonotonicMs;
  if (clock.length === 0) {
    return [{ monotonicMs: asWall, withinMs: UNCOMPARED_MS, lookedWithinMs: UNCOMPARED_MS }];
  }
  return momentsOf(clock, shownMs).map((moment) => {
    const { monotonicMs, lookedWithinMs } = moment;
    const isRight = Math.abs(monotonicMs - asWall) <= lookedWithinMs + wall.withinMs;
    // Within what can be measured the terminal is right: its word stands, to the second.
    return cut(isRight ? { ...moment, monotonicMs: asWall } : moment);
  });
}

const cut = (moment: Moment): Moment => ({ ...moment, withinMs: moment.withinMs + CUT_MS });

/** Nothing is made after it was read, so one that lies a little in the future was made now. */
function chosen(moments: readonly Moment[], now: number): Taken {
  const justNow = moments.find(({ monotonicMs: at }) => Math.abs(now - at) <= JUST_NOW_MS);
  const taken = justNow ?? moments[0];
  const monotonicMs = Math.min(now, taken?.monotonicMs ?? now);
  const reaches = moments.map((each) => Math.abs(each.monotonicMs - monotonicMs) + each.withinMs);
  return {
    kind: "taken",
    monotonicMs,
    withinMs: Math.ceil(Math.max(...reaches)),
    earliestMs: Math.min(monotonicMs, ...moments.map((each) => each.monotonicMs)),
  };
}
