import type { Log } from "@clockleaf/shared/lib/log.ts";
import type { NatsConnection } from "nats";
import type { Destination } from "./bridge.ts";
import type { BridgesConfig } from "./config.ts";
import { createAvroEncoder } from "./kafka/avro-encoder.ts";
import { openKafkaDestination } from "./kafka/destination.ts";
import { openRegistry } from "./registry/registry.ts";

export interface DestinationsOptions {
  readonly nc: NatsConnection;
  readonly tenant: string;
  readonly config: BridgesConfig;
  readonly log: Log;
}

/** Every destination that the configuration names. None is reached for yet: each feed opens its own. */
export async function openDestinations({
  tenant,
  config: { kafka },
}: DestinationsOptions): Promise<Destination[]> {
  const opening: Array<Promise<Destination>> = [];
  if (kafka !== undefined) {
    const encoder = createAvroEncoder(openRegistry(kafka.registry));
    opening.push(openKafkaDestination({ config: kafka, tenant, encoder }));
  }
  return await Promise.all(opening);
}
