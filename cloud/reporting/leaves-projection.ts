import type { LeaveEvent } from "@clockleaf/shared/events/leave.ts";
import { domainSubjects, parseEventSubject, STREAMS } from "@clockleaf/shared/subjects.ts";
import type { Kysely, Transaction } from "kysely";
import { decidedAs } from "../eventing/decided-as.ts";
import type { StoredEvent } from "../eventing/event-store.ts";
import type { Projection } from "../eventing/projection.ts";

export interface LeavesDb {
  report_leaves: {
    leave_id: string;
    employee_id: string;
    code: string;
    from_on: string;
    /** The last day that counts: of a leave cut short the day it ended. */
    to_on: string;
    minutes: number;
    status: "requested" | "approved" | "rejected" | "cancelled" | "cut-short";
  };
}

/** Every leave somebody asked for, for reports. */
export function leavesProjection(tenant: string): Projection<LeavesDb> {
  return {
    name: "report-leaves",
    version: 1,
    stream: STREAMS.leave,
    filterSubjects: [domainSubjects("leave")],
    migrate,
    async apply(tx, stored) {
      if (parseEventSubject(stored.subject)?.tenant === tenant) await apply(tx, stored);
    },
  };
}

async function migrate(db: Kysely<LeavesDb>): Promise<void> {
  await db.schema
    .createTable("report_leaves")
    .addColumn("leave_id", "text", (column) => column.primaryKey())
    .addColumn("employee_id", "text", (column) => column.notNull())
    .addColumn("code", "text", (column) => column.notNull())
    .addColumn("from_on", "text", (column) => column.notNull())
    .addColumn("to_on", "text", (column) => column.notNull())
    .addColumn("minutes", "integer", (column) => column.notNull())
    .addColumn("status", "text", (column) => column.notNull())
    .execute();
  await db.schema
    .createIndex("report_leaves_by_person")
    .on("report_leaves")
    .columns(["employee_id", "from_on"])
    .execute();
}

async function apply(tx: Transaction<LeavesDb>, stored: StoredEvent): Promise<void> {
  const event = decidedAs<LeaveEvent>(stored);
  switch (event.type) {
    case "leave.leave.requested":
      return await put(tx, event.data, "requested");
    case "leave.leave.approved":
      return await put(tx, event.data, "approved");
    case "leave.leave.cancelled": {
      const { untilOn } = event.data;
      if (untilOn === null) return await put(tx, event.data, "cancelled");
      return await put(tx, { ...event.data, toOn: untilOn }, "cut-short");
    }
    case "leave.leave.rejected":
      await tx
        .updateTable("report_leaves")
        .set({ status: "rejected" })
        .where("leave_id", "=", event.data.leaveId)
        .execute();
      return;
    default:
      return;
  }
}

type LeaveData = Pick<
  Extract<LeaveEvent["data"], { policy: unknown; fromOn: string }>,
  "leaveId" | "employeeId" | "code" | "fromOn" | "toOn" | "minutes"
>;

async function put(
  tx: Transaction<LeavesDb>,
  data: LeaveData,
  status: LeavesDb["report_leaves"]["status"],
): Promise<void> {
  const row = {
    employee_id: data.employeeId,
    code: data.code,
    from_on: data.fromOn,
    to_on: data.toOn,
    minutes: data.minutes,
    status,
  };
  await tx
    .insertInto("report_leaves")
    .values({ leave_id: data.leaveId, ...row })
    .onConflict((key) => key.column("leave_id").doUpdateSet(row))
    .execute();
}
