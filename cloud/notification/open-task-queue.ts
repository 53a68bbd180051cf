import { PlatformError } from "@clockleaf/shared/lib/errors.ts";
import type { RabbitServerConfig } from "../rabbitmq/config.ts";
import type { NotificationConfig } from "./config.ts";
import { createNatsTaskQueue, type NatsTaskQueueOptions } from "./nats-task-queue.ts";
import {
  createRabbitTaskQueue,
  isQueuedAtRabbit,
  type RabbitTaskQueueOptions,
} from "./rabbit-task-queue.ts";
import type { OutgoingChannelName, TaskQueue } from "./task-queue.ts";

export interface OpenTaskQueue extends NatsTaskQueueOptions, Pick<RabbitTaskQueueOptions, "log"> {
  readonly queue: NotificationConfig["queue"];
  /** Needed for the queue `rabbitmq`. */
  readonly rabbitmq?: RabbitServerConfig;
}

/** The queue that the configuration names. Webhooks have none at RabbitMQ: theirs stays in JetStream. */
export function openTaskQueue(options: OpenTaskQueue): TaskQueue {
  const nats = createNatsTaskQueue(options);
  if (options.queue === "nats") return nats;
  const { nc, tenant, log, rabbitmq: config } = options;
  if (config === undefined) {
    throw new PlatformError(
      "config.invalid",
      "notification.queue: rabbitmq needs bridges.rabbitmq",
    );
  }
  const rabbit = createRabbitTaskQueue({ nc, tenant, log, config });
  const of = (channel: OutgoingChannelName): TaskQueue =>
    isQueuedAtRabbit(channel) ? rabbit : nats;
  return {
    publish: (to) => of(to.channel).publish(to),
    consume: (what) => of(what.channel).consume(what),
    close: () => rabbit.close(),
  };
}
