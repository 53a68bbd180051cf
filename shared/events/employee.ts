import { z } from "zod";
import { tokenSchema } from "../subjects.ts";
import { badgeKeySchema } from "../wire/punch.ts";
import { dayOfDate, instantOf } from "../worktime/civil-time.ts";
import { defineEvent, type EventOf } from "./envelope.ts";
import { secret } from "./secrets.ts";

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
  status: z
    .enum(["draft", "active", "suspended", "terminated", "inactive"])
    .describe(
      "Only the punches of active people count; `inactive` = taken off the readers for good",
    ),
  siteIds: z.array(tokenSchema).min(1).max(64).describe("Sites whose readers greet this person"),
  salary: z
    .number()
    .min(0)
    .nullable()
    .optional()
    .describe(
      "As first entered, major units a month; `salaryMinor` is what counts where both are there",
    ),
  salaryMinor: z.int().min(0).nullable().optional().describe("Minor units a month"),
  currency: z
    .string()
    .regex(/^[A-Z]{3}$/)
    .nullable()
    .optional()
    .describe("ISO 4217"),
  phone: z
    .string()
    .regex(/^\+[1-9]\d{6,14}$/, "E.164, such as +4915112345678")
    .nullable()
    .optional(),
  locale: z
    .string()
    .regex(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/)
    .nullable()
    .optional()
    .describe("BCP 47: the language of messages and payslips"),
  zone: z
    .string()
    .min(1)
    .max(64)
    .nullable()
    .optional()
    .describe("IANA zone in which the person's days begin; left out, the company's"),
});
export type EmployeeData = z.output<typeof employeeDataSchema>;

/** What is personal in `EmployeeData`, and what stands there once the person was erased. */
const personal = {
  email: "erased@erased.invalid",
  firstName: "Erased",
  lastName: "Person",
  jobTitle: "Erased",
  salary: null,
  salaryMinor: null,
  phone: null,
} as const;

/** A record as it stands once its person was erased. */
export const erasedEmployee = (data: EmployeeData): EmployeeData =>
  employeeDataSchema.parse({ ...data, ...personal });

/** The groups of people that rules may be assigned to: somebody is in that of the department and that of the contract. */
export const ruleGroupsOf = ({
  departmentId,
  employmentType,
}: Pick<EmployeeData, "departmentId" | "employmentType">): string[] => [
  departmentId,
  employmentType,
];

/** Salted scrypt hash of a PIN; the PIN itself is never stored. */
export const pinHashSchema = secret(
  z.object({
    salt: z.string().regex(/^[0-9a-f]{32}$/),
    hash: z.string().regex(/^[0-9a-f]{64}$/),
  }),
);
export type PinHash = z.output<typeof pinHashSchema>;

export const employeeCreated = defineEvent({
  type: "employee.employee.created",
  domain: "employee",
  name: "EmployeeCreated",
  version: "1.0",
  data: employeeDataSchema,
  personal,
});

export const employeeUpdated = defineEvent({
  type: "employee.employee.updated",
  domain: "employee",
  name: "EmployeeUpdated",
  version: "1.0",
  data: employeeDataSchema.describe("The whole record after the change"),
  personal,
});

/** Why somebody was suspended or left is about them as much as their name is. */
const personalReason = { reason: "Erased" } as const;

export const employeeDeactivated = defineEvent({
  type: "employee.employee.deactivated",
  domain: "employee",
  name: "EmployeeDeactivated",
  version: "1.0",
  data: z.object({ employeeId: tokenSchema, reason: z.string().max(500), at: instant }),
  personal: personalReason,
});

const reasonText = z.string().max(500);
const on = z.iso.date();
const endsAt = instant
  .optional()
  .describe("When that day is over where the person works; left out, in UTC");

/** When the last day of a term is over, UTC milliseconds. */
export const endOfTerm = (lastOn: string, statedEndsAt: number | undefined): number =>
  statedEndsAt ?? instantOf(dayOfDate(lastOn) + 1, 0, "UTC");

export const employeeActivated = defineEvent({
  type: "employee.employee.activated",
  domain: "employee",
  name: "EmployeeActivated",
  version: "1.0",
  data: z.object({ employeeId: tokenSchema, at: instant }),
});
export const employeeSuspended = defineEvent({
  type: "employee.employee.suspended",
  domain: "employee",
  name: "EmployeeSuspended",
  version: "1.0",
  data: z.object({ employeeId: tokenSchema, reason: reasonText, at: instant }),
  personal: personalReason,
});
export const employeeReactivated = defineEvent({
  type: "employee.employee.reactivated",
  domain: "employee",
  name: "EmployeeReactivated",
  version: "1.0",
  data: z.object({ employeeId: tokenSchema, reason: reasonText, at: instant }),
  personal: personalReason,
});
export const employeeTerminated = defineEvent({
  type: "employee.employee.terminated",
  domain: "employee",
  name: "EmployeeTerminated",
  version: "1.0",
  data: z.object({
    employeeId: tokenSchema,
    reason: reasonText,
    at: instant,
    lastDayOn: on.describe("Last day of the employment, civil date; the final pay goes up to it"),
    endsAt,
  }),
  personal: personalReason,
});
export const departmentChanged = defineEvent({
  type: "employee.department.changed",
  domain: "employee",
  name: "DepartmentChanged",
  version: "1.0",
  data: z.object({
    employeeId: tokenSchema,
    fromDepartmentId: tokenSchema,
    toDepartmentId: tokenSchema,
    at: instant,
  }),
});
export const managerChanged = defineEvent({
  type: "employee.manager.changed",
  domain: "employee",
  name: "ManagerChanged",
  version: "1.0",
  data: z.object({
    employeeId: tokenSchema,
    fromManagerId: tokenSchema.nullable(),
    toManagerId: tokenSchema.nullable(),
    at: instant,
  }),
});
export const leaveStarted = defineEvent({
  type: "employee.leave.started",
  domain: "employee",
  name: "LeaveStarted",
  version: "1.0",
  data: z.object({
    employeeId: tokenSchema,
    leaveId: tokenSchema,
    code: z.string().max(32),
    at: instant,
  }),
});
export const leaveEnded = defineEvent({
  type: "employee.leave.ended",
  domain: "employee",
  name: "LeaveEnded",
  version: "1.0",
  data: z.object({ employeeId: tokenSchema, leaveId: tokenSchema, at: instant }),
});
export const probationStarted = defineEvent({
  type: "employee.probation.started",
  domain: "employee",
  name: "ProbationStarted",
  version: "1.0",
  data: z.object({
    employeeId: tokenSchema,
    untilOn: on.describe("Last day of the probation"),
    endsAt,
    at: instant,
  }),
});
export const probationCompleted = defineEvent({
  type: "employee.probation.completed",
  domain: "employee",
  name: "ProbationCompleted",
  version: "1.0",
  data: z.object({ employeeId: tokenSchema, at: instant }),
});
/** The last event of a person. Their key is destroyed right after it; read models forget what is personal at this event. */
export const personErased = defineEvent({
  type: "employee.person.erased",
  domain: "employee",
  name: "PersonErased",
  version: "1.0",
  data: z.object({
    employeeId: tokenSchema,
    requestedBy: z.string().max(128),
    reason: reasonText.optional().describe("Kept in the clear: names nobody"),
    at: instant,
  }),
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
  personal: { pin: null },
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
  | EventOf<typeof employeeActivated>
  | EventOf<typeof employeeSuspended>
  | EventOf<typeof employeeReactivated>
  | EventOf<typeof employeeTerminated>
  | EventOf<typeof departmentChanged>
  | EventOf<typeof managerChanged>
  | EventOf<typeof leaveStarted>
  | EventOf<typeof leaveEnded>
  | EventOf<typeof probationStarted>
  | EventOf<typeof probationCompleted>
  | EventOf<typeof personErased>
  | EventOf<typeof badgeAssigned>
  | EventOf<typeof badgeWithdrawn>;
