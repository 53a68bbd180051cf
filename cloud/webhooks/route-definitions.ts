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
import { DELIVERY_STATUSES } from "./delivery.ts";
import {
  deliverySchemaView,
  patchSchema,
  secretSchema,
  settingsSchema,
  webhookSchema,
} from "./views.ts";

const tags = ["webhooks"];
/** Whoever may have events sent elsewhere may read them all. */
const byAdmins = guarded({ permission: "platform.manage", about: "company" });
const params = z.object({ webhookId: tokenSchema });
const deliveryParams = params.extend({ deliveryId: tokenSchema });
const MERGE_PATCH = "application/merge-patch+json";
const ETAG = "Needs `If-Match` with the ETag of the webhook as read.";

export const listRoute = createRoute({
  ...byAdmins,
  method: "get",
  path: "/webhooks",
  operationId: "listWebhooks",
  tags,
  summary: "All endpoints, the oldest first",
  responses: { 200: jsonResponse(z.object({ items: z.array(webhookSchema) }), "All of them") },
});

export const createWebhookRoute = createRoute({
  ...byAdmins,
  method: "post",
  path: "/webhooks",
  operationId: "createWebhook",
  tags,
  summary: "Have events sent to a URL from now on",
  description:
    "Signed after Standard Webhooks (standardwebhooks.com). The secret is shown in this answer and never again.",
  request: { body: jsonBody(settingsSchema) },
  responses: {
    201: jsonResponse(secretSchema, "The endpoint and its secret"),
    ...refusalResponses,
  },
});

export const showRoute = createRoute({
  ...byAdmins,
  method: "get",
  path: "/webhooks/{webhookId}",
  operationId: "showWebhook",
  tags,
  summary: "One endpoint",
  request: { params },
  responses: {
    200: jsonResponse(webhookSchema, "The endpoint"),
    ...notFoundResponse,
    ...invalidResponse,
  },
});

export const patchRoute = createRoute({
  ...byAdmins,
  method: "patch",
  path: "/webhooks/{webhookId}",
  operationId: "changeWebhook",
  tags,
  summary: "Change an endpoint",
  description: `A merge patch (RFC 7396). ${ETAG} Events of a domain that was not wanted before go out from now on.`,
  request: {
    params,
    body: {
      required: true,
      content: {
        "application/json": { schema: patchSchema },
        [MERGE_PATCH]: { schema: patchSchema },
      },
    },
  },
  responses: {
    200: jsonResponse(webhookSchema, "Changed, or already so"),
    ...refusalResponses,
    ...preconditionResponses,
  },
});

export const deleteRoute = createRoute({
  ...byAdmins,
  method: "delete",
  path: "/webhooks/{webhookId}",
  operationId: "deleteWebhook",
  tags,
  summary: "Send nothing there any more, and destroy its secrets",
  description: ETAG,
  request: { params },
  responses: { 204: { description: "Deleted" }, ...refusalResponses, ...preconditionResponses },
});

export const rotateRoute = createRoute({
  ...byAdmins,
  method: "post",
  path: "/webhooks/{webhookId}/rotate-secret",
  operationId: "rotateWebhookSecret",
  tags,
  summary: "A new secret",
  description: "For 24 hours what goes out is signed with the former one as well.",
  request: { params },
  responses: {
    200: jsonResponse(secretSchema, "The endpoint and its new secret"),
    ...refusalResponses,
  },
});

export const testRoute = createRoute({
  ...byAdmins,
  method: "post",
  path: "/webhooks/{webhookId}/test",
  operationId: "testWebhook",
  tags,
  summary: "Send a `webhook.test` now, also where the endpoint is switched off",
  description: "It is tried once. The answer says what came of it.",
  request: { params },
  responses: { 200: jsonResponse(deliverySchemaView, "The delivery"), ...refusalResponses },
});

export const enableRoute = createRoute({
  ...byAdmins,
  method: "post",
  path: "/webhooks/{webhookId}/enable",
  operationId: "enableWebhook",
  tags,
  summary: "Switch an endpoint on again",
  request: {
    params,
    body: {
      content: {
        "application/json": {
          schema: z.strictObject({
            from: z
              .enum(["where-it-stopped", "now"])
              .default("where-it-stopped")
              .describe(
                "now = what was stored meanwhile is not sent; what waited for another try is",
              ),
          }),
        },
      },
    },
  },
  responses: {
    200: jsonResponse(webhookSchema, "Switched on, now or before"),
    ...refusalResponses,
  },
});

export const disableRoute = createRoute({
  ...byAdmins,
  method: "post",
  path: "/webhooks/{webhookId}/disable",
  operationId: "disableWebhook",
  tags,
  summary: "Switch an endpoint off; it goes on where it stopped when it is switched on again",
  request: { params },
  responses: {
    200: jsonResponse(webhookSchema, "Switched off, now or before"),
    ...refusalResponses,
  },
});

export const replayRoute = createRoute({
  ...byAdmins,
  method: "post",
  path: "/webhooks/{webhookId}/replay",
  operationId: "replayWebhook",
  tags,
  summary: "Send again what was stored since a moment",
  description:
    "With the same `webhook-id`s as before: a receiver that remembers them drops what it has had.",
  request: {
    params,
    body: jsonBody(z.strictObject({ from: instantInput.describe("ISO 8601 with offset") })),
  },
  responses: { 200: jsonResponse(webhookSchema, "It begins there again"), ...refusalResponses },
});

export const deliveriesRoute = createRoute({
  ...byAdmins,
  method: "get",
  path: "/webhooks/{webhookId}/deliveries",
  operationId: "listWebhookDeliveries",
  tags,
  summary: "What was sent in the last 30 days, and what came of it",
  description: "The newest first, by when they changed last.",
  request: {
    params,
    query: pageQuerySchema.extend({ status: z.enum(DELIVERY_STATUSES).optional() }),
  },
  responses: {
    200: jsonResponse(pageSchema(deliverySchemaView), "One page"),
    ...notFoundResponse,
    ...invalidResponse,
  },
});

export const redeliverRoute = createRoute({
  ...byAdmins,
  method: "post",
  path: "/webhooks/{webhookId}/deliveries/{deliveryId}/redeliver",
  operationId: "redeliverWebhook",
  tags,
  summary: "Send a delivery again, at once and with all further tries",
  request: { params: deliveryParams },
  responses: {
    200: jsonResponse(deliverySchemaView, "It will be sent at once"),
    ...refusalResponses,
  },
});
