import type {
  punchQuarantined,
  punchRedated,
  quarantineResolved,
} from "@clockleaf/shared/events/attendance.ts";
import type { EventOf } from "@clockleaf/shared/events/envelope.ts";
import { punchedAtMs } from "@clockleaf/shared/wire/punch.ts";
import type { Kysely, Transaction } from "kysely";
import type { AttendanceDb } from "./projection.ts";
import type { QuarantineReason } from "./quarantine-decider.ts";

export interface QuarantineDb {
  /** Punches that were or are in quarantine; `at` is when they were made, as far as is known. */
  quarantine: {
    punch_id: string;
    badge: string;
    site: string;
    gateway: string;
    boot_id: string;
    at: number;
    reason: QuarantineReason;
    state: "waiting" | "assigned" | "rejected";
    zone: string;
    quarantined_at: number;
    employee_id: string | null;
    counts_at: number | null;
    resolved_at: number | null;
    resolved_by: string | null;
    note: string | null;
    json: string;
  };
}

type Tx = Transaction<AttendanceDb>;

export async function migrateQuarantine(db: Kysely<AttendanceDb>): Promise<void> {
  await db.schema
    .createTable("quarantine")
    .addColumn("punch_id", "text", (column) => column.primaryKey())
    .addColumn("badge", "text", (column) => column.notNull())
    .addColumn("site", "text", (column) => column.notNull())
    .addColumn("gateway", "text", (column) => column.notNull())
    .addColumn("boot_id", "text", (column) => column.notNull())
    .addColumn("at", "integer", (column) => column.notNull())
    .addColumn("reason", "text", (column) => column.notNull())
    .addColumn("state", "text", (column) => column.notNull())
    .addColumn("zone", "text", (column) => column.notNull())
    .addColumn("quarantined_at", "integer", (column) => column.notNull())
    .addColumn("employee_id", "text")
    .addColumn("counts_at", "integer")
    .addColumn("resolved_at", "integer")
    .addColumn("resolved_by", "text")
    .addColumn("note", "text")
    .addColumn("json", "text", (column) => column.notNull())
    .execute();
  for (const columns of [
    ["state", "quarantined_at", "punch_id"],
    ["gateway", "boot_id"],
  ]) {
    const name = `quarantine_by_${columns.join("_")}`;
    await db.schema.createIndex(name).on("quarantine").columns(columns).execute();
  }
}

export async function quarantinePunch(
  tx: Tx,
  { punch, reason, zone }: EventOf<typeof punchQuarantined>["data"],
  quarantinedAt: number,
): Promise<void> {
  await tx
    .insertInto("quarantine")
    .values({
      punch_id: punch.punchId,
      badge: punch.badge,
      site: punch.site,
      gateway: punch.gateway,
      boot_id: punch.time.bootId,
      at: punchedAtMs(punch.time),
      reason,
      state: "waiting",
      zone,
      quarantined_at: quarantinedAt,
      employee_id: null,
      counts_at: null,
      resolved_at: null,
      resolved_by: null,
      note: null,
      json: JSON.stringify(punch),
    })
    .onConflict((key) => key.column("punch_id").doNothing())
    .execute();
}

/** At its new time it waits for another reason, or is resolved by the event that comes with this one. */
export async function redatePunch(
  tx: Tx,
  { punch, at, heldBy }: EventOf<typeof punchRedated>["data"],
): Promise<void> {
  await tx
    .updateTable("quarantine")
    .set({ at, json: JSON.stringify(punch), ...(heldBy === null ? {} : { reason: heldBy }) })
    .where("punch_id", "=", punch.punchId)
    .execute();
}

export async function resolvePunch(
  tx: Tx,
  data: EventOf<typeof quarantineResolved>["data"],
  resolvedAt: number,
): Promise<void> {
  const { punch, employeeId, at, resolvedBy, note } = data;
  await tx
    .updateTable("quarantine")
    .set({
      state: employeeId === null ? "rejected" : "assigned",
      employee_id: employeeId,
      counts_at: at,
      resolved_at: resolvedAt,
      resolved_by: resolvedBy,
      note,
    })
    .where("punch_id", "=", punch.punchId)
    .execute();
}
