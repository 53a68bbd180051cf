import { type Weekday, weekdayOf, weekStart } from "../civil-time.ts";
import type { Day, PlannedShift, Sheet } from "../ledger.ts";
import { isWorked } from "./contributions.ts";
import { weeksOf } from "./periods.ts";
import type { OvertimePolicy } from "./rules.ts";

/** What a policy stands on, on one day. */
export interface Standing {
  /** Seconds of its count from which its tiers begin. */
  readonly base: number;
  /** It sees only time outside of these; null = any time. */
  readonly windows: ReadonlyArray<Pick<PlannedShift, "startAt" | "endAt">> | null;
}

export interface Place {
  readonly day: Day;
  readonly sheet: Sheet;
  readonly startsOn: Weekday;
}

const PLAIN: Standing = { base: 0, windows: null };

/** Null = the policy has nothing to do with this day: it neither counts nor claims. */
export function standingOf(policy: OvertimePolicy, place: Place): Standing | null {
  switch (policy.kind) {
    case "day-of-week":
      return policy.days.includes(weekdayOf(place.day.day)) ? PLAIN : null;
    case "holiday":
      return isHoliday(policy, place.day) ? PLAIN : null;
    case "weekly-days":
      return isNthOfWeek(policy, place) ? PLAIN : null;
    case "consecutive-days":
      return isNthInRow(policy, place) ? PLAIN : null;
    case "over-schedule":
      return overSchedule(policy, place);
    default:
      return PLAIN;
  }
}

/** Whether a policy over periods leaves a day out of its count. */
export function isSkipped(policy: OvertimePolicy, day: Day): boolean {
  return policy.kind === "over-schedule" && policy.withoutPlan === "skip" && day.plans.length === 0;
}

function isHoliday(
  { calendars }: Extract<OvertimePolicy, { kind: "holiday" }>,
  { holiday }: Day,
): boolean {
  return holiday !== null && (calendars === undefined || calendars.includes(holiday.calendar));
}

function isNthOfWeek(
  policy: Extract<OvertimePolicy, { kind: "weekly-days" }>,
  { day, sheet, startsOn }: Place,
): boolean {
  if (!isWorked(policy, day)) return false;
  let missing = policy.nth - 1;
  const first = weekStart(day.day, startsOn);
  for (let before = day.day - 1; before >= first && missing > 0; before -= 1) {
    if (isWorked(policy, sheet.at(before))) missing -= 1;
  }
  return missing === 0;
}

function isNthInRow(
  policy: Extract<OvertimePolicy, { kind: "consecutive-days" }>,
  { day, sheet, startsOn }: Place,
): boolean {
  const first = day.day - policy.nth + 1;
  if (policy.reset === "week" && first < weekStart(day.day, startsOn)) return false;
  for (let number = day.day; number >= first; number -= 1) {
    if (!isWorked(policy, number === day.day ? day : sheet.at(number))) return false;
  }
  return true;
}

function overSchedule(
  policy: Extract<OvertimePolicy, { kind: "over-schedule" }>,
  { day, sheet, startsOn }: Place,
): Standing | null {
  if (isSkipped(policy, day)) return null;
  if (policy.measure === "time") return { base: 0, windows: day.plans };
  if (weeksOf(policy) === null) return { base: plannedSeconds(day), windows: null };
  const first = weekStart(day.day, startsOn);
  let base = 0;
  for (let number = first; number < first + 7; number += 1) {
    base += plannedSeconds(number === day.day ? day : sheet.at(number));
  }
  return { base, windows: null };
}

function plannedSeconds(day: Day | undefined): number {
  return day === undefined ? 0 : day.plans.reduce((sum, { seconds }) => sum + seconds, 0);
}
