import type { Kysely } from "kysely";
import { type PeopleDb, peopleOfSite } from "./people.ts";
import { type Db, leaveBetween } from "./reads.ts";

export interface LeaveToday {
  readonly employeeId: string;
  readonly leaveId: string;
  readonly code: string;
  readonly fromOn: string;
  readonly toOn: string;
}

/** More people than any site has. */
const MOST = 50_000;

/** For whom the whole site is within reach: whose approved leave covers the date, of those who work at the site. */
export async function onLeave(
  { db, people }: { readonly db: Db; readonly people: Kysely<PeopleDb> },
  site: string,
  on: string,
): Promise<LeaveToday[]> {
  const found = await leaveBetween(db, { from: on, to: on, visible: { kind: "all" } }, MOST);
  const here = await peopleOfSite(people, site, [...new Set(found.map((row) => row.employee_id))]);
  return found
    .filter((row) => here.has(row.employee_id))
    .map((row) => ({
      employeeId: row.employee_id,
      leaveId: row.leave_id,
      code: row.code,
      fromOn: row.from_on,
      toOn: row.last_on ?? row.to_on,
    }));
}
