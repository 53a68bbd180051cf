import { z } from "zod";
import { weekdaySchema } from "../civil-time.ts";
import { durationSchema, rateSchema, timeOfDaySchema } from "../rule-parts.ts";
import { counts, every, holidaysOn, ofWorkday, weekdaysOn } from "./policy-parts.ts";

// Premiums for seconds that were worked.

const onlyAfterSchema = z
  .strictObject({
    daily: durationSchema
      .nullable()
      .default(null)
      .describe("Pays only what lies beyond this much on the workday; null = from the start"),
    weekly: durationSchema
      .nullable()
      .default(null)
      .describe("Pays only what lies beyond this much in the week; null = from the start"),
    of: z
      .enum(["counted", "regular"])
      .default("counted")
      .describe(
        "What is added up: the time the policy sees, wherever booked; or the time that the overtime rules left regular",
      ),
  })
  .describe("Hours that must be worked before it pays; with both set, both must be exceeded");

const timePay = {
  factor: rateSchema
    .nullable()
    .describe(
      "Share of the base rate added for each second, such as 0.25; null = an amount per shift, which payroll knows",
    ),
  credits: durationSchema
    .default(0)
    .describe("With factor null: the time credited for each shift that qualifies"),
  counts,
  during: z
    .enum(["any", "regular", "overtime"])
    .default("any")
    .describe("Pays only what the overtime rules made regular time, or overtime"),
  onlyAfter: onlyAfterSchema.prefault({}),
  atLeast: durationSchema
    .default(0)
    .describe("Of one shift, at least this much must qualify, or it pays nothing for the shift"),
};

const windowPay = {
  pays: z
    .enum(["hours", "whole-shift"])
    .default("hours")
    .describe("Pays the hours inside, or the whole of a shift that has enough hours inside"),
  overShare: z
    .number()
    .min(0)
    .lt(1)
    .nullable()
    .default(null)
    .describe(
      "More than this share of the shift's time must lie inside, such as 0.5 for the greater part; null = any share",
    ),
  partial: z
    .boolean()
    .default(true)
    .describe(
      "Whether the part inside counts of a stretch between in and out that lies only partly inside; false = it must lie inside as a whole",
    ),
};

const dailyWindow = {
  weekdays: weekdaysOn(
    "Weekdays on which a window may begin; one over midnight belongs to the day it begins on",
  ),
  holidays: holidaysOn(
    "Whether the date on which a window begins must be a holiday: any = no matter, only, never",
  ),
  begunBefore: z
    .boolean()
    .default(false)
    .describe("Only for somebody whose shift began before the window did"),
};

const YEARLY_OR_DATE = /^(?:\d{4}-)?(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])$/;
const windowDate = z
  .string()
  .regex(YEARLY_OR_DATE, "write a date as YYYY-MM-DD, or MM-DD for every year")
  .nullable()
  .default(null);

const windowSchema = z.strictObject({
  kind: z
    .literal("window")
    .describe("Work between two times of the day, on certain weekdays or dates"),
  ...every,
  ...timePay,
  ...windowPay,
  ...dailyWindow,
  fromOn: windowDate.describe(
    "First date on which a window may begin, YYYY-MM-DD, or MM-DD for every year; null = open",
  ),
  toOn: windowDate.describe(
    "Last date on which a window may begin, included; before `fromOn` if both are MM-DD = over the turn of the year; null = open",
  ),
  from: timeOfDaySchema.default(0).describe("Where the window begins on the wall clock"),
  to: timeOfDaySchema.default(86_400).describe("Where it ends; not after `from` = on the next day"),
});
export type WindowPremium = z.output<typeof windowSchema>;

const nightSchema = z.strictObject({
  kind: z.literal("night").describe("Night work"),
  ...every,
  ...timePay,
  ...windowPay,
  ...dailyWindow,
  from: timeOfDaySchema.prefault("22:00").describe("Where the night begins on the wall clock"),
  to: timeOfDaySchema
    .prefault("06:00")
    .describe("Where it ends; not after `from` = on the next day"),
});
export type NightPremium = z.output<typeof nightSchema>;

const runsOver = durationSchema
  .refine((seconds) => seconds <= 86_400, "may not exceed 24h")
  .default(0)
  .describe("How long after its end it goes on for somebody whose shift began before its end");

const weekendSchema = z.strictObject({
  kind: z
    .literal("weekend")
    .describe("Work at the weekend: one window from a time of one weekday to a time of another"),
  ...every,
  ...timePay,
  ...windowPay,
  startsOn: weekdaySchema.default("sat").describe("Weekday on which the weekend begins"),
  from: timeOfDaySchema.default(0).describe("Where it begins on that day"),
  endsOn: weekdaySchema
    .default("sun")
    .describe("Weekday on which it ends, the first one from `startsOn` on"),
  to: timeOfDaySchema.default(86_400).describe("Where it ends on that day"),
  runsOver,
});
export type WeekendPremium = z.output<typeof weekendSchema>;

const holidaySchema = z.strictObject({
  kind: z.literal("holiday").describe("Work on a holiday"),
  ...every,
  ...timePay,
  ...windowPay,
  calendars: z
    .array(z.string().min(1).max(64))
    .min(1)
    .max(50)
    .nullable()
    .default(null)
    .describe("Only holidays of these calendars; null = of all"),
  names: z
    .array(z.string().min(1).max(120))
    .min(1)
    .max(100)
    .nullable()
    .default(null)
    .describe("Only holidays of these names; null = all"),
  hours: z
    .enum(["calendar-date", "workday"])
    .default("calendar-date")
    .describe(
      "Which hours: those on the date itself from 00:00 to 24:00, or all of a workday that is a holiday",
    ),
  runsOver,
});
export type HolidayPremium = z.output<typeof holidaySchema>;

const rotatingSchema = z
  .strictObject({
    within: z
      .int()
      .min(1)
      .max(62)
      .default(7)
      .describe("How many days before this one an earlier shift is looked for. Days"),
    apart: durationSchema
      .refine((seconds) => seconds <= 43_200, "may not exceed 12h")
      .prefault("7h")
      .describe("By how much, on the face of the clock, the two must begin apart at least"),
  })
  .describe("Only for shifts at changing times");

const shiftSchema = z.strictObject({
  kind: z
    .literal("shift")
    .describe("Shift differential: the whole of a shift, by its start, its plan or its place"),
  ...every,
  ...timePay,
  ...ofWorkday,
  startsFrom: timeOfDaySchema
    .default(0)
    .describe("The shift must begin at or after this time of day"),
  startsTo: timeOfDaySchema
    .default(86_400)
    .describe("And before this one; not after `startsFrom` = over midnight"),
  startBy: z
    .enum(["counted", "planned"])
    .default("counted")
    .describe("Which start is meant: that of the punches, rounded; or that of the plan"),
  plans: z
    .array(z.string().min(1).max(160))
    .min(1)
    .max(100)
    .nullable()
    .default(null)
    .describe("Only shifts planned under these names; null = all"),
  rotating: rotatingSchema.nullable().default(null),
});
export type ShiftPremium = z.output<typeof shiftSchema>;

export type TimePremium =
  | WindowPremium
  | NightPremium
  | WeekendPremium
  | HolidayPremium
  | ShiftPremium;

export const timePremiumSchemas = [
  windowSchema,
  nightSchema,
  weekendSchema,
  holidaySchema,
  shiftSchema,
] as const;
