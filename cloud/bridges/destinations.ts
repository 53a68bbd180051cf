import type { Log } from "@clockleaf/shared/lib/log.ts";
import type { NatsConnection } from "nats";
import type { Destination } from "./bridge.ts";
import type { BridgesConfig } from "./config.ts";
import { createAvroEncoder } from "./kafka/avro-encoder.ts";
import { openKafkaDestination } from "./kafka/destination.ts";
import { openRabbitDestination } from "./rabbitmq/destination.ts";
import { createRedisDestination } from "./redis/destination.ts";
import { openRegistry } from "./registry/registry.ts";

export interface DestinationsOptions {
  readonly nc: NatsConnection;
  readonly tenant: string;
  readonly config: BridgesConfig;
  readonly log: Log;
  /** A planted fault, for tests that must notice it: Kafka's checkpoint goes outside the transaction of its records. */
  readonly checkpointApart?: boolean;
}

/**
 * Every destination that the configuration names. None is reached for yet: each feed opens its own. Rejects with
 * `config.unreadable` where a password or a certificate cannot be read.
 */
export async function openDestinations(options: DestinationsOptions): Promise<Destination[]> {
  const { nc, tenant, config, checkpointApart = false } = options;
  const { kafka, rabbitmq, redis } = config;
  const found: Destination[] = [];
  if (kafka !== undefined) {
    const encoder = createAvroEncoder(openRegistry(kafka.registry));
    found.push(await openKafkaDestination({ config: kafka, tenant, encoder, checkpointApart }));
  }
  if (rabbitmq !== undefined) found.push(openRabbitDestination({ nc, tenant, config: rabbitmq }));
  if (redis !== undefined) found.push(createRedisDestination(redis));
  return found;
}
