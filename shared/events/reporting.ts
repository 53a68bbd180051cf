import { z } from "zod";
import { tokenSchema } from "../subjects.ts";
import { defineEvent, type EventOf } from "./envelope.ts";

const instant = z.int().min(0).describe("UTC milliseconds");

export const REPORTS = ["monthly-attendance", "overtime", "absence", "payroll-register"] as const;
export const REPORT_FORMATS = ["csv", "xlsx", "pdf"] as const;

export const reportRequested = defineEvent({
  type: "reporting.report.requested",
  domain: "reporting",
  name: "ReportRequested",
  version: "1.0",
  data: z.object({
    reportId: tokenSchema,
    report: z.enum(REPORTS),
    format: z.enum(REPORT_FORMATS),
    fromOn: z.iso.date(),
    toOn: z.iso.date(),
    filters: z.object({
      site: tokenSchema.nullable(),
      departmentId: tokenSchema.nullable(),
      employeeId: tokenSchema.nullable(),
    }),
    requestedBy: z.string().max(128),
    at: instant,
  }),
});
export const reportCompleted = defineEvent({
  type: "reporting.report.completed",
  domain: "reporting",
  name: "ReportCompleted",
  version: "1.0",
  data: z.object({
    reportId: tokenSchema,
    documentId: tokenSchema,
    name: z.string().min(1).max(200),
    mediaType: z.string().max(100),
    sha256: z.string().regex(/^[0-9a-f]{64}$/),
    bytes: z.int().min(0),
    rows: z.int().min(0),
    requestedBy: z.string().max(128).describe("Who may fetch it"),
    asOf: z
      .array(z.object({ stream: z.string().max(64), seq: z.int().min(0) }))
      .max(8)
      .describe("Up to which event of each stream it tells"),
    at: instant,
  }),
});
export const reportFailed = defineEvent({
  type: "reporting.report.failed",
  domain: "reporting",
  name: "ReportFailed",
  version: "1.0",
  data: z.object({
    reportId: tokenSchema,
    code: z.string().max(64),
    reason: z.string().max(300),
    at: instant,
  }),
});

export type ReportingEvent =
  | EventOf<typeof reportRequested>
  | EventOf<typeof reportCompleted>
  | EventOf<typeof reportFailed>;
