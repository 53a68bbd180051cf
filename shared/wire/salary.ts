import { z } from "zod";
import { payLineSchema } from "../events/payroll.ts";
import { tokenSchema } from "../subjects.ts";

/** What somebody earns in a period, asked on `salaryRequestSubject`: JSON, as for RabbitMQ. */
export const salaryRequestSchema = z.strictObject({
  employeeId: tokenSchema,
  period: z
    .string()
    .min(1)
    .max(80)
    .describe(
      "`2026-11`, `2026-11-2`, `2026-11-23`, as the pay group's calendar has it, or with its name: `monthly-2026-11`",
    ),
  payGroup: z
    .string()
    .min(1)
    .max(64)
    .optional()
    .describe("Left out: the one the person belongs to at the end of the period"),
});
export type SalaryRequest = z.output<typeof salaryRequestSchema>;

const minor = z.int().describe("Minor units of the currency");

/** The answer. What it says besides may grow. */
export const salarySchema = z.object({
  employeeId: tokenSchema,
  period: z.object({
    periodId: z.string(),
    payGroup: z.string(),
    fromOn: z.iso.date(),
    toOn: z.iso.date(),
    payOn: z.iso.date(),
  }),
  currency: z.string().describe("ISO 4217"),
  lines: z.array(payLineSchema),
  grossMinor: minor,
  taxableMinor: minor,
  taxMinor: minor.describe("What was withheld, not negative"),
  table: z.string().nullable().describe("Name of the tax table; null = none"),
  netMinor: minor,
  employerCostMinor: minor,
  blockers: z
    .array(
      z.object({
        kind: z.string(),
        employeeId: tokenSchema,
        workdayOn: z.iso.date().nullable(),
        detail: z.string(),
      }),
    )
    .describe("What would hold up a pay run"),
});

/** The answer to a request that has none: RFC 9457, as the HTTP API has it. */
export const salaryProblemSchema = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  code: z.string().describe("Stable: what programs act on"),
  detail: z.string(),
});
