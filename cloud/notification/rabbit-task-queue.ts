import { randomUUID } from "node:crypto";
import { codeOf, PlatformError } from "@clockleaf/shared/lib/errors.ts";
import type { Log } from "@clockleaf/shared/lib/log.ts";
import { notifySubject } from "@clockleaf/shared/subjects.ts";
import { encode } from "@clockleaf/shared/wire/codec.ts";
import type { NatsConnection } from "nats";
import { z } from "zod";
import { publishDeadLetter } from "../eventing/dead-letter.ts";
import { pause } from "../eventing/keep-following.ts";
import type { RabbitServerConfig } from "../rabbitmq/config.ts";
import { createRabbitPublisher, type RabbitPublisher } from "../rabbitmq/publisher.ts";
import { DIRECT_KEYS, QUEUES } from "../rabbitmq/topology.ts";
import { createRabbitWorker, type TakenMessage } from "../rabbitmq/worker.ts";
import {
  type ConsumeTasks,
  type OutgoingChannelName,
  type TakenTask,
  type TaskConsumer,
  type TaskQueue,
  taskSchema,
} from "./task-queue.ts";

export interface RabbitTaskQueueOptions {
  readonly nc: NatsConnection;
  readonly tenant: string;
  readonly config: RabbitServerConfig;
  readonly log: Log;
  /** How long a task that was given back waits; 2 s unless told. */
  readonly waitMs?: number;
}

type QueuedChannel = Exclude<OutgoingChannelName, "webhook">;

/** Channels that have a queue at RabbitMQ. */
export const isQueuedAtRabbit = (channel: OutgoingChannelName): channel is QueuedChannel =>
  channel in DIRECT_KEYS;

const WAIT_MS = 2_000;
const TRIES = "clockleaf-tries";

/** Ours is the task alone; what a bridge of NOTIFICATION publishes into the same queue is the event that asks for it. */
const bodySchema = z.union([
  taskSchema,
  z.object({ data: taskSchema }).transform(({ data }) => data),
]);

/**
 * The work queue at RabbitMQ: `notification.email` and `notification.sms` behind the direct exchange. `workers` counts per
 * process, for the server limits each consumer on its own.
 */
export function createRabbitTaskQueue(options: RabbitTaskQueueOptions): TaskQueue {
  const { config, tenant } = options;
  const publisher = createRabbitPublisher(config, `clockleaf ${tenant} notification tasks`);
  return {
    async publish({ channel, notificationId }) {
      const body = Buffer.from(JSON.stringify({ notificationId }));
      await put({ ...options, publisher, channel: queued(channel) }, { body, tries: 0 });
    },
    consume: (what) => consume({ ...options, publisher, channel: queued(what.channel) }, what),
    close: () => publisher.close(),
  };
}

function queued(channel: OutgoingChannelName): QueuedChannel {
  if (isQueuedAtRabbit(channel)) return channel;
  throw new Error(`${channel} has no queue at RabbitMQ`);
}

interface Part extends RabbitTaskQueueOptions {
  readonly publisher: RabbitPublisher;
  readonly channel: QueuedChannel;
}

async function put(
  { publisher, config, channel }: Part,
  { body, tries }: { readonly body: Buffer; readonly tries: number },
): Promise<void> {
  const envelope = {
    exchange: config.exchanges.direct,
    routingKey: DIRECT_KEYS[channel],
    // Of this publish, not of the task: two of one task must not take each other's return for their own.
    messageId: randomUUID(),
    type: "notification.task",
    contentType: "application/json",
    headers: { [TRIES]: tries },
  };
  try {
    await publisher.publish(envelope, body);
  } catch (error) {
    // Whatever it is, wrong credentials too: once it is mended the task can be put there, so it must not become a dead letter.
    throw new PlatformError(codeOf(error), "the task is not in its queue yet", {
      retriable: true,
      cause: error,
    });
  }
}

function consume(
  part: Part,
  { channel, durable, workers, handle, log }: ConsumeTasks,
): TaskConsumer {
  const worker = createRabbitWorker({
    nc: part.nc,
    config: part.config,
    name: `clockleaf ${part.tenant} ${durable}`,
    queue: QUEUES[part.channel],
    atOnce: workers,
    log,
    handle: (message, signal) => handle(taken(part, { channel, durable, message, signal }), signal),
  });
  return {
    start: () => worker.start(),
    stats: () => ({ ...worker.status(), pending: 0 }),
    close: () => worker.close(),
  };
}

interface Taken {
  readonly channel: OutgoingChannelName;
  readonly durable: string;
  readonly message: TakenMessage;
  readonly signal: AbortSignal;
}

function taken(part: Part, { channel, durable, message, signal }: Taken): TakenTask {
  const { nc, tenant, waitMs = WAIT_MS } = part;
  const { body, headers, deliveryTag } = message.message;
  const tries = Number(headers?.[TRIES] ?? 0);
  const read = async (): Promise<z.output<typeof taskSchema>> => {
    const parsed = bodySchema.safeParse(body);
    if (parsed.success) return parsed.data;
    throw new PlatformError("wire.malformed", "not a task", { cause: parsed.error });
  };
  return {
    read,
    deliveries: tries + 1,
    seq: deliveryTag,
    async ack() {
      message.ack();
    },
    // As a new message, and then the old one goes: given back as it is, it would count towards the queue's delivery limit, and
    // a hub that is away is no reason for a dead letter.
    async giveBack() {
      await pause(waitMs, signal);
      await put(part, { body: bytesOf(body), tries: tries + 1 });
      message.ack();
    },
    async bury(error) {
      const task = bodySchema.safeParse(body);
      await publishDeadLetter(nc, {
        consumer: durable,
        stream: QUEUES[part.channel],
        seq: deliveryTag,
        subject: notifySubject(tenant, channel),
        data: task.success ? encode(task.data) : bytesOf(body),
        headers: undefined,
        error,
      });
      message.ack();
    },
  };
}

/** The client has parsed what says that it is JSON. */
const bytesOf = (body: unknown): Buffer =>
  Buffer.isBuffer(body) ? body : Buffer.from(JSON.stringify(body) ?? "");
