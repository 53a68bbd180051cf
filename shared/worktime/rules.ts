import { z } from "zod";
import { absenceRulesSchema } from "./absences/rules.ts";
import { zoneSchema } from "./civil-time.ts";
import { exceptionRulesSchema } from "./exceptions/rules.ts";
import { mealRulesSchema } from "./meals/rules.ts";
import { overtimeRulesSchema } from "./overtime/rules.ts";
import { premiumRulesSchema } from "./premiums/rules.ts";
import { punchLimits, punchRulesSchema, shiftRulesSchema } from "./punches/rules.ts";
import { roundingRulesSchema } from "./rounding/rules.ts";
import { scheduleRulesSchema } from "./schedule/rules.ts";

/**
 * Everything that decides one person's day. Each rule has a default, so `ruleSetSchema.parse({})` is a complete set;
 * lengths of time come out in seconds. A set that contradicts itself is refused with the path of the rule to change.
 */
export const ruleSetSchema = z
  .strictObject({
    zone: zoneSchema
      .default("UTC")
      .describe("Zone of plans, and of punches that bring none of their own. Default UTC"),
    shifts: shiftRulesSchema.prefault({}),
    punches: punchRulesSchema.prefault({}),
    schedule: scheduleRulesSchema.prefault({}),
    rounding: roundingRulesSchema.prefault({}),
    meals: mealRulesSchema.prefault({}),
    absences: absenceRulesSchema.prefault({}),
    overtime: overtimeRulesSchema.prefault({}),
    premiums: premiumRulesSchema.prefault({}),
    exceptions: exceptionRulesSchema.prefault({}),
  })
  .superRefine((rules, context) => {
    for (const [path, small, large, than] of punchLimits(rules)) {
      if (small <= large) continue;
      const message = `${path} (${small} s) may not exceed ${than} (${large} s)`;
      context.addIssue({ code: "custom", path: path.split("."), message });
    }
  });
export type RuleSet = z.output<typeof ruleSetSchema>;

/** The rules of a person from a date on. */
export interface RuleVersion {
  /** First epoch day it is in force; the first version holds for everything before as well. */
  readonly from: number;
  readonly set: RuleSet;
  /** The policy groups it is made of. */
  readonly groups: readonly string[];
  /** What of the assigned groups had to be left out, and why; absent = nothing. A `rule-fault` of each day it is in force. */
  readonly problem?: string;
}

/** The rules of one person through time, oldest first, never empty. A day is computed with those in force on it. */
export interface Rules {
  readonly versions: readonly [RuleVersion, ...RuleVersion[]];
}

/** Rules that were always in force. */
export const constantRules = (set: RuleSet, groups: readonly string[] = []): Rules => ({
  versions: [{ from: 0, set, groups }],
});

export function rulesOn({ versions }: Rules, day: number): RuleVersion {
  if (versions.length === 1) return versions[0];
  return versions.findLast((version) => version.from <= day) ?? versions[0];
}
