import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { Destination } from "../../cloud/bridges/bridge.ts";
import type { RedisEntry } from "../../cloud/bridges/redis/entry.ts";
import { eventually } from "../support/eventually.ts";
import { available } from "../support/parts.ts";
import { findOwnRedis, type RedisServer, startRedis } from "../support/redis.ts";
import { tellRedis } from "../support/redis-tell.ts";
import { openRedis, redisAt, write } from "../support/redis-writing.ts";

const EXAMPLE = join(import.meta.dirname, "../../cloud/bridges/redis/examples/live-dashboard.ts");

describe.skipIf(!available("redis-server", findOwnRedis()))("the example of a dashboard", () => {
  let redis: RedisServer;
  let destination: Destination<RedisEntry>;
  let child: ChildProcess | undefined;
  beforeAll(async () => {
    redis = await startRedis();
    destination = redisAt({ url: redis.url });
  });
  afterEach(() => void child?.kill("SIGKILL"));
  afterAll(async () => {
    await destination.close();
    await redis[Symbol.asyncDispose]();
  });

  /** Starts it; tells what it has printed. */
  const dashboard = (...args: string[]): (() => string) => {
    const started = spawn(process.execPath, [EXAMPLE, "--url", redis.url, ...args], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    child = started;
    let printed = "";
    started.stdout.setEncoding("utf8").on("data", (text: string) => {
      printed += text;
    });
    return () => printed;
  };
  test("shows what the streams hold, and ends", async () => {
    await write(await openRedis(destination), [1, 700]);
    const alerts = await openRedis(destination, { feedId: "alerts-stream" });
    await write(alerts, [701, 702], { type: "attendance.gateway.alarmed" });
    const printed = dashboard("--once");
    const [code] = (await once(child as ChildProcess, "close")) as [number];
    expect(code).toBe(0);
    expect(printed()).toContain("      700  attendance:stream attendance.check-in.recorded");
    expect(printed()).toContain("        2  alerts:stream attendance.gateway.alarmed");
  });

  test("shows what comes, once, though the streams are written again from the beginning", async () => {
    const printed = dashboard("--json", "--from-start");
    await eventually(() => linesOf(printed()).length === 702);
    const sink = await openRedis(destination);
    await write(sink, [701, 710]);
    await eventually(() => linesOf(printed()).length === 712);
    await redis.kill();
    await redis.start();
    await tellRedis(redis.url, "FLUSHALL");
    const again = await openRedis(destination);
    await write(again, [1, 720]);
    await eventually(() => linesOf(printed()).length === 722, { timeoutMs: 30_000 });
    const ids = linesOf(printed()).map(({ stream, id }) => `${stream} ${id}`);
    expect(new Set(ids).size).toBe(722);
    child?.kill("SIGINT");
    const [code] = (await once(child as ChildProcess, "close")) as [number];
    expect(code).toBe(0);
  });
});

const linesOf = (printed: string): Array<{ stream: string; id: string; type: string }> =>
  printed
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as { stream: string; id: string; type: string });
