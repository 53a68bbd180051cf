import { setTimeout as sleep } from "node:timers/promises";
import type { Log } from "@clockleaf/shared/lib/log.ts";
import { backoffMs } from "@clockleaf/shared/lib/retry.ts";
import { domainSubjects, STREAMS } from "@clockleaf/shared/subjects.ts";
import { DeliverPolicy, jetstream, jetstreamManager } from "@nats-io/jetstream";
import type { NatsConnection } from "nats";
import { z } from "zod";
import { readAfter } from "../eventing/direct-read.ts";
import { type EventMessage, storedEventOf } from "../eventing/event-message.ts";
import { createLiveRing, type LiveEvent, type LiveRing } from "./live-ring.ts";

/** The end of the stream, kept in memory once for all clients; what is older is read from JetStream. */
export interface LiveTail {
  readonly lastSeq: number;
  /** Resolves with the last sequence once the tail follows the stream. */
  ready(signal: AbortSignal): Promise<number>;
  /** At most `max` events after `afterSeq`, oldest first, and the position up to which that is all. */
  read(afterSeq: number, max: number): Promise<{ events: readonly LiveEvent[]; upTo: number }>;
  /** Resolves when something after `seq` is stored. */
  waitPast(seq: number, signal: AbortSignal): Promise<void>;
}

export interface RunningTail extends LiveTail {
  readonly isFollowing: boolean;
  close(): Promise<void>;
}

const RETRY = { firstMs: 200, maxMs: 5_000, jitter: 0.3 };
const stream = STREAMS.attendance;

/** Follows ATTENDANCE with one ordered consumer, for ever: through reconnects, restarts and a stream not yet made. */
export function startLiveTail(nc: NatsConnection, log: Log): RunningTail {
  const ring = createLiveRing();
  const stopping = new AbortController();
  const run = async (): Promise<void> => {
    for (let attempt = 0; !stopping.signal.aborted && !nc.isClosed(); attempt += 1) {
      try {
        await followStream(nc, ring, stopping.signal);
        attempt = 0;
      } catch (error) {
        log.warn({ err: error }, "live tail lost the stream");
      }
      const waitMs = backoffMs(attempt, RETRY, Math.random());
      await sleep(waitMs, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  };
  const running = run();

  return {
    get lastSeq() {
      return ring.lastSeq;
    },
    get isFollowing() {
      return ring.isFed;
    },
    async ready(signal) {
      await ring.whenStarted(signal);
      return ring.lastSeq;
    },
    async read(afterSeq, max) {
      return ring.after(afterSeq, max) ?? (await readStored(nc, afterSeq, max));
    },
    waitPast: (seq, signal) => ring.waitPast(seq, signal),
    async close() {
      stopping.abort();
      await running;
    },
  };
}

/** Feeds the ring until the consumer ends; rejects if there is no stream or no connection. */
async function followStream(
  nc: NatsConnection,
  ring: LiveRing,
  signal: AbortSignal,
): Promise<void> {
  const jsm = await jetstreamManager(nc, { checkAPI: false });
  const lastStored = (await jsm.streams.info(stream)).state.last_seq;
  // A stream that ends before our position was made anew: start over with it.
  if (!ring.isStarted || lastStored < ring.lastSeq) ring.start(lastStored);
  const consumer = await jetstream(nc).consumers.get(stream, {
    deliver_policy: DeliverPolicy.StartSequence,
    opt_start_seq: ring.lastSeq + 1,
  });
  const messages = await consumer.consume({
    max_messages: 500,
    expires: 10_000,
    idle_heartbeat: 2_000,
  });
  const stop = (): void => messages.stop();
  signal.addEventListener("abort", stop, { once: true });
  ring.isFed = true;
  try {
    for await (const message of messages) ring.add(message.seq, liveEventOf(message));
  } finally {
    ring.isFed = false;
    signal.removeEventListener("abort", stop);
    messages.stop();
  }
}

/** What the ring no longer holds, straight from the stream. Rejects with `stream.not-connected`. */
async function readStored(
  nc: NatsConnection,
  afterSeq: number,
  max: number,
): Promise<{ events: readonly LiveEvent[]; upTo: number }> {
  const jsm = await jetstreamManager(nc, { checkAPI: false });
  const subject = domainSubjects("attendance");
  const events: LiveEvent[] = [];
  let upTo = afterSeq;
  for await (const message of readAfter(nc, jsm, { stream, subject, afterSeq, timeoutMs: 5_000 })) {
    upTo = message.seq;
    const event = liveEventOf(message);
    if (event !== undefined) events.push(event);
    if (events.length >= max) break;
  }
  return { events, upTo };
}

const placeSchema = z.union([
  z.object({ site: z.string() }),
  z.object({ punch: z.object({ site: z.string() }) }).transform(({ punch }) => punch),
]);

/** Events of this stream name whom they are about in one of two ways. */
const aboutSchema = z.union([
  z.object({ employeeId: z.string() }).transform(({ employeeId }) => [employeeId]),
  z
    .object({ items: z.array(z.object({ employeeId: z.string() })) })
    .transform(({ items }) => items.map(({ employeeId }) => employeeId)),
]);

/** Undefined for what is not an event of the catalogue: projections count those, a live page cannot show them. */
function liveEventOf(message: EventMessage): LiveEvent | undefined {
  try {
    const { metadata, data } = storedEventOf(message).event;
    const place = placeSchema.safeParse(data);
    const json = JSON.stringify({ streamSeq: message.seq, metadata, data });
    const { success, data: about } = aboutSchema.safeParse(data);
    return {
      seq: message.seq,
      type: metadata.eventType,
      site: place.data?.site ?? null,
      people: success ? about : [],
      json,
    };
  } catch {
    return undefined;
  }
}
