import { dateOf, dayOfDate } from "@clockleaf/shared/worktime/civil-time.ts";
import Holidays from "date-holidays";

export interface PublicHoliday {
  readonly on: string;
  readonly name: string;
}

/** Whether there is a calendar for it; no country is fine, a state without a country is not. */
export function isKnownRegion(country: string | undefined, state: string | undefined): boolean {
  if (country === undefined) return state === undefined;
  const all = new Holidays();
  if (all.getCountries("en")[country] === undefined) return false;
  return state === undefined || all.getStates(country, "en")?.[state] !== undefined;
}

const YEARS_KEPT = 500;
const found = new Map<string, readonly PublicHoliday[]>();

/** Whole days that the law of a region makes free in a year, in order. What begins in the middle of a day is none. */
export function publicHolidays(
  region: { readonly country: string | undefined; readonly state: string | undefined },
  year: number,
): readonly PublicHoliday[] {
  const { country, state } = region;
  if (country === undefined) return [];
  const key = `${country}-${state ?? ""}-${year}`;
  let days = found.get(key);
  if (days === undefined) {
    if (found.size >= YEARS_KEPT) found.clear();
    const calendar = state === undefined ? new Holidays(country) : new Holidays(country, state);
    days = calendar
      .getHolidays(year, "en")
      .filter(({ type, date }) => type === "public" && date.slice(11, 19) === "00:00:00")
      .flatMap(({ date, start, end, name }) => {
        const first = dayOfDate(date.slice(0, 10));
        const length = Math.max(1, Math.round((end.getTime() - start.getTime()) / 86_400_000));
        return Array.from({ length }, (_, day) => ({ on: dateOf(first + day), name }));
      });
    found.set(key, days);
  }
  return days;
}
