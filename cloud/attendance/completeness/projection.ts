import type { siteCompleted, watermarkReached } from "@clockleaf/shared/events/attendance.ts";
import type { EventOf } from "@clockleaf/shared/events/envelope.ts";
import { dateOf } from "@clockleaf/shared/worktime/civil-time.ts";
import type { Kysely, Transaction } from "kysely";
import type { StoredEvent } from "../../eventing/event-store.ts";
import type { AttendanceDb } from "../projection.ts";

export interface MarksDb {
  /** How far each site is known to have told everything. */
  site_marks: { site: string; complete_to: number; seq: number; told_at: number };
  /** The same as somebody's days have seen it. */
  person_marks: { employee_id: string; site: string; complete_to: number };
}

type Tx = Transaction<AttendanceDb>;

export async function migrateMarks(db: Kysely<AttendanceDb>): Promise<void> {
  await db.schema
    .createTable("site_marks")
    .addColumn("site", "text", (column) => column.primaryKey())
    .addColumn("complete_to", "bigint", (column) => column.notNull())
    .addColumn("seq", "bigint", (column) => column.notNull())
    .addColumn("told_at", "bigint", (column) => column.notNull())
    .execute();
  await db.schema
    .createTable("person_marks")
    .addColumn("employee_id", "text", (column) => column.notNull())
    .addColumn("site", "text", (column) => column.notNull())
    .addColumn("complete_to", "bigint", (column) => column.notNull())
    .addPrimaryKeyConstraint("person_marks_key", ["employee_id", "site"])
    .execute();
}

export async function completeSite(
  tx: Tx,
  { site, completeTo }: EventOf<typeof siteCompleted>["data"],
  { seq, event }: StoredEvent,
): Promise<void> {
  const row = { complete_to: completeTo, seq, told_at: event.metadata.timestamp };
  await tx
    .insertInto("site_marks")
    .values({ site, ...row })
    .onConflict((key) => key.column("site").doUpdateSet(row))
    .execute();
}

export async function reachMark(
  tx: Tx,
  { employeeId, site, completeTo }: EventOf<typeof watermarkReached>["data"],
): Promise<void> {
  const row = { complete_to: completeTo };
  await tx
    .insertInto("person_marks")
    .values({ employee_id: employeeId, site, ...row })
    .onConflict((key) => key.columns(["employee_id", "site"]).doUpdateSet(row))
    .execute();
}

export interface SiteMark {
  readonly completeTo: number;
  /** Of the event that told it. */
  readonly seq: number;
}

/** How far sites are complete, by site. */
export async function siteMarks(db: Kysely<AttendanceDb>): Promise<ReadonlyMap<string, SiteMark>> {
  const rows = await db.selectFrom("site_marks").selectAll().execute();
  return new Map(rows.map((row) => [row.site, { completeTo: row.complete_to, seq: row.seq }]));
}

/** Further back than any day that a watermark later than the day itself can still change. */
const REACH_DAYS = 6;
const DAY_MS = 86_400_000;

/**
 * Who has a day that is not complete and that a risen watermark may change: not further back than the lowest watermark
 * that the person's days have seen. By id.
 */
export async function peopleUnsettled(db: Kysely<AttendanceDb>): Promise<readonly string[]> {
  const days = await db
    .selectFrom("workdays")
    .select((eb) => ["employee_id", eb.fn.max("workday_on").as("last")])
    .where("state", "in", ["open", "provisional"])
    .where("is_empty", "=", 0)
    .groupBy("employee_id")
    .orderBy("employee_id")
    .execute();
  const marks = await db
    .selectFrom("person_marks")
    .select((eb) => ["employee_id", eb.fn.min("complete_to").as("lowest")])
    .groupBy("employee_id")
    .execute();
  const lowest = new Map(marks.map((row) => [row.employee_id, row.lowest]));
  return days
    .filter(({ employee_id, last }) => {
      const mark = lowest.get(employee_id);
      return mark === undefined || last >= dateOf(Math.floor(mark / DAY_MS) - REACH_DAYS);
    })
    .map((row) => row.employee_id);
}

/** Sites at which somebody has punched since an instant. */
export async function sitesSince(
  db: Kysely<AttendanceDb>,
  employeeId: string,
  sinceMs: number,
): Promise<readonly string[]> {
  const rows = await db
    .selectFrom("punches")
    .select("site")
    .distinct()
    .where("employee_id", "=", employeeId)
    .where("at", ">=", sinceMs)
    .orderBy("site")
    .execute();
  return rows.map(({ site }) => site);
}
