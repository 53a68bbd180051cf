import { createClient } from "redis";
import { describe, expect, it } from "vitest";
import { available } from "../support/parts.ts";
import { reply } from "../support/ports.ts";
import {
  findOwnRedis,
  findRedis,
  type RedisServer,
  someRedis,
  startRedis,
} from "../support/redis.ts";

// What tests of the bridge rely on: a crash takes nothing that was promised, and a server that says nothing is not one
// that is gone.
describe.skipIf(!available("redis-server", findOwnRedis()))("a Redis of a test's own", () => {
  it("has after a crash what it promised before, on the same address", async () => {
    await using server = await startRedis({ appendfsync: "always" });
    await connected(server, (client) => client.xAdd("stream", "7-1", { is: "kept" }));
    await server.kill();
    await expect(connected(server, (client) => client.ping())).rejects.toThrow("ECONNREFUSED");
    await server.start();
    const entries = await connected(server, (client) => client.xRange("stream", "-", "+"));
    expect(entries).toEqual([{ id: "7-1", message: { is: "kept" } }]);
  });

  it("keeps its data through an orderly stop, and takes arguments", async () => {
    await using server = await startRedis({ args: ["--maxmemory", "50mb"] });
    await connected(server, (client) => client.set("key", "kept"));
    await server.stop();
    await server.start();
    const found = await connected(server, async (client) => [
      await client.get("key"),
      await client.configGet("maxmemory"),
    ]);
    expect(found).toEqual(["kept", { maxmemory: "52428800" }]);
  });

  it("says nothing while it is frozen and goes on when it is thawed", async () => {
    await using server = await startRedis();
    server.freeze();
    expect(await reply(server.port, "PING\r\n")).toBe("");
    server.thaw();
    expect(await reply(server.port, "PING\r\n")).toBe("+PONG\r\n");
  });

  it("that does not come up says why in its own words", async () => {
    await expect(startRedis({ args: ["--nonsense", "1"] })).rejects.toThrow(/nonsense/);
  });
});

describe.skipIf(!available("a Redis", findRedis()))("any Redis", () => {
  it("answers", async () => {
    await using server = await someRedis();
    expect(await connected(server, (client) => client.ping())).toBe("PONG");
  });
});

async function connected<T>(
  server: RedisServer,
  work: (client: ReturnType<typeof clientOf>) => Promise<T>,
): Promise<T> {
  const client = clientOf(server);
  try {
    await client.connect();
    return await work(client);
  } finally {
    client.destroy();
  }
}

function clientOf({ url }: RedisServer) {
  const client = createClient({ url, socket: { reconnectStrategy: false } });
  client.on("error", () => undefined);
  return client;
}
