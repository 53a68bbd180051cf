import { z } from "zod";
import { dateOf, dayOfDate, type Weekday, weekdayOf, weekdaySchema } from "../civil-time.ts";
import type { Holiday } from "../ledger.ts";
import { policyNameSchema } from "../rule-parts.ts";
import { daysInMonth } from "./rota.ts";

// The days a calendar calls holidays.

const common = {
  name: policyNameSchema.describe("What people call it"),
  calendar: z
    .string()
    .trim()
    .min(1)
    .max(64)
    .default("public")
    .describe("Calendar it stands in, such as that of a region")
    .meta({ unit: "name" }),
  cancels: z
    .boolean()
    .default(true)
    .describe(
      "Whether it makes free where `onHoliday` says so; false = a day like others, with a name",
    ),
  observed: z
    .enum(["same-day", "next-workday", "nearest-workday"])
    .default("same-day")
    .describe(
      "On a weekend it stays; or moves to the next workday that is no holiday itself; or off the weekend's first day to the day before, off its last to the day after",
    ),
};
const civilDate = z.iso.date().meta({ unit: "date" });
const month = z.int().min(1).max(12).describe("Month, 1 to 12");

export const holidaySchema = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("dates").describe("On dates that are known one by one"),
    ...common,
    on: z
      .array(civilDate)
      .min(1)
      .max(200)
      .describe("The dates, such as those of each year's feast"),
  }),
  z.strictObject({
    kind: z.literal("yearly").describe("On the same date each year"),
    ...common,
    on: z
      .string()
      .regex(/^(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])$/, "write MM-DD, such as 12-25")
      .refine((text) => isDateOfYear(text), "no such day in any year")
      .describe("Month and day, MM-DD; 02-29 comes in leap years only")
      .meta({ unit: "month and day" }),
  }),
  z.strictObject({
    kind: z.literal("weekday").describe("A certain weekday of a month"),
    ...common,
    month,
    weekday: weekdaySchema.describe("Day of the week"),
    nth: z
      .int()
      .min(-5)
      .max(5)
      .refine((nth) => nth !== 0, "no weekday is number 0 of its month")
      .describe("Which one: 1 the first, -1 the last"),
  }),
  z.strictObject({
    kind: z.literal("easter").describe("So many days from Easter Sunday of the western calendar"),
    ...common,
    offset: z
      .int()
      .min(-100)
      .max(100)
      .default(0)
      .describe("Days after Easter Sunday; before it if negative"),
  }),
]);
export type HolidayRule = z.output<typeof holidaySchema>;

function isDateOfYear(text: string): boolean {
  const [inMonth = 0, date = 0] = text.split("-").map(Number);
  return date <= daysInMonth(2000, inMonth);
}

export interface FoundHoliday extends Holiday {
  readonly cancels: boolean;
}

/**
 * Looks holidays up by epoch day. Of two on one day the one listed first is it, but those that fall there by their own
 * date come before those that were moved there.
 */
export function holidayCalendar(
  rules: readonly HolidayRule[],
  weekend: readonly Weekday[],
): (day: number) => FoundHoliday | null {
  if (rules.length === 0) return () => null;
  const years = new Map<number, ReadonlyMap<number, FoundHoliday>>();
  const inYear = (year: number): ReadonlyMap<number, FoundHoliday> => {
    let found = years.get(year);
    if (found === undefined) {
      found = holidaysOfYear(rules, year, weekend);
      if (years.size > 200) years.clear();
      years.set(year, found);
    }
    return found;
  };
  return (day) => {
    const year = yearOf(dateOf(day));
    // one that falls near the turn of the year may have moved into its neighbour
    return inYear(year).get(day) ?? inYear(year - 1).get(day) ?? inYear(year + 1).get(day) ?? null;
  };
}

function holidaysOfYear(
  rules: readonly HolidayRule[],
  year: number,
  weekend: readonly Weekday[],
): ReadonlyMap<number, FoundHoliday> {
  const found = new Map<number, FoundHoliday>();
  const add = (day: number, { name, calendar, cancels }: HolidayRule): void => {
    if (!found.has(day)) found.set(day, { name, calendar, cancels });
  };
  const isWeekend = (day: number): boolean => weekend.includes(weekdayOf(day));
  const moved: { day: number; rule: HolidayRule }[] = [];
  const taken = new Set<number>();
  for (const rule of rules) {
    for (const [day, near] of [
      ...naturalDays(rule, year).map((at) => [at, year] as const),
      ...naturalDays(rule, year + 1).map((at) => [at, year + 1] as const),
    ]) {
      const moves = rule.observed !== "same-day" && isWeekend(day);
      if (!moves) taken.add(day);
      if (near !== year) continue;
      if (moves) moved.push({ day, rule });
      else add(day, rule);
    }
  }
  for (const { day, rule } of moved.toSorted((a, b) => a.day - b.day)) {
    const to = observedDay(day, rule, (at) => isWeekend(at) || taken.has(at));
    taken.add(to);
    add(to, rule);
  }
  return found;
}

/** Weekends of up to six days have an end; of seven, a holiday stays where it is. */
function observedDay(
  day: number,
  { observed }: HolidayRule,
  isTaken: (day: number) => boolean,
): number {
  if (observed === "nearest-workday") {
    for (let distance = 1; distance <= 7; distance += 1) {
      if (!isTaken(day - distance)) return day - distance;
      if (!isTaken(day + distance)) return day + distance;
    }
  }
  for (let to = day + 1; to <= day + 31; to += 1) if (!isTaken(to)) return to;
  return day;
}

/** The days a holiday falls on in a year by itself. */
function naturalDays(rule: HolidayRule, year: number): readonly number[] {
  if (year < FIRST_YEAR || year > LAST_YEAR) return [];
  switch (rule.kind) {
    case "dates":
      return rule.on.filter((on) => yearOf(on) === year).map(dayOfDate);
    case "yearly": {
      const [inMonth = 1, date = 1] = rule.on.split("-").map(Number);
      return date <= daysInMonth(year, inMonth) ? [dayIn(year, inMonth, date)] : [];
    }
    case "weekday":
      return nthWeekday(year, rule);
    case "easter":
      return [easterOf(year) + rule.offset];
  }
}

/** Calendars know years of four digits. */
const FIRST_YEAR = 1;
const LAST_YEAR = 9999;
const yearOf = (date: string): number => Number(date.slice(0, -6));

function nthWeekday(
  year: number,
  { month: inMonth, weekday, nth }: Extract<HolidayRule, { kind: "weekday" }>,
): readonly number[] {
  const length = daysInMonth(year, inMonth);
  const first = dayIn(year, inMonth, 1);
  const days: number[] = [];
  for (let day = first; day < first + length; day += 1)
    if (weekdayOf(day) === weekday) days.push(day);
  const day = days.at(nth > 0 ? nth - 1 : nth);
  return day === undefined ? [] : [day];
}

const two = (part: number): string => String(part).padStart(2, "0");

function dayIn(year: number, inMonth: number, date: number): number {
  return dayOfDate(`${String(year).padStart(4, "0")}-${two(inMonth)}-${two(date)}`);
}

/** Easter Sunday of the Gregorian calendar, by the computus that Meeus gives in "Astronomical Algorithms", chapter 8. */
export function easterOf(year: number): number {
  const a = year % 19;
  const b = Math.floor(year / 100);
  const c = year % 100;
  const d = Math.floor(b / 4);
  const e = b % 4;
  const f = Math.floor((b + 8) / 25);
  const g = Math.floor((b - f + 1) / 3);
  const h = (19 * a + b - d - g + 15) % 30;
  const i = Math.floor(c / 4);
  const k = c % 4;
  const l = (32 + 2 * e + 2 * i - h - k) % 7;
  const m = Math.floor((a + 11 * h + 22 * l) / 451);
  const sum = h + l - 7 * m + 114;
  return dayIn(year, Math.floor(sum / 31), (sum % 31) + 1);
}
