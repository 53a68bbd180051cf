import type { AttendanceEvent } from "@clockleaf/shared/events/attendance.ts";
import { domainSubjects, parseEventSubject, STREAMS } from "@clockleaf/shared/subjects.ts";
import { type Claim, isEmptyWorkday, type Workday } from "@clockleaf/shared/worktime/workday.ts";
import type { Kysely, Transaction } from "kysely";
import { decidedAs } from "../eventing/decided-as.ts";
import type { StoredEvent } from "../eventing/event-store.ts";
import type { Projection } from "../eventing/projection.ts";

export interface WorkdaysDb {
  /** The newest revision of each day; what was withdrawn is not there. */
  report_workdays: {
    employee_id: string;
    workday_on: string;
    state: string;
    worked_seconds: number;
    break_seconds: number;
    paid_seconds: number;
    scheduled_seconds: number;
    overtime_seconds: number;
    paid_absence_seconds: number;
    unpaid_absence_seconds: number;
    exceptions: number;
  };
  /** Overtime of each day by pay code, rate and what was decided about it. */
  report_overtime: {
    employee_id: string;
    workday_on: string;
    code: string;
    rate: string;
    approval: Claim["approval"];
    seconds: number;
  };
}

const FIGURES = [
  "worked_seconds",
  "break_seconds",
  "paid_seconds",
  "scheduled_seconds",
  "overtime_seconds",
  "paid_absence_seconds",
  "unpaid_absence_seconds",
  "exceptions",
] as const;

/** The figures of every day, for reports. */
export function workdaysProjection(tenant: string): Projection<WorkdaysDb> {
  return {
    name: "report-workdays",
    version: 1,
    stream: STREAMS.attendance,
    filterSubjects: [domainSubjects("attendance")],
    migrate,
    async apply(tx, stored) {
      if (parseEventSubject(stored.subject)?.tenant === tenant) await apply(tx, stored);
    },
  };
}

async function migrate(db: Kysely<WorkdaysDb>): Promise<void> {
  let days = db.schema
    .createTable("report_workdays")
    .addColumn("employee_id", "text", (column) => column.notNull())
    .addColumn("workday_on", "text", (column) => column.notNull())
    .addColumn("state", "text", (column) => column.notNull())
    .addPrimaryKeyConstraint("report_workdays_key", ["employee_id", "workday_on"]);
  for (const figure of FIGURES) {
    days = days.addColumn(figure, "integer", (column) => column.notNull());
  }
  await days.execute();
  await db.schema
    .createTable("report_overtime")
    .addColumn("employee_id", "text", (column) => column.notNull())
    .addColumn("workday_on", "text", (column) => column.notNull())
    .addColumn("code", "text", (column) => column.notNull())
    .addColumn("rate", "text", (column) => column.notNull())
    .addColumn("approval", "text", (column) => column.notNull())
    .addColumn("seconds", "integer", (column) => column.notNull())
    .addPrimaryKeyConstraint("report_overtime_key", [
      "employee_id",
      "workday_on",
      "code",
      "rate",
      "approval",
    ])
    .execute();
}

/** The days of one person come in order, so the latest told is the newest revision. */
async function apply(tx: Transaction<WorkdaysDb>, stored: StoredEvent): Promise<void> {
  const event = decidedAs<AttendanceEvent>(stored);
  if (event.type !== "attendance.workday.calculated") return;
  const { employeeId, workday } = event.data;
  const key = { employee_id: employeeId, workday_on: workday.workdayOn };
  for (const table of ["report_workdays", "report_overtime"] as const) {
    await tx
      .deleteFrom(table)
      .where("employee_id", "=", key.employee_id)
      .where("workday_on", "=", key.workday_on)
      .execute();
  }
  if (isEmptyWorkday(workday)) return;
  await tx
    .insertInto("report_workdays")
    .values({ ...key, ...figuresOf(workday) })
    .execute();
  for (const overtime of overtimeOf(workday)) {
    await tx
      .insertInto("report_overtime")
      .values({ ...key, ...overtime })
      .execute();
  }
}

const sum = (values: readonly number[]): number => values.reduce((total, each) => total + each, 0);

function figuresOf(
  workday: Workday,
): Omit<WorkdaysDb["report_workdays"], "employee_id" | "workday_on"> {
  const { claims, credits } = workday;
  const absence = (isPaid: boolean): number =>
    sum(
      credits
        .filter((credit) => credit.kind === "absence" && credit.isPaid === isPaid)
        .map(({ seconds }) => seconds),
    );
  return {
    state: workday.state,
    worked_seconds: workday.workedSeconds,
    break_seconds: workday.breakSeconds,
    paid_seconds: workday.paidSeconds ?? workday.workedSeconds,
    scheduled_seconds: workday.scheduledSeconds ?? 0,
    overtime_seconds: sum(claims.filter(isOvertime).map(({ seconds }) => seconds)),
    paid_absence_seconds: absence(true),
    unpaid_absence_seconds: absence(false),
    exceptions: workday.exceptions.filter(({ premature }) => !premature).length,
  };
}

const isOvertime = (claim: Claim): boolean => claim.class === "overtime";

function overtimeOf(
  workday: Workday,
): ReadonlyArray<Omit<WorkdaysDb["report_overtime"], "employee_id" | "workday_on">> {
  const kinds = new Map<
    string,
    { code: string; rate: string; approval: Claim["approval"]; seconds: number }
  >();
  for (const { code, rate, approval, seconds } of workday.claims.filter(isOvertime)) {
    const kind = JSON.stringify([code, rate, approval]);
    const before = kinds.get(kind)?.seconds ?? 0;
    kinds.set(kind, { code, rate: String(rate), approval, seconds: before + seconds });
  }
  return [...kinds.values()];
}
