import {
  Admin,
  Consumer,
  Producer,
  stringDeserializers,
  stringSerializers,
} from "@platformatic/kafka";
import { describe, expect, it } from "vitest";
import { eventually } from "../support/eventually.ts";
import { findOwnKafka, startKafka } from "../support/kafka.ts";
import { startKafkaCluster } from "../support/kafka-cluster.ts";
import { available } from "../support/parts.ts";

// What tests of the bridge rely on: a crash takes no acknowledged record, and the broker is back on the same address.
describe.skipIf(!available("Kafka", findOwnKafka()))("a Kafka of a test's own", () => {
  it("has after a crash what it acknowledged before", async () => {
    await using server = await startKafka();
    await createTopic(server.brokers, { topic: "kept", replicas: 1 });
    await produce(server.brokers, "kept", "before the crash");
    await server.kill();
    await server.start();
    expect(await firstOf(server.brokers, "kept")).toBe("before the crash");
  });
});

describe.skipIf(!available("Kafka", findOwnKafka()))("a cluster of three Kafkas", () => {
  it("has what it acknowledged, and takes more, while a node is gone", async () => {
    await using cluster = await startKafkaCluster();
    const [first] = cluster.nodes;
    await createTopic(cluster.brokers, { topic: "kept", replicas: 3 });
    await produce(cluster.brokers, "kept", "before the crash");
    await first!.kill();
    const left = cluster.brokers.slice(1);
    await eventually(() => produce(left, "kept", "during the outage").then(() => true), {
      timeoutMs: 60_000,
    });
    expect(await firstOf(left, "kept")).toBe("before the crash");
    await first!.start();
    await produce(first!.brokers, "kept", "all three again");
  });
});

const RETRIES = { retries: 20, retryDelay: 250 };

async function createTopic(
  brokers: readonly string[],
  { topic, replicas }: { topic: string; replicas: number },
): Promise<void> {
  const admin = new Admin({ clientId: "test", bootstrapBrokers: [...brokers], ...RETRIES });
  await admin.createTopics({ topics: [topic], partitions: 1, replicas });
  await admin.close();
}

async function produce(brokers: readonly string[], topic: string, value: string): Promise<void> {
  const producer = new Producer({
    clientId: "test",
    bootstrapBrokers: [...brokers],
    serializers: stringSerializers,
    ...RETRIES,
  });
  await producer.send({ messages: [{ topic, value }], acks: -1 });
  await producer.close(true);
}

async function firstOf(brokers: readonly string[], topic: string): Promise<string | undefined> {
  const consumer = new Consumer({
    clientId: "test",
    groupId: "readers",
    bootstrapBrokers: [...brokers],
    deserializers: stringDeserializers,
    ...RETRIES,
  });
  try {
    const stream = await consumer.consume({ topics: [topic], mode: "earliest", autocommit: false });
    for await (const { value } of stream) return value;
    return undefined;
  } finally {
    await consumer.close(true);
  }
}
