import { createClient } from "redis";
import type { RedisServer } from "./redis.ts";
import { tellRedis } from "./redis-tell.ts";

/** The node that copies a master of a cluster. */
export async function replicaOf(
  master: RedisServer,
  nodes: readonly RedisServer[],
): Promise<RedisServer> {
  for (const node of nodes) {
    const info = String(await tellRedis(node.url, "INFO", "replication"));
    if (info.includes("role:slave") && info.includes(`master_port:${master.port}\r\n`)) return node;
  }
  throw new Error(`${master.url} has no replica`);
}

/** Id of the last entry that this very node has of a stream, be it master or replica. */
export async function lastIdOn({ url }: RedisServer, key: string): Promise<string | undefined> {
  const client = createClient({ url, readonly: true });
  client.on("error", () => undefined);
  await client.connect();
  try {
    const [last] = (await client.xRevRange(key, "+", "-", { COUNT: 1 })) ?? [];
    return last?.id;
  } finally {
    client.destroy();
  }
}
