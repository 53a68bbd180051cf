import type { AttendanceDb } from "./projection.ts";
import type { Db } from "./reads.ts";

/** Where somebody is by the latest punch that counts, and which gateway took it. */
export interface LastPunch {
  readonly employeeId: string;
  readonly state: AttendanceDb["presence"]["state"];
  readonly at: number;
  readonly site: string;
  readonly gateway: string;
  readonly reader: string;
  readonly punchId: string;
}

/** Of these people, and of everybody who is in or on a break at the site; by person. */
export async function lastPunches(
  db: Db,
  site: string,
  people: readonly string[],
): Promise<LastPunch[]> {
  const found = new Map<string, LastPunch>();
  for (const each of await here(db, site)) found.set(each.employeeId, each);
  const others = people.filter((id) => !found.has(id));
  for (let from = 0; from < others.length; from += MOST_IDS) {
    const rows = await presenceOfPeople(db, others.slice(from, from + MOST_IDS));
    for (const each of rows) found.set(each.employeeId, each);
  }
  return [...found.values()];
}

/** In one statement. */
const MOST_IDS = 500;

const withGateway = (db: Db) =>
  db
    .selectFrom("presence")
    .innerJoin("punches", "punches.punch_id", "presence.punch_id")
    .select([
      "presence.employee_id as employeeId",
      "presence.state as state",
      "presence.since as at",
      "presence.site as site",
      "punches.gateway as gateway",
      "presence.reader as reader",
      "presence.punch_id as punchId",
    ]);

const here = (db: Db, site: string): Promise<LastPunch[]> =>
  withGateway(db)
    .where("presence.site", "=", site)
    .where("presence.state", "!=", "out")
    .orderBy("presence.employee_id")
    .execute();

const presenceOfPeople = (db: Db, people: readonly string[]): Promise<LastPunch[]> =>
  withGateway(db)
    .where("presence.employee_id", "in", [...people])
    .orderBy("presence.employee_id")
    .execute();
