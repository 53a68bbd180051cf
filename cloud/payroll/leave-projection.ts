import type { LeaveEvent } from "@clockleaf/shared/events/leave.ts";
import { domainSubjects, parseEventSubject, STREAMS } from "@clockleaf/shared/subjects.ts";
import type { Kysely } from "kysely";
import { decidedAs } from "../eventing/decided-as.ts";
import type { Projection } from "../eventing/projection.ts";

export interface LeaveDb {
  pay_payouts: { entry_id: string; employee_id: string; minutes: number; on_day: string };
}

/** Leave that is paid out instead of taken. */
export function leaveProjection(tenant: string): Projection<LeaveDb> {
  return {
    name: "payroll-leave",
    version: 1,
    stream: STREAMS.leave,
    filterSubjects: [domainSubjects("leave")],
    async migrate(db: Kysely<LeaveDb>) {
      await db.schema
        .createTable("pay_payouts")
        .addColumn("entry_id", "text", (column) => column.primaryKey())
        .addColumn("employee_id", "text", (column) => column.notNull())
        .addColumn("minutes", "integer", (column) => column.notNull())
        .addColumn("on_day", "text", (column) => column.notNull())
        .execute();
    },
    async apply(tx, stored) {
      if (parseEventSubject(stored.subject)?.tenant !== tenant) return;
      const { type, data } = decidedAs<LeaveEvent>(stored);
      if (type !== "leave.ledger.posted" || data.kind !== "payout") return;
      await tx
        .insertInto("pay_payouts")
        .values({
          entry_id: data.entryId,
          employee_id: data.employeeId,
          // What leaves the account is a negative entry; one that puts it right is of the other sign.
          minutes: -data.minutes,
          on_day: data.on,
        })
        .onConflict((key) => key.column("entry_id").doNothing())
        .execute();
    },
  };
}
