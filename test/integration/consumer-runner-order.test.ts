import { randomUUID } from "node:crypto";
import { PlatformError } from "@clockleaf/shared/lib/errors.ts";
import { silentLog } from "@clockleaf/shared/lib/log.ts";
import { deadLetterSubject } from "@clockleaf/shared/subjects.ts";
import { jetstream, jetstreamManager } from "@nats-io/jetstream";
import { headers } from "nats";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { connectionGate } from "../../cloud/eventing/connection-gate.ts";
import {
  type ConsumedMessage,
  type ConsumerRunner,
  type ConsumerRunnerOptions,
  createConsumerRunner,
} from "../../cloud/eventing/consumer-runner.ts";
import { DEAD_LETTER_HEADERS } from "../../cloud/eventing/dead-letter.ts";
import { type CloudHub, startCloudHub } from "../support/cloud-hub.ts";
import { eventually } from "../support/eventually.ts";
import { findNatsServer } from "../support/nats.ts";
import { available } from "../support/parts.ts";

const text = (message: ConsumedMessage): string => new TextDecoder().decode(message.data);
/** A subject of its own in EMPLOYEE, so that tests do not see each other's messages. */
const newSubject = (): string => `evt.v1.employee.0.acme.${randomUUID()}`;
const numbers = (count: number): string[] => Array.from({ length: count }, (_, n) => String(n));

describe.skipIf(!available("nats-server", findNatsServer()))("a consumer runner", () => {
  let cloud: CloudHub;
  const running: ConsumerRunner[] = [];
  beforeAll(async () => {
    cloud = await startCloudHub("cloud-consumers");
  });
  afterEach(async () => {
    await Promise.all(running.splice(0).map((runner) => runner.close()));
  });
  afterAll(() => cloud[Symbol.asyncDispose]());

  const publish = async (subject: string, from: number, count: number): Promise<void> => {
    const js = jetstream(cloud.nc);
    for (let n = from; n < from + count; n += 1) await js.publish(subject, String(n));
  };

  const start = (
    subject: string,
    handler: ConsumerRunnerOptions["handler"],
    options: Partial<Pick<ConsumerRunnerOptions, "durable" | "nc" | "testHooks">> = {},
  ): ConsumerRunner => {
    const runner = createConsumerRunner({
      nc: cloud.nc,
      stream: "EMPLOYEE",
      durable: `test-${randomUUID()}`,
      filterSubjects: [subject],
      handler,
      log: silentLog(),
      backoff: { firstMs: 1, maxMs: 5, jitter: 0 },
      ...options,
    });
    running.push(runner);
    runner.start();
    return runner;
  };

  test("hands over every message once, in order, one at a time", async () => {
    const subject = newSubject();
    await publish(subject, 0, 200);
    const seen: string[] = [];
    let atOnce = 0;
    const runner = start(subject, async (message) => {
      atOnce += 1;
      expect(atOnce).toBe(1);
      await new Promise(setImmediate);
      seen.push(text(message));
      atOnce -= 1;
    });
    await eventually(() => seen.length >= 200);
    expect(seen).toEqual(numbers(200));
    await eventually(() => runner.stats().handledTotal === 200);
    expect(runner.stats()).toMatchObject({ pending: 0, deadLettersTotal: 0, retriesTotal: 0 });
  });

  test("goes on behind the last finished message after a crash, without waiting and without a gap", async () => {
    const subject = newSubject();
    const durable = `test-${randomUUID()}`;
    await publish(subject, 0, 20);
    const seen: string[] = [];
    const crashed = Promise.withResolvers<void>();
    // The handler of message 7 never returns and then the connection goes: to the server, a process that died.
    const doomed = await cloud.site.connectCloud("cloud-consumers");
    const handler = (message: ConsumedMessage): Promise<void> => {
      if (text(message) === "7") {
        crashed.resolve();
        return new Promise(() => undefined);
      }
      seen.push(text(message));
      return Promise.resolve();
    };
    start(subject, handler, { durable, nc: doomed });
    await crashed.promise;
    await doomed.close();
    // `ack_wait` is 30 s; waiting for it would exceed the limit of `eventually`.
    start(subject, async (message) => void seen.push(text(message)), { durable });
    await eventually(() => seen.length >= 20);
    expect(seen).toEqual(numbers(20));
  });

  test("loses a message in a crash once the fault is planted that acknowledges first", async () => {
    const subject = newSubject();
    const durable = `test-${randomUUID()}`;
    await publish(subject, 0, 10);
    const seen: string[] = [];
    const crashed = Promise.withResolvers<void>();
    const doomed = await cloud.site.connectCloud("cloud-consumers");
    const handler = (message: ConsumedMessage, signal: AbortSignal): Promise<void> => {
      if (text(message) === "7") {
        crashed.resolve();
        return new Promise((_, reject) => signal.addEventListener("abort", reject));
      }
      seen.push(text(message));
      return Promise.resolve();
    };
    start(subject, handler, { durable, nc: doomed, testHooks: { ackBeforeApply: true } });
    await crashed.promise;
    await doomed.close();
    start(subject, async (message) => void seen.push(text(message)), { durable });
    await eventually(() => seen.includes("9"));
    expect(seen).toEqual(numbers(10).filter((each) => each !== "7"));
  });

  test("hands over at once to another process when it is stopped", async () => {
    const subject = newSubject();
    const durable = `test-${randomUUID()}`;
    const seen = new Set<string>();
    const handler = async (message: ConsumedMessage): Promise<void> => {
      await new Promise(setImmediate);
      seen.add(text(message));
    };
    start(subject, handler, { durable });
    // Whatever a stopped runner still held would come back after `ack_wait` only, which is too late for this test.
    for (let round = 0; round < 5; round += 1) {
      const other = start(subject, handler, {
        durable,
        nc: await cloud.site.connectCloud("cloud-consumers"),
      });
      await publish(subject, round * 40, 40);
      await eventually(() => other.stats().isRunning && seen.size > round * 40);
      await other.close();
    }
    await eventually(() => seen.size === 200, { timeoutMs: 12_000 });
    expect([...seen].toSorted((a, b) => Number(a) - Number(b))).toEqual(numbers(200));
  });

  test("tries a message again in place while its error is retriable, and holds later ones back", async () => {
    const subject = newSubject();
    await publish(subject, 0, 5);
    const seen: string[] = [];
    let failures = 0;
    const runner = start(subject, async (message) => {
      if (text(message) === "2" && failures < 12) {
        failures += 1;
        throw new PlatformError("stream.not-connected", "down", { retriable: true });
      }
      seen.push(text(message));
    });
    await eventually(() => seen.length >= 5);
    expect(seen).toEqual(numbers(5));
    expect(runner.stats()).toMatchObject({ retriesTotal: 12, deadLettersTotal: 0 });
    await eventually(() => runner.stats().stuckOn === undefined);
  });

  test("puts a poison message into the dead letters, bytes and headers unchanged, and goes on", async () => {
    const subject = newSubject();
    const durable = `poison-${randomUUID()}`;
    const js = jetstream(cloud.nc);
    const own = headers();
    own.set("traceparent", "00-aa-bb-01");
    await js.publish(subject, "bad", { headers: own });
    await js.publish(subject, "bug");
    await js.publish(subject, "good");
    const seen: string[] = [];
    const runner = start(
      subject,
      async (message) => {
        if (text(message) === "bad") throw new PlatformError("wire.malformed", "bad\r\nmessage");
        if (text(message) === "bug") throw new TypeError("undefined is not a function");
        seen.push(text(message));
      },
      { durable },
    );
    await eventually(() => seen.length === 1);
    expect(runner.stats()).toMatchObject({ deadLettersTotal: 2, retriesTotal: 4 });

    const jsm = await jetstreamManager(cloud.nc, { checkAPI: false });
    const letter = await jsm.direct.getMessage("DLQ", {
      seq: 1,
      next_by_subj: deadLetterSubject(durable),
    });
    expect(new TextDecoder().decode(letter?.data)).toBe("bad");
    expect(letter?.header.get("traceparent")).toBe("00-aa-bb-01");
    expect(letter?.header.get(DEAD_LETTER_HEADERS.subject)).toBe(subject);
    expect(letter?.header.get(DEAD_LETTER_HEADERS.stream)).toBe("EMPLOYEE");
    expect(letter?.header.get(DEAD_LETTER_HEADERS.code)).toBe("wire.malformed");
    expect(letter?.header.get(DEAD_LETTER_HEADERS.reason)).toBe("bad message");
  });

  test("misses nothing and keeps the order while the hub is killed under it", async () => {
    const subject = newSubject();
    const seen: string[] = [];
    start(subject, async (message) => {
      await new Promise(setImmediate);
      seen.push(text(message));
    });
    for (let round = 0; round < 3; round += 1) {
      await publish(subject, round * 100, 100);
      const target = round * 100 + 30;
      await eventually(() => seen.length >= target);
      await cloud.site.hub.kill();
      await cloud.site.hub.start();
      await eventually(() => connectionGate(cloud.nc).isConnected);
    }
    await eventually(() => seen.length >= 300);
    expect(seen).toEqual(numbers(300));
  });

  test("comes back when its consumer is deleted", async () => {
    const subject = newSubject();
    const durable = `test-${randomUUID()}`;
    const seen: string[] = [];
    const runner = start(subject, async (message) => void seen.push(text(message)), { durable });
    await publish(subject, 0, 1);
    await eventually(() => seen.length === 1);
    const jsm = await jetstreamManager(cloud.nc, { checkAPI: false });
    await eventually(
      async () => (await jsm.consumers.info("EMPLOYEE", durable)).num_ack_pending === 0,
    );
    await jsm.consumers.delete("EMPLOYEE", durable);
    await publish(subject, 1, 1);
    await eventually(() => seen.length === 2, { timeoutMs: 15_000 });
    expect(seen).toEqual(["0", "1"]);
    expect(runner.stats().restartsTotal).toBeGreaterThan(0);
  });

  test("closes at once when idle, while retrying, and while the hub is down", async () => {
    const subject = newSubject();
    const idle = start(newSubject(), async () => undefined);
    await publish(subject, 0, 1);
    const stuck = start(subject, () =>
      Promise.reject(new PlatformError("stream.not-connected", "down", { retriable: true })),
    );
    await eventually(() => idle.stats().isRunning && stuck.stats().retriesTotal > 0);
    await Promise.all([idle.close(), stuck.close()]);
    expect([idle.stats().isRunning, stuck.stats().isRunning]).toEqual([false, false]);

    const cut = start(newSubject(), async () => undefined);
    await eventually(() => cut.stats().isRunning);
    await cloud.site.hub.kill();
    await cut.close();
    await cloud.site.hub.start();
    await eventually(() => connectionGate(cloud.nc).isConnected);
  });
});
