import type { EmployeeData } from "@clockleaf/shared/events/employee.ts";
import type { Visible } from "../identity/access.ts";
import { aboutVisible } from "../identity/visible.ts";
import { type PersonState, personStateSchema } from "./person.ts";
import type { Db } from "./reads.ts";

export interface OrgMember {
  readonly person: PersonState;
  /** How many of those whom the reader may see name them as their manager. */
  readonly reports: number;
  readonly sortName: string;
}

export interface OrgQuery {
  readonly department?: string | undefined;
  readonly visible: Visible;
  readonly after?: readonly [department: string, sortName: string, employeeId: string] | undefined;
  readonly limit: number;
}

/** Everybody who has not left, by department and name. */
export async function orgMembers(db: Db, query: OrgQuery): Promise<OrgMember[]> {
  const { department, visible, after, limit } = query;
  let rows = db
    .selectFrom("employees")
    .select(["employee_id", "sort_name", "json"])
    .where("status", "!=", "inactive")
    .where(aboutVisible(visible, "employee_id"));
  if (department !== undefined) rows = rows.where("department_id", "=", department);
  if (after !== undefined) {
    rows = rows.where((eb) =>
      eb(eb.refTuple("department_id", "sort_name", "employee_id"), ">", eb.tuple(...after)),
    );
  }
  const found = await rows
    .orderBy("department_id")
    .orderBy("sort_name")
    .orderBy("employee_id")
    .limit(limit)
    .execute();
  const reports = await reportCounts(
    db,
    found.map((row) => row.employee_id),
    visible,
  );
  return found.map((row) => ({
    person: personStateSchema.parse(JSON.parse(row.json)),
    reports: reports.get(row.employee_id) ?? 0,
    sortName: row.sort_name,
  }));
}

async function reportCounts(
  db: Db,
  managers: readonly string[],
  visible: Visible,
): Promise<ReadonlyMap<string, number>> {
  if (managers.length === 0) return new Map();
  const rows = await db
    .selectFrom("employees")
    .select(["manager_id", (eb) => eb.fn.countAll().as("people")])
    .where("manager_id", "in", [...managers])
    .where("status", "!=", "inactive")
    .where(aboutVisible(visible, "employee_id"))
    .groupBy("manager_id")
    .execute();
  return new Map(rows.map((row) => [row.manager_id ?? "", Number(row.people)]));
}

export interface Department {
  readonly departmentId: string;
  readonly byStatus: Readonly<Partial<Record<EmployeeData["status"], number>>>;
}

/** Departments that anybody of the visible is or was in, by id, and how many of these. */
export async function departments(
  db: Db,
  query: {
    readonly visible: Visible;
    readonly after?: string | undefined;
    readonly limit: number;
  },
): Promise<Department[]> {
  const isVisible = aboutVisible(query.visible, "employee_id");
  let ids = db.selectFrom("employees").select("department_id").where(isVisible).distinct();
  if (query.after !== undefined) ids = ids.where("department_id", ">", query.after);
  const wanted = await ids.orderBy("department_id").limit(query.limit).execute();
  if (wanted.length === 0) return [];
  const rows = await db
    .selectFrom("employees")
    .select(["department_id", "status", (eb) => eb.fn.countAll().as("people")])
    .where(
      "department_id",
      "in",
      wanted.map((row) => row.department_id),
    )
    .where(isVisible)
    .groupBy(["department_id", "status"])
    .execute();
  return wanted.map(({ department_id }) => {
    const own = rows.filter((row) => row.department_id === department_id);
    const byStatus = Object.fromEntries(own.map((row) => [row.status, Number(row.people)]));
    return { departmentId: department_id, byStatus };
  });
}

export interface Above {
  readonly employeeId: string;
  /** Stream sequence of the event that gave them the manager they have. */
  readonly managerSeq: number;
}

/** Somebody and all above them, until nobody is or one comes a second time: then `isRing`, and the last leads to the first. */
export async function chainAbove(
  db: Db,
  employeeId: string,
): Promise<{ readonly chain: readonly Above[]; readonly isRing: boolean }> {
  const chain: Above[] = [];
  const seen = new Set<string>();
  for (let id: string | null = employeeId; id !== null; ) {
    if (seen.has(id)) return { chain, isRing: id === employeeId };
    seen.add(id);
    const row: { manager_id: string | null; manager_seq: number } | undefined = await db
      .selectFrom("employees")
      .select(["manager_id", "manager_seq"])
      .where("employee_id", "=", id)
      .executeTakeFirst();
    // A manager may be named before they are entered.
    chain.push({ employeeId: id, managerSeq: row?.manager_seq ?? 0 });
    id = row?.manager_id ?? null;
  }
  return { chain, isRing: false };
}

/** Whether the manager reports to the person, directly or through others. */
export async function isBelow(db: Db, managerId: string, employeeId: string): Promise<boolean> {
  const { chain } = await chainAbove(db, managerId);
  return chain.some((each) => each.employeeId === employeeId);
}
