import { anvizConfigSchema } from "@clockleaf/edge-agent/devices/anviz/config.ts";
import { anvizDriver } from "@clockleaf/edge-agent/devices/anviz/driver.ts";
import { describeDriver, GREEN } from "@clockleaf/edge-agent/devices/driver.contract.ts";
import type { Feedback } from "@clockleaf/edge-agent/devices/driver.ts";
import { createMemoryPair } from "@clockleaf/edge-agent/ports/memory.ts";
import { attachTerminals } from "@clockleaf/hardware-sim/anviz/bus.ts";
import { encodeResponse } from "@clockleaf/hardware-sim/anviz/frame.ts";
import { createAnvizTerminal } from "@clockleaf/hardware-sim/anviz/terminal.ts";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { AnvizRig, quick } from "../support/anviz-rig.ts";
import { eventually } from "../support/eventually.ts";

describeDriver("the Anviz driver", () => {
  const pair = createMemoryPair();
  const terminal = createAnvizTerminal({ ch: 5, wallMs: () => Date.now() });
  let cleared = 0;
  terminal.onEvent((event) => {
    if (event.kind === "cleared") cleared += event.count;
  });
  attachTerminals(pair.terminal, { terminals: [terminal], now: () => performance.now() });
  return {
    driver: anvizDriver,
    config: anvizConfigSchema.parse({
      pollMs: 1,
      replyTimeoutMs: 50,
      turnaroundMs: 0,
      frameGapMs: 0,
      readers: [{ id: "gate", deviceNumber: 5 }],
    }),
    port: pair.agent,
    credentialOf: (badge) => ({ kind: "number", value: `gate-${badge}` }),
    present: (badge) => void terminal.punch({ user: badge }),
    inject: (bytes) => void pair.terminal.write(bytes),
    lose: () => pair.lose("pulled out"),
    forgotten: () => cleared,
  };
});

describe("Anviz terminals", () => {
  let rig: AnvizRig;
  beforeEach(() => {
    rig = new AnvizRig();
  });
  afterEach(async () => {
    await rig.close();
    rig.mustHaveSpared();
  });
  const storedAll = (count: number): Promise<unknown> =>
    eventually(() => rig.rows.size === count, { what: `${count} rows`, timeoutMs: 60_000 });
  const allCleared = (): Promise<unknown> =>
    eventually(() => rig.terminals.every(({ log }) => log.counts().new === 0), {
      what: "all cleared",
      timeoutMs: 60_000,
    });
  const two = quick({
    readers: [
      { id: "a", deviceNumber: 1 },
      { id: "b", deviceNumber: 2 },
    ],
  });

  test("are read on after the answers to two questions in a row were lost", async () => {
    const terminal = rig.addTerminal();
    const INFO = 0xbc;
    const RECORDS = 0xc0;
    /** Answers to be lost, in this order; a frame names its command in its sixth byte. */
    const losing: number[] = [];
    const isLost = (bytes: Uint8Array): boolean => {
      if (losing.length === 0 || bytes[5] !== losing[0]) return false;
      losing.shift();
      return true;
    };
    rig.attach((line) => ({
      ...line,
      write: (bytes) => (isLost(bytes) ? Promise.resolve() : line.write(bytes)),
    }));
    // Long enough that only what was lost is waited for in vain.
    rig.start(quick({ replyTimeoutMs: 1_000 }));
    terminal.punch({ user: 1 });
    await storedAll(1);
    await allCleared();
    losing.push(INFO, RECORDS);
    terminal.punch({ user: 2 });
    await storedAll(2);
    await allCleared();
    expect(losing).toEqual([]);
    expect(rig.counters()["timeouts"]).toBe(2);
  });

  test("hand over a long backlog in order, each record once, and keep their logs", async () => {
    const terminal = rig.addTerminal();
    for (let user = 1; user <= 330; user += 1) terminal.punch({ user });
    rig.attach();
    rig.start(quick({ replyTimeoutMs: 5_000 }));
    await storedAll(330);
    await eventually(() => rig.counters()["cleared"] === 330);
    expect(rig.stored()).toEqual(Array.from({ length: 330 }, (_, at) => `a-${at + 1}`));
    expect(terminal.log.counts()).toEqual({ all: 330, new: 0 });
    expect(rig.counters()).toMatchObject({ records: 330, cleared: 330 });
    expect(rig.said.records).toEqual(new Set([2, 0]));
    // A page at a time, and the last hundred at once.
    expect(terminal.heard().get(0x4e)).toBe(11);
  });

  test("with the same number are two people, or one where they share their numbers", async () => {
    for (const _ of [1, 2]) rig.addTerminal().punch({ user: 17 });
    rig.attach();
    rig.start(two);
    await storedAll(2);
    expect(rig.stored().toSorted()).toEqual(["a-17", "b-17"]);
    await rig.again(
      quick({ readers: two.readers.map((reader) => ({ ...reader, userGroup: "plant" })) }),
    );
    for (const terminal of rig.terminals) terminal.punch({ user: 18 });
    await storedAll(4);
    expect(rig.stored().slice(2)).toEqual(["plant-18", "plant-18"]);
  });

  test("that are dead cost the others a question now and then, fewer and fewer", async () => {
    const [dead, alive] = [rig.addTerminal(), rig.addTerminal()];
    dead.setPower(false);
    rig.attach();
    rig.start(two);
    await eventually(() => rig.deps.health.get("a")?.state === "offline");
    for (let user = 1; user <= 50; user += 1) {
      alive.punch({ user });
      await storedAll(user);
    }
    const asked = (reader: string): number => rig.counters(reader)["frames_out"] ?? 0;
    expect(asked("b")).toBeGreaterThan(10 * asked("a"));
    expect(rig.deps.health.get("a")?.fault?.code).toBe("device.no-reply");
    expect(rig.deps.health.get("b")?.state).toBe("online");
    expect(rig.deps.statuses).toEqual([["b", "online"]]);
  });

  test("that come back are read at once when they speak up, and soon when they do not", async () => {
    const terminal = rig.addTerminal();
    rig.attach();
    rig.start(quick({}));
    await eventually(() => rig.deps.statuses.length === 1);
    terminal.setPower(false);
    await eventually(() => rig.deps.statuses.length === 2);
    terminal.setPower(true);
    terminal.punch({ user: 1 });
    terminal.heartbeat();
    await storedAll(1);
    await eventually(() => rig.deps.statuses.length === 3);
    expect(rig.deps.statuses.map(([, what]) => what)).toEqual(["online", "offline", "online"]);
    expect(rig.counters()["heartbeats"]).toBe(1);
  });

  test("whose commits hang hold nobody else back", async () => {
    const [a, b] = [rig.addTerminal(), rig.addTerminal()];
    const stuck = Promise.withResolvers<Feedback>();
    rig.deps.answer = (reading) =>
      reading.reader === "a" ? stuck.promise : Promise.resolve(GREEN);
    rig.attach();
    rig.start(two);
    a.punch({ user: 1 });
    await eventually(() => rig.deps.readings.length === 1);
    for (let user = 1; user <= 30; user += 1) b.punch({ user });
    await storedAll(30);
    expect(a.log.counts()).toEqual({ all: 1, new: 1 });
    stuck.resolve(GREEN);
    await allCleared();
  });

  test("keep a record whose commit hung when the agent stops, and hand it over to the next under its name", async () => {
    const terminal = rig.addTerminal();
    rig.deps.answer = () => Promise.withResolvers<Feedback>().promise;
    rig.attach();
    rig.start(quick({}));
    terminal.punch({ user: 1 });
    await eventually(() => rig.deps.readings.length === 1);
    await rig.end();
    expect(terminal.log.counts().new).toBe(1);
    rig.deps.answer = () => Promise.resolve(GREEN);
    await rig.again(quick({}));
    await allCleared();
    expect(new Set(rig.deps.readings.map(({ recordKey }) => recordKey)).size).toBe(1);
  });

  test("that push a record at once need no poll for it", async () => {
    const terminal = rig.addTerminal();
    rig.attach();
    rig.start(quick({ pollMs: 60_000, realTime: true }));
    await eventually(() => rig.deps.statuses.length === 1 && terminal.heard().has(0x33));
    for (let user = 1; user <= 5; user += 1) {
      terminal.punch({ user });
      await storedAll(user);
    }
    await allCleared();
    expect(rig.counters()["told_unasked"]).toBe(5);
  });

  test("get an answer to their heartbeat", async () => {
    const terminal = rig.addTerminal();
    const heard: string[] = [];
    const heartbeatAnswer = "a500000001ff000000";
    rig.attach((line) => ({
      ...line,
      onData: (listener) =>
        line.onData((chunk) => {
          heard.push(Buffer.from(chunk).toString("hex"));
          listener(chunk);
        }),
    }));
    rig.start(quick({}));
    await eventually(() => rig.deps.statuses.length === 1);
    terminal.heartbeat();
    await eventually(() => heard.some((hex) => hex.startsWith(heartbeatAnswer)));
    expect(heard.filter((hex) => hex.startsWith(heartbeatAnswer))).toHaveLength(1);
  });

  test("share a line with its echo, strangers and noise; each byte thrown away is counted", async () => {
    const terminal = rig.addTerminal();
    const stranger = encodeResponse({ ch: 9, cmd: 0x40, ret: 0, data: Uint8Array.of(0) });
    const unasked = encodeResponse({ ch: 1, cmd: 0x72, ret: 0, data: Uint8Array.of(0) });
    // A head out of the noise that announces 64 bytes: the real answer lies inside them.
    const falseHead = Uint8Array.of(0x00, 0xa5, 0, 0, 0, 1, 0xbc, 0, 0, 0x40);
    rig.attach(
      (line) => ({
        ...line,
        write: async (bytes) => {
          for (const part of [stranger, unasked, falseHead, bytes]) await line.write(part);
        },
      }),
      { echo: true },
    );
    rig.start(quick({ replyTimeoutMs: 20 }));
    terminal.punch({ user: 1 });
    await eventually(() => rig.counters()["cleared"] === 1);
    expect(rig.stored()).toEqual(["a-1"]);
    expect(rig.counters()).toMatchObject({
      discarded_echo: expect.any(Number),
      discarded_address: expect.any(Number),
      discarded_unasked: expect.any(Number),
      discarded_stalled: expect.any(Number),
      discarded_noise: expect.any(Number),
      discarded_bytes: expect.any(Number),
      cleared: 1,
    });
  });

  test("that refuse are at fault, and are read as soon as they do not", async () => {
    const terminal = rig.addTerminal();
    terminal.refuse(0x40);
    terminal.punch({ user: 1 });
    rig.attach();
    rig.start(quick({}));
    await eventually(() => rig.deps.health.get("a")?.fault?.code === "device.refused");
    expect(rig.deps.health.get("a")?.state).toBe("fault");
    terminal.refuse(0x40, null);
    await allCleared();
    await eventually(() => rig.deps.health.get("a")?.state === "online");
    expect(rig.counters()["ret_1"]).toBeGreaterThan(0);
  });

  test("with nothing but unread records in a full memory lose what they lose, and nothing more", async () => {
    const terminal = rig.addTerminal({ capacity: 30 });
    for (let user = 1; user <= 30; user += 1) terminal.punch({ user });
    let isPunched = false;
    rig.attach((line) => ({
      ...line,
      write: (bytes) => {
        const written = line.write(bytes);
        // Behind the second page, before the clearing: the two oldest go, with two new ones unread.
        if (bytes[5] === 0xc0 && bytes.length < 200 && !isPunched) {
          isPunched = true;
          terminal.punch({ user: 31 });
          terminal.punch({ user: 32 });
        }
        return written;
      },
    }));
    rig.start(quick({}));
    await storedAll(32);
    await allCleared();
    expect(rig.counters()["overwritten"]).toBe(1);
    expect(new Set(rig.stored()).size).toBe(32);
  });
});
