import { isSameValue, storyOf } from "./alike.ts";
import { dayOfDate } from "./civil-time.ts";
import { changedDates } from "./exceptions/changes.ts";
import type { FactSet } from "./facts.ts";
import type { Reach, ReadPunch, Shift } from "./ledger.ts";
import { rosterReach } from "./schedule/plan.ts";
import { daysTouched, type Ledger, SHIFT_REACH } from "./sheet.ts";

const DAY_MS = 86_400_000;

/** Epoch days, both included. */
interface Span {
  readonly from: number;
  readonly to: number;
}

const EVERYTHING: Span = { from: Number.NEGATIVE_INFINITY, to: Number.POSITIVE_INFINITY };

/**
 * Days between `from` and `to` on which something may be, ascending: where somebody punched, was absent, or should have
 * been there by a plan that every watermark has reached. A plan of tomorrow is nothing yet.
 */
export function candidates(ledger: Ledger, from: number, to: number): number[] {
  const days = new Set<number>();
  const add = (span: Span): void => {
    const last = Math.min(span.to, to);
    for (let day = Math.max(span.from, from); day <= last; day += 1) days.add(day);
  };
  for (const shift of ledger.shifts) {
    const span = daysTouched(shift);
    if (span.to >= from && span.from <= to) add(span);
  }
  for (const span of spansOfFacts(ledger.facts)) add(span);
  for (const day of ledger.problems.keys()) add({ from: day, to: day });
  addPlanned(ledger, { from, to }, days);
  return [...days].toSorted((a, b) => a - b);
}

function spansOfFacts(facts: FactSet): Span[] {
  return [
    ...facts.absences.map(({ fromOn, toOn }) => spanOf(fromOn, toOn)),
    ...facts.approvals.map(({ on }) => spanOf(on, on)),
    ...facts.rosters.map(({ on }) => spanOf(on, on)),
    ...facts.verifications.map(({ fromOn, toOn }) => spanOf(fromOn, toOn)),
  ];
}

const spanOf = (fromOn: string, toOn: string): Span => ({
  from: dayOfDate(fromOn),
  to: dayOfDate(toOn),
});

function addPlanned({ plans, rules, facts }: Ledger, span: Span, days: Set<number>): void {
  if (facts.watermarks.size === 0 || plans.isEmpty) return;
  const highest = Math.max(...facts.watermarks.values());
  const to = Math.min(span.to, Math.floor(highest / DAY_MS) + 1);
  for (let day = Math.max(span.from, rules.versions[0].from); day <= to; day += 1) {
    if (!days.has(day) && (plans.on(day).length > 0 || plans.holiday(day) !== null)) days.add(day);
  }
}

/** The days whose workday may differ between two ledgers of one person under the same rules, ascending. */
export function touchedDays(old: Ledger, now: Ledger, { back, ahead }: Reach): number[] {
  const spans = [
    ...changedShifts(old.shifts, now.shifts),
    ...changedFacts(old.facts, now.facts),
    ...changedRosters(old, now),
    ...changedDates(old.facts, now.facts).map(({ from, to }) => ({
      from: from - SHIFT_REACH,
      to: to + SHIFT_REACH,
    })),
    ...changedProblems(old, now),
    ...changedWatermarks(old.facts.watermarks, now.facts.watermarks),
  ];
  const days = new Set<number>();
  for (const { from, to } of spans) {
    for (const ledger of [old, now]) {
      for (const day of candidates(ledger, from - ahead, to + back)) days.add(day);
    }
  }
  return [...days].toSorted((a, b) => a - b);
}

/** Both lists without the shifts they begin and end with in common. */
function changedShifts(old: readonly Shift[], now: readonly Shift[]): Span[] {
  const most = Math.min(old.length, now.length);
  let head = 0;
  while (head < most && isSameShift(old[head], now[head])) head += 1;
  let tail = 0;
  while (tail < most - head && isSameShift(old.at(-1 - tail), now.at(-1 - tail))) tail += 1;
  const changed = [...old.slice(head, old.length - tail), ...now.slice(head, now.length - tail)];
  return changed.map(daysTouched).map(({ from, to }) => ({ from: from - 1, to: to + 1 }));
}

function isSameShift(a: Shift | undefined, b: Shift | undefined): boolean {
  if (a === undefined || b === undefined || a.reads.length !== b.reads.length) return false;
  if (a.isLast !== b.isLast || a.isOverrun !== b.isOverrun || a.nextAt !== b.nextAt) return false;
  if (!isSameValue(a.plan, b.plan)) return false;
  return a.reads.every((read, index) => isSameRead(read, b.reads[index]));
}

function isSameRead(a: ReadPunch, b: ReadPunch | undefined): boolean {
  return (
    b !== undefined &&
    a.meaning === b.meaning &&
    a.reason === b.reason &&
    isSameValue(a.punch, b.punch) &&
    isSameValue(a.problem, b.problem)
  );
}

/** A roster also moves the windows of its neighbours. */
function changedRosters(old: Ledger, now: Ledger): Span[] {
  const changed = difference(old.facts.rosters, now.facts.rosters);
  if (changed.length === 0) return [];
  const reach = rosterReach(now.rules);
  return changed
    .map(({ on }) => spanOf(on, on))
    .map(({ from, to }) => ({ from: from - reach, to: to + reach }));
}

/** Days of facts that only one of the two has. */
function changedFacts(old: FactSet, now: FactSet): Span[] {
  return [
    ...difference(old.absences, now.absences).map(({ fromOn, toOn }) => spanOf(fromOn, toOn)),
    ...difference(old.approvals, now.approvals).map(({ on }) => spanOf(on, on)),
    ...difference(old.verifications, now.verifications).map(({ fromOn, toOn }) =>
      spanOf(fromOn, toOn),
    ),
    ...difference(old.corrections, now.corrections).flatMap(({ change }) =>
      "at" in change && change.at !== undefined
        ? [{ from: Math.floor(change.at / DAY_MS) - 2, to: Math.floor(change.at / DAY_MS) + 2 }]
        : [],
    ),
  ];
}

function difference<T extends object>(old: readonly T[], now: readonly T[]): T[] {
  if (old.length === 0 && now.length === 0) return [];
  const before = new Map(old.map((fact) => [storyOf(fact), fact]));
  const after = new Map(now.map((fact) => [storyOf(fact), fact]));
  return [
    ...[...before].filter(([story]) => !after.has(story)),
    ...[...after].filter(([story]) => !before.has(story)),
  ].map(([, fact]) => fact);
}

function changedProblems(old: Ledger, now: Ledger): Span[] {
  const days = new Set([...old.problems.keys(), ...now.problems.keys()]);
  return [...days]
    .filter((day) => !isSameValue(old.problems.get(day), now.problems.get(day)))
    .map((day) => ({ from: day, to: day }));
}

/** A watermark that rises decides what lies between where it was and where it is; one that appears, everything. */
function changedWatermarks(
  old: ReadonlyMap<string, number>,
  now: ReadonlyMap<string, number>,
): Span[] {
  const sites = new Set([...old.keys(), ...now.keys()]);
  const moved = [...sites].filter((site) => old.get(site) !== now.get(site));
  if (moved.length === 0) return [];
  if (moved.some((site) => !old.has(site) || !now.has(site))) return [EVERYTHING];
  const all = [...old.values(), ...now.values()];
  return [
    {
      from: Math.floor(Math.min(...all) / DAY_MS) - SHIFT_REACH,
      to: Math.floor(Math.max(...all) / DAY_MS) + SHIFT_REACH,
    },
  ];
}
