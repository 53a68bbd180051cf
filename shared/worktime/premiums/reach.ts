import type { Reach } from "../ledger.ts";
import type { RuleSet } from "../rules.ts";
import { callbackReach } from "./callback.ts";
import { isWeekly } from "./limits.ts";
import { isTimePremium, type PremiumPolicy } from "./rules.ts";
import { needsWhole } from "./time.ts";
import type { TimePremium } from "./time-rules.ts";
import { nearDays, WEEK_REACH } from "./view.ts";
import { needsStart } from "./windows.ts";

const NONE: Reach = { back: 0, ahead: 0 };

/**
 * The farthest that any policy looks. A weekly limit reads what was paid earlier in the week, and that in turn may rest
 * on days before it; weeks never reach into one another (limits.ts).
 */
export function farthestLook(rules: RuleSet): Reach {
  const { policies } = rules.premiums;
  const { back, ahead } = farthest(policies.map((policy) => reachOfPolicy(policy, rules)));
  return { back: back + (policies.some(isWeekly) ? WEEK_REACH : 0), ahead };
}

function reachOfPolicy(policy: PremiumPolicy, rules: RuleSet): Reach {
  const near = { back: nearDays(rules), ahead: nearDays(rules) };
  if (isTimePremium(policy)) return reachOfTime(policy, near);
  switch (policy.kind) {
    case "callback":
      return farthest([near, callbackReach(policy, rules)]);
    case "minimum-shift":
      return policy.per === "shift" ? near : NONE;
    case "meal-penalty":
    case "break-penalty":
    case "split-shift":
      return NONE;
  }
}

function reachOfTime(policy: TimePremium, near: Reach): Reach {
  return farthest([
    needsWhole(policy) || needsStart(policy) || looksAtHolidays(policy) ? near : NONE,
    { back: policy.onlyAfter.weekly === null ? 0 : WEEK_REACH, ahead: 0 },
    { back: policy.kind === "shift" ? (policy.rotating?.within ?? 0) : 0, ahead: 0 },
  ]);
}

/** Whether a policy asks what dates around the day are holidays, and not only the workday. */
function looksAtHolidays(policy: TimePremium): boolean {
  if (policy.kind === "holiday") return policy.hours === "calendar-date";
  return policy.kind !== "weekend" && policy.kind !== "shift" && policy.holidays !== "any";
}

const farthest = (reaches: readonly Reach[]): Reach => ({
  back: Math.max(0, ...reaches.map(({ back }) => back)),
  ahead: Math.max(0, ...reaches.map(({ ahead }) => ahead)),
});
