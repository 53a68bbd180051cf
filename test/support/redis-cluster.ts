import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { eventually } from "./eventually.ts";
import { onPath } from "./on-path.ts";
import { lastingPort } from "./ports.ts";
import { type RedisServer, startRedis } from "./redis.ts";

const run = promisify(execFile);
const MASTERS = 3;

export interface RedisCluster extends AsyncDisposable {
  /** Three masters and a replica of each, in no order that lasts. */
  readonly nodes: readonly RedisServer[];
  readonly urls: readonly string[];
  /** The master that holds a key now. */
  holderOf(key: string): Promise<RedisServer>;
}

/** Starts a Redis Cluster of six nodes; a replica takes over about two seconds after its master was killed. */
export async function startRedisCluster(): Promise<RedisCluster> {
  const nodes: RedisServer[] = [];
  const stop = async (): Promise<void> => {
    await Promise.all(nodes.map((node) => node[Symbol.asyncDispose]()));
  };
  try {
    await Promise.all(
      Array.from({ length: 2 * MASTERS }, async () => {
        // By default 10,000 above the other one, which may be somebody else's.
        const busPort = await lastingPort();
        const settings = `--cluster-enabled yes --cluster-node-timeout 1500 --cluster-port ${busPort}`;
        nodes.push(await startRedis({ args: settings.split(" ") }));
      }),
    );
    const addresses = nodes.map(({ port }) => `127.0.0.1:${port}`);
    await cli(["--cluster", "create", ...addresses, "--cluster-replicas", "1", "--cluster-yes"]);
    await eventually(async () => (await Promise.all(nodes.map(isSettled))).every(Boolean), {
      what: "six nodes that agree and masters with a replica each",
    });
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    nodes,
    urls: nodes.map(({ url }) => url),
    async holderOf(key) {
      const asked = await Promise.any(nodes.map(async (node) => await holder(node, key)));
      const found = nodes.find(({ port }) => port === asked);
      if (found === undefined) throw new Error(`nobody holds ${key}`);
      return found;
    },
    [Symbol.asyncDispose]: stop,
  };
}

async function isSettled({ port }: RedisServer): Promise<boolean> {
  const info = await cli(["-p", String(port), "cluster", "info"]);
  const replication = await cli(["-p", String(port), "info", "replication"]);
  return (
    info.includes("cluster_state:ok") &&
    /connected_slaves:1|master_link_status:up/.test(replication)
  );
}

/** The port of the master that a node believes to hold a key. */
async function holder({ port }: RedisServer, key: string): Promise<number> {
  const slot = Number(await cli(["-p", String(port), "cluster", "keyslot", key]));
  const ranges = JSON.parse(await cli(["-p", String(port), "--json", "cluster", "slots"])) as [
    from: number,
    to: number,
    master: [host: string, port: number],
  ][];
  const range = ranges.find(([from, to]) => from <= slot && slot <= to);
  if (range === undefined) throw new Error(`slot ${slot} is nobody's`);
  return range[2][1];
}

async function cli(args: readonly string[]): Promise<string> {
  const { stdout } = await run(onPath("redis-cli") ?? "redis-cli", [...args], { timeout: 60_000 });
  return stdout;
}
