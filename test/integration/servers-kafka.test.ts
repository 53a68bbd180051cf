import { readFileSync } from "node:fs";
import {
  Admin,
  type BaseOptions,
  Consumer,
  Producer,
  stringDeserializers,
  stringSerializers,
} from "@platformatic/kafka";
import { describe, expect, it } from "vitest";
import { heardOut } from "../../cloud/bridges/kafka/clients.ts";
import { eventually } from "../support/eventually.ts";
import { findOwnKafka, startKafka } from "../support/kafka.ts";
import { startKafkaCluster } from "../support/kafka-cluster.ts";
import { startSecureKafka } from "../support/kafka-secure.ts";
import { onPath } from "../support/on-path.ts";
import { available } from "../support/parts.ts";

// What tests of the bridge rely on: a crash takes no acknowledged record, and the broker is back on the same address.
describe.skipIf(!available("Kafka", findOwnKafka()))("a Kafka of a test's own", () => {
  it("has after a crash what it acknowledged before", async () => {
    await using server = await startKafka();
    await createTopic(plain(server.brokers), { topic: "kept", replicas: 1 });
    await produce(plain(server.brokers), "kept", "before the crash");
    await server.kill();
    await server.start();
    expect(await firstOf(plain(server.brokers), "kept")).toBe("before the crash");
  });
});

describe.skipIf(!available("Kafka", findOwnKafka()))("a cluster of three Kafkas", () => {
  it("has what it acknowledged, and takes more, while a node is gone", async () => {
    await using cluster = await startKafkaCluster();
    const [first] = cluster.nodes;
    await createTopic(plain(cluster.brokers), { topic: "kept", replicas: 3 });
    await produce(plain(cluster.brokers), "kept", "before the crash");
    await first!.kill();
    const left = plain(cluster.brokers.filter((each) => !first!.brokers.includes(each)));
    await eventually(() => produce(left, "kept", "during the outage").then(() => true), {
      timeoutMs: 60_000,
    });
    expect(await firstOf(left, "kept")).toBe("before the crash");
    await first!.start();
    await produce(plain(first!.brokers), "kept", "all three again");
  });
});

const hasSecureParts =
  available("Kafka", findOwnKafka()) && available("openssl", onPath("openssl"));

describe.skipIf(!hasSecureParts)("a Kafka with TLS and passwords", () => {
  it("lets in whoever has the password, to do what an ACL allows, before and after a crash", async () => {
    await using server = await startSecureKafka(["bridge"]);
    const as = (username: string, password = server.passwords[username] ?? ""): Cluster => ({
      bootstrapBrokers: [...server.brokers],
      tls: { ca: readFileSync(server.caFile) },
      sasl: { mechanism: "SCRAM-SHA-512", username, password },
      // It hangs with none at all when it is refused.
      retries: 2,
    });
    await createTopic(as("admin"), { topic: "kept", replicas: 1 });
    await produce(as("admin"), "kept", "before the crash");
    await expect(produce(as("bridge"), "kept", "not allowed")).rejects.toThrow();
    await expect(produce(as("admin", "wrong"), "kept", "a stranger's")).rejects.toThrow();
    await server.kill();
    await server.start();
    expect(await firstOf(as("admin"), "kept")).toBe("before the crash");
  });
});

type Cluster = Partial<BaseOptions> & { readonly bootstrapBrokers: string[] };

const plain = (brokers: readonly string[]): Cluster => ({ bootstrapBrokers: [...brokers] });

const CLIENT = { clientId: "test", retries: 20, retryDelay: 250 };

async function createTopic(
  cluster: Cluster,
  { topic, replicas }: { topic: string; replicas: number },
): Promise<void> {
  const admin = heardOut(new Admin({ ...CLIENT, ...cluster }));
  await admin.createTopics({ topics: [topic], partitions: 1, replicas });
  await admin.close();
}

async function produce(cluster: Cluster, topic: string, value: string): Promise<void> {
  const producer = heardOut(
    new Producer({ ...CLIENT, ...cluster, serializers: stringSerializers }),
  );
  try {
    await producer.send({ messages: [{ topic, value }], acks: -1 });
  } finally {
    await producer.close(true);
  }
}

async function firstOf(cluster: Cluster, topic: string): Promise<string | undefined> {
  const consumer = heardOut(
    new Consumer({
      ...CLIENT,
      ...cluster,
      groupId: "readers",
      deserializers: stringDeserializers,
    }),
  );
  try {
    const stream = await consumer.consume({ topics: [topic], mode: "earliest", autocommit: false });
    for await (const { value } of stream) return value;
    return undefined;
  } finally {
    await consumer.close(true);
  }
}
