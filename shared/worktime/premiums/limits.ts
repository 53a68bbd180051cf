import type { Day } from "../ledger.ts";
import type { PremiumPolicy } from "./rules.ts";
import { type DayView, earlierInWeek } from "./view.ts";

/** What a policy may still pay on the day. */
export interface Room {
  readonly seconds: number;
  readonly times: number;
}

export function roomFor({ name, limits }: PremiumPolicy, view: DayView): Room {
  let seconds = limits.secondsADay ?? Number.POSITIVE_INFINITY;
  let times = limits.timesADay ?? Number.POSITIVE_INFINITY;
  if (!isWeekly({ limits })) return { seconds, times };
  let paid = 0;
  let count = 0;
  for (const day of earlierInWeek(view)) {
    const result = view.resultAt(day);
    if (result === undefined || !isCountedAlike(name, result.day, view.day)) continue;
    for (const premium of result.premiums) {
      if (premium.policy !== name) continue;
      paid += premium.seconds;
      count += 1;
    }
  }
  seconds = Math.min(seconds, (limits.secondsAWeek ?? Number.POSITIVE_INFINITY) - paid);
  times = Math.min(times, (limits.timesAWeek ?? Number.POSITIVE_INFINITY) - count);
  return { seconds: Math.max(0, seconds), times: Math.max(0, times) };
}

export const isWeekly = ({ limits }: Pick<PremiumPolicy, "limits">): boolean =>
  limits.secondsAWeek !== null || limits.timesAWeek !== null;

/**
 * Whether what was paid on an earlier day of the week counts. Under rules that were another week's or had no weekly limit
 * it does not: or a result could hang on days farther back than its own week.
 */
function isCountedAlike(name: string, earlier: Day, today: Day): boolean {
  if (earlier.rules === today.rules) return true;
  const { policies, weekStartsOn } = earlier.rules.premiums;
  const policy = policies.find((each) => each.name === name);
  return (
    policy !== undefined && isWeekly(policy) && weekStartsOn === today.rules.premiums.weekStartsOn
  );
}
