import { isEmptyWorkday, type Workday } from "@clockleaf/shared/worktime/workday.ts";
import type { ArrivalWindow, DayOfArrivals, WeekOfOvertime } from "../../cloud/analytics/reads.ts";
import { type History, type Move, SITES } from "./analytics-span.ts";

// The views once more, by brute force and by other means: what stands in the end is looked through for each window,
// week and day, with Intl and plain dates for everything about the calendar.

const WINDOW_MS = 300_000;

export function windowsBy(
  all: readonly History[],
  { fromMs, toMs }: { readonly fromMs: number; readonly toMs: number },
): ArrivalWindow[] {
  const arrivals = all.flatMap((history) => history.arrivals);
  const found: ArrivalWindow[] = [];
  for (let windowAt = fromMs; windowAt < toMs; windowAt += WINDOW_MS) {
    for (const site of SITES) {
      const those = arrivals.filter(
        ({ at, site: of }) => of === site && at >= windowAt && at < windowAt + WINDOW_MS,
      );
      if (those.length > 0) found.push({ windowAt, site, arrivals: those.length });
    }
  }
  return found;
}

const DATES = new Map<string, Intl.DateTimeFormat>();
/** Sweden writes dates as ISO 8601 does. */
function dateIn(timeZone: string): Intl.DateTimeFormat {
  const format = DATES.get(timeZone) ?? new Intl.DateTimeFormat("sv-SE", { timeZone });
  DATES.set(timeZone, format);
  return format;
}

const DAY_MS = 86_400_000;
const isoDate = (ms: number): string => new Date(ms).toISOString().slice(0, 10);
const mondayOf = (ms: number): number => ms - ((new Date(ms).getUTCDay() + 6) % 7) * DAY_MS;

/** The first week of a year is the one with 4 January in it. */
function weekOf(on: string): Pick<WeekOfOvertime, "week" | "fromOn" | "toOn"> {
  const monday = mondayOf(Date.parse(on));
  const firstOf = (year: number): number => mondayOf(Date.UTC(year, 0, 4));
  let year = new Date(monday).getUTCFullYear();
  if (monday >= firstOf(year + 1)) year += 1;
  const number = 1 + (monday - firstOf(year)) / (7 * DAY_MS);
  const week = `${year}-W${String(number).padStart(2, "0")}`;
  return { week, fromOn: isoDate(monday), toOn: isoDate(monday + 6 * DAY_MS) };
}

/** The last word about an instant of the day or before holds. */
function belongsOn({ moves }: History, { workdayOn, zone }: Workday): Move | undefined {
  const isBy = ({ atMs }: Move): boolean => dateIn(zone).format(atMs) <= workdayOn;
  return moves.findLast(isBy);
}

export function weeksBy(all: readonly History[], departmentId?: string): WeekOfOvertime[] {
  const found: WeekOfOvertime[] = [];
  for (const history of all) {
    for (const day of history.days) {
      const of = belongsOn(history, day)?.departmentId ?? null;
      if (departmentId !== undefined && of !== departmentId) continue;
      const week = weekOf(day.workdayOn);
      for (const claim of day.claims) {
        if (claim.class !== "overtime" || claim.seconds === 0) continue;
        let row = found.find((each) => each.week === week.week && each.departmentId === of);
        if (row === undefined) {
          const none = { "not-needed": 0, pending: 0, approved: 0, rejected: 0, lapsed: 0 };
          row = { ...week, departmentId: of, seconds: none };
          found.push(row);
        }
        const sums: Record<string, number> = row.seconds;
        sums[claim.approval] = (sums[claim.approval] ?? 0) + claim.seconds;
      }
    }
  }
  return found.toSorted((a, b) => compare([a.fromOn, a.departmentId], [b.fromOn, b.departmentId]));
}

function wasDue({ exceptions, planned, punches, credits }: Workday): boolean {
  const kinds = new Set(exceptions.map(({ kind }) => kind));
  if (kinds.has("in-late") || (kinds.has("absent") && punches.length === 0)) return true;
  if (planned.length === 0) return false;
  let left = 0;
  for (const { seconds } of planned) left += seconds;
  for (const { kind, seconds } of credits) if (kind !== "undertime") left -= seconds;
  return left > 0;
}

export function ratesBy(
  all: readonly History[],
  by: "site" | "department",
  only: { readonly site?: string; readonly departmentId?: string } = {},
): DayOfArrivals[] {
  const people = all.flatMap((history) =>
    history.days
      .filter((day) => !isEmptyWorkday(day) && wasDue(day))
      .map((day) => {
        // one instant for two places does not occur: the store would take the lower punch id
        const arrived = history.arrivals
          .filter(({ on }) => on === day.workdayOn)
          .toSorted((a, b) => a.at - b.at)[0];
        const belongs = belongsOn(history, day);
        return {
          on: day.workdayOn,
          site: arrived?.site ?? belongs?.site ?? null,
          department: belongs?.departmentId ?? null,
          late: day.exceptions.some(({ kind }) => kind === "in-late"),
          absent: day.punches.length === 0 && day.exceptions.some(({ kind }) => kind === "absent"),
          provisional: day.state !== "complete",
        };
      })
      .filter(({ site }) => only.site === undefined || site === only.site)
      .filter(
        ({ department }) => only.departmentId === undefined || department === only.departmentId,
      ),
  );
  return [...Map.groupBy(people, (each) => JSON.stringify([each.on, each[by]])).values()]
    .map((group) => ({
      on: group[0]?.on ?? "",
      key: group[0]?.[by] ?? null,
      due: group.length,
      late: group.filter(({ late }) => late).length,
      absent: group.filter(({ absent }) => absent).length,
      provisional: group.filter(({ provisional }) => provisional).length,
    }))
    .toSorted((a, b) => compare([a.on, a.key], [b.on, b.key]));
}

const compare = (a: readonly [string, string | null], b: readonly [string, string | null]) =>
  `${a[0]} ${a[1] ?? "~"}` < `${b[0]} ${b[1] ?? "~"}` ? -1 : 1;
