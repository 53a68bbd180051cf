import { createRoute, z } from "@hono/zod-openapi";
import { guarded } from "../../api/guard.ts";
import { needs } from "../../api/needs.ts";
import {
  invalidResponse,
  jsonBody,
  jsonResponse,
  notFoundResponse,
  pageQuerySchema,
  pageSchema,
} from "../../api/router.ts";
import { letterSchema, letterSeqSchema, retriedSchema, shownLetterSchema } from "./views.ts";

const tags = ["platform"];
const name = z.string().min(1).max(128);
const params = z.object({ letter: letterSeqSchema });
const filters = {
  consumer: name
    .optional()
    .describe("The consumer that gave up, or the reaction that it is a share of"),
  stream: name.optional(),
  code: name.optional(),
};

export const listLettersRoute = createRoute({
  ...guarded({ permission: "platform.read", about: "company" }),
  method: "get",
  path: "/dead-letters",
  operationId: "listDeadLetters",
  summary: "Messages that could not be handled, oldest first",
  tags,
  request: { query: pageQuerySchema.extend(filters) },
  responses: { 200: jsonResponse(pageSchema(letterSchema), "One page"), ...invalidResponse },
});

export const showLetterRoute = createRoute({
  ...guarded({ permission: "platform.read", about: "company" }),
  method: "get",
  path: "/dead-letters/{letter}",
  operationId: "showDeadLetter",
  summary: "One dead letter with its headers and, without what is personal, its body",
  tags,
  request: { params },
  responses: {
    200: jsonResponse(shownLetterSchema, "The dead letter"),
    ...notFoundResponse,
    ...invalidResponse,
  },
});

export const retryLetterRoute = createRoute({
  ...guarded({ permission: "platform.manage", about: "company" }),
  method: "post",
  path: "/dead-letters/{letter}/retry",
  operationId: "retryDeadLetter",
  summary: "Have its consumer handle the original message once more",
  description:
    "It comes late, behind messages that came after it, but never beside another of the same aggregate. It stays a dead letter unless the outcome is `done`.",
  tags,
  request: { params },
  responses: {
    200: jsonResponse(retriedSchema, "What became of it"),
    ...notFoundResponse,
    ...invalidResponse,
  },
});

export const retryLettersRoute = createRoute({
  ...guarded({ permission: "platform.manage", about: "company" }),
  method: "post",
  path: "/dead-letters:retry",
  operationId: "retryDeadLetters",
  summary: "Have many dead letters handled again, one after the other, oldest first",
  description:
    "Those named, or those that the filter lets through. Each has its own result. A request tries what it can in 20 seconds; what it had no time for says `not-tried`.",
  tags,
  request: {
    body: jsonBody(
      z
        .strictObject({
          letters: z.array(z.int().min(1)).min(1).max(100).optional(),
          ...filters,
          limit: z.int().min(1).max(100).default(100).describe("At most so many of the filtered"),
        })
        .refine(
          ({ letters, consumer, stream, code }) =>
            (letters === undefined) !== [consumer, stream, code].every((one) => one === undefined),
          { message: "name letters, or at least one of consumer, stream and code" },
        )
        .meta({
          id: "DeadLetterRetry",
          oneOf: [needs("letters"), { anyOf: Object.keys(filters).map((filter) => needs(filter)) }],
        }),
    ),
  },
  responses: {
    200: jsonResponse(
      z
        .object({ isAllDone: z.boolean(), items: z.array(retriedSchema) })
        .meta({ id: "DeadLetterRetryResult" }),
      "What became of each",
    ),
    ...invalidResponse,
  },
});
