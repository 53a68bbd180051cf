import { isRetriable } from "@clockleaf/shared/lib/errors.ts";
import { retry } from "@clockleaf/shared/lib/retry.ts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Destination } from "../../cloud/bridges/bridge.ts";
import type { RedisEntry } from "../../cloud/bridges/redis/entry.ts";
import { REDIS_FEEDS } from "../../cloud/bridges/redis/streams.ts";
import { eventually } from "../support/eventually.ts";
import { available } from "../support/parts.ts";
import { findOwnRedis } from "../support/redis.ts";
import { type RedisCluster, startRedisCluster } from "../support/redis-cluster.ts";
import { readClusterStream } from "../support/redis-reader.ts";
import { lastIdOn, replicaOf } from "../support/redis-replica.ts";
import { tellRedis } from "../support/redis-tell.ts";
import { INCARNATION, openRedis, redisAt, write } from "../support/redis-writing.ts";

const KEY = "attendance:stream";

describe.skipIf(!available("redis-server", findOwnRedis()))("a Redis Cluster", () => {
  let cluster: RedisCluster;
  let nodes: readonly string[];
  beforeAll(async () => {
    cluster = await startRedisCluster();
    nodes = cluster.urls;
  });
  afterAll(() => cluster[Symbol.asyncDispose]());

  const seqsOf = async (): Promise<number[]> =>
    (await readClusterStream(nodes, KEY)).map(({ fields }) => Number(fields["nats-seq"]));

  test("every stream is found and filled, whichever node it lies on", async () => {
    const destination = redisAt({ nodes: nodes.slice(0, 1) });
    const masters = new Set<number>();
    for (const { id, key } of REDIS_FEEDS) {
      const sink = await openRedis(destination, { feedId: id });
      const isAlert = id === "alerts-stream";
      await write(sink, [1, 10], isAlert ? { type: "attendance.gateway.alarmed" } : {});
      expect(await readClusterStream(nodes, key)).toHaveLength(10);
      masters.add((await cluster.holderOf(key)).port);
    }
    expect(masters.size).toBeGreaterThan(1);
    await destination.close();
  });

  test("any node of it given as a single server is refused, with what to configure", async () => {
    for (const url of nodes) {
      const destination = redisAt({ url });
      await expect(openRedis(destination)).rejects.toMatchObject({
        code: "bridge.unsafe",
        message: expect.stringContaining("configure nodes instead of url") as string,
      });
      await destination.close();
    }
  });

  test("a fail-over that lost the end of the stream: it is read there and filled again, nothing missing, nothing twice", async () => {
    const master = await cluster.holderOf(KEY);
    const replica = await replicaOf(master, cluster.nodes);
    const others = cluster.nodes.filter((node) => node !== master && node !== replica);
    const destination = redisAt({ nodes: others.map(({ url }) => url) }, { answerMs: 3_000 });
    const sink = await openRedis(destination);
    await write(sink, [11, 500]);
    await eventually(async () => (await lastIdOn(replica, KEY)) === idOf(500));

    await replica.kill();
    await write(sink, [501, 800]);
    await write(sink, [801, 900]);
    await master.kill();
    await expect(write(sink, [901, 950])).rejects.toMatchObject({ code: "bridge.unreachable" });
    await replica.start();
    // By itself it would think its copy too old to take over, and the slot would stay dead.
    await tellRedis(replica.url, "CONFIG", "SET", "cluster-replica-validity-factor", "0");
    const again = await openedWhenServed(destination);
    expect(again.position?.seq).toBe(500);
    await write(again, [501, 950]);
    expect(await seqsOf()).toEqual(upTo(950));

    // The old master comes back with an end of its own, and gives it up.
    await master.start();
    await eventually(async () => (await cluster.holderOf(KEY)).port === replica.port, {
      timeoutMs: 60_000,
    });
    await write(again, [951, 1_000]);
    await eventually(async () => (await lastIdOn(master, KEY)) === idOf(1_000), {
      timeoutMs: 60_000,
    });
    expect(await seqsOf()).toEqual(upTo(1_000));
    await destination.close();
  });

  test("a slot that moves to another master in between is followed", async () => {
    const destination = redisAt({ nodes });
    const sink = await openRedis(destination);
    const replica = await replicaOf(await cluster.holderOf(KEY), cluster.nodes);
    await write(sink, [1_001, 1_010]);
    await tellRedis(replica.url, "CLUSTER", "FAILOVER");
    await eventually(async () => (await cluster.holderOf(KEY)).port === replica.port, {
      timeoutMs: 60_000,
    });
    await write(sink, [1_011, 1_020]);
    expect(await seqsOf()).toEqual(upTo(1_020));
    await destination.close();
  });
});

/** As the loop does: again and again, until somebody serves the stream. */
const openedWhenServed = async (
  destination: Destination<RedisEntry>,
): Promise<Awaited<ReturnType<typeof openRedis>>> =>
  await retry(() => openRedis(destination), {
    signal: AbortSignal.timeout(90_000),
    shouldRetry: isRetriable,
  });

const idOf = (seq: number): string => `${INCARNATION}-${seq}`;
const upTo = (last: number): number[] => Array.from({ length: last }, (_, i) => i + 1);
