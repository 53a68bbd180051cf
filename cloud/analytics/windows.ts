import { dateOf, dayOfDate, MINUTE, weekStart } from "@clockleaf/shared/worktime/civil-time.ts";

const WINDOW_MS = 5 * MINUTE;

/** Beginning of the tumbling window that an instant falls into. Windows are aligned to 1970 UTC, so they never depend on a zone. */
export const windowOf = (atMs: number): number => Math.floor(atMs / WINDOW_MS) * WINDOW_MS;

export const windowEnd = (windowAtMs: number): number => windowAtMs + WINDOW_MS;

/** A week as ISO 8601 counts them, Monday to Sunday. */
export interface IsoWeek {
  /** `2026-W03` */
  readonly week: string;
  readonly fromOn: string;
  readonly toOn: string;
}

/** The weeks that the dates from `fromOn` to `toOn` lie in, whole and in order. */
export function weeksOf(fromOn: string, toOn: string): readonly IsoWeek[] {
  const weeks: IsoWeek[] = [];
  const last = dayOfDate(toOn);
  for (let monday = weekStart(dayOfDate(fromOn), "mon"); monday <= last; monday += 7) {
    weeks.push({ week: nameOf(monday), fromOn: dateOf(monday), toOn: dateOf(monday + 6) });
  }
  return weeks;
}

/** ISO 8601: a week belongs to the year of its Thursday, and the first week of a year is the one with its first Thursday. */
function nameOf(monday: number): string {
  const thursday = monday + 3;
  const year = dateOf(thursday).slice(0, 4);
  const number = Math.floor((thursday - dayOfDate(`${year}-01-01`)) / 7) + 1;
  return `${year}-W${String(number).padStart(2, "0")}`;
}
