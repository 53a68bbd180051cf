import { tokenSchema } from "@clockleaf/shared/subjects.ts";
import {
  exceptionKindSchema,
  severitySchema,
} from "@clockleaf/shared/worktime/exceptions/catalogue.ts";
import { createRoute, z } from "@hono/zod-openapi";
import { guarded } from "../../api/guard.ts";
import {
  invalidResponse,
  jsonBody,
  jsonResponse,
  pageQuerySchema,
  pageSchema,
  refusalResponses,
} from "../../api/router.ts";
import { tableResponse } from "../../api/tables.ts";
import { EXCEPTION_COLUMNS } from "../route-tables.ts";
import { EXCEPTION_STATES } from "./projection.ts";
import { exceptionSchema, exceptionSummarySchema } from "./views.ts";

const tags = ["exceptions"];
const filters = {
  from: z.iso.date().default("0000-01-01"),
  to: z.iso.date().default("9999-12-31"),
  site: tokenSchema.optional(),
  employeeId: tokenSchema.optional(),
  kind: exceptionKindSchema.optional(),
  severity: severitySchema.optional(),
};
const stateSchema = z
  .enum([...EXCEPTION_STATES, "open", "all"])
  .describe("`open`: premature and active");

export const listRoute = createRoute({
  method: "get",
  path: "/exceptions",
  operationId: "listExceptions",
  ...guarded({ permission: "time.read", about: "each" }),
  summary: "What somebody must look at, by date and employee",
  tags,
  request: {
    query: pageQuerySchema.extend({ ...filters, state: stateSchema.default("open") }),
  },
  responses: {
    200: tableResponse(pageSchema(exceptionSchema), "One page", {
      name: "exceptions",
      rows: ({ items }) => items,
      columns: EXCEPTION_COLUMNS,
    }),
    ...invalidResponse,
  },
});

export const summaryRoute = createRoute({
  ...guarded({ permission: "time.read", about: "each" }),
  method: "get",
  path: "/exceptions/summary",
  operationId: "summariseExceptions",
  summary: "How many there are: by state, severity, kind and site",
  tags,
  request: { query: z.object({ ...filters, state: stateSchema.default("all") }) },
  responses: { 200: jsonResponse(exceptionSummarySchema, "Counts"), ...invalidResponse },
});

const whichSchema = z.strictObject({
  employeeId: tokenSchema,
  workdayOn: z.iso.date(),
  kind: exceptionKindSchema,
  revision: z
    .int()
    .min(1)
    .optional()
    .describe("Of the day as it was looked at: refused if it has changed since"),
});

export const reviewRoute = createRoute({
  method: "post",
  path: "/exceptions/review",
  operationId: "reviewExceptions",
  ...guarded({ permission: "time.approve", about: "each" }),
  summary: "Mark exceptions as reviewed or resolved, or open them again",
  description:
    "Each item has its own result. What is blocking cannot be resolved by hand: it goes away once the punches are corrected.",
  tags,
  request: {
    body: jsonBody(
      z
        .strictObject({
          outcome: z.enum(["reviewed", "resolved", "reopened"]),
          note: z.string().trim().max(500).default(""),
          items: z.array(whichSchema).min(1).max(200),
        })
        .meta({ id: "ExceptionReview" }),
    ),
  },
  responses: {
    200: jsonResponse(
      z
        .object({
          items: z.array(
            whichSchema.omit({ revision: true }).extend({
              code: z.string().describe("`done`, or the code of the rule that said no"),
              detail: z.string(),
              exception: exceptionSchema.nullable(),
            }),
          ),
        })
        .meta({ id: "ExceptionReviewResult" }),
      "What became of each",
    ),
    ...refusalResponses,
  },
});
