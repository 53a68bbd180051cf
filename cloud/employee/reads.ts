import {
  type EmployeeData,
  employeeDataSchema,
  type PinHash,
  pinHashSchema,
} from "@clockleaf/shared/events/employee.ts";
import { type Kysely, sql } from "kysely";
import { z } from "zod";
import type { Visible } from "../identity/access.ts";
import { aboutVisible } from "../identity/visible.ts";
import { type Activity, type PersonState, personStateSchema } from "./person.ts";
import type { EmployeeDb } from "./projection.ts";

export type Db = Kysely<EmployeeDb>;

export interface EmployeeRecord {
  readonly person: PersonState;
  /** Stream sequence of the person's last event. */
  readonly version: number;
  /** Place in lists, together with the id. */
  readonly sortName: string;
}

export interface EmployeeQuery {
  /** Words that must all occur in name, id or e-mail address. */
  readonly search?: string | undefined;
  readonly site?: string | undefined;
  readonly status?: EmployeeData["status"] | undefined;
  readonly activity?: Activity | undefined;
  readonly department?: string | undefined;
  /** Whose direct reports. */
  readonly manager?: string | undefined;
  readonly visible: Visible;
  readonly after?: readonly [sortName: string, employeeId: string] | undefined;
  readonly limit: number;
}

/** People by family name, first name and id. */
export async function employees(db: Db, query: EmployeeQuery): Promise<EmployeeRecord[]> {
  const { search, site, status, activity, department, manager, after, limit } = query;
  let rows = db
    .selectFrom("employees")
    .selectAll("employees")
    .where(aboutVisible(query.visible, "employee_id"));
  if (status !== undefined) rows = rows.where("status", "=", status);
  if (activity !== undefined) rows = rows.where("activity", "=", activity);
  if (department !== undefined) rows = rows.where("department_id", "=", department);
  if (manager !== undefined) rows = rows.where("manager_id", "=", manager);
  if (site !== undefined) {
    rows = rows.where("employee_id", "in", (eb) =>
      eb.selectFrom("employee_sites").select("employee_id").where("site", "=", site),
    );
  }
  for (const word of (search ?? "").toLowerCase().split(/\s+/).filter(Boolean)) {
    const pattern = `%${word.replaceAll(/[\\%_]/g, "\\$&")}%`;
    rows = rows.where(sql<boolean>`search like ${pattern} escape '\\'`);
  }
  if (after !== undefined) {
    const [name, id] = after;
    rows = rows.where((eb) => eb(eb.refTuple("sort_name", "employee_id"), ">", eb.tuple(name, id)));
  }
  const found = await rows.orderBy("sort_name").orderBy("employee_id").limit(limit).execute();
  return found.map(recordOf);
}

export async function employee(db: Db, employeeId: string): Promise<EmployeeRecord | undefined> {
  const row = await db
    .selectFrom("employees")
    .select(["json", "version", "sort_name"])
    .where("employee_id", "=", employeeId)
    .executeTakeFirst();
  return row === undefined ? undefined : recordOf(row);
}

/** In one statement. */
const MOST_IDS = 500;
/** Of a person as stored only what names need: a muster asks for a thousand at once. */
const namedSchema = z.object({
  data: employeeDataSchema.pick({
    employeeId: true,
    firstName: true,
    lastName: true,
    departmentId: true,
  }),
});

/** What people are called and where they belong; who was erased is called nothing. */
export async function namesOf(
  db: Db,
  employeeIds: readonly string[],
): Promise<ReadonlyMap<string, { readonly name: string; readonly departmentId: string }>> {
  const found = new Map<string, { readonly name: string; readonly departmentId: string }>();
  for (let from = 0; from < employeeIds.length; from += MOST_IDS) {
    const rows = await db
      .selectFrom("employees")
      .select(["employee_id", "json"])
      .where("employee_id", "in", employeeIds.slice(from, from + MOST_IDS))
      .orderBy("employee_id")
      .execute();
    for (const row of rows) {
      const { data } = namedSchema.parse(JSON.parse(row.json));
      const { employeeId, firstName, lastName, departmentId } = data;
      const name = `${lastName}, ${firstName}`.replace(/^, |, $/, "").trim();
      found.set(employeeId, { name: name === "" ? employeeId : name, departmentId });
    }
  }
  return found;
}

function recordOf(row: {
  readonly json: string;
  readonly version: number;
  readonly sort_name: string;
}): EmployeeRecord {
  const person = personStateSchema.parse(JSON.parse(row.json));
  return { person, version: row.version, sortName: row.sort_name };
}

export interface BadgePeriodRecord {
  readonly badge: string;
  readonly employeeId: string;
  readonly validFrom: number;
  readonly validTo: number | null;
  readonly pin: PinHash | null;
}

/** Every badge the people hold or held, oldest assignment first. */
export async function badgePeriodsOf(
  db: Db,
  employeeIds: readonly string[],
): Promise<BadgePeriodRecord[]> {
  if (employeeIds.length === 0) return [];
  const rows = await db
    .selectFrom("badge_periods")
    .selectAll()
    .where("employee_id", "in", [...employeeIds])
    .orderBy("id")
    .execute();
  return rows.map(periodOf);
}

/** Who holds the badge, or held it last. */
export async function latestPeriod(db: Db, badge: string): Promise<BadgePeriodRecord | undefined> {
  const row = await db
    .selectFrom("badge_periods")
    .selectAll()
    .where("badge", "=", badge)
    .orderBy("id", "desc")
    .limit(1)
    .executeTakeFirst();
  return row === undefined ? undefined : periodOf(row);
}

function periodOf(row: {
  readonly badge: string;
  readonly employee_id: string;
  readonly valid_from: number;
  readonly valid_to: number | null;
  readonly pin_json: string | null;
}): BadgePeriodRecord {
  return {
    badge: row.badge,
    employeeId: row.employee_id,
    validFrom: row.valid_from,
    validTo: row.valid_to,
    pin: row.pin_json === null ? null : pinHashSchema.parse(JSON.parse(row.pin_json)),
  };
}

export interface DuePerson {
  readonly employeeId: string;
  readonly status: EmployeeData["status"];
  readonly dueAt: number;
  readonly version: number;
}

/** Whose last day or probation is over, the longest over first. */
export async function duePeople(db: Db, nowMs: number, limit: number): Promise<DuePerson[]> {
  const rows = await db
    .selectFrom("employees")
    .select(["employee_id", "status", "due_at", "version"])
    .where("due_at", "<=", nowMs)
    .orderBy("due_at")
    .orderBy("employee_id")
    .limit(limit)
    .execute();
  return rows.map(({ employee_id, status, due_at, version }) => ({
    employeeId: employee_id,
    status,
    dueAt: due_at ?? nowMs,
    version,
  }));
}
