import { tokenSchema } from "@clockleaf/shared/subjects.ts";
import { createRoute, z } from "@hono/zod-openapi";
import { guarded } from "../../api/guard.ts";
import {
  invalidResponse,
  jsonBody,
  jsonResponse,
  notFoundResponse,
  pageQuerySchema,
  pageSchema,
  refusalResponses,
} from "../../api/router.ts";
import { correctionSchema, newCorrectionSchema, previewSchema, weighedSchema } from "./views.ts";

const tags = ["corrections"];
const params = z.object({ requestId: tokenSchema });

export const listRoute = createRoute({
  method: "get",
  path: "/corrections",
  operationId: "listCorrections",
  ...guarded({ permission: "time.read", about: "each" }),
  summary: "Requests for corrections, newest first",
  tags,
  request: {
    query: pageQuerySchema.extend({
      state: z.enum(["pending", "approved", "rejected"]).optional(),
      employeeId: tokenSchema.optional(),
    }),
  },
  responses: { 200: jsonResponse(pageSchema(correctionSchema), "One page"), ...invalidResponse },
});

export const showRoute = createRoute({
  method: "get",
  path: "/corrections/{requestId}",
  operationId: "showCorrection",
  ...guarded({ permission: "time.read", about: "each" }),
  summary: "One request, what it asks for and what became of it",
  tags,
  request: { params },
  responses: {
    200: jsonResponse(correctionSchema, "The request"),
    ...notFoundResponse,
    ...invalidResponse,
  },
});

export const effectRoute = createRoute({
  method: "get",
  path: "/corrections/{requestId}/effect",
  operationId: "showCorrectionEffect",
  ...guarded({ permission: "time.read", about: "each" }),
  summary: "Every day it would change if it were approved now, as it stands and as it would be",
  description: "Empty once it has had its effect; the days' revisions then tell what it changed.",
  tags,
  request: { params },
  responses: {
    200: jsonResponse(previewSchema, "What it would change"),
    ...notFoundResponse,
    ...invalidResponse,
  },
});

export const requestRoute = createRoute({
  method: "post",
  path: "/corrections",
  operationId: "requestCorrections",
  ...guarded({ permission: "time.correct", about: "each" }),
  summary: "Ask for punches to be added, changed or voided",
  description:
    "Takes effect once it is approved; the punches themselves stay as they were made. With `preview` nothing is stored, and the answer has every day as it stands and as it would be.",
  tags,
  request: { body: jsonBody(newCorrectionSchema) },
  responses: {
    200: jsonResponse(previewSchema, "What it would change"),
    201: jsonResponse(correctionSchema, "Asked for, now or before"),
    ...refusalResponses,
  },
});

export const previewRoute = createRoute({
  ...guarded({ permission: "time.correct", about: "each" }),
  method: "post",
  path: "/corrections:preview",
  operationId: "previewCorrections",
  summary: "What a request would change, item by item, with old and new totals; nothing is stored",
  description:
    "The same body as a request. Items that cannot be asked for are named with the rule that says no, and the effect of the others is shown beside them. A request itself is taken as a whole or not at all.",
  tags,
  request: { body: jsonBody(newCorrectionSchema) },
  responses: {
    200: jsonResponse(weighedSchema, "Every item with its result, every day that would change"),
    ...refusalResponses,
  },
});

export const withdrawRoute = createRoute({
  method: "post",
  path: "/corrections/{requestId}/withdraw",
  operationId: "withdrawCorrection",
  ...guarded({ permission: "time.correct", about: "each" }),
  summary: "Take back a request that is not decided yet",
  tags,
  request: {
    params,
    body: jsonBody(
      z
        .strictObject({ note: z.string().trim().min(1).max(480) })
        .meta({ id: "CorrectionWithdrawal" }),
    ),
  },
  responses: { 200: jsonResponse(correctionSchema, "Taken back"), ...refusalResponses },
});
