import { tokenSchema } from "@clockleaf/shared/subjects.ts";
import {
  exceptionKindSchema,
  severitySchema,
} from "@clockleaf/shared/worktime/exceptions/catalogue.ts";
import { workdayExceptionSchema } from "@clockleaf/shared/worktime/workday.ts";
import { z } from "@hono/zod-openapi";
import { iso } from "../views.ts";
import { EXCEPTION_STATES } from "./projection.ts";
import type { ExceptionRecord } from "./reads.ts";

const findingsSchema = z.array(workdayExceptionSchema);

export const exceptionSchema = z
  .object({
    employeeId: tokenSchema,
    workdayOn: z.iso.date(),
    kind: exceptionKindSchema,
    site: tokenSchema
      .nullable()
      .describe("Of the day's first punch or, on a day without one, of the last before"),
    severity: severitySchema,
    state: z
      .enum(EXCEPTION_STATES)
      .describe(
        "`premature`: it may still pass by itself; `reviewed` and `resolved` hold until the finding is another one",
      ),
    revision: z.int().min(1).describe("Of the day"),
    reviewedBy: z.string().nullable(),
    reviewedAt: z.iso.datetime().nullable(),
    note: z.string().nullable(),
    findings: findingsSchema.describe("Everything of this kind on the day"),
  })
  .meta({ id: "Exception" });

export function exceptionView(row: ExceptionRecord): z.output<typeof exceptionSchema> {
  return {
    employeeId: row.employee_id,
    workdayOn: row.workday_on,
    kind: exceptionKindSchema.parse(row.kind),
    site: row.site,
    severity: row.severity,
    state: row.state,
    revision: row.revision,
    reviewedBy: row.reviewed_by,
    reviewedAt: row.reviewed_at === null ? null : iso(row.reviewed_at),
    note: row.note,
    findings: findingsSchema.parse(JSON.parse(row.json)),
  };
}
