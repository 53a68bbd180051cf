import { REPORT_FORMATS, REPORTS } from "@clockleaf/shared/events/reporting.ts";
import { tokenSchema } from "@clockleaf/shared/subjects.ts";
import { createRoute, z } from "@hono/zod-openapi";
import { guarded } from "../api/guard.ts";
import {
  invalidResponse,
  jsonBody,
  jsonResponse,
  notFoundResponse,
  pageQuerySchema,
  pageSchema,
  refusalResponses,
} from "../api/router.ts";
import { spanOf } from "../api/span.ts";
import { MAX_DAYS } from "./decider.ts";
import { reportSchema } from "./views.ts";

const tags = ["reports"];
const span = spanOf({ first: "fromOn", last: "toOn", mostDays: MAX_DAYS - 1 });
const only = tokenSchema.nullable().default(null);

const newReportSchema = z
  .strictObject({
    report: z.enum(REPORTS),
    format: z.enum(REPORT_FORMATS),
    fromOn: z.iso.date(),
    toOn: z.iso.date().describe("Last day, included; at most 400 days"),
    site: only.describe("Only people who work there"),
    departmentId: only.describe("Only people of the department"),
    employeeId: only.describe("Only this person"),
  })
  .superRefine(span.check)
  .meta({ id: "NewReport" });

export const requestRoute = createRoute({
  method: "post",
  path: "/reports",
  operationId: "requestReport",
  ...span.document,
  ...guarded({ permission: "reports.request", about: "each" }),
  tags,
  summary: "Ask for a report",
  description:
    "It is made in the background: follow `Location` until it has ended; its `result` is the report, which names the " +
    "document to fetch.",
  request: { body: jsonBody(newReportSchema) },
  responses: { 202: jsonResponse(reportSchema, "It will be made"), ...refusalResponses },
});

export const listRoute = createRoute({
  method: "get",
  path: "/reports",
  operationId: "listReports",
  ...guarded({ permission: "reports.request", about: "each" }),
  tags,
  summary: "Reports the caller asked for (for who may oversee them everybody's), newest first",
  request: { query: pageQuerySchema },
  responses: { 200: jsonResponse(pageSchema(reportSchema), "One page"), ...invalidResponse },
});

export const showRoute = createRoute({
  method: "get",
  path: "/reports/{reportId}",
  operationId: "showReport",
  ...guarded({ permission: "reports.request", about: "each" }),
  tags,
  summary: "How far a report is, and where it lies",
  request: { params: z.object({ reportId: tokenSchema }) },
  responses: {
    200: jsonResponse(reportSchema, "The report"),
    ...notFoundResponse,
    ...invalidResponse,
  },
});
