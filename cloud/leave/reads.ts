import type { Kysely } from "kysely";
import type { Visible } from "../identity/access.ts";
import { aboutVisible } from "../identity/visible.ts";
import type { LeaveDb, LeaveStatus } from "./projection.ts";

export type Db = Kysely<LeaveDb>;
export type LeaveRow = LeaveDb["leaves"];
export type LedgerRow = LeaveDb["ledger"];

export interface LeaveQuery {
  readonly employeeId?: string | undefined;
  readonly departmentId?: string | undefined;
  readonly status?: LeaveStatus | undefined;
  readonly code?: string | undefined;
  /** Leave of which any day is not before this date. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly visible: Visible;
  readonly after?: readonly [fromOn: string, leaveId: string] | undefined;
  readonly limit: number;
}

/** Leave by first day and id. */
export async function leaves(db: Db, query: LeaveQuery): Promise<LeaveRow[]> {
  const { visible, after, limit } = query;
  let rows = db.selectFrom("leaves").selectAll().where(aboutVisible(visible, "employee_id"));
  if (query.employeeId !== undefined) rows = rows.where("employee_id", "=", query.employeeId);
  if (query.departmentId !== undefined) rows = rows.where("department_id", "=", query.departmentId);
  if (query.status !== undefined) rows = rows.where("status", "=", query.status);
  if (query.code !== undefined) rows = rows.where("code", "=", query.code);
  if (query.from !== undefined) rows = rows.where("to_on", ">=", query.from);
  if (query.to !== undefined) rows = rows.where("from_on", "<=", query.to);
  if (after !== undefined) {
    const [fromOn, id] = after;
    rows = rows.where((eb) => eb(eb.refTuple("from_on", "leave_id"), ">", eb.tuple(fromOn, id)));
  }
  return await rows.orderBy("from_on").orderBy("leave_id").limit(limit).execute();
}

export async function leaveOf(db: Db, leaveId: string): Promise<LeaveRow | undefined> {
  return await db
    .selectFrom("leaves")
    .selectAll()
    .where("leave_id", "=", leaveId)
    .executeTakeFirst();
}

/** Approved leave of visible people, or what is left of cancelled leave, that has a day in the range, both ends included. */
export async function leaveBetween(
  db: Db,
  range: { readonly from: string; readonly to: string; readonly visible: Visible },
  limit: number,
): Promise<LeaveRow[]> {
  return await db
    .selectFrom("leaves")
    .selectAll()
    .where(aboutVisible(range.visible, "employee_id"))
    .where("status", "in", ["approved", "cancelled"])
    .where("last_on", ">=", range.from)
    .where("from_on", "<=", range.to)
    .orderBy("from_on")
    .orderBy("leave_id")
    .limit(limit)
    .execute();
}

/** Leave of a department that is asked for or approved and has a day in the range. */
export async function departmentLeave(
  db: Db,
  departmentId: string,
  range: { readonly from: string; readonly to: string },
): Promise<LeaveRow[]> {
  return await db
    .selectFrom("leaves")
    .selectAll()
    .where("department_id", "=", departmentId)
    .where("status", "in", ["requested", "approved", "cancelled"])
    .where("last_on", ">=", range.from)
    .where("from_on", "<=", range.to)
    .orderBy("leave_id")
    .execute();
}

/** Leave that may have begun or ended by a date anywhere on earth, and was not told yet. */
export async function leaveToTell(db: Db, byOn: string): Promise<LeaveRow[]> {
  return await db
    .selectFrom("leaves")
    .selectAll()
    .where("has_finished", "=", 0)
    .where("status", "in", ["approved", "cancelled"])
    .where("from_on", "<=", byOn)
    .where("last_on", "is not", null)
    .where((eb) => eb.or([eb("has_begun", "=", 0), eb("last_on", "<", byOn)]))
    .orderBy("leave_id")
    .execute();
}

export interface AccountRecord {
  readonly employeeId: string;
  readonly openedOn: string;
  readonly zone: string;
  readonly version: number;
  readonly changedAtMs: number;
  /** By date, then in the order of their posting. */
  readonly lines: readonly LedgerRow[];
  readonly requested: readonly LeaveRow[];
}

export async function accountIds(db: Db): Promise<string[]> {
  const rows = await db
    .selectFrom("accounts")
    .select("employee_id")
    .orderBy("employee_id")
    .execute();
  return rows.map((row) => row.employee_id);
}

export async function accountOf(db: Db, employeeId: string): Promise<AccountRecord | undefined> {
  const row = await db
    .selectFrom("accounts")
    .selectAll()
    .where("employee_id", "=", employeeId)
    .executeTakeFirst();
  if (row === undefined) return undefined;
  const lines = await db
    .selectFrom("ledger")
    .selectAll()
    .where("employee_id", "=", employeeId)
    .orderBy("on_date")
    .orderBy("seq")
    .execute();
  const requested = await db
    .selectFrom("leaves")
    .selectAll()
    .where("employee_id", "=", employeeId)
    .where("status", "=", "requested")
    .orderBy("leave_id")
    .execute();
  return {
    employeeId,
    openedOn: row.opened_on,
    zone: row.zone,
    version: row.version,
    changedAtMs: row.changed_at,
    lines,
    requested,
  };
}
