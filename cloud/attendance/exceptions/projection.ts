import type { exceptionReviewed, workdayCalculated } from "@clockleaf/shared/events/attendance.ts";
import type { EventOf } from "@clockleaf/shared/events/envelope.ts";
import { type Severity, severitySchema } from "@clockleaf/shared/worktime/exceptions/catalogue.ts";
import type { WorkdayException } from "@clockleaf/shared/worktime/workday.ts";
import type { Kysely, Transaction } from "kysely";
import { findingOf } from "../clock-state.ts";
import type { AttendanceDb } from "../projection.ts";

export const EXCEPTION_STATES = ["premature", "active", "reviewed", "resolved"] as const;
export type ExceptionState = (typeof EXCEPTION_STATES)[number];

export interface ExceptionsDb {
  /** What stands on each day now: one row for all findings of a kind. */
  exceptions: {
    employee_id: string;
    workday_on: string;
    kind: string;
    site: string | null;
    severity: Severity;
    state: ExceptionState;
    /** 1 = it may still pass by itself, whatever somebody said of it. */
    is_premature: number;
    /** Of the day. */
    revision: number;
    reviewed_by: string | null;
    reviewed_at: number | null;
    note: string | null;
    /** What somebody's word holds for; see `findingOf`. */
    finding: string;
    json: string;
  };
}

type Tx = Transaction<AttendanceDb>;

export async function migrateExceptions(db: Kysely<AttendanceDb>): Promise<void> {
  await db.schema
    .createTable("exceptions")
    .addColumn("employee_id", "text", (column) => column.notNull())
    .addColumn("workday_on", "text", (column) => column.notNull())
    .addColumn("kind", "text", (column) => column.notNull())
    .addColumn("site", "text")
    .addColumn("severity", "text", (column) => column.notNull())
    .addColumn("state", "text", (column) => column.notNull())
    .addColumn("is_premature", "integer", (column) => column.notNull())
    .addColumn("revision", "integer", (column) => column.notNull())
    .addColumn("reviewed_by", "text")
    .addColumn("reviewed_at", "bigint")
    .addColumn("note", "text")
    .addColumn("finding", "text", (column) => column.notNull())
    .addColumn("json", "text", (column) => column.notNull())
    .addPrimaryKeyConstraint("exceptions_key", ["workday_on", "employee_id", "kind"])
    .execute();
  await db.schema
    .createIndex("exceptions_by_employee_id")
    .on("exceptions")
    .columns(["employee_id", "workday_on"])
    .execute();
}

const NOT_REVIEWED = { reviewed_by: null, reviewed_at: null, note: null } as const;

/** The day's exceptions after a new revision. Somebody's word stays with a finding that is still the same. */
export async function findExceptions(
  tx: Tx,
  data: EventOf<typeof workdayCalculated>["data"],
): Promise<void> {
  const { employeeId, revision, workday } = data;
  const { workdayOn, exceptions } = workday;
  const before = revision === 1 ? [] : await exceptionsOn(tx, employeeId, workdayOn);
  if (before.length > 0) {
    await tx
      .deleteFrom("exceptions")
      .where("employee_id", "=", employeeId)
      .where("workday_on", "=", workdayOn)
      .execute();
  }
  const kinds = [...new Set(exceptions.map(({ kind }) => kind))];
  if (kinds.length === 0) return;
  const site = await siteOf(tx, employeeId, workdayOn);
  const rows = kinds.map((kind): AttendanceDb["exceptions"] => {
    const findings = exceptions.filter((each) => each.kind === kind);
    const finding = findingOf(findings, kind);
    const was = before.find((each) => each.kind === kind && each.finding === finding);
    const is_premature = findings.every(({ premature }) => premature) ? 1 : 0;
    const { reviewed_by, reviewed_at, note } = was ?? NOT_REVIEWED;
    return {
      employee_id: employeeId,
      workday_on: workdayOn,
      kind,
      site,
      severity: worst(findings),
      state: isWord(was?.state) ? was.state : unseen(is_premature),
      is_premature,
      revision,
      reviewed_by,
      reviewed_at,
      note,
      finding,
      json: JSON.stringify(findings),
    };
  });
  await tx.insertInto("exceptions").values(rows).execute();
}

const isWord = (state: ExceptionState | undefined): state is "reviewed" | "resolved" =>
  state === "reviewed" || state === "resolved";
const unseen = (isPremature: number): ExceptionState =>
  isPremature === 1 ? "premature" : "active";

function worst(findings: readonly WorkdayException[]): Severity {
  const rank = Math.max(
    ...findings.map(({ severity }) => severitySchema.options.indexOf(severity)),
  );
  return severitySchema.options[rank] ?? "warning";
}

function exceptionsOn(
  tx: Tx,
  employeeId: string,
  workdayOn: string,
): Promise<AttendanceDb["exceptions"][]> {
  return tx
    .selectFrom("exceptions")
    .selectAll()
    .where("employee_id", "=", employeeId)
    .where("workday_on", "=", workdayOn)
    .execute();
}

/** Where the day's first punch was made or, on a day without one, where the person last punched. */
async function siteOf(tx: Tx, employeeId: string, workdayOn: string): Promise<string | null> {
  const row = await tx
    .selectFrom("workdays")
    .select("site")
    .where("employee_id", "=", employeeId)
    .where("workday_on", "=", workdayOn)
    .executeTakeFirst();
  if (row !== undefined && row.site !== null) return row.site;
  const last = await tx
    .selectFrom("punches")
    .select("site")
    .where("employee_id", "=", employeeId)
    .orderBy("at", "desc")
    .orderBy("punch_id", "desc")
    .limit(1)
    .executeTakeFirst();
  return last?.site ?? null;
}

export async function reviewException(
  tx: Tx,
  data: EventOf<typeof exceptionReviewed>["data"],
  reviewedAt: number,
): Promise<void> {
  const { employeeId, workdayOn, kind, outcome, by, note } = data;
  const row = (await exceptionsOn(tx, employeeId, workdayOn)).find((each) => each.kind === kind);
  if (row === undefined) return;
  const state = outcome === "reopened" ? unseen(row.is_premature) : outcome;
  await tx
    .updateTable("exceptions")
    .set({ state, reviewed_by: by, reviewed_at: reviewedAt, note })
    .where("employee_id", "=", employeeId)
    .where("workday_on", "=", workdayOn)
    .where("kind", "=", kind)
    .execute();
}
