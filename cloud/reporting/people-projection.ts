import {
  type EmployeeData,
  type EmployeeEvent,
  employeeCreated,
} from "@clockleaf/shared/events/employee.ts";
import { domainSubjects, parseEventSubject, STREAMS } from "@clockleaf/shared/subjects.ts";
import type { Kysely, Transaction } from "kysely";
import { z } from "zod";
import { decidedAs } from "../eventing/decided-as.ts";
import type { StoredEvent } from "../eventing/event-store.ts";
import type { Projection } from "../eventing/projection.ts";

export interface PeopleDb {
  report_people: {
    employee_id: string;
    last_name: string;
    first_name: string;
    department_id: string;
    /** JSON array. */
    sites: string;
  };
}

/** What stands for the names of somebody who was erased, as the event store gives it to who asks without a key. */
const ERASED = z
  .object({ firstName: z.string(), lastName: z.string() })
  .parse(employeeCreated.personal);

/** Names and places of people, for reports. */
export function peopleProjection(tenant: string): Projection<PeopleDb> {
  return {
    name: "report-people",
    version: 1,
    stream: STREAMS.employee,
    filterSubjects: [domainSubjects("employee")],
    async migrate(db) {
      await migrate(db);
    },
    async apply(tx, stored) {
      if (parseEventSubject(stored.subject)?.tenant === tenant) await apply(tx, stored);
    },
  };
}

async function migrate(db: Kysely<PeopleDb>): Promise<void> {
  await db.schema
    .createTable("report_people")
    .addColumn("employee_id", "text", (column) => column.primaryKey())
    .addColumn("last_name", "text", (column) => column.notNull())
    .addColumn("first_name", "text", (column) => column.notNull())
    .addColumn("department_id", "text", (column) => column.notNull())
    .addColumn("sites", "text", (column) => column.notNull())
    .execute();
}

async function apply(tx: Transaction<PeopleDb>, stored: StoredEvent): Promise<void> {
  const event = decidedAs<EmployeeEvent>(stored);
  switch (event.type) {
    case "employee.employee.created":
    case "employee.employee.updated":
      return await put(tx, event.data);
    case "employee.department.changed":
      return await change(tx, event.data.employeeId, { department_id: event.data.toDepartmentId });
    case "employee.person.erased": {
      const names = { first_name: ERASED.firstName, last_name: ERASED.lastName };
      return await change(tx, event.data.employeeId, names);
    }
    default:
      return;
  }
}

async function put(tx: Transaction<PeopleDb>, data: EmployeeData): Promise<void> {
  const row = {
    last_name: data.lastName,
    first_name: data.firstName,
    department_id: data.departmentId,
    sites: JSON.stringify(data.siteIds),
  };
  await tx
    .insertInto("report_people")
    .values({ employee_id: data.employeeId, ...row })
    .onConflict((key) => key.column("employee_id").doUpdateSet(row))
    .execute();
}

async function change(
  tx: Transaction<PeopleDb>,
  employeeId: string,
  values: Partial<PeopleDb["report_people"]>,
): Promise<void> {
  await tx.updateTable("report_people").set(values).where("employee_id", "=", employeeId).execute();
}
