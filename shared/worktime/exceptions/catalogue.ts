import { z } from "zod";

export const severitySchema = z.enum(["info", "warning", "error", "blocking"]);
export type Severity = z.output<typeof severitySchema>;

/** Who is told of an exception. */
export const notifySchema = z.enum(["employee", "supervisor"]);
export type Notify = z.output<typeof notifySchema>;

export type Family =
  | "missing punch"
  | "schedule"
  | "limit"
  | "lunch and break"
  | "punch"
  | "booking"
  | "decision"
  | "machinery";

/** What a kind of exception is, before any rule changes it. */
export interface ExceptionEntry {
  readonly family: Family;
  /** For people: when it is raised. */
  readonly meaning: string;
  readonly defaultSeverity: Severity;
  readonly enabledByDefault: boolean;
  /** Whether it says by how much, so that a grace and a tolerance make sense. */
  readonly hasGrace: boolean;
  /** Whether it looks only so far from what was planned. */
  readonly hasWindow: boolean;
  /** Seconds that do not count at all. */
  readonly defaultGrace: number;
  /** Seconds that count and are not worth a word. */
  readonly defaultTolerance: number;
}

interface Options {
  readonly isOn?: boolean;
  readonly severity?: Severity;
  /** Given = the exception measures a length, and this much of it is not reported. */
  readonly tolerance?: number;
  readonly hasWindow?: boolean;
}

function entry(family: Family, meaning: string, options: Options = {}): ExceptionEntry {
  const { isOn = true, severity = "warning", tolerance, hasWindow = false } = options;
  return {
    family,
    meaning,
    defaultSeverity: severity,
    enabledByDefault: isOn,
    hasGrace: tolerance !== undefined,
    hasWindow,
    defaultGrace: 0,
    defaultTolerance: tolerance ?? 0,
  };
}

const MINUTE = 60;
const nearPlan = { tolerance: 5 * MINUTE, hasWindow: true };
const grave = { severity: "error" } as const;
const exact = { tolerance: 0 };

/**
 * What can be wrong with a day. The letters in the comments are TimeTrex's families, the checklist this was made from;
 * what has none is ours.
 */
export const EXCEPTIONS = {
  // M1-M4; a time is never invented
  "missing-in": entry("missing punch", "A way out, or a break, without a way in before it", {
    severity: "blocking",
  }),
  "missing-out": entry("missing punch", "In, and not out again", { severity: "blocking" }),
  "missing-lunch-start": entry("missing punch", "Back from a lunch that was never begun", grave),
  "missing-lunch-end": entry("missing punch", "A lunch that did not end", grave),
  "missing-break-start": entry("missing punch", "Back from a break that was never begun", grave),
  "missing-break-end": entry("missing punch", "A break that did not end", grave),
  "assumed-out": entry("missing punch", "A rule assumed the way out; a late punch takes its place"),

  // S1-S9, SB, SC
  absent: entry("schedule", "Planned and not there, and everything of the day is known", grave),
  "not-yet-in": entry("schedule", "Should be in by now and is not, as far as the site has told", {
    tolerance: 5 * MINUTE,
  }),
  unscheduled: entry("schedule", "There without a plan", { isOn: false }),
  "in-early": entry("schedule", "In before the plan begins", {
    tolerance: 15 * MINUTE,
    hasWindow: true,
    severity: "info",
  }),
  "in-late": entry("schedule", "In after the plan began", nearPlan),
  "out-early": entry("schedule", "Out before the plan ends", nearPlan),
  "out-late": entry("schedule", "Out after the plan ended", {
    tolerance: 15 * MINUTE,
    hasWindow: true,
    severity: "info",
  }),
  "core-time-missed": entry("schedule", "Not there in all of the core time of a flexible plan", {
    tolerance: 5 * MINUTE,
  }),
  "over-schedule": entry("schedule", "More paid time on the day than planned", {
    tolerance: 15 * MINUTE,
    severity: "info",
  }),
  "under-schedule": entry("schedule", "Less paid time and leave on the day than planned", {
    tolerance: 15 * MINUTE,
  }),
  // off, because they make each day of a week depend on the others
  "over-schedule-week": entry("schedule", "More paid time in the week than planned", {
    tolerance: 30 * MINUTE,
    severity: "info",
    isOn: false,
  }),
  "under-schedule-week": entry("schedule", "Less paid time and leave in the week than planned", {
    tolerance: 30 * MINUTE,
    isOn: false,
  }),
  "other-place": entry("schedule", "Worked at another site, branch or department than planned"),
  "other-job": entry("schedule", "Worked on another job or task than planned"),

  // O1, O2
  "over-daily-limit": entry("limit", "More on the day than the limit", exact),
  "over-weekly-limit": entry("limit", "More in the week than the limit", exact),
  "average-week-limit": entry("limit", "More a week on average than the limit", exact),
  "night-work-limit": entry("limit", "A night worker with longer hours than the limit", exact),
  "rest-too-short": entry("limit", "Too little rest since the workday before", exact),
  "weekly-rest-too-short": entry("limit", "No rest long enough in the week", exact),
  "consecutive-days-limit": entry("limit", "More days worked in a row than the limit"),
  "shift-too-long": entry("limit", "A way out that came later than a shift may last", grave),

  // L1-L4, B1-B5; the rules of lunches and breaks find them
  "lunch-long": entry("lunch and break", "A lunch longer than allowed", exact),
  "lunch-short": entry("lunch and break", "A lunch shorter than required", exact),
  "lunch-missed": entry("lunch and break", "A lunch that was due and not taken"),
  "lunch-late": entry("lunch and break", "A lunch begun later than it was due", exact),
  "lunch-too-many": entry("lunch and break", "More lunches than allowed"),
  "lunch-too-few": entry("lunch and break", "Fewer lunches than required"),
  "break-long": entry("lunch and break", "A break longer than allowed", exact),
  "break-short": entry("lunch and break", "A break shorter than required", exact),
  "break-missed": entry("lunch and break", "A break that was due and not taken"),
  "break-late": entry("lunch and break", "A break begun later than it was due", exact),
  "break-too-many": entry("lunch and break", "More breaks than allowed"),
  "break-too-few": entry("lunch and break", "Fewer breaks than required"),

  // C1, G1, and what a punch says of itself
  repeat: entry("punch", "A like punch too soon after one that counts", { severity: "info" }),
  "too-many-punches": entry("punch", "More punches on a day than anybody makes", grave),
  "clock-skew": entry("punch", "The reader's clock was wrong"),
  "impossible-time": entry("punch", "Held back because its time could not be true, and let go"),
  "unknown-badge": entry("punch", "Held back because nobody had the badge, and claimed later", {
    severity: "info",
  }),
  "unknown-direction": entry("punch", "The reader could not say in or out", { severity: "info" }),
  "outside-geofence": entry("punch", "Punched outside the place allowed"),
  "biometric-override": entry("punch", "Let in without a biometric match"),
  "check-in-due": entry("punch", "No sign of life for longer than allowed while in", exact),

  // D1-D3, J1-J4
  "no-assignment": entry("booking", "Worked without a branch or department"),
  "place-not-allowed": entry("booking", "Worked in a branch or department not allowed"),
  "job-not-allowed": entry("booking", "Worked on a job or task not allowed"),
  "job-complete": entry("booking", "Worked on a job or task after its last day"),
  "job-missing": entry("booking", "Worked without a job or task"),

  // V1, and other decisions of people
  "overtime-unapproved": entry("decision", "Overtime that waits for approval"),
  "approval-lapsed": entry("decision", "Overtime changed after it was approved"),
  "not-verified": entry("decision", "The timesheet was not verified in time"),
  "verification-lapsed": entry(
    "decision",
    "Something was decided after the timesheet was verified",
  ),
  "absence-conflict": entry("decision", "Leave that contradicts the day or another leave"),
  "roster-invalid": entry("decision", "A planned shift that cannot be", grave),
  "correction-unknown-punch": entry("decision", "A correction of a punch nobody knows", grave),
  "correction-conflict": entry("decision", "Corrections that contradict each other"),
  "correction-reorders": entry("decision", "A correction that moves a punch past another"),
  "correction-impossible": entry("decision", "A correction that cannot be true", grave),

  "site-offline": entry("machinery", "A site holds the day back: it tells nothing, others do", {
    tolerance: 4 * 60 * MINUTE,
    severity: "info",
  }),
  "rule-fault": entry("machinery", "A part of the day could not be computed", {
    severity: "blocking",
  }),
} as const satisfies Record<string, ExceptionEntry>;

export type ExceptionKind = keyof typeof EXCEPTIONS;

const isKind = (key: string): key is ExceptionKind => Object.hasOwn(EXCEPTIONS, key);

/** README.md has the table with family, meaning, severity and tolerance of each. */
export const exceptionKindSchema = z.enum(Object.keys(EXCEPTIONS).filter(isKind));
