import type { Log } from "@clockleaf/shared/lib/log.ts";
import type { NatsConnection } from "nats";
import type { Destination } from "./bridge.ts";
import type { BridgesConfig } from "./config.ts";
import type { Encoder } from "./kafka/encode.ts";
import type { RegistryConfig } from "./registry/config.ts";

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
 *
 * Loads the client library of a destination only where that is configured: Kafka's and Redis' are a third of all modules
 * that the cloud would load at its start.
 */
export async function openDestinations(options: DestinationsOptions): Promise<Destination[]> {
  const { nc, tenant, config, checkpointApart = false } = options;
  const { kafka, rabbitmq, redis } = config;
  const found: Destination[] = [];
  if (kafka !== undefined) {
    const { openKafkaDestination } = await import("./kafka/destination.ts");
    const encoder = await avroEncoder(kafka.registry);
    found.push(await openKafkaDestination({ config: kafka, tenant, encoder, checkpointApart }));
  }
  if (rabbitmq !== undefined) {
    const { openRabbitDestination } = await import("./rabbitmq/destination.ts");
    found.push(openRabbitDestination({ nc, tenant, config: rabbitmq }));
  }
  if (redis !== undefined) {
    const { createRedisDestination } = await import("./redis/destination.ts");
    found.push(createRedisDestination(redis));
  }
  return found;
}

async function avroEncoder(registry: RegistryConfig): Promise<Encoder> {
  const [{ createAvroEncoder }, { openRegistry }] = await Promise.all([
    import("./kafka/avro-encoder.ts"),
    import("./registry/registry.ts"),
  ]);
  return createAvroEncoder(openRegistry(registry));
}
