import { z } from "zod";
import { weekdaySchema } from "./civil-time.ts";
import type { Labels } from "./facts.ts";

// What rules of every kind are made of.

const MOST_SECONDS = 366 * 24 * 3600;
const PARTS = /^(?:(\d+(?:\.\d+)?)\s*h)?\s*(?:(\d+(?:\.\d+)?)\s*min)?\s*(?:(\d+)\s*s)?$/;

/** A length of time: whole seconds, or text such as `8h`, `30min`, `1h 30min`, `45s`. Comes out in seconds. */
export const durationSchema = z
  .union([z.int().min(0).max(MOST_SECONDS), z.string().max(32)])
  .transform((value, context) => {
    if (typeof value === "number") return value;
    const [all, hours = "0", minutes = "0", seconds = "0"] = PARTS.exec(value.trim()) ?? [];
    const total = Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
    if (all !== undefined && all !== "" && Number.isInteger(total) && total <= MOST_SECONDS)
      return total;
    context.addIssue(`"${value}" is no length of time: write seconds, or 8h, 30min, 1h 30min, 45s`);
    return z.NEVER;
  })
  .meta({ unit: "duration" });

/** A time on the wall clock, `HH:MM` or `HH:MM:SS`, up to `24:00`. Comes out in seconds after midnight. */
export const timeOfDaySchema = z
  .string()
  .regex(
    /^(?:(?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d)?|24:00(?::00)?)$/,
    "write a time of day as HH:MM, such as 06:30",
  )
  .transform((text) => {
    const [hours = 0, minutes = 0, seconds = 0] = text.split(":").map(Number);
    return hours * 3600 + minutes * 60 + seconds;
  })
  .meta({ unit: "time of day" });

/** Name of a policy: what reasons, totals and exceptions call it. Rules of one kind are told apart by it. */
export const policyNameSchema = z
  .string()
  .trim()
  .min(1)
  .max(64)
  .meta({ unit: "name", description: "What reasons, totals and exceptions call it" });

/** Pay code that payroll maps: letters, digits, dash. */
export const codeSchema = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,31}$/)
  .meta({ unit: "pay code", description: "Pay code that payroll maps" });

/** Multiplier of the base rate, such as 1.5. The engine orders by it and carries it; money is payroll's. */
export const rateSchema = z
  .number()
  .min(0)
  .max(10)
  .meta({ unit: "rate", description: "Multiplier of the base rate" });

const someLabels = (of: string): z.ZodOptional<z.ZodArray<z.ZodString>> =>
  z.array(z.string().min(1).max(64)).min(1).max(200).optional().describe(`Only in these ${of}`);

/** Where time must be booked for a rule to see it: every kind of label named must match one of its values; none named = all. */
export const whereSchema = z
  .strictObject({
    branch: someLabels("branches"),
    department: someLabels("departments"),
    job: someLabels("jobs"),
    task: someLabels("tasks"),
  })
  .describe("Only time booked here; nothing named = everywhere");
export type Where = z.output<typeof whereSchema>;

const fits = (wanted: readonly string[] | undefined, value: string | undefined): boolean =>
  wanted === undefined || (value !== undefined && wanted.includes(value));

/** Whether labels satisfy a `where`. */
export function isWhere(where: Where, labels: Labels): boolean {
  return (
    fits(where.branch, labels.branch) &&
    fits(where.department, labels.department) &&
    fits(where.job, labels.job) &&
    fits(where.task, labels.task)
  );
}

export const weekdaysSchema = z
  .array(weekdaySchema)
  .min(1)
  .max(7)
  .meta({ unit: "weekdays", description: "Days of the week" });

/** Refuses two rules of one list under one name. */
export function noTwins(
  rules: readonly { readonly name: string }[],
  context: z.core.$RefinementCtx,
): void {
  for (const [index, { name }] of rules.entries()) {
    if (rules.findIndex((rule) => rule.name === name) === index) continue;
    context.addIssue({
      code: "custom",
      path: [index, "name"],
      message: `a second rule is named "${name}"`,
      input: name,
    });
  }
}
