import type { DayEntry } from "@clockleaf/shared/events/payroll.ts";
import type { Log } from "@clockleaf/shared/lib/log.ts";
import type { Cause } from "../eventing/event-store.ts";
import { accountOn } from "./calculation/accounts.ts";
import { calculate, type Pay } from "./calculation/calculate.ts";
import { type Period, periodOf } from "./calculation/calendar.ts";
import { total } from "./calculation/money.ts";
import { type PaidTime, timeLines } from "./calculation/time-pay.ts";
import { adjustmentAggregate, adjustmentId, estimateAggregate } from "./ids.ts";
import { caseFor, type PaySources, periodOfRun } from "./pay-facts.ts";
import {
  adjustmentsOf,
  estimateOf,
  locksOf,
  paidItems,
  payGroupOn,
  type ResultRecord,
  type RunRecord,
  result,
  run,
} from "./reads.ts";
import type { Runners } from "./runners.ts";

export interface AfterDeps {
  readonly sources: PaySources;
  readonly runners: Runners;
  readonly log: Log;
}

/** One day of one person, and what made us look at it. */
export interface Look {
  readonly employeeId: string;
  readonly workdayOn: string;
  readonly because: string;
  readonly cause: Cause;
}

/** What a day was paid as, and by which run, counting the adjustments that a run has taken since. */
interface Paid {
  readonly run: RunRecord;
  readonly entries: readonly DayEntry[];
  readonly revision: number;
  /** The run of the last payment behind the day. */
  readonly paidBy: string;
}

/** Whether the day is locked; if so, records what its pay now differs by from what was paid. */
export async function considerLocked(deps: AfterDeps, look: Look): Promise<boolean> {
  const { sources, runners } = deps;
  const { employeeId, workdayOn, because, cause } = look;
  const paid = await paidAs(sources, employeeId, workdayOn);
  if (paid === undefined) return false;
  const period = periodOfRun(paid.run);
  const payCase = await caseFor(sources, employeeId, { period, run: null });
  const now = calculate(payCase).days.find((day) => day.workdayOn === workdayOn);
  const held = accountOn(payCase.facts.accounts, workdayOn);
  if (held === undefined) return true;
  const revision = now?.revision ?? paid.revision;
  const source = { kind: "workday", id: workdayOn, revision } as const;
  const time = (entries: readonly DayEntry[], sign: 1 | -1): PaidTime[] =>
    entries.map((entry) => ({ entry, held, source, sign }));
  const entries = now?.entries ?? [];
  const both = [...time(entries, 1), ...time(paid.entries, -1)];
  const lines = timeLines(both, payCase.rules, "adjustment");
  const { currency } = payCase.rules.group;
  const adjustment = {
    employeeId,
    adjustmentId: adjustmentId(employeeId, workdayOn, paid.paidBy),
    lockedPeriodId: paid.run.period_id,
    workdayOn,
    revision,
    lines,
    amountMinor: total(
      lines.map(({ amountMinor }) => amountMinor),
      currency,
    ),
    currency,
    reason: because.slice(0, 300),
    entries: [...entries],
  };
  const id = adjustmentAggregate(employeeId, workdayOn);
  await runners.adjustments.handle(id, { type: "record", adjustment }, cause);
  return true;
}

async function paidAs(
  sources: PaySources,
  employeeId: string,
  workdayOn: string,
): Promise<Paid | undefined> {
  const { pay } = sources;
  const [lock] = await locksOf(pay, employeeId, workdayOn);
  if (lock === undefined) return undefined;
  const [lockedRun, paidResult, adjustments, taken] = await Promise.all([
    run(pay, lock.run_id),
    result(pay, lock.run_id, employeeId),
    adjustmentsOf(pay, employeeId),
    paidItems(pay, employeeId, null),
  ]);
  if (lockedRun === undefined || paidResult === undefined) return undefined;
  const day = paidResult.days.find((each) => each.workdayOn === workdayOn);
  let latest: Pick<Paid, "entries" | "revision" | "paidBy"> = {
    entries: day?.entries ?? [],
    revision: day?.revision ?? 1,
    paidBy: lock.run_id,
  };
  for (;;) {
    const id = adjustmentId(employeeId, workdayOn, latest.paidBy);
    const by = taken.get(id);
    const version = adjustments.findLast(
      (each) => each.adjustmentId === id && each.revision === by?.revision,
    );
    if (by === undefined || version === undefined) return { run: lockedRun, ...latest };
    latest = { entries: version.entries ?? [], revision: version.revision, paidBy: by.run_id };
  }
}

/** After a period was locked: days that changed between the calculation and the lock. */
export async function considerPeriod(
  deps: AfterDeps,
  locked: RunRecord,
  { people, cause }: { readonly people: readonly string[]; readonly cause: Cause },
): Promise<void> {
  const { sources } = deps;
  const period = periodOfRun(locked);
  for (const employeeId of people) {
    const paid = await result(sources.pay, locked.run_id, employeeId);
    if (paid === undefined) continue;
    const now = calculate(await caseFor(sources, employeeId, { period, run: null }));
    for (const workdayOn of changedDays(paid, now)) {
      const because = "changed between the calculation and the lock";
      await considerLocked(deps, { employeeId, workdayOn, because, cause });
    }
  }
}

function changedDays(paid: ResultRecord, now: Pay): string[] {
  const before = new Map(paid.days.map((day) => [day.workdayOn, day.revision]));
  const after = new Map(now.days.map((day) => [day.workdayOn, day.revision]));
  const all = [...new Set([...before.keys(), ...after.keys()])].toSorted();
  return all.filter((on) => before.get(on) !== after.get(on));
}

/** Tells what the open period around a day comes to by now, if it changed. */
export async function estimate(deps: AfterDeps, look: Look): Promise<void> {
  const { sources, runners } = deps;
  const { employeeId, workdayOn, because, cause } = look;
  const period = await openPeriod(sources, employeeId, workdayOn);
  if (period === undefined) return;
  const pay = calculate(await caseFor(sources, employeeId, { period, run: null }));
  const overtimeSeconds = pay.days
    .flatMap(({ entries }) => entries)
    .reduce((sum, { kind, seconds }) => (kind === "overtime" ? sum + seconds : sum), 0);
  const told = {
    employeeId,
    periodId: period.periodId,
    currency: pay.currency,
    grossMinor: pay.grossMinor,
    overtimeSeconds,
    because: because.slice(0, 300),
  };
  const id = estimateAggregate(employeeId, period.periodId);
  await runners.estimates.handle(id, { type: "tell", estimate: told }, cause);
}

async function openPeriod(
  sources: PaySources,
  employeeId: string,
  on: string,
): Promise<Period | undefined> {
  const payGroup = await payGroupOn(sources.pay, employeeId, on);
  const group = payGroup === undefined ? undefined : sources.config.groups[payGroup];
  if (payGroup === undefined || group === undefined) return undefined;
  const locks = await locksOf(sources.pay, employeeId, on);
  return locks.length > 0 ? undefined : periodOf(payGroup, group, on);
}

/** Whether a day computed again is worth an estimate: somebody decided about it, or was told one before. */
export async function isEstimated(
  sources: PaySources,
  employeeId: string,
  day: { readonly workdayOn: string; readonly isDecided: boolean },
): Promise<boolean> {
  if (day.isDecided) return true;
  const period = await openPeriod(sources, employeeId, day.workdayOn);
  return (
    period !== undefined &&
    (await estimateOf(sources.pay, employeeId, period.periodId)) !== undefined
  );
}
