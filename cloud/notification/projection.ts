import type { Decided } from "@clockleaf/shared/events/envelope.ts";
import type { NotificationEvent } from "@clockleaf/shared/events/notification.ts";
import {
  type Channel,
  domainSubjects,
  parseEventSubject,
  STREAMS,
} from "@clockleaf/shared/subjects.ts";
import type { Kysely, Transaction } from "kysely";
import { decidedAs } from "../eventing/decided-as.ts";
import type { StoredEvent } from "../eventing/event-store.ts";
import type { Projection } from "../eventing/projection.ts";
import { type MessageEvent, messageDecider, type Notification } from "./decider.ts";

/** Instants are UTC milliseconds, `…_seq` are stream sequences. */
export interface NotificationDb {
  messages: {
    notification_id: string;
    requested_seq: number;
    version: number;
    employee_id: string | null;
    target: string | null;
    channel: Channel;
    template: string;
    status: Notification["status"];
    changed_at: number;
    retry_at: number | null;
    is_read: number;
    /** The whole {@link Notification}. */
    json: string;
  };
  preferences: { employee_id: string; version: number; json: string };
}

/** The delivery log, what is shown to people, and what they want to be told. */
export function notificationProjection(tenant: string): Projection<NotificationDb> {
  return {
    name: "notification",
    version: 1,
    stream: STREAMS.notification,
    filterSubjects: [domainSubjects("notification")],
    migrate,
    async apply(tx, stored) {
      if (parseEventSubject(stored.subject)?.tenant === tenant) await apply(tx, stored);
    },
  };
}

async function migrate({ schema }: Kysely<NotificationDb>): Promise<void> {
  await schema
    .createTable("messages")
    .addColumn("notification_id", "text", (column) => column.primaryKey())
    .addColumn("requested_seq", "bigint", (column) => column.notNull().unique())
    .addColumn("version", "bigint", (column) => column.notNull())
    .addColumn("employee_id", "text")
    .addColumn("target", "text")
    .addColumn("channel", "text", (column) => column.notNull())
    .addColumn("template", "text", (column) => column.notNull())
    .addColumn("status", "text", (column) => column.notNull())
    .addColumn("changed_at", "bigint", (column) => column.notNull())
    .addColumn("retry_at", "bigint")
    .addColumn("is_read", "integer", (column) => column.notNull())
    .addColumn("json", "text", (column) => column.notNull())
    .execute();
  for (const by of ["employee_id", "status"] as const) {
    await schema
      .createIndex(`messages_by_${by}`)
      .on("messages")
      .columns([by, "requested_seq"])
      .execute();
  }
  await schema
    .createTable("preferences")
    .addColumn("employee_id", "text", (column) => column.primaryKey())
    .addColumn("version", "bigint", (column) => column.notNull())
    .addColumn("json", "text", (column) => column.notNull())
    .execute();
}

type Tx = Transaction<NotificationDb>;

async function apply(tx: Tx, stored: StoredEvent): Promise<void> {
  const event = decidedAs<NotificationEvent>(stored);
  if (event.type !== "notification.preferences.set") return putMessage(tx, event, stored.seq);
  const row = { version: stored.seq, json: JSON.stringify(event.data) };
  await tx
    .insertInto("preferences")
    .values({ employee_id: event.data.employeeId, ...row })
    .onConflict((key) => key.column("employee_id").doUpdateSet(row))
    .execute();
}

async function putMessage(tx: Tx, event: Decided<MessageEvent>, seq: number): Promise<void> {
  const { notificationId: notification_id } = event.data;
  const before = await tx
    .selectFrom("messages")
    .select("json")
    .where("notification_id", "=", notification_id)
    .executeTakeFirst();
  const message = messageDecider.evolve(
    before === undefined ? null : messageOf(before.json),
    event,
  );
  if (message === null) return;
  const { employeeId: employee_id, target, channel, template } = message.requested;
  const row = {
    version: seq,
    status: message.status,
    changed_at: event.data.at,
    retry_at: message.retryAt,
    is_read: message.readAt === null ? 0 : 1,
    json: JSON.stringify(message),
  };
  await tx
    .insertInto("messages")
    .values({ notification_id, requested_seq: seq, employee_id, target, channel, template, ...row })
    .onConflict((key) => key.column("notification_id").doUpdateSet(row))
    .execute();
}

/** Reads back what `putMessage` wrote: a state of our own making. */
export function messageOf(json: string): Notification {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return JSON.parse(json) as Notification;
}
