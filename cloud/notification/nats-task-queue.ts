import { codeOf } from "@clockleaf/shared/lib/errors.ts";
import { notifySubject, STREAMS } from "@clockleaf/shared/subjects.ts";
import { decode, encode } from "@clockleaf/shared/wire/codec.ts";
import {
  AckPolicy,
  type ConsumerMessages,
  type JsMsg,
  jetstream,
  jetstreamManager,
} from "@nats-io/jetstream";
import { type NatsConnection, nanos } from "nats";
import { publishGuarded } from "../eventing/atomic-batch.ts";
import { publishDeadLetter } from "../eventing/dead-letter.ts";
import { keepFollowing, pause } from "../eventing/keep-following.ts";
import {
  type ConsumeTasks,
  type TakenTask,
  type TaskConsumer,
  type TaskQueue,
  taskSchema,
} from "./task-queue.ts";

export interface NatsTaskQueueOptions {
  readonly nc: NatsConnection;
  readonly tenant: string;
  /** After how long without a sign of life another worker gets the task; 6 s unless told. */
  readonly ackWaitMs?: number;
}

/**
 * Workers that were killed keep their places in the queue for so long; if they held all of them, nobody else's mail moves
 * before. A worker that lives gives a sign three times as often, however long its message takes.
 */
const ACK_WAIT_MS = 6_000;
const NAK_MS = 2_000;
const PUBLISH_TIMEOUT_MS = 5_000;
const CLOSE_TIMEOUT_MS = 10_000;

/** The work queue in JetStream: the stream NOTIFY, one durable consumer per channel. `workers` counts over all processes. */
export function createNatsTaskQueue(options: NatsTaskQueueOptions): TaskQueue {
  const { nc, tenant } = options;
  return {
    async publish({ channel, notificationId }) {
      const subject = notifySubject(tenant, channel);
      const message = { subject, data: encode({ notificationId }), headers: [] };
      await publishGuarded(nc, message, { stream: STREAMS.notify, timeoutMs: PUBLISH_TIMEOUT_MS });
    },
    consume: (what) => consume({ ...options, ...what }),
    close: async () => undefined,
  };
}

type Part = NatsTaskQueueOptions & ConsumeTasks;

function consume(part: Part): TaskConsumer {
  const { nc, log, durable, workers, ackWaitMs = ACK_WAIT_MS } = part;
  const stopping = new AbortController();
  const { signal } = stopping;
  const running = new Set<Promise<void>>();
  const stats = { isRunning: false, restartsTotal: 0, pending: 0 };
  let messages: ConsumerMessages | undefined;
  let following: Promise<void> | undefined;

  const handle = async (message: JsMsg): Promise<void> => {
    const ticking = setInterval(() => message.working(), ackWaitMs / 3);
    stats.pending = message.info.pending;
    await part.handle(taken(part, message), signal).finally(() => clearInterval(ticking));
  };
  async function follow(onProgress: () => void): Promise<void> {
    await ensureConsumer(part);
    const consumer = await jetstream(nc).consumers.get(STREAMS.notify, durable);
    if (signal.aborted) return;
    messages = await consumer.consume({
      max_messages: workers,
      expires: 10_000,
      idle_heartbeat: 2_000,
      abort_on_missing_resource: true,
    });
    stats.isRunning = true;
    for await (const message of messages) {
      if (signal.aborted) return;
      const work = handle(message).finally(() => running.delete(work));
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
    },
  };
}

async function ensureConsumer(part: Part): Promise<void> {
  const { nc, durable, tenant, channel, workers, ackWaitMs = ACK_WAIT_MS } = part;
  const jsm = await jetstreamManager(nc, { checkAPI: false });
  await jsm.consumers.add(STREAMS.notify, {
    durable_name: durable,
    ack_policy: AckPolicy.Explicit,
    ack_wait: nanos(ackWaitMs),
    max_ack_pending: workers,
    max_deliver: -1,
    filter_subjects: [notifySubject(tenant, channel)],
  });
}

function taken({ nc, durable }: Part, message: JsMsg): TakenTask {
  const { seq, subject, data, headers } = message;
  return {
    read: async () => decode(data, taskSchema, { what: "task" }),
    deliveries: message.info.deliveryCount,
    seq,
    async ack() {
      message.ack();
    },
    async giveBack() {
      message.nak(NAK_MS);
    },
    async bury(error) {
      const letter = { consumer: durable, stream: STREAMS.notify, seq, subject, data, headers };
      await publishDeadLetter(nc, { ...letter, error });
      message.ack();
    },
  };
}
