import { aboutSchema, approverSchema, REQUEST_KINDS } from "@clockleaf/shared/events/workflow.ts";
import { tokenSchema } from "@clockleaf/shared/subjects.ts";
import { z } from "@hono/zod-openapi";
import type { Request } from "./decider.ts";
import type { DelegationRecord } from "./reads.ts";

const instant = z.iso.datetime().describe("ISO 8601, UTC");
export const STATUSES = ["pending", "approved", "rejected", "withdrawn"] as const;

const stepViewSchema = z.object({
  approvers: z.array(approverSchema).describe("Any one of them decides; escalated ones included"),
  dueAt: instant.nullable().describe("When it is escalated; null = never, or it was"),
  isEscalated: z.boolean(),
  decision: z
    .object({
      decision: z.enum(["approved", "rejected"]),
      by: z.string(),
      onBehalfOf: z.string().nullable(),
      note: z.string(),
      at: instant,
    })
    .nullable(),
});

export const requestSchema = z
  .object({
    requestId: tokenSchema,
    about: aboutSchema,
    summary: z.string(),
    requestedBy: z.string(),
    status: z.enum(STATUSES),
    openedAt: instant,
    step: z.int().describe("Index of the step that is or was decided last"),
    steps: z.array(stepViewSchema),
    ended: z.object({ by: z.string(), note: z.string(), at: instant }).nullable(),
    version: z.int(),
  })
  .meta({ id: "ApprovalRequest" });
export type RequestView = z.output<typeof requestSchema>;

export const delegationSchema = z
  .object({
    employeeId: tokenSchema,
    delegateId: tokenSchema,
    kinds: z.array(z.enum(REQUEST_KINDS)),
    from: instant,
    until: instant,
    by: z.string(),
    version: z.int().describe("Of all delegations of `employeeId`; for `If-Match`"),
  })
  .meta({ id: "Delegation" });

const iso = (ms: number): string => new Date(ms).toISOString();

export function requestView(request: Request, version: number): RequestView {
  const { opened, status, step, decisions, escalations, ended } = request;
  return {
    requestId: opened.requestId,
    about: opened.about,
    summary: opened.summary,
    requestedBy: opened.requestedBy,
    status,
    openedAt: iso(opened.at),
    step,
    steps: opened.steps.map(({ approvers }, index) => {
      const escalated = escalations.filter((each) => each.step === index);
      const decision = decisions.find((each) => each.step === index);
      const dueAt = index === step ? request.dueAt : null;
      return {
        approvers: [approvers, ...escalated.map(({ added }) => added)].flat(),
        dueAt: dueAt === null ? null : iso(dueAt),
        isEscalated: escalated.length > 0,
        decision:
          decision === undefined
            ? null
            : {
                decision: decision.decision,
                by: decision.by,
                onBehalfOf: decision.onBehalfOf,
                note: decision.note,
                at: iso(decision.at),
              },
      };
    }),
    ended: ended === null ? null : { by: ended.by, note: ended.note, at: iso(ended.at) },
    version,
  };
}

export function delegationView(record: DelegationRecord): z.output<typeof delegationSchema> {
  const { employeeId, delegateId, kinds, fromAt, untilAt, by, version } = record;
  const [from, until] = [iso(fromAt), iso(untilAt)];
  return { employeeId, delegateId, kinds: [...kinds], from, until, by, version };
}
