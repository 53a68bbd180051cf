import { codeOf, isRetriable } from "@clockleaf/shared/lib/errors.ts";
import { notifySubject, STREAMS } from "@clockleaf/shared/subjects.ts";
import { decode } from "@clockleaf/shared/wire/codec.ts";
import {
  AckPolicy,
  type ConsumerMessages,
  type JsMsg,
  jetstream,
  jetstreamManager,
} from "@nats-io/jetstream";
import { nanos } from "nats";
import {
  type ConsumerRunner,
  type ConsumerStats,
  emptyStats,
} from "../eventing/consumer-runner.ts";
import { publishDeadLetter } from "../eventing/dead-letter.ts";
import { keepFollowing, pause } from "../eventing/keep-following.ts";
import { type DeliveryDeps, deliver, undeliverable } from "./delivery.ts";
import { taskSchema } from "./tasks.ts";

export interface WorkerDeps extends DeliveryDeps {
  /** Messages sent at once, over all processes. */
  readonly workers: number;
  /** After how long without a sign of life another worker gets the task; 6 s unless told. */
  readonly ackWaitMs?: number;
}

/**
 * Workers that were killed keep their places in the queue for so long; if they held all of them, nobody else's mail moves
 * before. A worker that lives gives a sign three times as often, however long its message takes.
 */
const ACK_WAIT_MS = 6_000;
const NAK_MS = 2_000;
const CLOSE_TIMEOUT_MS = 10_000;

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/**
 * Takes the tasks of one channel off the work queue, several at once; any number of processes share them. A task is acked once
 * its message needs no worker any more or has a time for its next try; when that has come, `createRescue` makes another. (A task
 * given back with a delay would keep its place among the outstanding ones, and a few of them would hold up all the others.)
 */
export function createWorker(deps: WorkerDeps): ConsumerRunner {
  const { nc, channel } = deps;
  const durable = `notification-${channel.name}`;
  const log = deps.log.child({ consumer: durable });
  const stopping = new AbortController();
  const { signal } = stopping;
  const running = new Set<Promise<void>>();
  const stats: Mutable<ConsumerStats> = emptyStats(durable);
  const part = { ...deps, log, durable, stats };
  let messages: ConsumerMessages | undefined;
  let following: Promise<void> | undefined;

  async function follow(onProgress: () => void): Promise<void> {
    await ensureConsumer(part);
    const consumer = await jetstream(nc).consumers.get(STREAMS.notify, durable);
    if (signal.aborted) return;
    messages = await consumer.consume({
      max_messages: deps.workers,
      expires: 10_000,
      idle_heartbeat: 2_000,
      abort_on_missing_resource: true,
    });
    stats.isRunning = true;
    for await (const message of messages) {
      if (signal.aborted) return;
      const work = handle(part, message, signal).finally(() => running.delete(work));
      running.add(work);
      onProgress();
    }
  }

  return {
    start() {
      following ??= keepFollowing({
        nc,
        signal,
        follow,
        interrupt: () => messages?.stop(),
        onTurn(error) {
          stats.isRunning = false;
          stats.restartsTotal += 1;
          if (error !== undefined) log.warn({ err: error, code: codeOf(error) }, "worker restarts");
        },
      });
    },
    stats: () => ({ ...stats }),
    async close() {
      stopping.abort();
      const timeout = new AbortController();
      const all = Promise.all([following, ...running]);
      await Promise.race([all, pause(CLOSE_TIMEOUT_MS, timeout.signal)]);
      timeout.abort();
      stats.isRunning = false;
      await channel.close();
    },
  };
}

interface Part extends WorkerDeps {
  readonly durable: string;
  readonly stats: Mutable<ConsumerStats>;
}

async function ensureConsumer({
  nc,
  durable,
  tenant,
  channel,
  workers,
  ackWaitMs,
}: Part): Promise<void> {
  const jsm = await jetstreamManager(nc, { checkAPI: false });
  await jsm.consumers.add(STREAMS.notify, {
    durable_name: durable,
    ack_policy: AckPolicy.Explicit,
    ack_wait: nanos(ackWaitMs ?? ACK_WAIT_MS),
    max_ack_pending: workers,
    max_deliver: -1,
    filter_subjects: [notifySubject(tenant, channel.name)],
  });
}

/** Never rejects. */
async function handle(part: Part, message: JsMsg, signal: AbortSignal): Promise<void> {
  const { stats, log, ackWaitMs = ACK_WAIT_MS } = part;
  const ticking = setInterval(() => message.working(), ackWaitMs / 3);
  stats.pending = message.info.pending;
  try {
    const { notificationId } = decode(message.data, taskSchema, { what: "task" });
    const outcome = await deliver(part, notificationId, signal);
    if (outcome !== undefined) await bury(part, message, undeliverable(outcome.undeliverable));
    stats.handledTotal += 1;
    stats.lastSeq = Math.max(stats.lastSeq, message.seq);
    message.ack();
  } catch (error) {
    if (signal.aborted) return;
    log.warn({ err: error, code: codeOf(error), seq: message.seq }, "task failed");
    stats.retriesTotal += 1;
    await giveBack(part, message, error);
  } finally {
    clearInterval(ticking);
  }
}

/** Of a fault of ours each try would be the same: after some the task is a dead letter. */
const TRIES_OF_UNKNOWN = 5;

async function giveBack(part: Part, message: JsMsg, error: unknown): Promise<void> {
  try {
    if (isRetriable(error) || message.info.deliveryCount < TRIES_OF_UNKNOWN) {
      message.nak(NAK_MS);
      return;
    }
    await bury(part, message, error);
    message.ack();
  } catch (failure) {
    part.log.warn({ err: failure, code: codeOf(failure) }, "task not given back, it comes again");
  }
}

async function bury({ nc, durable, stats }: Part, message: JsMsg, error: unknown): Promise<void> {
  const { seq, subject, data, headers } = message;
  await publishDeadLetter(nc, {
    consumer: durable,
    stream: STREAMS.notify,
    seq,
    subject,
    data,
    headers,
    error,
  });
  stats.deadLettersTotal += 1;
}
