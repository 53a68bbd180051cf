import { tokenSchema } from "@clockleaf/shared/subjects.ts";
import { createRoute, z } from "@hono/zod-openapi";
import { guarded } from "../../api/guard.ts";
import {
  invalidResponse,
  jsonBody,
  jsonResponse,
  notFoundResponse,
  refusalResponses,
} from "../../api/router.ts";
import { spanOf } from "../../api/span.ts";
import { dayViewSchema } from "../views.ts";

const tags = ["attendance"];
const LEVELS = ["employee", "superior"] as const;
const span = spanOf({ first: "fromOn", last: "toOn", mostDays: 62 });

const revisionSchema = z
  .object({
    revision: z.int().min(1),
    toldAt: z.iso.datetime(),
    eventId: z.string(),
    causationId: z
      .string()
      .nullable()
      .describe("The event that made it so, or what came from outside"),
    correlationId: z.string().nullable(),
    day: dayViewSchema,
  })
  .meta({ id: "WorkdayRevision" });

export const revisionsRoute = createRoute({
  method: "get",
  path: "/timesheets/{employeeId}/{date}/revisions",
  operationId: "listRevisions",
  ...guarded({ permission: "time.read", about: "person" }),
  summary: "Everything a workday has ever said, newest first, each with its cause",
  tags,
  request: {
    params: z.object({ employeeId: tokenSchema, date: z.iso.date() }),
    query: z.object({
      limit: z.coerce.number().int().min(1).max(200).default(50),
      before: z.coerce.number().int().min(1).optional().describe("Only revisions lower than this"),
    }),
  },
  responses: {
    200: jsonResponse(z.object({ items: z.array(revisionSchema) }), "Revisions"),
    ...notFoundResponse,
    ...invalidResponse,
  },
});

export const verifyRoute = createRoute({
  method: "post",
  path: "/employees/{employeeId}/timesheets:verify",
  operationId: "verifyTimesheets",
  ...span.document,
  ...guarded({ permission: "time.correct", about: "person" }),
  summary: "Confirm the days of a time: the employee the own ones, a superior those of others",
  description: "Whatever is decided about these days later takes it back.",
  tags,
  request: {
    params: z.object({ employeeId: tokenSchema }),
    body: jsonBody(
      z
        .strictObject({ fromOn: z.iso.date(), toOn: z.iso.date(), level: z.enum(LEVELS) })
        .superRefine(span.check)
        .meta({ id: "Verification" }),
    ),
  },
  responses: {
    200: jsonResponse(
      z
        .object({
          verificationId: z.string(),
          employeeId: tokenSchema,
          fromOn: z.iso.date(),
          toOn: z.iso.date(),
          level: z.enum(LEVELS),
          by: z.string(),
          at: z.iso.datetime(),
        })
        .meta({ id: "VerificationResult" }),
      "Confirmed",
    ),
    ...refusalResponses,
  },
});
