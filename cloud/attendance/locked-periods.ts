import type { PayrollEvent } from "@clockleaf/shared/events/payroll.ts";
import { domainSubjects, parseEventSubject, STREAMS } from "@clockleaf/shared/subjects.ts";
import type { Kysely } from "kysely";
import { decidedAs } from "../eventing/decided-as.ts";
import type { Projection } from "../eventing/projection.ts";

export interface LockedPeriodsDb {
  locked_periods: {
    employee_id: string;
    period_id: string;
    from_on: string;
    to_on: string;
    locked_at: number;
  };
}

/** Whose days are paid and closed; from PAYROLL events alone. */
export function lockedPeriodsProjection(tenant: string): Projection<LockedPeriodsDb> {
  return {
    name: "attendance-locked-periods",
    version: 1,
    stream: STREAMS.payroll,
    filterSubjects: [domainSubjects("payroll")],
    async migrate(db) {
      await db.schema
        .createTable("locked_periods")
        .addColumn("employee_id", "text", (column) => column.notNull())
        .addColumn("period_id", "text", (column) => column.notNull())
        .addColumn("from_on", "text", (column) => column.notNull())
        .addColumn("to_on", "text", (column) => column.notNull())
        .addColumn("locked_at", "bigint", (column) => column.notNull())
        .addPrimaryKeyConstraint("locked_periods_key", ["employee_id", "period_id"])
        .execute();
    },
    async apply(tx, stored) {
      if (parseEventSubject(stored.subject)?.tenant !== tenant) return;
      const event = decidedAs<PayrollEvent>(stored);
      if (event.type !== "payroll.period.locked") return;
      const { people, periodId, fromOn, toOn, at } = event.data;
      const dates = { from_on: fromOn, to_on: toOn, locked_at: at };
      for (let first = 0; first < people.length; first += PEOPLE_A_STATEMENT) {
        const some = people.slice(first, first + PEOPLE_A_STATEMENT);
        await tx
          .insertInto("locked_periods")
          .values(
            some.map((employee_id) => ({
              employee_id,
              period_id: periodId,
              from_on: fromOn,
              to_on: toOn,
              locked_at: at,
            })),
          )
          .onConflict((key) => key.columns(["employee_id", "period_id"]).doUpdateSet(dates))
          .execute();
      }
    },
  };
}

const PEOPLE_A_STATEMENT = 100;

/** The first of these dates of somebody that lies in a locked period, and which one. */
export async function lockedOn(
  db: Kysely<LockedPeriodsDb>,
  employeeId: string,
  dates: readonly string[],
): Promise<{ readonly on: string; readonly periodId: string } | undefined> {
  if (dates.length === 0) return undefined;
  const periods = await db
    .selectFrom("locked_periods")
    .selectAll()
    .where("employee_id", "=", employeeId)
    .orderBy("from_on")
    .orderBy("period_id")
    .execute();
  for (const on of dates.toSorted()) {
    const period = periods.find(({ from_on, to_on }) => from_on <= on && on <= to_on);
    if (period !== undefined) return { on, periodId: period.period_id };
  }
  return undefined;
}
