import type { LocalInstants } from "./local-time.ts";

/** One look at a terminal's clock, beside the gateway's monotonic one. */
export interface Look {
  /** When it was looked at. */
  readonly monotonicMs: number;
  /** What it showed, as an instant by the site's zone, UTC milliseconds. */
  readonly shownMs: number;
  readonly withinMs: number;
}

/** From its first to its last look a terminal's clock ran without a jump: nobody set it. */
export interface Stretch {
  readonly first: Look;
  readonly last: Look;
}

/** What is known of one terminal's clock within this boot, oldest first; nothing is kept over a restart of the agent. */
export type TerminalClock = readonly Stretch[];

/** Somebody who sets a terminal's clock every minute is remembered for a quarter of an hour. */
const MOST_STRETCHES = 16;
/** More than any terminal's crystal drifts (20 to 100 ppm, more in the cold): beyond that the clock was set. */
const DRIFT = 200e-6;

/** What a terminal shows minus the gateway's monotonic time, milliseconds. */
const shiftOf = ({ shownMs, monotonicMs }: Look): number => shownMs - monotonicMs;

export interface Seen {
  readonly shown: LocalInstants;
  readonly monotonicMs: number;
  readonly withinMs: number;
  /** The gateway's wall clock at that moment, UTC milliseconds; null while it does not know the time. */
  readonly wallMs: number | null;
}

/**
 * A time that comes twice is the one nearer to what the clock should show: by its own last look, or by the gateway. Where
 * neither is known the error says so.
 */
export function lookOf(clock: TerminalClock, seen: Seen): Look {
  const { shown, monotonicMs, withinMs, wallMs } = seen;
  const [first = 0, second = first] = shown.instants;
  const last = clock.at(-1)?.last;
  const expected = last === undefined ? wallMs : shiftOf(last) + monotonicMs;
  if (expected === null) {
    return { monotonicMs, shownMs: second, withinMs: withinMs + second - first };
  }
  const isFirst = Math.abs(first - expected) <= Math.abs(second - expected);
  return { monotonicMs, shownMs: isFirst ? first : second, withinMs };
}

/** The clock with one more look at it: the stretch goes on, or the clock was set meanwhile and another begins. */
export function looked(clock: TerminalClock, look: Look): TerminalClock {
  const stretch = clock.at(-1);
  if (stretch === undefined) return [{ first: look, last: look }];
  const { first, last } = stretch;
  const drift = DRIFT * (look.monotonicMs - last.monotonicMs);
  const mayDiffer = look.withinMs + last.withinMs + drift;
  if (Math.abs(shiftOf(look) - shiftOf(last)) <= mayDiffer) {
    return [...clock.slice(0, -1), { first, last: look }];
  }
  return [...clock, { first: look, last: look }].slice(-MOST_STRETCHES);
}

/** When, by the gateway's monotonic clock, a terminal may have shown an instant, and how sure that is. */
export interface Moment {
  readonly monotonicMs: number;
  readonly withinMs: number;
  /** The part of the error that comes from looking at the clock, not from how far it may have drifted since. */
  readonly lookedWithinMs: number;
}

/**
 * Every moment at which the terminal may have shown `shownMs`: one for each stretch in which it can have been. Between two
 * stretches the clock was set, nobody knows when, so both reach into the gap.
 */
export function momentsOf(clock: TerminalClock, shownMs: number): readonly Moment[] {
  const moments: Moment[] = [];
  for (const [index, stretch] of clock.entries()) {
    const moment = momentIn(stretch, shownMs);
    const from = clock[index - 1]?.last.monotonicMs ?? Number.NEGATIVE_INFINITY;
    const to = clock[index + 1]?.first.monotonicMs ?? Number.POSITIVE_INFINITY;
    const { monotonicMs: at, withinMs } = moment;
    if (at >= from - withinMs && at <= to + withinMs) moments.push(moment);
  }
  return moments;
}

/** Within a stretch the error is that of its looks; outside it grows as far as the clock may have drifted. */
function momentIn({ first, last }: Stretch, shownMs: number): Moment {
  const lengthMs = last.shownMs - first.shownMs;
  const part = lengthMs <= 0 ? 0 : (shownMs - first.shownMs) / lengthMs;
  const inside = Math.min(1, Math.max(0, part));
  const shift = shiftOf(first) + inside * (shiftOf(last) - shiftOf(first));
  const outsideMs = Math.max(0, first.shownMs - shownMs, shownMs - last.shownMs);
  const lookedWithinMs = Math.max(first.withinMs, last.withinMs);
  const withinMs = lookedWithinMs + DRIFT * outsideMs;
  return { monotonicMs: shownMs - shift, withinMs, lookedWithinMs };
}

/** How far a terminal's clock is ahead of the wall; undefined before the first look. */
export function offsetOf(clock: TerminalClock, wall: WallShift): Offset | undefined {
  const last = clock.at(-1)?.last;
  if (last === undefined) return undefined;
  const offsetMs = Math.round(shiftOf(last) - wall.wallMs + wall.monotonicMs);
  return { offsetMs, withinMs: Math.round(last.withinMs) };
}

export interface Offset {
  /** Positive: the terminal is ahead. */
  readonly offsetMs: number;
  readonly withinMs: number;
}

/** One instant on both of the gateway's clocks. */
export interface WallShift {
  readonly wallMs: number;
  readonly monotonicMs: number;
}
