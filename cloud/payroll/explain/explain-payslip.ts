import type { PaidDay, PayLine } from "@clockleaf/shared/events/payroll.ts";
import { periodsAYear } from "../calculation/calendar.ts";
import type { AccountVersion } from "../calculation/facts.ts";
import { decimalOf } from "../calculation/money.ts";
import { tableOfSource, taxOf } from "../calculation/tax.ts";
import { accountsOf, type PaySources } from "../pay-facts.ts";
import { daysOf, payoutsOf } from "../people-reads.ts";
import {
  type AdjustmentRecord,
  adjustmentsOf,
  type ResultRecord,
  type RunRecord,
} from "../reads.ts";
import type { ExplainedLine, PayslipExplanation } from "./views.ts";

/** What lines may name, as it is known today. */
interface Known {
  readonly run: RunRecord;
  readonly result: ResultRecord;
  readonly sources: PaySources;
  /** As they were paid. */
  readonly paid: ReadonlyMap<string, PaidDay>;
  readonly revisionsNow: ReadonlyMap<string, number>;
  readonly accounts: readonly AccountVersion[];
  readonly adjustments: readonly AdjustmentRecord[];
  readonly minutesOfLeave: ReadonlyMap<string, number>;
}

/**
 * Each line of somebody's pay with what it comes from: the days in the revision that was paid, versions of the account, the
 * tax table, adjustments, leave paid out. What was paid is never computed again; beside it stands what is known now.
 */
export async function explainPayslip(
  sources: PaySources,
  run: RunRecord,
  result: ResultRecord,
): Promise<PayslipExplanation> {
  const known = await readKnown(sources, run, result);
  const amount = (minor: number): string => decimalOf(minor, run.currency);
  return {
    runId: run.run_id,
    employeeId: result.employee_id,
    fromOn: run.from_on,
    toOn: run.to_on,
    payOn: run.pay_on,
    currency: run.currency,
    revision: result.revision,
    gross: amount(result.gross_minor),
    taxable: amount(result.taxable_minor),
    tax: amount(result.tax_minor),
    net: amount(result.net_minor),
    employerCost: amount(result.employer_cost_minor),
    lines: result.lines.map((line) => explainLine(line, known)),
  };
}

async function readKnown(
  sources: PaySources,
  run: RunRecord,
  result: ResultRecord,
): Promise<Known> {
  const { employee_id: employeeId, days, lines } = result;
  const named = lines
    .flatMap((line) => line.sources)
    .filter(({ kind }) => kind === "workday")
    .map(({ id }) => id)
    .toSorted();
  const span = { fromOn: named[0] ?? run.from_on, toOn: named.at(-1) ?? run.to_on };
  const [now, accounts, adjustments, payouts] = await Promise.all([
    daysOf(sources.time, employeeId, span),
    accountsOf(sources, employeeId),
    adjustmentsOf(sources.pay, employeeId),
    payoutsOf(sources.leave, employeeId, run.to_on),
  ]);
  return {
    run,
    result,
    sources,
    paid: new Map(days.map((day) => [day.workdayOn, day])),
    revisionsNow: new Map(now.map(({ workdayOn, revision }) => [workdayOn, revision])),
    accounts,
    adjustments,
    minutesOfLeave: new Map(payouts.map(({ entryId, minutes }) => [entryId, minutes])),
  };
}

function explainLine(line: PayLine, known: Known): ExplainedLine {
  const of = (kind: PayLine["sources"][number]["kind"]) =>
    line.sources.filter((source) => source.kind === kind);
  const adjustments = of("adjustment").map((source) => adjustmentOf(source, known));
  return {
    code: line.code,
    label: line.label,
    kind: line.kind,
    seconds: line.seconds,
    rate: line.rate,
    amount: decimalOf(line.amountMinor, known.run.currency),
    workdays: of("workday").map((source) => workdayOf(source, { line, known })),
    accounts: of("account").flatMap(({ revision }) => accountIn(revision, known)),
    tables: of("table").map(({ id }) => tableIn(id, known)),
    adjustments,
    leave: of("leave").map(({ id }) => ({
      entryId: id,
      minutes: known.minutesOfLeave.get(id) ?? null,
    })),
  };
}

type Source = PayLine["sources"][number];

function workdayOf(
  { id: workdayOn, revision }: Source,
  { line, known }: { readonly line: PayLine; readonly known: Known },
): ExplainedLine["workdays"][number] {
  const { paid, revisionsNow, adjustments, result } = known;
  const adjustment = adjustments.findLast(
    (each) => each.workdayOn === workdayOn && each.revision === revision,
  );
  const entries = line.kind === "adjustment" ? adjustment?.entries : paid.get(workdayOn)?.entries;
  const day = `/api/v1/timesheets/${result.employee_id}/${workdayOn}`;
  return {
    workdayOn,
    revision,
    revisionNow: revisionsNow.get(workdayOn) ?? null,
    entries: (entries ?? []).filter(({ code }) => code === line.code),
    explain: `${day}/explain`,
    revisions: `${day}/revisions`,
  };
}

/** Of somebody who was erased nothing is left of an account but that there was one. */
function accountIn(version: number | null, known: Known): ExplainedLine["accounts"] {
  const found = known.accounts.find((each) => each.version === version);
  if (found === undefined) return [];
  const { fromOn, payGroup, basis, rateMinor, taxTable, components, currency } = found.account;
  const money = (minor: number | null): string | null =>
    minor === null ? null : decimalOf(minor, currency);
  return [
    {
      version: found.version,
      fromOn,
      payGroup,
      basis,
      rate: money(rateMinor),
      taxTable,
      components: components.map(({ name, amountMinor }) => ({
        name,
        amount: money(amountMinor),
      })),
    },
  ];
}

function tableIn(id: string, { sources, run, result }: Known): ExplainedLine["tables"][number] {
  const { config } = sources;
  const money = (minor: number): string => decimalOf(minor, run.currency);
  const taxable = money(result.taxable_minor);
  const table = tableOfSource(config.taxTables, id);
  if (table === undefined) {
    const none = { basis: null, allowance: null, brackets: [], taxNow: null };
    return { id, isConfigured: false, taxable, ...none };
  }
  const calendar = config.groups[run.pay_group]?.calendar;
  return {
    id,
    isConfigured: true,
    basis: table.basis,
    allowance: money(table.allowanceMinor),
    brackets: table.brackets.map(({ upToMinor, percent }) => ({
      upTo: upToMinor === null ? null : money(upToMinor),
      percent,
    })),
    taxable,
    taxNow:
      calendar === undefined
        ? null
        : money(taxOf(table, result.taxable_minor, periodsAYear(calendar))),
  };
}

function adjustmentOf(
  { id, revision }: Source,
  { adjustments, run }: Known,
): ExplainedLine["adjustments"][number] {
  const found =
    adjustments.findLast((each) => each.adjustmentId === id && each.revision === revision) ??
    adjustments.findLast((each) => each.adjustmentId === id);
  return {
    adjustmentId: id,
    workdayOn: found?.workdayOn ?? run.from_on,
    revision,
    lockedPeriodId: found?.lockedPeriodId ?? null,
    reason: found?.reason ?? null,
  };
}
