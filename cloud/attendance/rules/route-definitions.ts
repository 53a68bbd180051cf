import { tokenSchema } from "@clockleaf/shared/subjects.ts";
import { createRoute, z } from "@hono/zod-openapi";
import { guarded } from "../../api/guard.ts";
import {
  invalidResponse,
  jsonBody,
  jsonResponse,
  notFoundResponse,
  pageQuerySchema,
  pageSchema,
} from "../../api/router.ts";
import { spanOf } from "../../api/span.ts";
import {
  assignmentSchema,
  checkedSchema,
  groupSchema,
  groupSummarySchema,
  personRulesSchema,
  personScheduleSchema,
  rulesPreviewSchema,
  scheduleSchema,
} from "./views.ts";

const tags = ["rules"];
const BY_FILE =
  "Rules are written in the cloud's configuration (`rules`) and read at its start; the API shows and tries them, and does not change them.";
/** 62 days: two months. */
const span = spanOf({ first: "from", last: "to", mostDays: 61 });
const employee = z.object({ employeeId: tokenSchema });
const bookSchema = z
  .record(z.string(), z.unknown())
  .describe("A rule book as in the configuration: `groups` and `assignments`");

export const listGroupsRoute = createRoute({
  ...guarded({ permission: "rules.read", about: "anybody" }),
  method: "get",
  path: "/rules/groups",
  operationId: "listPolicyGroups",
  summary: "Policy groups of the rule book, and the presets they build on",
  description: BY_FILE,
  tags,
  request: {
    query: pageQuerySchema.extend({
      kind: z.enum(["group", "preset", "all"]).default("all"),
      presets: z.enum(["used", "all"]).default("used").describe("`all`: also presets nobody uses"),
    }),
  },
  responses: {
    200: jsonResponse(pageSchema(groupSummarySchema), "One page, by name"),
    ...invalidResponse,
  },
});

export const showGroupRoute = createRoute({
  ...guarded({ permission: "rules.read", about: "anybody" }),
  method: "get",
  path: "/rules/groups/{name}",
  operationId: "showPolicyGroup",
  summary: "One policy group or preset: as written, and what it comes to",
  description: BY_FILE,
  tags,
  request: { params: z.object({ name: z.string().min(1).max(64) }) },
  responses: {
    200: jsonResponse(groupSchema, "The group"),
    ...notFoundResponse,
    ...invalidResponse,
  },
});

export const listAssignmentsRoute = createRoute({
  ...guarded({ permission: "rules.read", about: "company" }),
  method: "get",
  path: "/rules/assignments",
  operationId: "listRuleAssignments",
  summary: "Who uses which policy groups, from when to when",
  description: BY_FILE,
  tags,
  request: {
    query: pageQuerySchema.extend({
      on: z.iso.date().optional().describe("Only those that hold on this date"),
      group: z.string().max(64).optional().describe("Only those that use this policy group"),
      level: assignmentSchema.shape.level.optional(),
    }),
  },
  responses: {
    200: jsonResponse(pageSchema(assignmentSchema), "One page, in the order of the book"),
    ...invalidResponse,
  },
});

export const personRulesRoute = createRoute({
  ...guarded({ permission: "time.read", about: "person" }),
  method: "get",
  path: "/employees/{employeeId}/rules",
  operationId: "showPersonRules",
  summary: "Which rules somebody has on a date, and why",
  tags,
  request: { params: employee, query: z.object({ on: z.iso.date() }) },
  responses: {
    200: jsonResponse(personRulesSchema, "The rules"),
    ...notFoundResponse,
    ...invalidResponse,
  },
});

export const listSchedulesRoute = createRoute({
  ...guarded({ permission: "rules.read", about: "anybody" }),
  method: "get",
  path: "/schedules",
  operationId: "listSchedules",
  summary: "Shift templates, rotas and holidays of each policy group that plans anything",
  description: BY_FILE,
  tags,
  request: { query: pageQuerySchema },
  responses: {
    200: jsonResponse(pageSchema(scheduleSchema), "One page, by group"),
    ...invalidResponse,
  },
});

export const personScheduleRoute = createRoute({
  ...guarded({ permission: "time.read", about: "person" }),
  method: "get",
  path: "/employees/{employeeId}/schedule",
  operationId: "showPersonSchedule",
  ...span.document,
  summary: "The shifts somebody is planned for, day by day, by rotas and rosters",
  tags,
  request: {
    params: employee,
    query: z.object({ from: z.iso.date(), to: z.iso.date() }).superRefine(span.check),
  },
  responses: {
    200: jsonResponse(personScheduleSchema, "The plan"),
    ...notFoundResponse,
    ...invalidResponse,
  },
});

export const checkRulesRoute = createRoute({
  ...guarded({ permission: "rules.read", about: "anybody" }),
  method: "post",
  path: "/rules/check",
  operationId: "checkRules",
  summary: "Whether a rule book holds together; changes nothing",
  description: `The same judgement as at the start of the cloud. ${BY_FILE}`,
  tags,
  request: { body: jsonBody(z.strictObject({ book: bookSchema }).meta({ id: "RuleBookToCheck" })) },
  responses: {
    200: jsonResponse(checkedSchema, "Every fault, with its place"),
    ...invalidResponse,
  },
});

export const previewRulesRoute = createRoute({
  ...guarded({ permission: "time.read", about: "each" }),
  method: "post",
  path: "/rules/preview",
  operationId: "previewRules",
  ...span.document,
  summary: "Somebody's days under another rule book, beside those of today; nothing is stored",
  description:
    "Computed from everything known of the person. A book that does not hold together is a 422 with its faults.",
  tags,
  request: {
    body: jsonBody(
      z
        .strictObject({
          book: bookSchema,
          employeeId: tokenSchema,
          from: z.iso.date(),
          to: z.iso.date(),
        })
        .superRefine(span.check)
        .meta({ id: "RulesToPreview" }),
    ),
  },
  responses: {
    200: jsonResponse(rulesPreviewSchema, "Day by day"),
    ...notFoundResponse,
    ...invalidResponse,
  },
});
