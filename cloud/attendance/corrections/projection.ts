import type {
  correctionApplied,
  correctionApproved,
  correctionRequested,
} from "@clockleaf/shared/events/attendance.ts";
import type { EventOf } from "@clockleaf/shared/events/envelope.ts";
import type { Kysely, Transaction } from "kysely";
import type { AttendanceDb } from "../projection.ts";

export interface CorrectionsDb {
  corrections: {
    request_id: string;
    state: "pending" | "approved" | "rejected";
    requested_at: number;
    requested_by: string;
    decided_at: number | null;
    decided_by: string | null;
    note: string | null;
    /** The request as it was made. */
    json: string;
  };
  corrections_people: { employee_id: string; request_id: string };
  /** Items that took effect. */
  corrections_applied: { correction_id: string; request_id: string; applied_at: number };
}

type Tx = Transaction<AttendanceDb>;

export async function migrateCorrections(db: Kysely<AttendanceDb>): Promise<void> {
  await db.schema
    .createTable("corrections")
    .addColumn("request_id", "text", (column) => column.primaryKey())
    .addColumn("state", "text", (column) => column.notNull())
    .addColumn("requested_at", "bigint", (column) => column.notNull())
    .addColumn("requested_by", "text", (column) => column.notNull())
    .addColumn("decided_at", "bigint")
    .addColumn("decided_by", "text")
    .addColumn("note", "text")
    .addColumn("json", "text", (column) => column.notNull())
    .execute();
  await db.schema
    .createIndex("corrections_by_requested_at")
    .on("corrections")
    .columns(["requested_at", "request_id"])
    .execute();
  await db.schema
    .createTable("corrections_people")
    .addColumn("employee_id", "text", (column) => column.notNull())
    .addColumn("request_id", "text", (column) => column.notNull())
    .addPrimaryKeyConstraint("corrections_people_key", ["employee_id", "request_id"])
    .execute();
  await db.schema
    .createTable("corrections_applied")
    .addColumn("correction_id", "text", (column) => column.primaryKey())
    .addColumn("request_id", "text", (column) => column.notNull())
    .addColumn("applied_at", "bigint", (column) => column.notNull())
    .execute();
  await db.schema
    .createIndex("corrections_applied_by_request_id")
    .on("corrections_applied")
    .columns(["request_id"])
    .execute();
}

export async function requestCorrections(
  tx: Tx,
  data: EventOf<typeof correctionRequested>["data"],
  requestedAt: number,
): Promise<void> {
  const { requestId, items, requestedBy } = data;
  await tx
    .insertInto("corrections")
    .values({
      request_id: requestId,
      state: "pending",
      requested_at: requestedAt,
      requested_by: requestedBy,
      decided_at: null,
      decided_by: null,
      note: null,
      json: JSON.stringify(data),
    })
    .onConflict((key) => key.column("request_id").doNothing())
    .execute();
  for (const employee_id of new Set(items.map(({ employeeId }) => employeeId))) {
    await tx
      .insertInto("corrections_people")
      .values({ employee_id, request_id: requestId })
      .onConflict((key) => key.columns(["employee_id", "request_id"]).doNothing())
      .execute();
  }
}

export async function decideCorrections(
  tx: Tx,
  data: EventOf<typeof correctionApproved>["data"],
  decided: { readonly outcome: "approved" | "rejected"; readonly at: number },
): Promise<void> {
  await tx
    .updateTable("corrections")
    .set({
      state: decided.outcome,
      decided_at: data.at ?? decided.at,
      decided_by: data.by,
      note: data.note,
    })
    .where("request_id", "=", data.requestId)
    .execute();
}

/** An added punch is a row among the punches, as it counts like one. */
export async function applyCorrection(
  tx: Tx,
  data: EventOf<typeof correctionApplied>["data"],
  appliedAt: number,
): Promise<void> {
  const { employeeId, requestId, correction } = data;
  const { correctionId, change } = correction;
  await tx
    .insertInto("corrections_applied")
    .values({ correction_id: correctionId, request_id: requestId, applied_at: appliedAt })
    .onConflict((key) => key.column("correction_id").doNothing())
    .execute();
  if (change.do !== "add") return;
  await tx
    .insertInto("punches")
    .values({
      punch_id: correctionId,
      employee_id: employeeId,
      at: change.at,
      zone: change.zone ?? "UTC",
      site: change.site,
      gateway: ADDED,
      reader: ADDED,
      badge: ADDED,
      meaning: null,
      reason: null,
      workday_on: null,
      counts_at: change.at,
    })
    .onConflict((key) => key.column("punch_id").doNothing())
    .execute();
}

/** Where a punch was made that no reader saw. */
const ADDED = "correction";
