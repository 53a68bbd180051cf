import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Destination } from "../../cloud/bridges/bridge.ts";
import type { RedisEntry } from "../../cloud/bridges/redis/entry.ts";
import { REDIS_FEEDS } from "../../cloud/bridges/redis/streams.ts";
import { available } from "../support/parts.ts";
import { findOwnRedis, type RedisServer, startRedis } from "../support/redis.ts";
import { readStream } from "../support/redis-reader.ts";
import { tellRedis } from "../support/redis-tell.ts";
import { INCARNATION, openRedis, redisAt, write } from "../support/redis-writing.ts";

const KEY = "attendance:stream";

describe.skipIf(!available("redis-server", findOwnRedis()))(
  "Redis Streams as a destination",
  () => {
    let redis: RedisServer;
    let destination: Destination<RedisEntry>;

    beforeAll(async () => {
      redis = await startRedis();
      destination = redisAt({ url: redis.url });
    });
    beforeEach(() => tell("FLUSHALL"));
    afterAll(async () => {
      await destination.close();
      await redis[Symbol.asyncDispose]();
    });

    const tell = (...command: string[]) => tellRedis(redis.url, ...command);
    const groupsOf = async (key: string) =>
      (await tell("XINFO", "GROUPS", key)) as ReadonlyArray<readonly unknown[]>;
    const idsOf = async (key = KEY): Promise<string[]> =>
      (await readStream(redis.url, key)).map(({ id }) => id);
    const positionNow = async (feedId?: string) =>
      (await openRedis(destination, feedId === undefined ? {} : { feedId })).position;

    test("the id of an entry is its place in the stream, and the last id is the position", async () => {
      const sink = await openRedis(destination);
      expect(sink.position).toBeUndefined();
      await write(sink, [1, 3]);
      await write(sink, [4, 4]);
      expect(await idsOf()).toEqual([1, 2, 3, 4].map((seq) => `${INCARNATION}-${seq}`));
      expect(await positionNow()).toEqual({ incarnation: INCARNATION, seq: 4 });
      const [first] = await readStream(redis.url, KEY);
      expect(first?.fields).toMatchObject({
        ce_id: "event-1",
        "nats-seq": "1",
        ce_partitionkey: "p1",
      });
      expect(JSON.parse(first?.fields["data"] ?? "")).toMatchObject({ data: { employeeId: "p1" } });
    });

    test("what has no entry moves the position all the same, and wakes no reader", async () => {
      const sink = await openRedis(destination, { feedId: "alerts-stream" });
      await write(sink, [1, 50]);
      expect(await idsOf("alerts:stream")).toEqual([]);
      expect(await positionNow("alerts-stream")).toEqual({ incarnation: INCARNATION, seq: 50 });
      const next = await openRedis(destination, { feedId: "alerts-stream" });
      await write(next, [51, 51], { type: "attendance.punch.quarantined" });
      await write(next, [52, 90]);
      expect(await idsOf("alerts:stream")).toEqual([`${INCARNATION}-51`]);
      const waiting = ["XREAD", "BLOCK", "50", "STREAMS", "alerts:stream"];
      expect(await tell(...waiting, `${INCARNATION}-51`)).toBeNull();
      expect(await positionNow("alerts-stream")).toEqual({ incarnation: INCARNATION, seq: 90 });
    });

    test("trimming and deleting entries leave the position where it was", async () => {
      const small = redisAt({ url: redis.url, maxEntries: { attendance: 100 } });
      const sink = await openRedis(small);
      for (let first = 1; first <= 2_000; first += 500) await write(sink, [first, first + 499]);
      const kept = await idsOf();
      expect(kept.length).toBeLessThan(300);
      expect(kept.at(-1)).toBe(`${INCARNATION}-2000`);
      await tell("XDEL", KEY, `${INCARNATION}-2000`);
      expect(await positionNow()).toEqual({ incarnation: INCARNATION, seq: 2_000 });
      await tell("XTRIM", KEY, "MAXLEN", "0");
      expect(await positionNow()).toEqual({ incarnation: INCARNATION, seq: 2_000 });
      await small.close();
    });

    test("a wiped server is noticed at once, knows nothing of the feed, and gets its groups again", async () => {
      const sink = await openRedis(destination);
      await write(sink, [1, 10]);
      await tell("FLUSHALL");
      await expect(write(sink, [11, 20])).rejects.toMatchObject({ code: "bridge.fenced" });
      expect(await tell("EXISTS", KEY)).toBe(0);
      const again = await openRedis(destination);
      expect(again.position).toBeUndefined();
      expect((await groupsOf(KEY)).flat()).toContain("attendance:processors");
      await write(again, [1, 20]);
      expect(await idsOf()).toHaveLength(20);
    });

    test("a stream that was deleted is noticed, whoever is the writer", async () => {
      const sink = await openRedis(destination);
      await write(sink, [1, 10]);
      await tell("DEL", KEY);
      await expect(write(sink, [11, 20])).rejects.toMatchObject({ code: "bridge.fenced" });
      expect(await tell("EXISTS", KEY)).toBe(0);
    });

    test("a JetStream stream that was made anew goes on behind the old one", async () => {
      await write(await openRedis(destination), [1, 9]);
      const incarnation = INCARNATION + 86_400_000;
      const sink = await openRedis(destination, { incarnation });
      expect(sink.position).toEqual({ incarnation: INCARNATION, seq: 9 });
      await write(sink, [1, 2], { incarnation });
      expect((await idsOf()).slice(-3)).toEqual([
        `${INCARNATION}-9`,
        `${incarnation}-1`,
        `${incarnation}-2`,
      ]);
    });

    test("every stream is there from the start, with the groups that were promised", async () => {
      for (const { id, key, groups } of REDIS_FEEDS) {
        await openRedis(destination, { feedId: id });
        await openRedis(destination, { feedId: id });
        expect((await groupsOf(key)).map(([, name]) => name)).toEqual(groups);
        expect(await tell("XLEN", key)).toBe(0);
      }
    });

    test("a group that is there keeps its place; what came before its first consumer waits for it", async () => {
      const group = "attendance:processors";
      await write(await openRedis(destination), [1, 5]);
      const read = ["XREADGROUP", "GROUP", group, "one", "COUNT", "3", "STREAMS", KEY, ">"];
      expect(JSON.stringify(await tell(...read))).toContain("event-3");
      const sink = await openRedis(destination);
      await write(sink, [6, 6]);
      expect(JSON.stringify(await tell(...read))).toContain("event-4");
      expect((await groupsOf(KEY))[0]?.slice(-2)).toEqual(["lag", 0]);
    });

    test("keys begin with the prefix", async () => {
      const prefixed = redisAt({ url: redis.url, keyPrefix: "acme:" });
      await write(await openRedis(prefixed), [1, 1]);
      const keys = ((await tell("KEYS", "*")) as string[]).toSorted();
      expect(keys).toEqual(["acme:attendance:stream", "{acme:attendance:stream}:writer"]);
      await prefixed.close();
    });

    test("who opened it before is refused, even if nothing was written since", async () => {
      const old = await openRedis(destination);
      await write(old, [1, 1]);
      const newer = await openRedis(destination);
      await expect(write(old, [2, 2])).rejects.toMatchObject({
        code: "bridge.fenced",
        retriable: true,
      });
      await write(newer, [2, 3]);
      expect(await idsOf()).toHaveLength(3);
    });

    test("a stranger's entry stops the writer, and is found to be younger than the source", async () => {
      const sink = await openRedis(destination);
      await write(sink, [1, 1]);
      await tell("XADD", KEY, "*", "who", "a stranger");
      await expect(write(sink, [2, 2])).rejects.toMatchObject({ code: "bridge.fenced" });
      const position = await positionNow();
      expect(position?.incarnation).toBeGreaterThan(INCARNATION);
    });
  },
);
