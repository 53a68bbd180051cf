import { z } from "zod";
import { durationSchema, timeOfDaySchema } from "../rule-parts.ts";

/** How punches become shifts, and shifts days. */
export const shiftRulesSchema = z.strictObject({
  dayStart: timeOfDaySchema.default(0).describe("Wall-clock time at which a day begins"),
  countsOn: z
    .enum(["start", "end", "most-worked", "split"])
    .default("start")
    .describe(
      "The day a shift counts on: that of its first punch, of its last, the one with most of its worked time, or each part on its own day",
    ),
  tieGoesTo: z
    .enum(["start", "end"])
    .default("start")
    .describe("With most-worked: the day of a shift that lies on two in equal parts"),
  newShiftGap: durationSchema
    .default(4 * 3600)
    .describe("After an out, a lunch or a break start, a punch later than this begins a new shift"),
  maxShift: durationSchema
    .default(16 * 3600)
    .describe(
      "A punch later than this after the first of its shift belongs to a new shift and closes nothing",
    ),
  maxStretch: durationSchema
    .default(14 * 3600)
    .describe(
      "While somebody is in: a punch that does not claim to be a way out and comes later than this begins a new shift, so that one forgotten punch does not turn every later day around",
    ),
});
export type ShiftRules = z.output<typeof shiftRulesSchema>;

const restSchema = z.discriminatedUnion("by", [
  z.strictObject({ by: z.literal("claim") }),
  z.strictObject({
    by: z.literal("length"),
    min: durationSchema.default(0),
    max: durationSchema.default(90 * 60),
  }),
]);

/** What a punch means. */
export const punchRulesSchema = z.strictObject({
  repeatWindow: durationSchema
    .default(60)
    .describe("A like punch sooner than this after the one that counts is a repeat; 0 = none is"),
  breaks: restSchema
    .prefault({ by: "length" })
    .describe("Which absences inside a shift are breaks"),
});
export type PunchRules = z.output<typeof punchRulesSchema>;
