import { z } from "zod";
import { WEEKDAYS } from "../civil-time.ts";
import {
  codeSchema,
  durationSchema,
  policyNameSchema,
  weekdaysSchema,
  whereSchema,
} from "../rule-parts.ts";

// What premium policies of every kind have in common.

export const timesADay = z
  .int()
  .min(1)
  .max(50)
  .nullable()
  .describe("Most times it pays on one workday, where it pays per occurrence; null = no limit");

export const limitsSchema = z
  .strictObject({
    secondsADay: durationSchema
      .nullable()
      .default(null)
      .describe("Most time it pays on one workday, the earliest first; null = no limit"),
    secondsAWeek: durationSchema
      .nullable()
      .default(null)
      .describe(
        "Most time it pays in one week (see `weekStartsOn`), the earliest first; null = no limit",
      ),
    timesADay: timesADay.default(null),
    timesAWeek: z
      .int()
      .min(1)
      .max(50)
      .nullable()
      .default(null)
      .describe("Most times it pays in one week, where it pays per occurrence; null = no limit"),
  })
  .describe("The most that a policy pays");

export const every = {
  name: policyNameSchema,
  code: codeSchema,
  where: whereSchema.prefault({}),
  exclusive: z
    .string()
    .trim()
    .min(1)
    .max(64)
    .nullable()
    .default(null)
    .describe(
      "Name of a group of policies of which only one pays any second (or any occurrence of one shift): that with the highest factor, of equals the first of the list; null = pays beside all others",
    ),
  limits: limitsSchema.prefault({}),
};

export const weekdaysOn = (of: string): z.ZodDefault<typeof weekdaysSchema> =>
  weekdaysSchema.default([...WEEKDAYS]).describe(of);

const holidayChoice = z.enum(["any", "only", "never"]);
export const holidaysOn = (of: string): z.ZodDefault<typeof holidayChoice> =>
  holidayChoice.default("any").describe(of);

/** Conditions on the workday as a whole. */
export const ofWorkday = {
  weekdays: weekdaysOn("Weekdays on which the workday must fall"),
  holidays: holidaysOn("Whether the workday must be a holiday: any = no matter, only, never"),
};

export const counts = z
  .enum(["work", "paid"])
  .default("work")
  .describe("Which time it sees: work alone, or paid breaks as well");
