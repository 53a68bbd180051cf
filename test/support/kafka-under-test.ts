import { eventCodec } from "../../cloud/bridges/avro/codec.ts";
import { unframe } from "../../cloud/bridges/avro/wire-format.ts";
import { closeClient, openAdmin } from "../../cloud/bridges/kafka/clients.ts";
import { type KafkaConfig, kafkaConfigSchema } from "../../cloud/bridges/kafka/config.ts";
import { connectionOf } from "../../cloud/bridges/kafka/connection.ts";
import type { DestinationUnderTest } from "./bridge.contract.ts";
import { eventually } from "./eventually.ts";
import { readCommitted } from "./kafka-reader.ts";
import type { SchemaRegistry } from "./schema-registry.ts";

export interface KafkaUnderTest
  extends Pick<DestinationUnderTest, "kill" | "start" | "freeze" | "thaw">,
    AsyncDisposable {
  readonly brokers: readonly string[];
  readonly replicationFactor: number;
  readonly registry: SchemaRegistry;
}

/** Kafka as the contract suite wants it; what is seen is decoded from the records' Avro. */
export function kafkaUnderTest(kafka: KafkaUnderTest): DestinationUnderTest {
  const { brokers, replicationFactor, registry } = kafka;
  const settings = {
    brokers: [...brokers],
    registry: { url: registry.url },
    topics: { replicationFactor },
  };
  const config = kafkaConfigSchema.parse(settings);
  const codec = eventCodec("attendance.check-in.recorded");
  return {
    name: "kafka",
    settings: { kafka: settings },
    feedId: "attendance",
    guarantee: "exactly-once",
    async read() {
      return (await readCommitted(config, "attendance-events")).map(({ key, value }) => ({
        eventId: codec.decode(unframe(value).body).metadata.eventId,
        key,
      }));
    },
    kill: () => kafka.kill(),
    start: () => kafka.start(),
    freeze: () => kafka.freeze(),
    thaw: () => kafka.thaw(),
    wipe: () => wipe(config),
    async stop() {
      await Promise.all([kafka[Symbol.asyncDispose](), registry[Symbol.asyncDispose]()]);
    },
  };
}

async function wipe(config: KafkaConfig): Promise<void> {
  const admin = openAdmin(await connectionOf(config), "test-wipe");
  try {
    await admin.deleteTopics({ topics: await admin.listTopics() });
    await eventually(async () => (await admin.listTopics()).length === 0);
  } finally {
    await closeClient(admin);
  }
}
