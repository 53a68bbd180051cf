import { eventCodec } from "../../cloud/bridges/avro/codec.ts";
import { unframe } from "../../cloud/bridges/avro/wire-format.ts";
import type { DestinationName } from "../../cloud/bridges/bridge.ts";
import { closeClient, openAdmin } from "../../cloud/bridges/kafka/clients.ts";
import { type KafkaConfig, kafkaConfigSchema } from "../../cloud/bridges/kafka/config.ts";
import { connectionOf } from "../../cloud/bridges/kafka/connection.ts";
import type { DestinationUnderTest } from "./bridge.contract.ts";
import { eventually } from "./eventually.ts";
import { findOwnKafka, startKafka } from "./kafka.ts";
import { readCommitted } from "./kafka-reader.ts";
import { findOwnRabbit, startRabbit } from "./rabbitmq.ts";
import { openRabbitReader, rabbitSettings, withoutRepeats } from "./rabbitmq-reader.ts";
import { findOwnRedis, startRedis } from "./redis.ts";
import { readStream } from "./redis-reader.ts";
import { tellRedis } from "./redis-tell.ts";
import { findOwnRegistry, startRegistry } from "./schema-registry.ts";
import { tempDir } from "./temp.ts";

/** A real server of a test's own, and how somebody reads it who reads as the bridge's README says. */
export interface DestinationKind {
  /** For people. */
  readonly title: string;
  /** What it runs on; undefined if that is not installed. */
  readonly found: () => string | undefined;
  readonly open: () => Promise<DestinationUnderTest>;
}

export const DESTINATION_KINDS: Readonly<Record<DestinationName, DestinationKind>> = {
  kafka: { title: "Kafka", found: () => findOwnKafka() && findOwnRegistry(), open: openKafka },
  rabbitmq: { title: "RabbitMQ", found: findOwnRabbit, open: openRabbit },
  redis: { title: "Redis Streams", found: findOwnRedis, open: openRedis },
};

const KAFKA_TOPIC = "attendance-events";

async function openKafka(): Promise<DestinationUnderTest> {
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
      return (await readCommitted(config, KAFKA_TOPIC)).map(({ key, value }) => ({
        eventId: codec.decode(unframe(value).body).metadata.eventId,
        key,
      }));
    },
    kill: () => kafka.kill(),
    start: () => kafka.start(),
    freeze: () => kafka.freeze(),
    thaw: () => kafka.thaw(),
    wipe: () => wipeKafka(config),
    async stop() {
      await Promise.all([kafka[Symbol.asyncDispose](), registry[Symbol.asyncDispose]()]);
    },
  };
}

async function wipeKafka(config: KafkaConfig): Promise<void> {
  const admin = openAdmin(await connectionOf(config), "test-wipe");
  try {
    await admin.deleteTopics({ topics: await admin.listTopics() });
    await eventually(async () => (await admin.listTopics()).length === 0);
  } finally {
    await closeClient(admin);
  }
}

async function openRabbit(): Promise<DestinationUnderTest> {
  const server = await startRabbit();
  const reader = await openRabbitReader([server.port]);
  const temp = tempDir("rabbitmq-bridge");
  const feedId = "attendance";
  return {
    ...server,
    name: "rabbitmq",
    settings: rabbitSettings(temp.path, [server.port]),
    feedId,
    guarantee: "bounded-repeats",
    recipe: withoutRepeats,
    read: () => reader.read(),
    wipe: () => reader.wipe([{ tenant: "acme", feedId }]),
    async stop() {
      await reader.close();
      await server[Symbol.asyncDispose]();
      temp.remove();
    },
  };
}

async function openRedis(): Promise<DestinationUnderTest> {
  const redis = await startRedis();
  return {
    name: "redis",
    settings: { redis: { url: redis.url } },
    feedId: "attendance-stream",
    guarantee: "exactly-once",
    async read() {
      const entries = await readStream(redis.url, "attendance:stream");
      return entries.map(({ fields }) => ({
        eventId: fields["ce_id"] ?? "",
        key: fields["ce_partitionkey"] ?? "",
      }));
    },
    kill: () => redis.kill(),
    start: () => redis.start(),
    freeze: () => redis.freeze(),
    thaw: () => redis.thaw(),
    async wipe() {
      await tellRedis(redis.url, "FLUSHALL");
    },
    stop: () => redis[Symbol.asyncDispose](),
  };
}
