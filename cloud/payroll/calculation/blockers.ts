import type { PayCase, Scope } from "./calculate.ts";
import type { DayFacts } from "./day-facts.ts";
import type { Blocker, BlockerKind } from "./facts.ts";

interface Outcome extends Scope {
  readonly netMinor: number;
  readonly hasTable: boolean;
}

/** What somebody should look at before this pay goes out. */
export function blockersOf(pay: PayCase, outcome: Outcome): Blocker[] {
  const { employeeId } = pay.person;
  const blocker = (
    kind: BlockerKind,
    detail: string,
    workdayOn: string | null = null,
  ): Blocker => ({
    kind,
    employeeId,
    workdayOn,
    detail,
  });
  return [
    ...ofAccount(pay, outcome).map(([kind, detail]) => blocker(kind, detail)),
    ...outcome.days.flatMap((day) =>
      ofDay(day, pay).map(([kind, detail]) => blocker(kind, detail, day.workdayOn)),
    ),
  ];
}

type Found = readonly [BlockerKind, string];

function ofAccount({ facts, rules, period }: PayCase, outcome: Outcome): Found[] {
  const { held, spans, netMinor, hasTable } = outcome;
  if (held === undefined) return [["no-account", "there is no pay account for this period"]];
  const { account } = held;
  const found: Found[] = [];
  const { currency } = rules.group;
  const all = [held, ...spans.map((span) => span.held)];
  if (all.some((each) => each.account.rateMinor === null)) {
    found.push(["no-rate", "the pay account has no salary or hourly rate"]);
  }
  if (all.some((each) => each.account.currency !== currency)) {
    found.push([
      "currency",
      `the pay group pays ${currency}, the account is kept in another currency`,
    ]);
  }
  if (facts.adjustments.some((each) => each.currency !== currency)) {
    found.push(["currency", "an adjustment is in another currency"]);
  }
  const table = account.taxTable ?? rules.group.taxTable;
  if (table !== null && !hasTable) {
    found.push(["no-tax-table", `no tax table "${table}" holds on ${period.payOn}`]);
  }
  if (netMinor > 0 && account.bank === null) {
    found.push(["no-bank", "no bank account: nothing can be paid by file"]);
  }
  if (netMinor < 0) found.push(["negative-net", "deductions are more than the pay"]);
  return found;
}

function ofDay(day: DayFacts, { rules: { config } }: PayCase): Found[] {
  const found: Found[] = [];
  if (day.state === "open") found.push(["day-open", "somebody is still in, or may still come"]);
  if (day.state === "provisional") {
    found.push(["day-incomplete", "the site may hold punches that have not arrived"]);
  }
  if (day.pendingSeconds > 0) {
    found.push(["overtime-pending", `${day.pendingSeconds} s of overtime wait for approval`]);
  }
  for (const { kind, severity } of day.problems) {
    if (config.blockingExceptions.includes(severity)) found.push(["day-exception", kind]);
  }
  for (const { kind, code } of day.entries) {
    if (kind !== "occurrence" || config.codes[code]?.amountMinor !== undefined) continue;
    found.push(["unknown-amount", `the pay code ${code} has no amountMinor`]);
  }
  return found;
}
