import {
  REPORT_FORMATS,
  REPORTS,
  reportCompleted,
  reportRequested,
} from "@clockleaf/shared/events/reporting.ts";
import { z } from "@hono/zod-openapi";
import type { ReportRow } from "./reads.ts";

const instant = z.iso.datetime().describe("ISO 8601, UTC");

export const reportSchema = z
  .object({
    reportId: reportRequested.data.shape.reportId,
    report: z.enum(REPORTS),
    format: z.enum(REPORT_FORMATS),
    fromOn: z.iso.date(),
    toOn: z.iso.date(),
    filters: reportRequested.data.shape.filters,
    requestedBy: z.string(),
    requestedAt: instant,
    status: z.enum(["requested", "completed", "failed"]),
    percent: z.int().min(0).max(100).describe("How far it is"),
    document: reportCompleted.data
      .pick({ documentId: true, name: true, mediaType: true, bytes: true, sha256: true })
      .nullable()
      .describe("Where its content is: `/documents/{documentId}/content`"),
    rows: z.int().min(0).nullable(),
    asOf: reportCompleted.data.shape.asOf.nullable(),
    endedAt: instant.nullable(),
    failure: z
      .object({ code: z.string(), reason: z.string() })
      .nullable()
      .describe("Why it failed"),
  })
  .meta({ id: "Report" });

export function reportView(
  { request, end }: ReportRow,
  percent: number,
): z.output<typeof reportSchema> {
  const { at, ...asked } = request;
  const common = { ...asked, requestedAt: new Date(at).toISOString() };
  const open = { document: null, rows: null, asOf: null, endedAt: null, failure: null };
  switch (end.status) {
    case "requested":
      return { ...common, ...open, status: "requested", percent: Math.min(percent, 99) };
    case "completed": {
      const { documentId, name, mediaType, bytes, sha256, rows, asOf } = end.result;
      return {
        ...common,
        ...open,
        status: "completed",
        percent: 100,
        document: { documentId, name, mediaType, bytes, sha256 },
        rows,
        asOf,
        endedAt: new Date(end.result.at).toISOString(),
      };
    }
    case "failed": {
      const { code, reason } = end.failure;
      const endedAt = new Date(end.failure.at).toISOString();
      return {
        ...common,
        ...open,
        status: "failed",
        percent: 100,
        endedAt,
        failure: { code, reason },
      };
    }
  }
}
