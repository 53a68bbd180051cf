import { instantInput } from "@clockleaf/shared/lib/instant-input.ts";
import { tokenSchema } from "@clockleaf/shared/subjects.ts";
import { createRoute, z } from "@hono/zod-openapi";
import { guarded } from "../api/guard.ts";
import {
  invalidResponse,
  jsonResponse,
  notFoundResponse,
  pageQuerySchema,
  pageSchema,
  refusalResponses,
} from "../api/router.ts";
import {
  changeSchema,
  consistencySchema,
  entrySchema,
  headSchema,
  inclusionSchema,
} from "./views.ts";

const tags = ["audit"];
const size = z.coerce.number().int().max(Number.MAX_SAFE_INTEGER);
const number = size.min(1).describe("Number of the entry in the log");

export const listRoute = createRoute({
  method: "get",
  path: "/audit/entries",
  operationId: "listAuditEntries",
  ...guarded({ permission: "audit.read", about: "company" }),
  tags,
  summary: "What was stored, by whom and why; newest first",
  request: {
    query: pageQuerySchema.extend({
      aggregate: tokenSchema.optional().describe("Such as an employee, request or run"),
      type: z.string().max(128).optional().describe("Event type, such as leave.leave.approved"),
      source: z.string().max(128).optional().describe("The part that wrote it"),
      stream: z.string().max(64).optional(),
      correlation: z.string().max(64).optional().describe("All that one request set off"),
      from: instantInput.optional(),
      to: instantInput.optional().describe("Excluded"),
    }),
  },
  responses: { 200: jsonResponse(pageSchema(entrySchema), "One page"), ...invalidResponse },
});

export const showRoute = createRoute({
  method: "get",
  path: "/audit/entries/{entry}",
  operationId: "showAuditEntry",
  ...guarded({ permission: "audit.read", about: "company" }),
  tags,
  summary: "One entry",
  request: { params: z.object({ entry: number }) },
  responses: {
    200: jsonResponse(entrySchema, "The entry"),
    ...notFoundResponse,
    ...invalidResponse,
  },
});

export const changeRoute = createRoute({
  method: "get",
  path: "/audit/entries/{entry}/change",
  operationId: "showAuditChange",
  ...guarded({ permission: "audit.read", about: "company" }),
  tags,
  summary: "What the event of an entry changed: the state before and after it",
  description:
    "The events of the same aggregate are replayed up to the entry's, by the rules that made them. Where that is more than 50,000 events, or they are not what was recorded, the answer is 409 rather than a guess.",
  request: { params: z.object({ entry: number }) },
  responses: {
    200: jsonResponse(changeSchema, "Before and after"),
    ...refusalResponses,
  },
});

export const headRoute = createRoute({
  method: "get",
  path: "/audit/head",
  operationId: "auditHead",
  ...guarded({ permission: "audit.read", about: "company" }),
  tags,
  summary: "Size and root hash of the log",
  responses: { 200: jsonResponse(headSchema, "The head") },
});

export const inclusionRoute = createRoute({
  method: "get",
  path: "/audit/proof/{entry}",
  operationId: "auditInclusionProof",
  ...guarded({ permission: "audit.read", about: "company" }),
  tags,
  summary: "Proof that an entry stands in the log",
  request: {
    params: z.object({ entry: number }),
    query: z.object({
      size: size.min(1).optional().describe("Of the log; left out: as it is now"),
    }),
  },
  responses: {
    200: jsonResponse(inclusionSchema, "The proof"),
    ...refusalResponses,
  },
});

export const consistencyRoute = createRoute({
  method: "get",
  path: "/audit/consistency",
  operationId: "auditConsistencyProof",
  ...guarded({ permission: "audit.read", about: "company" }),
  tags,
  summary: "Proof that a log begins with an earlier one",
  request: {
    query: z.object({
      first: size.min(0).describe("Size of the earlier log"),
      second: size.min(0).optional().describe("Size of the later one; left out: as it is now"),
    }),
  },
  responses: { 200: jsonResponse(consistencySchema, "The proof"), ...refusalResponses },
});
