import { sql } from "kysely";
import type { AccessSources, SomeReach } from "../identity/access.ts";
import type { Subject } from "../identity/rights.ts";
import { type Db, employee } from "./reads.ts";

/** People as rights see them, from the read model. */
export function createSubjects(db: Db): AccessSources {
  return {
    async personOf(employeeId) {
      const found = await employee(db, employeeId);
      return found === undefined ? undefined : subjectOf(found.person.data);
    },
    peopleIn: (reach) => peopleIn(db, reach),
  };
}

export const subjectOf = ({
  employeeId,
  departmentId,
  managerId,
  siteIds,
}: {
  readonly employeeId: string;
  readonly departmentId: string;
  readonly managerId: string | null;
  readonly siteIds: readonly string[];
}): Subject => ({ employeeId, departmentId, managerId, siteIds });

/** One statement, from indexes alone: `coversPerson` as a query. A test holds the two together. */
async function peopleIn(db: Db, reach: SomeReach): Promise<string[]> {
  const sites = [...reach.sites];
  const departments = [...reach.departments];
  const { managerOf } = reach;
  const rows = await db
    .selectFrom("employees")
    .select("employee_id")
    .where((eb) =>
      eb.or([
        ...(departments.length > 0 ? [eb("department_id", "in", departments)] : []),
        ...(managerOf === undefined ? [] : [eb("manager_id", "=", managerOf)]),
        ...(sites.length > 0
          ? [
              eb(
                "employee_id",
                "in",
                eb.selectFrom("employee_sites").select("employee_id").where("site", "in", sites),
              ),
            ]
          : []),
        sql<boolean>`1 = 0`,
      ]),
    )
    .execute();
  return rows.map((row) => row.employee_id);
}
