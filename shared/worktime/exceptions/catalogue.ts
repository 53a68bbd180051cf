import { z } from "zod";

export const severitySchema = z.enum(["info", "warning", "error", "blocking"]);
export type Severity = z.output<typeof severitySchema>;

/** What can be wrong with a day, by family. README.md has the table with meaning, default severity and grace of each. */
export const exceptionKindSchema = z.enum([
  // a punch is missing
  "missing-in",
  "missing-out",
  "missing-lunch-start",
  "missing-lunch-end",
  "missing-break-start",
  "missing-break-end",
  // against the schedule
  "absent",
  "not-yet-in",
  "unscheduled",
  "in-early",
  "in-late",
  "out-early",
  "out-late",
  "core-time-missed",
  "over-schedule",
  "under-schedule",
  "over-schedule-week",
  "under-schedule-week",
  "other-place",
  "other-job",
  // limits
  "over-daily-limit",
  "over-weekly-limit",
  "average-week-limit",
  "night-work-limit",
  "rest-too-short",
  "weekly-rest-too-short",
  "consecutive-days-limit",
  "shift-too-long",
  // lunch and break
  "lunch-long",
  "lunch-short",
  "lunch-missed",
  "lunch-late",
  "break-long",
  "break-short",
  "break-missed",
  "break-too-many",
  "break-too-few",
  // what the punches say of themselves
  "repeat",
  "too-many-punches",
  "clock-skew",
  "unknown-direction",
  "outside-geofence",
  "biometric-override",
  "check-in-due",
  "assumed-out",
  // what time is booked on
  "no-assignment",
  "job-not-allowed",
  "job-complete",
  "job-missing",
  // people's decisions
  "overtime-unapproved",
  "approval-lapsed",
  "not-verified",
  "verification-lapsed",
  "absence-conflict",
  "roster-invalid",
  "correction-unknown-punch",
  "correction-conflict",
  "correction-reorders",
  "correction-impossible",
  // the machinery
  "site-offline",
  "rule-fault",
]);
export type ExceptionKind = z.output<typeof exceptionKindSchema>;
