import { REQUEST_KINDS } from "@clockleaf/shared/events/workflow.ts";
import { instantInput } from "@clockleaf/shared/lib/instant-input.ts";
import { tokenSchema } from "@clockleaf/shared/subjects.ts";
import { createRoute, z } from "@hono/zod-openapi";
import { guarded } from "../api/guard.ts";
import {
  invalidResponse,
  jsonBody,
  jsonResponse,
  notFoundResponse,
  pageQuerySchema,
  pageSchema,
  preconditionResponses,
  refusalResponses,
} from "../api/router.ts";
import { delegationSchema, requestSchema, STATUSES } from "./views.ts";

const tags = ["workflow"];
const note = z.string().trim().max(500).default("").describe("For who asked and for the record");
const decisionSchema = z.strictObject({ note }).meta({ id: "ApprovalDecision" });
const idParams = z.object({ requestId: tokenSchema });
const decisionNote =
  "Decided by an approver of the current step, by whom they have delegated it to, or by whom it was escalated to; never by who " +
  "asked or whom it is about. The same decision again changes nothing.";

export const listRoute = createRoute({
  method: "get",
  path: "/workflow/requests",
  operationId: "listApprovalRequests",
  ...guarded({ permission: "time.read", about: "each" }),
  summary: "Requests for approval, the newest first",
  tags,
  request: {
    query: pageQuerySchema.extend({
      box: z
        .enum(["to-decide", "opened", "all"])
        .default("to-decide")
        .describe("What the caller may decide now, what the caller asked for, or everything"),
      kind: z.enum(REQUEST_KINDS).optional(),
      status: z.enum(STATUSES).optional(),
      employeeId: tokenSchema.optional().describe("Only what is about this person"),
    }),
  },
  responses: { 200: jsonResponse(pageSchema(requestSchema), "One page"), ...invalidResponse },
});

export const showRoute = createRoute({
  method: "get",
  path: "/workflow/requests/{requestId}",
  operationId: "showApprovalRequest",
  ...guarded({ permission: "time.read", about: "each" }),
  summary: "One request with its history",
  tags,
  request: { params: idParams },
  responses: {
    200: jsonResponse(requestSchema, "The request"),
    ...notFoundResponse,
    ...invalidResponse,
  },
});

export const approveRoute = createRoute({
  method: "post",
  path: "/workflow/requests/{requestId}/approve",
  operationId: "approveRequest",
  ...guarded({ permission: ["time.approve", "pay.approve"], about: "each" }),
  summary: "Approve the current step",
  description: decisionNote,
  tags,
  request: { params: idParams, body: jsonBody(decisionSchema) },
  responses: { 200: jsonResponse(requestSchema, "Decided, now or before"), ...refusalResponses },
});

export const rejectRoute = createRoute({
  method: "post",
  path: "/workflow/requests/{requestId}/reject",
  operationId: "rejectRequest",
  ...guarded({ permission: ["time.approve", "pay.approve"], about: "each" }),
  summary: "Reject the request",
  description: decisionNote,
  tags,
  request: { params: idParams, body: jsonBody(decisionSchema) },
  responses: { 200: jsonResponse(requestSchema, "Decided, now or before"), ...refusalResponses },
});

export const decideManyRoute = createRoute({
  method: "post",
  path: "/workflow/requests:decide",
  operationId: "decideRequests",
  ...guarded({ permission: ["time.approve", "pay.approve"], about: "each" }),
  summary: "Decide many requests, each for itself",
  description: "One that is refused holds up none of the others.",
  tags,
  request: {
    body: jsonBody(
      z
        .strictObject({
          decision: z.enum(["approved", "rejected"]),
          requestIds: z.array(tokenSchema).min(1).max(200),
          note,
        })
        .meta({ id: "ApprovalDecisions" }),
    ),
  },
  responses: {
    200: jsonResponse(
      z.object({
        results: z.array(
          z.object({
            requestId: tokenSchema,
            isDecided: z.boolean(),
            status: z.enum(STATUSES).nullable().describe("Of the request now; null = none such"),
            code: z.string().nullable().describe("Why it was refused"),
            detail: z.string().nullable(),
          }),
        ),
      }),
      "A result for each, in the order asked",
    ),
    ...refusalResponses,
  },
});

export const delegationsRoute = createRoute({
  method: "get",
  path: "/workflow/delegations",
  operationId: "listDelegations",
  ...guarded({ permission: "time.read", about: "each" }),
  summary: "Who stands in for whom, now or later",
  tags,
  request: {
    query: z.object({ employeeId: tokenSchema.optional().describe("By this person or to them") }),
  },
  responses: {
    200: jsonResponse(z.object({ items: z.array(delegationSchema) }), "All that have not run out"),
    ...invalidResponse,
  },
});

export const delegateRoute = createRoute({
  method: "post",
  path: "/workflow/delegations",
  operationId: "delegate",
  ...guarded({ permission: ["time.approve", "pay.approve"], about: "each" }),
  summary: "Let somebody decide in one's place, for a time",
  description:
    "A delegate decides in their own name and for nobody else: what was delegated is not delegated on. The role `hr` (or the " +
    "configured fallback) may set it for others, but not to itself.",
  tags,
  request: {
    body: jsonBody(
      z
        .strictObject({
          employeeId: tokenSchema.optional().describe("Default: the person the key acts for"),
          delegateId: tokenSchema,
          kinds: z.array(z.enum(REQUEST_KINDS)).min(1).max(REQUEST_KINDS.length),
          from: instantInput.optional().describe("Default now"),
          until: instantInput,
        })
        .meta({ id: "NewDelegation" }),
    ),
  },
  responses: { 200: jsonResponse(delegationSchema, "Set, now or before"), ...refusalResponses },
});

export const endDelegationRoute = createRoute({
  method: "delete",
  path: "/workflow/delegations/{employeeId}/{delegateId}",
  operationId: "endDelegation",
  ...guarded({ permission: ["time.approve", "pay.approve"], about: "each" }),
  summary: "End a delegation",
  description: "Needs `If-Match` with the version as read.",
  tags,
  request: { params: z.object({ employeeId: tokenSchema, delegateId: tokenSchema }) },
  responses: { 204: { description: "Ended" }, ...refusalResponses, ...preconditionResponses },
});
