import type { ExceptionKind, Severity } from "@clockleaf/shared/worktime/exceptions/catalogue.ts";
import type { Selectable } from "kysely";
import type { Visible } from "../../identity/access.ts";
import { aboutVisible } from "../../identity/visible.ts";
import type { AttendanceDb } from "../projection.ts";
import type { Db } from "../reads.ts";
import type { ExceptionState } from "./projection.ts";

export type ExceptionRecord = Selectable<AttendanceDb["exceptions"]>;

export interface ExceptionQuery {
  readonly from: string;
  readonly to: string;
  readonly site?: string | undefined;
  readonly employeeId?: string | undefined;
  readonly kind?: ExceptionKind | undefined;
  readonly severity?: Severity | undefined;
  /** Undefined = any. */
  readonly states?: readonly ExceptionState[] | undefined;
  readonly visible: Visible;
  readonly after?: readonly [workdayOn: string, employeeId: string, kind: string] | undefined;
  readonly limit: number;
}

/** What stands on days between two dates, both included, by date, employee and kind. */
export async function exceptions(db: Db, query: ExceptionQuery): Promise<ExceptionRecord[]> {
  const rows = filtered(db, query).selectAll();
  return rows
    .orderBy("workday_on")
    .orderBy("employee_id")
    .orderBy("kind")
    .limit(query.limit)
    .execute();
}

function filtered(db: Db, query: Omit<ExceptionQuery, "limit">) {
  const { from, to, after, site, employeeId, kind, severity, states } = query;
  let rows = db
    .selectFrom("exceptions")
    .where(aboutVisible(query.visible, "employee_id"))
    .where("workday_on", "<=", to);
  // One lower bound, never both: see `timesheets`.
  rows =
    after === undefined || after[0] < from
      ? rows.where("workday_on", ">=", from)
      : rows.where((eb) =>
          eb(eb.refTuple("workday_on", "employee_id", "kind"), ">", eb.tuple(...after)),
        );
  if (site !== undefined) rows = rows.where("site", "=", site);
  if (employeeId !== undefined) rows = rows.where("employee_id", "=", employeeId);
  if (kind !== undefined) rows = rows.where("kind", "=", kind);
  if (severity !== undefined) rows = rows.where("severity", "=", severity);
  if (states !== undefined) rows = rows.where("state", "in", [...states]);
  return rows;
}

export interface ExceptionCount {
  readonly kind: string;
  readonly severity: Severity;
  readonly state: ExceptionState;
  readonly site: string | null;
  readonly count: number;
}

/** How many there are of each kind, state and site between two dates, both included. */
export async function countExceptions(
  db: Db,
  query: Omit<ExceptionQuery, "after" | "limit">,
): Promise<ExceptionCount[]> {
  const rows = await filtered(db, query)
    .select((eb) => ["kind", "severity", "state", "site", eb.fn.countAll().as("count")])
    .groupBy(["kind", "severity", "state", "site"])
    .orderBy("kind")
    .orderBy("severity")
    .orderBy("state")
    .orderBy("site")
    .execute();
  return rows.map(({ kind, severity, state, site, count }) => ({
    kind,
    severity,
    state,
    site,
    count: Number(count),
  }));
}

export async function exception(
  db: Db,
  of: Pick<ExceptionRecord, "employee_id" | "workday_on" | "kind">,
): Promise<ExceptionRecord | undefined> {
  return db
    .selectFrom("exceptions")
    .selectAll()
    .where("workday_on", "=", of.workday_on)
    .where("employee_id", "=", of.employee_id)
    .where("kind", "=", of.kind)
    .executeTakeFirst();
}
