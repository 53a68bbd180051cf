import { createRoute, z } from "@hono/zod-openapi";
import { guarded } from "../../api/guard.ts";
import {
  invalidResponse,
  jsonResponse,
  notFoundResponse,
  pageQuerySchema,
  pageSchema,
} from "../../api/router.ts";
import { streamSchema } from "./views.ts";

const tags = ["platform"];

export const listStreamsRoute = createRoute({
  ...guarded({ permission: "platform.read", about: "company" }),
  method: "get",
  path: "/streams",
  operationId: "listStreams",
  summary: "Every stream and bucket: what is in it, its copies, and how far its readers are",
  tags,
  request: {
    query: pageQuerySchema.extend({ kind: streamSchema.shape.kind.optional() }),
  },
  responses: { 200: jsonResponse(pageSchema(streamSchema), "One page"), ...invalidResponse },
});

export const showStreamRoute = createRoute({
  ...guarded({ permission: "platform.read", about: "company" }),
  method: "get",
  path: "/streams/{stream}",
  operationId: "showStream",
  summary: "One stream or bucket",
  tags,
  request: { params: z.object({ stream: z.string().min(1).max(64) }) },
  responses: {
    200: jsonResponse(streamSchema, "The stream"),
    ...notFoundResponse,
    ...invalidResponse,
  },
});
