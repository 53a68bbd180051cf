import { createRandom, type Random } from "@clockleaf/hardware-sim/random.ts";
import { hasCode, isRetriable } from "@clockleaf/shared/lib/errors.ts";
import { retry } from "@clockleaf/shared/lib/retry.ts";
import { afterEach, describe, expect, test } from "vitest";
import { eventually } from "../support/eventually.ts";
import { available } from "../support/parts.ts";
import { findOwnRedis, type RedisServer, startRedis } from "../support/redis.ts";
import { readStream } from "../support/redis-reader.ts";
import { tellRedis } from "../support/redis-tell.ts";
import { openRedis, redisAt, write } from "../support/redis-writing.ts";
import { startTcpProxy, type TcpProxy } from "../support/tcp-proxy.ts";

const KEY = "attendance:stream";
const WRITER = `{${KEY}}:writer`;
const BEHIND = `{${KEY}}:behind`;
const TOTAL = 2_500;
const HARMS = 60;
const SEED = Number(process.env["CLOCKLEAF_REDIS_SEED"] ?? 5);

/** As the loop waits between its turns, if shorter. */
const BACKOFF = { firstMs: 10, maxMs: 200, jitter: 0.9 };

interface Driving {
  readonly url: string;
  readonly random: Random;
  readonly onBatch?: (seq: number) => void;
}

/** What the loop does: open, read on behind the position, and at any failure the same again, until all is there. */
async function drive({ url, random, onBatch }: Driving): Promise<{ fenced: number }> {
  let fenced = 0;
  const carry = async (): Promise<void> => {
    const destination = redisAt({ url }, { answerMs: 1_000 });
    try {
      const sink = await openRedis(destination);
      for (let at = sink.position?.seq ?? 0; at < TOTAL; ) {
        const to = Math.min(TOTAL, at + random.int(1, 40));
        onBatch?.(to);
        await write(sink, [at + 1, to]);
        at = to;
      }
    } finally {
      await destination.close();
    }
  };
  await retry(carry, {
    signal: new AbortController().signal,
    backoff: BACKOFF,
    shouldRetry: isRetriable,
    onRetry: (error) => {
      if (hasCode(error, "bridge.fenced")) fenced += 1;
    },
  });
  return { fenced };
}

async function expectAllOnce(url: string): Promise<void> {
  const seqs = (await readStream(url, KEY)).map(({ fields }) => Number(fields["nats-seq"]));
  expect(seqs).toEqual(Array.from({ length: TOTAL }, (_, i) => i + 1));
}

describe.skipIf(!available("redis-server", findOwnRedis()))("nothing is skipped or doubled", () => {
  let redis: RedisServer;
  const proxies: TcpProxy[] = [];
  afterEach(async () => {
    await Promise.all(proxies.splice(0).map((proxy) => proxy.close()));
    await redis[Symbol.asyncDispose]();
  });

  test("a writer that is behind is refused even where the fence is lost: it would skip what came between", async () => {
    redis = await startRedis();
    const destination = redisAt({ url: redis.url });
    const late = await openRedis(destination);
    await write(late, [1, 10]);
    const lostFence = await tellRedis(redis.url, "GET", WRITER);
    const rival = await openRedis(destination);
    await write(rival, [11, 20]);
    await tellRedis(redis.url, "SET", WRITER, String(lostFence));
    // XADD by itself would take 31 to 40, for they are above 20; and 21 to 30 would be refused ever after.
    await expect(write(late, [31, 40])).rejects.toMatchObject({ code: "bridge.fenced" });
    await expect(write(rival, [21, 30])).rejects.toMatchObject({ code: "bridge.fenced" });
    const next = await openRedis(destination);
    expect(next.position?.seq).toBe(20);
    await destination.close();
  });

  test(`rivals over links that break and freeze, a fence that is forged, an end that is lost (seed ${SEED})`, async () => {
    redis = await startRedis();
    const random = createRandom(SEED);
    const links = await Promise.all([0, 1, 2].map(() => startTcpProxy(() => redis.port)));
    proxies.push(...links);
    const over = new AbortController();
    await tellRedis(redis.url, "XGROUP", "CREATE", KEY, "attendance:processors", "0", "MKSTREAM");
    const rivals = links.map(({ port }, index) =>
      drive({ url: `redis://127.0.0.1:${port}`, random: random.fork(`rival ${index}`) }),
    );
    const all = Promise.all(rivals).finally(() => over.abort());
    const forged: string[] = [];
    const tell = (...command: string[]) => tellRedis(redis.url, ...command);
    const lastId = async (): Promise<string> => JSON.stringify(await tell("XINFO", "STREAM", KEY));
    const harms: ReadonlyArray<(link: TcpProxy) => unknown> = [
      (link) => link.cut(),
      // What it holds back arrives when others have long gone on.
      (link) => link.freeze("up"),
      (link) => link.freeze("down"),
      async () => {
        forged.push(String(await tell("GET", WRITER)));
        await tell("SET", WRITER, random.pick(forged));
      },
      () => tell("SCRIPT", "FLUSH"),
      () => tell("DEL", WRITER),
      // A fail-over to a replica that was behind takes the end of the stream away, and leaves the writer in office.
      () => tell("COPY", KEY, BEHIND, "REPLACE"),
      () => tell("COPY", BEHIND, KEY, "REPLACE"),
    ];
    const mischief = async (link: TcpProxy): Promise<void> => {
      await harms[random.int(0, harms.length - 1)]?.(link);
      const before = await lastId();
      const hasMoved = async (): Promise<boolean> =>
        over.signal.aborted || (await lastId()) !== before;
      // If all the others are done already nothing moves until the one that is held up is let go.
      await eventually(hasMoved, { timeoutMs: 1_000 }).catch(() => undefined);
      link.resume();
    };
    const harm = (async () => {
      // So many and no more: where the machine is slow, harm for as long as they write would keep them from the end for ever.
      for (let turn = 0; turn < HARMS && !over.signal.aborted; turn += 1) {
        await mischief(links[random.int(0, 2)] as TcpProxy);
      }
    })();
    const results = await all;
    await harm;
    await drive({ url: redis.url, random: random.fork("last") });
    expect(results.reduce((sum, { fenced }) => sum + fenced, 0)).toBeGreaterThan(10);
    await expectAllOnce(redis.url);
  });

  test("killed in mid-batch again and again, with an append-only file", async () => {
    redis = await startRedis();
    const random = createRandom(SEED);
    const kills = Array.from({ length: 6 }, (_, i) => 200 + i * 350 + random.int(0, 200));
    let restarting: Promise<void> = Promise.resolve();
    const onBatch = (seq: number): void => {
      if (seq < (kills[0] ?? Number.POSITIVE_INFINITY)) return;
      kills.shift();
      restarting = restarting.then(async () => {
        await redis.kill();
        await redis.start();
      });
    };
    await drive({ url: redis.url, random: random.fork("writer"), onBatch });
    await restarting;
    expect(kills).toEqual([]);
    await drive({ url: redis.url, random: random.fork("last") });
    await expectAllOnce(redis.url);
  });

  test("what a crash takes away it takes together with the position, and it is written again", async () => {
    redis = await startRedis({ args: ["--appendonly", "no"] });
    const destination = redisAt({ url: redis.url });
    const sink = await openRedis(destination);
    await write(sink, [1, 500]);
    await tellRedis(redis.url, "SAVE");
    await write(sink, [501, 900]);
    await redis.kill();
    await redis.start();
    await expect(write(sink, [901, 910])).rejects.toMatchObject({ code: "bridge.unreachable" });
    const again = await openRedis(destination);
    expect(again.position?.seq).toBe(500);
    expect(await readStream(redis.url, KEY)).toHaveLength(500);
    await destination.close();
    await drive({ url: redis.url, random: createRandom(SEED) });
    await expectAllOnce(redis.url);
  });
});
