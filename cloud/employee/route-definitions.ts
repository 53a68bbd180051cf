import { employeeDataSchema } from "@clockleaf/shared/events/employee.ts";
import { emailInput } from "@clockleaf/shared/lib/email-input.ts";
import { instantInput } from "@clockleaf/shared/lib/instant-input.ts";
import { tokenSchema } from "@clockleaf/shared/subjects.ts";
import { badgeKeySchema } from "@clockleaf/shared/wire/punch.ts";
import { zoneSchema } from "@clockleaf/shared/worktime/civil-time.ts";
import { createRoute, z } from "@hono/zod-openapi";
import { guarded } from "../api/guard.ts";
import {
  invalidResponse,
  jsonBody,
  jsonResponse,
  notFoundResponse,
  pageQuerySchema,
  pageSchema,
  preconditionResponses,
  refusalResponses,
} from "../api/router.ts";
import { tableResponse } from "../api/tables.ts";
import { badgeInputSchema } from "./badges/printed-card.ts";
import { ACTIVITIES } from "./person.ts";
import { EMPLOYEE_COLUMNS } from "./route-tables.ts";
import { departmentSchema, employeeSchema, orgMemberSchema } from "./views.ts";

const tags = ["employees"];
const fields = employeeDataSchema
  .omit({ employeeId: true, status: true })
  // Checked where it comes in: whether a machine knows a zone must not decide whether it can read an event.
  .extend({ email: emailInput, zone: zoneSchema.nullable().optional() });
const newEmployeeSchema = z
  .strictObject({
    employeeId: tokenSchema.optional().describe("Left out: one is made"),
    ...fields.shape,
    managerId: tokenSchema.nullable().default(null),
    draft: z
      .boolean()
      .default(false)
      .describe("True: entered, but no badge opens and no punch counts before `activate`"),
    probationUntil: z.iso.date().optional().describe("Last day of the probation they begin with"),
  })
  .meta({ id: "NewEmployee" });
const employeePatchSchema = z
  .strictObject({
    ...fields.partial().shape,
    status: z.literal("active").optional().describe("Takes somebody on again"),
  })
  .meta({ id: "EmployeePatch", description: "Merge patch: what is left out stays" });
const newBadgeSchema = z
  .strictObject({
    badge: badgeInputSchema.describe("By its key, or by what is printed on the card"),
    validFrom: instantInput
      .optional()
      .describe("Punches from then on are the employee's, also those in quarantine; default now"),
    pin: z
      .string()
      .regex(/^\d{4,12}$/, "4 to 12 digits")
      .optional()
      .describe("Asked for at readers with a keypad; hashed at once and never given out"),
  })
  .meta({ id: "NewBadge" });
const withdrawalSchema = z
  .strictObject({
    validTo: instantInput.optional().describe("Punches before stay the employee's; default now"),
    reason: z.string().trim().min(1).max(500),
  })
  .meta({ id: "BadgeWithdrawal" });
const reason = z
  .string()
  .trim()
  .min(1)
  .max(500)
  .describe(
    "Kept with the event; sealed with the person's other data where it says why somebody left",
  );
const reasonSchema = z.strictObject({ reason }).meta({ id: "EmployeeReason" });
const terminationSchema = z
  .strictObject({
    reason,
    lastDayOn: z.iso.date().describe("Last day of the employment, civil date where they work"),
  })
  .meta({ id: "Termination" });
const probationSchema = z
  .strictObject({ untilOn: z.iso.date().describe("Last day of the probation") })
  .meta({ id: "Probation" });
const erasureSchema = z
  .strictObject({
    reason: reason.describe("Kept in the clear for good: must not name anybody"),
    force: z.boolean().default(false).describe("Also somebody who is still employed"),
  })
  .meta({ id: "Erasure" });
const idParams = z.object({ employeeId: tokenSchema });
const badgeParams = idParams.extend({ badge: badgeKeySchema });

export const listRoute = createRoute({
  method: "get",
  path: "/employees",
  operationId: "listEmployees",
  ...guarded({ permission: "people.read", about: "each" }),
  summary: "People by name, with their badges",
  tags,
  request: {
    query: pageQuerySchema.extend({
      search: z
        .string()
        .max(200)
        .optional()
        .describe("Words that all occur in name, id or e-mail address"),
      site: tokenSchema.optional(),
      status: employeeDataSchema.shape.status.optional(),
      activity: z.enum(ACTIVITIES).optional(),
      department: tokenSchema.optional(),
    }),
  },
  responses: {
    200: tableResponse(pageSchema(employeeSchema), "One page", {
      name: "employees",
      rows: ({ items }) => items,
      columns: EMPLOYEE_COLUMNS,
    }),
    ...invalidResponse,
  },
});

export const showRoute = createRoute({
  method: "get",
  path: "/employees/{employeeId}",
  operationId: "showEmployee",
  ...guarded({ permission: "people.read", about: "person" }),
  summary: "One person",
  tags,
  request: { params: idParams },
  responses: {
    200: jsonResponse(employeeSchema, "The person; the ETag is their version"),
    ...notFoundResponse,
    ...invalidResponse,
  },
});

export const createEmployeeRoute = createRoute({
  method: "post",
  path: "/employees",
  operationId: "createEmployee",
  ...guarded({ permission: "people.write", about: "each" }),
  summary: "Enter a person",
  tags,
  request: { body: jsonBody(newEmployeeSchema) },
  responses: {
    201: jsonResponse(employeeSchema, "Entered"),
    200: jsonResponse(employeeSchema, "The very same person was there already"),
    ...refusalResponses,
  },
});

export const patchRoute = createRoute({
  method: "patch",
  path: "/employees/{employeeId}",
  operationId: "changeEmployee",
  ...guarded({ permission: "people.write", about: "person" }),
  summary: "Change a person",
  description: "Needs `If-Match` with the ETag of the person as read.",
  tags,
  request: { params: idParams, body: jsonBody(employeePatchSchema) },
  responses: {
    200: jsonResponse(employeeSchema, "Changed, or already so"),
    ...refusalResponses,
    ...preconditionResponses,
  },
});

interface Texts {
  readonly operationId: string;
  readonly summary: string;
  readonly description?: string;
}
const done = { 200: jsonResponse(employeeSchema, "Done, now or before"), ...refusalResponses };
const stateRoute = <Path extends string, Body extends z.ZodType>(
  path: Path,
  texts: Texts,
  body: Body,
) =>
  createRoute({
    method: "post",
    path: `/employees/{employeeId}/${path}`,
    ...texts,
    ...guarded({ permission: "people.write", about: "person" }),
    tags,
    request: { params: idParams, body: jsonBody(body) },
    responses: done,
  });
/** The path says it all: nothing is sent with it. */
const plainRoute = <Path extends string>(path: Path, texts: Texts) =>
  createRoute({
    method: "post",
    path: `/employees/{employeeId}/${path}`,
    ...texts,
    ...guarded({ permission: "people.write", about: "person" }),
    tags,
    request: { params: idParams },
    responses: done,
  });

export const activateRoute = plainRoute("activate", {
  operationId: "activateEmployee",
  summary: "Make a draft an active person",
});
export const suspendRoute = stateRoute(
  "suspend",
  {
    operationId: "suspendEmployee",
    summary: "Suspend an active person",
    description:
      "Readers refuse their badges, and punches made meanwhile go to quarantine. What they were at, such as leave or " +
      "probation, goes on when they are reactivated.",
  },
  reasonSchema,
);
export const reactivateRoute = stateRoute(
  "reactivate",
  { operationId: "reactivateEmployee", summary: "End a suspension" },
  reasonSchema,
);
export const terminateRoute = stateRoute(
  "terminate",
  {
    operationId: "terminateEmployee",
    summary: "End an employment as of its last day",
    description:
      "For good: badges open and punches count until the last day is over (unless the person is suspended); then they " +
      "are deactivated and all their badges are withdrawn.",
  },
  terminationSchema,
);
export const startProbationRoute = stateRoute(
  "probation",
  {
    operationId: "startProbation",
    summary: "Start a probation",
    description: "It is completed by itself when its last day is over.",
  },
  probationSchema,
);
export const completeProbationRoute = plainRoute("probation/complete", {
  operationId: "completeProbation",
  summary: "Complete a probation before its last day",
});
export const deactivateRoute = stateRoute(
  "deactivate",
  {
    operationId: "deactivateEmployee",
    summary: "Stop a person's punches from counting, from now on",
    description:
      "Their badges stay theirs, and readers refuse them. The badges of somebody who was terminated are withdrawn.",
  },
  reasonSchema,
);

export const eraseRoute = createRoute({
  method: "post",
  path: "/employees/{employeeId}/erase",
  operationId: "eraseEmployee",
  ...guarded({ permission: "people.erase", about: "person" }),
  summary: "Destroy what is personal of a person who has left",
  description:
    "Cannot be undone. The key to their data is destroyed, so that it becomes unreadable in every stream and backup; their " +
    "badges are withdrawn. Figures and ids stay.",
  tags,
  request: { params: idParams, body: jsonBody(erasureSchema) },
  responses: { 200: jsonResponse(employeeSchema, "Erased, now or before"), ...refusalResponses },
});

export const reportsRoute = createRoute({
  method: "get",
  path: "/employees/{employeeId}/reports",
  operationId: "listDirectReports",
  ...guarded({ permission: "people.read", about: "person" }),
  summary: "Who reports to a person directly, by name",
  tags,
  request: { params: idParams, query: pageQuerySchema },
  responses: {
    200: jsonResponse(pageSchema(employeeSchema), "One page"),
    ...notFoundResponse,
    ...invalidResponse,
  },
});

export const orgRoute = createRoute({
  method: "get",
  path: "/org",
  operationId: "showOrg",
  ...guarded({ permission: "people.read", about: "each" }),
  summary: "Who works where and for whom",
  description:
    "Flat, by department and name: `parentId` leads to the manager, who may stand in another department or on another page. " +
    "People who have left are not in it.",
  tags,
  request: { query: pageQuerySchema.extend({ department: tokenSchema.optional() }) },
  responses: { 200: jsonResponse(pageSchema(orgMemberSchema), "One page"), ...invalidResponse },
});

export const departmentsRoute = createRoute({
  method: "get",
  path: "/departments",
  operationId: "listDepartments",
  ...guarded({ permission: "people.read", about: "each" }),
  summary: "Departments with the number of their people",
  tags,
  request: { query: pageQuerySchema },
  responses: { 200: jsonResponse(pageSchema(departmentSchema), "One page"), ...invalidResponse },
});

export const assignRoute = createRoute({
  method: "post",
  path: "/employees/{employeeId}/badges",
  operationId: "assignBadge",
  ...guarded({ permission: "people.write", about: "person" }),
  summary: "Give a person a badge",
  description:
    "A badge never belongs to two people at one instant. Given again to who holds it, an earlier `validFrom` or another " +
    "PIN replaces what was.",
  tags,
  request: { params: idParams, body: jsonBody(newBadgeSchema) },
  responses: {
    201: jsonResponse(employeeSchema, "Given"),
    200: jsonResponse(employeeSchema, "The person held it already"),
    ...refusalResponses,
  },
});

export const withdrawRoute = createRoute({
  method: "post",
  path: "/employees/{employeeId}/badges/{badge}/withdraw",
  operationId: "withdrawBadge",
  ...guarded({ permission: "people.write", about: "person" }),
  summary: "Take a badge from a person",
  tags,
  request: { params: badgeParams, body: jsonBody(withdrawalSchema) },
  responses: {
    200: jsonResponse(employeeSchema, "Withdrawn, now or before"),
    ...refusalResponses,
  },
});
