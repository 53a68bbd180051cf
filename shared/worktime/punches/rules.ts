import { z } from "zod";
import { tokenSchema } from "../../subjects.ts";
import { durationSchema, timeOfDaySchema } from "../rule-parts.ts";

const toleranceSchema = durationSchema
  .default(0)
  .describe("How long after that instant a punch is waited for before the check-out is assumed");

const assumedOutSchema = z
  .discriminatedUnion("by", [
    z.strictObject({ by: z.literal("none") }).describe("Nobody is checked out"),
    z
      .strictObject({ by: z.literal("planned-end"), tolerance: toleranceSchema })
      .describe("At the end of the planned shift"),
    z
      .strictObject({
        by: z.literal("expected-hours"),
        hours: durationSchema
          .optional()
          .describe("Working time of a shift after which it ends; absent = that of its plan"),
        tolerance: toleranceSchema,
      })
      .describe("When the hours due are worked"),
  ])
  .prefault({ by: "none" })
  .describe(
    "When somebody who is in is taken to have gone: flagged, only once the site's watermark has passed, and withdrawn by a late punch. A provisional check-out never goes past the next punch or the longest shift",
  );

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
    .describe(
      "After an out, a lunch or a break start, a punch later than this begins a new shift; not after a lunch or break while the planned shift goes on",
    ),
  maxShift: durationSchema
    .default(16 * 3600)
    .describe(
      "A punch later than this after the first of its shift belongs to a new shift and closes nothing. At most 72h",
    ),
  maxStretch: durationSchema
    .default(14 * 3600)
    .describe(
      "While somebody is in: a punch that does not claim to be a way out and comes later than this begins a new shift, so that one forgotten punch does not turn every later day around",
    ),
  startsByPlan: z
    .boolean()
    .default(true)
    .describe(
      "Whether a way in during the start window of another planned shift begins a new shift even without a gap, as on a relief hand-over",
    ),
  overstay: durationSchema
    .default(30 * 60)
    .describe(
      "With startsByPlan: up to this after the planned end, the punch of somebody who is in is the way out of the old shift unless it claims to be a way in",
    ),
  splitShifts: z
    .enum(["apart", "join"])
    .default("apart")
    .describe(
      "Shifts planned for one day: each a shift of its own, or all one shift however long the pauses between them (maxShift still holds)",
    ),
  assumedOut: assumedOutSchema,
});
export type ShiftRules = z.output<typeof shiftRulesSchema>;

const restSchema = z.discriminatedUnion("by", [
  z
    .strictObject({ by: z.literal("claim") })
    .describe("Only what a key, a reader, a plan or a correction calls one"),
  z
    .strictObject({
      by: z.literal("length").optional().default("length"), // what is meant if nothing is said
      min: durationSchema.default(0).describe("A shorter absence is none"),
      max: durationSchema
        .default(90 * 60)
        .describe("An absence up to this inside a shift is one; 0 = none is"),
    })
    .refine(({ min, max }) => min <= max, { path: ["min"], error: "min may not exceed max" })
    .describe("In hindsight, by how long somebody was away between an out and the way back"),
  z
    .strictObject({
      by: z.literal("shift-window"),
      from: durationSchema.describe("Begin of the window after the first punch of the shift"),
      to: durationSchema.describe("End of the window, included"),
    })
    .refine(({ from, to }) => from < to, { path: ["from"], error: "from must lie before to" })
    .describe("An out this long after the first punch of the shift; the next way in ends it"),
  z
    .strictObject({
      by: z.literal("day-window"),
      from: timeOfDaySchema.describe("Begin of the window on the wall clock"),
      to: timeOfDaySchema.describe("End of the window, included; before `from` = over midnight"),
    })
    .refine(({ from, to }) => from !== to, { path: ["from"], error: "the window is empty" })
    .describe("An out at these hours of the day; the next way in ends it"),
]);
export type RestRule = z.output<typeof restSchema>;

const readersSchema = z
  .array(
    z
      .strictObject({
        site: tokenSchema.optional().describe("Absent = at every site"),
        reader: tokenSchema.optional().describe("Absent = every reader of the site"),
        means: z
          .enum(["in", "out", "lunch", "break"])
          .describe(
            "An entrance, an exit, or where one goes to lunch or on a break and comes back from it",
          ),
      })
      .refine(({ site, reader }) => site !== undefined || reader !== undefined, {
        error: "name a site, a reader, or both",
      }),
  )
  .max(500)
  .default([])
  .superRefine((readers, context) => {
    const seen = new Set<string>();
    for (const [index, { site = "", reader = "" }] of readers.entries()) {
      const key = `${site}/${reader}`;
      if (seen.has(key)) {
        const message = `a second rule is for reader "${reader}" at site "${site}"`;
        context.addIssue({ code: "custom", path: [index], message, input: key });
      }
      seen.add(key);
    }
  })
  .describe("What readers are for. The entry that names most of a punch's place holds");

const doubleSchema = (
  which: "in" | "out",
): z.ZodDefault<z.ZodEnum<{ both: "both"; first: "first"; last: "last" }>> =>
  z
    .enum(["both", "first", "last"])
    .default("both")
    .describe(
      `Which of two ${which}s in a row counts. With both, the punch between them is missing; otherwise the other one is a repeat. A corrected punch always counts`,
    );

/** What a punch means. */
export const punchRulesSchema = z.strictObject({
  detect: z
    .array(z.enum(["reader", "key", "schedule"]))
    .max(3)
    .default(["reader", "key"])
    .refine((ways) => new Set(ways).size === ways.length, "each way is named once at most")
    .describe(
      "Who is asked what a punch means, the first first: what the reader is for (`readers`), the key pressed, the nearest event of the plan. Where none has an answer, arrivals and departures take turns; an empty list = always. Corrections go before all of them, and a transfer is always one while somebody is in",
    ),
  keys: z
    .enum(["believed", "hint"])
    .default("believed")
    .describe(
      "A key that contradicts what went before: it is believed and the missing punch becomes an exception, or it is left aside and the next way of `detect` decides",
    ),
  readers: readersSchema,
  nearPlan: durationSchema
    .default(3600)
    .describe(
      "With schedule: how far from a planned start, end, lunch or break a punch may be to be taken for it",
    ),
  pairing: z
    .enum(["every-pair", "first-last"])
    .default("every-pair")
    .describe(
      "Every way in and the way out after it count, or only the first and the last punch of a shift; those between count for nothing, save transfers and corrected ones",
    ),
  doubleIn: doubleSchema("in"),
  doubleOut: doubleSchema("out"),
  repeatWindow: durationSchema
    .default(60)
    .describe(
      "A like punch sooner than this after the one that counts is a repeat; 0 = none is. At most 12h",
    ),
  repeatReader: z
    .enum(["any", "same"])
    .default("any")
    .describe("Whether a repeat may be made at any reader or only at the same one"),
  lunches: restSchema
    .prefault({ by: "claim" })
    .describe("Which absences inside a shift are lunches; lunches go before breaks"),
  breaks: restSchema.prefault({}).describe("Which absences inside a shift are breaks"),
});
export type PunchRules = z.output<typeof punchRulesSchema>;

// How far a day sees (SHIFT_REACH of sheet.ts) rests on these.
const LONGEST_SHIFT = 3 * 24 * 3600;
const LONGEST_REPEAT = 12 * 3600;

/** What may not be longer than what: the path of the rule, its seconds, the most they may be, the rule that says so. */
export function punchLimits(rules: {
  readonly shifts: ShiftRules;
  readonly punches: PunchRules;
}): ReadonlyArray<readonly [path: string, small: number, large: number, than: string]> {
  const { newShiftGap, maxShift, maxStretch, assumedOut } = rules.shifts;
  const { repeatWindow, lunches, breaks } = rules.punches;
  const gap = [newShiftGap, "shifts.newShiftGap"] as const;
  const most = [maxShift, "shifts.maxShift"] as const;
  const hours = assumedOut.by === "expected-hours" ? (assumedOut.hours ?? 0) : 0;
  return [
    ["shifts.maxShift", maxShift, LONGEST_SHIFT, "three days"],
    ["shifts.newShiftGap", newShiftGap, ...most],
    ["shifts.maxStretch", maxStretch, ...most],
    ["shifts.assumedOut.hours", hours, ...most],
    ["punches.repeatWindow", repeatWindow, ...gap],
    ["punches.repeatWindow", repeatWindow, LONGEST_REPEAT, "half a day"],
    ["punches.lunches.max", lunches.by === "length" ? lunches.max : 0, ...gap],
    ["punches.breaks.max", breaks.by === "length" ? breaks.max : 0, ...gap],
    ["punches.lunches.to", lunches.by === "shift-window" ? lunches.to : 0, ...most],
    ["punches.breaks.to", breaks.by === "shift-window" ? breaks.to : 0, ...most],
  ];
}
