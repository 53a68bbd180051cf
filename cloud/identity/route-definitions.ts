import { emailInput } from "@clockleaf/shared/lib/email-input.ts";
import { tokenSchema } from "@clockleaf/shared/subjects.ts";
import { createRoute, z } from "@hono/zod-openapi";
import { forOneself, guarded } from "../api/guard.ts";
import { needs } from "../api/needs.ts";
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
import { ROLES } from "./permissions.ts";
import { apiKeySchema, grantViewSchema, meSchema, userSchema } from "./views.ts";

const managed = guarded({ permission: "identity.manage", about: "company" });
const users = { tags: ["users"], ...managed };
const apiKeys = { tags: ["api-keys"], ...managed };
const userParams = z.object({ userId: tokenSchema });
const keyParams = z.object({ keyId: tokenSchema });

const grants = z.array(grantViewSchema).max(32);
const loginFields = {
  displayName: z.string().trim().min(1).max(120).nullable(),
  email: emailInput
    .toLowerCase()
    .nullable()
    .describe("Who logs in with it, verified by the provider, gets the account, once"),
  issuer: z.url().max(512).nullable().describe("With `subject`: the login that it belongs to"),
  subject: z.string().min(1).max(255).nullable(),
  employeeId: tokenSchema.nullable().describe("The person behind it"),
};

const newUserSchema = z
  .strictObject({
    userId: tokenSchema.optional().describe("Left out: a new one"),
    displayName: loginFields.displayName.default(null),
    email: loginFields.email.default(null),
    issuer: loginFields.issuer.default(null),
    subject: loginFields.subject.default(null),
    employeeId: loginFields.employeeId.default(null),
    grants: grants.default([]),
  })
  .refine(({ issuer, subject }) => (issuer === null) === (subject === null), {
    message: "issuer and subject belong together",
    path: ["subject"],
  })
  .refine(({ email, subject }) => email !== null || subject !== null, {
    message: "an e-mail address, or issuer and subject, must be given",
    path: ["email"],
  })
  .meta({
    id: "NewUser",
    anyOf: [
      {
        required: ["email"],
        properties: {
          email: { type: "string" },
          issuer: { type: "null" },
          subject: { type: "null" },
        },
      },
      {
        required: ["issuer", "subject"],
        properties: { issuer: { type: "string" }, subject: { type: "string" } },
      },
    ],
  });

const userPatchSchema = z
  .strictObject(loginFields)
  .partial()
  .meta({ id: "UserPatch", description: "JSON merge patch: what is left out stays" });

export const listUsersRoute = createRoute({
  ...users,
  method: "get",
  path: "/users",
  operationId: "listUsers",
  summary: "Accounts of people and machines that log in",
  request: {
    query: pageQuerySchema.extend({
      status: z.enum(["active", "disabled", "erased"]).optional(),
      role: z.enum(ROLES).optional(),
      email: z.string().max(254).toLowerCase().optional(),
      employeeId: tokenSchema.optional(),
    }),
  },
  responses: { 200: jsonResponse(pageSchema(userSchema), "One page"), ...invalidResponse },
});

export const createUserRoute = createRoute({
  ...users,
  method: "post",
  path: "/users",
  operationId: "createUser",
  summary: "Make an account",
  description:
    "By e-mail address: it is bound to the first login that the provider has verified it for.",
  request: { body: jsonBody(newUserSchema) },
  responses: {
    200: jsonResponse(userSchema, "It is there, just so"),
    201: jsonResponse(userSchema, "Made"),
    ...refusalResponses,
  },
});

export const showUserRoute = createRoute({
  ...users,
  method: "get",
  path: "/users/{userId}",
  operationId: "showUser",
  summary: "One account",
  request: { params: userParams },
  responses: {
    200: jsonResponse(userSchema, "The account"),
    ...notFoundResponse,
    ...invalidResponse,
  },
});

export const patchUserRoute = createRoute({
  ...users,
  method: "patch",
  path: "/users/{userId}",
  operationId: "changeUser",
  summary: "Change an account, but for its grants",
  request: { params: userParams, body: jsonBody(userPatchSchema) },
  responses: {
    200: jsonResponse(userSchema, "Changed"),
    ...refusalResponses,
    ...preconditionResponses,
  },
});

export const setGrantsRoute = createRoute({
  ...users,
  method: "put",
  path: "/users/{userId}/grants",
  operationId: "setUserGrants",
  summary: "Say what somebody may do, and where",
  description:
    "In force in every process within a second. Nobody takes their own role admin away, nor that of the last one who has it.",
  request: { params: userParams, body: jsonBody(z.strictObject({ grants })) },
  responses: {
    200: jsonResponse(userSchema, "Set"),
    ...refusalResponses,
    ...preconditionResponses,
  },
});

export const disableUserRoute = createRoute({
  ...users,
  method: "post",
  path: "/users/{userId}/disable",
  operationId: "disableUser",
  summary: "Let somebody in no more; sessions and tokens end with it",
  request: { params: userParams },
  responses: { 200: jsonResponse(userSchema, "Disabled, now or before"), ...refusalResponses },
});

export const enableUserRoute = createRoute({
  ...users,
  method: "post",
  path: "/users/{userId}/enable",
  operationId: "enableUser",
  summary: "Let somebody in again",
  request: { params: userParams },
  responses: { 200: jsonResponse(userSchema, "Enabled, now or before"), ...refusalResponses },
});

const shownOnceSchema = z
  .object({ key: z.string().describe("Shown this once"), apiKey: apiKeySchema })
  .meta({ id: "ShownApiKey" });
const newKeySchema = z
  .strictObject({
    name: z
      .string()
      .regex(/^[A-Za-z0-9_.-]{1,64}$/, "use 1 to 64 of A-Z a-z 0-9 _ . -")
      .describe("Stands in what its holder does"),
    scopes: z
      .array(z.enum(["read", "write", "admin"]))
      .max(3)
      .default([]),
    grants: grants.default([]),
    employeeId: tokenSchema.nullable().default(null).describe("The person it acts for"),
    expiresAt: z.iso.datetime({ offset: true }).nullable().default(null),
  })
  .refine(({ scopes, grants: held }) => scopes.length + held.length > 0, {
    message: "give it scopes or grants, or it may do nothing",
    path: ["scopes"],
  })
  .meta({
    id: "NewApiKey",
    anyOf: ["scopes", "grants"].map((name) => needs(name, { minItems: 1 })),
  });

export const listKeysRoute = createRoute({
  ...apiKeys,
  method: "get",
  path: "/api-keys",
  operationId: "listApiKeys",
  summary: "Keys that were issued over the API; those of the configuration are not among them",
  request: { query: pageQuerySchema },
  responses: { 200: jsonResponse(pageSchema(apiKeySchema), "One page"), ...invalidResponse },
});

export const showKeyRoute = createRoute({
  ...apiKeys,
  method: "get",
  path: "/api-keys/{keyId}",
  operationId: "showApiKey",
  summary: "One key",
  request: { params: keyParams },
  responses: {
    200: jsonResponse(apiKeySchema, "The key"),
    ...notFoundResponse,
    ...invalidResponse,
  },
});

export const issueKeyRoute = createRoute({
  ...apiKeys,
  method: "post",
  path: "/api-keys",
  operationId: "issueApiKey",
  summary: "Issue a key; it is shown once, and only its hash is kept",
  request: { body: jsonBody(newKeySchema) },
  responses: { 201: jsonResponse(shownOnceSchema, "Issued"), ...refusalResponses },
});

export const rotateKeyRoute = createRoute({
  ...apiKeys,
  method: "post",
  path: "/api-keys/{keyId}/rotate",
  operationId: "rotateApiKey",
  summary: "Put another key in its place",
  request: {
    params: keyParams,
    body: jsonBody(
      z.strictObject({
        graceSeconds: z
          .int()
          .min(0)
          .max(7 * 86_400)
          .default(0)
          .describe("How long the key before goes on to open, so that its holder can change over"),
      }),
    ),
  },
  responses: { 200: jsonResponse(shownOnceSchema, "The new one"), ...refusalResponses },
});

export const revokeKeyRoute = createRoute({
  ...apiKeys,
  method: "post",
  path: "/api-keys/{keyId}/revoke",
  operationId: "revokeApiKey",
  summary: "End a key for good, in every process within a second",
  request: { params: keyParams },
  responses: { 200: jsonResponse(apiKeySchema, "Revoked, now or before"), ...refusalResponses },
});

export const meRoute = createRoute({
  method: "get",
  path: "/me",
  operationId: "showMe",
  ...forOneself,
  summary: "Who the caller is and what they may do where",
  tags: ["users"],
  responses: { 200: jsonResponse(meSchema, "The caller") },
});
