import { SECOND, weekdayOf, weekStart } from "../civil-time.ts";
import type { Day, DayResult, DayShift, Holiday, Sheet, Tile } from "../ledger.ts";
import type { RuleSet } from "../rules.ts";
import type { Claim } from "../workday.ts";

// What a premium policy may look at: the day, and other days only within the bounds that `reachOf…` here state. Every
// look at another day goes through this file, so that the reach is true by construction.

/** What of a shift counts on the day. */
export interface ShiftView {
  readonly shift: DayShift;
  /** In order; with what rounding of totals made of them. */
  readonly tiles: readonly Tile[];
}

export interface DayView {
  readonly day: Day;
  readonly claims: readonly Claim[];
  readonly sheet: Sheet;
  readonly shifts: readonly ShiftView[];
  resultAt(day: number): DayResult | undefined;
}

const DAY_SECONDS = 86_400;

/** How far from its workday a shift may lie, with a date on either side for windows over midnight and other day starts. */
export const nearDays = ({ shifts }: RuleSet): number =>
  Math.floor(shifts.maxShift / DAY_SECONDS) + 3;

/** How many days away work may count that lies up to `seconds` before or after a shift. */
export const daysWithin = (seconds: number, { shifts }: RuleSet): number =>
  Math.floor((seconds + shifts.maxShift) / DAY_SECONDS) + 2;

export function viewOf(
  day: Day,
  claims: readonly Claim[],
  more: { readonly sheet: Sheet; resultAt(day: number): DayResult | undefined },
): DayView {
  const shifts = day.shifts.map((shift) => ({
    shift,
    tiles:
      day.shifts.length === 1
        ? day.tiles
        : day.tiles.filter(({ shiftId }) => shiftId === shift.shiftId),
  }));
  return { day, claims, sheet: more.sheet, shifts, resultAt: (at) => more.resultAt(at) };
}

/** Holiday of a date near the day. */
export function holidayNear({ day, sheet }: DayView, date: number): Holiday | null {
  if (date === day.day) return day.holiday;
  return Math.abs(date - day.day) > nearDays(day.rules) ? null : (sheet.at(date)?.holiday ?? null);
}

/** All tiles of a shift, also those that count on other days because it was cut at midnight. */
export function wholeOf({ shift, tiles }: ShiftView, { day, sheet }: DayView): readonly Tile[] {
  if (shift.isStart && shift.isEnd) return tiles;
  const near = nearDays(day.rules);
  const all: Tile[] = [];
  for (let at = day.day - near; at <= day.day + near; at += 1) {
    if (at === day.day) all.push(...tiles);
    else
      all.push(...(sheet.at(at)?.tiles ?? []).filter(({ shiftId }) => shiftId === shift.shiftId));
  }
  return all;
}

/** Where a shift begins: at its first punch as it counts. */
export function startOf({ shift }: ShiftView, { day, sheet }: DayView): number {
  let first = shift;
  for (let back = 1; !first.isStart && back <= nearDays(day.rules); back += 1) {
    first = sheet.at(day.day - back)?.shifts.find(isPartOf(shift)) ?? first;
  }
  return countedStart(first);
}

const isPartOf =
  ({ shiftId }: DayShift) =>
  (other: DayShift): boolean =>
    other.shiftId === shiftId && other.isStart;

export const countedStart = ({ reads, startAt, isStart }: DayShift): number =>
  (isStart ? reads[0]?.countsAt : undefined) ?? Math.floor(startAt / SECOND) * SECOND;

/** Nothing more is to come of a shift: somebody left, or a rule assumes so. */
export const isFinished = ({ phase, assumedOut }: DayShift): boolean =>
  phase === "out" || assumedOut !== null;

/** Where what counts of a shift on the day ends. */
export const endOf = ({ shift, tiles }: ShiftView): number =>
  tiles.at(-1)?.toAt ?? shift.reads.at(-1)?.countsAt ?? countedStart(shift);

/** Workdays of the day's week before it, oldest first. */
export function earlierInWeek({ day }: DayView): number[] {
  const days: number[] = [];
  const first = weekStart(day.day, day.rules.premiums.weekStartsOn);
  for (let at = first; at < day.day; at += 1) days.push(at);
  return days;
}
/** How far back `earlierInWeek` goes at most. */
export const WEEK_REACH = 6;

/** Whether the workday is one on which a policy pays. */
export function isOnWorkday(
  policy: {
    readonly weekdays: readonly string[];
    readonly holidays: "any" | "only" | "never";
  },
  { day, holiday }: Pick<Day, "day" | "holiday">,
): boolean {
  if (policy.holidays !== "any" && (policy.holidays === "only") !== (holiday !== null)) {
    return false;
  }
  return policy.weekdays.includes(weekdayOf(day));
}
