import { z } from "zod";
import { isSameValue } from "./alike.ts";
import { exceptionKindSchema, notifySchema, severitySchema } from "./exceptions/catalogue.ts";
import { labelsSchema } from "./facts.ts";

/** May lie before 1970: the plan of 1 January 1970 begins then, east of Greenwich. */
const instant = z.int().describe("UTC milliseconds");
const punchIds = z.array(z.string().max(160)).max(64);
const policy = z.string().max(64).describe("The rule that made it");
const reason = z.string().max(300).describe("Why, for people");
const seconds = z.int().min(0);

/**
 * What a punch means once the whole shift is known. `transfer` = still in, booked elsewhere from here on; `between` = made
 * between the first and the last punch where only those two count; `repeat` = a like punch shortly after. The last two
 * are kept and count for nothing.
 */
export const meaningSchema = z.enum([
  "in",
  "out",
  "lunch-start",
  "lunch-end",
  "break-start",
  "break-end",
  "transfer",
  "between",
  "repeat",
]);
export type Meaning = z.output<typeof meaningSchema>;

export const interpretedPunchSchema = z.object({
  punchId: z.string().max(160),
  at: instant.describe("As punched or corrected, UTC milliseconds"),
  countsAt: instant.optional().describe("Where rounding put it, UTC milliseconds; absent = `at`"),
  roundedBy: policy.optional().describe("The rounding rule that decided `countsAt`, moved or not"),
  rounding: reason.optional().describe("What that rule did, for people"),
  local: z.string().max(32).optional().describe("`at` on the site's wall clock, with its offset"),
  meaning: meaningSchema,
  reason,
  correctionIds: z.array(z.string().max(160)).max(16).optional(),
});
export type InterpretedPunch = z.output<typeof interpretedPunchSchema>;

/** More punches than this on one day are a fault at a reader; those beyond it are counted in an exception and not read. */
export const MAX_PUNCHES_A_DAY = 500;
export const MAX_STRETCHES_A_DAY = 2000;

/**
 * A stretch of a workday. Intervals of one day never overlap. `deduction` = present, but taken off by a meal or break
 * rule or by rounding of a total.
 */
export const intervalSchema = z.object({
  kind: z.enum(["work", "lunch", "break", "deduction"]),
  fromAt: instant,
  toAt: instant,
  seconds,
  isPaid: z.boolean().default(true),
  labels: labelsSchema.optional(),
  /** The punches it runs between. */
  punchIds,
  policy,
  reason,
});
export type Interval = z.output<typeof intervalSchema>;

/**
 * What paid time counts as. These tile the paid intervals of the day exactly: every second of them stands in one claim.
 * `credit` time (rounding up, paid absence) has no stretch of its own: `fromAt` equals `toAt`.
 */
export const claimSchema = z.object({
  class: z.enum(["regular", "overtime"]),
  code: z.string().max(32).describe("Pay code"),
  rate: z.number().min(0).describe("Multiplier of the base rate"),
  fromAt: instant,
  toAt: instant,
  seconds,
  approval: z.enum(["not-needed", "pending", "approved", "rejected", "lapsed"]),
  labels: labelsSchema.optional(),
  punchIds,
  policy,
  reason,
});
export type Claim = z.output<typeof claimSchema>;

/** Added to time worked without changing how much was worked: a share of the rate for a stretch, or seconds on top. */
export const premiumSchema = z.object({
  kind: z.string().max(32).describe("Kind of premium rule"),
  code: z.string().max(32),
  /** What of the base rate is added for each second, such as 0.25; null = an amount per occurrence, which payroll knows. */
  factor: z.number().min(0).nullable(),
  fromAt: instant,
  toAt: instant,
  seconds,
  labels: labelsSchema.optional(),
  punchIds,
  policy,
  reason,
});
export type Premium = z.output<typeof premiumSchema>;

/** Time that was not worked: paid or unpaid leave, a holiday, what is missing to the hours due. */
export const creditSchema = z.object({
  kind: z.enum(["absence", "holiday", "undertime"]),
  code: z.string().max(32),
  seconds,
  isPaid: z.boolean(),
  contributes: z.boolean().optional().describe("Whether it raises the count of overtime policies"),
  /** Absence ids. */
  factIds: z.array(z.string().max(160)).max(64),
  policy,
  reason,
});
export type Credit = z.output<typeof creditSchema>;

/** A total of the day that a rounding rule decided, moved or not. */
export const roundedTotalSchema = z.object({
  total: z.enum(["day", "lunch", "break"]),
  policy,
  seconds: seconds.describe("Before"),
  countsAs: seconds,
});
export type RoundedTotal = z.output<typeof roundedTotalSchema>;

/** A planned shift of the day. */
export const plannedSchema = z.object({
  name: z.string().max(160),
  fromAt: instant,
  toAt: instant,
  seconds: seconds.describe("Working time due"),
});

/** Something a person must look at. Never an invented time. */
export const workdayExceptionSchema = z.object({
  kind: exceptionKindSchema,
  severity: severitySchema.default("warning"),
  /** True while the shift may still be open and the exception may go away by itself. */
  premature: z.boolean(),
  punchIds,
  /** Corrections, rosters, absences or approvals concerned. */
  factIds: z.array(z.string().max(160)).max(64).optional(),
  /** By how much, where that can be said. */
  seconds: seconds.optional(),
  /** Who is to be told; absent = nobody. */
  notify: z.array(notifySchema).max(2).optional(),
  detail: z.string().max(300),
});
export type WorkdayException = z.output<typeof workdayExceptionSchema>;

/**
 * `open`: somebody is in, or the plan may still be worked; `provisional`: it looks finished, but the site may hold punches
 * that have not arrived, or a check-out is assumed; `complete`: every site concerned has told all of that day.
 */
export const dayStateSchema = z.enum(["open", "provisional", "complete"]);
export type DayState = z.output<typeof dayStateSchema>;

/** One computed day of one person. Elapsed time is measured between instants, so a DST night is as long as it was. */
export const workdaySchema = z.object({
  workdayOn: z.iso.date(),
  zone: z.string().max(64),
  state: dayStateSchema.default("provisional"),
  /** In, and not out again. */
  isOpen: z.boolean(),
  openUntil: instant
    .nullable()
    .default(null)
    .describe("While it is open: no punch after this instant can close it, UTC milliseconds"),
  workedSeconds: seconds.describe("Work, without breaks and deductions"),
  breakSeconds: seconds.describe("Lunches and breaks, paid or not"),
  paidSeconds: seconds
    .optional()
    .describe("The claims' sum: work, paid breaks, rounding of totals"),
  scheduledSeconds: seconds.optional(),
  holiday: z.string().max(120).nullable().default(null),
  /** The policy groups in force on the day. */
  groups: z.array(z.string().max(64)).max(64).default([]),
  planned: z.array(plannedSchema).max(16).default([]),
  punches: z.array(interpretedPunchSchema).max(MAX_PUNCHES_A_DAY),
  intervals: z.array(intervalSchema).max(MAX_STRETCHES_A_DAY),
  claims: z.array(claimSchema).max(MAX_STRETCHES_A_DAY).default([]),
  premiums: z.array(premiumSchema).max(MAX_STRETCHES_A_DAY).default([]),
  credits: z.array(creditSchema).max(64).default([]),
  roundedTotals: z.array(roundedTotalSchema).max(3).optional(),
  exceptions: z.array(workdayExceptionSchema).max(2 * MAX_PUNCHES_A_DAY),
});
export type Workday = z.output<typeof workdaySchema>;

/** A day on which nothing is; as a later revision it withdraws what stood there. */
export function emptyWorkday(workdayOn: string, zone: string): Workday {
  return {
    workdayOn,
    zone,
    state: "provisional",
    isOpen: false,
    openUntil: null,
    workedSeconds: 0,
    breakSeconds: 0,
    paidSeconds: 0,
    scheduledSeconds: 0,
    holiday: null,
    groups: [],
    planned: [],
    punches: [],
    intervals: [],
    claims: [],
    premiums: [],
    credits: [],
    exceptions: [],
  };
}

/** Whether nothing is on a day: no punch, no credit, nothing to look at. Such a day is left out. */
export function isEmptyWorkday({ punches, credits, exceptions }: Workday): boolean {
  return punches.length === 0 && credits.length === 0 && exceptions.length === 0;
}

/** Whether two computed days say the same, however their objects were made. */
export function isSameWorkday(a: Workday, b: Workday): boolean {
  return isSameValue(a, b);
}
