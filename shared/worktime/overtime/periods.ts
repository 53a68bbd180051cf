import { dayOfDate, type Weekday, weekStart } from "../civil-time.ts";
import type { OvertimePolicy } from "./rules.ts";

/** Length in weeks of the periods a policy counts over; null = it counts over a day or a shift. */
export function weeksOf(policy: OvertimePolicy): number | null {
  switch (policy.kind) {
    case "weekly":
      return 1;
    case "bi-weekly":
      return 2;
    case "n-weekly":
      return policy.weeks;
    case "over-schedule":
      return policy.measure === "week" ? 1 : null;
    case "daily":
    case "day-of-week":
    case "weekly-days":
    case "consecutive-days":
    case "holiday":
    case "differential":
      return null;
  }
}

/** First epoch day of the policy's period that `day` lies in. */
export function periodStart(policy: OvertimePolicy, day: number, startsOn: Weekday): number {
  const week = weekStart(day, startsOn);
  const weeks = weeksOf(policy) ?? 1;
  if (weeks === 1) return week;
  const since = (week - anchorOf(policy, startsOn)) / 7;
  return week - (((since % weeks) + weeks) % weeks) * 7;
}

/** Whether each of the longer periods is made of whole ones of the shorter. */
export function isNested(a: OvertimePolicy, b: OvertimePolicy, startsOn: Weekday): boolean {
  const [short = 1, long = 1] = [weeksOf(a) ?? 1, weeksOf(b) ?? 1].toSorted((x, y) => x - y);
  const apart = (anchorOf(a, startsOn) - anchorOf(b, startsOn)) / 7;
  return short === 1 || (long % short === 0 && apart % short === 0);
}

/** First day of the week that holds the policy's anchor. */
function anchorOf(policy: OvertimePolicy, startsOn: Weekday): number {
  return "anchor" in policy ? weekStart(dayOfDate(policy.anchor), startsOn) : 0;
}
