import type { LeaveEvent } from "@clockleaf/shared/events/leave.ts";
import { domainSubjects, parseEventSubject, STREAMS } from "@clockleaf/shared/subjects.ts";
import type { Kysely } from "kysely";
import { decidedAs } from "../eventing/decided-as.ts";
import type { Projection } from "../eventing/projection.ts";

export interface RunningLeavesDb {
  running_leaves: {
    leave_id: string;
    employee_id: string;
    code: string;
    /** Stream sequence of its beginning. */
    began_seq: number;
  };
}

export interface RunningLeave {
  readonly leaveId: string;
  readonly code: string;
}

/** Leaves that have begun and are not over, from LEAVE alone: what a person's state may have to be put right by. */
export function runningLeavesProjection(tenant: string): Projection<RunningLeavesDb> {
  return {
    name: "employee-running-leaves",
    version: 1,
    stream: STREAMS.leave,
    filterSubjects: [domainSubjects("leave")],
    async migrate(db) {
      await db.schema
        .createTable("running_leaves")
        .addColumn("leave_id", "text", (column) => column.notNull())
        .addColumn("employee_id", "text", (column) => column.notNull())
        .addColumn("code", "text", (column) => column.notNull())
        .addColumn("began_seq", "bigint", (column) => column.notNull())
        .addPrimaryKeyConstraint("running_leaves_key", ["employee_id", "leave_id"])
        .execute();
    },
    async apply(tx, stored) {
      if (parseEventSubject(stored.subject)?.tenant !== tenant) return;
      const { type, data } = decidedAs<LeaveEvent>(stored);
      if (type === "leave.leave.began") {
        const { leaveId: leave_id, employeeId: employee_id, code } = data;
        await tx
          .insertInto("running_leaves")
          .values({ leave_id, employee_id, code, began_seq: stored.seq })
          .onConflict((key) => key.columns(["employee_id", "leave_id"]).doNothing())
          .execute();
      } else if (type === "leave.leave.finished") {
        await tx
          .deleteFrom("running_leaves")
          .where("employee_id", "=", data.employeeId)
          .where("leave_id", "=", data.leaveId)
          .execute();
      }
    },
  };
}

/** Oldest first. */
export async function runningLeavesOf(
  db: Kysely<RunningLeavesDb>,
  employeeId: string,
): Promise<RunningLeave[]> {
  const rows = await db
    .selectFrom("running_leaves")
    .select(["leave_id", "code"])
    .where("employee_id", "=", employeeId)
    .orderBy("began_seq")
    .execute();
  return rows.map(({ leave_id, code }) => ({ leaveId: leave_id, code }));
}
