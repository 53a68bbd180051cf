import { dateOf, dayOfDate } from "@clockleaf/shared/worktime/civil-time.ts";

// Leave years and their months on the calendar. Dates are `YYYY-MM-DD` and compare as text. A leave year may begin on
// any day that every month has, so its months need no rule for short ones.

/** First day of the leave year that `on` lies in; `yearStart` is `MM-DD`. */
export function yearStartOf(on: string, yearStart: string): string {
  const year = Number(on.slice(0, 4));
  const start = `${pad(year, 4)}-${yearStart}`;
  return start <= on ? start : `${pad(year - 1, 4)}-${yearStart}`;
}

/** The same day some months later. The day of the month must be one that every month has. */
export function addMonths(on: string, months: number): string {
  const [year = 0, month = 1] = on.split("-").map(Number);
  const all = year * 12 + month - 1 + months;
  return `${pad(Math.floor(all / 12), 4)}-${pad((all % 12) + 1, 2)}-${on.slice(8)}`;
}

export const nextYear = (yearStart: string): string => addMonths(yearStart, 12);

export const addDays = (on: string, days: number): string => dateOf(dayOfDate(on) + days);

export const later = (one: string, other: string): string => (one > other ? one : other);
export const earlier = (one: string, other: string): string => (one < other ? one : other);

/** Days between two dates that both lie within; 0 if the second is before the first. */
export function daysWithin(fromOn: string, toOn: string): number {
  return Math.max(0, dayOfDate(toOn) - dayOfDate(fromOn) + 1);
}

/** Full years from one date to another. */
export function fullYears(fromOn: string, toOn: string): number {
  const years = Number(toOn.slice(0, 4)) - Number(fromOn.slice(0, 4));
  return toOn.slice(5) < fromOn.slice(5) ? years - 1 : years;
}

const pad = (value: number, digits: number): string => String(value).padStart(digits, "0");
