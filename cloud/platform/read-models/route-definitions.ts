import { createRoute, z } from "@hono/zod-openapi";
import { guarded } from "../../api/guard.ts";
import {
  invalidResponse,
  jsonResponse,
  notFoundResponse,
  pageQuerySchema,
  pageSchema,
} from "../../api/router.ts";
import { readModelSchema } from "./views.ts";

const tags = ["platform"];
const name = z.string().regex(/^[a-z0-9-]{1,64}$/, "use a-z 0-9 -");

export const listReadModelsRoute = createRoute({
  ...guarded({ permission: "platform.read", about: "company" }),
  method: "get",
  path: "/read-models",
  operationId: "listReadModels",
  summary: "What is derived from the streams: how far each read model is, and its faults",
  tags,
  request: { query: pageQuerySchema.extend({ name: name.optional() }) },
  responses: { 200: jsonResponse(pageSchema(readModelSchema), "One page"), ...invalidResponse },
});

export const rebuildReadModelRoute = createRoute({
  ...guarded({ permission: "platform.manage", about: "company" }),
  method: "post",
  path: "/read-models/{name}/rebuild",
  operationId: "rebuildReadModel",
  summary: "Ask for a read model's rows to be built again from the stream",
  description:
    "New rows are built beside those that answer, and take their place once they have caught up; GET /read-models shows how far they are. The process that applies the events does it: now, or at its next start.",
  tags,
  request: { params: z.object({ name }) },
  responses: {
    202: jsonResponse(
      z.object({ items: z.array(readModelSchema) }).meta({ id: "ReadModelRebuild" }),
      "Asked for",
    ),
    ...notFoundResponse,
    ...invalidResponse,
  },
});
