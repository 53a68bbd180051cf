import { PlatformError } from "@clockleaf/shared/lib/errors.ts";
import { BUCKETS, webhookEntryKey } from "@clockleaf/shared/subjects.ts";
import { DeliverPolicy, jetstream, jetstreamManager, type StoredMsg } from "@nats-io/jetstream";
import type { MsgHdrs, NatsConnection } from "nats";
import { z } from "zod";
import { publishGuarded } from "../eventing/atomic-batch.ts";
import { connectionGate } from "../eventing/connection-gate.ts";
import { type Delivery, deliverySchema } from "./delivery.ts";

const healthSchema = z.object({ failingSince: z.int().nullable() });
/** Since when an endpoint has taken nothing; null = it takes what it gets. */
export type Health = z.output<typeof healthSchema>;

const cursorSchema = z.object({ startId: z.string(), incarnation: z.int(), seq: z.int().min(0) });
/** How far an endpoint is in one stream, since which beginning. */
export type Cursor = z.output<typeof cursorSchema>;

/** How far one stream is. One owner; every write names the one before, so that a rival's is refused. */
export interface CursorKeeper {
  readonly cursor: Cursor | undefined;
  /** Rejects with `stream.conflict` if somebody else has written since. */
  write(cursor: Cursor): Promise<void>;
}

/** A change of what waits for another try; undefined = it is done with. */
export interface WaitingChange {
  readonly deliveryId: string;
  readonly delivery: Delivery | undefined;
  readonly revision: number;
}
export interface Watching extends AsyncIterable<WaitingChange> {
  /** As many of the first changes tell what there was already. */
  readonly count: number;
  stop(): void;
}

/** What is kept of endpoints besides the events: in the bucket `webhooks`, and of each delivery a line in the log. */
export interface Entries {
  health(webhookId: string): Promise<Health>;
  setHealth(webhookId: string, health: Health): Promise<void>;
  takeCursor(webhookId: string, domain: string): Promise<CursorKeeper>;
  /**
   * Has it tried, at its time, by whoever works for the endpoint. Resolves with the revision of the entry. With `revision`,
   * of the entry that was tried, it rejects with `stream.conflict` if somebody has asked for it again meanwhile.
   */
  wait(delivery: Delivery, revision?: number): Promise<number>;
  /** Resolves with the revision of the mark that is left. Rejects like `wait`. */
  doneWith(delivery: Pick<Delivery, "webhookId" | "deliveryId">, revision: number): Promise<number>;
  /** What waits, and then every change. */
  watchWaiting(webhookId: string): Promise<Watching>;
  /** The delivery as it is now in the log. */
  log(delivery: Delivery): Promise<void>;
  putSecret(webhookId: string, secretId: string, sealed: Uint8Array): Promise<void>;
  secret(webhookId: string, secretId: string): Promise<Uint8Array | undefined>;
  /** Removes what there is of endpoints that `isGone` names, but for the log, which forgets by itself. */
  removeGone(isGone: (webhookId: string) => boolean): Promise<void>;
}

const STREAM = `KV_${BUCKETS.webhooks}`;
const LOG_STREAM = `KV_${BUCKETS.webhookDeliveries}`;
const TIMEOUT_MS = 5_000;
const OPERATION = "KV-Operation";
const WAITING = "waiting";
/** How long the mark of a removed entry stays, for whoever watches. */
const MARK_TTL = "10m";

export function openEntries(nc: NatsConnection, tenant: string): Entries {
  const subjectOf = (webhookId: string, ...name: readonly string[]): string =>
    `$KV.${BUCKETS.webhooks}.${webhookEntryKey(tenant, webhookId, name.join("."))}`;
  const put = (subject: string, data: Uint8Array, stream = STREAM): Promise<number> =>
    publishGuarded(nc, { subject, data, headers: [] }, { stream, timeoutMs: TIMEOUT_MS });
  return {
    async health(webhookId) {
      const bytes = await read(nc, subjectOf(webhookId, "health"));
      return bytes === undefined ? { failingSince: null } : healthSchema.parse(jsonIn(bytes));
    },
    async setHealth(webhookId, health) {
      await put(subjectOf(webhookId, "health"), bytesOf(health));
    },
    takeCursor: (webhookId, domain) => takeCursor(nc, subjectOf(webhookId, "cursor", domain)),
    wait(delivery, revision) {
      const subject = subjectOf(delivery.webhookId, WAITING, delivery.deliveryId);
      const guard = revision === undefined ? {} : { expectedLastSeq: revision };
      const message = { subject, data: bytesOf(delivery), headers: [], ...guard };
      return publishGuarded(nc, message, { stream: STREAM, timeoutMs: TIMEOUT_MS });
    },
    doneWith: ({ webhookId, deliveryId }, revision) =>
      remove(nc, subjectOf(webhookId, WAITING, deliveryId), revision),
    watchWaiting: (webhookId) => watchWaiting(nc, subjectOf(webhookId, WAITING, "*")),
    async log(delivery) {
      const name = webhookEntryKey(tenant, delivery.webhookId, delivery.deliveryId);
      await put(`$KV.${BUCKETS.webhookDeliveries}.${name}`, bytesOf(delivery), LOG_STREAM);
    },
    async putSecret(webhookId, secretId, sealed) {
      await put(subjectOf(webhookId, "secret", secretId), sealed);
    },
    secret: (webhookId, secretId) => read(nc, subjectOf(webhookId, "secret", secretId)),
    async removeGone(isGone) {
      const jsm = await jetstreamManager(nc, { checkAPI: false });
      const mine = `$KV.${BUCKETS.webhooks}.${tenant}.>`;
      const { state } = await jsm.streams.info(STREAM, { subjects_filter: mine });
      for (const subject of Object.keys(state.subjects ?? {})) {
        const [, , , webhookId = ""] = subject.split(".");
        if (isGone(webhookId)) await remove(nc, subject);
      }
    },
  };
}

const bytesOf = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));
const jsonIn = (bytes: Uint8Array): unknown => JSON.parse(new TextDecoder().decode(bytes));

/** From the leader: what one process wrote a moment ago is what another must see. */
async function readMessage(nc: NatsConnection, subject: string): Promise<StoredMsg | null> {
  connectionGate(nc).assertConnected();
  const jsm = await jetstreamManager(nc, { checkAPI: false });
  return await connectionGate(nc).orLost(jsm.streams.getMessage(STREAM, { last_by_subj: subject }));
}

async function read(nc: NatsConnection, subject: string): Promise<Uint8Array | undefined> {
  const message = await readMessage(nc, subject);
  return message === null || isMark(message.header) ? undefined : message.data;
}

/** Of an entry that was removed. */
const isMark = (header: MsgHdrs | undefined): boolean => (header?.get(OPERATION) ?? "") !== "";

/** By hand: the client's `purge` has no age for the mark it leaves. */
async function remove(nc: NatsConnection, subject: string, revision?: number): Promise<number> {
  const headers = [
    [OPERATION, "PURGE"],
    ["Nats-Rollup", "sub"],
    ["Nats-TTL", MARK_TTL],
  ] as const;
  const guard = revision === undefined ? {} : { expectedLastSeq: revision };
  const mark = { subject, data: new Uint8Array(), headers, ...guard };
  return await publishGuarded(nc, mark, { stream: STREAM, timeoutMs: TIMEOUT_MS });
}

/**
 * Reads the cursor and writes it back as it is: from here on the writes of whoever had it before are refused, also of one
 * that was frozen and wakes up.
 */
async function takeCursor(nc: NatsConnection, subject: string): Promise<CursorKeeper> {
  const message = await readMessage(nc, subject);
  let revision = message?.seq ?? 0;
  const write = async (cursor: Cursor): Promise<void> => {
    const guarded = { subject, data: bytesOf(cursor), headers: [], expectedLastSeq: revision };
    revision = await publishGuarded(nc, guarded, { stream: STREAM, timeoutMs: TIMEOUT_MS });
  };
  const isThere = message !== null && !isMark(message.header);
  const cursor = isThere ? cursorSchema.parse(jsonIn(message.data)) : undefined;
  if (cursor !== undefined) await write(cursor);
  return { cursor, write };
}

async function watchWaiting(nc: NatsConnection, subject: string): Promise<Watching> {
  const consumer = await jetstream(nc).consumers.get(STREAM, {
    filter_subjects: [subject],
    deliver_policy: DeliverPolicy.LastPerSubject,
  });
  const { num_pending: count } = await consumer.info(true);
  const messages = await consumer.consume({
    max_messages: 500,
    expires: 10_000,
    idle_heartbeat: 2_000,
  });
  return {
    count,
    stop: () => messages.stop(),
    async *[Symbol.asyncIterator]() {
      for await (const { subject: of, data, headers, seq: revision } of messages) {
        const deliveryId = of.slice(of.lastIndexOf(".") + 1);
        yield { deliveryId, revision, delivery: isMark(headers) ? undefined : deliveryIn(data) };
      }
    },
  };
}

/** Throws `wire.malformed` for what `log` and `wait` did not write. */
export function deliveryIn(bytes: Uint8Array): Delivery {
  const parsed = deliverySchema.safeParse(jsonIn(bytes));
  if (parsed.success) return parsed.data;
  throw new PlatformError("wire.malformed", "not a delivery as it is stored");
}
