import type { EmployeeData, EmployeeEvent } from "@clockleaf/shared/events/employee.ts";
import { domainSubjects, parseEventSubject, STREAMS } from "@clockleaf/shared/subjects.ts";
import { civilDateOf } from "@clockleaf/shared/worktime/civil-time.ts";
import type { Kysely, Transaction } from "kysely";
import { z } from "zod";
import { decidedAs } from "../eventing/decided-as.ts";
import type { StoredEvent } from "../eventing/event-store.ts";
import type { Projection } from "../eventing/projection.ts";
import type { Employment } from "./employment.ts";

export interface PeopleDb {
  people: {
    employee_id: string;
    department_id: string;
    manager_id: string | null;
    /** 1 = may be due to work today. */
    is_employed: number;
    /** JSON list of {@link Employment}, oldest first. */
    employments: string;
  };
  people_sites: { site: string; employee_id: string };
}

/** Where people belong now, and between which dates they were employed; from EMPLOYEE events alone, no names. */
export function peopleProjection(tenant: string): Projection<PeopleDb> {
  return {
    name: "attendance-people",
    version: 1,
    stream: STREAMS.employee,
    filterSubjects: [domainSubjects("employee")],
    migrate,
    async apply(tx, stored) {
      if (parseEventSubject(stored.subject)?.tenant === tenant) await apply(tx, stored);
    },
  };
}

type Tx = Transaction<PeopleDb>;

async function migrate(db: Kysely<PeopleDb>): Promise<void> {
  await db.schema
    .createTable("people")
    .addColumn("employee_id", "text", (column) => column.primaryKey())
    .addColumn("department_id", "text", (column) => column.notNull())
    .addColumn("manager_id", "text")
    .addColumn("is_employed", "integer", (column) => column.notNull())
    .addColumn("employments", "text", (column) => column.notNull())
    .execute();
  await db.schema
    .createTable("people_sites")
    .addColumn("site", "text", (column) => column.notNull())
    .addColumn("employee_id", "text", (column) => column.notNull())
    .addPrimaryKeyConstraint("people_sites_key", ["site", "employee_id"])
    .execute();
  await db.schema
    .createIndex("people_sites_by_employee")
    .on("people_sites")
    .columns(["employee_id"])
    .execute();
}

async function apply(tx: Tx, stored: StoredEvent): Promise<void> {
  const event = decidedAs<EmployeeEvent>(stored);
  switch (event.type) {
    case "employee.employee.created":
      return enter(tx, event.data, event.data.startDate);
    case "employee.employee.updated":
      return enter(tx, event.data, dateAt(stored.event.metadata.timestamp));
    case "employee.employee.activated":
    case "employee.employee.reactivated":
      return employ(tx, event.data.employeeId, { from: dateAt(event.data.at) });
    case "employee.employee.deactivated":
    case "employee.employee.suspended":
      return employ(tx, event.data.employeeId, { to: dateAt(event.data.at) });
    case "employee.employee.terminated":
      return employ(tx, event.data.employeeId, { to: event.data.lastDayOn });
    case "employee.department.changed":
      await update(tx, event.data.employeeId, { department_id: event.data.toDepartmentId });
      return;
    case "employee.manager.changed":
      await update(tx, event.data.employeeId, { manager_id: event.data.toManagerId });
      return;
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

const dateAt = (at: number): string => civilDateOf(at, "UTC");

/** The whole record; `from` is when an employment begins that this record begins. */
async function enter(tx: Tx, data: EmployeeData, from: string): Promise<void> {
  const { employeeId, siteIds } = data;
  const belongs = { department_id: data.departmentId, manager_id: data.managerId };
  const first: Employment = { from: data.startDate, to: null };
  await tx
    .insertInto("people")
    .values({
      employee_id: employeeId,
      ...belongs,
      is_employed: data.status === "active" ? 1 : 0,
      employments: JSON.stringify([first]),
    })
    .onConflict((key) => key.column("employee_id").doUpdateSet(belongs))
    .execute();
  await tx.deleteFrom("people_sites").where("employee_id", "=", employeeId).execute();
  await tx
    .insertInto("people_sites")
    .values([...new Set(siteIds)].map((site) => ({ site, employee_id: employeeId })))
    .execute();
  await moveStart(tx, employeeId, data.startDate);
  if (data.status === "active") await employ(tx, employeeId, { from });
}

/** A first day that was entered wrongly is put right, unless somebody has been employed twice. */
async function moveStart(tx: Tx, employeeId: string, startsOn: string): Promise<void> {
  const [only, ...more] = await employmentsIn(tx, employeeId);
  if (only === undefined || more.length > 0 || only.from === startsOn) return;
  if (only.to !== null && startsOn > only.to) return;
  await update(tx, employeeId, { employments: JSON.stringify([{ ...only, from: startsOn }]) });
}

/** Begins an employment if none runs, or ends the one that runs; either may be told twice. */
async function employ(
  tx: Tx,
  employeeId: string,
  change: { readonly from: string } | { readonly to: string },
): Promise<void> {
  const known = await employmentsIn(tx, employeeId);
  const last = known.at(-1);
  if (last === undefined) return;
  if ("from" in change) {
    if (last.to === null) return update(tx, employeeId, { is_employed: 1 });
    // back within its dates: the same employment goes on
    const next =
      change.from <= last.to
        ? [...known.slice(0, -1), { ...last, to: null }]
        : [...known, { from: change.from, to: null }];
    return update(tx, employeeId, { is_employed: 1, employments: JSON.stringify(next) });
  }
  const to = last.to === null || change.to < last.to ? change.to : last.to;
  const next = [...known.slice(0, -1), { ...last, to }];
  return update(tx, employeeId, { is_employed: 0, employments: JSON.stringify(next) });
}

async function update(
  tx: Tx,
  employeeId: string,
  change: Partial<Omit<PeopleDb["people"], "employee_id">>,
): Promise<void> {
  await tx.updateTable("people").set(change).where("employee_id", "=", employeeId).execute();
}

const employmentsSchema = z.array(z.object({ from: z.string(), to: z.string().nullable() }));

async function employmentsIn(
  db: Kysely<PeopleDb> | Tx,
  employeeId: string,
): Promise<readonly Employment[]> {
  const row = await db
    .selectFrom("people")
    .select("employments")
    .where("employee_id", "=", employeeId)
    .executeTakeFirst();
  return row === undefined ? [] : employmentsSchema.parse(JSON.parse(row.employments));
}

export interface Person {
  readonly departmentId: string | null;
  readonly managerId: string | null;
  readonly employments: readonly Employment[];
}

const NOBODY: Person = { departmentId: null, managerId: null, employments: [] };

/** Where somebody belongs now; nowhere if nobody has this id. */
export async function personOf(db: Kysely<PeopleDb>, employeeId: string): Promise<Person> {
  const row = await db
    .selectFrom("people")
    .selectAll()
    .where("employee_id", "=", employeeId)
    .executeTakeFirst();
  if (row === undefined) return NOBODY;
  return {
    departmentId: row.department_id,
    managerId: row.manager_id,
    employments: employmentsSchema.parse(JSON.parse(row.employments)),
  };
}

/** Where the directory says that somebody works, by name. */
export async function sitesOf(
  db: Kysely<PeopleDb>,
  employeeId: string,
): Promise<readonly string[]> {
  const rows = await db
    .selectFrom("people_sites")
    .select("site")
    .where("employee_id", "=", employeeId)
    .orderBy("site")
    .execute();
  return rows.map(({ site }) => site);
}

/** How many may be due to work at each site. */
export async function peopleBySite(db: Kysely<PeopleDb>): Promise<ReadonlyMap<string, number>> {
  const rows = await db
    .selectFrom("people_sites")
    .innerJoin("people", "people.employee_id", "people_sites.employee_id")
    .select((eb) => ["people_sites.site as site", eb.fn.countAll().as("people")])
    .where("people.is_employed", "=", 1)
    .groupBy("people_sites.site")
    .orderBy("people_sites.site")
    .execute();
  return new Map(rows.map((row) => [row.site, Number(row.people)]));
}

/** Who may be due to work at a site, by id. */
export async function employedAt(db: Kysely<PeopleDb>, site: string): Promise<readonly string[]> {
  const rows = await db
    .selectFrom("people_sites")
    .innerJoin("people", "people.employee_id", "people_sites.employee_id")
    .select("people.employee_id")
    .where("people_sites.site", "=", site)
    .where("people.is_employed", "=", 1)
    .orderBy("people.employee_id")
    .execute();
  return rows.map((row) => row.employee_id);
}
