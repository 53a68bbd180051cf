import { dayEntrySchema, PAY_BASES } from "@clockleaf/shared/events/payroll.ts";
import { tokenSchema } from "@clockleaf/shared/subjects.ts";
import { z } from "@hono/zod-openapi";

const on = z.iso.date();
const money = z.string().describe("Decimal, major units of the currency");

const workdaySourceSchema = z.object({
  workdayOn: on,
  revision: z.int().nullable().describe("Of the day as it was paid"),
  revisionNow: z
    .int()
    .nullable()
    .describe("Of the day today; a higher one has become an adjustment, or will"),
  entries: z.array(dayEntrySchema).describe("What the day gave under the line's code"),
  explain: z.string().describe("Path that explains the day as it is now"),
  revisions: z.string().describe("Path of everything the day has ever said"),
});

const accountSourceSchema = z.object({
  version: z.int(),
  fromOn: on,
  payGroup: tokenSchema,
  basis: z.enum(PAY_BASES),
  rate: money.nullable().describe("Salaried: a month; hourly: an hour"),
  taxTable: z.string().nullable(),
  components: z.array(z.object({ name: z.string(), amount: money.nullable() })),
});

const tableSourceSchema = z.object({
  id: z.string().describe("As the payslip names it"),
  isConfigured: z.boolean().describe("False: the configuration has no such table any more"),
  basis: z.enum(["annualised", "period"]).nullable(),
  allowance: money.nullable().describe("Untaxed"),
  brackets: z.array(z.object({ upTo: money.nullable(), percent: z.string() })),
  taxable: money.describe("What it was applied to"),
  taxNow: money
    .nullable()
    .describe("What the table as configured today takes of that; another figure = it was changed"),
});

const adjustmentSourceSchema = z.object({
  adjustmentId: tokenSchema,
  workdayOn: on,
  revision: z.int().nullable(),
  lockedPeriodId: z.string().nullable(),
  reason: z.string().nullable(),
});

const leaveSourceSchema = z.object({ entryId: z.string(), minutes: z.int().nullable() });

export const payslipExplanationSchema = z
  .object({
    runId: tokenSchema,
    employeeId: tokenSchema,
    fromOn: on,
    toOn: on,
    payOn: on,
    currency: z.string(),
    revision: z.int().describe("Of the result"),
    gross: money,
    taxable: money,
    tax: money,
    net: money,
    employerCost: money,
    lines: z.array(
      z.object({
        code: z.string(),
        label: z.string(),
        kind: z.string(),
        seconds: z.int().nullable(),
        rate: z.string().nullable(),
        amount: money,
        workdays: z.array(workdaySourceSchema),
        accounts: z.array(accountSourceSchema),
        tables: z.array(tableSourceSchema),
        adjustments: z.array(adjustmentSourceSchema),
        leave: z.array(leaveSourceSchema),
      }),
    ),
  })
  .meta({ id: "PayslipExplanation" });
export type PayslipExplanation = z.output<typeof payslipExplanationSchema>;
export type ExplainedLine = PayslipExplanation["lines"][number];
