import { createClient, createCluster } from "redis";
import { describe, expect, it } from "vitest";
import { eventually } from "../support/eventually.ts";
import { available } from "../support/parts.ts";
import { reply } from "../support/ports.ts";
import {
  findOwnRedis,
  findRedis,
  type RedisServer,
  someRedis,
  startRedis,
} from "../support/redis.ts";
import { startRedisCluster } from "../support/redis-cluster.ts";

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

describe.skipIf(!available("redis-server", findOwnRedis()))("a Redis Cluster", () => {
  it("has what it was told, and takes more, after a master was killed", async () => {
    await using servers = await startRedisCluster();
    const client = createCluster({ rootNodes: servers.urls.map((url) => ({ url })) });
    client.on("error", () => undefined);
    await client.connect();
    try {
      const key = "attendance:stream";
      await client.xAdd(key, "7-1", { is: "kept" });
      const master = await servers.holderOf(key);
      // Copied before anybody dies: a master answers before its replica has the write.
      await eventually(async () => (await replicaCount(master, key)) === 1);
      await master.kill();
      await eventually(() => client.xAdd(key, "7-2", { is: "added" }), { timeoutMs: 60_000 });
      const entries = await client.xRange(key, "-", "+");
      expect(entries?.map(({ id }) => id)).toEqual(["7-1", "7-2"]);
      await master.start();
      expect((await servers.holderOf(key)).port).not.toBe(master.port);
    } finally {
      client.destroy();
    }
  });
});

async function replicaCount(master: RedisServer, key: string): Promise<number> {
  return await connected(master, async (client) => {
    await client.exists(key);
    return await client.wait(1, 1_000);
  });
}

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
