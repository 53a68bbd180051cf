import { type PunchOrigin, punchOriginSchema } from "@clockleaf/shared/events/attendance.ts";
import { type Workday, workdaySchema } from "@clockleaf/shared/worktime/workday.ts";
import { type Kysely, type Selectable, sql } from "kysely";
import type { Visible } from "../identity/access.ts";
import { aboutVisible, atVisible } from "../identity/visible.ts";
import type { Attribution } from "./attribution.ts";
import type { AttendanceDb } from "./projection.ts";

export type Db = Kysely<AttendanceDb>;

export interface Timesheet {
  readonly employeeId: string;
  readonly site: string | null;
  readonly revision: number;
  readonly workday: Workday;
}

export interface TimesheetQuery {
  readonly from: string;
  readonly to: string;
  readonly employeeId?: string | undefined;
  readonly site?: string | undefined;
  readonly visible: Visible;
  readonly after?: readonly [workdayOn: string, employeeId: string] | undefined;
  readonly limit: number;
}

/** Workdays between two dates, both included, by date and then employee. */
export async function timesheets(db: Db, query: TimesheetQuery): Promise<Timesheet[]> {
  const { from, to, employeeId, site, after, limit } = query;
  let rows = db
    .selectFrom("workdays")
    .select(["employee_id", "site", "revision", "json"])
    .where("is_empty", "=", 0)
    .where(aboutVisible(query.visible, "employee_id"))
    .where("workday_on", "<=", to);
  if (employeeId !== undefined) rows = rows.where("employee_id", "=", employeeId);
  if (site !== undefined) rows = rows.where("site", "=", site);
  // One lower bound, never both: SQLite would seek the weaker one and read all pages before this one again.
  rows =
    after === undefined || after[0] < from
      ? rows.where("workday_on", ">=", from)
      : rows.where((eb) => eb(eb.refTuple("workday_on", "employee_id"), ">", eb.tuple(...after)));
  const found = await rows.orderBy("workday_on").orderBy("employee_id").limit(limit).execute();
  return found.map(timesheetOf);
}

export async function timesheet(
  db: Db,
  employeeId: string,
  workdayOn: string,
): Promise<Timesheet | undefined> {
  const row = await db
    .selectFrom("workdays")
    .select(["employee_id", "site", "revision", "json"])
    .where("employee_id", "=", employeeId)
    .where("workday_on", "=", workdayOn)
    .where("is_empty", "=", 0)
    .executeTakeFirst();
  return row === undefined ? undefined : timesheetOf(row);
}

function timesheetOf(
  row: Pick<Selectable<AttendanceDb["workdays"]>, "employee_id" | "site" | "revision" | "json">,
): Timesheet {
  const workday = workdaySchema.parse(JSON.parse(row.json));
  return { employeeId: row.employee_id, site: row.site, revision: row.revision, workday };
}

export type PunchRecord = Selectable<AttendanceDb["punches"]>;

export interface PunchQuery {
  /** UTC milliseconds, both included. */
  readonly fromMs: number;
  readonly toMs: number;
  readonly employeeId?: string | undefined;
  readonly visible: Visible;
  readonly after?: readonly [at: number, punchId: string] | undefined;
  readonly limit: number;
}

/** Punches that count for somebody, by instant and then id. */
export async function punches(db: Db, query: PunchQuery): Promise<PunchRecord[]> {
  const { fromMs, toMs, employeeId, after, limit } = query;
  let rows = db
    .selectFrom("punches")
    .selectAll()
    .where(aboutVisible(query.visible, "employee_id"))
    .where("at", "<=", toMs);
  if (employeeId !== undefined) rows = rows.where("employee_id", "=", employeeId);
  // As with timesheets.
  rows =
    after === undefined || after[0] < fromMs
      ? rows.where("at", ">=", fromMs)
      : rows.where((eb) => eb(eb.refTuple("at", "punch_id"), ">", eb.tuple(...after)));
  return await rows.orderBy("at").orderBy("punch_id").limit(limit).execute();
}

/** Ids of people with punches after `after`, ascending. It leaps from one person to the next: most rows are not read. */
export async function peopleWithPunches(db: Db, after: string, limit: number): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    with recursive people (id) as (
      select min(employee_id) from punches where employee_id > ${after}
      union all
      select (select min(employee_id) from punches where employee_id > people.id) from people where id is not null
    ) select id from people where id is not null limit ${limit}`.execute(db);
  return rows.map(({ id }) => id);
}

export async function hasPunches(db: Db, employeeId: string): Promise<boolean> {
  const row = await db
    .selectFrom("punches")
    .select("punch_id")
    .where("employee_id", "=", employeeId)
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

export interface Quarantined extends Omit<Selectable<AttendanceDb["quarantine"]>, "json"> {
  readonly punch: PunchOrigin;
}

export interface QuarantineQuery {
  readonly state?: AttendanceDb["quarantine"]["state"] | undefined;
  /** By site: whose they are is not known. */
  readonly visible: Visible;
  readonly after?: readonly [quarantinedAt: number, punchId: string] | undefined;
  readonly limit: number;
}

/** Punches that were or are in quarantine, by the time they got there. */
export async function quarantined(db: Db, query: QuarantineQuery): Promise<Quarantined[]> {
  const { state, after, limit } = query;
  let rows = db.selectFrom("quarantine").selectAll().where(atVisible(query.visible, "site"));
  if (state !== undefined) rows = rows.where("state", "=", state);
  if (after !== undefined) {
    const [at, id] = after;
    rows = rows.where((eb) => eb(eb.refTuple("quarantined_at", "punch_id"), ">", eb.tuple(at, id)));
  }
  const found = await rows.orderBy("quarantined_at").orderBy("punch_id").limit(limit).execute();
  return found.map(quarantinedOf);
}

export async function quarantinedPunch(db: Db, punchId: string): Promise<Quarantined | undefined> {
  const row = await db
    .selectFrom("quarantine")
    .selectAll()
    .where("punch_id", "=", punchId)
    .executeTakeFirst();
  return row === undefined ? undefined : quarantinedOf(row);
}

/** Punches of one badge that wait for somebody to own it. */
export async function waitingForBadge(db: Db, badge: string): Promise<Quarantined[]> {
  const found = await db
    .selectFrom("quarantine")
    .selectAll()
    .where("badge", "=", badge)
    .where("state", "=", "waiting")
    .where("reason", "in", ["unknown-badge", "withdrawn-badge", "inactive-employee"])
    .orderBy("at")
    .orderBy("punch_id")
    .execute();
  return found.map(quarantinedOf);
}

/** Punches of one boot of a gateway that wait for it to know the time, in the order of their ids. */
export async function waitingForTime(
  db: Db,
  { site, gateway }: { readonly site: string; readonly gateway: string },
  bootId: string,
): Promise<Quarantined[]> {
  const found = await db
    .selectFrom("quarantine")
    .selectAll()
    .where("site", "=", site)
    .where("gateway", "=", gateway)
    .where("boot_id", "=", bootId)
    .where("state", "=", "waiting")
    .where("reason", "=", "impossible-time")
    .orderBy("punch_id")
    .execute();
  return found.map(quarantinedOf);
}

function quarantinedOf({ json, ...row }: Selectable<AttendanceDb["quarantine"]>): Quarantined {
  return { ...row, punch: punchOriginSchema.parse(JSON.parse(json)) };
}

export type AlarmRecord = Selectable<AttendanceDb["alarms"]>;

/** Alarms, newest first. */
export async function alarms(
  db: Db,
  query: {
    readonly visible: Visible;
    readonly before?: number | undefined;
    readonly limit: number;
  },
): Promise<AlarmRecord[]> {
  let rows = db.selectFrom("alarms").selectAll().where(atVisible(query.visible, "site"));
  if (query.before !== undefined) rows = rows.where("seq", "<", query.before);
  return await rows.orderBy("seq", "desc").limit(query.limit).execute();
}

export type PresenceRecord = Selectable<AttendanceDb["presence"]>;

/** Where people are, by employee. */
export async function presences(
  db: Db,
  query: {
    readonly visible: Visible;
    readonly after?: string | undefined;
    readonly limit: number;
  },
): Promise<PresenceRecord[]> {
  let rows = db
    .selectFrom("presence")
    .selectAll()
    .where(aboutVisible(query.visible, "employee_id"));
  if (query.after !== undefined) rows = rows.where("employee_id", ">", query.after);
  return await rows.orderBy("employee_id").limit(query.limit).execute();
}

export async function presenceOf(db: Db, employeeId: string): Promise<PresenceRecord | undefined> {
  return await db
    .selectFrom("presence")
    .selectAll()
    .where("employee_id", "=", employeeId)
    .executeTakeFirst();
}

/** Where punches ended up, as far as ATTENDANCE has been read; one that was ever quarantined stays that. */
export async function settled(
  db: Db,
  punchIds: readonly string[],
): Promise<ReadonlyMap<string, Attribution>> {
  const ids = [...punchIds];
  if (ids.length === 0) return new Map();
  const counted = await db
    .selectFrom("punches")
    .select(["punch_id", "employee_id"])
    .where("punch_id", "in", ids)
    .execute();
  const held = await db
    .selectFrom("quarantine")
    .select(["punch_id", "reason"])
    .where("punch_id", "in", ids)
    .execute();
  const found = new Map<string, Attribution>();
  for (const row of counted) {
    found.set(row.punch_id, { kind: "person", employeeId: row.employee_id });
  }
  for (const row of held) {
    found.set(row.punch_id, { kind: "quarantine", reason: row.reason });
  }
  return found;
}
