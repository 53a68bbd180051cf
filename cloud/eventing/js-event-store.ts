import { setTimeout as sleep } from "node:timers/promises";
import { hasCode, PlatformError } from "@clockleaf/shared/lib/errors.ts";
import { eventSubject, STREAMS } from "@clockleaf/shared/subjects.ts";
import { type JetStreamManager, jetstreamManager, type StoredMsg } from "@nats-io/jetstream";
import type { NatsConnection } from "nats";
import { ambiguous, publishBatch } from "./atomic-batch.ts";
import { connectionGate } from "./connection-gate.ts";
import { readAfter } from "./direct-read.ts";
import { EVENT_ID_HEADER, readStoredEvent } from "./event-message.ts";
import type { EventStore, StoredEvent } from "./event-store.ts";
import { type Prepared, prepareAppend } from "./prepare-append.ts";
import { bucketSnapshots } from "./snapshots.ts";
import type { PersonalVault } from "./vault.ts";

export interface JsEventStoreOptions {
  readonly nc: NatsConnection;
  /** Seals what is personal; without it (in tests) everything is stored in the clear. */
  readonly vault?: PersonalVault;
  /** How long one answer of the server is waited for. */
  readonly timeoutMs?: number;
  /** How long the fate of an unanswered append is looked for, reconnecting included, before it is called ambiguous. */
  readonly verifyMs?: number;
}

/** API level of nats-server 2.12, the first with atomic batches and with guards that hold inside them. */
const MIN_API_LEVEL = 2;
const VERIFY_PAUSE_MS = 50;
const REPLICA_PAUSE_MS = 5;

/**
 * The event store on JetStream: one stream per domain, one subject per aggregate. Each aggregate's first new event is
 * guarded by the sequence of its last one; several events go as one atomic batch.
 *
 * No `Nats-Msg-Id` is sent. The guards alone make an append happen once, and without a window; a message id would only
 * add a way for the server to swallow a correctly guarded append as a duplicate.
 */
export async function openJsEventStore(options: JsEventStoreOptions): Promise<EventStore> {
  const { nc, vault, timeoutMs = 5_000, verifyMs = 10_000 } = options;
  const gate = connectionGate(nc);
  const jsm = await jetstreamManager(nc, { checkAPI: false, timeout: timeoutMs });
  const parts: Parts = { nc, jsm, verifyMs, batching: new Set(), copies: new Map() };

  return {
    snapshots: bucketSnapshots(nc),
    async load(address, afterSeq) {
      gate.assertConnected();
      const from = { stream: STREAMS[address.domain], subject: eventSubject(address) };
      const upTo = await lastSeqByLeader(parts, from);
      const events: StoredEvent[] = [];
      const lastSeq = (): number => events.at(-1)?.seq ?? afterSeq;
      const deadline = performance.now() + timeoutMs;
      do {
        const query = { ...from, afterSeq: lastSeq(), timeoutMs };
        for await (const message of readAfter(nc, jsm, query)) {
          events.push(await readStoredEvent(message, vault));
        }
        if (lastSeq() >= upTo) return { events, lastSeq: lastSeq() };
        await sleep(REPLICA_PAUSE_MS);
      } while (performance.now() < deadline);
      throw new PlatformError("stream.not-connected", "the copies of the stream are behind", {
        retriable: true,
      });
    },

    async append(appends, cause) {
      gate.assertConnected();
      const prepared = await prepareAppend(appends, cause, vault);
      const [first] = prepared.appends;
      if (first === undefined) return new Map();
      const stream = STREAMS[prepared.domain];
      const { messages } = prepared;
      if (messages.length > 1) await assertBatching(parts, stream);
      let firstSeq: number;
      try {
        const lastSeq = await publishBatch(nc, messages, { stream, timeoutMs });
        firstSeq = lastSeq - messages.length + 1;
      } catch (error) {
        if (!hasCode(error, "stream.ambiguous")) throw error;
        firstSeq = await verify(parts, { ...first, stream }, error);
      }
      return new Map(
        prepared.appends.map((each) => [each.subject, firstSeq + each.lastIndex] as const),
      );
    },
  };
}

interface Parts {
  readonly nc: NatsConnection;
  readonly jsm: JetStreamManager;
  readonly verifyMs: number;
  /** Streams seen to take batches. */
  readonly batching: Set<string>;
  /** How many copies there are of each stream, as far as asked. */
  readonly copies: Map<string, number>;
}

/**
 * Up to where an aggregate must be read at least. In a cluster any copy answers a direct read, also one that has not got
 * everything yet; a rule that said no on an old state would be wrong. The leader knows. A stream with one copy needs no asking.
 */
async function lastSeqByLeader(
  { nc, jsm, copies }: Parts,
  { stream, subject }: { readonly stream: string; readonly subject: string },
): Promise<number> {
  const ask = <T>(work: Promise<T>): Promise<T> => notConnectedOr(connectionGate(nc).orLost(work));
  const known = copies.get(stream) ?? (await ask(jsm.streams.info(stream))).config.num_replicas;
  copies.set(stream, known);
  if (known === 1) return 0;
  const last = await ask(jsm.streams.getMessage(stream, { last_by_subj: subject }));
  return last?.seq ?? 0;
}

/** An older server, or a stream not set up for it, would store the messages of a batch one by one. */
async function assertBatching({ nc, jsm, batching }: Parts, stream: string): Promise<void> {
  if ((nc.info?.api_lvl ?? 0) < MIN_API_LEVEL) {
    throw new PlatformError("stream.server-too-old", "nats-server 2.12 or newer is needed");
  }
  if (batching.has(stream)) return;
  const { config } = await notConnectedOr(jsm.streams.info(stream));
  if (config.allow_atomic !== true) {
    throw new PlatformError("stream.topology-mismatch", `${stream} lacks allow_atomic`, {
      details: { stream, field: "allow_atomic" },
    });
  }
  batching.add(stream);
}

/**
 * What became of an unanswered append; the sequence of its first event if it was stored. The first event after the
 * expected sequence is ours, another's, or not there. The last event would not tell: ours may already be followed by
 * another's. "Not there" stays ambiguous, for the server may have the request still before it.
 */
async function verify(
  { nc, jsm, verifyMs }: Parts,
  append: Prepared & { readonly stream: string },
  cause: unknown,
): Promise<number> {
  const { stream, subject, expectedSeq, eventId } = append;
  const deadline = performance.now() + verifyMs;
  for (;;) {
    const leftMs = deadline - performance.now();
    if (leftMs <= 0 || !(await connectionGate(nc).whenConnected(leftMs))) throw ambiguous(cause);
    const next = await readNext(jsm, stream, { subject, afterSeq: expectedSeq });
    if (next === "absent") throw ambiguous(cause);
    if (next !== "unreadable") {
      if (next.header.get(EVENT_ID_HEADER) === eventId) return next.seq;
      throw new PlatformError("stream.conflict", "another writer was faster", {
        retriable: true,
        cause,
      });
    }
    await sleep(VERIFY_PAUSE_MS);
  }
}

async function readNext(
  jsm: JetStreamManager,
  stream: string,
  from: { readonly subject: string; readonly afterSeq: number },
): Promise<StoredMsg | "absent" | "unreadable"> {
  try {
    const message = await jsm.direct.getMessage(stream, {
      seq: from.afterSeq + 1,
      next_by_subj: from.subject,
    });
    return message ?? "absent";
  } catch {
    // The server is not back yet, or the link broke again; the caller asks until its deadline.
    return "unreadable";
  }
}

async function notConnectedOr<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw new PlatformError("stream.not-connected", "the hub did not answer", {
      retriable: true,
      cause: error,
    });
  }
}
