import type { Decided } from "@clockleaf/shared/events/envelope.ts";
import type { LeaveEvent } from "@clockleaf/shared/events/leave.ts";
import { domainSubjects, parseEventSubject, STREAMS } from "@clockleaf/shared/subjects.ts";
import type { Kysely, Transaction } from "kysely";
import { decidedAs } from "../eventing/decided-as.ts";
import type { StoredEvent } from "../eventing/event-store.ts";
import type { Projection } from "../eventing/projection.ts";
import type { Entry } from "./ledger.ts";

export const LEAVE_STATUSES = ["requested", "approved", "rejected", "cancelled"] as const;
export type LeaveStatus = (typeof LEAVE_STATUSES)[number];

export interface LeaveDb {
  accounts: {
    employee_id: string;
    opened_on: string;
    zone: string;
    /** Stream sequence of the account's last event. */
    version: number;
    /** When that was decided, UTC milliseconds. */
    changed_at: number;
  };
  ledger: {
    seq: number;
    employee_id: string;
    entry_id: string;
    policy: string;
    kind: Entry["kind"];
    minutes: number;
    on_date: string;
    leave_id: string | null;
    reason: string;
  };
  leaves: {
    leave_id: string;
    employee_id: string;
    code: string;
    policy: string | null;
    from_on: string;
    to_on: string;
    /** Last day that counts; null = none. */
    last_on: string | null;
    seconds_a_day: number | null;
    minutes: number;
    working_days: number;
    status: LeaveStatus;
    has_begun: number;
    has_finished: number;
    requested_by: string;
    requested_at: number;
    department_id: string | null;
    manager_id: string | null;
    decided_by: string | null;
    decided_at: number | null;
    reason: string | null;
    /** Stream sequence of its last event. */
    version: number;
  };
}

/**
 * Accounts, their ledger and all leave. The note of a request is not among them: it is personal, and stays sealed in its
 * event.
 */
export function leaveProjection(tenant: string): Projection<LeaveDb> {
  return {
    name: "leave",
    version: 1,
    stream: STREAMS.leave,
    filterSubjects: [domainSubjects("leave")],
    migrate,
    async apply(tx, stored) {
      if (parseEventSubject(stored.subject)?.tenant === tenant) await apply(tx, stored);
    },
  };
}

async function migrate(db: Kysely<LeaveDb>): Promise<void> {
  await db.schema
    .createTable("accounts")
    .addColumn("employee_id", "text", (column) => column.primaryKey())
    .addColumn("opened_on", "text", (column) => column.notNull())
    .addColumn("zone", "text", (column) => column.notNull())
    .addColumn("version", "bigint", (column) => column.notNull())
    .addColumn("changed_at", "bigint", (column) => column.notNull())
    .execute();
  await db.schema
    .createTable("ledger")
    .addColumn("seq", "bigint", (column) => column.primaryKey())
    .addColumn("employee_id", "text", (column) => column.notNull())
    .addColumn("entry_id", "text", (column) => column.notNull())
    .addColumn("policy", "text", (column) => column.notNull())
    .addColumn("kind", "text", (column) => column.notNull())
    .addColumn("minutes", "integer", (column) => column.notNull())
    .addColumn("on_date", "text", (column) => column.notNull())
    .addColumn("leave_id", "text")
    .addColumn("reason", "text", (column) => column.notNull())
    .execute();
  await db.schema
    .createIndex("ledger_by_person")
    .on("ledger")
    .columns(["employee_id", "policy", "on_date", "seq"])
    .execute();
  await migrateLeaves(db);
}

async function migrateLeaves(db: Kysely<LeaveDb>): Promise<void> {
  await db.schema
    .createTable("leaves")
    .addColumn("leave_id", "text", (column) => column.primaryKey())
    .addColumn("employee_id", "text", (column) => column.notNull())
    .addColumn("code", "text", (column) => column.notNull())
    .addColumn("policy", "text")
    .addColumn("from_on", "text", (column) => column.notNull())
    .addColumn("to_on", "text", (column) => column.notNull())
    .addColumn("last_on", "text")
    .addColumn("seconds_a_day", "integer")
    .addColumn("minutes", "integer", (column) => column.notNull())
    .addColumn("working_days", "integer", (column) => column.notNull())
    .addColumn("status", "text", (column) => column.notNull())
    .addColumn("has_begun", "integer", (column) => column.notNull())
    .addColumn("has_finished", "integer", (column) => column.notNull())
    .addColumn("requested_by", "text", (column) => column.notNull())
    .addColumn("requested_at", "bigint", (column) => column.notNull())
    .addColumn("department_id", "text")
    .addColumn("manager_id", "text")
    .addColumn("decided_by", "text")
    .addColumn("decided_at", "bigint")
    .addColumn("reason", "text")
    .addColumn("version", "bigint", (column) => column.notNull())
    .execute();
  const indexes = {
    leaves_by_start: ["from_on", "leave_id"],
    leaves_by_person: ["employee_id", "from_on"],
    leaves_by_department: ["department_id", "from_on"],
    leaves_to_tell: ["has_finished", "from_on"],
  } as const;
  for (const [name, columns] of Object.entries(indexes)) {
    await db.schema
      .createIndex(name)
      .on("leaves")
      .columns([...columns])
      .execute();
  }
}

type Tx = Transaction<LeaveDb>;

async function apply(tx: Tx, stored: StoredEvent): Promise<void> {
  const event = decidedAs<LeaveEvent>(stored);
  const { timestamp } = stored.event.metadata;
  const said = { version: stored.seq, changed_at: timestamp };
  if (event.type === "leave.account.created") {
    const { employeeId: employee_id, openedOn: opened_on, zone } = event.data;
    await tx
      .insertInto("accounts")
      .values({ employee_id, opened_on, zone, ...said })
      .onConflict((key) => key.column("employee_id").doUpdateSet({ opened_on, zone, ...said }))
      .execute();
    return;
  }
  const { employeeId } = event.data;
  await tx.updateTable("accounts").set(said).where("employee_id", "=", employeeId).execute();
  if (event.type === "leave.ledger.posted") return post(tx, event.data, stored.seq);
  if (event.type === "leave.leave.requested") return enter(tx, event.data, stored);
  await tx
    .updateTable("leaves")
    .set({ ...changesOf(event), version: stored.seq })
    .where("leave_id", "=", event.data.leaveId)
    .execute();
}

type Later = Exclude<
  Decided<LeaveEvent>,
  { type: "leave.account.created" | "leave.ledger.posted" | "leave.leave.requested" }
>;

function changesOf(event: Later): Partial<LeaveDb["leaves"]> {
  switch (event.type) {
    case "leave.leave.approved": {
      const { by, at } = event.data;
      return { status: "approved", decided_by: by, decided_at: at };
    }
    case "leave.leave.rejected": {
      const { by, at, reason } = event.data;
      return { status: "rejected", last_on: null, decided_by: by, decided_at: at, reason };
    }
    case "leave.leave.cancelled": {
      const { by, at, reason, untilOn } = event.data;
      return { status: "cancelled", last_on: untilOn, decided_by: by, decided_at: at, reason };
    }
    case "leave.leave.began":
      return { has_begun: 1 };
    case "leave.leave.finished":
      return { has_finished: 1 };
  }
}

async function post(
  tx: Tx,
  data: Extract<Decided<LeaveEvent>, { type: "leave.ledger.posted" }>["data"],
  seq: number,
): Promise<void> {
  await tx
    .insertInto("ledger")
    .values({
      seq,
      employee_id: data.employeeId,
      entry_id: data.entryId,
      policy: data.policy,
      kind: data.kind,
      minutes: data.minutes,
      on_date: data.on,
      leave_id: data.leaveId,
      reason: data.reason,
    })
    .execute();
}

async function enter(
  tx: Tx,
  data: Extract<Decided<LeaveEvent>, { type: "leave.leave.requested" }>["data"],
  { seq, event }: StoredEvent,
): Promise<void> {
  const row = {
    employee_id: data.employeeId,
    code: data.code,
    policy: data.policy,
    from_on: data.fromOn,
    to_on: data.toOn,
    last_on: data.toOn,
    seconds_a_day: data.secondsADay,
    minutes: data.minutes,
    working_days: data.days?.length ?? 0,
    status: "requested" as const,
    has_begun: 0,
    has_finished: 0,
    requested_by: data.requestedBy,
    requested_at: event.metadata.timestamp,
    department_id: data.departmentId,
    manager_id: data.managerId,
    decided_by: null,
    decided_at: null,
    reason: null,
    version: seq,
  };
  await tx
    .insertInto("leaves")
    .values({ leave_id: data.leaveId, ...row })
    .onConflict((key) => key.column("leave_id").doUpdateSet(row))
    .execute();
}
