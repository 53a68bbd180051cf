import { z } from "zod";
import { durationSchema, policyNameSchema, rateSchema } from "../rule-parts.ts";
import { counts, every, limitsSchema, ofWorkday, timesADay } from "./policy-parts.ts";

// Premiums for something that happened: they credit time of their own, or an amount.

const occurrencePay = {
  factor: rateSchema
    .nullable()
    .default(1)
    .describe(
      "Share of the base rate for each second credited; null = an amount per occurrence, which payroll knows",
    ),
};

const penalty = {
  ...every,
  ...occurrencePay,
  ...ofWorkday,
  credits: durationSchema.prefault("1h").describe("Time credited for each occurrence"),
  rules: z
    .array(policyNameSchema)
    .min(1)
    .max(64)
    .nullable()
    .default(null)
    .describe("Only what these meal and break rules find; null = all of them"),
  limits: limitsSchema
    .extend({ timesADay: timesADay.default(1) })
    .prefault({})
    .describe("The most that a policy pays"),
};

const mealPenaltySchema = z.strictObject({
  kind: z
    .literal("meal-penalty")
    .describe("A sum for a meal that was due and was not taken, late or too short"),
  ...penalty,
  findings: z
    .array(z.enum(["missed", "late", "short"]))
    .min(1)
    .default(["missed", "late", "short"])
    .describe("What a meal rule must have found"),
});
export type MealPenalty = z.output<typeof mealPenaltySchema>;

const breakPenaltySchema = z.strictObject({
  kind: z
    .literal("break-penalty")
    .describe("A sum for a break that was due and was not taken, late or too short"),
  ...penalty,
  findings: z
    .array(z.enum(["missed", "late", "short", "too-few"]))
    .min(1)
    .default(["missed", "late", "short", "too-few"])
    .describe("What a break rule must have found"),
});
export type BreakPenalty = z.output<typeof breakPenaltySchema>;

const callbackSchema = z.strictObject({
  kind: z
    .literal("callback")
    .describe("Called back to work after leaving: a least time paid, or a share of the rate"),
  ...every,
  ...occurrencePay,
  ...ofWorkday,
  counts,
  minimum: durationSchema.prefault("2h").describe("Least time paid for each time called back"),
  pays: z
    .enum(["top-up", "hours"])
    .default("top-up")
    .describe(
      "Pays what is missing to `minimum`, or `factor` for the hours worked when called back",
    ),
  away: durationSchema
    .prefault("1h")
    .describe("One must have been away at least this long since the work before"),
  within: durationSchema
    .nullable()
    .default(null)
    .describe("One must have worked before, and come back after at most this; null = no matter"),
  outsidePlan: z
    .boolean()
    .default(true)
    .describe("Only work that touches no planned shift, of this day or its neighbours"),
  untilNextWork: z.boolean().default(false).describe("The minimum ends where the next work begins"),
});
export type Callback = z.output<typeof callbackSchema>;

const minimumShiftSchema = z.strictObject({
  kind: z
    .literal("minimum-shift")
    .describe("A shift that was shorter than it should have been is topped up (reporting time)"),
  ...every,
  ...occurrencePay,
  ...ofWorkday,
  counts,
  per: z
    .enum(["shift", "day"])
    .default("shift")
    .describe("What is topped up: each shift, or the time of the workday"),
  turn: z
    .enum(["any", "first", "later"])
    .default("any")
    .describe("Per shift: all shifts of a workday, the first one, or those after it"),
  minimum: durationSchema
    .nullable()
    .default(null)
    .describe("Least time paid for whoever came; null = only `shareOfPlan` decides"),
  shareOfPlan: z
    .number()
    .gt(0)
    .max(1)
    .nullable()
    .default(null)
    .describe(
      "Who was given less than this share of the planned time is paid the share; null = only `minimum` decides",
    ),
  least: durationSchema.default(0).describe("The share comes to at least this"),
  most: durationSchema
    .nullable()
    .default(null)
    .describe("The share comes to at most this; null = no limit"),
  notOverPlan: z
    .boolean()
    .default(false)
    .describe("Never tops up beyond the planned time, where there is one"),
  plannedAtLeast: durationSchema
    .default(0)
    .describe("Only if at least this much was planned; 0 = also if nothing was"),
});
export type MinimumShift = z.output<typeof minimumShiftSchema>;

const splitShiftSchema = z.strictObject({
  kind: z
    .literal("split-shift")
    .describe("A day in parts: work interrupted for long, or spread over many hours"),
  ...every,
  ...occurrencePay,
  ...ofWorkday,
  credits: durationSchema.prefault("1h").describe("Time credited, once for the workday"),
  gap: durationSchema
    .nullable()
    .prefault("1h")
    .describe(
      "Pays if work is interrupted for longer than this; null = interruptions do not matter",
    ),
  meals: z
    .boolean()
    .default(false)
    .describe("Whether an unpaid lunch or break is an interruption as well"),
  spread: durationSchema
    .nullable()
    .default(null)
    .describe(
      "Pays if the day's first and last work lie farther apart than this; null = no matter",
    ),
});
export type SplitShift = z.output<typeof splitShiftSchema>;

export type OccurrencePremium = MealPenalty | BreakPenalty | Callback | MinimumShift | SplitShift;

export const occurrencePremiumSchemas = [
  mealPenaltySchema,
  breakPenaltySchema,
  callbackSchema,
  minimumShiftSchema,
  splitShiftSchema,
] as const;
