import type { Event } from "@clockleaf/shared/events/envelope.ts";
import { codeOf, hasCode } from "@clockleaf/shared/lib/errors.ts";
import type { Log } from "@clockleaf/shared/lib/log.ts";
import { type Domain, STREAMS, tenantSubjects } from "@clockleaf/shared/subjects.ts";
import type { JsMsg } from "@nats-io/jetstream";
import type { NatsConnection } from "nats";
import type { BridgeRecord } from "../bridges/bridge.ts";
import { domainOf } from "../bridges/names.ts";
import { recordOf } from "../bridges/record.ts";
import { readBatches, type SourceState, sourceState } from "../bridges/source.ts";
import { publishDeadLetter } from "../eventing/dead-letter.ts";
import { keepFollowing } from "../eventing/keep-following.ts";
import type { PersonalVault } from "../eventing/vault.ts";
import type { Endpoint } from "./decider.ts";
import type { Delivery } from "./delivery.ts";
import type { Desk } from "./endpoint-runner.ts";
import type { Cursor, CursorKeeper, Entries } from "./entries.ts";
import { isOfSites, isWanted } from "./event-types.ts";
import { deliveryIdOf, messageOf } from "./message.ts";
import type { Counters } from "./stats.ts";

export interface FeedOptions {
  readonly nc: NatsConnection;
  readonly tenant: string;
  readonly endpoint: Endpoint;
  readonly domain: Domain;
  readonly desk: Desk;
  readonly entries: Entries;
  readonly vault: PersonalVault | undefined;
  readonly counters: Counters;
  readonly mayWork: () => boolean;
  readonly nowMs: () => number;
  readonly log: Log;
  readonly testHooks?: { readonly ackBeforeApply?: boolean };
}

/** One stream for one endpoint. */
export interface Feed {
  start(): void;
  /** Events behind the last one looked at. */
  lag(): number;
  close(): Promise<void>;
}

const TYPE_HEADER = "ce-type";
const BATCH = { records: 64, bytes: 1024 ** 2, lingerMs: 5 };
/** Events that did not concern the endpoint may be looked at again after a crash, so many at most. */
const SKIPPED_AT_MOST = 1_000;
/** What is wrong with the event itself; nothing makes it better. */
const UNREADABLE = [
  "event.invalid",
  "event.unknown-type",
  "vault.damaged",
  "wire.malformed",
  "wire.too-large",
  "wire.unsupported-version",
] as const;

/**
 * Reads a stream from where the endpoint is, and hands over what it wants. The place is written only once everything up to it
 * has been taken, waits for another try, or has failed and is logged: whatever dies in between, those events come again.
 */
export function createFeed(options: FeedOptions): Feed {
  const { nc, tenant, domain, desk, endpoint, entries, mayWork, log } = options;
  const stopping = new AbortController();
  const stream = STREAMS[domain];
  let interrupt: (() => void) | undefined;
  let lag = 0;
  let running: Promise<void> | undefined;

  async function follow(onProgress: () => void): Promise<void> {
    if (!mayWork()) return;
    const source = await sourceState(nc, stream);
    const keeper = await entries.takeCursor(endpoint.webhookId, domain);
    const from = beginningOf(source, keeper, endpoint);
    lag = Math.max(0, source.lastSeq - from.seq);
    let unwritten = 0;
    const batches = readBatches({
      nc,
      stream,
      subject: tenantSubjects(domain, tenant),
      afterSeq: from.seq,
      limits: () => BATCH,
      onBegun(stop) {
        interrupt = stop;
        if (stopping.signal.aborted) stop();
      },
    });
    for await (const batch of batches) {
      const last = batch.at(-1);
      if (last === undefined || stopping.signal.aborted || !mayWork()) return;
      const cursor = { ...from, seq: last.seq };
      const wanted = batch.filter(({ headers }) =>
        isWanted(endpoint.settings.types, headers?.get(TYPE_HEADER) ?? ""),
      );
      if (options.testHooks?.ackBeforeApply === true) await keeper.write(cursor);
      const handed = await handOver(options, desk, wanted);
      if (handed.kind === "broken-off") {
        if (handed.doneSeq > 0) await keeper.write({ ...from, seq: handed.doneSeq });
        throw handed.error;
      }
      unwritten = wanted.length > 0 ? SKIPPED_AT_MOST : unwritten + batch.length;
      if (unwritten >= SKIPPED_AT_MOST) {
        await keeper.write(cursor);
        unwritten = 0;
      }
      lag = last.info.pending;
      onProgress();
    }
  }

  return {
    start() {
      running ??= keepFollowing({
        nc,
        signal: stopping.signal,
        follow,
        interrupt: () => interrupt?.(),
        onTurn: (error) => {
          if (error !== undefined)
            log.warn({ err: error, code: codeOf(error), stream }, "webhook feed starts again");
        },
      });
    },
    lag: () => lag,
    async close() {
      stopping.abort(new Error("webhook closed"));
      await running;
    },
  };
}

/**
 * Where it is, if that counts from the beginning it has now. A stream that was made anew is read from its first event: nothing
 * in it was sent before.
 */
function beginningOf(
  { incarnation, lastSeq, stream }: SourceState,
  { cursor }: CursorKeeper,
  { starts }: Endpoint,
): Cursor {
  const start = starts.find(({ domain }) => domain === domainOf(stream));
  // A domain that came with a later version, to who wants everything: from its first event on.
  const { startId, afterSeq } = start ?? { startId: "first", afterSeq: 0 };
  if (cursor === undefined || cursor.startId !== startId) {
    return { startId, incarnation, seq: Math.min(afterSeq, lastSeq) };
  }
  const seq = cursor.incarnation === incarnation ? Math.min(cursor.seq, lastSeq) : 0;
  return { startId, incarnation, seq };
}

type Handed =
  | { readonly kind: "done" }
  /** `doneSeq`: up to there everything was done, 0 = nothing, so that a restart repeats less. */
  | { readonly kind: "broken-off"; readonly doneSeq: number; readonly error: unknown };

/** All of them at once, as far as the desk lets them; resolves when none is under way any more. */
async function handOver(
  options: FeedOptions,
  desk: Desk,
  messages: readonly JsMsg[],
): Promise<Handed> {
  const deliveries: Array<Promise<unknown>> = [];
  const begin = async (
    message: JsMsg,
  ): Promise<{ readonly delivering: Promise<void> } | undefined> => {
    const record = await readRecord(options, message);
    const { sites } = options.endpoint.settings;
    if (record === undefined || !isOfSites(sites, record.event.data)) return undefined;
    await desk.mayTake();
    return { delivering: desk.deliver(newDelivery(options, record), messageOf(record)) };
  };
  let failure: { readonly error: unknown } | undefined;
  for (const message of messages) {
    try {
      const begun = await begin(message);
      begun?.delivering.catch((error: unknown) => {
        failure ??= { error };
      });
      deliveries.push(begun?.delivering ?? Promise.resolve());
    } catch (error) {
      failure ??= { error };
    }
    if (failure !== undefined) break;
  }
  const ends = await Promise.allSettled(deliveries);
  if (failure === undefined) return { kind: "done" };
  const notDone = ends.findIndex(({ status }) => status === "rejected");
  const doneCount = notDone === -1 ? ends.length : notDone;
  const doneSeq = doneCount === 0 ? 0 : (messages[doneCount - 1]?.seq ?? 0);
  return { kind: "broken-off", doneSeq, error: failure.error };
}

/** Undefined for what has become a dead letter. */
async function readRecord(
  { nc, domain, vault, endpoint, counters, log }: FeedOptions,
  { seq, subject, data, headers }: JsMsg,
): Promise<BridgeRecord | undefined> {
  const stream = STREAMS[domain];
  try {
    return await recordOf({ seq, subject, data, headers }, stream, vault);
  } catch (error) {
    if (!hasCode(error, ...UNREADABLE)) throw error;
    log.error({ err: error, code: error.code, seq, stream }, "event becomes a dead letter");
    const consumer = `webhooks-${domain}`;
    const letter = { consumer, stream, seq, subject, data, headers, error };
    await publishDeadLetter(nc, { ...letter, id: `${consumer}:${endpoint.webhookId}:${seq}` });
    counters.count("unreadable");
    return undefined;
  }
}

function newDelivery(
  { endpoint: { webhookId }, domain, nowMs }: FeedOptions,
  { event, seq }: { readonly event: Event; readonly seq: number },
): Delivery {
  const { eventId, eventType: type } = event.metadata;
  return {
    deliveryId: deliveryIdOf(webhookId, eventId),
    webhookId,
    type,
    event: { domain, seq, eventId },
    createdAt: nowMs(),
    status: "pending",
    attempts: [],
    round: 0,
    nextAttemptAt: null,
  };
}
