import type { EmployeeData, EmployeeEvent } from "@clockleaf/shared/events/employee.ts";
import { domainSubjects, parseEventSubject, STREAMS } from "@clockleaf/shared/subjects.ts";
import type { Kysely, Transaction } from "kysely";
import { z } from "zod";
import { decidedAs } from "../eventing/decided-as.ts";
import type { StoredEvent } from "../eventing/event-store.ts";
import type { Projection } from "../eventing/projection.ts";

export interface PeopleDb {
  people: {
    employee_id: string;
    status: string;
    department_id: string;
    manager_id: string | null;
    employment_type: string;
    start_on: string;
    last_day_on: string | null;
    /** JSON list; the first decides zone and calendar. */
    sites: string;
    /** When EMPLOYEE first told of them, UTC milliseconds. */
    entered_at: number;
  };
}

/** What leave must know of people, from EMPLOYEE alone: nothing of it is personal, so an erasure changes nothing here. */
export function peopleProjection(tenant: string): Projection<PeopleDb> {
  return {
    name: "leave-people",
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
    .createTable("people")
    .addColumn("employee_id", "text", (column) => column.primaryKey())
    .addColumn("status", "text", (column) => column.notNull())
    .addColumn("department_id", "text", (column) => column.notNull())
    .addColumn("manager_id", "text")
    .addColumn("employment_type", "text", (column) => column.notNull())
    .addColumn("start_on", "text", (column) => column.notNull())
    .addColumn("last_day_on", "text")
    .addColumn("sites", "text", (column) => column.notNull())
    .addColumn("entered_at", "bigint", (column) => column.notNull())
    .execute();
  await db.schema
    .createIndex("people_by_department")
    .on("people")
    .columns(["department_id", "employee_id"])
    .execute();
}

type Tx = Transaction<PeopleDb>;

async function apply(tx: Tx, stored: StoredEvent): Promise<void> {
  const event = decidedAs<EmployeeEvent>(stored);
  switch (event.type) {
    case "employee.employee.created":
    case "employee.employee.updated":
      return put(tx, event.data, stored.event.metadata.timestamp);
    case "employee.employee.deactivated":
      return set(tx, event.data.employeeId, { status: "inactive" });
    case "employee.employee.activated":
    case "employee.employee.reactivated":
      return set(tx, event.data.employeeId, { status: "active", last_day_on: null });
    case "employee.employee.suspended":
      return set(tx, event.data.employeeId, { status: "suspended" });
    case "employee.employee.terminated": {
      const { employeeId, lastDayOn } = event.data;
      return set(tx, employeeId, { status: "terminated", last_day_on: lastDayOn });
    }
    case "employee.department.changed":
      return set(tx, event.data.employeeId, { department_id: event.data.toDepartmentId });
    case "employee.manager.changed":
      return set(tx, event.data.employeeId, { manager_id: event.data.toManagerId });
    case "employee.leave.started":
    case "employee.leave.ended":
    case "employee.probation.started":
    case "employee.probation.completed":
    case "employee.person.erased":
    case "employee.badge.assigned":
    case "employee.badge.withdrawn":
      return;
  }
}

async function put(tx: Tx, data: EmployeeData, atMs: number): Promise<void> {
  const row = {
    status: data.status,
    department_id: data.departmentId,
    manager_id: data.managerId,
    employment_type: data.employmentType,
    start_on: data.startDate,
    sites: JSON.stringify(data.siteIds),
  };
  // Taken on again: the last day of the employment before is no longer one.
  const again = data.status === "active" ? { last_day_on: null } : {};
  await tx
    .insertInto("people")
    .values({ employee_id: data.employeeId, ...row, last_day_on: null, entered_at: atMs })
    .onConflict((key) => key.column("employee_id").doUpdateSet({ ...row, ...again }))
    .execute();
}

async function set(
  tx: Tx,
  employeeId: string,
  changes: Partial<Omit<PeopleDb["people"], "employee_id">>,
): Promise<void> {
  await tx.updateTable("people").set(changes).where("employee_id", "=", employeeId).execute();
}

export interface LeavePerson {
  readonly employeeId: string;
  readonly status: string;
  readonly departmentId: string;
  readonly managerId: string | null;
  readonly employmentType: string;
  readonly startOn: string;
  readonly lastDayOn: string | null;
  readonly sites: readonly string[];
  readonly enteredAtMs: number;
}

export async function personOf(
  db: Kysely<PeopleDb>,
  employeeId: string,
): Promise<LeavePerson | undefined> {
  const row = await db
    .selectFrom("people")
    .selectAll()
    .where("employee_id", "=", employeeId)
    .executeTakeFirst();
  return row === undefined ? undefined : personOfRow(row);
}

/** People by id, from the one behind `after` on. */
export async function peopleAfter(
  db: Kysely<PeopleDb>,
  after: string,
  limit: number,
): Promise<LeavePerson[]> {
  const rows = await db
    .selectFrom("people")
    .selectAll()
    .where("employee_id", ">", after)
    .orderBy("employee_id")
    .limit(limit)
    .execute();
  return rows.map(personOfRow);
}

/** Who of these people belongs to a site. */
export async function peopleOfSite(
  db: Kysely<PeopleDb>,
  site: string,
  employeeIds: readonly string[],
): Promise<ReadonlySet<string>> {
  const found = new Set<string>();
  for (let from = 0; from < employeeIds.length; from += MOST_IDS) {
    const rows = await db
      .selectFrom("people")
      .select(["employee_id", "sites"])
      .where("employee_id", "in", employeeIds.slice(from, from + MOST_IDS))
      .execute();
    for (const row of rows) {
      if (sitesSchema.parse(JSON.parse(row.sites)).includes(site)) found.add(row.employee_id);
    }
  }
  return found;
}

/** In one statement. */
const MOST_IDS = 500;
const sitesSchema = z.array(z.string());

function personOfRow(row: PeopleDb["people"]): LeavePerson {
  return {
    employeeId: row.employee_id,
    status: row.status,
    departmentId: row.department_id,
    managerId: row.manager_id,
    employmentType: row.employment_type,
    startOn: row.start_on,
    lastDayOn: row.last_day_on,
    sites: sitesSchema.parse(JSON.parse(row.sites)),
    enteredAtMs: row.entered_at,
  };
}
