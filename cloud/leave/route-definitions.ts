import { tokenSchema } from "@clockleaf/shared/subjects.ts";
import { createRoute, z } from "@hono/zod-openapi";
import { guarded } from "../api/guard.ts";
import { movesMoney } from "../api/idempotency.ts";
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
import { tableResponse } from "../api/tables.ts";
import { CALENDAR_DATES } from "./calendar.ts";
import { LEAVE_STATUSES } from "./projection.ts";
import { LINE_COLUMNS, linesOf } from "./route-tables.ts";
import {
  accountSchema,
  calendarSchema,
  holidaysSchema,
  leaveSchema,
  previewSchema,
} from "./views.ts";

const tags = ["leave"];
/** 366 days: a year. */
const span = spanOf({ first: "from", last: "to", mostDays: 365, within: CALENDAR_DATES });
const key = tokenSchema
  .optional()
  .describe(
    "Of the caller's making: the same key again is the same request. Left out: one is made",
  );
const reason = z.string().trim().min(1).max(300);
const leaveParams = z.object({ leaveId: tokenSchema });
const accountParams = z.object({ employeeId: tokenSchema });

const newLeaveSchema = z
  .strictObject({
    employeeId: tokenSchema.optional().describe("Left out: the person that the API key acts for"),
    policy: tokenSchema.describe("Name of the leave policy in the configuration"),
    fromOn: z.iso.date(),
    toOn: z.iso.date().describe("Last day, included"),
    secondsADay: z
      .int()
      .min(1)
      .max(86_400)
      .nullable()
      .default(null)
      .describe("How much of each day, seconds; null = whole days"),
    note: z.string().trim().max(500).default("").describe("For who approves; kept sealed"),
    key,
    preview: z.boolean().default(false).describe("Only say what it would come to"),
  })
  .meta({ id: "NewLeave" });

const cancellationSchema = z
  .strictObject({
    untilOn: z.iso
      .date()
      .nullable()
      .default(null)
      .describe("Last day that still counts; null = today if it has begun, else none"),
    reason,
  })
  .meta({ id: "LeaveCancellation" });

const adjustmentSchema = z
  .strictObject({
    policy: tokenSchema,
    minutes: z
      .int()
      .min(-1_000_000)
      .max(1_000_000)
      .refine((minutes) => minutes !== 0, "nothing to adjust")
      .meta({ not: { const: 0 } })
      .describe("Added to the balance; negative takes away"),
    on: z.iso.date().optional().describe("The date it counts from; default today"),
    kind: z.enum(["adjustment", "opening"]).default("adjustment"),
    reason,
    key,
  })
  .meta({ id: "LeaveAdjustment" });

export const listRoute = createRoute({
  method: "get",
  path: "/leave",
  operationId: "listLeave",
  ...guarded({ permission: "leave.read", about: "each" }),
  summary: "Leave by first day, whatever has become of it",
  description: "Of the people whom the caller may see.",
  tags,
  request: {
    query: pageQuerySchema.extend({
      employeeId: tokenSchema.optional(),
      departmentId: tokenSchema.optional(),
      status: z.enum(LEAVE_STATUSES).optional(),
      code: z.string().max(32).optional(),
      from: z.iso.date().optional().describe("Only leave that ends on this day or later"),
      to: z.iso.date().optional().describe("Only leave that begins on this day or before"),
    }),
  },
  responses: { 200: jsonResponse(pageSchema(leaveSchema), "One page"), ...invalidResponse },
});

export const showRoute = createRoute({
  method: "get",
  path: "/leave/{leaveId}",
  operationId: "showLeave",
  ...guarded({ permission: "leave.read", about: "each" }),
  summary: "One leave",
  tags,
  request: { params: leaveParams },
  responses: {
    200: jsonResponse(leaveSchema, "The leave; the ETag is its version"),
    ...notFoundResponse,
    ...invalidResponse,
  },
});

export const requestRoute = createRoute({
  method: "post",
  path: "/leave",
  operationId: "requestLeave",
  ...guarded({ permission: "leave.request", about: "each" }),
  summary: "Ask for leave, or see what it would come to",
  description:
    "Counts the working days by the calendar of the person's site. With a policy that needs no approval it is approved at once.",
  tags,
  request: {
    query: z.object({
      preview: z.string().max(5).optional().describe("Given and not `false`: as in the body"),
    }),
    body: jsonBody(newLeaveSchema),
  },
  responses: {
    201: jsonResponse(leaveSchema, "Asked for"),
    200: jsonResponse(
      z.union([leaveSchema, previewSchema]),
      "Asked for before under this key; or the preview",
    ),
    ...refusalResponses,
  },
});

export const cancelRoute = createRoute({
  method: "post",
  path: "/leave/{leaveId}/cancel",
  operationId: "cancelLeave",
  ...guarded({ permission: "leave.request", about: "each" }),
  summary: "Take leave back before it begins, or end it early",
  description: "What was not taken returns to the account.",
  tags,
  request: { params: leaveParams, body: jsonBody(cancellationSchema) },
  responses: {
    200: jsonResponse(leaveSchema, "Cancelled, now or before"),
    ...refusalResponses,
  },
});

export const accountRoute = createRoute({
  method: "get",
  path: "/leave/accounts/{employeeId}",
  operationId: "showLeaveAccount",
  ...guarded({ permission: "leave.read", about: "person" }),
  summary: "A person's balances and every line that they are the sums of",
  tags,
  request: { params: accountParams },
  responses: {
    200: tableResponse(accountSchema, "The accounts; the ETag is their version", {
      name: "leave-account",
      rows: linesOf,
      columns: LINE_COLUMNS,
    }),
    ...notFoundResponse,
    ...invalidResponse,
  },
});

export const adjustRoute = createRoute({
  method: "post",
  path: "/leave/accounts/{employeeId}/adjust",
  operationId: "adjustLeaveAccount",
  ...guarded({ permission: "leave.adjust", about: "person" }),
  ...movesMoney,
  summary: "Post a line by hand: a correction, or an opening balance",
  tags,
  request: { params: accountParams, body: jsonBody(adjustmentSchema) },
  responses: {
    200: jsonResponse(accountSchema, "Posted, now or before"),
    ...refusalResponses,
  },
});

export const calendarRoute = createRoute({
  method: "get",
  path: "/leave/calendar",
  operationId: "showLeaveCalendar",
  ...span.document,
  ...guarded({ permission: "leave.read", about: "each" }),
  summary: "Who of a site is off, and its holidays",
  description: "At most 366 days; of the people whom the caller may see.",
  tags,
  request: {
    query: z
      .object({ site: tokenSchema, from: z.iso.date(), to: z.iso.date() })
      .superRefine(span.check),
  },
  responses: { 200: jsonResponse(calendarSchema, "The calendar"), ...invalidResponse },
});

export const holidaysRoute = createRoute({
  method: "get",
  path: "/sites/{site}/holidays",
  operationId: "listSiteHolidays",
  ...guarded({ permission: "leave.read", about: "anybody" }),
  summary: "Public holidays of a site and its own days off",
  tags,
  request: {
    params: z.object({ site: tokenSchema }),
    query: z.object({
      year: z.coerce.number().int().min(1970).max(2100).optional().describe("Default: this year"),
    }),
  },
  responses: { 200: jsonResponse(holidaysSchema, "By date"), ...invalidResponse },
});
