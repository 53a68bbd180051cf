import { z } from "zod";
import { tokenSchema } from "../../subjects.ts";
import { dayOfDate } from "../civil-time.ts";
import { durationSchema, timeOfDaySchema } from "../rule-parts.ts";
import { EXCEPTIONS, exceptionKindSchema, notifySchema, severitySchema } from "./catalogue.ts";

const WEEK = 7 * 86_400;
const HOUR = 3600;
const names = z.array(z.string().min(1).max(64)).max(1000);
const civilDay = z.iso.date().transform(dayOfDate).meta({ unit: "date" });

/** What one kind of exception does here; what is left out is as the catalogue has it. */
const settingSchema = z
  .strictObject({
    isOn: z.boolean().optional().describe("Whether it is raised at all. Yes or no"),
    severity: severitySchema.optional().describe("How grave it is"),
    grace: durationSchema
      .optional()
      .describe("This much does not count: the exception is shorter by it. Duration"),
    tolerance: durationSchema
      .optional()
      .describe("Up to this much, after the grace, counts and is not reported. Duration"),
    window: durationSchema
      .nullable()
      .optional()
      .describe("Looks no farther than this from the planned time. Duration; null = any distance"),
    notify: z.array(notifySchema).max(2).optional().describe("Who is told. List"),
  })
  .describe("How one kind of exception is raised");

/** When a day is known to be over. */
const completenessRulesSchema = z
  .strictObject({
    sites: z
      .array(tokenSchema)
      .max(64)
      .default([])
      .describe(
        "Sites that must have told all of a day before it is complete, besides those where it was planned or punched. List of sites",
      ),
    everySite: z
      .boolean()
      .default(false)
      .describe(
        "Wait for every site that tells how far it is complete: for people who may punch anywhere. Yes or no",
      ),
    slack: durationSchema
      .default(0)
      .describe(
        "So much longer after a day is over: for people whose sites lie in several zones. Duration",
      ),
  })
  .describe("When all of a day is known, so that absence can be decided");

const averageWeekSchema = z.strictObject({
  weeks: z.int().min(1).max(52).default(17).describe("Weeks looked at, this one included. Count"),
  limit: durationSchema.default(48 * HOUR).describe("Most in a week on average. Duration"),
});

const nightWorkSchema = z
  .strictObject({
    from: timeOfDaySchema.default(23 * HOUR).describe("Night time begins. Time of day"),
    to: timeOfDaySchema.default(6 * HOUR).describe("Night time ends. Time of day"),
    least: durationSchema
      .default(3 * HOUR)
      .describe("A day with so much work in night time is a night of work. Duration"),
    limit: durationSchema
      .default(8 * HOUR)
      .describe("Most in 24 hours: on average, or on each night of work. Duration"),
    weeks: z
      .int()
      .min(1)
      .max(52)
      .nullable()
      .default(17)
      .describe(
        "Weeks the average is made of, their weekly rest of one day each left out. Count; null = no average, each night of work on its own",
      ),
    nights: z
      .int()
      .min(1)
      .max(366)
      .default(1)
      .describe("So many nights of work within these weeks make somebody a night worker. Count"),
  })
  .refine(({ from, to }) => from !== to, {
    path: ["to"],
    message: "night time ends when it begins",
  });

const weeklyRestSchema = z.strictObject({
  rest: durationSchema.default(35 * HOUR).describe("Rest in one piece. Duration"),
  weeks: z.int().min(1).max(4).default(1).describe("Due once in so many weeks. Count"),
  anchor: civilDay
    .default(dayOfDate("2024-01-01"))
    .describe("With several weeks: a day of the first week of any such period. Date"),
});

const anyLength = (what: string): z.ZodDefault<z.ZodNullable<typeof durationSchema>> =>
  durationSchema.nullable().default(null).describe(`${what}. Duration; null = no limit`);

const limitRulesSchema = z
  .strictObject({
    counts: z
      .enum(["worked", "paid"])
      .default("worked")
      .describe("What limits of hours count: work, or all that is paid, such as paid breaks"),
    daily: anyLength("Most on a day"),
    weekly: anyLength("Most in a week"),
    averageWeek: averageWeekSchema
      .nullable()
      .default(null)
      .describe("Most in a week on average over several; null = no limit"),
    nightWork: nightWorkSchema
      .nullable()
      .default(null)
      .describe("Longest hours of people who work at night; null = no limit"),
    minRest: anyLength("Least rest between the work of a day and that of the day before"),
    weeklyRest: weeklyRestSchema
      .nullable()
      .default(null)
      .describe("A long rest in each week; null = none is due"),
    consecutiveDays: z
      .int()
      .min(1)
      .max(60)
      .nullable()
      .default(null)
      .describe("Most days worked in a row. Count; null = no limit"),
    checkInEvery: anyLength("While in, some punch at least this often"),
  })
  .superRefine(({ daily, weekly, minRest, weeklyRest }, context) => {
    const refuse = (path: string[], message: string): void => {
      context.addIssue({ code: "custom", path, message });
    };
    if (daily !== null && weekly !== null && daily > weekly)
      refuse(["daily"], `the limit of a day (${daily} s) exceeds that of a week (${weekly} s)`);
    if (weekly !== null && weekly > WEEK) refuse(["weekly"], "longer than a week");
    if (minRest !== null && weeklyRest !== null && weeklyRest.rest < minRest)
      refuse(["weeklyRest", "rest"], "shorter than the rest of every day (minRest)");
    if (weeklyRest !== null && weeklyRest.rest > weeklyRest.weeks * WEEK)
      refuse(["weeklyRest", "rest"], "longer than the weeks it is due in");
  })
  .describe("How much is too much, and how little rest too little");

const allowed = (what: string): z.ZodDefault<z.ZodNullable<typeof names>> =>
  names.nullable().default(null).describe(`${what} allowed. List; null = all`);

const bookingRulesSchema = z
  .strictObject({
    required: z
      .array(z.enum(["branch", "department", "job", "task"]))
      .max(4)
      .default([])
      .describe("What all work must be booked on. List of labels"),
    allowedBranches: allowed("Branches"),
    allowedDepartments: allowed("Departments"),
    allowedJobs: allowed("Jobs"),
    allowedTasks: allowed("Tasks"),
    completed: z
      .array(
        z.strictObject({
          job: z.string().min(1).max(64).describe("The job. Name"),
          task: z.string().min(1).max(64).optional().describe("Only this task of it. Name"),
          lastOn: civilDay.describe("Last day it may be worked on. Date"),
        }),
      )
      .max(1000)
      .default([])
      .describe("Jobs that are complete. List"),
  })
  .describe("What time must and may be booked on");

const verificationRulesSchema = z.strictObject({
  anchor: civilDay.describe("First day of any one pay period. Date"),
  days: z.int().min(1).max(31).default(7).describe("Length of a pay period. Count of days"),
  dueAfter: durationSchema
    .default(72 * HOUR)
    .describe("After the end of a period, so long to verify it. Duration"),
  levels: z
    .array(z.enum(["employee", "superior"]))
    .min(1)
    .max(2)
    .default(["employee"])
    .describe("Who must verify. List"),
});

export const exceptionRulesSchema = z
  .strictObject({
    kinds: z
      .partialRecord(exceptionKindSchema, settingSchema)
      .default({})
      .describe("How each kind is raised, where not as in the catalogue. By kind"),
    judgeBy: z
      .enum(["punched", "counted"])
      .default("punched")
      .describe("Whether early and late are judged by the time as punched or as rounded"),
    completeness: completenessRulesSchema.prefault({}),
    limits: limitRulesSchema.prefault({}),
    booking: bookingRulesSchema.prefault({}),
    verification: verificationRulesSchema
      .nullable()
      .default(null)
      .describe("Who must verify timesheets, and by when; null = nobody"),
  })
  .superRefine(({ kinds }, context) => {
    for (const [key, setting] of Object.entries(kinds)) {
      const kind = exceptionKindSchema.parse(key);
      const { hasGrace, hasWindow, defaultGrace, defaultTolerance } = EXCEPTIONS[kind];
      const refuse = (part: string, message: string): void => {
        context.addIssue({ code: "custom", path: ["kinds", kind, part], message });
      };
      if (!hasGrace && setting.grace !== undefined) refuse("grace", `${kind} measures no length`);
      if (!hasGrace && setting.tolerance !== undefined)
        refuse("tolerance", `${kind} measures no length`);
      if (!hasWindow && setting.window !== undefined)
        refuse("window", `${kind} looks at no planned time`);
      const least = (setting.grace ?? defaultGrace) + (setting.tolerance ?? defaultTolerance);
      if (typeof setting.window === "number" && setting.window <= least)
        refuse("window", `no farther than grace and tolerance (${least} s), so it sees nothing`);
    }
  })
  .describe("What a person must look at, from which length on, and how grave it is");
export type ExceptionRules = z.output<typeof exceptionRulesSchema>;
