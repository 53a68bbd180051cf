import { Temporal } from "temporal-polyfill";
import { z } from "zod";

// Civil time by IANA zone. A day is counted as an epoch day: whole days since 1970-01-01 on the calendar, whatever the
// zone. Temporal answers everything; what it said is remembered, because a month of a company asks the same a million
// times over.

export const SECOND = 1000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** 9999-12-30T00:00Z: the last instant whose civil date has a four-digit year in every zone. */
export const LAST_INSTANT = 253_402_128_000_000;

/** An IANA time zone that this machine's tables know; fixed offsets such as `+02:00` are none. */
export const zoneSchema = z
  .string()
  .max(64)
  .refine(isKnownZone, "not an IANA time zone, such as Europe/Berlin")
  .meta({ format: "iana-zone" })
  .describe("IANA time zone, such as Europe/Berlin");

/** Whether this machine's tables know a zone by this name. */
export function isKnownZone(zone: string): boolean {
  if (!/^[A-Za-z]/.test(zone)) return false;
  try {
    return offsetAt(0, zone) === offsetAt(0, zone);
  } catch {
    return false;
  }
}

/** The date a wall calendar in `zone` shows at `at` (UTC milliseconds), `YYYY-MM-DD`. Throws RangeError for an unknown zone. */
export const civilDateOf = (at: number, zone: string): string => dateOf(dayOf(at, zone));

/**
 * The epoch day `at` (UTC milliseconds) belongs to in `zone`. `dayStart` (seconds after midnight on the wall clock) moves
 * the turn of the day: at 05:00 with a day start of 06:00 it is still yesterday.
 */
export function dayOf(at: number, zone: string, dayStart = 0): number {
  return Math.floor((at + offsetAt(at, zone) - dayStart * SECOND) / DAY);
}

/** Seconds that the wall clock in `zone` shows after midnight at `at`. */
export function secondsOfDay(at: number, zone: string): number {
  const wall = at + offsetAt(at, zone);
  return Math.floor((wall - Math.floor(wall / DAY) * DAY) / SECOND);
}

/**
 * The instant at which a wall clock in `zone` shows `seconds` after midnight of an epoch day. A time that comes twice is
 * the first of the two; a time that is skipped is as much later as the clock jumps. `seconds` may be negative or beyond
 * a day: `25 * 3600` is one o'clock on the day after.
 */
export function instantOf(day: number, seconds: number, zone: string): number {
  const wall = day * DAY + seconds * SECOND;
  // a day and a half on either side: farther than any offset, and than the day Samoa skipped
  const before = offsetAt(wall - 1.5 * DAY, zone);
  const after = offsetAt(wall + 1.5 * DAY, zone);
  const early = wall - Math.max(before, after);
  const late = wall - Math.min(before, after);
  if (offsetAt(early, zone) === wall - early) return early;
  if (offsetAt(late, zone) === wall - late) return late;
  return wall - before;
}

/** What to add to UTC milliseconds to get the wall clock's. Throws RangeError for an unknown zone. */
export function offsetAt(at: number, zone: string): number {
  let days = OFFSETS.get(zone);
  if (days === undefined || days.size > MOST_DAYS) {
    days = new Map();
    OFFSETS.set(zone, days);
  }
  const utcDay = Math.floor(at / DAY);
  let offsets = days.get(utcDay);
  if (offsets === undefined) {
    offsets = offsetsOn(utcDay, zone);
    days.set(utcDay, offsets);
  }
  return at < offsets.changeAt ? offsets.before : offsets.after;
}

interface DayOffsets {
  readonly before: number;
  readonly after: number;
  /** First instant of `after`; infinite on a day without a change. */
  readonly changeAt: number;
}
const OFFSETS = new Map<string, Map<number, DayOffsets>>();
const MOST_DAYS = 50_000;

/** No zone has ever changed twice within one UTC day. */
function offsetsOn(utcDay: number, zone: string): DayOffsets {
  let from = utcDay * DAY;
  let to = from + DAY - 1;
  const before = askOffset(from, zone);
  const after = askOffset(to, zone);
  if (before === after) return { before, after, changeAt: Number.POSITIVE_INFINITY };
  while (to - from > 1) {
    const middle = Math.floor((from + to) / 2);
    if (askOffset(middle, zone) === before) from = middle;
    else to = middle;
  }
  return { before, after, changeAt: to };
}

function askOffset(at: number, zone: string): number {
  const zoned = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone);
  return zoned.offsetNanoseconds / 1_000_000;
}

const DATES = new Map<number, string>();
const DAYS = new Map<string, number>();
const EPOCH = Temporal.PlainDate.from("1970-01-01");

/** `YYYY-MM-DD` of an epoch day. */
export function dateOf(day: number): string {
  let date = DATES.get(day);
  if (date === undefined) {
    if (DATES.size > MOST_DAYS) DATES.clear();
    date = EPOCH.add({ days: day }).toString();
    DATES.set(day, date);
  }
  return date;
}

/** Epoch day of `YYYY-MM-DD`. Throws RangeError for what is no date. */
export function dayOfDate(date: string): number {
  let day = DAYS.get(date);
  if (day === undefined) {
    if (DAYS.size > MOST_DAYS) DAYS.clear();
    day = Temporal.PlainDate.from(date).since(EPOCH, { largestUnit: "day" }).days;
    DAYS.set(date, day);
  }
  return day;
}

export const WEEKDAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;
export const weekdaySchema = z.enum(WEEKDAYS);
export type Weekday = z.output<typeof weekdaySchema>;

/** 1970-01-01 was a Thursday. */
export function weekdayOf(day: number): Weekday {
  return WEEKDAYS[(((day + 3) % 7) + 7) % 7] ?? "mon";
}

/** First epoch day of the week that `day` lies in. */
export function weekStart(day: number, startsOn: Weekday): number {
  return day - ((WEEKDAYS.indexOf(weekdayOf(day)) - WEEKDAYS.indexOf(startsOn) + 7) % 7);
}

/** What a wall clock shows, with its offset: `2026-10-25T02:10:00+01:00`. Parts of a second are cut. */
export function localText(at: number, zone: string): string {
  const offset = offsetAt(at, zone);
  const wall = Math.floor((at + offset) / SECOND);
  const day = Math.floor(wall / 86_400);
  const clock = wall - day * 86_400;
  const minutes = Math.abs(Math.trunc(offset / MINUTE));
  const sign = offset < 0 ? "-" : "+";
  return `${dateOf(day)}T${pad(clock / 3600)}:${pad((clock / 60) % 60)}:${pad(clock % 60)}${sign}${pad(minutes / 60)}:${pad(minutes % 60)}`;
}

const pad = (value: number): string => String(Math.floor(value)).padStart(2, "0");

/** Length of time for people: `45 s`, `32 min`, `7 h 05 min`. */
export function spell(durationMs: number): string {
  const seconds = Math.floor(durationMs / 1000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, "0")} min`;
}

export const spellSeconds = (seconds: number): string => spell(seconds * SECOND);
