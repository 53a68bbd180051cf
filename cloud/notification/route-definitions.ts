import { CHANNELS, tokenSchema } from "@clockleaf/shared/subjects.ts";
import { createRoute, z } from "@hono/zod-openapi";
import { forOneself, guarded } from "../api/guard.ts";
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
import { KIND, KINDS } from "./kinds.ts";
import { kindSchema, messageSchema, preferencesSchema, STATUSES, shownSchema } from "./views.ts";

const tags = ["notifications"];
const idParams = z.object({ notificationId: tokenSchema });
const personParams = z.object({ employeeId: tokenSchema });
const localeSchema = z
  .string()
  .regex(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/)
  .max(35)
  .describe("BCP 47");

const MANDATORY = "needs a channel: nobody can do without it";
const CHANNELS_BY_KIND = Object.fromEntries(
  KINDS.map((kind) => {
    const channels = z.array(z.enum(CHANNELS).exclude(["webhook"])).max(3);
    return [kind, (KIND[kind].isMandatory ? channels.min(1, MANDATORY) : channels).optional()];
  }),
);

export const logRoute = createRoute({
  method: "get",
  path: "/notifications",
  operationId: "listNotifications",
  ...guarded({ permission: "messages.read", about: "each" }),
  summary: "The delivery log, the newest first",
  description: "Holds neither addresses nor texts.",
  tags,
  request: {
    query: pageQuerySchema.extend({
      employeeId: tokenSchema.optional(),
      target: tokenSchema.optional(),
      channel: z.enum(CHANNELS).optional(),
      template: z.string().max(64).optional(),
      status: z.enum(STATUSES).optional(),
    }),
  },
  responses: { 200: jsonResponse(pageSchema(messageSchema), "One page"), ...invalidResponse },
});

export const summaryRoute = createRoute({
  method: "get",
  path: "/notifications/summary",
  operationId: "summariseNotifications",
  ...guarded({ permission: "messages.read", about: "each" }),
  summary: "How many messages stand where",
  tags,
  responses: {
    200: jsonResponse(
      z.object({
        items: z.array(
          z.object({ channel: z.enum(CHANNELS), status: z.enum(STATUSES), count: z.int() }),
        ),
      }),
      "By channel and status",
    ),
  },
});

export const showRoute = createRoute({
  method: "get",
  path: "/notifications/{notificationId}",
  operationId: "showNotification",
  ...guarded({ permission: "messages.read", about: "each" }),
  summary: "One message with all its tries",
  tags,
  request: { params: idParams },
  responses: {
    200: jsonResponse(messageSchema, "The message"),
    ...notFoundResponse,
    ...invalidResponse,
  },
});

export const resendRoute = createRoute({
  method: "post",
  path: "/notifications/{notificationId}/resend",
  operationId: "resendNotification",
  ...guarded({ permission: "messages.manage", about: "each" }),
  summary: "Send a message again that was given up, suppressed or is in doubt",
  description:
    "Of one in doubt, the recipient may already have it: that is why nobody but a person sends it again. A message that was " +
    "sent is not sent twice.",
  tags,
  request: { params: idParams },
  responses: { 200: jsonResponse(messageSchema, "It waits to be sent"), ...refusalResponses },
});

export const mineRoute = createRoute({
  method: "get",
  path: "/me/notifications",
  operationId: "listMyNotifications",
  ...forOneself,
  summary: "Messages shown to the person the key acts for, the newest first",
  tags,
  request: {
    query: pageQuerySchema.extend({
      unread: z.enum(["true", "false"]).optional().describe("true: only unread ones"),
    }),
  },
  responses: {
    200: jsonResponse(pageSchema(shownSchema), "One page; empty for a key that acts for nobody"),
    ...invalidResponse,
  },
});

export const readRoute = createRoute({
  method: "post",
  path: "/me/notifications/{notificationId}/read",
  operationId: "markNotificationRead",
  ...forOneself,
  summary: "Mark a message as read",
  tags,
  request: { params: idParams },
  responses: { 204: { description: "Read, now or before" }, ...refusalResponses },
});

export const preferencesRoute = createRoute({
  method: "get",
  path: "/notification-preferences/{employeeId}",
  operationId: "showNotificationPreferences",
  ...guarded({ permission: "messages.choose", about: "person" }),
  summary: "What somebody wants to be told, and how",
  tags,
  request: { params: personParams },
  responses: {
    200: jsonResponse(preferencesSchema, "What was set; the ETag is their version"),
    ...refusalResponses,
  },
});

export const setPreferencesRoute = createRoute({
  method: "put",
  path: "/notification-preferences/{employeeId}",
  operationId: "setNotificationPreferences",
  ...guarded({ permission: "messages.choose", about: "person" }),
  summary: "Set what one wants to be told, and how",
  description: "Needs `If-Match` with the ETag as read.",
  tags,
  request: {
    params: personParams,
    body: jsonBody(
      z
        .strictObject({
          locale: localeSchema.nullable().default(null),
          channels: z.strictObject(CHANNELS_BY_KIND).default({}),
        })
        .meta({ id: "NewNotificationPreferences" }),
    ),
  },
  responses: {
    200: jsonResponse(preferencesSchema, "Set, now or before"),
    ...refusalResponses,
    ...preconditionResponses,
  },
});

export const kindsRoute = createRoute({
  method: "get",
  path: "/notification-templates",
  operationId: "listNotificationTemplates",
  ...guarded({ permission: "messages.read", about: "anybody" }),
  summary: "Every kind of message",
  tags,
  responses: { 200: jsonResponse(z.object({ items: z.array(kindSchema) }), "All kinds") },
});

export const previewRoute = createRoute({
  method: "get",
  path: "/notification-templates/{kind}/preview",
  operationId: "previewNotificationTemplate",
  ...guarded({ permission: "messages.read", about: "anybody" }),
  summary: "A template filled with made-up values",
  tags,
  request: {
    params: z.object({ kind: z.enum(KINDS) }),
    query: z.object({ locale: localeSchema.optional() }),
  },
  responses: {
    200: jsonResponse(
      z.object({ subject: z.string(), text: z.string(), html: z.string() }),
      "As it would be sent",
    ),
    ...invalidResponse,
  },
});
