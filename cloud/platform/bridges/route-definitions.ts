import { createRoute, z } from "@hono/zod-openapi";
import { guarded } from "../../api/guard.ts";
import { invalidResponse, jsonResponse, pageQuerySchema, pageSchema } from "../../api/router.ts";
import { feedSchema } from "./views.ts";

export const listBridgesRoute = createRoute({
  ...guarded({ permission: "platform.read", about: "company" }),
  method: "get",
  path: "/bridges",
  operationId: "listBridges",
  summary: "Feeds to other brokers: how far each is, and what it waits for",
  description:
    "What the process that runs a feed posted last; a feed whose process has been quiet for ten seconds is `silent`.",
  tags: ["platform"],
  request: {
    query: pageQuerySchema.extend({
      destination: z.string().min(1).max(64).optional(),
      isWell: z.enum(["true", "false"]).optional().describe("Only feeds that are well, or not"),
    }),
  },
  responses: { 200: jsonResponse(pageSchema(feedSchema), "One page"), ...invalidResponse },
});
