import { z } from "zod";
import {
  durationSchema,
  noTwins,
  policyNameSchema,
  timeOfDaySchema,
  weekdaysSchema,
} from "../rule-parts.ts";

const DAY = 86_400;
const MOST = DAY / 2;

const ways = {
  down: "the last grid point",
  nearest: "the nearer one, the earlier of two as near",
  "half-up": "the nearer one, the later of two as near",
  up: "the next one",
};
const spelled = Object.entries(ways)
  .map(([name, to]) => `${name} = to ${to}`)
  .join("; ");
/** What both lists of rules have in common. */
const common = {
  grace: durationSchema
    .default(0)
    .describe(
      "How far over a grid point is forgiven before rounding moves on: with up, so long after a point still counts as it; with down, so long before the next point counts as that one already. Less than the interval; not with nearest or half-up, which have their turning point in the middle.",
    ),
  wholeMinutes: z
    .boolean()
    .default(false)
    .describe("Drop seconds before this rule looks at the time, as clocks that show minutes do."),
  weekdays: weekdaysSchema
    .optional()
    .describe("Only on these days of the week, by the wall clock; none named = all."),
};

const around = (of: string): Record<"before" | "after", z.ZodDefault<typeof durationSchema>> => ({
  before: durationSchema.default(0).describe(`Up to this long before ${of}.`),
  after: durationSchema.default(0).describe(`Up to this long after ${of}.`),
});

export const punchRoundingSchema = z
  .strictObject({
    name: policyNameSchema,
    types: z
      .array(
        z.enum(["in", "out", "lunch-start", "lunch-end", "break-start", "break-end", "transfer"]),
      )
      .min(1)
      .max(7)
      .describe("The punches it rounds, by what they mean."),
    mode: z
      .enum(["none", "snap", "down", "nearest", "half-up", "up"])
      .default("nearest")
      .describe(
        `Which way. ${spelled}; snap = to the time named by \`nearTime\`, else the scheduled one; none = as punched, but for \`wholeMinutes\`, \`tolerance\` and \`strict\`.`,
      ),
    interval: durationSchema
      .default(15 * 60)
      .describe("Distance of the grid points. With anchor midnight it must divide a day."),
    ...common,
    anchor: z
      .enum(["midnight", "scheduled-start", "scheduled-end", "scheduled-time"])
      .default("midnight")
      .describe(
        "Where the grid begins. midnight = the times at which the wall clock shows a multiple of the interval, also on days when it is changed; otherwise multiples of the interval away from the start or end of the planned shift, or from the punch's own scheduled time; without one the rule does not apply.",
      ),
    tolerance: durationSchema
      .default(0)
      .describe(
        "A punch up to this far from its scheduled time, on either side, counts as on schedule, whatever the grid; 0 = none.",
      ),
    strict: z
      .boolean()
      .default(false)
      .describe(
        "Arriving before the start of the planned shift, or leaving after its end, earns nothing: the time counts as that start or end at most. Without a plan, no effect.",
      ),
    when: z
      .enum(["any", "early", "late"])
      .default("any")
      .describe(
        "Only punches before (early) or after (late) their scheduled time: that of the first in is the start of the planned shift, of the last out its end, of lunch and break punches that of the nearest planned one; other punches, and those of flexible shifts, have none.",
      ),
    near: z
      .strictObject(around("its scheduled time"))
      .optional()
      .describe("Only punches so near to their scheduled time"),
    nearTime: z
      .strictObject({
        time: timeOfDaySchema.describe("The time on the wall clock."),
        ...around("it"),
      })
      .optional()
      .describe("Only punches so near to a fixed time of day"),
    between: z
      .strictObject({
        from: timeOfDaySchema.describe("From this time on."),
        to: timeOfDaySchema.describe("Until before this time; not after `from` = on the next day."),
      })
      .optional()
      .describe(
        "Only in this part of the day, by the wall clock; a time that comes twice when the clock goes back is the first of the two",
      ),
    longerThan: durationSchema
      .default(0)
      .describe(
        "Only if the shift, from its first to its last punch as punched, is longer than this; 0 = always.",
      ),
  })
  .superRefine((rule, context) => {
    const refuse = refuser(context);
    checkGrid(rule, refuse);
    const isOnWall = !["none", "snap"].includes(rule.mode) && rule.anchor === "midnight";
    if (isOnWall && rule.interval > 0 && DAY % rule.interval !== 0)
      refuse("interval", "must divide 24 h, or the grid would not fit between two midnights");
    if (rule.interval > MOST) refuse("interval", "may not exceed 12 h");
    if (rule.mode === "snap" && rule.near === undefined && rule.nearTime === undefined)
      refuse("mode", "snap needs near or nearTime, or every punch would count at one time");
    if (rule.types.includes("transfer") && needsDue(rule))
      refuse("types", "a transfer has no scheduled time, which this rule looks at");
    checkWindows(rule, refuse);
  });
export type PunchRounding = z.output<typeof punchRoundingSchema>;

function checkWindows({ near, nearTime, between, when }: PunchRounding, refuse: Refuse): void {
  if (between !== undefined && between.from === between.to)
    refuse("between", "begins where it ends: leave it out to mean the whole day");
  if (when === "early" && near?.before === 0)
    refuse("near.before", "is 0 although only early punches are rounded: the rule never applies");
  if (when === "late" && near?.after === 0)
    refuse("near.after", "is 0 although only late punches are rounded: the rule never applies");
  if (nearTime !== undefined && nearTime.before + nearTime.after > MOST)
    refuse("nearTime", "may not be longer than 12 h");
}

/** Whether a rule says nothing of a punch that has no scheduled time of its own. */
export function needsDue({ when, near, anchor }: PunchRounding): boolean {
  return when !== "any" || near !== undefined || anchor === "scheduled-time";
}

export const totalRoundingSchema = z
  .strictObject({
    name: policyNameSchema,
    total: z
      .enum(["day", "lunch", "break"])
      .describe(
        "What it rounds: the paid time of a day, or its unpaid time at lunch or on breaks.",
      ),
    mode: z
      .enum(["none", "down", "nearest", "half-up", "up"])
      .default("nearest")
      .describe(
        `Which way. ${spelled}; none = as it is, but for \`wholeMinutes\`, \`tolerance\` and \`strict\`.`,
      ),
    interval: durationSchema.default(15 * 60).describe("Totals are rounded to multiples of it."),
    ...common,
    tolerance: durationSchema
      .default(0)
      .describe(
        "A total up to this far from the planned one, on either side, counts as planned; 0 = none.",
      ),
    strict: z
      .boolean()
      .default(false)
      .describe("The total of a day counts as the planned one at most. Without a plan, no effect."),
    when: z
      .enum(["any", "under", "over"])
      .default("any")
      .describe("Only totals under or over the planned one; without a plan, neither."),
    above: durationSchema.default(0).describe("Only totals longer than this."),
    upTo: durationSchema.optional().describe("Only totals not longer than this; none = any."),
  })
  .superRefine((rule, context) => {
    const refuse = refuser(context);
    checkGrid(rule, refuse);
    if (rule.interval > DAY) refuse("interval", "may not exceed 24 h");
    if (rule.upTo !== undefined && rule.upTo <= rule.above)
      refuse("upTo", `(${rule.upTo} s) must be more than above (${rule.above} s)`);
    if (rule.strict && rule.total !== "day")
      refuse("strict", `is for the total of a day: there is no such limit on a ${rule.total}`);
  });
export type TotalRounding = z.output<typeof totalRoundingSchema>;

/** How recorded times are rounded. The punch itself is never changed. */
export const roundingRulesSchema = z
  .strictObject({
    punches: z
      .array(punchRoundingSchema)
      .max(64)
      .default([])
      .superRefine(noTwins)
      .describe("Rounding of punches: the first rule that fits a punch is the one"),
    totals: z
      .array(totalRoundingSchema)
      .max(32)
      .default([])
      .superRefine(noTwins)
      .describe(
        "Rounding of totals, after punches: the first rule that fits lunch, then breaks, then the day",
      ),
  })
  .superRefine(({ punches, totals }, context) => {
    for (const [index, { name }] of totals.entries()) {
      if (!punches.some((rule) => rule.name === name)) continue;
      const message = `a rounding of punches is named "${name}" already`;
      context.addIssue({ code: "custom", path: ["totals", index, "name"], message });
    }
  })
  .describe("What times count as; the punch itself is never changed");
export type RoundingRules = z.output<typeof roundingRulesSchema>;

type Grid = Pick<PunchRounding, "mode" | "interval" | "grace">;
type Refuse = (path: string, why: string) => void;

const refuser =
  (context: z.core.$RefinementCtx): Refuse =>
  (path, why) =>
    context.addIssue({ code: "custom", path: path.split("."), message: `${path} ${why}` });

function checkGrid({ mode, interval, grace }: Grid, refuse: Refuse): void {
  if (mode === "none" || mode === "snap") {
    if (grace > 0) refuse("grace", `has no meaning with mode ${mode}`);
  } else if (interval === 0) refuse("interval", "may not be 0: use mode none to round nothing");
  else if (grace >= interval)
    refuse("grace", `(${grace} s) must be less than interval (${interval} s)`);
  else if (grace > 0 && (mode === "nearest" || mode === "half-up"))
    refuse("grace", `has no meaning with mode ${mode}, which turns in the middle of the interval`);
}
