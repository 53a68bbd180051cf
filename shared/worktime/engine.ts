import { civilDateOf } from "./civil-time.ts";
import { exceptionsOf, MAX_DETAIL, someIds } from "./exceptions.ts";
import { type Fact, punchesInOrder } from "./facts.ts";
import { intervalsOf } from "./intervals.ts";
import type { ReadPunch } from "./meaning.ts";
import type { Rules } from "./rules.ts";
import { groupShifts, type Shift } from "./shifts.ts";
import {
  emptyWorkday,
  type InterpretedPunch,
  type Interval,
  isSameWorkday,
  MAX_PUNCHES_A_DAY,
  type Workday,
  type WorkdayException,
} from "./workday.ts";

/** Civil dates, both included. */
export interface DateRange {
  readonly fromOn: string;
  readonly toOn: string;
}

/**
 * One person's workdays in `range`, oldest first; a day without punches is left out. Pure and total: the same set of
 * facts gives the same days in whatever order, batches or repetition they come, and a fault in one shift becomes a
 * `rule-fault` exception on its own day and touches no other.
 */
export function computeWorkdays(facts: Iterable<Fact>, rules: Rules, range: DateRange): Workday[] {
  return workdaysOf(facts, rules).filter(
    (day) => day.workdayOn >= range.fromOn && day.workdayOn <= range.toOn,
  );
}

/**
 * The days that `added` changes, as they are now; a day that lost its last punch comes back empty. Putting these over
 * the days of `existing` equals computing everything again.
 */
export function recompute(
  existing: Iterable<Fact>,
  added: Iterable<Fact>,
  rules: Rules,
): Workday[] {
  const before = [...existing];
  const old = groupShifts(punchesInOrder(before), rules);
  const now = groupShifts(punchesInOrder([...before, ...added]), rules);
  const touched = difference(old, now);
  const oldDays = byDay(touched.old, rules);
  const newDays = byDay(touched.now, rules);
  const changed: Workday[] = [];
  for (const on of new Set([...oldDays.keys(), ...newDays.keys()])) {
    const was = oldDays.get(on);
    const is = newDays.get(on);
    const day = is === undefined ? emptyWorkday(on, zoneOf(was, rules)) : mergeDay(on, is);
    if (was === undefined || !isSameWorkday(mergeDay(on, was), day)) changed.push(day);
  }
  return changed.toSorted(byDate);
}

/** The dates whose workday a new fact changes, oldest first. */
export function affectedDays(existing: Iterable<Fact>, fact: Fact, rules: Rules): string[] {
  return recompute(existing, [fact], rules).map((day) => day.workdayOn);
}

function workdaysOf(facts: Iterable<Fact>, rules: Rules): Workday[] {
  const days = byDay(groupShifts(punchesInOrder(facts), rules), rules);
  return [...days].map(([on, parts]) => mergeDay(on, parts)).toSorted(byDate);
}

const byDate = (a: Workday, b: Workday): number => (a.workdayOn < b.workdayOn ? -1 : 1);

const zoneOf = (parts: readonly DayPart[] | undefined, rules: Rules): string =>
  parts?.[0]?.zone ?? rules.zone;

/** Two starts further apart than this cannot share a civil date, whatever their zones (UTC-12 to UTC+14) and clock changes. */
const SAME_DATE_REACH_MS = 52 * 60 * 60 * 1000;

/** Both lists without the shifts they begin and end with in common, save those near enough to share a day with the rest. */
function difference(old: readonly Shift[], now: readonly Shift[]): { old: Shift[]; now: Shift[] } {
  const most = Math.min(old.length, now.length);
  let head = 0;
  while (head < most && isSameShift(old[head], now[head])) head += 1;
  let tail = 0;
  while (tail < most - head && isSameShift(old.at(-1 - tail), now.at(-1 - tail))) tail += 1;
  const changed = [...old.slice(head, old.length - tail), ...now.slice(head, now.length - tail)];
  const from = Math.min(...changed.map((shift) => shift.startAt)) - SAME_DATE_REACH_MS;
  const to = Math.max(...changed.map((shift) => shift.startAt)) + SAME_DATE_REACH_MS;
  const isNear = (shift: Shift): boolean => shift.startAt >= from && shift.startAt <= to;
  return { old: old.filter(isNear), now: now.filter(isNear) };
}

function isSameShift(a: Shift | undefined, b: Shift | undefined): boolean {
  if (a === undefined || b === undefined || a.reads.length !== b.reads.length) return false;
  if (a.isLast !== b.isLast || a.isOverrun !== b.isOverrun) return false;
  return a.reads.every((read, index) => {
    const other = b.reads[index];
    return (
      other !== undefined &&
      read.punch === other.punch &&
      read.meaning === other.meaning &&
      read.reason === other.reason
    );
  });
}

/** What one shift adds to its day. */
interface DayPart {
  readonly workdayOn: string;
  readonly zone: string;
  readonly reads: readonly ReadPunch[];
  readonly intervals: readonly Interval[];
  readonly exceptions: readonly WorkdayException[];
  readonly isOpen: boolean;
}

function byDay(shifts: readonly Shift[], rules: Rules): Map<string, DayPart[]> {
  const days = new Map<string, DayPart[]>();
  for (const shift of shifts) {
    const part = partOf(shift, rules);
    const parts = days.get(part.workdayOn);
    if (parts === undefined) days.set(part.workdayOn, [part]);
    else parts.push(part);
  }
  return days;
}

/** A shift counts on the date of its first punch, at the place where that was made. */
function partOf(shift: Shift, rules: Rules): DayPart {
  const zone = shift.reads[0]?.punch.zone ?? rules.zone;
  try {
    return {
      workdayOn: civilDateOf(shift.startAt, zone),
      zone,
      reads: shift.reads,
      intervals: intervalsOf(shift.reads),
      exceptions: exceptionsOf(shift),
      isOpen: shift.isLast && shift.phase !== "out",
    };
  } catch (error) {
    return faulty(shift, error);
  }
}

function faulty(shift: Shift, error: unknown): DayPart {
  const why = error instanceof Error ? error.message : String(error);
  const fault: WorkdayException = {
    kind: "rule-fault",
    premature: false,
    punchIds: someIds(shift.reads),
    detail: `the shift could not be computed: ${why}`.slice(0, MAX_DETAIL),
  };
  const workdayOn = civilDateOf(shift.startAt, "UTC");
  const { reads } = shift;
  return { workdayOn, zone: "UTC", reads, intervals: [], exceptions: [fault], isOpen: false };
}

function mergeDay(workdayOn: string, parts: readonly DayPart[]): Workday {
  const reads = parts.flatMap((part) => part.reads);
  const kept = new Set(reads.slice(0, MAX_PUNCHES_A_DAY).map((read) => read.punch.punchId));
  const intervals = parts
    .flatMap((part) => part.intervals)
    .filter((interval) => interval.punchIds.every((id) => kept.has(id)));
  const exceptions = parts.flatMap((part) => part.exceptions).slice(0, MAX_PUNCHES_A_DAY);
  return {
    workdayOn,
    zone: parts[0]?.zone ?? "UTC",
    workedSeconds: secondsOf(intervals, "work"),
    breakSeconds: secondsOf(intervals, "break"),
    isOpen: parts.some((part) => part.isOpen),
    punches: reads.slice(0, MAX_PUNCHES_A_DAY).map(interpreted),
    intervals,
    exceptions: [...exceptions, ...tooMany(reads)],
  };
}

function interpreted({ punch, meaning, reason }: ReadPunch): InterpretedPunch {
  return { punchId: punch.punchId, at: punch.at, meaning, reason };
}

function secondsOf(intervals: readonly Interval[], kind: Interval["kind"]): number {
  return intervals.reduce((sum, each) => (each.kind === kind ? sum + each.seconds : sum), 0);
}

function tooMany(reads: readonly ReadPunch[]): WorkdayException[] {
  const over = reads.slice(MAX_PUNCHES_A_DAY);
  if (over.length === 0) return [];
  const detail = `${reads.length} punches on one day; the last ${over.length} are not read`;
  return [{ kind: "too-many-punches", premature: false, punchIds: someIds(over), detail }];
}
