import type { EmployeeData, EmployeeEvent } from "@clockleaf/shared/events/employee.ts";
import type { Decided } from "@clockleaf/shared/events/envelope.ts";
import { domainSubjects, parseEventSubject, STREAMS } from "@clockleaf/shared/subjects.ts";
import type { Kysely, Transaction } from "kysely";
import { decidedAs } from "../eventing/decided-as.ts";
import type { StoredEvent } from "../eventing/event-store.ts";
import type { Projection } from "../eventing/projection.ts";
import {
  type Activity,
  activityOf,
  countsNow,
  dueAt,
  evolvePerson,
  type Person,
  type PersonEvent,
  type PersonState,
  personStateSchema,
} from "./person.ts";

/** Instants are UTC milliseconds; `json` columns hold what the event said. */
export interface EmployeeDb {
  employees: {
    employee_id: string;
    status: EmployeeData["status"];
    activity: Activity | null;
    department_id: string;
    manager_id: string | null;
    /** Stream sequence of the event that gave them this manager. */
    manager_seq: number;
    /** 1 = readers let them in. */
    counts: number;
    /** When time changes something about them; null = never. */
    due_at: number | null;
    /** Family name and first name in lower case: the order of lists. */
    sort_name: string;
    /** Everything a search looks in, in lower case. */
    search: string;
    /** Stream sequence of the person's last event. */
    version: number;
    /** The person as the decider knows them. */
    json: string;
  };
  employee_sites: { employee_id: string; site: string };
  badge_periods: {
    /** Stream sequence of the assignment, so the highest of a badge is its latest. */
    id: number;
    badge: string;
    employee_id: string;
    valid_from: number;
    valid_to: number | null;
    pin_json: string | null;
  };
}

/** People, the sites that know them, and who held which badge when. */
export function employeeProjection(tenant: string): Projection<EmployeeDb> {
  return {
    name: "employees",
    version: 2,
    stream: STREAMS.employee,
    filterSubjects: [domainSubjects("employee")],
    forgetsOn: ["employee.person.erased"],
    migrate,
    async apply(tx, stored) {
      if (parseEventSubject(stored.subject)?.tenant === tenant) await apply(tx, stored);
    },
  };
}

async function migrate(db: Kysely<EmployeeDb>): Promise<void> {
  await db.schema
    .createTable("employees")
    .addColumn("employee_id", "text", (column) => column.primaryKey())
    .addColumn("status", "text", (column) => column.notNull())
    .addColumn("activity", "text")
    .addColumn("department_id", "text", (column) => column.notNull())
    .addColumn("manager_id", "text")
    .addColumn("manager_seq", "bigint", (column) => column.notNull())
    .addColumn("counts", "integer", (column) => column.notNull())
    .addColumn("due_at", "bigint")
    .addColumn("sort_name", "text", (column) => column.notNull())
    .addColumn("search", "text", (column) => column.notNull())
    .addColumn("version", "bigint", (column) => column.notNull())
    .addColumn("json", "text", (column) => column.notNull())
    .execute();
  const indexes = {
    employees_by_name: ["sort_name", "employee_id"],
    employees_by_department: ["department_id", "sort_name", "employee_id"],
    employees_by_manager: ["manager_id", "sort_name", "employee_id"],
    employees_by_due: ["due_at"],
  } as const;
  for (const [name, columns] of Object.entries(indexes)) {
    await db.schema
      .createIndex(name)
      .on("employees")
      .columns([...columns])
      .execute();
  }
  await db.schema
    .createTable("employee_sites")
    .addColumn("employee_id", "text", (column) => column.notNull())
    .addColumn("site", "text", (column) => column.notNull())
    .addPrimaryKeyConstraint("employee_sites_key", ["site", "employee_id"])
    .execute();
  await db.schema
    .createTable("badge_periods")
    .addColumn("id", "bigint", (column) => column.primaryKey())
    .addColumn("badge", "text", (column) => column.notNull())
    .addColumn("employee_id", "text", (column) => column.notNull())
    .addColumn("valid_from", "bigint", (column) => column.notNull())
    .addColumn("valid_to", "bigint")
    .addColumn("pin_json", "text")
    .execute();
  for (const by of ["badge", "employee_id"] as const) {
    await db.schema.createIndex(`badges_by_${by}`).on("badge_periods").column(by).execute();
  }
}

type Tx = Transaction<EmployeeDb>;

async function apply(tx: Tx, stored: StoredEvent): Promise<void> {
  const event = decidedAs<EmployeeEvent>(stored);
  switch (event.type) {
    case "employee.employee.created":
    case "employee.employee.updated":
    case "employee.employee.deactivated":
    case "employee.employee.activated":
    case "employee.employee.suspended":
    case "employee.employee.reactivated":
    case "employee.employee.terminated":
    case "employee.department.changed":
    case "employee.manager.changed":
    case "employee.leave.started":
    case "employee.leave.ended":
    case "employee.probation.started":
    case "employee.probation.completed":
      return evolveRow(tx, event, stored.seq);
    case "employee.person.erased":
      await evolveRow(tx, event, stored.seq);
      return forgetPins(tx, event.data.employeeId);
    case "employee.badge.assigned":
      return assign(tx, event.data, stored.seq);
    case "employee.badge.withdrawn":
      return withdraw(tx, event.data);
  }
}

/** The row is what the decider makes of the events, so that both always say the same. */
async function evolveRow(tx: Tx, event: Decided<PersonEvent>, seq: number): Promise<void> {
  const row = await tx
    .selectFrom("employees")
    .select(["json", "manager_id", "manager_seq"])
    .where("employee_id", "=", event.data.employeeId)
    .executeTakeFirst();
  const before: Person = row === undefined ? null : personStateSchema.parse(JSON.parse(row.json));
  const person = evolvePerson(before, event);
  if (person === null) return;
  const isSameManager = row !== undefined && row.manager_id === person.data.managerId;
  await putPerson(tx, person, { version: seq, managerSeq: isSameManager ? row.manager_seq : seq });
}

async function putPerson(
  tx: Tx,
  person: PersonState,
  at: { readonly version: number; readonly managerSeq: number },
): Promise<void> {
  const { employeeId: employee_id, firstName, lastName, email, siteIds } = person.data;
  const words = person.isErased ? [] : [firstName, lastName, firstName, email];
  const row = {
    status: person.data.status,
    activity: activityOf(person),
    department_id: person.data.departmentId,
    manager_id: person.data.managerId,
    manager_seq: at.managerSeq,
    counts: countsNow(person) ? 1 : 0,
    due_at: dueAt(person),
    sort_name: `${lastName} ${firstName}`.toLowerCase(),
    search: [employee_id, ...words].join(" ").toLowerCase(),
    version: at.version,
    json: JSON.stringify(person),
  };
  await tx
    .insertInto("employees")
    .values({ employee_id, ...row })
    .onConflict((key) => key.column("employee_id").doUpdateSet(row))
    .execute();
  await tx.deleteFrom("employee_sites").where("employee_id", "=", employee_id).execute();
  const sites = [...new Set(siteIds)].map((site) => ({ employee_id, site }));
  await tx.insertInto("employee_sites").values(sites).execute();
}

type BadgeData<Type extends EmployeeEvent["metadata"]["eventType"]> = Extract<
  Decided<EmployeeEvent>,
  { type: Type }
>["data"];

/** Given again to who holds it, a badge's open period is replaced: an earlier beginning, or another PIN. */
async function assign(
  tx: Tx,
  data: BadgeData<"employee.badge.assigned">,
  id: number,
): Promise<void> {
  const { badge, employeeId: employee_id, validFrom: valid_from, pin } = data;
  await tx
    .deleteFrom("badge_periods")
    .where("badge", "=", badge)
    .where("employee_id", "=", employee_id)
    .where("valid_to", "is", null)
    .execute();
  const pin_json = pin === null ? null : JSON.stringify(pin);
  await tx
    .insertInto("badge_periods")
    .values({ id, badge, employee_id, valid_from, valid_to: null, pin_json })
    .execute();
}

async function withdraw(tx: Tx, data: BadgeData<"employee.badge.withdrawn">): Promise<void> {
  await tx
    .updateTable("badge_periods")
    .set({ valid_to: data.validTo })
    .where("badge", "=", data.badge)
    .where("employee_id", "=", data.employeeId)
    .where("valid_to", "is", null)
    .execute();
}

async function forgetPins(tx: Tx, employeeId: string): Promise<void> {
  await tx
    .updateTable("badge_periods")
    .set({ pin_json: null })
    .where("employee_id", "=", employeeId)
    .execute();
}
