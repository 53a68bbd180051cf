import { dayOf, HOUR, localText, MINUTE, offsetAt, weekdayOf } from "../civil-time.ts";

/** Spells instants as the clock on the site's wall showed them, as shortly as a day's instants allow. */
export type Clock = (at: number) => string;

/**
 * Seconds, weekday and offset are shown if any of the `instants` needs them: because it is no whole minute, lies on
 * another date than the workday, or on the other side of a clock change.
 */
export function createClock(instants: readonly number[], zone: string, workday: number): Clock {
  const hasSeconds = instants.some((at) => at % MINUTE !== 0);
  const isOver = instants.some((at) => dayOf(at, zone) !== workday);
  const hasOffsets = new Set(instants.map((at) => offsetAt(at, zone))).size > 1;
  return (at) => {
    const text = localText(at, zone);
    const weekday = isOver ? `${weekdayName(dayOf(at, zone))} ` : "";
    return `${weekday}${text.slice(11, hasSeconds ? 19 : 16)}${hasOffsets ? text.slice(19) : ""}`;
  };
}

export function weekdayName(day: number): string {
  const name = weekdayOf(day);
  return `${name.slice(0, 1).toUpperCase()}${name.slice(1)}`;
}

/** `Mon 2026-09-21 09:30`, with seconds where there are any. */
export function dateAndTime(at: number, zone: string): string {
  const text = localText(at, zone).replace("T", " ");
  return `${weekdayName(dayOf(at, zone))} ${text.slice(0, at % MINUTE === 0 ? 16 : 19)}`;
}

/** A jump of the clock: at `at` it showed `from` and went on from `to`. */
export interface ClockChange {
  readonly at: number;
  readonly isBack: boolean;
  readonly from: string;
  readonly to: string;
}

/** Every change of the clock after `fromAt`, up to and with `toAt`. */
export function changesBetween(fromAt: number, toAt: number, zone: string): ClockChange[] {
  const changes: ClockChange[] = [];
  for (let at = fromAt; at < toAt; at += HOUR) {
    const end = Math.min(at + HOUR, toAt);
    const before = offsetAt(at, zone);
    if (before === offsetAt(end, zone)) continue;
    const change = firstAfter(at, end, zone);
    const after = offsetAt(change, zone);
    const isBack = after < before;
    changes.push({ at: change, isBack, from: shown(change, before), to: shown(change, after) });
  }
  return changes;
}

/** The instant between the two at which the offset became another one. */
function firstAfter(fromAt: number, toAt: number, zone: string): number {
  const before = offsetAt(fromAt, zone);
  let low = fromAt;
  let high = toAt;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (offsetAt(middle, zone) === before) low = middle;
    else high = middle;
  }
  return high;
}

/** What a clock with this offset shows. */
const shown = (at: number, offset: number): string => localText(at + offset, "UTC").slice(11, 16);
