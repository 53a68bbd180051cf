import { employeeDataSchema } from "@clockleaf/shared/events/employee.ts";
import { tokenSchema } from "@clockleaf/shared/subjects.ts";
import { badgeKeySchema } from "@clockleaf/shared/wire/punch.ts";
import { createRoute, z } from "@hono/zod-openapi";
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
import { employeeSchema } from "./views.ts";

const tags = ["employees"];
const instant = z.iso
  .datetime({ offset: true })
  .refine((text) => Date.parse(text) >= 0, "not before 1970")
  .describe("ISO 8601 with offset");
const fields = employeeDataSchema.omit({ employeeId: true, status: true });
const newEmployeeSchema = z
  .strictObject({
    employeeId: tokenSchema.optional().describe("Left out: one is made"),
    ...fields.shape,
    managerId: tokenSchema.nullable().default(null),
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
    badge: badgeKeySchema,
    validFrom: instant
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
    validTo: instant.optional().describe("Punches before stay the employee's; default now"),
    reason: z.string().trim().min(1).max(500),
  })
  .meta({ id: "BadgeWithdrawal" });
const reasonSchema = z
  .strictObject({ reason: z.string().trim().min(1).max(500) })
  .meta({ id: "Deactivation" });
const idParams = z.object({ employeeId: tokenSchema });
const badgeParams = idParams.extend({ badge: badgeKeySchema });

export const listRoute = createRoute({
  method: "get",
  path: "/employees",
  operationId: "listEmployees",
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
      status: z.enum(["active", "inactive"]).optional(),
    }),
  },
  responses: { 200: jsonResponse(pageSchema(employeeSchema), "One page"), ...invalidResponse },
});

export const showRoute = createRoute({
  method: "get",
  path: "/employees/{employeeId}",
  operationId: "showEmployee",
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

export const deactivateRoute = createRoute({
  method: "post",
  path: "/employees/{employeeId}/deactivate",
  operationId: "deactivateEmployee",
  summary: "Stop a person's punches from counting, from now on",
  description: "Their badges stay theirs, and readers refuse them.",
  tags,
  request: { params: idParams, body: jsonBody(reasonSchema) },
  responses: {
    200: jsonResponse(employeeSchema, "Deactivated, now or before"),
    ...refusalResponses,
  },
});

export const assignRoute = createRoute({
  method: "post",
  path: "/employees/{employeeId}/badges",
  operationId: "assignBadge",
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
  summary: "Take a badge from a person",
  tags,
  request: { params: badgeParams, body: jsonBody(withdrawalSchema) },
  responses: {
    200: jsonResponse(employeeSchema, "Withdrawn, now or before"),
    ...refusalResponses,
  },
});
