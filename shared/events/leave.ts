import { z } from "zod";
import { tokenSchema } from "../subjects.ts";
import { defineEvent, type EventOf } from "./envelope.ts";

const instant = z.int().min(0).describe("UTC milliseconds");
const on = z.iso.date();
const code = z.string().min(1).max(32).describe("An absence code of the rules");
const minutes = z
  .int()
  .min(-10_000_000)
  .max(10_000_000)
  .describe("Minutes; a day is what the policy says it is");
const policy = z.string().min(1).max(64).describe("Name of the leave policy in the configuration");

export const leaveAccountCreated = defineEvent({
  type: "leave.account.created",
  domain: "leave",
  name: "LeaveAccountCreated",
  version: "1.0",
  data: z.object({
    employeeId: tokenSchema,
    openedOn: on,
    zone: z.string().max(64).describe("IANA zone in which the person's leave begins and ends"),
    policies: z.array(policy).max(32),
  }),
});

export const LEDGER_KINDS = [
  "opening",
  "accrual",
  "carry-over",
  "expiry",
  "taken",
  "returned",
  "adjustment",
  "payout",
] as const;

/** One line of the ledger. Balances are sums of these and nothing else. */
export const leaveLedgerPosted = defineEvent({
  type: "leave.ledger.posted",
  domain: "leave",
  name: "LeaveLedgerPosted",
  version: "1.0",
  data: z.object({
    employeeId: tokenSchema,
    entryId: z
      .string()
      .min(1)
      .max(160)
      .describe("Derived from what caused it: posted once, however often asked"),
    policy,
    kind: z.enum(LEDGER_KINDS),
    minutes,
    on: on.describe("The civil date it counts from"),
    leaveId: tokenSchema.nullable(),
    reason: z.string().max(300),
    carryOver: z
      .object({
        maxMinutes: z.int().min(0).nullable().describe("Null = no limit"),
        expiresOn: on.nullable().describe("What is not taken before expires; null = never"),
      })
      .optional()
      .describe("Of a carry-over: the rule of that turn of the leave year"),
  }),
});

const leaveData = z.object({
  employeeId: tokenSchema,
  leaveId: tokenSchema,
  code,
  policy: policy.nullable().describe("Null = of no account, such as sickness"),
  fromOn: on,
  toOn: on.describe("Last day, included"),
  secondsADay: z.int().min(0).max(86_400).nullable().describe("Null = whole days"),
  minutes: minutes.describe("What it takes from the account"),
  days: z
    .array(z.object({ on, minutes: z.int().min(0).max(1440) }))
    .max(400)
    .optional()
    .describe("The working days among them, and what each takes"),
});

/** Somebody asks for leave. */
export const leaveRequested = defineEvent({
  type: "leave.leave.requested",
  domain: "leave",
  name: "LeaveRequested",
  version: "1.0",
  data: leaveData.extend({
    requestedBy: z.string().max(128),
    note: z.string().max(500),
    departmentId: tokenSchema.nullable(),
    managerId: tokenSchema.nullable(),
    needsApproval: z
      .boolean()
      .optional()
      .describe("False = LeaveApproved follows at once, nobody is asked"),
  }),
  // Why somebody wants to be away may say more than their name does.
  personal: { note: "" },
});
export const leaveApproved = defineEvent({
  type: "leave.leave.approved",
  domain: "leave",
  name: "LeaveApproved",
  version: "1.0",
  data: leaveData.extend({ by: z.string().max(128), at: instant }),
});
export const leaveRejected = defineEvent({
  type: "leave.leave.rejected",
  domain: "leave",
  name: "LeaveRejected",
  version: "1.0",
  data: z.object({
    employeeId: tokenSchema,
    leaveId: tokenSchema,
    by: z.string().max(128),
    reason: z.string().max(500),
    at: instant,
  }),
});
/** Before or while it is taken; `untilOn` is the last day that still counts as leave, null = none of it. */
export const leaveCancelled = defineEvent({
  type: "leave.leave.cancelled",
  domain: "leave",
  name: "LeaveCancelled",
  version: "1.0",
  data: leaveData.extend({
    untilOn: on.nullable(),
    wasApproved: z.boolean(),
    by: z.string().max(128),
    reason: z.string().max(500),
    at: instant,
  }),
});
/** The first day of an approved leave has begun where the person works. EMPLOYEE answers with LeaveStarted. */
export const leaveBegan = defineEvent({
  type: "leave.leave.began",
  domain: "leave",
  name: "LeaveBegan",
  version: "1.0",
  data: z.object({ employeeId: tokenSchema, leaveId: tokenSchema, code, at: instant }),
});
/** The day after its last day has begun, or it was cut short. EMPLOYEE answers with LeaveEnded. */
export const leaveFinished = defineEvent({
  type: "leave.leave.finished",
  domain: "leave",
  name: "LeaveFinished",
  version: "1.0",
  data: z.object({ employeeId: tokenSchema, leaveId: tokenSchema, at: instant }),
});

export type LeaveEvent =
  | EventOf<typeof leaveAccountCreated>
  | EventOf<typeof leaveLedgerPosted>
  | EventOf<typeof leaveRequested>
  | EventOf<typeof leaveApproved>
  | EventOf<typeof leaveRejected>
  | EventOf<typeof leaveCancelled>
  | EventOf<typeof leaveBegan>
  | EventOf<typeof leaveFinished>;
