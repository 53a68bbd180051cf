import { z } from "zod";
import { tokenSchema } from "../subjects.ts";
import { badgeKeySchema, EDGE_VERDICTS, punchHintSchema, punchTimeSchema } from "../wire/punch.ts";
import { meaningSchema, workdaySchema } from "../worktime/workday.ts";
import { defineEvent, type EventOf } from "./envelope.ts";

const instant = z.int().min(0).describe("UTC milliseconds");
const punchId = z.string().max(160).describe("gateway-epoch-row: names the journal row for ever");

/** Where and how a punch was made; copied unchanged from the journal row into every event about it. */
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
      "The instant the punch counts at: its original one unless an admin re-dated it",
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
  | EventOf<typeof punchQuarantined>
  | EventOf<typeof quarantineResolved>
  | EventOf<typeof gatewayAlarmRaised>;
