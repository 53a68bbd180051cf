import type { PaidDay, PayLine } from "@clockleaf/shared/events/payroll.ts";
import type { Component } from "../config.ts";
import { accountOn, accountSpans } from "./accounts.ts";
import { blockersOf } from "./blockers.ts";
import { daysIn, type Period, periodsAYear } from "./calendar.ts";
import { type Bases, componentLine, componentsFor } from "./components.ts";
import type { DayFacts } from "./day-facts.ts";
import { exact, over, rounded, spelled, times } from "./exact.ts";
import type { AccountSpan, AccountVersion, Blocker, PayFacts, PayRules, Person } from "./facts.ts";
import { exponentOf, total } from "./money.ts";
import { tableOn, tableSourceId, taxOf } from "./tax.ts";
import { hourlyRate, type PaidTime, timeLines } from "./time-pay.ts";

export interface Pay {
  readonly currency: string;
  readonly lines: readonly PayLine[];
  readonly grossMinor: number;
  readonly taxableMinor: number;
  /** What was withheld, not negative. */
  readonly taxMinor: number;
  /** Name of the tax table; null = none. */
  readonly table: string | null;
  readonly netMinor: number;
  readonly employerCostMinor: number;
  readonly days: readonly PaidDay[];
  readonly blockers: readonly Blocker[];
}

/** One calculation to be made. */
export interface PayCase {
  readonly person: Person;
  readonly period: Period;
  readonly facts: PayFacts;
  readonly rules: PayRules;
}

/**
 * What somebody earns in a period. A function of facts and rules: their order does not matter, and the same ones give the
 * same pay. Each line is calculated exactly and rounded once; everything else is a sum of lines.
 */
export function calculate(pay: PayCase): Pay {
  const scope = scopeOf(pay);
  const { lines: earned, bases } = earningsOf(scope, pay);
  const settled = settle(earned, { bases, held: scope.held, pay });
  const { netMinor, table } = settled;
  return {
    ...settled,
    currency: pay.rules.group.currency,
    table: table?.name ?? null,
    days: scope.days.map(({ workdayOn, revision, entries }) => ({
      workdayOn,
      revision,
      entries: [...entries],
    })),
    blockers: blockersOf(pay, { ...scope, netMinor, hasTable: table !== undefined }),
  };
}

const sumOf = (lines: readonly PayLine[], { group }: PayRules): number =>
  total(
    lines.map(({ amountMinor }) => amountMinor),
    group.currency,
  );

/** Salary, time, leave paid out and adjustments; and what components are a share of. */
function earningsOf(scope: Scope, pay: PayCase): { lines: PayLine[]; bases: Bases } {
  const { days, spans, held } = scope;
  const paid = days.flatMap((day) => timesOf(day, spans));
  const forTime = [...salaryLines(spans, pay), ...timeLines(paid, pay.rules, "earning")];
  const workedSeconds = paid
    .filter(({ entry }) => entry.kind === "regular" || entry.kind === "overtime")
    .reduce((sum, { entry }) => sum + entry.seconds, 0);
  return {
    lines: [...forTime, ...payoutLines(held, pay), ...adjustmentLines(pay)],
    bases: { base: sumOf(forTime, pay.rules), gross: 0, taxable: 0, workedSeconds },
  };
}

interface Earned {
  readonly bases: Bases;
  readonly held: AccountVersion | undefined;
  readonly pay: PayCase;
}

/** From what was earned to what is paid out: allowances, deductions before tax, tax, deductions after it, employer cost. */
function settle(earned: readonly PayLine[], { bases, held, pay }: Earned) {
  const { rules, period } = pay;
  const components = held === undefined ? [] : componentsFor(rules, { ...pay, held });
  const chosen = (fits: (each: Component) => boolean, of: Bases): PayLine[] =>
    held === undefined
      ? []
      : components.filter(fits).map((each) => componentLine(each, held, { bases: of, rules }));

  const additions = chosen(isAddition, bases);
  const grossMinor = sumOf([...earned, ...additions], rules);
  const withGross = { ...bases, gross: grossMinor };
  const untaxed =
    sumOf(
      earned.filter(({ code }) => rules.config.codes[code]?.taxable === false),
      rules,
    ) +
    sumOf(
      chosen((each) => isAddition(each) && !each.taxable, bases),
      rules,
    );
  const before = chosen((each) => each.kind === "deduction" && !each.taxable, withGross);
  const taxableMinor = Math.max(0, grossMinor - untaxed + sumOf(before, rules));
  const table = tableFor(held, pay);
  const taxMinor =
    table === undefined ? 0 : taxOf(table, taxableMinor, periodsAYear(rules.group.calendar));
  const late = { ...withGross, taxable: taxableMinor };
  const after = chosen((each) => each.kind === "deduction" && each.taxable, late);
  const taxLines =
    table === undefined ? [] : [taxLine(tableSourceId(table.name, period.payOn), taxMinor)];
  const own = [...earned, ...additions, ...before, ...taxLines, ...after];
  const cost = chosen((each) => each.kind === "employer-cost", late);
  return {
    lines: [...own, ...cost],
    grossMinor,
    taxableMinor,
    taxMinor,
    table,
    netMinor: sumOf(own, rules),
    employerCostMinor: sumOf(cost, rules),
  };
}

const isAddition = ({ kind }: Component): boolean => kind === "earning" || kind === "allowance";

export interface Scope {
  /** The days of the employment within the period, in order. */
  readonly days: readonly DayFacts[];
  /** Accounts of this pay group within them. */
  readonly spans: readonly AccountSpan[];
  /** The last account of the period, or the last there was. */
  readonly held: AccountVersion | undefined;
}

function scopeOf({ person, period, facts }: PayCase): Scope {
  const fromOn = person.startOn > period.fromOn ? person.startOn : period.fromOn;
  const last = person.lastDayOn ?? period.toOn;
  const toOn = last < period.toOn ? last : period.toOn;
  const spans =
    fromOn > toOn
      ? []
      : accountSpans(facts.accounts, fromOn, toOn).filter(
          ({ held }) => held.account.payGroup === period.payGroup,
        );
  const isIn = (on: string): boolean => spans.some((span) => span.fromOn <= on && on <= span.toOn);
  return {
    spans,
    held: spans.at(-1)?.held ?? accountOn(facts.accounts, period.toOn),
    days: facts.days
      .filter(({ workdayOn }) => isIn(workdayOn))
      .toSorted((a, b) => (a.workdayOn < b.workdayOn ? -1 : 1)),
  };
}

function timesOf(day: DayFacts, spans: readonly AccountSpan[]): PaidTime[] {
  const span = spans.find(({ fromOn, toOn }) => fromOn <= day.workdayOn && day.workdayOn <= toOn);
  if (span === undefined) return [];
  const source = { kind: "workday", id: day.workdayOn, revision: day.revision } as const;
  return day.entries.map((entry) => ({ entry, held: span.held, source, sign: 1 as const }));
}

/**
 * A salary of a month as that of the period, shared out by days where it did not hold for all of it. Versions that pay the
 * same are one line, so that a new bank account in mid-month costs nobody a cent.
 */
function salaryLines(spans: readonly AccountSpan[], { period, rules }: PayCase): PayLine[] {
  const { group, config } = rules;
  const all = daysIn(period.fromOn, period.toOn, group.proRata);
  const byRate = new Map<number, AccountSpan[]>();
  for (const span of spans) {
    const { basis, rateMinor } = span.held.account;
    if (basis !== "salaried" || rateMinor === null || all === 0) continue;
    byRate.set(rateMinor, [...(byRate.get(rateMinor) ?? []), span]);
  }
  return [...byRate].map(([rateMinor, held]) => {
    const days = held.reduce(
      (sum, { fromOn, toOn }) => sum + daysIn(fromOn, toOn, group.proRata),
      0,
    );
    const ofPeriod = over(times(exact(rateMinor), exact(12)), exact(periodsAYear(group.calendar)));
    const share = over(exact(days), exact(all));
    return {
      code: "SALARY",
      label: "Salary",
      kind: "earning" as const,
      seconds: null,
      rate: spelled(share, 6),
      amountMinor: rounded(times(ofPeriod, share), config.rounding),
      sources: held.map(({ held: { account, version } }) => ({
        kind: "account" as const,
        id: account.employeeId,
        revision: version,
      })),
    };
  });
}

function payoutLines(held: AccountVersion | undefined, { facts, rules }: PayCase): PayLine[] {
  const hourly = held === undefined ? undefined : hourlyRate(held, rules);
  if (hourly === undefined) return [];
  const { config, group } = rules;
  const scale = exact(10n ** BigInt(exponentOf(group.currency)));
  return facts.payouts
    .toSorted((a, b) => (a.entryId < b.entryId ? -1 : 1))
    .map(({ entryId, minutes }) => ({
      code: config.leavePayout.code,
      label: config.leavePayout.label,
      kind: "earning" as const,
      seconds: minutes * 60,
      rate: spelled(over(hourly, scale), 6),
      amountMinor: rounded(times(over(exact(minutes), exact(60)), hourly), config.rounding),
      sources: [{ kind: "leave" as const, id: entryId, revision: null }],
    }));
}

function adjustmentLines({ facts, rules }: PayCase): PayLine[] {
  return facts.adjustments
    .filter(({ currency }) => currency === rules.group.currency)
    .toSorted((a, b) => (a.adjustmentId < b.adjustmentId ? -1 : 1))
    .flatMap(({ lines, adjustmentId, revision }) =>
      lines.map((line) => ({
        ...line,
        sources: [
          { kind: "adjustment" as const, id: adjustmentId, revision },
          ...line.sources.slice(0, 399),
        ],
      })),
    );
}

function tableFor(held: AccountVersion | undefined, { rules, period }: PayCase) {
  const name = held?.account.taxTable ?? rules.group.taxTable;
  return name === null ? undefined : tableOn(rules.config.taxTables, name, period.payOn);
}

function taxLine(table: string, taxMinor: number): PayLine {
  return {
    code: "TAX",
    label: "Tax",
    kind: "tax",
    seconds: null,
    rate: null,
    amountMinor: taxMinor === 0 ? 0 : -taxMinor,
    sources: [{ kind: "table", id: table, revision: null }],
  };
}
