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

/** More punches than this on one day are a fault at a reader; those beyond it are counted in an exception and not read. */
export const MAX_PUNCHES_A_DAY = 500;

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
  kind: z.enum([
    "missing-in",
    "missing-out",
    "missing-break-start",
    "missing-break-end",
    "repeat",
    "shift-too-long",
    "too-many-punches",
    "rule-fault",
  ]),
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
  punches: z.array(interpretedPunchSchema).max(MAX_PUNCHES_A_DAY),
  intervals: z.array(intervalSchema).max(MAX_PUNCHES_A_DAY),
  exceptions: z.array(workdayExceptionSchema).max(2 * MAX_PUNCHES_A_DAY),
});
export type Workday = z.output<typeof workdaySchema>;

/** A day without punches; as a later revision it withdraws what stood there. */
export function emptyWorkday(workdayOn: string, zone: string): Workday {
  return {
    workdayOn,
    zone,
    workedSeconds: 0,
    breakSeconds: 0,
    isOpen: false,
    punches: [],
    intervals: [],
    exceptions: [],
  };
}

/** Whether two computed days say the same, however their objects were made. */
export function isSameWorkday(a: Workday, b: Workday): boolean {
  return storyOf(a) === storyOf(b);
}

function storyOf(day: Workday): string {
  return JSON.stringify([
    [day.workdayOn, day.zone, day.workedSeconds, day.breakSeconds, day.isOpen],
    day.punches.map((p) => [p.punchId, p.at, p.meaning, p.reason]),
    day.intervals.map((i) => [i.kind, i.fromAt, i.toAt, i.punchIds, i.policy, i.reason]),
    day.exceptions.map((e) => [e.kind, e.premature, e.punchIds, e.detail]),
  ]);
}
