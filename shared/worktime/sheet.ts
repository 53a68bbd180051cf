import { absenceConflicts } from "./absences/leave.ts";
import { dateOf, dayOfDate, SECOND } from "./civil-time.ts";
import { countShift, type DayPart, partsOf, uncounted } from "./days.ts";
import { type Fact, type FactSet, factSetOf } from "./facts.ts";
import type { Day, DayProblem, DayShift, Sheet, Shift } from "./ledger.ts";
import { resolvePunches } from "./punches/corrections.ts";
import { groupShifts } from "./punches/shifts.ts";
import { roundTotals } from "./rounding/rounding.ts";
import { type Rules, rulesOn } from "./rules.ts";
import { createPlans, type Plans, rosterProblems } from "./schedule/plan.ts";
import { MAX_PUNCHES_A_DAY } from "./workday.ts";

const DAY_MS = 86_400 * SECOND;
/** Days between the UTC date of a shift's first punch and any day it may count on: three days of shift, zones of a day and a half. */
export const SHIFT_REACH = 5;

/** All that is known of a person, read: what was punched, what was planned. */
export interface Ledger {
  readonly facts: FactSet;
  readonly rules: Rules;
  readonly plans: Plans;
  /** In order of time. */
  readonly shifts: readonly Shift[];
  /** By epoch day: what is wrong with corrections and rosters. */
  readonly problems: ReadonlyMap<number, readonly DayProblem[]>;
}

export function readLedger(all: Iterable<Fact>, rules: Rules): Ledger {
  const facts = factSetOf(all);
  const plans = createPlans(facts, rules);
  const resolved = resolvePunches(facts);
  const problems = new Map<number, DayProblem[]>();
  const note = (day: number, problem: DayProblem): void => {
    problems.set(day, [...(problems.get(day) ?? []), problem]);
  };
  for (const { at, ...problem } of resolved.problems) note(Math.floor(at / DAY_MS), problem);
  for (const { on, factIds, detail } of rosterProblems(facts, rules)) {
    note(dayOfDate(on), { kind: "roster-invalid", punchIds: [], factIds, detail });
  }
  return { facts, rules, plans, shifts: groupShifts(resolved.punches, rules, plans), problems };
}

/** Days between which a shift may count, whatever its zone and rules. */
export function daysTouched(shift: Shift): { from: number; to: number } {
  const lastAt = shift.reads.at(-1)?.punch.at ?? shift.startAt;
  return {
    from: Math.floor(shift.startAt / DAY_MS) - 2,
    to: Math.floor(Math.max(lastAt, shift.plan?.endAt ?? 0) / DAY_MS) + 2,
  };
}

/** Every date from `from` to `to` (epoch days), with the shifts that count on it. */
export function sheetOf(ledger: Ledger, from: number, to: number): Sheet {
  const parts = partsWithin(ledger, from, to);
  const days: Day[] = [];
  for (let day = from; day <= to; day += 1) days.push(dayFrom(ledger, day, parts.get(day) ?? []));
  const problems = withConflicts(ledger.problems, days);
  return { facts: ledger.facts, problems, days, at: (day) => days[day - from] };
}

/** What contradicts an absence is known only once its day is put together. */
function withConflicts(known: Ledger["problems"], days: readonly Day[]): Ledger["problems"] {
  const absent = days.filter(({ absences }) => absences.length > 0);
  if (absent.length === 0) return known;
  const problems = new Map(known);
  for (const day of absent) {
    const conflicts = absenceConflicts(day).map(
      ({ factIds, detail }): DayProblem => ({
        kind: "absence-conflict",
        punchIds: [],
        factIds,
        detail,
      }),
    );
    if (conflicts.length > 0) {
      problems.set(day.day, [...(problems.get(day.day) ?? []), ...conflicts]);
    }
  }
  return problems;
}

interface PartAndFault {
  readonly part: DayPart;
  readonly fault: string | null;
}

function partsWithin(ledger: Ledger, from: number, to: number): Map<number, PartAndFault[]> {
  const byDay = new Map<number, PartAndFault[]>();
  const fromAt = (from - SHIFT_REACH) * DAY_MS;
  const toAt = (to + SHIFT_REACH) * DAY_MS;
  let freeFrom = Number.NEGATIVE_INFINITY;
  for (const shift of shiftsBetween(ledger.shifts, fromAt, toAt)) {
    for (const each of partsOrFault(shift, ledger, freeFrom)) {
      freeFrom = Math.max(freeFrom, each.part.shift.tiles.at(-1)?.toAt ?? freeFrom);
      const list = byDay.get(each.part.day);
      if (list === undefined) byDay.set(each.part.day, [each]);
      else list.push(each);
    }
  }
  return byDay;
}

/** Those that start within, found by halving: a person has years of shifts, and a question is about days. */
export function shiftsBetween(shifts: readonly Shift[], fromAt: number, toAt: number): Shift[] {
  return shifts.slice(firstFrom(shifts, fromAt), firstFrom(shifts, toAt + 1));
}

function firstFrom(shifts: readonly Shift[], at: number): number {
  let low = 0;
  let high = shifts.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((shifts[middle]?.startAt ?? at) < at) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** A fault in one shift stays on its own day. */
function partsOrFault(shift: Shift, ledger: Ledger, freeFrom: number): PartAndFault[] {
  try {
    const counted = countShift(shift, { watermarks: ledger.facts.watermarks, freeFrom });
    return partsOf(counted).map((part) => ({ part, fault: null }));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return [{ part: uncounted(shift), fault: `the shift could not be counted: ${why}` }];
  }
}

function dayFrom(ledger: Ledger, day: number, parts: readonly PartAndFault[]): Day {
  const { facts, plans, rules } = ledger;
  const { set, groups, problem } = rulesOn(rules, day);
  const on = dateOf(day);
  const shifts = bounded(parts.map(({ part }) => part.shift));
  const worked = new Set(shifts.map(({ plan }) => plan?.planId));
  // what was planned before anybody said so binds nobody
  const isBefore = day < rules.versions[0].from;
  const planned = (isBefore ? [] : plans.on(day)).filter(
    (plan) => plan.kind !== "open" || worked.has(plan.planId),
  );
  return roundTotals({
    day,
    on,
    zone: shifts[0]?.zone ?? planned[0]?.zone ?? set.zone,
    rules: set,
    groups,
    plans: planned,
    freed: isBefore ? [] : plans.freed(day),
    absences: facts.absences.filter(({ fromOn, toOn }) => fromOn <= on && on <= toOn),
    approvals: facts.approvals.filter((approval) => approval.on === on),
    holiday: isBefore ? null : plans.holiday(day),
    shifts,
    tiles: shifts.flatMap((shift) => shift.tiles),
    roundedUp: null,
    faults: [problem, ...parts.map(({ fault }) => fault)].flatMap((fault) => fault ?? []),
    unread: parts.flatMap(({ part }) => part.shift.reads).slice(MAX_PUNCHES_A_DAY),
  });
}

/** A reader gone wild must not make a day without end: what is beyond the limit is named, not read. */
function bounded(shifts: readonly DayShift[]): readonly DayShift[] {
  const count = shifts.reduce((sum, { reads }) => sum + reads.length, 0);
  if (count <= MAX_PUNCHES_A_DAY) return shifts;
  let room = MAX_PUNCHES_A_DAY;
  return shifts.map((shift) => {
    const reads = shift.reads.slice(0, room);
    room -= reads.length;
    const kept = new Set(reads.map(({ punch }) => punch.punchId));
    const tiles = shift.tiles.filter(({ punchIds }) => punchIds.every((id) => kept.has(id)));
    return { ...shift, reads, tiles };
  });
}
