import { tokenSchema } from "@clockleaf/shared/subjects.ts";
import { createRoute, z } from "@hono/zod-openapi";
import { guarded } from "../../api/guard.ts";
import { invalidResponse, jsonResponse, notFoundResponse } from "../../api/router.ts";
import { explanationSchema } from "./views.ts";

export const explainRoute = createRoute({
  ...guarded({ permission: "time.read", about: "person" }),
  method: "get",
  path: "/timesheets/{employeeId}/{date}/explain",
  operationId: "explainTimesheet",
  summary: "Why a workday says what it says, down to punches and rules",
  description:
    "Computed anew from everything known of the person and the rules in force; nothing is stored. `stored` tells whether the day as it was told last says the same.",
  tags: ["attendance"],
  request: { params: z.object({ employeeId: tokenSchema, date: z.iso.date() }) },
  responses: {
    200: jsonResponse(explanationSchema, "The day and all it rests on"),
    ...notFoundResponse,
    ...invalidResponse,
  },
});
