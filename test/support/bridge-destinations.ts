import type { DestinationName } from "../../cloud/bridges/bridge.ts";
import type { DestinationKind, DestinationUnderTest } from "./bridge.contract.ts";
import { findOwnKafka, startKafka } from "./kafka.ts";
import { kafkaUnderTest } from "./kafka-under-test.ts";
import { findOwnRabbit, startRabbit } from "./rabbitmq.ts";
import { openRabbitReader, rabbitSettings, withoutRepeats } from "./rabbitmq-reader.ts";
import { findOwnRedis, startRedis } from "./redis.ts";
import { readStream } from "./redis-reader.ts";
import { tellRedis } from "./redis-tell.ts";
import { findOwnRegistry, startRegistry } from "./schema-registry.ts";
import { tempDir } from "./temp.ts";

export const DESTINATION_KINDS: Readonly<Record<DestinationName, DestinationKind>> = {
  kafka: { title: "Kafka", found: () => findOwnKafka() && findOwnRegistry(), open: openKafka },
  rabbitmq: { title: "RabbitMQ", found: findOwnRabbit, open: openRabbit },
  redis: { title: "Redis Streams", found: findOwnRedis, open: openRedis },
};

async function openKafka(): Promise<DestinationUnderTest> {
  const [kafka, registry] = await Promise.all([startKafka(), startRegistry()]);
  return kafkaUnderTest({ ...kafka, registry, replicationFactor: 1 });
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
