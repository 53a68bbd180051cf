import { z } from "zod";
import { weekdaySchema } from "../civil-time.ts";
import {
  codeSchema,
  durationSchema,
  noTwins,
  policyNameSchema,
  rateSchema,
  weekdaysSchema,
  whereSchema,
} from "../rule-parts.ts";
import { isNested, weeksOf } from "./periods.ts";

const tierSchema = z.strictObject({
  after: durationSchema
    .default(0)
    .describe(
      "Claims what lies beyond this in the policy's own count: the second after it is the first. Duration",
    ),
  code: codeSchema.describe("Pay code of what it claims. Code"),
  rate: rateSchema.describe("Multiplier of the base rate. Number"),
});
export type Tier = z.output<typeof tierSchema>;

const contributesSchema = z
  .strictObject({
    work: z.boolean().default(true).describe("Worked time. Yes or no"),
    paidBreaks: z.boolean().default(true).describe("Breaks that are paid. Yes or no"),
    paidLunches: z.boolean().default(true).describe("Lunches that are paid. Yes or no"),
    credits: z
      .boolean()
      .default(true)
      .describe(
        "Paid absence and holiday time whose own rule says that it contributes; it stands at the start of its day, and belongs to no shift. Yes or no",
      ),
    where: whereSchema.prefault({}),
  })
  .describe("What the policy sees: only this raises its count, and nothing else is claimed by it");

const common = {
  name: policyNameSchema.describe("Name of the policy; approvals are given for it. Text"),
  tiers: z
    .array(tierSchema)
    .min(1)
    .max(8)
    .describe("Steps of the rate, lowest `after` first. List"),
  counts: z
    .enum(["unclaimed", "all"])
    .default("unclaimed")
    .describe(
      "What raises its count: time that no other policy claimed as overtime, or all it sees. Choice",
    ),
  contributes: contributesSchema.prefault({}),
  where: whereSchema
    .prefault({})
    .describe("It claims only time booked here; nothing named = everywhere"),
  minimum: durationSchema
    .default(0)
    .describe("If it claims less than this on a day, it claims nothing on that day. Duration"),
  tolerance: durationSchema
    .default(0)
    .describe(
      "Employer's tolerance: so much of what it would claim on a day stays as it was. The employee's tolerance is a matter of undertime. Duration",
    ),
  beyondTolerance: z
    .enum(["all", "excess"])
    .default("all")
    .describe("What is claimed once the tolerance is exceeded: all, or only the excess. Choice"),
  needsApproval: z
    .boolean()
    .default(false)
    .describe("Whether somebody must approve what it claims on a day. Yes or no"),
};

const anchor = z.iso
  .date()
  .describe("Any date of the first week of one of the periods. Date YYYY-MM-DD");
const minWorked = durationSchema
  .default(1)
  .describe("A day counts as worked from so much contributing time on. Duration");

const dailySchema = z.strictObject({
  kind: z.literal("daily").describe("Beyond a number of hours on a day or in a shift"),
  ...common,
  scope: z
    .enum(["day", "shift"])
    .default("day")
    .describe(
      "What is counted over: the day, or each shift by itself. A shift that is split at midnight brings all of its contributing time along. Choice",
    ),
});

const weeklySchema = z.strictObject({
  kind: z.literal("weekly").describe("Beyond a number of hours in a week"),
  ...common,
});

const biWeeklySchema = z.strictObject({
  kind: z.literal("bi-weekly").describe("Beyond a number of hours in two weeks"),
  ...common,
  anchor,
});

const nWeeklySchema = z.strictObject({
  kind: z.literal("n-weekly").describe("Beyond a number of hours in a period of several weeks"),
  ...common,
  weeks: z.int().min(2).max(12).describe("Length of the period. Weeks"),
  anchor,
});

const dayOfWeekSchema = z.strictObject({
  kind: z.literal("day-of-week").describe("On named days of the week: all time, or beyond `after`"),
  ...common,
  days: weekdaysSchema.describe("The days it holds on. List of mon to sun"),
});

const weeklyDaysSchema = z.strictObject({
  kind: z.literal("weekly-days").describe("From the nth day worked in a week on"),
  ...common,
  nth: z.int().min(1).max(7).describe("The first of the days it holds on. Count"),
  minWorked,
});

const consecutiveDaysSchema = z.strictObject({
  kind: z.literal("consecutive-days").describe("From the nth day worked in a row on"),
  ...common,
  nth: z.int().min(2).max(31).describe("The first of the days it holds on. Count"),
  reset: z
    .enum(["rolling", "week"])
    .default("rolling")
    .describe(
      "When the row begins anew: only after a day that was not worked, or with each week as well. Choice",
    ),
  minWorked,
});

const holidaySchema = z.strictObject({
  kind: z.literal("holiday").describe("On holidays: all time, or beyond `after`"),
  ...common,
  calendars: z
    .array(z.string().min(1).max(64))
    .min(1)
    .max(50)
    .optional()
    .describe("Only on holidays of these calendars; absent = of any. List"),
});

const overScheduleSchema = z.strictObject({
  kind: z.literal("over-schedule").describe("Beyond what was planned"),
  ...common,
  measure: z
    .enum(["day", "week", "time"])
    .default("day")
    .describe(
      "Beyond the hours planned for the day, beyond those of the whole week, or outside the planned times. `after` counts from there. Choice",
    ),
  withoutPlan: z
    .enum(["count", "skip"])
    .default("count")
    .describe(
      "A day without plan: all of it is beyond what was planned, or the policy does not see it. Choice",
    ),
});

const differentialSchema = z.strictObject({
  kind: z
    .literal("differential")
    .describe("Another rate for time booked on the branch, department, job or task in `where`"),
  ...common,
  class: z
    .enum(["regular", "overtime"])
    .default("regular")
    .describe(
      "What its time counts as. Regular time at another rate still raises the count of every policy. Choice",
    ),
});

const policySchema = z.discriminatedUnion("kind", [
  dailySchema,
  weeklySchema,
  biWeeklySchema,
  nWeeklySchema,
  dayOfWeekSchema,
  weeklyDaysSchema,
  consecutiveDaysSchema,
  holidaySchema,
  overScheduleSchema,
  differentialSchema,
]);
export type OvertimePolicy = z.output<typeof policySchema>;

/** What paid time counts as. Without policies all of it is regular. */
export const overtimeRulesSchema = z
  .strictObject({
    weekStart: weekdaySchema
      .default("mon")
      .describe("The day on which weeks and periods of weeks begin. mon to sun"),
    precedence: z
      .enum(["highest-rate", "first"])
      .default("highest-rate")
      .describe(
        "Which of several policies gets a second that all of them claim: that of the highest rate (of equal ones the first in order), or the first in order. Choice",
      ),
    regular: z
      .strictObject({
        code: codeSchema.default("REG").describe("Pay code of regular time. Code"),
        rate: rateSchema.default(1).describe("Multiplier of the base rate. Number"),
      })
      .prefault({})
      .describe("What time counts as that no policy claims"),
    policies: z
      .array(policySchema)
      .max(50)
      .superRefine(noTwins)
      .default([])
      .describe("Policies, in the order of precedence. List"),
  })
  .superRefine((rules, context) => {
    const refuse = (path: readonly (string | number)[], message: string): void => {
      context.addIssue({ code: "custom", path: ["policies", ...path], message });
    };
    for (const [index, policy] of rules.policies.entries()) {
      for (const [path, message] of contradictionsOf(policy)) refuse([index, ...path], message);
    }
    for (const [index, name] of strangersAmong(rules)) {
      refuse(
        [index, "counts"],
        `its periods and those of "${name}" cut across each other, so that neither count would ever begin anew: let one of them count "all"`,
      );
    }
  });
export type OvertimeRules = z.output<typeof overtimeRulesSchema>;

type Contradiction = readonly [path: readonly (string | number)[], message: string];

function contradictionsOf(policy: OvertimePolicy): Contradiction[] {
  const found: Contradiction[] = [];
  const longest = ((weeksOf(policy) ?? 0) * 7 + 2) * 86_400;
  let previous = -1;
  for (const [index, { after }] of policy.tiers.entries()) {
    const path = ["tiers", index, "after"];
    if (after <= previous) found.push([path, "tiers must rise: it is not above the one before it"]);
    if (after > longest) found.push([path, "longer than the time it counts over: never reached"]);
    previous = after;
  }
  if (policy.kind === "consecutive-days" && policy.reset === "week" && policy.nth > 7) {
    found.push([["nth"], "a week has seven days: never reached while the row begins anew with it"]);
  }
  if (policy.kind === "differential" && Object.keys(policy.where).length === 0) {
    found.push([["where"], "name a branch, department, job or task: it would claim all time"]);
  }
  return found;
}

/** Pairs of policies that count what the other leaves, over periods of which neither holds whole ones of the other. */
function strangersAmong(rules: {
  readonly weekStart: OvertimeRules["weekStart"];
  readonly policies: readonly OvertimePolicy[];
}): [index: number, name: string][] {
  const found: [number, string][] = [];
  const periodic = rules.policies.map((policy) =>
    policy.counts === "unclaimed" && weeksOf(policy) !== null ? policy : null,
  );
  for (const [index, policy] of periodic.entries()) {
    const stranger = periodic
      .slice(0, index)
      .find((other) => policy && other && !isNested(policy, other, rules.weekStart));
    if (stranger) found.push([index, stranger.name]);
  }
  return found;
}
