import {
  reportCompleted,
  reportFailed,
  reportRequested,
} from "@clockleaf/shared/events/reporting.ts";
import type { Kysely } from "kysely";
import type { z } from "zod";
import type { ReportsDb } from "./projection.ts";

export type Db = Kysely<ReportsDb>;

export interface ReportRow {
  readonly request: z.output<typeof reportRequested.data>;
  readonly seq: number;
  readonly end:
    | { readonly status: "requested" }
    | { readonly status: "completed"; readonly result: z.output<typeof reportCompleted.data> }
    | { readonly status: "failed"; readonly failure: z.output<typeof reportFailed.data> };
}

export interface ReportQuery {
  /** Left out: everybody's. */
  readonly requestedBy?: string | undefined;
  readonly before?: number | undefined;
  readonly limit: number;
}

/** Reports, newest first. */
export async function reports(db: Db, query: ReportQuery): Promise<ReportRow[]> {
  const { requestedBy, before, limit } = query;
  let rows = db.selectFrom("reports").selectAll();
  if (requestedBy !== undefined) rows = rows.where("requested_by", "=", requestedBy);
  if (before !== undefined) rows = rows.where("seq", "<", before);
  const found = await rows.orderBy("seq", "desc").limit(limit).execute();
  return found.map(rowOf);
}

/** Reports that were asked for at or before then and have not ended, oldest first. */
export async function waitingReports(
  db: Db,
  beforeMs: number,
  limit: number,
): Promise<Array<{ readonly reportId: string }>> {
  const rows = await db
    .selectFrom("reports")
    .selectAll()
    .where("status", "=", "requested")
    .orderBy("seq")
    .limit(limit)
    .execute();
  return rows
    .map((row) => rowOf(row).request)
    .flatMap(({ reportId, at }) => (at <= beforeMs ? [{ reportId }] : []));
}

export async function report(db: Db, reportId: string): Promise<ReportRow | undefined> {
  const row = await db
    .selectFrom("reports")
    .selectAll()
    .where("report_id", "=", reportId)
    .executeTakeFirst();
  return row === undefined ? undefined : rowOf(row);
}

function rowOf({ seq, status, request_json, end_json }: ReportsDb["reports"]): ReportRow {
  const request = reportRequested.data.parse(JSON.parse(request_json));
  const end: unknown = end_json === null ? null : JSON.parse(end_json);
  switch (status) {
    case "requested":
      return { request, seq, end: { status } };
    case "completed":
      return { request, seq, end: { status, result: reportCompleted.data.parse(end) } };
    case "failed":
      return { request, seq, end: { status, failure: reportFailed.data.parse(end) } };
  }
}
