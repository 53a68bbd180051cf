import { spellSeconds, weekStart } from "../civil-time.ts";
import { isComplete } from "../exceptions/completeness.ts";
import { type Day, type Holiday, type Reach, type Sheet, workedSeconds } from "../ledger.ts";
import type { Credit } from "../workday.ts";
import { doneSeconds, dueButForHoliday, dueSeconds } from "./due.ts";
import { isExcused, leaveCredits } from "./leave.ts";
import type { HolidayAmount, HolidayPolicy } from "./rules.ts";

/** A figure and how it came about. */
interface Figure {
  readonly seconds: number;
  readonly basis: string;
}

/**
 * What a holiday counts for, once all of it is known: else every holiday to come would be paid by now. Where nobody is
 * eligible a credit of nothing says why. None if there is no holiday, or no rule for it.
 */
export function holidayCredit(day: Day, sheet: Sheet): Credit | null {
  const { holiday } = day;
  const policies = day.rules.absences.holidays;
  if (holiday === null || policies.length === 0) return null;
  let refused: Credit | null = null;
  let isKnown = false;
  for (const policy of policies) {
    if (policy.calendars?.includes(holiday.calendar) === false) continue;
    if (!isKnown && !isComplete(day, sheet)) return null;
    isKnown = true;
    const refusal = refusalOf(policy, day, sheet);
    if (refusal === null) return granted(policy, { day, sheet, holiday });
    refused ??= creditOf(policy, 0, `no time for ${holiday.name}: ${refusal}`);
  }
  return refused;
}

function granted(
  policy: HolidayPolicy,
  { day, sheet, holiday }: { day: Day; sheet: Sheet; holiday: Holiday },
): Credit | null {
  const { seconds, basis } = amountOf(policy.amount, day, sheet);
  const done = doneSeconds(day);
  const whenWorked = done === 0 ? "on-top" : policy.whenWorked;
  const left = { "on-top": seconds, rest: Math.max(0, seconds - done), none: 0 }[whenWorked];
  if (left === 0) return null;
  const beside = { "on-top": ", besides", rest: ", less", none: "" }[whenWorked];
  const work = done === 0 ? "" : `${beside} the ${spellSeconds(done)} worked`;
  return creditOf(policy, left, `${holiday.name}: ${spellSeconds(left)}, ${basis}${work}`);
}

function creditOf(policy: HolidayPolicy, seconds: number, reason: string): Credit {
  const credit: Credit = {
    kind: "holiday",
    code: policy.code,
    seconds,
    isPaid: policy.paid && seconds > 0,
    factIds: [],
    policy: policy.name,
    reason: `${reason}, rule '${policy.name}'`,
  };
  return policy.contributesToOvertime ? { ...credit, contributes: true } : credit;
}

function amountOf(amount: HolidayAmount, day: Day, sheet: Sheet): Figure {
  switch (amount.kind) {
    case "fixed":
      return { seconds: amount.length, basis: "the same for every holiday" };
    case "scheduled": {
      const due = dueButForHoliday(day);
      return due > 0
        ? { seconds: due, basis: "as planned but for the holiday" }
        : { seconds: amount.otherwise, basis: "as nothing was planned" };
    }
    case "average-weeks": {
      const to = weekStart(day.day, amount.weekStart);
      const basis = `from the ${amount.weeks} weeks before its week`;
      return average(amount, { from: to - 7 * amount.weeks, to, sheet, basis });
    }
    case "average-days": {
      const basis = `from the ${amount.days} days before`;
      return average(amount, { from: day.day - amount.days, to: day.day, sheet, basis });
    }
  }
}

type Average = Extract<HolidayAmount, { readonly dividedBy: unknown }>;

/** Of the days from `from` up to, not including, `to`; to the nearest second, half a second up. */
function average(
  { dividedBy, mostADay, countsLeave }: Average,
  { from, to, sheet, basis }: { from: number; to: number; sheet: Sheet; basis: string },
): Figure {
  let sum = 0;
  let daysWorked = 0;
  for (let day = from; day < to; day += 1) {
    const past = sheet.at(day);
    if (past === undefined) continue;
    const all = doneSeconds(past) + (countsLeave ? paidLeave(past) : 0);
    const seconds = Math.min(all, mostADay ?? all);
    sum += seconds;
    if (seconds > 0) daysWorked += 1;
  }
  const by = dividedBy === "days-worked" ? daysWorked : dividedBy;
  const what = dividedBy === "days-worked" ? `${daysWorked} days worked` : String(by);
  const seconds = by === 0 ? 0 : Math.round(sum / by);
  return { seconds, basis: `${spellSeconds(sum)} ${basis} by ${what}` };
}

const paidLeave = (day: Day): number =>
  leaveCredits(day).reduce((sum, { isPaid, seconds }) => (isPaid ? sum + seconds : sum), 0);

/** Why the person has no claim; null = there is one. */
function refusalOf(policy: HolidayPolicy, day: Day, sheet: Sheet): string | null {
  if (policy.onlyPlanned && dueButForHoliday(day) === 0) return "no work would have been planned";
  const missed =
    (policy.workedBefore ? missedDay(policy, sheet, { day, step: -1 }) : null) ??
    (policy.workedAfter ? missedDay(policy, sheet, { day, step: 1 }) : null);
  if (missed !== null) return `the work planned on ${missed.on} was missed`;
  return policy.daysWorked === 0 ? null : tooFewDays(policy, day, sheet);
}

function tooFewDays({ outOf, daysWorked }: HolidayPolicy, day: Day, sheet: Sheet): string | null {
  let count = 0;
  for (let past = day.day - outOf; past < day.day; past += 1) {
    const each = sheet.at(past);
    if (each !== undefined && (workedSeconds(each.tiles) > 0 || paidLeave(each) > 0)) count += 1;
  }
  if (count >= daysWorked) return null;
  return `worked on ${count} of the ${outOf} days before, ${daysWorked} are needed`;
}

/** The nearest day with planned work on one side, if it is known that nobody came and nobody excused it. */
function missedDay(
  { within }: HolidayPolicy,
  sheet: Sheet,
  { day, step }: { day: Day; step: 1 | -1 },
): Day | null {
  for (let far = 1; far <= within; far += 1) {
    const near = sheet.at(day.day + step * far);
    if (near === undefined || dueSeconds(near) === 0) continue;
    const isMissed = workedSeconds(near.tiles) === 0 && !isExcused(near) && isComplete(near, sheet);
    return isMissed ? near : null;
  }
  return null;
}

/** How far the rule looks. */
export function holidayReach(policy: HolidayPolicy): Reach {
  const asked = policy.daysWorked > 0 ? policy.outOf : 0;
  const before = policy.workedBefore ? policy.within : 0;
  const ahead = policy.workedAfter ? policy.within : 0;
  return { back: Math.max(asked, before, amountReach(policy.amount)), ahead };
}

function amountReach(amount: HolidayAmount): number {
  switch (amount.kind) {
    case "fixed":
    case "scheduled":
      return 0;
    case "average-weeks":
      return 7 * amount.weeks + 6;
    case "average-days":
      return amount.days;
  }
}
