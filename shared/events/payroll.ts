import { z } from "zod";
import { tokenSchema } from "../subjects.ts";
import { defineEvent, type EventOf } from "./envelope.ts";

const instant = z.int().min(0).describe("UTC milliseconds");
const on = z.iso.date();
const currency = z
  .string()
  .regex(/^[A-Z]{3}$/)
  .describe("ISO 4217");
const minor = z.int().describe("Minor units of the currency");
const runId = tokenSchema.describe("One run of one pay group for one period");
const periodId = tokenSchema.describe("Pay group and period, such as monthly-2026-11");

export const PAY_BASES = ["salaried", "hourly"] as const;

/** Where the money goes. */
export const bankAccountSchema = z.object({
  holder: z.string().min(1).max(140),
  iban: z.string().max(34).nullable().describe("For SEPA"),
  bic: z.string().max(11).nullable(),
  routing: z.string().max(9).nullable().describe("ABA routing number, for NACHA"),
  account: z.string().max(34).nullable(),
});
export type BankAccount = z.output<typeof bankAccountSchema>;

export const payAccountSchema = z.object({
  employeeId: tokenSchema,
  payGroup: tokenSchema,
  currency,
  basis: z.enum(PAY_BASES),
  rateMinor: minor
    .min(0)
    .nullable()
    .describe("Salaried: a month; hourly: an hour. Null = not known yet, which blocks a run"),
  taxTable: z.string().max(64).nullable().describe("Name of a tax table of the configuration"),
  taxId: z.string().max(64).nullable(),
  bank: bankAccountSchema.nullable(),
  /** Fixed components beside the base pay, by name of the configuration. */
  components: z
    .array(z.object({ name: z.string().max(64), amountMinor: minor.nullable() }))
    .max(64),
  fromOn: on.describe("Holds from this civil date; a later one replaces it from then on"),
});
export type PayAccount = z.output<typeof payAccountSchema>;
const personal = { rateMinor: null, taxId: null, bank: null, components: [] } as const;

export const payrollAccountCreated = defineEvent({
  type: "payroll.account.created",
  domain: "payroll",
  name: "PayrollAccountCreated",
  version: "1.0",
  data: payAccountSchema,
  personal,
});
export const payrollAccountChanged = defineEvent({
  type: "payroll.account.changed",
  domain: "payroll",
  name: "PayrollAccountChanged",
  version: "1.0",
  data: payAccountSchema,
  personal,
});

/** What somebody's open period comes to by now; told again when a decision changes it. */
export const payEstimated = defineEvent({
  type: "payroll.pay.estimated",
  domain: "payroll",
  name: "PayEstimated",
  version: "1.0",
  data: z.object({
    employeeId: tokenSchema,
    periodId,
    currency,
    grossMinor: minor,
    overtimeSeconds: z.int().min(0),
    because: z.string().max(300),
  }),
});

export const payRunOpened = defineEvent({
  type: "payroll.run.opened",
  domain: "payroll",
  name: "PayRunOpened",
  version: "1.0",
  data: z.object({
    runId,
    periodId,
    payGroup: tokenSchema,
    fromOn: on,
    toOn: on.describe("Last day, included"),
    payOn: on,
    currency,
    by: z.string().max(128),
    people: z
      .array(tokenSchema)
      .min(1)
      .max(1000)
      .nullable()
      .optional()
      .describe("An off-cycle run is for these alone; null = for the whole pay group"),
  }),
});
/** Somebody wants the run calculated, for the first time or again; it goes on in the background until it is done. */
export const payRunCalculationRequested = defineEvent({
  type: "payroll.run.calculation-requested",
  domain: "payroll",
  name: "PayRunCalculationRequested",
  version: "1.0",
  data: z.object({
    runId,
    periodId,
    calculation: z.int().min(1).describe("Counts the calculations of the run"),
    by: z.string().max(128),
    at: instant,
  }),
});

/** Where a line of a payslip comes from: a workday and its revision, an adjustment, an account. */
export const lineSourceSchema = z.object({
  kind: z.enum(["workday", "account", "adjustment", "table", "leave"]),
  id: z.string().max(160),
  revision: z.int().nullable(),
});
export const payLineSchema = z.object({
  code: z.string().max(32),
  label: z.string().max(120),
  kind: z.enum(["earning", "allowance", "deduction", "tax", "employer-cost", "adjustment"]),
  /** Seconds for time, otherwise null. */
  seconds: z.int().nullable(),
  rate: z.string().max(40).nullable().describe("Decimal, major units an hour or a share"),
  amountMinor: minor.describe(
    "What it adds to net pay, negative for deductions; employer cost adds nothing",
  ),
  sources: z.array(lineSourceSchema).max(400),
});
export type PayLine = z.output<typeof payLineSchema>;

/** What one workday gives to be paid: time under a code, before money. */
export const dayEntrySchema = z.object({
  code: z.string().max(32),
  kind: z.enum([
    "regular",
    "overtime",
    "premium",
    "occurrence",
    "paid-leave",
    "unpaid",
    "undertime",
  ]),
  seconds: z.int().min(0).describe("Of an occurrence: how many there were"),
  factor: z.string().max(24).describe("Decimal share of the hourly rate that each second earns"),
});
export type DayEntry = z.output<typeof dayEntrySchema>;
export const paidDaySchema = z.object({
  workdayOn: on,
  revision: z.int().min(1).describe("Of the workday it was read from"),
  entries: z.array(dayEntrySchema).max(200),
});
export type PaidDay = z.output<typeof paidDaySchema>;

export const salaryCalculated = defineEvent({
  type: "payroll.salary.calculated",
  domain: "payroll",
  name: "SalaryCalculated",
  version: "1.0",
  data: z.object({
    employeeId: tokenSchema,
    runId,
    periodId,
    currency,
    grossMinor: minor,
    netMinor: minor,
    employerCostMinor: minor,
    lines: z.array(payLineSchema).max(400),
    revision: z.int().min(1).describe("A higher one replaces a lower one while the run is open"),
    taxableMinor: minor.optional(),
    taxMinor: minor.optional(),
    days: z
      .array(paidDaySchema)
      .max(400)
      .optional()
      .describe("The days as they were paid: what a later change is measured against"),
  }),
});
export const taxDeducted = defineEvent({
  type: "payroll.tax.deducted",
  domain: "payroll",
  name: "TaxDeducted",
  version: "1.0",
  data: z.object({
    employeeId: tokenSchema,
    runId,
    periodId,
    currency,
    table: z.string().max(64),
    taxableMinor: minor,
    taxMinor: minor.describe("What was withheld"),
  }),
});
export const payslipGenerated = defineEvent({
  type: "payroll.payslip.generated",
  domain: "payroll",
  name: "PayslipGenerated",
  version: "1.0",
  data: z.object({
    employeeId: tokenSchema,
    runId,
    periodId,
    documentId: tokenSchema,
    sha256: z
      .string()
      .regex(/^[0-9a-f]{64}$/)
      .describe("Of the PDF"),
    bytes: z.int().min(1),
    netMinor: minor,
    currency,
  }),
});
/** Calculated and handed to whoever approves it. */
export const payRunSubmitted = defineEvent({
  type: "payroll.run.submitted",
  domain: "payroll",
  name: "PayRunSubmitted",
  version: "1.0",
  data: z.object({
    runId,
    periodId,
    people: z.int().min(0),
    grossMinor: minor,
    netMinor: minor,
    currency,
    by: z.string().max(128),
    overridden: z
      .array(z.string().max(64))
      .max(64)
      .describe("Kinds of blockers that were let pass"),
    overrides: z
      .array(
        z.object({
          kind: z.string().max(64),
          employeeIds: z.array(tokenSchema).max(20_000),
          reason: z.string().min(1).max(500),
        }),
      )
      .max(64)
      .optional()
      .describe("The same with whom it concerned and why it was let pass"),
  }),
});
export const payRunApproved = defineEvent({
  type: "payroll.run.approved",
  domain: "payroll",
  name: "PayRunApproved",
  version: "1.0",
  data: z.object({
    runId,
    periodId,
    by: z.string().max(128),
    at: instant,
    requestId: tokenSchema.optional().describe("The approval request that decided it"),
  }),
});
export const payRunRejected = defineEvent({
  type: "payroll.run.rejected",
  domain: "payroll",
  name: "PayRunRejected",
  version: "1.0",
  data: z.object({
    runId,
    periodId,
    by: z.string().max(128),
    reason: z.string().max(500),
    at: instant,
    requestId: tokenSchema.optional().describe("The approval request that decided it"),
  }),
});
/** One person's money is in the payment file. */
export const paymentProcessed = defineEvent({
  type: "payroll.payment.processed",
  domain: "payroll",
  name: "PaymentProcessed",
  version: "1.0",
  data: z.object({
    employeeId: tokenSchema,
    runId,
    periodId,
    amountMinor: minor,
    currency,
    reference: z.string().max(35).describe("End-to-end reference in the payment file"),
    documentId: tokenSchema.describe("The payment file"),
    payOn: on,
  }),
});
/** From now on what changes a day of the period becomes an adjustment in a later run. */
export const periodLocked = defineEvent({
  type: "payroll.period.locked",
  domain: "payroll",
  name: "PeriodLocked",
  version: "1.0",
  data: z.object({
    periodId,
    payGroup: tokenSchema,
    runId,
    fromOn: on,
    toOn: on,
    people: z.array(tokenSchema).max(20_000).describe("Whose days are locked"),
    at: instant,
  }),
});
/** A late fact changed a day of a locked period: the difference is paid in the next run. */
export const adjustmentRecorded = defineEvent({
  type: "payroll.adjustment.recorded",
  domain: "payroll",
  name: "AdjustmentRecorded",
  version: "1.0",
  data: z.object({
    employeeId: tokenSchema,
    adjustmentId: tokenSchema,
    lockedPeriodId: periodId,
    workdayOn: on,
    revision: z.int().min(1).describe("Of the workday now"),
    lines: z.array(payLineSchema).max(100),
    amountMinor: minor,
    currency,
    reason: z.string().max(300),
    entries: z
      .array(dayEntrySchema)
      .max(200)
      .optional()
      .describe(
        "The day as it is now: once this was paid, what later changes are measured against",
      ),
  }),
});

export type PayrollEvent =
  | EventOf<typeof payrollAccountCreated>
  | EventOf<typeof payrollAccountChanged>
  | EventOf<typeof payEstimated>
  | EventOf<typeof payRunOpened>
  | EventOf<typeof payRunCalculationRequested>
  | EventOf<typeof salaryCalculated>
  | EventOf<typeof taxDeducted>
  | EventOf<typeof payslipGenerated>
  | EventOf<typeof payRunSubmitted>
  | EventOf<typeof payRunApproved>
  | EventOf<typeof payRunRejected>
  | EventOf<typeof paymentProcessed>
  | EventOf<typeof periodLocked>
  | EventOf<typeof adjustmentRecorded>;
