import type { Channel } from "@clockleaf/shared/subjects.ts";
import type { Kysely } from "kysely";
import type { Visible } from "../identity/access.ts";
import { aboutVisible } from "../identity/visible.ts";
import type { Notification } from "./decider.ts";
import { messageOf, type NotificationDb } from "./projection.ts";

export type Db = Kysely<NotificationDb>;

export interface MessageRecord {
  readonly message: Notification;
  readonly requestedSeq: number;
  readonly version: number;
}

export interface MessageQuery {
  readonly employeeId?: string | undefined;
  readonly target?: string | undefined;
  readonly channel?: Channel | undefined;
  readonly template?: string | undefined;
  readonly status?: Notification["status"] | undefined;
  readonly isRead?: boolean | undefined;
  /** Messages to no person are the company's: for who may see everything. */
  readonly visible: Visible;
  /** Asked for before the message of this sequence. */
  readonly before?: number | undefined;
  readonly limit: number;
}

/** The newest first. */
export async function messages(db: Db, query: MessageQuery): Promise<MessageRecord[]> {
  const { employeeId, target, channel, template, status, isRead, before, limit } = query;
  let rows = db
    .selectFrom("messages")
    .select(["json", "requested_seq", "version"])
    .where(aboutVisible(query.visible, "employee_id"));
  if (employeeId !== undefined) rows = rows.where("employee_id", "=", employeeId);
  if (target !== undefined) rows = rows.where("target", "=", target);
  if (channel !== undefined) rows = rows.where("channel", "=", channel);
  if (template !== undefined) rows = rows.where("template", "=", template);
  if (status !== undefined) rows = rows.where("status", "=", status);
  if (isRead !== undefined) rows = rows.where("is_read", "=", isRead ? 1 : 0);
  if (before !== undefined) rows = rows.where("requested_seq", "<", before);
  const found = await rows.orderBy("requested_seq", "desc").limit(limit).execute();
  return found.map(({ json, requested_seq, version }) => ({
    message: messageOf(json),
    requestedSeq: requested_seq,
    version,
  }));
}

export interface DueMessage {
  readonly notificationId: string;
  readonly channel: Channel;
  readonly version: number;
}

/**
 * What wants a worker: a try that is due again, a claim so old that its worker must have died, and a message that has waited
 * so long that its task must have been lost.
 */
export async function dueMessages(
  db: Db,
  before: {
    readonly nowMs: number;
    readonly claimedMs: number;
    readonly waitingMs: number;
    readonly channels: readonly Channel[];
  },
  limit: number,
): Promise<DueMessage[]> {
  if (before.channels.length === 0) return [];
  const rows = await db
    .selectFrom("messages")
    .select(["notification_id", "channel", "version"])
    .where("channel", "in", [...before.channels])
    .where((eb) =>
      eb.or([
        eb.and([eb("status", "=", "will-retry"), eb("retry_at", "<=", before.nowMs)]),
        eb.and([eb("status", "=", "claimed"), eb("changed_at", "<=", before.claimedMs)]),
        eb.and([eb("status", "=", "waiting"), eb("changed_at", "<=", before.waitingMs)]),
      ]),
    )
    .orderBy("requested_seq")
    .limit(limit)
    .execute();
  return rows.map(({ notification_id: notificationId, channel, version }) => ({
    notificationId,
    channel,
    version,
  }));
}

/** How many visible messages there are of each channel and status. */
export async function counts(
  db: Db,
  visible: Visible,
): Promise<ReadonlyArray<{ channel: Channel; status: Notification["status"]; count: number }>> {
  const rows = await db
    .selectFrom("messages")
    .select(({ fn }) => ["channel", "status", fn.countAll<number>().as("count")])
    .where(aboutVisible(visible, "employee_id"))
    .groupBy(["channel", "status"])
    .orderBy("channel")
    .orderBy("status")
    .execute();
  return rows;
}
