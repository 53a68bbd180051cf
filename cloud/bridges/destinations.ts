import type { Log } from "@clockleaf/shared/lib/log.ts";
import type { NatsConnection } from "nats";
import type { Destination } from "./bridge.ts";
import type { BridgesConfig } from "./config.ts";
<<<<<<< HEAD
import { openRabbitDestination } from "./rabbitmq/destination.ts";
=======
import { createRedisDestination } from "./redis/destination.ts";
>>>>>>> bridges

export interface DestinationsOptions {
  readonly nc: NatsConnection;
  readonly tenant: string;
  readonly config: BridgesConfig;
  readonly log: Log;
}

/** Every destination that the configuration names. None is reached for yet: each feed opens its own. */
<<<<<<< HEAD
export async function openDestinations({
  nc,
  tenant,
  config,
}: DestinationsOptions): Promise<Destination[]> {
  const { rabbitmq } = config;
  return rabbitmq === undefined ? [] : [openRabbitDestination({ nc, tenant, config: rabbitmq })];
=======
export async function openDestinations({ config }: DestinationsOptions): Promise<Destination[]> {
  const { redis } = config;
  return redis === undefined ? [] : [createRedisDestination(redis)];
>>>>>>> bridges
}
