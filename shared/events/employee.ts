import { z } from "zod";
import { tokenSchema } from "../subjects.ts";
import { badgeKeySchema } from "../wire/punch.ts";
import { defineEvent, type EventOf } from "./envelope.ts";

const instant = z.int().min(0).describe("UTC milliseconds");

export const employeeDataSchema = z.object({
  employeeId: tokenSchema,
  email: z.email().max(254),
  firstName: z.string().trim().min(1).max(100),
  lastName: z.string().trim().min(1).max(100),
  departmentId: tokenSchema,
  managerId: tokenSchema.nullable(),
  jobTitle: z.string().trim().min(1).max(120),
  startDate: z.iso.date().describe("First day of work, civil date"),
  employmentType: z.enum(["full-time", "part-time", "temporary", "contractor"]),
  status: z.enum(["active", "inactive"]),
  siteIds: z.array(tokenSchema).min(1).max(64).describe("Sites whose readers greet this person"),
});
export type EmployeeData = z.output<typeof employeeDataSchema>;

/** The groups of people that rules may be assigned to: somebody is in that of the department and that of the contract. */
export const ruleGroupsOf = ({
  departmentId,
  employmentType,
}: Pick<EmployeeData, "departmentId" | "employmentType">): string[] => [
  departmentId,
  employmentType,
];

/** Salted scrypt hash of a PIN; the PIN itself is never stored. */
export const pinHashSchema = z.object({
  salt: z.string().regex(/^[0-9a-f]{32}$/),
  hash: z.string().regex(/^[0-9a-f]{64}$/),
});
export type PinHash = z.output<typeof pinHashSchema>;

export const employeeCreated = defineEvent({
  type: "employee.employee.created",
  domain: "employee",
  name: "EmployeeCreated",
  version: "1.0",
  data: employeeDataSchema,
});

export const employeeUpdated = defineEvent({
  type: "employee.employee.updated",
  domain: "employee",
  name: "EmployeeUpdated",
  version: "1.0",
  data: employeeDataSchema.describe("The whole record after the change"),
});

export const employeeDeactivated = defineEvent({
  type: "employee.employee.deactivated",
  domain: "employee",
  name: "EmployeeDeactivated",
  version: "1.0",
  data: z.object({ employeeId: tokenSchema, reason: z.string().max(500), at: instant }),
});

export const badgeAssigned = defineEvent({
  type: "employee.badge.assigned",
  domain: "employee",
  name: "BadgeAssigned",
  version: "1.0",
  data: z.object({
    employeeId: tokenSchema,
    badge: badgeKeySchema,
    validFrom: instant.describe(
      "Punches from this instant on belong to the employee, UTC milliseconds",
    ),
    pin: pinHashSchema.nullable(),
  }),
});

export const badgeWithdrawn = defineEvent({
  type: "employee.badge.withdrawn",
  domain: "employee",
  name: "BadgeWithdrawn",
  version: "1.0",
  data: z.object({
    employeeId: tokenSchema,
    badge: badgeKeySchema,
    validTo: instant.describe(
      "Punches before this instant still belong to the employee, UTC milliseconds",
    ),
    reason: z.string().max(500),
  }),
});

export type EmployeeEvent =
  | EventOf<typeof employeeCreated>
  | EventOf<typeof employeeUpdated>
  | EventOf<typeof employeeDeactivated>
  | EventOf<typeof badgeAssigned>
  | EventOf<typeof badgeWithdrawn>;
