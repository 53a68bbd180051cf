import { anvizConfigSchema } from "@clockleaf/edge-agent/devices/anviz/config.ts";
import { anvizDriver } from "@clockleaf/edge-agent/devices/anviz/driver.ts";
import { describeDriver, GREEN } from "@clockleaf/edge-agent/devices/driver.contract.ts";
import type { Feedback } from "@clockleaf/edge-agent/devices/driver.ts";
import { createMemoryPair } from "@clockleaf/edge-agent/ports/memory.ts";
import { attachTerminals } from "@clockleaf/hardware-sim/anviz/bus.ts";
import { encodeResponse } from "@clockleaf/hardware-sim/anviz/frame.ts";
import { createAnvizTerminal } from "@clockleaf/hardware-sim/anviz/terminal.ts";
import { faultyLine } from "@clockleaf/hardware-sim/faults/faulty-line.ts";
import type { Line } from "@clockleaf/hardware-sim/line.ts";
import { createRandom } from "@clockleaf/hardware-sim/random.ts";
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
    rig.start(quick({}));
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
    rig.start(quick({}));
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

/** A converter that takes its order for lost and sends it again, or a vendor's program on the network. */
describe("an Anviz terminal whose flags are taken off unread", () => {
  let rig: AnvizRig;
  beforeEach(() => {
    rig = new AnvizRig();
  });
  afterEach(async () => {
    await rig.close();
    rig.mustHaveSpared({ mayReadAll: true });
  });
  const CLEAR = 0x4e;
  /** Each order to clear arrives twice, and somebody punches in between, `times` in all. */
  const doubling = (punch: () => void, times: number): void => {
    let left = times;
    rig.attach((line) => ({
      ...line,
      onData: (listener) =>
        line.onData((chunk) => {
          listener(chunk);
          if (chunk[5] !== CLEAR || left === 0) return;
          left -= 1;
          punch();
          listener(chunk);
        }),
    }));
  };
  const fault = (): string => rig.deps.health.get("a")?.fault?.message ?? "";

  test("has them read from its whole log, each once, and people are told", async () => {
    let wallMs = Date.UTC(2026, 10, 23, 8);
    const terminal = rig.addTerminal({ wallMs: () => wallMs });
    let user = 0;
    const punch = (): void => {
      wallMs += 1_000;
      terminal.punch({ user: (user += 1) });
    };
    for (let each = 0; each < 130; each += 1) punch();
    doubling(punch, 5);
    rig.start(quick({}));
    for (let round = 0; round < 5; round += 1) {
      punch();
      const isAll = (): boolean => rig.rows.size === user && terminal.log.counts().new === 0;
      await eventually(isAll, { what: `${user} rows`, timeoutMs: 20_000 });
    }
    await eventually(() => fault().includes("nothing is lost"));
    expect(user).toBe(140);
    expect(rig.stored().toSorted()).toEqual(
      Array.from({ length: 140 }, (_, at) => `a-${at + 1}`).toSorted(),
    );
    expect(rig.deps.health.get("a")?.state).toBe("fault");
    const { missed = 0, missed_found, missed_given_up } = rig.counters();
    expect(missed).toBeGreaterThan(0);
    expect([missed_found, missed_given_up]).toEqual([missed, undefined]);
    expect(terminal.log.counts()).toEqual({ all: 140, new: 0 });
  });

  test("is read on, and people are told what is lost, when it does not hand over its whole log", async () => {
    const terminal = rig.addTerminal();
    terminal.punch({ user: 1 });
    rig.attach((line) => ({
      ...line,
      // 40h mode 1 is unknown to it.
      onData: (listener) =>
        line.onData((chunk) => {
          if (chunk[5] !== 0x40 || chunk[8] !== 1) return listener(chunk);
          const no = encodeResponse({ ch: 1, cmd: 0x40, ret: 1, data: new Uint8Array(0) });
          void line.write(no);
        }),
    }));
    rig.start(quick({ refusedMs: 1 }));
    await eventually(() => rig.rows.size === 1 && terminal.log.counts().new === 0);
    terminal.punch({ user: 2 });
    terminal.log.clearOldest(1);
    await eventually(() => fault().includes("1 records lost their new flag"));
    terminal.punch({ user: 3 });
    await eventually(() => rig.stored().includes("a-3"));
    await eventually(() => fault().includes("not found in its log"));
    expect(rig.counters()["missed_given_up"]).toBe(1);
  });

  test("has them read after the agent was killed in between, and by one that was away for long", async () => {
    const terminal = rig.addTerminal();
    terminal.punch({ user: 1 });
    rig.attach();
    rig.start(quick({}));
    await eventually(() => rig.rows.size === 1 && terminal.log.counts().new === 0);
    await rig.end();
    for (let user = 2; user <= 1_300; user += 1) terminal.punch({ user });
    terminal.log.clearOldest(1_290);
    await rig.again(quick({}));
    await eventually(() => rig.rows.size === 1_300, { what: "1300 rows", timeoutMs: 20_000 });
    await eventually(() => terminal.log.counts().new === 0);
    expect(rig.counters()).toMatchObject({ missed: 1_290, missed_found: 1_290 });
  });
});

/** Answers in order, but late, damaged or not at all; power fails; the line is torn: all of it again and again. */
describe("Anviz terminals on a bad line", () => {
  const SEEDS = process.env["DRIVER_SEEDS"]?.split(",").map(Number) ?? [1, 2, 3];
  /** With `twice`, orders come twice, on a line that is otherwise as good as one with such a converter can be. */
  const KINDS = [
    { isStuck: false, twice: 0, damage: 1 },
    { isStuck: true, twice: 0, damage: 1 },
    { isStuck: false, twice: 0.05, damage: 0.1 },
  ];
  test.each(SEEDS.flatMap((seed) => KINDS.map((kind) => Object.assign({ seed }, kind))))(
    "lose nothing and double nothing: $seed, clocks that stand still: $isStuck, orders that come twice: $twice",
    async ({ seed, isStuck, twice, damage }) => {
      const rig = new AnvizRig();
      const random = createRandom(seed);
      const config = quick({
        replyTimeoutMs: 30,
        pagesPerBatch: 4,
        readers: [1, 2].map((deviceNumber) => ({ id: `r${deviceNumber}`, deviceNumber })),
      });
      let lines = 0;
      const wrap = (line: Line): Line =>
        faultyLine(line, {
          random: random.fork(`line ${(lines += 1)}`),
          toTerminal: {
            drop: 0.001 * damage,
            flip: 0.001 * damage,
            split: 0.2,
            late: 0.05,
            lateMs: 100,
            twice,
          },
          toController: {
            drop: 0.0005 * damage,
            flip: 0.0005 * damage,
            noise: 0.05,
            split: 0.2,
            late: 0.1,
            lateMs: 100,
          },
        });
      // A second for each punch: a download that begins anywhere again is told by its times.
      let wallMs = Date.UTC(2026, 10, 23, 8);
      for (const _ of [1, 2]) {
        const terminal = rig.addTerminal({ wallMs: () => wallMs });
        if (isStuck) terminal.clock.stick();
      }
      rig.attach(wrap);
      rig.start(config);
      const punched = new Map<string, number>();
      for (let round = 0; round < 12; round += 1) {
        for (const [at, terminal] of rig.terminals.entries()) {
          const burst = random.chance(0.3) ? 90 : random.int(0, 6);
          for (let each = 0; each < burst; each += 1) {
            const user = random.int(1, 3);
            wallMs += 1_000;
            terminal.punch({ user });
            const who = `r${at + 1}-${user}`;
            punched.set(who, (punched.get(who) ?? 0) + 1);
          }
          if (!isStuck && random.chance(0.3)) terminal.powerCut();
        }
        const target = rig.rows.size + 1;
        await eventually(
          () => rig.rows.size >= target || rig.terminals.every(({ log }) => log.counts().new === 0),
          { timeoutMs: 60_000, everyMs: 2 },
        );
        if (random.chance(0.3)) await rig.again(config, wrap);
      }
      await eventually(() => rig.terminals.every(({ log }) => log.counts().new === 0), {
        timeoutMs: 60_000,
        what: "all cleared",
      });
      // What was missed is no longer new anywhere.
      const total = [...punched.values()].reduce((sum, each) => sum + each, 0);
      await eventually(() => rig.rows.size >= total, {
        timeoutMs: 8_000,
        what: "what was missed as well",
      }).catch((error: unknown) => {
        throw new Error(
          JSON.stringify([
            rig.counters("r1"),
            rig.counters("r2"),
            rig.rows.size,
            total,
            rig.terminals.map(({ log }) => log.counts()),
          ]),
          { cause: error },
        );
      });
      const rows = Object.groupBy(rig.stored(), (who) => who);
      const counters = [rig.counters("r1"), rig.counters("r2")];
      await rig.close();
      rig.mustHaveSpared({ mayReadAll: true });
      const stored = Object.entries(rows).map(([who, all]) => [who, all?.length]);
      expect(Object.fromEntries(stored)).toEqual(Object.fromEntries(punched));
      expect(counters.some((each) => (each["missed_given_up"] ?? 0) > 0)).toBe(false);
      // It was a bad line indeed.
      const trouble = counters.map(
        (each) => (each["timeouts"] ?? 0) + (each["discarded_unasked"] ?? 0),
      );
      expect(Math.max(...trouble)).toBeGreaterThan(0);
    },
  );
});

describe("an Anviz terminal out of its mind", () => {
  const ANSWERS = Number(process.env["FUZZ_FRAMES"] ?? 20_000) / 40;

  test(`may answer anything, ${ANSWERS} times: nothing throws, nothing grows, and a sane one is read after it`, async () => {
    const rig = new AnvizRig();
    const seed = Date.now() % 1_000_000;
    const random = createRandom(seed);
    const terminal = rig.addTerminal();
    let answers = 0;
    // Frames that are whole, and make no sense; some of them almost do.
    const nonsense = (bytes: Uint8Array): Uint8Array => {
      const cmd = random.chance(0.8) ? (bytes[5] ?? 0) & 0x7f : random.int(0, 0x7f);
      const length = random.pick([0, 1, 2, 3, 6, 15, 18, 29, 351, random.int(0, 600)]);
      const data = random.chance(0.3) ? new Uint8Array(length) : random.bytes(length);
      const count = random.chance(0.5) ? Math.floor((length - 1) / 14) : undefined;
      if (count !== undefined && length > 0) data[0] = Math.max(0, count);
      const ret = random.chance(0.8) ? 0 : random.int(1, 255);
      return encodeResponse({ ch: random.chance(0.9) ? 1 : random.int(0, 9), cmd, ret, data });
    };
    rig.attach((line) => ({
      ...line,
      write: (bytes) => {
        if (answers >= ANSWERS) return line.write(bytes);
        answers += 1;
        return line.write(random.chance(0.1) ? bytes : nonsense(bytes));
      },
    }));
    // A refusal costs a second: there is nothing to wait for here.
    rig.deps.clockVerdict = { offset: null, advice: "set" };
    rig.start(quick({ replyTimeoutMs: 10, refusedMs: 1, lookAtClockEveryS: 1 }));
    await eventually(() => answers >= ANSWERS, { timeoutMs: 100_000, what: `seed ${seed}` });
    const before = rig.rows.size;
    terminal.punch({ user: 42 });
    await eventually(() => rig.stored().includes("a-42"), { what: `seed ${seed}: sane again` });
    expect(rig.counters()["discarded_form"]).toBeGreaterThan(0);
    expect(rig.rows.size).toBeGreaterThan(before);
    await rig.close();
    rig.mustHaveSpared({ mayReadAll: true });
  });
});
