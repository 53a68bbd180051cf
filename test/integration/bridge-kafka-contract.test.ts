import { eventCodec } from "../../cloud/bridges/avro/codec.ts";
import { unframe } from "../../cloud/bridges/avro/wire-format.ts";
import { closeClient, openAdmin } from "../../cloud/bridges/kafka/clients.ts";
import { type KafkaConfig, kafkaConfigSchema } from "../../cloud/bridges/kafka/config.ts";
import { connectionOf } from "../../cloud/bridges/kafka/connection.ts";
import { bridgeContract, type DestinationUnderTest } from "../support/bridge.contract.ts";
import { eventually } from "../support/eventually.ts";
import { findOwnKafka, startKafka } from "../support/kafka.ts";
import { readCommitted } from "../support/kafka-reader.ts";
import { findOwnRegistry, startRegistry } from "../support/schema-registry.ts";

const TOPIC = "attendance-events";

const parts = findOwnKafka() && findOwnRegistry();

bridgeContract("Kafka", parts, async () => {
  const [kafka, registry] = await Promise.all([startKafka(), startRegistry()]);
  const settings = {
    brokers: [...kafka.brokers],
    registry: { url: registry.url },
    topics: { replicationFactor: 1 },
  };
  const config = kafkaConfigSchema.parse(settings);
  return {
    name: "kafka",
    settings: { kafka: settings },
    feedId: "attendance",
    guarantee: "exactly-once",
    async read() {
      const codec = eventCodec("attendance.check-in.recorded");
      return (await readCommitted(config, TOPIC)).map(({ key, value }) => ({
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
  } satisfies DestinationUnderTest;
});

async function wipe(config: KafkaConfig): Promise<void> {
  const admin = openAdmin(await connectionOf(config), "test-wipe");
  try {
    await admin.deleteTopics({ topics: await admin.listTopics() });
    await eventually(async () => (await admin.listTopics()).length === 0);
  } finally {
    await closeClient(admin);
  }
}
