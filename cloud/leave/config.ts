import { tokenSchema } from "@clockleaf/shared/subjects.ts";
import { weekdaySchema, zoneSchema } from "@clockleaf/shared/worktime/civil-time.ts";
import { codeSchema } from "@clockleaf/shared/worktime/rule-parts.ts";
import { z } from "zod";
import { isKnownRegion } from "./public-holidays.ts";

const MOST_MINUTES = 1_000_000;
const minutes = z.int().min(0).max(MOST_MINUTES);
/** Up to the 28th: such a day comes in every month, so leave years and their months are never cut short. */
const monthDay = z
  .string()
  .regex(
    /^(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])$/,
    "write MM-DD, such as 04-01; the day at most 28",
  );

const earned = {
  minutesAYear: minutes.describe("What a whole leave year earns, minutes"),
  byService: z
    .array(
      z.strictObject({
        fromYears: z.int().min(1).max(60).describe("From so many full years of service on"),
        minutesAYear: minutes.describe("It is this instead, minutes"),
      }),
    )
    .max(20)
    .default([])
    .describe("More for longer service: the highest band that is reached holds; default none"),
  roundTo: z
    .int()
    .min(1)
    .max(1440)
    .default(1)
    .describe(
      "What was earned since the leave year began is rounded to so many minutes, half up; default 1",
    ),
};

const accrualSchema = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("none").describe("Nothing by itself: HR enters what there is"),
  }),
  z.strictObject({
    kind: z
      .literal("yearly")
      .describe("All at the start of the leave year; pro rata by days for who joins in it"),
    ...earned,
  }),
  z.strictObject({
    kind: z
      .literal("monthly")
      .describe(
        "A twelfth a month, pro rata by days in the first and last; twelve of them are the year",
      ),
    at: z.enum(["start", "end"]).default("end").describe("Day of the month it is posted on"),
    ...earned,
  }),
]);
export type Accrual = z.output<typeof accrualSchema>;

const carryOverSchema = z.strictObject({
  maxMinutes: minutes.describe("At most this goes into the next leave year, the rest expires"),
  expires: z
    .union([
      z.strictObject({
        afterMonths: z.int().min(1).max(11).describe("So many months after the leave year began"),
      }),
      z.strictObject({
        on: monthDay.describe(
          "From this day of the new leave year on it is gone, MM-DD: 04-01 = to be taken by the end of March",
        ),
      }),
    ])
    .optional()
    .describe("When what was carried over and not taken by then expires; default never"),
});

const policySchema = z.strictObject({
  code: codeSchema.describe("Absence code of the rules: what the days are booked under"),
  hasAccount: z
    .boolean()
    .default(true)
    .describe("Whether it takes from an account; false suits sickness. Default true"),
  needsApproval: z
    .boolean()
    .default(true)
    .describe("false = approved in the moment it is entered. Default true"),
  dayMinutes: z.int().min(1).max(1440).default(480).describe("What a day is, minutes; default 480"),
  portions: z
    .enum(["days", "half-days", "hours"])
    .default("half-days")
    .describe("What may be asked for besides whole days; default half-days"),
  yearStart: monthDay
    .default("01-01")
    .describe("First day of the leave year, MM-DD; default 01-01"),
  accrual: accrualSchema.default({ kind: "none" }).describe("How the account fills; default none"),
  capMinutes: minutes
    .optional()
    .describe("No accrual lifts the balance above this, minutes; default no cap"),
  carryOver: carryOverSchema
    .optional()
    .describe("What the turn of the leave year leaves; default all of it, for good"),
  overdraftMinutes: minutes
    .default(0)
    .describe("How far below zero the balance may go, minutes; default 0"),
  futureAccrual: z
    .enum(["count", "ignore"])
    .default("count")
    .describe(
      "Whether what will have been earned by then counts for leave that lies ahead; default count",
    ),
  noticeDays: z
    .int()
    .min(-366)
    .max(366)
    .default(0)
    .describe(
      "Days between asking and the first day at least; negative = so many days afterwards at most. Default 0",
    ),
  maxConsecutiveDays: z
    .int()
    .min(1)
    .max(366)
    .optional()
    .describe("Longest leave, calendar days; default 366"),
  isPaidOut: z
    .boolean()
    .default(true)
    .describe("Whether what is left on the last day of the employment is paid; default true"),
});
export type LeavePolicy = z.output<typeof policySchema>;

const siteSchema = z.strictObject({
  zone: zoneSchema.default("UTC").describe("IANA zone in which leave begins and ends; default UTC"),
  country: z
    .string()
    .regex(/^[A-Z]{2}$/)
    .optional()
    .describe("ISO 3166-1 code: its public holidays take nothing from an account; default none"),
  state: z.string().min(1).max(8).optional().describe("State, such as BY of DE"),
  holidays: z
    .array(z.strictObject({ on: z.iso.date(), name: z.string().trim().min(1).max(64) }))
    .max(500)
    .default([])
    .describe("Days off besides the public holidays; default none"),
  workdays: z
    .array(weekdaySchema)
    .min(1)
    .max(7)
    .default(["mon", "tue", "wed", "thu", "fri"])
    .describe("Days that leave is taken from; default mon to fri"),
});
export type LeaveSite = z.output<typeof siteSchema>;

const names = (what: string) =>
  z
    .array(tokenSchema)
    .min(1)
    .max(500)
    .optional()
    .describe(`Only for people of these ${what}; default all`);

const policyName = tokenSchema.describe("Name of a policy");

const assignmentSchema = z.strictObject({
  policies: z.array(policyName).min(1).max(32).describe("These policies hold"),
  employmentTypes: names("kinds of contract"),
  departments: names("departments"),
  sites: names("sites"),
});

const clashSchema = z.strictObject({
  department: tokenSchema.describe("The department it is about"),
  maxAbsent: z.int().min(1).max(10_000).describe("So many may be on leave on one day"),
  effect: z
    .enum(["warn", "refuse"])
    .default("warn")
    .describe("What happens to a request that makes it more; default warn"),
});

export const leaveConfigSchema = z
  .strictObject({
    policies: z
      .record(policyName, policySchema)
      .default({})
      .describe("Kinds of leave, by name; default none"),
    assignments: z
      .array(assignmentSchema)
      .max(500)
      .default([])
      .describe("Who has which; somebody has the policies of all that fit. Default none"),
    clashes: z
      .array(clashSchema)
      .max(500)
      .default([])
      .describe("How many of a department may be away at once; default no limit"),
    sites: z
      .record(tokenSchema, siteSchema)
      .default({})
      .describe("Zone and calendar of each site, by its name"),
    otherSites: siteSchema.prefault({}).describe("The same for sites that are not named"),
    accountsFrom: z.iso
      .date()
      .optional()
      .describe(
        "Nothing is earned before this date: enter opening balances. Default 1 January of the year in which a person is entered",
      ),
    tickSeconds: z
      .number()
      .min(0.01)
      .max(3600)
      .default(5)
      .describe("How often it is looked whether leave begins or something is earned; default 5"),
  })
  .superRefine((config, context) => {
    const refuse = (path: PropertyKey[], message: string): void =>
      context.addIssue({ code: "custom", path, message });
    for (const [index, { policies }] of config.assignments.entries()) {
      const unknown = policies.find((name) => config.policies[name] === undefined);
      if (unknown !== undefined) {
        refuse(["assignments", index, "policies"], `no policy is named "${unknown}"`);
      }
    }
    for (const [name, policy] of Object.entries(config.policies)) {
      const expires = policy.carryOver?.expires;
      if (expires !== undefined && "on" in expires && expires.on === policy.yearStart) {
        const path = ["policies", name, "carryOver", "expires", "on"];
        refuse(path, "that is the day on which the leave year begins; set maxMinutes: 0 instead");
      }
      if (policy.hasAccount || policy.accrual.kind === "none") continue;
      refuse(["policies", name, "accrual"], "without an account nothing can be earned");
    }
    const sites: Array<[PropertyKey[], LeaveSite]> = [
      ...Object.entries(config.sites).map(([name, site]): [PropertyKey[], LeaveSite] => [
        ["sites", name],
        site,
      ]),
      [["otherSites"], config.otherSites],
    ];
    for (const [path, { country, state }] of sites) {
      if (isKnownRegion(country, state)) continue;
      refuse(path, `no calendar is known for ${[country, state].filter(Boolean).join("-")}`);
    }
  });
export type LeaveConfig = z.output<typeof leaveConfigSchema>;
