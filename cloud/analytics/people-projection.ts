import type { EmployeeEvent } from "@clockleaf/shared/events/employee.ts";
import { domainSubjects, parseEventSubject, STREAMS } from "@clockleaf/shared/subjects.ts";
import type { Kysely, Transaction } from "kysely";
import { decidedAs } from "../eventing/decided-as.ts";
import type { StoredEvent } from "../eventing/event-store.ts";
import type { Projection } from "../eventing/projection.ts";

export interface PeopleDb {
  /** Where somebody belongs from an instant on, until the next row. */
  belongings: {
    employee_id: string;
    /** UTC milliseconds; 0 = as first entered, for punches of before the entry may count. */
    from_at: number;
    department_id: string;
    /** The first of the sites they work at. */
    site: string | null;
  };
}

/** Where people belonged when, from EMPLOYEE alone. Nothing of it is personal, so an erasure changes nothing here. */
export function peopleProjection(tenant: string): Projection<PeopleDb> {
  return {
    name: "analytics-people",
    version: 1,
    stream: STREAMS.employee,
    filterSubjects: [domainSubjects("employee")],
    migrate,
    async apply(tx, stored) {
      if (parseEventSubject(stored.subject)?.tenant === tenant) await apply(tx, stored);
    },
  };
}

async function migrate(db: Kysely<PeopleDb>): Promise<void> {
  await db.schema
    .createTable("belongings")
    .addColumn("employee_id", "text", (column) => column.notNull())
    .addColumn("from_at", "bigint", (column) => column.notNull())
    .addColumn("department_id", "text", (column) => column.notNull())
    .addColumn("site", "text")
    .addPrimaryKeyConstraint("belongings_key", ["employee_id", "from_at"])
    .execute();
}

async function apply(tx: Transaction<PeopleDb>, stored: StoredEvent): Promise<void> {
  const event = decidedAs<EmployeeEvent>(stored);
  switch (event.type) {
    case "employee.employee.created":
    case "employee.employee.updated": {
      const { employeeId, departmentId, siteIds } = event.data;
      const isFirst = event.type === "employee.employee.created";
      const fromAt = isFirst ? 0 : stored.event.metadata.timestamp;
      return belong(tx, employeeId, { fromAt, departmentId, site: siteIds[0] ?? null });
    }
    case "employee.department.changed": {
      const { employeeId, toDepartmentId, at } = event.data;
      return belong(tx, employeeId, { fromAt: at, departmentId: toDepartmentId });
    }
    default:
      return;
  }
}

interface Change {
  readonly fromAt: number;
  readonly departmentId: string;
  /** Left out: as before. */
  readonly site?: string | null;
}

/** What is told later holds from its instant on, whatever was told of the time after it. */
async function belong(
  tx: Transaction<PeopleDb>,
  employeeId: string,
  { fromAt, departmentId, site: given }: Change,
): Promise<void> {
  const known = tx.selectFrom("belongings").selectAll().where("employee_id", "=", employeeId);
  const latest = await known.orderBy("from_at", "desc").limit(1).executeTakeFirst();
  const site = given === undefined ? (latest?.site ?? null) : given;
  await tx
    .deleteFrom("belongings")
    .where("employee_id", "=", employeeId)
    .where("from_at", ">=", fromAt)
    .execute();
  const before = await known.orderBy("from_at", "desc").limit(1).executeTakeFirst();
  if (before?.department_id === departmentId && before.site === site) return;
  await tx
    .insertInto("belongings")
    .values({ employee_id: employeeId, from_at: fromAt, department_id: departmentId, site })
    .execute();
}
