import type { EmployeeEvent } from "@clockleaf/shared/events/employee.ts";
import type { Decided } from "@clockleaf/shared/events/envelope.ts";
import { domainSubjects, parseEventSubject, STREAMS } from "@clockleaf/shared/subjects.ts";
import type { Kysely, Transaction } from "kysely";
import { decidedAs } from "../eventing/decided-as.ts";
import type { StoredEvent } from "../eventing/event-store.ts";
import type { Projection } from "../eventing/projection.ts";
import type { Person } from "./steps.ts";

/** Who manages whom; nothing personal. */
export interface PeopleDb {
  workflow_people: { employee_id: string; manager_id: string | null; is_active: number };
}

export function peopleProjection(tenant: string): Projection<PeopleDb> {
  return {
    name: "workflow-people",
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
    .createTable("workflow_people")
    .addColumn("employee_id", "text", (column) => column.primaryKey())
    .addColumn("manager_id", "text")
    .addColumn("is_active", "integer", (column) => column.notNull())
    .execute();
}

/** Only active people approve. What is not listed changes nothing about that. */
const ACTIVITY: { readonly [T in Decided<EmployeeEvent>["type"]]?: 0 | 1 } = {
  "employee.employee.activated": 1,
  "employee.employee.reactivated": 1,
  "employee.employee.deactivated": 0,
  "employee.employee.suspended": 0,
  "employee.employee.terminated": 0,
  "employee.person.erased": 0,
};

async function apply(tx: Transaction<PeopleDb>, stored: StoredEvent): Promise<void> {
  const { type, data } = decidedAs<EmployeeEvent>(stored);
  const { employeeId: employee_id } = data;
  if (type === "employee.employee.created" || type === "employee.employee.updated") {
    const row = { manager_id: data.managerId, is_active: data.status === "active" ? 1 : 0 };
    await tx
      .insertInto("workflow_people")
      .values({ employee_id, ...row })
      .onConflict((key) => key.column("employee_id").doUpdateSet(row))
      .execute();
    return;
  }
  if (type === "employee.manager.changed") {
    return change(tx, employee_id, { manager_id: data.toManagerId });
  }
  const is_active = ACTIVITY[type];
  if (is_active !== undefined) await change(tx, employee_id, { is_active });
}

async function change(
  tx: Transaction<PeopleDb>,
  employeeId: string,
  row: Partial<PeopleDb["workflow_people"]>,
): Promise<void> {
  await tx.updateTable("workflow_people").set(row).where("employee_id", "=", employeeId).execute();
}

/** The people, their managers and the managers of these. */
export async function hierarchyOf(
  db: Kysely<PeopleDb>,
  employeeIds: readonly string[],
): Promise<ReadonlyMap<string, Person>> {
  const found = new Map<string, Person>();
  let wanted = [...new Set(employeeIds)];
  for (let level = 0; level < 3 && wanted.length > 0; level += 1) {
    const rows = await db
      .selectFrom("workflow_people")
      .selectAll()
      .where("employee_id", "in", wanted)
      .execute();
    for (const { employee_id, manager_id, is_active } of rows) {
      found.set(employee_id, {
        employeeId: employee_id,
        managerId: manager_id,
        isActive: is_active === 1,
      });
    }
    const above = rows.map(({ manager_id }) => manager_id).filter((id) => id !== null);
    wanted = [...new Set(above)].filter((id) => !found.has(id));
  }
  return found;
}
