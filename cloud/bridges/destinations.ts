import type { Log } from "@clockleaf/shared/lib/log.ts";
import type { NatsConnection } from "nats";
import type { Destination } from "./bridge.ts";
import type { BridgesConfig } from "./config.ts";
import { openRabbitDestination } from "./rabbitmq/destination.ts";
import { createRedisDestination } from "./redis/destination.ts";

export interface DestinationsOptions {
  readonly nc: NatsConnection;
  readonly tenant: string;
  readonly config: BridgesConfig;
  readonly log: Log;
}

/** Every destination that the configuration names. None is reached for yet: each feed opens its own. */
export async function openDestinations({
  nc,
  tenant,
  config,
}: DestinationsOptions): Promise<Destination[]> {
  const { rabbitmq, redis } = config;
  return [
    ...(rabbitmq === undefined ? [] : [openRabbitDestination({ nc, tenant, config: rabbitmq })]),
    ...(redis === undefined ? [] : [createRedisDestination(redis)]),
  ];
}
