import { employeeDataSchema } from "@clockleaf/shared/events/employee.ts";
import { badgeKeySchema } from "@clockleaf/shared/wire/punch.ts";
import { z } from "@hono/zod-openapi";
import type { Department, OrgMember } from "./org.ts";
import { ACTIVITIES, activityOf, type PersonState } from "./person.ts";
import type { BadgePeriodRecord } from "./reads.ts";

const instant = z.iso.datetime().describe("ISO 8601, UTC");

export const badgeSchema = z
  .object({
    badge: badgeKeySchema,
    validFrom: instant,
    validTo: instant.nullable().describe("Null while the employee holds it"),
    hasPin: z.boolean().describe("Whether readers with a keypad ask for a PIN as well"),
  })
  .meta({ id: "EmployeeBadge", description: "A badge that an employee holds or held" });

export const employeeSchema = z
  .object({
    ...employeeDataSchema.shape,
    activity: z.enum(ACTIVITIES).nullable().describe("Of active people; null for all others"),
    probationUntilOn: z.iso.date().nullable().describe("Last day of the running probation"),
    lastDayOn: z.iso.date().nullable().describe("Last day of the employment, once terminated"),
    isErased: z.boolean().describe("Whether what is personal was destroyed"),
    version: z.int().describe("Changes with every change of the person; the ETag, too"),
    badges: z.array(badgeSchema).describe("Badges held now and before, oldest first"),
  })
  .meta({ id: "Employee" });
export type EmployeeView = z.output<typeof employeeSchema>;

export function badgeView(period: BadgePeriodRecord): z.output<typeof badgeSchema> {
  return {
    badge: period.badge,
    validFrom: new Date(period.validFrom).toISOString(),
    validTo: period.validTo === null ? null : new Date(period.validTo).toISOString(),
    hasPin: period.pin !== null,
  };
}

export function employeeView(
  record: { readonly person: PersonState; readonly version: number },
  periods: readonly BadgePeriodRecord[],
): EmployeeView {
  const { person, version } = record;
  const { data, probation, termination, isErased } = person;
  const activity = activityOf(person);
  const own = periods.filter((each) => each.employeeId === data.employeeId);
  return {
    ...data,
    activity,
    probationUntilOn: activity === "probation" ? (probation?.untilOn ?? null) : null,
    lastDayOn: termination?.lastDayOn ?? null,
    isErased,
    version,
    badges: own.map(badgeView),
  };
}

export const orgMemberSchema = z
  .object({
    ...employeeDataSchema.pick({
      employeeId: true,
      firstName: true,
      lastName: true,
      jobTitle: true,
      departmentId: true,
      status: true,
    }).shape,
    parentId: employeeDataSchema.shape.managerId.describe("Their manager; null at the top"),
    activity: z.enum(ACTIVITIES).nullable(),
    reports: z.int().describe("How many name them as their manager"),
  })
  .meta({ id: "OrgMember" });

export function orgMemberView({ person, reports }: OrgMember): z.output<typeof orgMemberSchema> {
  const { employeeId, firstName, lastName, jobTitle, departmentId, status, managerId } =
    person.data;
  return {
    employeeId,
    firstName,
    lastName,
    jobTitle,
    departmentId,
    status,
    parentId: managerId,
    activity: activityOf(person),
    reports,
  };
}

export const departmentSchema = z
  .object({
    departmentId: employeeDataSchema.shape.departmentId,
    total: z.int().describe("People who have not left"),
    byStatus: z
      .object({
        draft: z.int(),
        active: z.int(),
        suspended: z.int(),
        terminated: z.int(),
        inactive: z.int(),
      })
      .describe("How many of each; inactive = have left"),
  })
  .meta({ id: "Department" });

export function departmentView(department: Department): z.output<typeof departmentSchema> {
  const {
    draft = 0,
    active = 0,
    suspended = 0,
    terminated = 0,
    inactive = 0,
  } = department.byStatus;
  return {
    departmentId: department.departmentId,
    total: draft + active + suspended + terminated,
    byStatus: { draft, active, suspended, terminated, inactive },
  };
}
