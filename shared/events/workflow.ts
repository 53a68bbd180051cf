import { z } from "zod";
import { tokenSchema } from "../subjects.ts";
import { defineEvent, type EventOf } from "./envelope.ts";

const instant = z.int().min(0).describe("UTC milliseconds");
const by = z.string().min(1).max(128).describe("Name of the principal who did it");

/** What is to be decided. The context that asked knows by these ids what a decision means. */
export const aboutSchema = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("overtime"),
    employeeId: tokenSchema,
    workdayOn: z.iso.date(),
    policy: z.string().max(64),
    seconds: z.int().min(0).describe("The decision is about exactly these"),
  }),
  z.object({ kind: z.literal("leave"), employeeId: tokenSchema, leaveId: tokenSchema }),
  z.object({
    kind: z.literal("correction"),
    correctionRequestId: tokenSchema,
    employeeIds: z.array(tokenSchema).max(500),
  }),
  z.object({ kind: z.literal("pay-run"), runId: tokenSchema, periodId: tokenSchema }),
]);
export type About = z.output<typeof aboutSchema>;
export const REQUEST_KINDS = ["overtime", "leave", "correction", "pay-run"] as const;

/** Who may decide a step: one person, somebody's manager resolved when it was opened, or anybody of a role. */
export const approverSchema = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("employee"), employeeId: tokenSchema }),
  z.object({ kind: z.literal("role"), role: tokenSchema }),
]);
export type Approver = z.output<typeof approverSchema>;

export const stepSchema = z.object({
  approvers: z.array(approverSchema).min(1).max(16).describe("Any one of them decides"),
  dueAt: instant
    .nullable()
    .describe("Of the first step; a later one is due `dueAfterMs` after it has begun"),
  dueAfterMs: z.int().min(0).nullable().default(null).describe("Null = never escalated"),
  escalateTo: z
    .array(approverSchema)
    .max(16)
    .default([])
    .describe("Who may decide as well once it was due"),
});
export type Step = z.output<typeof stepSchema>;

export const requestOpened = defineEvent({
  type: "workflow.request.opened",
  domain: "workflow",
  name: "ApprovalRequested",
  version: "1.0",
  data: z.object({
    requestId: tokenSchema,
    about: aboutSchema,
    requestedBy: by.describe("May not decide it: four eyes"),
    requesterId: tokenSchema
      .nullable()
      .default(null)
      .describe("The person `requestedBy` acts for; may not decide it under another name either"),
    askedSeq: z
      .int()
      .min(0)
      .default(0)
      .describe("Sequence of the asking event in its stream: a later one replaces an earlier one"),
    summary: z.string().max(300).describe("For people; no names"),
    steps: z.array(stepSchema).max(8).describe("None: approved at once, by a rule"),
    at: instant,
  }),
});
export const stepDecided = defineEvent({
  type: "workflow.step.decided",
  domain: "workflow",
  name: "ApprovalStepDecided",
  version: "1.0",
  data: z.object({
    requestId: tokenSchema,
    step: z.int().min(0),
    decision: z.enum(["approved", "rejected"]),
    by,
    byEmployeeId: tokenSchema.nullable().default(null).describe("The person `by` acts for"),
    onBehalfOf: tokenSchema.nullable().describe("Who had delegated it"),
    note: z.string().max(500),
    at: instant,
  }),
});
export const requestEscalated = defineEvent({
  type: "workflow.request.escalated",
  domain: "workflow",
  name: "ApprovalEscalated",
  version: "1.0",
  data: z.object({
    requestId: tokenSchema,
    step: z.int().min(0),
    added: z
      .array(approverSchema)
      .min(1)
      .max(16)
      .describe("May decide the step as well from now on"),
    dueAt: instant.nullable(),
    at: instant,
  }),
});
const ended = z.object({
  requestId: tokenSchema,
  about: aboutSchema,
  by,
  note: z.string().max(500),
  at: instant,
});
/** Every step said yes. */
export const requestApproved = defineEvent({
  type: "workflow.request.approved",
  domain: "workflow",
  name: "RequestApproved",
  version: "1.0",
  data: ended,
});
export const requestRejected = defineEvent({
  type: "workflow.request.rejected",
  domain: "workflow",
  name: "RequestRejected",
  version: "1.0",
  data: ended,
});
/** What it was about no longer stands, or the requester took it back. */
export const requestWithdrawn = defineEvent({
  type: "workflow.request.withdrawn",
  domain: "workflow",
  name: "RequestWithdrawn",
  version: "1.0",
  data: ended,
});
/** Somebody lets somebody else decide for them, for a time. An aggregate of the one who delegates. */
export const delegationSet = defineEvent({
  type: "workflow.delegation.set",
  domain: "workflow",
  name: "DelegationSet",
  version: "1.0",
  data: z.object({
    employeeId: tokenSchema,
    delegateId: tokenSchema,
    kinds: z.array(z.enum(REQUEST_KINDS)).min(1).max(REQUEST_KINDS.length),
    fromAt: instant,
    untilAt: instant,
    by,
  }),
});
export const delegationEnded = defineEvent({
  type: "workflow.delegation.ended",
  domain: "workflow",
  name: "DelegationEnded",
  version: "1.0",
  data: z.object({ employeeId: tokenSchema, delegateId: tokenSchema, by, at: instant }),
});

export type WorkflowEvent =
  | EventOf<typeof requestOpened>
  | EventOf<typeof stepDecided>
  | EventOf<typeof requestEscalated>
  | EventOf<typeof requestApproved>
  | EventOf<typeof requestRejected>
  | EventOf<typeof requestWithdrawn>
  | EventOf<typeof delegationSet>
  | EventOf<typeof delegationEnded>;
