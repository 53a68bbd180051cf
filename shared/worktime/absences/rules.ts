import { z } from "zod";
import { weekdaySchema } from "../civil-time.ts";
import {
  codeSchema,
  durationSchema,
  noTwins,
  policyNameSchema,
  weekdaysSchema,
} from "../rule-parts.ts";

const someTime = durationSchema.refine((seconds) => seconds > 0, "must be longer than nothing");
const days = (most: number): z.ZodNumber => z.int().min(1).max(most).meta({ unit: "days" });

const contributes = z
  .boolean()
  .default(false)
  .describe("Whether it raises the count of overtime rules that let credits contribute");

/** A kind of leave, and what a day of it counts for. */
const absenceCodeSchema = z.strictObject({
  name: policyNameSchema.describe("What people call it, such as Vacation; reasons give it"),
  code: codeSchema.describe("What absences are booked under, and the pay code of their time"),
  paid: z.boolean().default(true).describe("Whether its time is paid"),
  contributesToOvertime: contributes,
  excuses: z
    .boolean()
    .default(true)
    .describe("Whether who has it may be away without being absent or missing a day"),
  share: z
    .number()
    .gt(0)
    .max(1)
    .meta({ unit: "share" })
    .default(1)
    .describe(
      "How much of what was planned a day of it counts for, where the absence itself does not say how long: 0.5 = half a day",
    ),
  dayLength: durationSchema
    .default(0)
    .describe("What a whole day counts for where nothing was planned, on the days in `weekdays`"),
  weekdays: weekdaysSchema
    .default(["mon", "tue", "wed", "thu", "fri"])
    .describe(
      "Days on which it counts although nothing was planned; an absence of one single day with its own length counts on any",
    ),
  onHolidays: z
    .enum(["skip", "count"])
    .default("skip")
    .describe(
      "On a holiday on which nothing is planned: skip = it is no day of leave, the holiday rules hold; count = it is, and they do not",
    ),
  upToPlan: z
    .boolean()
    .default(true)
    .describe("Whether leave and work together count for no more than was planned"),
});
export type AbsenceCode = z.output<typeof absenceCodeSchema>;

const divisor = z
  .union([z.number().gt(0).max(1000), z.literal("days-worked")])
  .meta({ unit: "number or days-worked" })
  .describe("What the sum is divided by: a number, or the days on which there was any of it");

/** What an average is made of. */
const counted = {
  dividedBy: divisor,
  mostADay: someTime
    .optional()
    .describe("No day counts for more than this, which leaves overtime out; not given = all of it"),
  countsLeave: z.boolean().default(false).describe("Whether paid leave of those days counts too"),
};

const holidayAmountSchema = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("fixed").describe("The same for every holiday"),
    length: someTime.describe("Counted for the holiday"),
  }),
  z.strictObject({
    kind: z
      .literal("scheduled")
      .describe("What was planned, or would have been but for the holiday"),
    otherwise: durationSchema.default(0).describe("Counted where nothing was planned"),
  }),
  z.strictObject({
    kind: z
      .literal("average-weeks")
      .describe("Average of whole weeks before the week of the holiday"),
    weeks: z.int().min(1).max(26).meta({ unit: "weeks" }).describe("How many weeks"),
    weekStart: weekdaySchema.default("mon").describe("First day of a week"),
    ...counted,
  }),
  z.strictObject({
    kind: z.literal("average-days").describe("Average of the calendar days before the holiday"),
    days: days(182).describe("How many days"),
    ...counted,
  }),
]);
export type HolidayAmount = z.output<typeof holidayAmountSchema>;

const holidayPolicySchema = z
  .strictObject({
    name: policyNameSchema.describe("Name, as reasons give it"),
    code: codeSchema.default("HOL").describe("Pay code of its time"),
    paid: z.boolean().default(true).describe("Whether its time is paid"),
    contributesToOvertime: contributes,
    calendars: z
      .array(z.string().min(1).max(64))
      .min(1)
      .max(50)
      .optional()
      .meta({ unit: "names" })
      .describe("Only for holidays of these calendars; not given = of all"),
    amount: holidayAmountSchema
      .prefault({ kind: "scheduled" })
      .describe("How much time is counted for the holiday"),
    whenWorked: z
      .enum(["on-top", "rest", "none"])
      .default("on-top")
      .describe(
        "For who works on the holiday: on-top = all of it besides the work; rest = what the work leaves of it; none = nothing",
      ),
    onlyPlanned: z
      .boolean()
      .default(false)
      .describe("Only if work was planned, or would have been but for the holiday"),
    workedBefore: z
      .boolean()
      .default(false)
      .describe("Only if the last planned day before was worked, or its absence excused"),
    workedAfter: z
      .boolean()
      .default(false)
      .describe("Only if the first planned day after is worked, or its absence excused"),
    within: days(31)
      .default(14)
      .describe("How far these two days are looked for; none found = nothing is held against it"),
    daysWorked: z
      .int()
      .min(0)
      .max(182)
      .meta({ unit: "days" })
      .default(0)
      .describe("Only if there was work or paid leave on so many days of those in `outOf`"),
    outOf: days(182)
      .default(30)
      .describe("How many calendar days before the holiday are looked at"),
  })
  .superRefine(({ daysWorked, outOf }, context) => {
    if (daysWorked <= outOf) return;
    const message = `(${daysWorked}) may not exceed outOf (${outOf})`;
    context.addIssue({ code: "custom", path: ["daysWorked"], message });
  });
export type HolidayPolicy = z.output<typeof holidayPolicySchema>;

const undertimeSchema = z
  .strictObject({
    per: z
      .enum(["none", "day", "week"])
      .default("none")
      .describe(
        "Whether what is missing to the hours due is counted: not at all; on each day; or on the last day of a week, after more on other days has made up for it",
      ),
    code: codeSchema.default("UNDER").describe("Pay code of its time"),
    paid: z.boolean().default(false).describe("Whether its time is paid all the same"),
    contributesToOvertime: contributes,
    tolerance: durationSchema
      .default(0)
      .describe("Up to this nothing is missing; beyond it, all of it is"),
    weekStart: weekdaySchema.default("mon").describe("First day of a week"),
    absentDays: z
      .boolean()
      .default(true)
      .describe("Whether a day without any work counts, which may be an absence of its own"),
    onHolidays: z.boolean().default(false).describe("Whether hours are due on holidays"),
  })
  .describe("What is missing to the hours due once all of a day is known");
export type UndertimeRules = z.output<typeof undertimeSchema>;

/** Time that was not worked: leave, holidays, undertime. */
export const absenceRulesSchema = z.strictObject({
  codes: z
    .array(absenceCodeSchema)
    .max(100)
    .superRefine(noTwins)
    .superRefine((codes, context) => {
      for (const [index, { code }] of codes.entries()) {
        if (codes.findIndex((other) => other.code === code) === index) continue;
        const message = `a second kind of leave has the code "${code}"`;
        context.addIssue({ code: "custom", path: [index, "code"], message, input: code });
      }
    })
    .default([])
    .describe("Kinds of leave, by name"),
  holidays: z
    .array(holidayPolicySchema)
    .max(20)
    .superRefine(noTwins)
    .default([])
    .describe(
      "Time counted for holidays, by name; of those for a holiday the first that the person is eligible for holds",
    ),
  undertime: undertimeSchema.prefault({}),
});
export type AbsenceRules = z.output<typeof absenceRulesSchema>;
