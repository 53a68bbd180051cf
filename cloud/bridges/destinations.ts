import type { Log } from "@clockleaf/shared/lib/log.ts";
import type { NatsConnection } from "nats";
import type { Destination } from "./bridge.ts";
import type { BridgesConfig } from "./config.ts";
import { createRedisDestination } from "./redis/destination.ts";

export interface DestinationsOptions {
  readonly nc: NatsConnection;
  readonly tenant: string;
  readonly config: BridgesConfig;
  readonly log: Log;
}

/** Every destination that the configuration names. None is reached for yet: each feed opens its own. */
export async function openDestinations({ config }: DestinationsOptions): Promise<Destination[]> {
  const { redis } = config;
  return redis === undefined ? [] : [createRedisDestination(redis)];
}
