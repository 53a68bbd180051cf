import type { Day, DayResult, DayShift, Reach, Sheet } from "../ledger.ts";
import type { RuleSet } from "../rules.ts";
import type { WorkdayException } from "../workday.ts";
import { lookAtBooking } from "./booking.ts";
import { lookAtDecisions } from "./decisions.ts";
import { lookAtLimits } from "./limits.ts";
import { lookAt } from "./look.ts";
import { lookAtMeals } from "./meals.ts";
import { lookAtFlags, lookAtPunches } from "./missing.ts";
import { lookAtRest, shiftReach } from "./rest.ts";
import { lookAtSchedule, planReach } from "./schedule.ts";
import { lookAtSites } from "./sites.ts";

/**
 * What a person must look at on a day: first what the punches of each shift say, in order of time, then family by
 * family. A premature one may go away by itself: its shift is open, or a site may hold punches that have not arrived.
 */
export function exceptionsOf(
  result: DayResult,
  context: { readonly sheet: Sheet; resultAt(day: number): DayResult | undefined },
): WorkdayException[] {
  const look = lookAt(result, context);
  for (const shift of look.day.shifts)
    if (!isUncounted(look.day, shift)) lookAtPunches(look, shift);
  lookAtFlags(look);
  lookAtSchedule(look);
  for (const shift of look.day.shifts) lookAtMeals(look, shift);
  lookAtLimits(look);
  lookAtRest(look);
  lookAtBooking(look);
  lookAtDecisions(look);
  lookAtSites(look);
  return look.found;
}

/** A shift that could not be counted is a fault of its own, and what its punches say is not to be judged. */
const isUncounted = ({ faults = [] }: Day, { tiles }: DayShift): boolean =>
  faults.length > 0 && tiles.length === 0;

const WEEK = 7;
const weeks = (count: number): Reach => ({ back: WEEK * count - 1, ahead: WEEK - 1 });

/** How far what is said of a day may depend on others. */
export function exceptionsReach(rules: RuleSet): Reach {
  const onPlan = planReach(rules);
  const all = [{ back: onPlan, ahead: onPlan }, ...weeklyReaches(rules), ...otherReaches(rules)];
  return {
    back: Math.max(...all.map(({ back }) => back)),
    ahead: Math.max(...all.map(({ ahead }) => ahead)),
  };
}

/** What is said on the last day of a week, of the weeks before it. */
function weeklyReaches({ exceptions: { kinds, limits } }: RuleSet): Reach[] {
  const { weekly, averageWeek, nightWork } = limits;
  const isOn = [kinds["over-schedule-week"], kinds["under-schedule-week"]].some(
    (setting) => setting?.isOn === true,
  );
  return [
    ...(isOn || weekly !== null ? [weeks(1)] : []),
    ...(averageWeek === null ? [] : [weeks(averageWeek.weeks)]),
    ...(nightWork === null || nightWork.weeks === null ? [] : [weeks(nightWork.weeks)]),
  ];
}

function otherReaches(rules: RuleSet): Reach[] {
  const { limits, verification } = rules.exceptions;
  const { minRest, weeklyRest, consecutiveDays, checkInEvery } = limits;
  const all: Reach[] = [];
  if (minRest !== null) all.push({ back: shiftReach(rules, minRest), ahead: 0 });
  if (consecutiveDays !== null) all.push({ back: consecutiveDays, ahead: 0 });
  if (checkInEvery !== null) all.push({ back: 1, ahead: 0 });
  if (weeklyRest !== null) {
    const days = WEEK * weeklyRest.weeks - 1;
    all.push({ back: days + shiftReach(rules), ahead: days });
  }
  if (verification !== null) {
    const days = verification.days - 1;
    // watermarks of days up to the one by which the period is due decide
    all.push({ back: days, ahead: days + Math.ceil(verification.dueAfter / 86_400) + 1 });
  }
  return all;
}
