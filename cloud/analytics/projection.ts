import type {
  AttendanceEvent,
  checkInRecorded,
  meaningWithdrawn,
  workdayCalculated,
} from "@clockleaf/shared/events/attendance.ts";
import type { EventOf } from "@clockleaf/shared/events/envelope.ts";
import { domainSubjects, parseEventSubject, STREAMS } from "@clockleaf/shared/subjects.ts";
import type { Claim } from "@clockleaf/shared/worktime/workday.ts";
import type { Kysely, Transaction } from "kysely";
import { decidedAs } from "../eventing/decided-as.ts";
import type { StoredEvent } from "../eventing/event-store.ts";
import type { Projection } from "../eventing/projection.ts";
import { overtimeOf, punctualityOf } from "./day-figures.ts";
import { windowOf } from "./windows.ts";

/** Every row belongs to one person, whose events come in order; so the order among people makes no difference. */
export interface AnalyticsDb {
  /** The check-ins that stand now, each once. Windows are counted from these: there is no counter that could drift. */
  arrivals: {
    employee_id: string;
    punch_id: string;
    /** UTC milliseconds, where it counts. */
    at: number;
    /** Beginning of its window, UTC milliseconds. */
    window_at: number;
    site: string;
    workday_on: string;
  };
  /** The newest revision of each day; an emptied one stays for its revision. */
  days: {
    workday_on: string;
    employee_id: string;
    revision: number;
    /** Where the day begins and ends. */
    zone: string;
    is_due: number;
    is_late: number;
    is_absent: number;
    is_provisional: number;
  };
  /** Overtime of the newest revision, by what was decided about it. */
  overtime: {
    workday_on: string;
    employee_id: string;
    approval: Claim["approval"];
    seconds: number;
  };
}

/** What the views are counted from, of ATTENDANCE alone. */
export function analyticsProjection(tenant: string): Projection<AnalyticsDb> {
  return {
    name: "analytics",
    version: 1,
    stream: STREAMS.attendance,
    filterSubjects: [domainSubjects("attendance")],
    migrate,
    async apply(tx, stored) {
      if (parseEventSubject(stored.subject)?.tenant === tenant) await apply(tx, stored);
    },
  };
}

type Tx = Transaction<AnalyticsDb>;

async function migrate(db: Kysely<AnalyticsDb>): Promise<void> {
  await db.schema
    .createTable("arrivals")
    .addColumn("employee_id", "text", (column) => column.notNull())
    .addColumn("punch_id", "text", (column) => column.notNull())
    .addColumn("at", "bigint", (column) => column.notNull())
    .addColumn("window_at", "bigint", (column) => column.notNull())
    .addColumn("site", "text", (column) => column.notNull())
    .addColumn("workday_on", "text", (column) => column.notNull())
    .addPrimaryKeyConstraint("arrivals_key", ["employee_id", "punch_id"])
    .execute();
  await db.schema
    .createIndex("arrivals_by_window")
    .on("arrivals")
    .columns(["window_at", "site"])
    .execute();
  await db.schema
    .createIndex("arrivals_by_day")
    .on("arrivals")
    .columns(["workday_on", "employee_id", "at", "punch_id"])
    .execute();
  await db.schema
    .createTable("days")
    .addColumn("workday_on", "text", (column) => column.notNull())
    .addColumn("employee_id", "text", (column) => column.notNull())
    .addColumn("revision", "integer", (column) => column.notNull())
    .addColumn("zone", "text", (column) => column.notNull())
    .addColumn("is_due", "integer", (column) => column.notNull())
    .addColumn("is_late", "integer", (column) => column.notNull())
    .addColumn("is_absent", "integer", (column) => column.notNull())
    .addColumn("is_provisional", "integer", (column) => column.notNull())
    .addPrimaryKeyConstraint("days_key", ["workday_on", "employee_id"])
    .execute();
  await db.schema
    .createTable("overtime")
    .addColumn("workday_on", "text", (column) => column.notNull())
    .addColumn("employee_id", "text", (column) => column.notNull())
    .addColumn("approval", "text", (column) => column.notNull())
    .addColumn("seconds", "integer", (column) => column.notNull())
    .addPrimaryKeyConstraint("overtime_key", ["workday_on", "employee_id", "approval"])
    .execute();
}

async function apply(tx: Tx, stored: StoredEvent): Promise<void> {
  const event = decidedAs<AttendanceEvent>(stored);
  switch (event.type) {
    case "attendance.check-in.recorded":
      return arrive(tx, event.data);
    case "attendance.meaning.withdrawn":
      return withdraw(tx, event.data);
    case "attendance.workday.calculated":
      return calculate(tx, event.data);
    // The workday says what overtime there is and how it stands, and is told again when either changes.
    default:
      return;
  }
}

async function arrive(tx: Tx, data: EventOf<typeof checkInRecorded>["data"]): Promise<void> {
  const { employeeId, punchId, at, site, workdayOn } = data;
  const row = { at, window_at: windowOf(at), site, workday_on: workdayOn };
  await tx
    .insertInto("arrivals")
    .values({ employee_id: employeeId, punch_id: punchId, ...row })
    .onConflict((key) => key.columns(["employee_id", "punch_id"]).doUpdateSet(row))
    .execute();
}

/** A correction that moves a check-in withdraws it first, and tells it again where it counts now. */
async function withdraw(tx: Tx, data: EventOf<typeof meaningWithdrawn>["data"]): Promise<void> {
  if (data.was !== "in") return;
  await tx
    .deleteFrom("arrivals")
    .where("employee_id", "=", data.employeeId)
    .where("punch_id", "=", data.punchId)
    .execute();
}

async function calculate(tx: Tx, data: EventOf<typeof workdayCalculated>["data"]): Promise<void> {
  const { employeeId: employee_id, revision, workday } = data;
  const workday_on = workday.workdayOn;
  const { isDue, isLate, isAbsent, isProvisional } = punctualityOf(workday);
  const row = {
    revision,
    zone: workday.zone,
    is_due: isDue ? 1 : 0,
    is_late: isLate ? 1 : 0,
    is_absent: isAbsent ? 1 : 0,
    is_provisional: isProvisional ? 1 : 0,
  };
  const { numInsertedOrUpdatedRows: written = 0n } = await tx
    .insertInto("days")
    .values({ workday_on, employee_id, ...row })
    .onConflict((on) =>
      on
        .columns(["workday_on", "employee_id"])
        .doUpdateSet(row)
        .where("days.revision", "<", revision),
    )
    .executeTakeFirst();
  if (written === 0n) return;
  if (revision > 1) {
    await tx
      .deleteFrom("overtime")
      .where("workday_on", "=", workday_on)
      .where("employee_id", "=", employee_id)
      .execute();
  }
  const rows = [...overtimeOf(workday)].map(([approval, seconds]): AnalyticsDb["overtime"] => ({
    workday_on,
    employee_id,
    approval,
    seconds,
  }));
  if (rows.length > 0) await tx.insertInto("overtime").values(rows).execute();
}
