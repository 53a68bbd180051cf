import { z } from "zod";
import { tokenSchema } from "../subjects.ts";
import { badgeKeySchema, EDGE_VERDICTS, punchHintSchema, punchTimeSchema } from "../wire/punch.ts";
import {
  absenceFactSchema,
  approvalFactSchema,
  correctionFactSchema,
  verificationFactSchema,
} from "../worktime/facts.ts";
import { meaningSchema, workdaySchema } from "../worktime/workday.ts";
import { defineEvent, type EventOf } from "./envelope.ts";

const instant = z.int().min(0).describe("UTC milliseconds");
const punchId = z.string().max(160).describe("gateway-epoch-row: names the journal row for ever");

/**
 * Where and how a punch was made; copied from the journal row into every event about it, unchanged but for the instant of a
 * punch that was re-dated.
 */
export const punchOriginSchema = z.object({
  punchId,
  site: tokenSchema,
  gateway: tokenSchema,
  reader: tokenSchema,
  badge: badgeKeySchema,
  time: punchTimeSchema,
  hint: punchHintSchema.nullable(),
  pin: z.enum(["not-asked", "verified", "wrong", "missing"]),
  verdict: z.enum(EDGE_VERDICTS),
});
export type PunchOrigin = z.output<typeof punchOriginSchema>;

/** A punch attributed to a person. `at` is the instant that counts: the gateway's, or the one an admin resolved. */
export const clockRecorded = defineEvent({
  type: "attendance.clock.recorded",
  domain: "attendance",
  name: "ClockRecorded",
  version: "1.0",
  data: z.object({
    employeeId: tokenSchema,
    punch: punchOriginSchema,
    at: instant,
    zone: z.string().max(64).describe("IANA time zone of the site"),
  }),
});

const countedMeaning = meaningSchema.exclude(["repeat", "between"]);

const meaningData = z.object({
  employeeId: tokenSchema,
  punchId,
  at: instant,
  site: tokenSchema,
  reader: tokenSchema,
  workdayOn: z.iso.date().describe("The workday the punch counts on"),
  reason: z.string().max(300).describe("Why the punch was read so, for people"),
  meaning: countedMeaning.optional().describe("Absent in the oldest events: what their type says"),
});

export const checkInRecorded = defineEvent({
  type: "attendance.check-in.recorded",
  domain: "attendance",
  name: "CheckInRecorded",
  version: "1.0",
  data: meaningData,
});
export const checkOutRecorded = defineEvent({
  type: "attendance.check-out.recorded",
  domain: "attendance",
  name: "CheckOutRecorded",
  version: "1.0",
  data: meaningData,
});
/** A break or a lunch; `meaning` tells which. */
export const breakStarted = defineEvent({
  type: "attendance.break.started",
  domain: "attendance",
  name: "BreakStarted",
  version: "1.0",
  data: meaningData,
});
export const breakEnded = defineEvent({
  type: "attendance.break.ended",
  domain: "attendance",
  name: "BreakEnded",
  version: "1.0",
  data: meaningData,
});

/** Still in, booked elsewhere from here on. */
export const transferRecorded = defineEvent({
  type: "attendance.transfer.recorded",
  domain: "attendance",
  name: "TransferRecorded",
  version: "1.0",
  data: meaningData,
});

/** A later fact changed what a punch means; the event named by `was` no longer holds for `punchId`. */
export const meaningWithdrawn = defineEvent({
  type: "attendance.meaning.withdrawn",
  domain: "attendance",
  name: "MeaningWithdrawn",
  version: "1.0",
  data: z.object({
    employeeId: tokenSchema,
    punchId,
    was: countedMeaning,
    reason: z.string().max(300),
  }),
});

/** The whole computed day. A higher revision replaces a lower one; an empty day withdraws it. */
export const workdayCalculated = defineEvent({
  type: "attendance.workday.calculated",
  domain: "attendance",
  name: "WorkdayCalculated",
  version: "1.0",
  data: z.object({ employeeId: tokenSchema, revision: z.int().min(1), workday: workdaySchema }),
});

const overtimeData = z.object({
  employeeId: tokenSchema,
  workdayOn: z.iso.date(),
  policy: z.string().max(64).describe("The overtime rule"),
  seconds: z.int().min(0).describe("Of this rule on this day, all its tiers"),
  revision: z.int().min(1).describe("Of the workday it was read from"),
});

/** A day now holds this much overtime of a rule. Another figure for the same rule and day replaces it. */
export const overtimeCalculated = defineEvent({
  type: "attendance.overtime.calculated",
  domain: "attendance",
  name: "OvertimeCalculated",
  version: "1.0",
  data: overtimeData.extend({
    needsApproval: z.boolean(),
    departmentId: tokenSchema.nullable(),
    managerId: tokenSchema.nullable().describe("Who is to decide; null = nobody in particular"),
  }),
});
/** The day no longer holds overtime of this rule; what was decided about it is void. */
export const overtimeWithdrawn = defineEvent({
  type: "attendance.overtime.withdrawn",
  domain: "attendance",
  name: "OvertimeWithdrawn",
  version: "1.0",
  data: overtimeData.extend({ reason: z.string().max(300) }),
});
const decidedOvertime = z.object({
  employeeId: tokenSchema,
  approval: approvalFactSchema,
  requestId: tokenSchema.nullable().describe("The approval request that was decided"),
  note: z.string().max(500),
});
export const overtimeApproved = defineEvent({
  type: "attendance.overtime.approved",
  domain: "attendance",
  name: "OvertimeApproved",
  version: "1.0",
  data: decidedOvertime,
});
export const overtimeRejected = defineEvent({
  type: "attendance.overtime.rejected",
  domain: "attendance",
  name: "OvertimeRejected",
  version: "1.0",
  data: decidedOvertime,
});

export const CORRECTION_REASONS = [
  "forgot-to-punch",
  "reader-out-of-order",
  "wrong-badge",
  "wrong-time",
  "off-site-work",
  "outage",
  "other",
] as const;

export const correctionItemSchema = z.object({
  employeeId: tokenSchema,
  change: correctionFactSchema.shape.change,
});

/** Somebody asks for punches to be added, changed or voided: one, or many after an outage. An aggregate of its own. */
export const correctionRequested = defineEvent({
  type: "attendance.correction.requested",
  domain: "attendance",
  name: "CorrectionRequested",
  version: "1.0",
  data: z.object({
    requestId: tokenSchema,
    items: z.array(correctionItemSchema).min(1).max(500),
    reasonCode: z.enum(CORRECTION_REASONS),
    reason: z.string().min(1).max(300),
    outageId: tokenSchema.nullable().describe("The outage a bulk request refers to"),
    requestedBy: z.string().max(128),
    departmentId: tokenSchema.nullable(),
    managerId: tokenSchema.nullable(),
    /** True = an override of a locked period was asked for. */
    overridesLock: z.boolean(),
  }),
});
export const correctionRejected = defineEvent({
  type: "attendance.correction.rejected",
  domain: "attendance",
  name: "CorrectionRejected",
  version: "1.0",
  data: z.object({ requestId: tokenSchema, by: z.string().max(128), note: z.string().max(500) }),
});
export const correctionApproved = defineEvent({
  type: "attendance.correction.approved",
  domain: "attendance",
  name: "CorrectionApproved",
  version: "1.0",
  data: z.object({
    requestId: tokenSchema,
    by: z.string().max(128),
    note: z.string().max(500),
    at: instant.optional().describe("When it was decided; absent = when the event was stored"),
  }),
});
/** One item of an approved correction took effect on its person. The punch itself stays as it was made. */
export const correctionApplied = defineEvent({
  type: "attendance.correction.applied",
  domain: "attendance",
  name: "CorrectionApplied",
  version: "1.0",
  data: z.object({
    employeeId: tokenSchema,
    requestId: tokenSchema,
    correction: correctionFactSchema,
  }),
});

/** Leave as the person's days see it: approved, changed or cancelled. */
export const absenceRecorded = defineEvent({
  type: "attendance.absence.recorded",
  domain: "attendance",
  name: "AbsenceRecorded",
  version: "1.0",
  data: z.object({ employeeId: tokenSchema, absence: absenceFactSchema }),
});
export const timesheetVerified = defineEvent({
  type: "attendance.timesheet.verified",
  domain: "attendance",
  name: "TimesheetVerified",
  version: "1.0",
  data: z.object({
    employeeId: tokenSchema,
    verification: verificationFactSchema,
    by: z.string().max(128),
  }),
});

/** Everything that a site's readers recorded before `completeTo` has arrived. An aggregate of the site. */
export const siteCompleted = defineEvent({
  type: "attendance.site.completed",
  domain: "attendance",
  name: "SiteCompleted",
  version: "1.0",
  data: z.object({ site: tokenSchema, completeTo: instant }),
});
/** The same as one person's days see it; told only where it changes a day. */
export const watermarkReached = defineEvent({
  type: "attendance.watermark.reached",
  domain: "attendance",
  name: "WatermarkReached",
  version: "1.0",
  data: z.object({ employeeId: tokenSchema, site: tokenSchema, completeTo: instant }),
});
/** Something on a workday was looked at by a person. It says nothing of later findings. */
export const exceptionReviewed = defineEvent({
  type: "attendance.exception.reviewed",
  domain: "attendance",
  name: "ExceptionReviewed",
  version: "1.0",
  data: z.object({
    employeeId: tokenSchema,
    workdayOn: z.iso.date(),
    kind: z.string().max(64),
    outcome: z.enum(["reviewed", "resolved", "reopened"]),
    revision: z.int().min(1).describe("Of the workday as it was looked at"),
    by: z.string().max(128),
    note: z.string().max(500),
  }),
});

export const QUARANTINE_REASONS = [
  "unknown-badge",
  "withdrawn-badge",
  "inactive-employee",
  "wrong-pin",
  "impossible-time",
] as const;

export const punchQuarantined = defineEvent({
  type: "attendance.punch.quarantined",
  domain: "attendance",
  name: "PunchQuarantined",
  version: "1.0",
  data: z.object({
    punch: punchOriginSchema,
    reason: z.enum(QUARANTINE_REASONS),
    zone: z.string().max(64),
  }),
});

/**
 * A gateway that had been running without knowing the time came to know it: one instant of that boot on both its clocks, told
 * once for each boot.
 */
export const gatewayTimeLearned = defineEvent({
  type: "attendance.gateway-time.learned",
  domain: "attendance",
  name: "GatewayTimeLearned",
  version: "1.0",
  data: z.object({
    site: tokenSchema,
    gateway: tokenSchema,
    bootId: z.string().min(1).max(64),
    gatewayAtMs: instant,
    monotonicMs: z.number().min(0).describe("Milliseconds since that boot"),
    uncertaintyMs: z.int().min(0).describe("Error of gatewayAtMs, ± milliseconds"),
    rowId: z.string().max(160).describe("The journal row that says so"),
  }),
});

/**
 * A punch in quarantine was dated by what its gateway learned later. `punch.time.takenAtMs` is its instant from here on;
 * what the gateway's clock had said stays in `gatewayAtMs`.
 */
export const punchRedated = defineEvent({
  type: "attendance.punch.redated",
  domain: "attendance",
  name: "PunchRedated",
  version: "1.0",
  data: z.object({
    punch: punchOriginSchema,
    zone: z.string().max(64),
    at: instant.describe("The instant the punch was made"),
    uncertaintyMs: z.int().min(0).describe("Error of `at`, ± milliseconds"),
    heldBy: z
      .enum(QUARANTINE_REASONS)
      .nullable()
      .describe("Why it stays in quarantine at its new time; null = it is somebody's from here on"),
    detail: z.string().max(300).describe("By what it was dated, for people"),
  }),
});

export const quarantineResolved = defineEvent({
  type: "attendance.quarantine.resolved",
  domain: "attendance",
  name: "QuarantineResolved",
  version: "1.0",
  data: z.object({
    punch: punchOriginSchema,
    zone: z.string().max(64),
    /** Null when the punch was rejected: it stays on record and counts for nobody. */
    employeeId: tokenSchema.nullable(),
    at: instant.describe(
      "The instant the punch counts at: its original one unless an admin or its gateway re-dated it",
    ),
    resolvedBy: z.string().max(128),
    note: z.string().max(500),
  }),
});

/** Something about a gateway's journal that an operator must look at. */
export const gatewayAlarmRaised = defineEvent({
  type: "attendance.gateway.alarmed",
  domain: "attendance",
  name: "GatewayAlarmRaised",
  version: "1.0",
  data: z.object({
    site: tokenSchema,
    gateway: tokenSchema,
    kind: z.enum([
      "gap",
      "corrupt-segment",
      "bad-signature",
      "broken-chain",
      "unknown-gateway",
      "new-epoch",
    ]),
    epoch: z.string().max(16).nullable(),
    first: z.int().min(1).nullable(),
    last: z.int().min(1).nullable(),
    streamSeq: z.int().min(0),
    detail: z.string().max(300),
  }),
});

export type AttendanceEvent =
  | EventOf<typeof clockRecorded>
  | EventOf<typeof checkInRecorded>
  | EventOf<typeof checkOutRecorded>
  | EventOf<typeof breakStarted>
  | EventOf<typeof breakEnded>
  | EventOf<typeof transferRecorded>
  | EventOf<typeof meaningWithdrawn>
  | EventOf<typeof workdayCalculated>
  | EventOf<typeof overtimeCalculated>
  | EventOf<typeof overtimeWithdrawn>
  | EventOf<typeof overtimeApproved>
  | EventOf<typeof overtimeRejected>
  | EventOf<typeof correctionRequested>
  | EventOf<typeof correctionApproved>
  | EventOf<typeof correctionRejected>
  | EventOf<typeof correctionApplied>
  | EventOf<typeof absenceRecorded>
  | EventOf<typeof timesheetVerified>
  | EventOf<typeof siteCompleted>
  | EventOf<typeof watermarkReached>
  | EventOf<typeof exceptionReviewed>
  | EventOf<typeof punchQuarantined>
  | EventOf<typeof gatewayTimeLearned>
  | EventOf<typeof punchRedated>
  | EventOf<typeof quarantineResolved>
  | EventOf<typeof gatewayAlarmRaised>;
