import {
  adjustmentRecorded,
  type PaidDay,
  type PayLine,
  paidDaySchema,
  payEstimated,
  payLineSchema,
  payRunSubmitted,
} from "@clockleaf/shared/events/payroll.ts";
import { tokenSchema } from "@clockleaf/shared/subjects.ts";
import type { Kysely, Selectable } from "kysely";
import { z } from "zod";
import type { PayrollDb } from "./tables.ts";

export type Db = Kysely<PayrollDb>;
export type RunRow = Selectable<PayrollDb["pay_runs"]>;
type ResultRow = Selectable<PayrollDb["pay_results"]>;

export interface RunRecord extends Omit<RunRow, "people_json" | "submitted_json"> {
  readonly people: readonly string[] | null;
  readonly submitted: z.output<typeof payRunSubmitted.data> | null;
}

export interface ResultRecord extends Omit<ResultRow, "json"> {
  readonly lines: readonly PayLine[];
  readonly days: readonly PaidDay[];
}

const resultJson = z.object({ lines: z.array(payLineSchema), days: z.array(paidDaySchema) });

export async function run(db: Db, runId: string): Promise<RunRecord | undefined> {
  const row = await db
    .selectFrom("pay_runs")
    .selectAll()
    .where("run_id", "=", runId)
    .executeTakeFirst();
  return row === undefined ? undefined : runOf(row);
}

/** Latest first. */
export async function runs(
  db: Db,
  query: { payGroup?: string | undefined; before?: number | undefined; limit: number },
): Promise<RunRecord[]> {
  let rows = db.selectFrom("pay_runs").selectAll();
  if (query.payGroup !== undefined) rows = rows.where("pay_group", "=", query.payGroup);
  if (query.before !== undefined) rows = rows.where("opened_seq", "<", query.before);
  const found = await rows.orderBy("opened_seq", "desc").limit(query.limit).execute();
  return found.map(runOf);
}

export async function runsOfPeriod(db: Db, periodId: string): Promise<RunRecord[]> {
  const rows = await db
    .selectFrom("pay_runs")
    .selectAll()
    .where("period_id", "=", periodId)
    .orderBy("opened_seq")
    .execute();
  return rows.map(runOf);
}

function runOf({ people_json, submitted_json, ...row }: RunRow): RunRecord {
  return {
    ...row,
    people: people_json === null ? null : z.array(tokenSchema).parse(JSON.parse(people_json)),
    submitted:
      submitted_json === null ? null : payRunSubmitted.data.parse(JSON.parse(submitted_json)),
  };
}

export async function results(db: Db, runId: string): Promise<ResultRecord[]> {
  const rows = await db
    .selectFrom("pay_results")
    .selectAll()
    .where("run_id", "=", runId)
    .orderBy("employee_id")
    .execute();
  return rows.map(resultOf);
}

/** A page of the same, after somebody. */
export async function resultsPage(
  db: Db,
  runId: string,
  { after, limit }: { readonly after: string | undefined; readonly limit: number },
): Promise<ResultRecord[]> {
  const rows = await db
    .selectFrom("pay_results")
    .selectAll()
    .where("run_id", "=", runId)
    .where("employee_id", ">", after ?? "")
    .orderBy("employee_id")
    .limit(limit)
    .execute();
  return rows.map(resultOf);
}

export async function result(
  db: Db,
  runId: string,
  employeeId: string,
): Promise<ResultRecord | undefined> {
  const row = await db
    .selectFrom("pay_results")
    .selectAll()
    .where("run_id", "=", runId)
    .where("employee_id", "=", employeeId)
    .executeTakeFirst();
  return row === undefined ? undefined : resultOf(row);
}

/** Of runs whose money is out, latest first. */
export async function payslipsOf(
  db: Db,
  employeeId: string,
): Promise<Array<ResultRecord & RunRow>> {
  const rows = await db
    .selectFrom("pay_results")
    .innerJoin("pay_runs", "pay_runs.run_id", "pay_results.run_id")
    .selectAll("pay_runs")
    .selectAll("pay_results")
    .where("employee_id", "=", employeeId)
    .where("status", "=", "locked")
    .where("payslip_id", "is not", null)
    .orderBy("opened_seq", "desc")
    .execute();
  return rows.map(resultOf);
}

function resultOf<R extends ResultRow>({ json, ...row }: R): Omit<R, "json"> & ResultRecord {
  return { ...row, ...resultJson.parse(JSON.parse(json)) };
}

/** The locks that a person's day is behind, first to last. */
export async function locksOf(
  db: Db,
  employeeId: string,
  workdayOn: string,
): Promise<Array<Selectable<PayrollDb["pay_locks"]>>> {
  return await db
    .selectFrom("pay_locks")
    .selectAll()
    .where("employee_id", "=", employeeId)
    .where("from_on", "<=", workdayOn)
    .where("to_on", ">=", workdayOn)
    .orderBy("locked_seq")
    .execute();
}

/** People with an account, or whose account ever was of a pay group. */
export async function peopleWithAccounts(db: Db, payGroup?: string): Promise<string[]> {
  let accounts = db.selectFrom("pay_accounts").select("employee_id").distinct();
  if (payGroup !== undefined) accounts = accounts.where("pay_group", "=", payGroup);
  const rows = await accounts.orderBy("employee_id").execute();
  return rows.map((row) => row.employee_id);
}

export async function payGroupOn(
  db: Db,
  employeeId: string,
  on: string,
): Promise<string | undefined> {
  const row = await db
    .selectFrom("pay_accounts")
    .select("pay_group")
    .where("employee_id", "=", employeeId)
    .where("from_on", "<=", on)
    .orderBy("from_on", "desc")
    .orderBy("version", "desc")
    .limit(1)
    .executeTakeFirst();
  return row?.pay_group;
}

export type AdjustmentRecord = z.output<typeof adjustmentRecorded.data>;

/** Every adjustment of a person in every version, oldest first. */
export async function adjustmentsOf(db: Db, employeeId: string): Promise<AdjustmentRecord[]> {
  const rows = await db
    .selectFrom("pay_adjustments")
    .select("json")
    .where("employee_id", "=", employeeId)
    .orderBy("workday_on")
    .orderBy("version")
    .execute();
  return rows.map(({ json }) => adjustmentRecorded.data.parse(JSON.parse(json)));
}

/** Runs that pay these items and are under way to the bank or there; `besides` = not asked about. */
export async function paidItems(
  db: Db,
  employeeId: string,
  besides: string | null,
): Promise<Map<string, RunRow & { readonly revision: number }>> {
  let rows = db
    .selectFrom("pay_items")
    .innerJoin("pay_runs", "pay_runs.run_id", "pay_items.run_id")
    .selectAll("pay_runs")
    .select(["item_id", "revision"])
    .where("employee_id", "=", employeeId)
    .where("status", "in", ["submitted", "approved", "locked"]);
  if (besides !== null) rows = rows.where("pay_items.run_id", "!=", besides);
  const found = await rows.orderBy("item_id").orderBy("opened_seq").execute();
  return new Map(found.map((row) => [row.item_id, row]));
}

/** Who is paid for a period by another run that is under way to the bank or there. */
export async function paidElsewhere(db: Db, periodId: string, runId: string): Promise<Set<string>> {
  const rows = await db
    .selectFrom("pay_results")
    .innerJoin("pay_runs", "pay_runs.run_id", "pay_results.run_id")
    .select("employee_id")
    .where("period_id", "=", periodId)
    .where("pay_results.run_id", "!=", runId)
    .where("status", "in", ["submitted", "approved", "locked"])
    .where("is_empty", "=", 0)
    .execute();
  return new Set(rows.map((row) => row.employee_id));
}

/** The last estimate of an open period; undefined = none was told. */
export async function estimateOf(
  db: Db,
  employeeId: string,
  periodId: string,
): Promise<z.output<typeof payEstimated.data> | undefined> {
  const row = await db
    .selectFrom("pay_estimates")
    .select("json")
    .where("employee_id", "=", employeeId)
    .where("period_id", "=", periodId)
    .executeTakeFirst();
  return row === undefined ? undefined : payEstimated.data.parse(JSON.parse(row.json));
}

/** People whose adjustments come to something. */
export async function peopleWithAdjustments(db: Db): Promise<string[]> {
  const rows = await db
    .selectFrom("pay_adjustments")
    .select("employee_id")
    .distinct()
    .where("amount_minor", "!=", 0)
    .orderBy("employee_id")
    .execute();
  return rows.map((row) => row.employee_id);
}

/**
 * Somebody whom a run submitted earlier, and not sent back, pays as well: for the same period, or the same adjustment or
 * leave. The order of the stream decides between two runs that were submitted at the same moment.
 */
export async function paidTwice(db: Db, later: RunRecord): Promise<string | undefined> {
  const earlier = db
    .selectFrom("pay_runs")
    .select("run_id")
    .where("run_id", "!=", later.run_id)
    .where("status", "in", ["submitted", "approved", "locked"])
    .where("submitted_seq", "<", later.submitted_seq ?? 0);
  const item = await db
    .selectFrom("pay_items as mine")
    .innerJoin("pay_items as other", "other.item_id", "mine.item_id")
    .select("mine.employee_id")
    .where("mine.run_id", "=", later.run_id)
    .where("other.run_id", "in", earlier)
    .orderBy("mine.employee_id")
    .limit(1)
    .executeTakeFirst();
  if (item !== undefined) return item.employee_id;
  const person = await db
    .selectFrom("pay_results as mine")
    .innerJoin("pay_results as other", "other.employee_id", "mine.employee_id")
    .innerJoin("pay_runs", "pay_runs.run_id", "other.run_id")
    .select("mine.employee_id")
    .where("mine.run_id", "=", later.run_id)
    .where("mine.is_empty", "=", 0)
    .where("other.is_empty", "=", 0)
    .where("other.run_id", "in", earlier)
    .where("pay_runs.period_id", "=", later.period_id)
    .orderBy("mine.employee_id")
    .limit(1)
    .executeTakeFirst();
  return person?.employee_id;
}
