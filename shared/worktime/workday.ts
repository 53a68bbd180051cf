import { z } from "zod";

const instant = z.int().min(0).describe("UTC milliseconds");

/** What a punch means once the whole shift is known. `repeat` = a like punch shortly after; it is kept and counts for nothing. */
export const meaningSchema = z.enum(["in", "out", "break-start", "break-end", "repeat"]);
export type Meaning = z.output<typeof meaningSchema>;

export const interpretedPunchSchema = z.object({
  punchId: z.string().max(160),
  at: instant,
  meaning: meaningSchema,
  reason: z.string().max(300).describe("Why it was read so, for people"),
});
export type InterpretedPunch = z.output<typeof interpretedPunchSchema>;

/** A stretch of a workday. Intervals of one day never overlap. */
export const intervalSchema = z.object({
  kind: z.enum(["work", "break"]),
  fromAt: instant,
  toAt: instant,
  seconds: z.int().min(0),
  /** The two punches it runs between. */
  punchIds: z.array(z.string().max(160)).min(1).max(8),
  policy: z.string().max(64).describe("The rule that made it"),
  reason: z.string().max(300),
});
export type Interval = z.output<typeof intervalSchema>;

/** Something a person must look at. Never an invented time. */
export const workdayExceptionSchema = z.object({
  kind: z.enum(["missing-in", "missing-out", "repeat", "shift-too-long", "rule-fault"]),
  /** True while the shift may still be open and the exception may go away by itself. */
  premature: z.boolean(),
  punchIds: z.array(z.string().max(160)).max(64),
  detail: z.string().max(300),
});
export type WorkdayException = z.output<typeof workdayExceptionSchema>;

/** One computed day of one person. Elapsed time is measured between instants, so a DST night is as long as it was. */
export const workdaySchema = z.object({
  workdayOn: z.iso.date(),
  zone: z.string().max(64),
  workedSeconds: z.int().min(0),
  breakSeconds: z.int().min(0),
  /** In, and not out again. */
  isOpen: z.boolean(),
  punches: z.array(interpretedPunchSchema).max(500),
  intervals: z.array(intervalSchema).max(500),
  exceptions: z.array(workdayExceptionSchema).max(500),
});
export type Workday = z.output<typeof workdaySchema>;
