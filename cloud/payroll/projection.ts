import type { Decided } from "@clockleaf/shared/events/envelope.ts";
import type { PayLine, PayrollEvent } from "@clockleaf/shared/events/payroll.ts";
import { domainSubjects, parseEventSubject, STREAMS } from "@clockleaf/shared/subjects.ts";
import type { Transaction } from "kysely";
import { decidedAs } from "../eventing/decided-as.ts";
import type { StoredEvent } from "../eventing/event-store.ts";
import type { Projection } from "../eventing/projection.ts";
import { migratePayroll, type PayrollDb } from "./tables.ts";

/**
 * Accounts (without what is personal: that is read from the aggregate, with the vault), runs, results, adjustments and
 * locked periods.
 */
export function payrollProjection(tenant: string): Projection<PayrollDb> {
  return {
    name: "payroll",
    version: 1,
    stream: STREAMS.payroll,
    filterSubjects: [domainSubjects("payroll")],
    migrate: migratePayroll,
    async apply(tx, stored) {
      if (parseEventSubject(stored.subject)?.tenant === tenant) await apply(tx, stored);
    },
  };
}

type Tx = Transaction<PayrollDb>;
type Data<T extends string> = Extract<Decided<PayrollEvent>, { type: T }>["data"];

async function apply(tx: Tx, stored: StoredEvent): Promise<void> {
  const event = decidedAs<PayrollEvent>(stored);
  const { seq } = stored;
  switch (event.type) {
    case "payroll.account.created":
    case "payroll.account.changed":
      return putAccount(tx, event.data, seq);
    case "payroll.pay.estimated":
      return putEstimate(tx, event.data);
    case "payroll.run.opened":
    case "payroll.run.calculation-requested":
    case "payroll.run.submitted":
    case "payroll.run.approved":
    case "payroll.run.rejected":
      return putRun(tx, event, seq);
    case "payroll.period.locked":
      return lock(tx, event.data, seq);
    case "payroll.salary.calculated":
      return putResult(tx, event.data, seq);
    case "payroll.tax.deducted":
      return;
    case "payroll.payslip.generated":
      return setResult(tx, event.data, {
        payslip_id: event.data.documentId,
        payslip_sha256: event.data.sha256,
      });
    case "payroll.payment.processed":
      return setResult(tx, event.data, {
        payment_id: event.data.documentId,
        reference: event.data.reference,
      });
    case "payroll.adjustment.recorded":
      return putAdjustment(tx, event.data, seq);
  }
}

async function putAccount(
  tx: Tx,
  { employeeId, payGroup, fromOn }: Data<"payroll.account.created">,
  version: number,
): Promise<void> {
  await tx
    .insertInto("pay_accounts")
    .values({ employee_id: employeeId, version, from_on: fromOn, pay_group: payGroup })
    .execute();
}

async function putEstimate(tx: Tx, data: Data<"payroll.pay.estimated">): Promise<void> {
  const row = { json: JSON.stringify(data) };
  await tx
    .insertInto("pay_estimates")
    .values({ employee_id: data.employeeId, period_id: data.periodId, ...row })
    .onConflict((key) => key.columns(["employee_id", "period_id"]).doUpdateSet(row))
    .execute();
}

type RunEvents = Extract<
  Decided<PayrollEvent>,
  {
    type:
      | "payroll.run.opened"
      | "payroll.run.calculation-requested"
      | "payroll.run.submitted"
      | "payroll.run.approved"
      | "payroll.run.rejected";
  }
>;

async function putRun(tx: Tx, event: RunEvents, seq: number): Promise<void> {
  const { type, data } = event;
  const set = async (values: Partial<PayrollDb["pay_runs"]>): Promise<void> => {
    await tx
      .updateTable("pay_runs")
      .set({ version: seq, ...values })
      .where("run_id", "=", data.runId)
      .execute();
  };
  switch (type) {
    case "payroll.run.opened":
      await tx
        .insertInto("pay_runs")
        .values({
          run_id: data.runId,
          period_id: data.periodId,
          pay_group: data.payGroup,
          from_on: data.fromOn,
          to_on: data.toOn,
          pay_on: data.payOn,
          currency: data.currency,
          people_json: data.people == null ? null : JSON.stringify(data.people),
          status: "open",
          opened_by: data.by,
          opened_seq: seq,
          calculation: 0,
          calculated_by: null,
          submitted_json: null,
          decided_by: null,
          rejection: null,
          submitted_seq: null,
          version: seq,
        })
        .execute();
      return;
    case "payroll.run.calculation-requested":
      return set({ calculation: data.calculation, calculated_by: data.by, rejection: null });
    case "payroll.run.submitted":
      return set({
        status: "submitted",
        submitted_json: JSON.stringify(data),
        submitted_seq: seq,
        rejection: null,
      });
    case "payroll.run.approved":
      return set({ status: "approved", decided_by: data.by });
    case "payroll.run.rejected":
      return set({ status: "open", decided_by: data.by, rejection: data.reason });
  }
}

async function lock(tx: Tx, data: Data<"payroll.period.locked">, seq: number): Promise<void> {
  const { runId: run_id, periodId: period_id, fromOn, toOn, people } = data;
  await tx
    .updateTable("pay_runs")
    .set({ status: "locked", version: seq })
    .where("run_id", "=", run_id)
    .execute();
  for (const employee_id of people) {
    await tx
      .insertInto("pay_locks")
      .values({ employee_id, run_id, period_id, from_on: fromOn, to_on: toOn, locked_seq: seq })
      .execute();
  }
}

async function putResult(tx: Tx, data: Data<"payroll.salary.calculated">, seq: number) {
  const { runId: run_id, employeeId: employee_id, lines } = data;
  const row = {
    revision: data.revision,
    gross_minor: data.grossMinor,
    net_minor: data.netMinor,
    employer_cost_minor: data.employerCostMinor,
    tax_minor: data.taxMinor ?? 0,
    taxable_minor: data.taxableMinor ?? 0,
    is_empty: lines.length === 0 && (data.days ?? []).length === 0 ? 1 : 0,
    json: JSON.stringify({ lines, days: data.days ?? [] }),
    version: seq,
    payslip_id: null,
    payslip_sha256: null,
  };
  await tx
    .insertInto("pay_results")
    .values({ run_id, employee_id, ...row, payment_id: null, reference: null })
    .onConflict((key) => key.columns(["run_id", "employee_id"]).doUpdateSet(row))
    .execute();
  await tx
    .deleteFrom("pay_items")
    .where("run_id", "=", run_id)
    .where("employee_id", "=", employee_id)
    .execute();
  for (const [item_id, revision] of itemsOf(lines)) {
    await tx.insertInto("pay_items").values({ run_id, employee_id, item_id, revision }).execute();
  }
}

/** What a payslip pays that can be paid only once. */
const itemsOf = (lines: readonly PayLine[]): ReadonlyMap<string, number> =>
  new Map(
    lines
      .flatMap(({ sources }) => sources)
      .filter(({ kind }) => kind === "adjustment" || kind === "leave")
      .map(({ id, revision }) => [id, revision ?? 0]),
  );

async function setResult(
  tx: Tx,
  { runId, employeeId }: { readonly runId: string; readonly employeeId: string },
  values: Partial<PayrollDb["pay_results"]>,
): Promise<void> {
  await tx
    .updateTable("pay_results")
    .set(values)
    .where("run_id", "=", runId)
    .where("employee_id", "=", employeeId)
    .execute();
}

async function putAdjustment(tx: Tx, data: Data<"payroll.adjustment.recorded">, version: number) {
  await tx
    .insertInto("pay_adjustments")
    .values({
      adjustment_id: data.adjustmentId,
      version,
      employee_id: data.employeeId,
      workday_on: data.workdayOn,
      period_id: data.lockedPeriodId,
      revision: data.revision,
      amount_minor: data.amountMinor,
      json: JSON.stringify(data),
    })
    .execute();
}
