import { payAccountSchema } from "@clockleaf/shared/events/payroll.ts";
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
  preconditionResponses,
  putMakes,
  refusalResponses,
} from "../api/router.ts";
import { tableResponse } from "../api/tables.ts";
import { FILE_KINDS } from "./config.ts";
import { payslipExplanationSchema } from "./explain/views.ts";
import { LAYOUT_NAMES } from "./exports/layouts.ts";
import { RESULT_COLUMNS } from "./route-tables.ts";
import {
  accountSchema,
  adjustmentSchema,
  payslipSchema,
  resultSchema,
  runDetailsSchema,
  runSchema,
  salarySchema,
} from "./views.ts";

const tags = ["payroll"];
const personParams = z.object({ employeeId: tokenSchema });
const runParams = z.object({ runId: tokenSchema });
const bytes = (description: string, mediaType: string) => ({
  description,
  content: { [mediaType]: { schema: z.string().meta({ format: "binary" }) } },
});

const { bank, components } = payAccountSchema.shape;
// Events are read with fields they did not have when this was written; what comes in is known to the last field.
const newAccountSchema = z
  .strictObject({
    ...payAccountSchema.omit({ employeeId: true }).shape,
    bank: bank.unwrap().strict().nullable(),
    components: z.array(components.element.strict()).max(64),
  })
  .meta({ id: "NewPayAccount" });

export const showAccountRoute = createRoute({
  method: "get",
  path: "/payroll/accounts/{employeeId}",
  operationId: "showPayAccount",
  ...guarded({ permission: "pay.read", about: "company" }),
  summary: "Somebody's pay account as last entered",
  tags,
  request: { params: personParams },
  responses: { 200: jsonResponse(accountSchema, "The account"), ...refusalResponses },
});

export const putAccountRoute = createRoute({
  method: "put",
  path: "/payroll/accounts/{employeeId}",
  operationId: "putPayAccount",
  ...putMakes,
  ...guarded({ permission: "pay.prepare", about: "company" }),
  summary: "Say how somebody is paid from a day on",
  description:
    "What holds on days before `fromOn` stays. Needs `If-Match` where there is an account already. " +
    "IBAN, BIC and routing number are checked.",
  tags,
  request: { params: personParams, body: jsonBody(newAccountSchema) },
  responses: {
    200: jsonResponse(accountSchema, "Holds from that day on"),
    ...refusalResponses,
    ...preconditionResponses,
  },
});

export const openRunRoute = createRoute({
  method: "post",
  path: "/payroll/runs",
  operationId: "openPayRun",
  ...guarded({ permission: "pay.prepare", about: "company" }),
  ...movesMoney,
  summary: "Open the pay run of a period",
  description:
    "With `people`: a run for these alone, such as final pay before the end of a period.",
  tags,
  request: {
    body: jsonBody(
      z
        .strictObject({
          payGroup: tokenSchema,
          period: z
            .string()
            .max(16)
            .describe("2026-11, 2026-11-1 (half of a month), or the first day of a week"),
          people: z.array(tokenSchema).min(1).max(1000).nullable().default(null),
        })
        .meta({ id: "NewPayRun" }),
    ),
  },
  responses: {
    201: jsonResponse(runSchema, "Opened"),
    200: jsonResponse(runSchema, "It was open already"),
    ...refusalResponses,
  },
});

export const listRunsRoute = createRoute({
  method: "get",
  path: "/payroll/runs",
  operationId: "listPayRuns",
  ...guarded({ permission: "pay.read", about: "company" }),
  summary: "Pay runs, the latest first",
  tags,
  request: { query: pageQuerySchema.extend({ payGroup: tokenSchema.optional() }) },
  responses: {
    200: jsonResponse(pageSchema(runSchema), "One page"),
    ...refusalResponses,
  },
});

export const showRunRoute = createRoute({
  method: "get",
  path: "/payroll/runs/{runId}",
  operationId: "showPayRun",
  ...guarded({ permission: "pay.read", about: "company" }),
  summary: "A pay run: what it comes to, how far it is, and what holds it up",
  tags,
  request: { params: runParams },
  responses: { 200: jsonResponse(runDetailsSchema, "The run"), ...refusalResponses },
});

export const calculateRoute = createRoute({
  method: "post",
  path: "/payroll/runs/{runId}/calculate",
  operationId: "calculatePayRun",
  ...guarded({ permission: "pay.prepare", about: "company" }),
  ...movesMoney,
  summary: "Calculate a run, in the background",
  description:
    "Again after something changed. What did not change keeps its result and payslip. Follow `Location` until it has ended.",
  tags,
  request: { params: runParams },
  responses: { 202: jsonResponse(runSchema, "Under way"), ...refusalResponses },
});

export const submitRoute = createRoute({
  method: "post",
  path: "/payroll/runs/{runId}/submit",
  operationId: "submitPayRun",
  ...guarded({ permission: "pay.prepare", about: "company" }),
  ...movesMoney,
  summary: "Hand a run to whoever approves it",
  description: "Refused while blockers stand, unless each kind of them is let pass with a reason.",
  tags,
  request: {
    params: runParams,
    body: jsonBody(
      z
        .strictObject({
          overrides: z
            .array(
              z.strictObject({
                kind: z.string().min(1).max(64),
                reason: z.string().trim().min(1).max(500),
              }),
            )
            .max(32)
            .default([]),
        })
        .meta({ id: "PayRunSubmission" }),
    ),
  },
  responses: { 200: jsonResponse(runSchema, "Submitted"), ...refusalResponses },
});

export const resultsRoute = createRoute({
  method: "get",
  path: "/payroll/runs/{runId}/results",
  operationId: "listPayResults",
  ...guarded({ permission: "pay.read", about: "company" }),
  summary: "What a run comes to for each person, line by line",
  tags,
  request: { params: runParams, query: pageQuerySchema },
  responses: {
    200: tableResponse(pageSchema(resultSchema), "One page, by person", {
      name: "pay-results",
      rows: ({ items }) => items,
      columns: RESULT_COLUMNS,
    }),
    ...refusalResponses,
  },
});

export const exportRoute = createRoute({
  method: "get",
  path: "/payroll/runs/{runId}/export",
  operationId: "exportPayRun",
  ...guarded({ permission: "pay.read", about: "company" }),
  summary: "A run as a file for another payroll system",
  description:
    "The same run gives the same bytes. Layouts named after products are modelled on them, not certified.",
  tags,
  request: { params: runParams, query: z.object({ layout: z.enum(LAYOUT_NAMES) }) },
  responses: { 200: bytes("The file", "text/csv"), ...refusalResponses },
});

export const fileRoute = createRoute({
  method: "get",
  path: "/payroll/runs/{runId}/files/{kind}",
  operationId: "showPaymentFile",
  ...guarded({ permission: "pay.read", about: "company" }),
  summary: "A payment file of an approved run",
  tags,
  request: { params: runParams.extend({ kind: z.enum(FILE_KINDS) }) },
  responses: { 200: bytes("The file", "application/octet-stream"), ...refusalResponses },
});

export const payslipsRoute = createRoute({
  method: "get",
  path: "/payroll/people/{employeeId}/payslips",
  operationId: "listPayslips",
  ...guarded({ permission: "pay.read", about: "person" }),
  summary: "Payslips of runs whose money is out, one's own or, with the role payroll, anybody's",
  tags,
  request: { params: personParams },
  responses: {
    200: jsonResponse(z.object({ items: z.array(payslipSchema) }), "The latest first"),
    ...refusalResponses,
  },
});

export const payslipRoute = createRoute({
  method: "get",
  path: "/payroll/people/{employeeId}/payslips/{runId}",
  operationId: "showPayslip",
  ...guarded({ permission: "pay.read", about: "person" }),
  summary: "A payslip as PDF",
  tags,
  request: { params: personParams.extend({ runId: tokenSchema }) },
  responses: { 200: bytes("The payslip", "application/pdf"), ...refusalResponses },
});

export const salaryRoute = createRoute({
  method: "get",
  path: "/payroll/people/{employeeId}/salary",
  operationId: "calculateSalary",
  ...guarded({ permission: "pay.read", about: "person" }),
  summary: "What somebody earns in a period by what is known now",
  description:
    "Nothing is stored, and no run has to be open. The same calculation answers at NATS, RabbitMQ and over gRPC.",
  tags,
  request: {
    params: personParams,
    query: z.object({
      period: z
        .string()
        .min(1)
        .max(80)
        .describe("As the pay group's calendar names it")
        .meta({ examples: ["2026-11"] }),
      payGroup: tokenSchema
        .optional()
        .describe("Left out: the one the person belongs to at the end of the period"),
    }),
  },
  responses: { 200: jsonResponse(salarySchema, "The salary"), ...refusalResponses },
});

export const explainPayslipRoute = createRoute({
  ...guarded({ permission: "pay.read", about: "person" }),
  method: "get",
  path: "/payroll/people/{employeeId}/payslips/{runId}/explain",
  operationId: "explainPayslip",
  summary: "Where each line of a payslip comes from: days and revisions, account, tax table",
  description:
    "What was paid is shown as it was paid; beside it stands what is known now. The paths lead on to the punches and rules of each day.",
  tags,
  request: { params: personParams.extend({ runId: tokenSchema }) },
  responses: {
    200: jsonResponse(payslipExplanationSchema, "Every line with its sources"),
    ...refusalResponses,
  },
});

export const adjustmentsRoute = createRoute({
  method: "get",
  path: "/payroll/people/{employeeId}/adjustments",
  operationId: "listPayAdjustments",
  ...guarded({ permission: "pay.read", about: "person" }),
  summary: "What later changes of locked days came to, paid or not",
  tags,
  request: { params: personParams },
  responses: {
    200: jsonResponse(z.object({ items: z.array(adjustmentSchema) }), "By day"),
    ...invalidResponse,
    ...notFoundResponse,
    ...refusalResponses,
  },
});
