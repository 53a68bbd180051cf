import type { Log } from "@clockleaf/shared/lib/log.ts";
import { notifySubject } from "@clockleaf/shared/subjects.ts";
import type { NatsConnection } from "nats";
import { z } from "zod";
import type { RabbitServerConfig } from "../rabbitmq/config.ts";
import { createRabbitJobQueue, type RabbitJobQueue, type TakenJob } from "../rabbitmq/job-queue.ts";
import { createRabbitPublisher } from "../rabbitmq/publisher.ts";
import { DIRECT_KEYS, QUEUES } from "../rabbitmq/topology.ts";
import {
  type ConsumeTasks,
  type OutgoingChannelName,
  type TakenTask,
  type Task,
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
  const queueOf = (channel: QueuedChannel): RabbitJobQueue<Task> =>
    createRabbitJobQueue({
      ...options,
      publisher,
      queue: QUEUES[channel],
      route: { exchange: config.exchanges.direct, routingKey: DIRECT_KEYS[channel] },
      type: "notification.task",
      schema: bodySchema,
    });
  const queues = { email: queueOf("email"), sms: queueOf("sms") };
  return {
    publish: ({ channel, notificationId }) => queues[queued(channel)].publish({ notificationId }),
    consume: (what) => consume(queues[queued(what.channel)], tenant, what),
    close: () => publisher.close(),
  };
}

function queued(channel: OutgoingChannelName): QueuedChannel {
  if (isQueuedAtRabbit(channel)) return channel;
  throw new Error(`${channel} has no queue at RabbitMQ`);
}

function consume(queue: RabbitJobQueue<Task>, tenant: string, what: ConsumeTasks): TaskConsumer {
  const subject = notifySubject(tenant, what.channel);
  const worker = queue.consume({
    ...what,
    handle: (job, signal) => what.handle(taskOf(job, subject), signal),
  });
  return {
    start: () => worker.start(),
    stats: () => ({ ...worker.status(), pending: 0 }),
    close: () => worker.close(),
  };
}

const taskOf = (job: TakenJob<Task>, subject: string): TakenTask => ({
  read: async () => job.read(),
  deliveries: job.deliveries,
  seq: job.seq,
  ack: async () => job.ack(),
  giveBack: () => job.giveBack(),
  bury: (error) => job.bury(error, subject),
});
