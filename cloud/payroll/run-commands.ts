import { isRefusal, type Refusal, refuse } from "../eventing/decider.ts";
import type { Cause } from "../eventing/event-store.ts";
import { periodNamed } from "./calculation/calendar.ts";
import { type Blocker, type BlockerKind, HARD_BLOCKERS } from "./calculation/facts.ts";
import { total } from "./calculation/money.ts";
import { runId } from "./ids.ts";
import { type PaySources, peopleWithoutAccount } from "./pay-facts.ts";
import {
  paidElsewhere,
  type ResultRecord,
  type RunRecord,
  results,
  runsOfPeriod,
} from "./reads.ts";
import { everybodyOf, payNow, recordOf } from "./run-calculation.ts";
import type { Runners } from "./runners.ts";
import { isSame } from "./same.ts";

export interface RunDeps {
  readonly sources: PaySources;
  readonly runners: Runners;
}

export interface NewRun {
  readonly payGroup: string;
  readonly period: string;
  readonly people: readonly string[] | null;
  readonly by: string;
}

interface Opened {
  readonly runId: string;
  readonly seq: number;
  readonly isNew: boolean;
}

/**
 * Opens the run of a period. One that is open already for the same people is it. Later runs of the period are for those
 * whom the ones before do not pay.
 */
export async function openRun(
  deps: RunDeps,
  asked: NewRun,
  cause: Cause,
): Promise<Opened | Refusal> {
  const { sources, runners } = deps;
  const { payGroup, people } = asked;
  const group = sources.config.groups[payGroup];
  if (group === undefined) {
    return refuse("payroll.group-not-found", `the configuration has no pay group "${payGroup}"`);
  }
  const period = periodNamed(payGroup, group, `${payGroup}-${asked.period}`);
  if (period === undefined) {
    return refuse("payroll.bad-period", periodHelp(group.calendar.kind));
  }
  const before = await runsOfPeriod(sources.pay, period.periodId);
  const wanted = people === null ? null : [...new Set(people)].toSorted();
  const same = before.find((each) => each.status !== "locked" && isSame(each.people, wanted));
  if (same !== undefined) return { runId: same.run_id, seq: same.version, isNew: false };
  const id = runId(period.periodId, before.length + 1);
  const paid = await paidElsewhere(sources.pay, period.periodId, id);
  const twice = wanted?.find((each) => paid.has(each));
  if (twice !== undefined) {
    return refuse("payroll.already-paid", `${twice} is paid by another run of this period`);
  }
  const opened = {
    runId: id,
    ...period,
    currency: group.currency,
    by: asked.by,
    people: wanted,
  };
  const outcome = await runners.runs.handle(id, { type: "open", opened }, cause);
  if (isRefusal(outcome)) return outcome;
  return { runId: id, seq: outcome.seq, isNew: outcome.events.length > 0 };
}

function periodHelp(kind: string): string {
  switch (kind) {
    case "monthly":
      return "a period of this group is a month, such as 2026-11";
    case "semi-monthly":
      return "a period of this group is half a month, such as 2026-11-1 or 2026-11-2";
    default:
      return "a period of this group is named by its first day, such as 2026-11-02, counted from the anchor";
  }
}

/** Everything that speaks against paying a run as it was calculated. */
export async function blockersOfRun(deps: RunDeps, run: RunRecord): Promise<Blocker[]> {
  const { sources } = deps;
  const { people, dropped } = await everybodyOf(sources, run);
  const calculated = new Map(
    (await results(sources.pay, run.run_id)).map((row) => [row.employee_id, row]),
  );
  const missing = await peopleWithoutAccount(sources, run);
  const found: Blocker[] = missing.map((employeeId) => ({
    kind: "no-account",
    employeeId,
    workdayOn: null,
    detail: "is employed and has no pay account in any pay group",
  }));
  for (const employeeId of people) {
    const pay = await payNow(sources, run, employeeId);
    const before = calculated.get(employeeId);
    found.push(...pay.blockers);
    const blocker = (kind: BlockerKind, detail: string): void => {
      found.push({ kind, employeeId, workdayOn: null, detail });
    };
    if (before === undefined) {
      blocker("not-calculated", "calculate the run");
    } else if (!isAsCalculated(run, before, pay)) {
      blocker("outdated", "something changed since it was calculated: calculate the run again");
    } else if (before.payslip_id === null) {
      blocker("no-payslip", "the payslip is not made yet, or cannot be printed: see the log");
    }
  }
  for (const employeeId of dropped) {
    if (calculated.get(employeeId)?.is_empty === 1) continue;
    const detail = "is no longer in the run: calculate it again";
    found.push({ kind: "outdated", employeeId, workdayOn: null, detail });
  }
  return found;
}

function isAsCalculated(
  run: RunRecord,
  before: ResultRecord,
  pay: Awaited<ReturnType<typeof payNow>>,
): boolean {
  const { salary } = recordOf(run, before.employee_id, pay);
  return (
    isSame(salary.lines, before.lines) &&
    isSame(salary.days, before.days) &&
    salary.netMinor === before.net_minor &&
    salary.taxableMinor === before.taxable_minor &&
    salary.employerCostMinor === before.employer_cost_minor
  );
}

export interface Override {
  readonly kind: string;
  readonly reason: string;
}

/** Hands a run to whoever approves it. Blockers hold it up, unless each kind is let pass with a reason. */
export async function submitRun(
  deps: RunDeps,
  run: RunRecord,
  { by, overrides, cause }: { by: string; overrides: readonly Override[]; cause: Cause },
): Promise<{ readonly seq: number } | Refusal> {
  const blockers = await blockersOfRun(deps, run);
  const standing = blockers.filter(
    ({ kind }) => HARD_BLOCKERS.has(kind) || !overrides.some((each) => each.kind === kind),
  );
  if (standing.length > 0 && run.status === "open") {
    const kinds = [...new Set(standing.map(({ kind }) => kind))].join(", ");
    return refuse(
      "payroll.blocked",
      `${standing.length} blockers stand (${kinds}): resolve them, or let them pass with a reason`,
    );
  }
  const paid = (await results(deps.sources.pay, run.run_id)).filter((row) => row.is_empty === 0);
  const sum = (amounts: number[]): number => total(amounts, run.currency);
  const used = overrides.filter(({ kind }) => blockers.some((each) => each.kind === kind));
  const submitted = {
    people: paid.length,
    grossMinor: sum(paid.map((row) => row.gross_minor)),
    netMinor: sum(paid.map((row) => row.net_minor)),
    by,
    overridden: [...new Set(used.map(({ kind }) => kind))],
    overrides: used.map(({ kind, reason }) => ({
      kind,
      reason,
      employeeIds: whom(blockers, kind),
    })),
  };
  const outcome = await deps.runners.runs.handle(run.run_id, { type: "submit", submitted }, cause);
  return isRefusal(outcome) ? outcome : { seq: outcome.seq };
}

const whom = (blockers: readonly Blocker[], kind: string): string[] => [
  ...new Set(blockers.filter((each) => each.kind === kind).map((each) => each.employeeId)),
];
