import type { Day, Reach, Sheet } from "../ledger.ts";
import type { RuleSet } from "../rules.ts";
import type { Credit } from "../workday.ts";
import { holidayCredit, holidayReach } from "./holidays.ts";
import { leaveCredits } from "./leave.ts";
import { undertimeCredit } from "./undertime.ts";

/**
 * Time of a day that was not worked: leave as decided, what a holiday counts for, what is missing to the hours due. The
 * last two only once all of the day is known.
 */
export function creditsOf(day: Day, sheet: Sheet): Credit[] {
  const credits = leaveAndHoliday(day, sheet);
  const undertime = undertimeCredit(day, sheet, (each) =>
    sum(each === day ? credits : leaveAndHoliday(each, sheet)),
  );
  if (undertime !== null) credits.push(undertime);
  return credits;
}

/** Leave that counts on a holiday stands in the holiday's place. */
function leaveAndHoliday(day: Day, sheet: Sheet): Credit[] {
  const leave = leaveCredits(day);
  if (leave.length > 0) return leave;
  const holiday = holidayCredit(day, sheet);
  return holiday === null ? leave : [holiday];
}

const sum = (credits: readonly Credit[]): number =>
  credits.reduce((total, { seconds }) => total + seconds, 0);

/** Days before and after that decide on a day: eligibility for holidays, averages, the week of undertime. */
export function absencesReach({ absences }: RuleSet): Reach {
  const week = absences.undertime.per === "week" ? 6 : 0;
  let back = 0;
  let ahead = 0;
  for (const policy of absences.holidays) {
    const reach = holidayReach(policy);
    back = Math.max(back, reach.back);
    ahead = Math.max(ahead, reach.ahead);
  }
  return { back: back + week, ahead };
}
