import type { ReportingEvent } from "@clockleaf/shared/events/reporting.ts";
import { domainSubjects, parseEventSubject, STREAMS } from "@clockleaf/shared/subjects.ts";
import type { Kysely, Transaction } from "kysely";
import { decidedAs } from "../eventing/decided-as.ts";
import type { StoredEvent } from "../eventing/event-store.ts";
import type { Projection } from "../eventing/projection.ts";

export interface ReportsDb {
  reports: {
    report_id: string;
    /** Stream sequence of its request: the order of lists. */
    seq: number;
    requested_by: string;
    status: "requested" | "completed" | "failed";
    /** The request, and how it ended, as the events said. */
    request_json: string;
    end_json: string | null;
  };
}

/** The reports that were asked for. */
export function reportsProjection(tenant: string): Projection<ReportsDb> {
  return {
    name: "reports",
    version: 1,
    stream: STREAMS.reporting,
    filterSubjects: [domainSubjects("reporting")],
    migrate,
    async apply(tx, stored) {
      if (parseEventSubject(stored.subject)?.tenant === tenant) await apply(tx, stored);
    },
  };
}

async function migrate(db: Kysely<ReportsDb>): Promise<void> {
  await db.schema
    .createTable("reports")
    .addColumn("report_id", "text", (column) => column.primaryKey())
    .addColumn("seq", "bigint", (column) => column.notNull())
    .addColumn("requested_by", "text", (column) => column.notNull())
    .addColumn("status", "text", (column) => column.notNull())
    .addColumn("request_json", "text", (column) => column.notNull())
    .addColumn("end_json", "text")
    .execute();
  await db.schema.createIndex("reports_by_seq").on("reports").columns(["seq"]).execute();
}

async function apply(tx: Transaction<ReportsDb>, stored: StoredEvent): Promise<void> {
  const event = decidedAs<ReportingEvent>(stored);
  switch (event.type) {
    case "reporting.report.requested":
      await tx
        .insertInto("reports")
        .values({
          report_id: event.data.reportId,
          seq: stored.seq,
          requested_by: event.data.requestedBy,
          status: "requested",
          request_json: JSON.stringify(event.data),
          end_json: null,
        })
        .execute();
      return;
    case "reporting.report.completed":
    case "reporting.report.failed": {
      const status = event.type === "reporting.report.completed" ? "completed" : "failed";
      await tx
        .updateTable("reports")
        .set({ status, end_json: JSON.stringify(event.data) })
        .where("report_id", "=", event.data.reportId)
        .execute();
      return;
    }
  }
}
