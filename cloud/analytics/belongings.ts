import { dayOfDate, instantOf } from "@clockleaf/shared/worktime/civil-time.ts";
import type { Kysely } from "kysely";
import type { PeopleDb } from "./people-projection.ts";

/** Nulls = EMPLOYEE has not told of this person. */
export interface Belonging {
  readonly departmentId: string | null;
  /** Where they work first of all. */
  readonly site: string | null;
}

/** A person's day. */
export interface PersonDay {
  readonly employee_id: string;
  readonly workday_on: string;
  readonly zone: string;
}

export type BelongingOn = (day: PersonDay) => Belonging;

const NOWHERE: Belonging = { departmentId: null, site: null };

/** Where people belong on a day: whoever moves in the course of it belongs to the new place on all of it. */
export async function readBelongings(db: Kysely<PeopleDb>): Promise<BelongingOn> {
  const rows = await db
    .selectFrom("belongings")
    .selectAll()
    .orderBy("employee_id")
    .orderBy("from_at")
    .execute();
  const byPerson = Map.groupBy(rows, ({ employee_id }) => employee_id);
  return ({ employee_id, workday_on, zone }) => {
    const held = byPerson.get(employee_id) ?? [];
    let last = held.at(-1);
    if (held.length > 1) {
      const dayEndsAt = instantOf(dayOfDate(workday_on) + 1, 0, zone);
      last = held.findLast(({ from_at }) => from_at < dayEndsAt);
    }
    return last === undefined ? NOWHERE : { departmentId: last.department_id, site: last.site };
  };
}
