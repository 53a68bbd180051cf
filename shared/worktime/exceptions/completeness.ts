import { instantOf, SECOND } from "../civil-time.ts";
import type { Day, DayShift, Sheet } from "../ledger.ts";
import type { DayState } from "../workday.ts";

// A day is over when nothing that a reader recorded can change it any more. The watermarks of the sites tell: what a
// site's readers recorded before its watermark is known to have arrived. There is no clock here: without watermarks no
// day is ever complete.

/**
 * The instant (UTC milliseconds) before which everything that the sites of a day recorded has arrived: the lowest
 * watermark of the sites needed. Null where one of them has told nothing yet.
 */
export function passedAt(day: Day, sheet: Sheet): number | null {
  const { watermarks } = sheet.facts;
  if (watermarks.size === 0) return null;
  let passed = Number.POSITIVE_INFINITY;
  for (const site of neededSites(day, sheet)) {
    const completeTo = watermarks.get(site);
    if (completeTo === undefined) return null;
    passed = Math.min(passed, completeTo);
  }
  return passed;
}

/**
 * The sites that must have told all of a day: those named in the rules, those where it was planned and those where
 * somebody punched. If that is none, every site that has a watermark.
 */
export function neededSites(day: Day, sheet: Sheet): ReadonlySet<string> {
  const { sites, everySite } = day.rules.exceptions.completeness;
  const needed = new Set(sites);
  for (const plan of day.plans) if (plan.site !== null) needed.add(plan.site);
  for (const shift of day.shifts) for (const read of shift.reads) needed.add(read.punch.site);
  if (!everySite && needed.size > 0) return needed;
  for (const site of sheet.facts.watermarks.keys()) needed.add(site);
  return needed;
}

/** Whether all that can belong to a day is known: every site needed has told of the day and of the shifts on it. */
export function isComplete(day: Day, sheet: Sheet): boolean {
  const passed = passedAt(day, sheet);
  return passed !== null && passed >= settlesAt(day);
}

/** From here on (UTC milliseconds) no punch can belong to the day any more. */
export function settlesAt(day: Day): number {
  const { shifts, exceptions } = day.rules;
  let at = instantOf(day.day + 1, shifts.dayStart, day.zone);
  if (shifts.countsOn !== "start") {
    // a shift of the day before may still come to count here
    const begin = instantOf(day.day, shifts.dayStart, day.zone);
    at = Math.max(at, begin + shifts.maxShift * SECOND + 1);
  }
  for (const plan of day.plans) at = Math.max(at, plan.acceptTo + 1);
  for (const shift of day.shifts) at = Math.max(at, lastChanceOf(shift) + 1);
  return at + exceptions.completeness.slack * SECOND;
}

/** Up to here, included, a punch may still close an open shift, or go on with one that is closed. */
export function lastChanceOf(shift: DayShift): number {
  const goesOnUntil = lastPunchOf(shift) + shift.rules.shifts.newShiftGap * SECOND;
  const until = endsByGap(shift) ? goesOnUntil : Math.max(goesOnUntil, longestOf(shift));
  return Math.min(until, shift.nextAt ?? until);
}

/**
 * Whether a pause ends the shift. Not while somebody is in; nor where a lone punch was taken for the way out, where any
 * punch may be followed by a later last one, or where a planned pause may be of any length.
 */
function endsByGap({ phase, reads, rules }: DayShift): boolean {
  if (phase !== "out" || rules.punches.pairing === "first-last") return false;
  if (rules.shifts.splitShifts === "join") return false;
  return reads.length !== 1;
}

/** The latest instant at which a way out may still belong to the shift. */
export const longestOf = (shift: DayShift): number =>
  shift.startAt + shift.rules.shifts.maxShift * SECOND;

/** The same of what has been punched: the next shift has begun. */
export const closesBy = (shift: DayShift): number =>
  Math.min(longestOf(shift), shift.nextAt ?? Number.POSITIVE_INFINITY);

const lastPunchOf = (shift: DayShift): number =>
  shift.reads.at(-1)?.punch.at ?? shift.tiles.at(-1)?.toAt ?? shift.startAt;

/** Whether somebody may still be in, as far as the watermark `passed` can tell. */
export function isStillOpen(shift: DayShift, passed: number | null): boolean {
  if (!shift.isLast || shift.phase === "out") return false;
  return passed === null || passed <= longestOf(shift);
}

/** Whether a day may still change by itself. */
export function stateOf(day: Day, sheet: Sheet): DayState {
  const passed = passedAt(day, sheet);
  const isAssumed = day.shifts.some((shift) => shift.assumedOut !== null);
  const isIn = (shift: DayShift): boolean =>
    shift.isEnd && shift.assumedOut === null && isStillOpen(shift, passed);
  if (day.shifts.some(isIn) || mayStillBeWorked(day, passed)) return "open";
  return passed !== null && passed >= settlesAt(day) && !isAssumed ? "complete" : "provisional";
}

/** Whether a plan waits for its person: nobody has worked it, and a punch that says otherwise may yet be made. */
function mayStillBeWorked(day: Day, passed: number | null): boolean {
  if (passed === null || day.absences.length > 0) return false;
  return day.plans.some(
    ({ planId, acceptTo }) =>
      passed <= acceptTo && day.shifts.every((shift) => shift.plan?.planId !== planId),
  );
}
