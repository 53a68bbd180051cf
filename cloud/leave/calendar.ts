import { dateOf, dayOfDate, weekdayOf } from "@clockleaf/shared/worktime/civil-time.ts";
import type { LeaveConfig, LeaveSite } from "./config.ts";
import type { LeaveDay } from "./ledger.ts";
import { type PublicHoliday, publicHolidays } from "./public-holidays.ts";

export interface SiteHoliday extends PublicHoliday {
  readonly kind: "public" | "own";
}

export function siteOf(config: LeaveConfig, site: string | undefined): LeaveSite {
  const isNamed = site !== undefined && Object.hasOwn(config.sites, site);
  return (isNamed ? config.sites[site] : undefined) ?? config.otherSites;
}

/** Dates for which calendars are worked out: the first and the last. */
export const CALENDAR_DATES = ["1970-01-01", "2100-12-31"] as const;
export const isCalendarDate = (on: string): boolean =>
  on >= CALENDAR_DATES[0] && on <= CALENDAR_DATES[1];

/** Public holidays and a site's own days off in a calendar year, by date. */
export function holidaysOf(site: LeaveSite, year: number): readonly SiteHoliday[] {
  const { country, state } = site;
  const own = site.holidays.filter(({ on }) => Number(on.slice(0, 4)) === year);
  const all: SiteHoliday[] = [
    ...publicHolidays({ country, state }, year).map(({ on, name }) => ({
      on,
      name,
      kind: "public" as const,
    })),
    ...own.map(({ on, name }) => ({ on, name, kind: "own" as const })),
  ];
  return all.toSorted((a, b) =>
    a.on === b.on ? (a.kind < b.kind ? 1 : a.kind > b.kind ? -1 : 0) : a.on < b.on ? -1 : 1,
  );
}

/** The days of the range, both ends included, on which people of the site work, each with what leave takes for it. */
export function leaveDays(
  site: LeaveSite,
  { fromOn, toOn }: { readonly fromOn: string; readonly toOn: string },
  minutes: number,
): LeaveDay[] {
  const from = dayOfDate(fromOn);
  const days = Array.from({ length: dayOfDate(toOn) - from + 1 }, (_, index) => from + index);
  return days
    .filter((day) => site.workdays.includes(weekdayOf(day)))
    .map(dateOf)
    .filter((on) => !isHoliday(site, on))
    .map((on) => ({ on, minutes }));
}

function isHoliday(site: LeaveSite, on: string): boolean {
  return holidaysOf(site, Number(on.slice(0, 4))).some((holiday) => holiday.on === on);
}
