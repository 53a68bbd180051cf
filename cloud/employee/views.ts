import { type EmployeeData, employeeDataSchema } from "@clockleaf/shared/events/employee.ts";
import { badgeKeySchema } from "@clockleaf/shared/wire/punch.ts";
import { z } from "@hono/zod-openapi";
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
  person: { readonly data: EmployeeData; readonly version: number },
  periods: readonly BadgePeriodRecord[],
): EmployeeView {
  const { data, version } = person;
  const own = periods.filter((each) => each.employeeId === data.employeeId);
  return { ...data, version, badges: own.map(badgeView) };
}
