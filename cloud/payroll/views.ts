import {
  adjustmentRecorded,
  paidDaySchema,
  payAccountSchema,
  payLineSchema,
} from "@clockleaf/shared/events/payroll.ts";
import { tokenSchema } from "@clockleaf/shared/subjects.ts";
import { z } from "@hono/zod-openapi";
import { type Blocker, HARD_BLOCKERS } from "./calculation/facts.ts";
import { decimalOf, total } from "./calculation/money.ts";
import type { ProgressOf } from "./progress.ts";
import type { ResultRecord, RunRecord } from "./reads.ts";
import type { Salary } from "./salary-answer.ts";

const on = z.iso.date();
const money = z.string().describe("Decimal, major units of the currency");

export const accountSchema = payAccountSchema
  .extend({ version: z.int().describe("Changes with every change; the ETag, too") })
  .meta({ id: "PayAccount" });

export const blockerSchema = z
  .object({
    kind: z.string(),
    employeeId: tokenSchema,
    workdayOn: on.nullable(),
    detail: z.string(),
    mayPass: z.boolean().describe("Whether it can be let pass with a reason"),
  })
  .meta({ id: "PayRunBlocker" });

export const runSchema = z
  .object({
    runId: tokenSchema,
    periodId: tokenSchema,
    payGroup: tokenSchema,
    fromOn: on,
    toOn: on,
    payOn: on,
    currency: z.string(),
    status: z.enum(["open", "submitted", "approved", "locked"]),
    people: z.array(tokenSchema).nullable().describe("Null = the whole pay group"),
    openedBy: z.string(),
    calculation: z.int().describe("How often a calculation was asked for"),
    calculatedBy: z.string().nullable(),
    submittedBy: z.string().nullable(),
    overridden: z.array(z.object({ kind: z.string(), reason: z.string() })),
    decidedBy: z.string().nullable(),
    rejection: z.string().nullable().describe("Why it was sent back; null = it was not"),
    version: z.int(),
  })
  .meta({ id: "PayRun" });

export const runDetailsSchema = runSchema
  .extend({
    progress: z.object({ done: z.int(), total: z.int() }).nullable(),
    calculated: z.int().describe("People with a result"),
    gross: money,
    net: money,
    employerCost: money,
    blockers: z.array(blockerSchema).max(500).describe("What holds it up, 500 at most"),
    blockersTotal: z.int(),
  })
  .meta({ id: "PayRunDetails" });

export const resultSchema = z
  .object({
    employeeId: tokenSchema,
    revision: z.int(),
    gross: money,
    taxable: money,
    tax: money,
    net: money,
    employerCost: money,
    currency: z.string(),
    lines: z.array(payLineSchema).describe("Each with the days, accounts and tables it comes from"),
    days: z.array(paidDaySchema),
    payslip: z.object({ documentId: tokenSchema, sha256: z.string() }).nullable(),
    payment: z.object({ documentId: tokenSchema, reference: z.string() }).nullable(),
  })
  .meta({ id: "PayResult" });

export const payslipSchema = z
  .object({
    runId: tokenSchema,
    employeeId: tokenSchema,
    fromOn: on,
    toOn: on,
    payOn: on,
    net: money,
    currency: z.string(),
    documentId: tokenSchema,
    sha256: z.string(),
  })
  .meta({ id: "Payslip" });

export const salarySchema = z
  .object({
    employeeId: tokenSchema,
    periodId: tokenSchema,
    fromOn: on,
    toOn: on,
    currency: z.string(),
    gross: money,
    taxable: money,
    tax: money,
    net: money,
    employerCost: money,
    lines: z.array(payLineSchema.omit({ amountMinor: true }).extend({ amount: money })),
    blockers: z.array(blockerSchema),
  })
  .meta({ id: "Salary", description: "What somebody earns in a period by what is known now" });

export const adjustmentSchema = adjustmentRecorded.data.meta({ id: "PayAdjustment" });

export function runView(run: RunRecord): z.output<typeof runSchema> {
  return {
    runId: run.run_id,
    periodId: run.period_id,
    payGroup: run.pay_group,
    fromOn: run.from_on,
    toOn: run.to_on,
    payOn: run.pay_on,
    currency: run.currency,
    status: run.status,
    people: run.people === null ? null : [...run.people],
    openedBy: run.opened_by,
    calculation: run.calculation,
    calculatedBy: run.calculated_by,
    submittedBy: run.submitted?.by ?? null,
    overridden: (run.submitted?.overrides ?? []).map(({ kind, reason }) => ({ kind, reason })),
    decidedBy: run.decided_by,
    rejection: run.rejection,
    version: run.version,
  };
}

interface Details {
  readonly results: readonly ResultRecord[];
  readonly blockers: readonly Blocker[];
  readonly progress: ProgressOf | undefined;
  readonly isHard: (kind: Blocker["kind"]) => boolean;
}

export function runDetailsView(
  run: RunRecord,
  { results, blockers, progress, isHard }: Details,
): z.output<typeof runDetailsSchema> {
  const paid = results.filter((row) => row.is_empty === 0);
  const sum = (amounts: number[]): string => decimalOf(total(amounts, run.currency), run.currency);
  return {
    ...runView(run),
    progress: progress === undefined ? null : { done: progress.done, total: progress.total },
    calculated: results.length,
    gross: sum(paid.map((row) => row.gross_minor)),
    net: sum(paid.map((row) => row.net_minor)),
    employerCost: sum(paid.map((row) => row.employer_cost_minor)),
    blockers: blockers.slice(0, 500).map((each) => ({
      kind: each.kind,
      employeeId: each.employeeId,
      workdayOn: each.workdayOn,
      detail: each.detail,
      mayPass: !isHard(each.kind),
    })),
    blockersTotal: blockers.length,
  };
}

export function salaryView({
  employeeId,
  period,
  currency,
  lines,
  blockers,
  ...pay
}: Salary): z.output<typeof salarySchema> {
  const amount = (minor: number): string => decimalOf(minor, currency);
  const { periodId, fromOn, toOn } = period;
  return {
    employeeId,
    periodId,
    fromOn,
    toOn,
    currency,
    gross: amount(pay.grossMinor),
    taxable: amount(pay.taxableMinor),
    tax: amount(pay.taxMinor),
    net: amount(pay.netMinor),
    employerCost: amount(pay.employerCostMinor),
    lines: lines.map(({ amountMinor, ...line }) => ({ ...line, amount: amount(amountMinor) })),
    blockers: blockers.map((blocker) => ({
      ...blocker,
      mayPass: !HARD_BLOCKERS.has(blocker.kind),
    })),
  };
}

export function resultView(row: ResultRecord, currency: string): z.output<typeof resultSchema> {
  const amount = (minor: number): string => decimalOf(minor, currency);
  return {
    employeeId: row.employee_id,
    revision: row.revision,
    gross: amount(row.gross_minor),
    taxable: amount(row.taxable_minor),
    tax: amount(row.tax_minor),
    net: amount(row.net_minor),
    employerCost: amount(row.employer_cost_minor),
    currency,
    lines: [...row.lines],
    days: [...row.days],
    payslip:
      row.payslip_id === null
        ? null
        : { documentId: row.payslip_id, sha256: row.payslip_sha256 ?? "" },
    payment:
      row.payment_id === null
        ? null
        : { documentId: row.payment_id, reference: row.reference ?? "" },
  };
}
