import { createRoute } from "@hono/zod-openapi";
import { guarded } from "../../api/guard.ts";
import { jsonResponse } from "../../api/router.ts";
import { leasesSchema } from "./views.ts";

export const showLeasesRoute = createRoute({
  ...guarded({ permission: "platform.read", about: "company" }),
  method: "get",
  path: "/leases",
  operationId: "showLeases",
  summary: "Which process does what just now",
  description:
    "Shares of the work and single tasks, by the process that holds them. A process that dies loses them within three seconds.",
  tags: ["platform"],
  responses: { 200: jsonResponse(leasesSchema, "Who does what") },
});
