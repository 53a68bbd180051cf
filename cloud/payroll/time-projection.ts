import type { AttendanceEvent } from "@clockleaf/shared/events/attendance.ts";
import type { Decided } from "@clockleaf/shared/events/envelope.ts";
import { domainSubjects, parseEventSubject, STREAMS } from "@clockleaf/shared/subjects.ts";
import type { Kysely, Transaction } from "kysely";
import { decidedAs } from "../eventing/decided-as.ts";
import type { Projection } from "../eventing/projection.ts";
import { dayFactsOf } from "./calculation/day-facts.ts";

export interface TimeDb {
  pay_days: {
    employee_id: string;
    workday_on: string;
    revision: number;
    /** `DayFacts`. */
    json: string;
  };
  /** What somebody has looked at; gone once the day no longer has it. */
  pay_reviews: { employee_id: string; workday_on: string; kind: string };
}

/** The latest revision of every day, as far as pay needs it. */
export function timeProjection(tenant: string): Projection<TimeDb> {
  return {
    name: "payroll-time",
    version: 1,
    stream: STREAMS.attendance,
    filterSubjects: [domainSubjects("attendance")],
    migrate,
    async apply(tx, stored) {
      if (parseEventSubject(stored.subject)?.tenant !== tenant) return;
      const event = decidedAs<AttendanceEvent>(stored);
      if (event.type === "attendance.workday.calculated") await putDay(tx, event.data);
      if (event.type === "attendance.exception.reviewed") await putReview(tx, event.data);
    },
  };
}

async function migrate(db: Kysely<TimeDb>): Promise<void> {
  await db.schema
    .createTable("pay_days")
    .addColumn("employee_id", "text", (column) => column.notNull())
    .addColumn("workday_on", "text", (column) => column.notNull())
    .addColumn("revision", "integer", (column) => column.notNull())
    .addColumn("json", "text", (column) => column.notNull())
    .addPrimaryKeyConstraint("pay_days_key", ["employee_id", "workday_on"])
    .execute();
  await db.schema
    .createTable("pay_reviews")
    .addColumn("employee_id", "text", (column) => column.notNull())
    .addColumn("workday_on", "text", (column) => column.notNull())
    .addColumn("kind", "text", (column) => column.notNull())
    .addPrimaryKeyConstraint("pay_reviews_key", ["employee_id", "workday_on", "kind"])
    .execute();
}

type Tx = Transaction<TimeDb>;
type Data<T extends string> = Extract<Decided<AttendanceEvent>, { type: T }>["data"];

async function putDay(
  tx: Tx,
  { employeeId, revision, workday }: Data<"attendance.workday.calculated">,
): Promise<void> {
  const key = { employee_id: employeeId, workday_on: workday.workdayOn };
  const before = await tx
    .selectFrom("pay_days")
    .select("revision")
    .where("employee_id", "=", key.employee_id)
    .where("workday_on", "=", key.workday_on)
    .executeTakeFirst();
  if (before !== undefined && before.revision >= revision) return;
  const facts = dayFactsOf(workday, revision);
  const row = { revision, json: JSON.stringify(facts) };
  await tx
    .insertInto("pay_days")
    .values({ ...key, ...row })
    .onConflict((on) => on.columns(["employee_id", "workday_on"]).doUpdateSet(row))
    .execute();
  const kinds = facts.problems.map(({ kind }) => kind);
  let gone = tx
    .deleteFrom("pay_reviews")
    .where("employee_id", "=", key.employee_id)
    .where("workday_on", "=", key.workday_on);
  if (kinds.length > 0) gone = gone.where("kind", "not in", kinds);
  await gone.execute();
}

async function putReview(tx: Tx, data: Data<"attendance.exception.reviewed">): Promise<void> {
  const row = { employee_id: data.employeeId, workday_on: data.workdayOn, kind: data.kind };
  if (data.outcome === "reopened") {
    await tx
      .deleteFrom("pay_reviews")
      .where("employee_id", "=", row.employee_id)
      .where("workday_on", "=", row.workday_on)
      .where("kind", "=", row.kind)
      .execute();
    return;
  }
  await tx
    .insertInto("pay_reviews")
    .values(row)
    .onConflict((on) => on.columns(["employee_id", "workday_on", "kind"]).doNothing())
    .execute();
}
