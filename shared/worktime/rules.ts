import { z } from "zod";
import { zoneSchema } from "./civil-time.ts";

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

const duration = (fallback: number): z.ZodDefault<z.ZodInt> =>
  z
    .int()
    .min(0)
    .max(72 * HOUR)
    .default(fallback);

/**
 * How punches become workdays. Every rule has a default, so `rulesSchema.parse({})` is a complete set; every length of
 * time is in milliseconds. A set that contradicts itself is refused with the path of the rule to change.
 */
export const rulesSchema = z
  .strictObject({
    zone: zoneSchema
      .default("UTC")
      .describe("Zone of punches that bring none of their own. Default UTC"),
    newShiftGapMs: duration(4 * HOUR).describe(
      "After an out or a break start, a punch later than this begins a new shift. Milliseconds, default 4 h",
    ),
    maxShiftMs: duration(16 * HOUR).describe(
      "A punch later than this after the first of its shift belongs to a new shift. Milliseconds, default 16 h",
    ),
    maxStretchMs: duration(14 * HOUR).describe(
      "While somebody is in: a punch that does not claim to be a way out and comes later than this begins a new shift, so that one forgotten punch does not turn every later day around. Milliseconds, default 14 h",
    ),
    repeatWindowMs: duration(60 * SECOND).describe(
      "A like punch sooner than this after the one that counts is a repeat. Milliseconds, default 60 s; 0 = no punch is",
    ),
    breakMinMs: duration(0).describe(
      "An absence inside a shift shorter than this is no break. Milliseconds, default 0",
    ),
    breakMaxMs: duration(90 * MINUTE).describe(
      "An absence inside a shift up to this is a break. Milliseconds, default 90 min; 0 = only what a reader calls one",
    ),
  })
  .superRefine((rules, context) => {
    const needs: ReadonlyArray<readonly [keyof typeof rules, keyof typeof rules]> = [
      ["newShiftGapMs", "maxShiftMs"],
      ["maxStretchMs", "maxShiftMs"],
      ["repeatWindowMs", "newShiftGapMs"],
      ["breakMinMs", "breakMaxMs"],
      ["breakMaxMs", "newShiftGapMs"],
    ];
    for (const [small, large] of needs) {
      if (rules[small] <= rules[large]) continue;
      context.addIssue({
        code: "custom",
        path: [small],
        message: `${small} (${rules[small]}) may not exceed ${large} (${rules[large]})`,
      });
    }
  });
export type Rules = z.output<typeof rulesSchema>;
