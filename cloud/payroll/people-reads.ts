import type { Kysely, Selectable } from "kysely";
import { z } from "zod";
import type { DayFacts } from "./calculation/day-facts.ts";
import type { LeavePayout } from "./calculation/facts.ts";
import type { LeaveDb } from "./leave-projection.ts";
import type { PeopleDb } from "./people-projection.ts";
import type { TimeDb } from "./time-projection.ts";

export type PersonRow = Selectable<PeopleDb["pay_people"]>;

export async function personRow(
  db: Kysely<PeopleDb>,
  employeeId: string,
): Promise<PersonRow | undefined> {
  return await db
    .selectFrom("pay_people")
    .selectAll()
    .where("employee_id", "=", employeeId)
    .executeTakeFirst();
}

/** Of these people, who is employed on some day of the span. */
export async function employedIn(
  db: Kysely<PeopleDb>,
  span: { readonly fromOn: string; readonly toOn: string },
): Promise<Set<string>> {
  const rows = await db
    .selectFrom("pay_people")
    .select("employee_id")
    .where("status", "!=", "draft")
    .where("start_on", "<=", span.toOn)
    .where((eb) => eb.or([eb("last_day_on", "is", null), eb("last_day_on", ">=", span.fromOn)]))
    .orderBy("employee_id")
    .execute();
  return new Set(rows.map((row) => row.employee_id));
}

/** Our own words, written by the projection. */
const dayJson = z.custom<DayFacts>((value) => typeof value === "object" && value !== null);

/** A person's days, without what somebody has looked at. */
export async function daysOf(
  db: Kysely<TimeDb>,
  employeeId: string,
  span: { readonly fromOn: string; readonly toOn: string },
): Promise<DayFacts[]> {
  const [days, reviews] = await Promise.all([
    db
      .selectFrom("pay_days")
      .select("json")
      .where("employee_id", "=", employeeId)
      .where("workday_on", ">=", span.fromOn)
      .where("workday_on", "<=", span.toOn)
      .orderBy("workday_on")
      .execute(),
    db
      .selectFrom("pay_reviews")
      .select(["workday_on", "kind"])
      .where("employee_id", "=", employeeId)
      .where("workday_on", ">=", span.fromOn)
      .where("workday_on", "<=", span.toOn)
      .execute(),
  ]);
  const reviewed = new Set(reviews.map((row) => `${row.workday_on} ${row.kind}`));
  return days.map(({ json }) => {
    const day = dayJson.parse(JSON.parse(json));
    const problems = day.problems.filter(({ kind }) => !reviewed.has(`${day.workdayOn} ${kind}`));
    return Object.assign(day, { problems });
  });
}

/** Leave to be paid out up to a day. */
export async function payoutsOf(
  db: Kysely<LeaveDb>,
  employeeId: string,
  untilOn: string,
): Promise<LeavePayout[]> {
  const rows = await db
    .selectFrom("pay_payouts")
    .select(["entry_id", "minutes"])
    .where("employee_id", "=", employeeId)
    .where("on_day", "<=", untilOn)
    .orderBy("entry_id")
    .execute();
  return rows.map((row) => ({ entryId: row.entry_id, minutes: row.minutes }));
}

export async function peopleWithPayouts(db: Kysely<LeaveDb>, untilOn: string): Promise<string[]> {
  const rows = await db
    .selectFrom("pay_payouts")
    .select("employee_id")
    .distinct()
    .where("on_day", "<=", untilOn)
    .orderBy("employee_id")
    .execute();
  return rows.map((row) => row.employee_id);
}
