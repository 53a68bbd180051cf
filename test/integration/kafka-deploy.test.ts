import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Admin, Producer, stringSerializers } from "@platformatic/kafka";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { makeAuthority } from "../support/certificates.ts";
import { eventually } from "../support/eventually.ts";
import {
  findOwnKafka,
  formatNodes,
  type KafkaNode,
  planNodes,
  startNode,
} from "../support/kafka.ts";
import { onPath } from "../support/on-path.ts";
import { available } from "../support/parts.ts";
import { lastingPort } from "../support/ports.ts";
import { type TempDir, tempDir } from "../support/temp.ts";

const FOLDER = join(import.meta.dirname, "../../deploy/kafka");
const hasParts = available("Kafka", findOwnKafka()) && available("openssl", onPath("openssl"));

describe.skipIf(!hasParts)("deploy/kafka", () => {
  let temp: TempDir;
  const nodes: KafkaNode[] = [];
  beforeEach(() => {
    temp = tempDir("kafka-deploy");
  });
  afterEach(async () => {
    await Promise.all(nodes.splice(0).map((node) => node.kill()));
    temp.remove();
  });

  it("acknowledges with one of the three killed, and lets in whoever has a password and nobody else", async () => {
    const authority = await makeAuthority(temp.path);
    const ports = new Map<string, number>();
    const plans = await planNodes(temp.path, 3);
    for (const { id } of plans) {
      for (const port of [9092, 9093, 9094])
        ports.set(`kafka-${id}.example:${port}`, await lastingPort());
    }
    const secured = await Promise.all(
      plans.map(async (plan) => {
        const keystore = await authority.issue(`kafka-${plan.id}.example`);
        return {
          ...plan,
          config: shipped(plan.id, { dir: plan.dir, ports, keystore, ca: authority.caFile }),
        };
      }),
    );
    await formatNodes(secured, ["--add-scram", "SCRAM-SHA-512=[name=admin,password=of-the-test]"]);
    await Promise.all(secured.map(async (plan) => nodes.push(await startNode(plan))));

    const clientOf = (password: string) => ({
      clientId: "test",
      bootstrapBrokers: plans.map(({ id }) => `localhost:${ports.get(`kafka-${id}.example:9092`)}`),
      tls: { ca: readFileSync(authority.caFile) },
      sasl: { mechanism: "SCRAM-SHA-512" as const, username: "admin", password },
      retries: 10,
      retryDelay: 250,
    });
    const admin = new Admin(clientOf("of-the-test"));
    await admin.createTopics({ topics: ["kept"], partitions: 1 });
    const [topic] = (await admin.metadata({ topics: ["kept"] })).topics.values();
    expect(topic?.partitions[0]?.replicas.length).toBe(3);
    await admin.close();

    await nodes[0]?.kill();
    await eventually(() => send(clientOf("of-the-test")), { timeoutMs: 60_000 });
    await expect(send({ ...clientOf("wrong"), retries: 2 })).rejects.toThrow();
  });
});

async function send(client: ConstructorParameters<typeof Admin>[0]): Promise<boolean> {
  const producer = new Producer({ ...client, serializers: stringSerializers });
  try {
    await producer.send({ messages: [{ topic: "kept", value: "kept" }], acks: -1 });
    return true;
  } finally {
    await producer.close(true);
  }
}

/** A shipped file's settings, with this machine's addresses and folders for those of the three hosts. */
function shipped(
  id: number,
  here: { dir: string; ports: Map<string, number>; keystore: string; ca: string },
): string[] {
  const file = readFileSync(join(FOLDER, `broker-${id}.properties`), "utf8");
  const own = (port: number) => `127.0.0.1:${here.ports.get(`kafka-${id}.example:${port}`)}`;
  return file
    .replaceAll(/kafka-\d\.example:\d+/g, (address) => `localhost:${here.ports.get(address)}`)
    .replaceAll(/:\/\/:(\d+)/g, (_, port) => `://${own(Number(port))}`)
    .replaceAll("/var/lib/kafka/data", join(here.dir, "data"))
    .replaceAll("/etc/kafka/tls/broker.pem", here.keystore)
    .replaceAll("/etc/kafka/tls/ca.pem", here.ca)
    .split("\n");
}
