import { tokenSchema } from "@clockleaf/shared/subjects.ts";
import { createRoute, z } from "@hono/zod-openapi";
import { guarded } from "../../api/guard.ts";
import { invalidResponse, jsonResponse, notFoundResponse } from "../../api/router.ts";
import { completenessSchema } from "./views.ts";

export const completenessRoute = createRoute({
  method: "get",
  path: "/sites/{site}/completeness",
  operationId: "showCompleteness",
  ...guarded({ permission: "time.read", about: "site" }),
  summary: "Up to when everything a site recorded has arrived, and who holds it back",
  description: "Nobody is absent, and no day complete, before this has passed the end of the day.",
  tags: ["sites"],
  request: { params: z.object({ site: tokenSchema }) },
  responses: {
    200: jsonResponse(completenessSchema, "How far the site is"),
    ...notFoundResponse,
    ...invalidResponse,
  },
});
