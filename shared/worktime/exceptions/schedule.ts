import { isExcused as isOnExcusingLeave } from "../absences/leave.ts";
import { spellSeconds, weekStart } from "../civil-time.ts";
import type { CountedPunch, Day, DayShift, PlannedShift } from "../ledger.ts";
import type { RuleSet } from "../rules.ts";
import { isStillOpen } from "./completeness.ts";
import {
  dayMayChange,
  endMayChange,
  excess,
  isLastOf,
  isOn,
  isRunning,
  isSettled,
  type Look,
  mayChange,
  paidSecondsOf,
  raise,
  secondsBetween,
} from "./look.ts";

// What the punches say against the schedule.

/** A shift counts on the day it was planned for, or at most so many days from it. */
export const planReach = ({ shifts }: RuleSet): number => (shifts.countsOn === "start" ? 0 : 2);

/** What a day's punches and plans say of each other. Nothing where nothing is planned and nobody was there. */
export function lookAtSchedule(look: Look): void {
  const { plans, shifts } = look.day;
  for (const shift of shifts) lookAtShift(look, shift);
  for (const plan of plans) if (plan.kind !== "open") lookAtPlan(look, plan);
  if (plans.length > 0) lookAtHours(look);
  const isWeekly = isOn(look, "over-schedule-week") || isOn(look, "under-schedule-week");
  if (isWeekly && isConcerned(look.day)) lookAtWeek(look);
}

/** All parts of shifts that work a plan, in order of time. */
function shiftsOf(look: Look, { planId }: PlannedShift): readonly DayShift[] {
  const found: DayShift[] = [];
  const { day, rules } = look.day;
  const reach = planReach(rules);
  for (let each = day - reach; each <= day + reach; each += 1) {
    for (const shift of look.sheet.at(each)?.shifts ?? []) {
      if (shift.plan?.planId === planId) found.push(shift);
    }
  }
  return found;
}

function lookAtShift(look: Look, shift: DayShift): void {
  const { plan } = shift;
  if (plan === null) {
    if (!shift.isStart || !isOn(look, "unscheduled")) return;
    const punchIds = shift.reads.slice(0, 1).map(({ punch }) => punch.punchId);
    const detail = "worked without a plan";
    raise(look, "unscheduled", { detail, premature: false, punchIds });
    return;
  }
  const all = shiftsOf(look, plan);
  const isSame = (other: DayShift | undefined): boolean => other?.shiftId === shift.shiftId;
  if (shift.isStart && isSame(all[0])) lookAtArrival(look, shift, plan);
  if (shift.isEnd && isSame(all.at(-1))) lookAtDeparture(look, shift, plan);
}

const instantOfRead = (look: Look, read: CountedPunch): number =>
  look.rules.judgeBy === "counted" ? read.countsAt : read.punch.at;

function lookAtArrival(look: Look, shift: DayShift, plan: PlannedShift): void {
  const read = shift.reads.find(({ meaning }) => meaning !== "repeat");
  if (read?.meaning !== "in") return;
  const late = secondsBetween(plan.startAt, instantOfRead(look, read));
  const found = { premature: mayChange(look, read.punch.at, false), read };
  deviation(look, "in-early", {
    ...found,
    seconds: -late,
    says: `in before "${plan.name}" begins`,
  });
  if (plan.kind === "flexible" || late <= leaveSeconds(look)) return;
  deviation(look, "in-late", { ...found, seconds: late, says: `in after "${plan.name}" began` });
}

function lookAtDeparture(look: Look, shift: DayShift, plan: PlannedShift): void {
  const read = shift.reads.findLast(({ meaning }) => meaning !== "repeat");
  if (read?.meaning !== "out") return;
  const early = secondsBetween(instantOfRead(look, read), plan.endAt);
  const found = { premature: endMayChange(look, shift), read };
  deviation(look, "out-late", {
    ...found,
    seconds: -early,
    says: `out after "${plan.name}" ended`,
  });
  if (plan.kind === "flexible" || early <= leaveSeconds(look)) return;
  deviation(look, "out-early", {
    ...found,
    seconds: early,
    says: `out before "${plan.name}" ends`,
  });
}

function deviation(
  look: Look,
  kind: "in-early" | "in-late" | "out-early" | "out-late",
  {
    seconds,
    read,
    says,
    premature,
  }: { seconds: number; read: CountedPunch; says: string; premature: boolean },
): void {
  const over = excess(look, kind, seconds);
  if (over === null) return;
  const punchIds = [read.punch.punchId];
  raise(look, kind, {
    detail: `${spellSeconds(seconds)} ${says}`,
    premature,
    punchIds,
    seconds: over,
  });
}

const leaveAt = (look: Look, day: number): number => {
  const result = day === look.day.day ? look.result : look.resultAt(day);
  let sum = 0;
  for (const { kind, seconds } of result?.credits ?? []) if (kind !== "undertime") sum += seconds;
  return sum;
};

/** Leave and holiday of the day: what may be missing without a word. */
const leaveSeconds = (look: Look): number => leaveAt(look, look.day.day);

function isExcused(look: Look, plan: PlannedShift): boolean {
  const { absences } = look.day;
  if (absences.length > 0 && !isOnExcusingLeave(look.day)) return false;
  if (absences.some((each) => each.isCancelled !== true && each.secondsADay === null)) return true;
  return plan.seconds > 0 && leaveSeconds(look) >= plan.seconds;
}

/** A plan that binds: whether anybody came, and was there when it mattered. */
function lookAtPlan(look: Look, plan: PlannedShift): void {
  const shifts = shiftsOf(look, plan);
  if (shifts.length > 0) lookAtCore(look, plan, shifts);
  else if (!isWorkedThrough(look.day, plan) && !isExcused(look, plan)) lookAtAbsence(look, plan);
}

/** A run of punches has one plan; who works two in a row, or a split shift in one piece, was there for the other too. */
function isWorkedThrough({ tiles }: Day, { startAt, endAt }: PlannedShift): boolean {
  let there = 0;
  for (const { fromAt, toAt } of tiles) {
    there += Math.max(0, Math.min(toAt, endAt) - Math.max(fromAt, startAt));
  }
  return there > 0 && 2 * there >= endAt - startAt;
}

function lookAtAbsence(look: Look, plan: PlannedShift): void {
  if (isSettled(look)) {
    const detail = `"${plan.name}" was planned and not worked`;
    raise(look, "absent", { detail, premature: false, seconds: plan.seconds });
    return;
  }
  // No seconds here: they would grow with every watermark, and each growth would be a new revision of the day.
  if (look.passed === null) return;
  if (excess(look, "not-yet-in", secondsBetween(dueAt(plan), look.passed)) === null) return;
  const detail = `"${plan.name}" has begun and nobody came`;
  raise(look, "not-yet-in", { detail, premature: true });
}

/** Latest instant to begin, if all of the plan is to be worked. */
function dueAt(plan: PlannedShift): number {
  if (plan.kind !== "flexible") return plan.startAt;
  return plan.core?.fromAt ?? plan.endAt - plan.seconds * 1000;
}

function lookAtCore(look: Look, plan: PlannedShift, shifts: readonly DayShift[]): void {
  const { core } = plan;
  const isOpen = shifts.some((shift) => isStillOpen(shift, look.passed));
  if (core === null || (isOpen && !isSettled(look))) return;
  let there = 0;
  for (const { tiles } of shifts) {
    for (const { fromAt, toAt } of tiles) {
      there += Math.max(0, Math.min(toAt, core.toAt) - Math.max(fromAt, core.fromAt));
    }
  }
  const missed = secondsBetween(core.fromAt, core.toAt) - Math.floor(there / 1000);
  const seconds = excess(look, "core-time-missed", missed - leaveSeconds(look));
  const last = shifts.at(-1);
  if (seconds === null || last === undefined) return;
  const detail = `${spellSeconds(missed)} of the core time of "${plan.name}" missed`;
  const reads = shifts.flatMap((shift) => shift.reads);
  const punchIds = reads
    .filter(({ punch }, index) => index === 0 || punch.at <= core.toAt)
    .map(({ punch }) => punch.punchId);
  raise(look, "core-time-missed", {
    detail,
    premature: endMayChange(look, last),
    punchIds,
    seconds,
  });
}

const dueSeconds = (day: Day): number => {
  let sum = 0;
  for (const plan of day.plans) sum += plan.seconds;
  return sum;
};

function lookAtHours(look: Look): void {
  if (look.day.shifts.length === 0) return;
  const due = dueSeconds(look.day);
  const paid = paidSecondsOf(look.day);
  hours(look, "over-schedule", {
    seconds: paid - due,
    says: `over the ${spellSeconds(due)} planned`,
  });
  if (isRunning(look)) return;
  const missing = due - paid - leaveSeconds(look);
  hours(look, "under-schedule", {
    seconds: missing,
    says: `short of the ${spellSeconds(due)} planned`,
  });
}

function hours(
  look: Look,
  kind: "over-schedule" | "under-schedule" | "over-schedule-week" | "under-schedule-week",
  { seconds, says }: { seconds: number; says: string },
): void {
  const over = excess(look, kind, seconds);
  if (over === null) return;
  const detail = `${spellSeconds(seconds)} ${says}`;
  raise(look, kind, { detail, premature: dayMayChange(look), seconds: over });
}

const isConcerned = (day: Day): boolean => day.plans.length > 0 || day.shifts.length > 0;

/** Said on the last day of the week that was planned or worked, once it was worked or is over. */
function lookAtWeek(look: Look): void {
  const { day, shifts } = look.day;
  const first = weekStart(day, look.weekStart);
  if (!isLastOf(look, first + 6, isConcerned)) return;
  if (shifts.length === 0 && !isSettled(look)) return;
  let due = 0;
  let paid = 0;
  let leave = 0;
  for (let each = first; each < first + 7; each += 1) {
    const other = look.sheet.at(each);
    if (other === undefined) continue;
    due += dueSeconds(other);
    paid += paidSecondsOf(other);
    leave += leaveAt(look, each);
  }
  if (due === 0) return;
  const says = `the ${spellSeconds(due)} planned in the week`;
  hours(look, "over-schedule-week", { seconds: paid - due, says: `over ${says}` });
  if (isRunning(look)) return;
  hours(look, "under-schedule-week", { seconds: due - paid - leave, says: `short of ${says}` });
}
