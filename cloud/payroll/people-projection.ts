import type { EmployeeData, EmployeeEvent } from "@clockleaf/shared/events/employee.ts";
import type { Decided } from "@clockleaf/shared/events/envelope.ts";
import { domainSubjects, parseEventSubject, STREAMS } from "@clockleaf/shared/subjects.ts";
import type { Kysely, Transaction } from "kysely";
import { decidedAs } from "../eventing/decided-as.ts";
import type { Projection } from "../eventing/projection.ts";

export interface PeopleDb {
  pay_people: {
    employee_id: string;
    name: string;
    locale: string | null;
    department_id: string;
    employment_type: string;
    status: string;
    start_on: string;
    /** Null while the employment goes on. */
    last_day_on: string | null;
  };
}

const ERASED = "Erased Person";

/** Who is employed from when to when, and the name and language of their payslip. */
export function peopleProjection(tenant: string): Projection<PeopleDb> {
  return {
    name: "payroll-people",
    version: 1,
    stream: STREAMS.employee,
    filterSubjects: [domainSubjects("employee")],
    migrate,
    async apply(tx, stored) {
      if (parseEventSubject(stored.subject)?.tenant !== tenant) return;
      await apply(tx, decidedAs<EmployeeEvent>(stored));
    },
  };
}

async function migrate(db: Kysely<PeopleDb>): Promise<void> {
  await db.schema
    .createTable("pay_people")
    .addColumn("employee_id", "text", (column) => column.primaryKey())
    .addColumn("name", "text", (column) => column.notNull())
    .addColumn("locale", "text")
    .addColumn("department_id", "text", (column) => column.notNull())
    .addColumn("employment_type", "text", (column) => column.notNull())
    .addColumn("status", "text", (column) => column.notNull())
    .addColumn("start_on", "text", (column) => column.notNull())
    .addColumn("last_day_on", "text")
    .execute();
}

type Tx = Transaction<PeopleDb>;

async function apply(tx: Tx, event: Decided<EmployeeEvent>): Promise<void> {
  const set = (values: Partial<PeopleDb["pay_people"]>): Promise<unknown> =>
    tx
      .updateTable("pay_people")
      .set(values)
      .where("employee_id", "=", event.data.employeeId)
      .execute();
  switch (event.type) {
    case "employee.employee.created":
    case "employee.employee.updated":
      await putPerson(tx, event.data);
      return;
    case "employee.employee.activated":
    case "employee.employee.reactivated":
      await set({ status: "active", last_day_on: null });
      return;
    case "employee.employee.suspended":
      await set({ status: "suspended" });
      return;
    case "employee.employee.terminated":
      await set({ status: "terminated", last_day_on: event.data.lastDayOn });
      return;
    case "employee.employee.deactivated":
      await deactivate(tx, event.data);
      return;
    case "employee.department.changed":
      await set({ department_id: event.data.toDepartmentId });
      return;
    case "employee.person.erased":
      await set({ name: ERASED });
      return;
    case "employee.manager.changed":
    case "employee.leave.started":
    case "employee.leave.ended":
    case "employee.probation.started":
    case "employee.probation.completed":
    case "employee.badge.assigned":
    case "employee.badge.withdrawn":
  }
}

async function putPerson(tx: Tx, data: EmployeeData): Promise<void> {
  const { employeeId: employee_id, firstName, lastName, status } = data;
  const row = {
    name: `${firstName} ${lastName}`,
    locale: data.locale ?? null,
    department_id: data.departmentId,
    employment_type: data.employmentType,
    status,
    start_on: data.startDate,
    // Taken on again: the employment that ended is not the one that counts now.
    ...(status === "active" ? { last_day_on: null } : {}),
  };
  await tx
    .insertInto("pay_people")
    .values({ employee_id, last_day_on: null, ...row })
    .onConflict((key) => key.column("employee_id").doUpdateSet(row))
    .execute();
}

/** Taken off the readers without a word about the employment: it ended that day, unless its end is known. */
async function deactivate(
  tx: Tx,
  { employeeId, at }: { readonly employeeId: string; readonly at: number },
): Promise<void> {
  const lastDayOn = new Date(at).toISOString().slice(0, 10);
  const mine = tx.updateTable("pay_people").where("employee_id", "=", employeeId);
  await mine.set({ status: "inactive" }).execute();
  await mine.set({ last_day_on: lastDayOn }).where("last_day_on", "is", null).execute();
}
