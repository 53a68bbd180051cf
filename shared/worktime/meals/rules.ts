import { z } from "zod";
import { WEEKDAYS } from "../civil-time.ts";
import {
  durationSchema,
  noTwins,
  policyNameSchema,
  weekdaysSchema,
  whereSchema,
} from "../rule-parts.ts";

// A rule looks at one shift as a whole, before anything is cut at midnight.

const someTime = durationSchema.refine((seconds) => seconds > 0, "must be longer than nothing");

/** When a rule applies, and how often in one shift. */
const common = {
  name: policyNameSchema.describe("Name, as reasons and findings give it"),
  for: z
    .enum(["lunch", "break", "any"])
    .default("lunch")
    .describe("What it looks at: lunches, breaks, or both alike (findings then call it lunch)"),
  activeAfter: durationSchema
    .default(0)
    .describe(
      "Applies once more than this was worked in the shift, measured as `measuredBy` says.",
    ),
  measuredBy: z
    .enum(["worked", "remaining", "paid", "elapsed"])
    .default("worked")
    .describe(
      "What `activeAfter`, `every`, `minShift` and `dueWithin` measure: worked = work as punched; remaining = work less what rules before this one took off; paid = remaining and paid lunches and breaks; elapsed = all from the first punch on",
    ),
  every: durationSchema
    .default(0)
    .describe("With `times`: applies again after each further length of this."),
  times: z
    .int()
    .min(1)
    .max(24)
    .meta({ unit: "count" })
    .default(1)
    .describe("How often at most it applies in one shift."),
  minShift: durationSchema
    .default(0)
    .describe("Only in shifts of at least this, measured as `measuredBy` says."),
  onlyPlanned: z.boolean().default(false).describe("Only in shifts that were planned."),
  weekdays: weekdaysSchema
    .default([...WEEKDAYS])
    .describe("Only in shifts that begin on these days of the week."),
  where: whereSchema.prefault({}),
};

/** What counts as taken, for rules that compare it with what is due. */
const taken = {
  minLength: durationSchema
    .default(0)
    .describe("A punched lunch or break shorter than this counts as none taken."),
  countsGaps: z
    .boolean()
    .default(false)
    .describe(
      "Whether the time between an out and the next in of the shift counts like a punched one.",
    ),
};

const autoDeductSchema = z.strictObject({
  kind: z
    .literal("auto-deduct")
    .describe("Takes time off work whether or not anybody punched for a lunch or break"),
  ...common,
  ...taken,
  amount: someTime.describe("Taken off each time it applies."),
  countsPunched: z
    .boolean()
    .default(true)
    .describe(
      "Whether unpaid time that was punched counts, so that only the rest is taken off; each second of it counts for one rule.",
    ),
  neverBelow: z
    .boolean()
    .default(false)
    .describe("Takes no more than what was worked beyond the time after which it applies."),
  allocation: z
    .enum(["when-active", "proportional", "from-end", "planned"])
    .default("when-active")
    .describe(
      "Where it is taken: when-active = from the moment it applies; proportional = off every stretch of work by its length; from-end = off the last work; planned = at the planned lunch or break of that number, or when-active if there is none",
    ),
});
export type AutoDeduct = z.output<typeof autoDeductSchema>;

const autoAddSchema = z.strictObject({
  kind: z.literal("auto-add").describe("Pays punched lunches or breaks, up to an allowance"),
  ...common,
  amount: someTime.describe("Paid at most each time it applies."),
  per: z
    .enum(["shift", "each"])
    .default("shift")
    .describe(
      "shift = the allowance is shared by all lunches or breaks of the shift; each = every one is paid up to it, as many as the rule applies times",
    ),
  ifLonger: z
    .enum(["pay-amount", "pay-nothing"])
    .default("pay-amount")
    .describe("What one longer than `amount` is paid: the amount, or nothing at all"),
});
export type AutoAdd = z.output<typeof autoAddSchema>;

const normalSchema = z.strictObject({
  kind: z.literal("normal").describe("Leaves time as punched and finds what was not as due"),
  ...common,
  ...taken,
  amount: someTime.describe("How long each one due must last."),
  inTotal: z.boolean().default(false).describe("Whether several together may make up what is due."),
  first: z
    .int()
    .min(1)
    .max(24)
    .meta({ unit: "count" })
    .default(1)
    .describe("Number of the lunch or break in the shift that it begins to look at."),
  maxLength: someTime
    .optional()
    .describe("One longer than this is found to be long; not given = none is."),
  dueWithin: someTime
    .optional()
    .describe(
      "It must begin before more than this is measured, and the next ones `every` later each; not given = at any time.",
    ),
  maxStretch: someTime
    .optional()
    .describe(
      "Longest work without one; beyond it the next is late, or missed if none follows; not given = any.",
    ),
  most: z
    .int()
    .min(0)
    .max(24)
    .meta({ unit: "count" })
    .optional()
    .describe("More of them than this are too many; not given = any number."),
});
export type NormalMeal = z.output<typeof normalSchema>;

export type MealPolicy = AutoDeduct | AutoAdd | NormalMeal;

/** Lunches and breaks. Auto-add rules go first, then auto-deduct, then normal ones, each kind in the order of the list. */
export const mealRulesSchema = z
  .strictObject({
    policies: z
      .array(z.discriminatedUnion("kind", [autoDeductSchema, autoAddSchema, normalSchema]))
      .max(50)
      .superRefine(noTwins)
      .default([])
      .describe("Rules on lunches and breaks, by name"),
  })
  .superRefine(({ policies }, context) => {
    for (const [index, policy] of policies.entries()) {
      for (const [path, message] of contradictions(policy)) {
        context.addIssue({ code: "custom", path: ["policies", index, path], message });
      }
    }
  });
export type MealRules = z.output<typeof mealRulesSchema>;

type Contradiction = readonly [path: string, message: string];

function* contradictions(policy: MealPolicy): Generator<Contradiction> {
  if (policy.every > 0 && policy.times === 1)
    yield ["every", "has no meaning while times is 1: it applies once"];
  if (policy.kind === "auto-add") return;
  const isPart = policy.kind === "normal" && policy.inTotal;
  if (policy.minLength > policy.amount && !isPart)
    yield ["minLength", `(${policy.minLength} s) may not exceed amount (${policy.amount} s)`];
  if (policy.kind === "normal") yield* contradictionsOfNormal(policy);
}

function* contradictionsOfNormal(policy: NormalMeal): Generator<Contradiction> {
  const { amount, maxLength, most, times } = policy;
  if (maxLength !== undefined && maxLength < amount)
    yield ["maxLength", `(${maxLength} s) may not be below amount (${amount} s)`];
  if (most !== undefined && most < times)
    yield ["most", `(${most}) may not be below times (${times})`];
}
