import { setImmediate as othersTurn } from "node:timers/promises";
import { dateOf, dayOfDate } from "@clockleaf/shared/worktime/civil-time.ts";
import type { Claim } from "@clockleaf/shared/worktime/workday.ts";
import type { Kysely } from "kysely";
import type { Visible } from "../identity/access.ts";
import { aboutVisible } from "../identity/visible.ts";
import { readBelongings } from "./belongings.ts";
import type { PeopleDb } from "./people-projection.ts";
import type { AnalyticsDb } from "./projection.ts";
import { type IsoWeek, weeksOf, windowOf } from "./windows.ts";

/** Two streams, so two read models, each at a moment of its own. */
export interface Sources {
  readonly time: Kysely<AnalyticsDb>;
  readonly people: Kysely<PeopleDb>;
}

export interface ArrivalWindow {
  readonly windowAt: number;
  readonly site: string;
  readonly arrivals: number;
}

export interface ArrivalsQuery {
  /** UTC milliseconds; the window it lies in is the first. */
  readonly fromMs: number;
  /** Windows that begin before it. */
  readonly toMs: number;
  readonly site?: string | undefined;
  /** Whose arrivals are counted. */
  readonly visible: Visible;
  readonly after?: readonly [windowAt: number, site: string] | undefined;
  readonly limit: number;
}

/** Windows in which somebody arrived, by beginning and site. */
export async function arrivalWindows(
  db: Sources["time"],
  { fromMs, toMs, site, visible, after, limit }: ArrivalsQuery,
): Promise<ArrivalWindow[]> {
  let rows = db
    .selectFrom("arrivals")
    .select(({ fn }) => ["window_at", "site", fn.countAll<number>().as("arrivals")])
    .where(aboutVisible(visible, "employee_id"))
    .where("window_at", "<", toMs);
  if (site !== undefined) rows = rows.where("site", "=", site);
  const first = windowOf(fromMs);
  // One lower bound, never both: SQLite would seek the weaker one and read all pages before this one again.
  rows =
    after === undefined || after[0] < first
      ? rows.where("window_at", ">=", first)
      : rows.where((eb) => eb(eb.refTuple("window_at", "site"), ">", eb.tuple(...after)));
  const found = await rows
    .groupBy(["window_at", "site"])
    .orderBy("window_at")
    .orderBy("site")
    .limit(limit)
    .execute();
  return found.map((row) => ({
    windowAt: row.window_at,
    site: row.site,
    arrivals: row.arrivals,
  }));
}

export interface WeekOfOvertime extends IsoWeek {
  readonly departmentId: string | null;
  readonly seconds: Readonly<Record<Claim["approval"], number>>;
}

export interface OvertimeQuery {
  readonly fromOn: string;
  readonly toOn: string;
  readonly departmentId?: string | undefined;
  readonly visible: Visible;
}

/** Overtime of the whole weeks that the dates lie in, by week and department. Read week by week: SQLite answers at once, and others wait. */
export async function overtimeByWeek(
  { time, people }: Sources,
  { fromOn, toOn, departmentId: only, visible }: OvertimeQuery,
): Promise<WeekOfOvertime[]> {
  const belongingOn = await readBelongings(people);
  const found: WeekOfOvertime[] = [];
  for (const week of weeksOf(fromOn, toOn)) {
    const rows = await time
      .selectFrom("overtime")
      .innerJoin("days", (join) =>
        join
          .onRef("days.workday_on", "=", "overtime.workday_on")
          .onRef("days.employee_id", "=", "overtime.employee_id"),
      )
      .select(["overtime.workday_on", "overtime.employee_id", "days.zone", "approval", "seconds"])
      .where(aboutVisible(visible, "overtime.employee_id"))
      .where("overtime.workday_on", ">=", week.fromOn)
      .where("overtime.workday_on", "<=", week.toOn)
      .execute();
    const sums = new Map<string | null, Record<Claim["approval"], number>>();
    for (const row of rows) {
      const { departmentId } = belongingOn(row);
      if (only !== undefined && departmentId !== only) continue;
      const sum = entryOf(sums, departmentId, noOvertime);
      sum[row.approval] += row.seconds;
    }
    for (const [departmentId, seconds] of inOrder(sums)) {
      found.push({ ...week, departmentId, seconds });
    }
    await othersTurn();
  }
  return found;
}

const noOvertime = (): Record<Claim["approval"], number> => ({
  "not-needed": 0,
  pending: 0,
  approved: 0,
  rejected: 0,
  lapsed: 0,
});

export const LATE_RATE_KEYS = ["site", "department"] as const;
export type LateRateKey = (typeof LATE_RATE_KEYS)[number];

export interface DayOfArrivals {
  readonly on: string;
  /** A site or a department; null = nobody knows which. */
  readonly key: string | null;
  readonly due: number;
  readonly late: number;
  readonly absent: number;
  readonly provisional: number;
}

export interface LateRateQuery {
  readonly fromOn: string;
  readonly toOn: string;
  readonly by: LateRateKey;
  readonly site?: string | undefined;
  readonly departmentId?: string | undefined;
  readonly visible: Visible;
}

/** How many people were due and how many of them came late, by date and site or department. Read day by day, as above. */
export async function lateRates(
  { time, people }: Sources,
  query: LateRateQuery,
): Promise<DayOfArrivals[]> {
  const belongingOn = await readBelongings(people);
  const found: DayOfArrivals[] = [];
  for (let day = dayOfDate(query.fromOn); day <= dayOfDate(query.toOn); day += 1) {
    const on = dateOf(day);
    const sums = new Map<string | null, Tally>();
    for (const row of await dueOn(time, on, query.visible)) {
      const belonging = belongingOn(row);
      const site = row.site ?? belonging.site;
      const { departmentId } = belonging;
      if (query.site !== undefined && site !== query.site) continue;
      if (query.departmentId !== undefined && departmentId !== query.departmentId) continue;
      const sum = entryOf(sums, query.by === "site" ? site : departmentId, emptyTally);
      sum.due += 1;
      sum.late += row.is_late;
      sum.absent += row.is_absent;
      sum.provisional += row.is_provisional;
    }
    for (const [key, tally] of inOrder(sums)) found.push({ on, key, ...tally });
    await othersTurn();
  }
  return found;
}

interface Tally {
  due: number;
  late: number;
  absent: number;
  provisional: number;
}
const emptyTally = (): Tally => ({ due: 0, late: 0, absent: 0, provisional: 0 });

/** Everybody due on a date, and where they arrived first; null where they have not. */
const dueOn = (db: Sources["time"], on: string, visible: Visible) =>
  db
    .selectFrom("days")
    .select(["workday_on", "employee_id", "zone", "is_late", "is_absent", "is_provisional"])
    .select((eb) =>
      eb
        .selectFrom("arrivals")
        .select("arrivals.site")
        .whereRef("arrivals.workday_on", "=", "days.workday_on")
        .whereRef("arrivals.employee_id", "=", "days.employee_id")
        .orderBy("arrivals.at")
        .orderBy("arrivals.punch_id")
        .limit(1)
        .as("site"),
    )
    .where(aboutVisible(visible, "days.employee_id"))
    .where("workday_on", "=", on)
    .where("is_due", "=", 1)
    .execute();

function entryOf<K, V>(entries: Map<K, V>, key: K, empty: () => V): V {
  const known = entries.get(key);
  if (known !== undefined) return known;
  const fresh = empty();
  entries.set(key, fresh);
  return fresh;
}

/** By key, byte by byte as the stores compare; what nobody knows comes last. */
function inOrder<V>(entries: ReadonlyMap<string | null, V>): Array<[string | null, V]> {
  return [...entries].toSorted(([a], [b]) => {
    if (a === null || b === null) return Number(a === null) - Number(b === null);
    return a < b ? -1 : 1;
  });
}
