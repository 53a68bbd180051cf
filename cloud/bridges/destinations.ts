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
export async function openDestinations(options: DestinationsOptions): Promise<Destination[]> {
  const { nc, tenant, config } = options;
  const { rabbitmq, redis } = config;
  const found: Destination[] = [];
  if (rabbitmq !== undefined) found.push(openRabbitDestination({ nc, tenant, config: rabbitmq }));
  if (redis !== undefined) found.push(createRedisDestination(redis));
  return found;
}
