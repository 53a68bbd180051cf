import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { expect, test } from "vitest";
import { closeClient, openAdmin } from "./clients.ts";
import { kafkaError } from "./errors.ts";

test("a broker that dies in the middle of the password does not take the process with it", async () => {
  const server = createServer((socket) => {
    socket.once("data", () => socket.resetAndDestroy());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const broker = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const sasl = { mechanism: "SCRAM-SHA-512", username: "bridge", password: "secret" } as const;
  const admin = openAdmin({ bootstrapBrokers: [broker], connectTimeout: 5_000, sasl }, "test");
  try {
    const whom = { brokers: [broker], user: "bridge", transactionalId: "x" };
    const error: unknown = await admin.listTopics().catch((each: unknown) => each);
    expect(kafkaError(error, whom)).toMatchObject({ code: "bridge.unreachable", retriable: true });
  } finally {
    await closeClient(admin);
    server.close();
  }
});
