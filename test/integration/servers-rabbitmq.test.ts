import { Connection } from "rabbitmq-client";
import { describe, expect, it } from "vitest";
import { available } from "../support/parts.ts";
import { findOwnRabbit, startRabbit } from "../support/rabbitmq.ts";

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
