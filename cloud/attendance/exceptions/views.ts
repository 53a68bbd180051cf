import { tokenSchema } from "@clockleaf/shared/subjects.ts";
import {
  exceptionKindSchema,
  severitySchema,
} from "@clockleaf/shared/worktime/exceptions/catalogue.ts";
import { workdayExceptionSchema } from "@clockleaf/shared/worktime/workday.ts";
import { z } from "@hono/zod-openapi";
import { iso } from "../views.ts";
import { EXCEPTION_STATES } from "./projection.ts";
import type { ExceptionCount, ExceptionRecord } from "./reads.ts";

const findingsSchema = z.array(workdayExceptionSchema);

export const exceptionSummarySchema = z
  .object({
    total: z.int(),
    open: z.int().describe("Premature and active"),
    blocking: z.int().describe("Open and blocking: they cannot be resolved by hand"),
    byState: z.object({
      premature: z.int(),
      active: z.int(),
      reviewed: z.int(),
      resolved: z.int(),
    }),
    bySeverity: z
      .object({ info: z.int(), warning: z.int(), error: z.int(), blocking: z.int() })
      .describe("Of the open ones"),
    byKind: z.array(z.object({ kind: exceptionKindSchema, open: z.int(), total: z.int() })),
    bySite: z.array(z.object({ site: tokenSchema.nullable(), open: z.int(), total: z.int() })),
  })
  .meta({ id: "ExceptionSummary" });

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

const isOpen = ({ state }: ExceptionCount): boolean => state === "premature" || state === "active";

const sum = (those: readonly ExceptionCount[]): number =>
  those.reduce((all, { count }) => all + count, 0);

export function summaryView(
  counts: readonly ExceptionCount[],
): z.output<typeof exceptionSummarySchema> {
  const open = counts.filter(isOpen);
  const ofState = (state: ExceptionCount["state"]): number =>
    sum(counts.filter((each) => each.state === state));
  const ofSeverity = (severity: ExceptionCount["severity"]): number =>
    sum(open.filter((each) => each.severity === severity));
  return {
    total: sum(counts),
    open: sum(open),
    blocking: ofSeverity("blocking"),
    byState: {
      premature: ofState("premature"),
      active: ofState("active"),
      reviewed: ofState("reviewed"),
      resolved: ofState("resolved"),
    },
    bySeverity: {
      info: ofSeverity("info"),
      warning: ofSeverity("warning"),
      error: ofSeverity("error"),
      blocking: ofSeverity("blocking"),
    },
    byKind: [...Map.groupBy(counts, ({ kind }) => kind)].map(([kind, those]) => ({
      kind: exceptionKindSchema.parse(kind),
      open: sum(those.filter(isOpen)),
      total: sum(those),
    })),
    bySite: [...Map.groupBy(counts, ({ site }) => site)].map(([site, those]) => ({
      site,
      open: sum(those.filter(isOpen)),
      total: sum(those),
    })),
  };
}
