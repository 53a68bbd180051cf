import { Connection } from "rabbitmq-client";
import { describe, expect, it } from "vitest";
import { eventually } from "../support/eventually.ts";
import { available } from "../support/parts.ts";
import { findOwnRabbit, startRabbit } from "../support/rabbitmq.ts";
import { startRabbitCluster } from "../support/rabbitmq-cluster.ts";

const QUEUE = "kept";

// What tests of the bridge rely on: a crash takes no confirmed message, and the server is back on the same address.
describe.skipIf(!available("RabbitMQ", findOwnRabbit()))("a RabbitMQ of a test's own", () => {
  it("has after a crash what it confirmed before", async () => {
    await using server = await startRabbit();
    await connected(server.url, (connection) => publish(connection, "before the crash"));
    await server.hasNoted(QUEUE);
    await server.kill();
    await server.start();
    const found = await connected(server.url, (connection) => take(connection));
    expect(found).toBe("before the crash");
  });
});

describe.skipIf(!available("RabbitMQ", findOwnRabbit()))("a cluster of three RabbitMQs", () => {
  it("has what it confirmed, and takes more, while a node is gone", async () => {
    await using cluster = await startRabbitCluster();
    const [first, second, third] = cluster.nodes;
    await connected(first!.url, (connection) => publish(connection, "before the crash"));
    await first!.kill();
    // What is published before the others have chosen the queue's leader may wait for its confirmation for ever.
    const look = () => connected(second!.url, take);
    expect(await eventually(look, { timeoutMs: 60_000 })).toBe("before the crash");
    await connected(second!.url, (connection) => publish(connection, "during the outage"));
    await connected(third!.url, (connection) => publish(connection, "before it is back"));
    await first!.start();
    const left = await connected(first!.url, async (connection) => [
      await take(connection),
      await take(connection),
    ]);
    expect(left).toEqual(["during the outage", "before it is back"]);
  });
});

async function publish(connection: Connection, text: string): Promise<void> {
  await connection.queueDeclare({
    queue: QUEUE,
    durable: true,
    arguments: { "x-queue-type": "quorum" },
  });
  const publisher = connection.createPublisher({ confirm: true });
  await publisher.send({ routingKey: QUEUE, durable: true }, text);
  await publisher.close();
}

async function take(connection: Connection): Promise<unknown> {
  const message = await connection.basicGet({ queue: QUEUE, noAck: true });
  return message?.body;
}

async function connected<T>(url: string, work: (connection: Connection) => Promise<T>): Promise<T> {
  const connection = new Connection(url);
  connection.on("error", () => undefined);
  try {
    return await work(connection);
  } finally {
    await connection.close();
  }
}
