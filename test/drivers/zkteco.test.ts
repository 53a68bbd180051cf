import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { queryObjects } from "node:v8";
import {
  describeDriver,
  GREEN,
  type RecordedDeps,
  recordedDeps,
} from "@clockleaf/edge-agent/devices/driver.contract.ts";
import { zktecoConfigSchema } from "@clockleaf/edge-agent/devices/zkteco/config.ts";
import { zktecoDriver } from "@clockleaf/edge-agent/devices/zkteco/driver.ts";
import { createMemoryPair, type MemoryPair } from "@clockleaf/edge-agent/ports/memory.ts";
import { createZkClock } from "@clockleaf/hardware-sim/zkteco/clock.ts";
import { ZkMemory } from "@clockleaf/hardware-sim/zkteco/memory.ts";
import { attachZk } from "@clockleaf/hardware-sim/zkteco/serve.ts";
import {
  createZkTerminal,
  type Misbehaviour,
  type ZkTerminal,
} from "@clockleaf/hardware-sim/zkteco/terminal.ts";
import { PlatformError } from "@clockleaf/shared/lib/errors.ts";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { eventually } from "../support/eventually.ts";
import { type TempDir, tempDir } from "../support/temp.ts";

const FAST = { reader: "hall", pollMs: 10, replyTimeoutMs: 200 };

for (const recordBytes of [8, 16, 40] as const) {
  describeDriver(`the ZKTeco driver with records of ${recordBytes} bytes`, () => {
    const pair = createMemoryPair();
    const terminal = createZkTerminal({ memory: new ZkMemory({ recordBytes }) });
    for (let badge = 1; badge <= 9; badge += 1) terminal.memory.enrol(String(100 + badge), "");
    attachZk(pair.terminal, terminal);
    return {
      driver: zktecoDriver,
      config: zktecoConfigSchema.parse(FAST),
      port: pair.agent,
      credentialOf: (badge) => ({ kind: "number", value: `hall-${100 + badge}` }),
      present: (badge) => void terminal.punch(String(100 + badge)),
      inject: (bytes) => void pair.terminal.write(bytes),
      lose: () => pair.lose("pulled out"),
    };
  });
}

describe("a ZKTeco terminal", () => {
  let dir: TempDir;
  let deps: RecordedDeps;
  let stop: AbortController;
  let pair: MemoryPair;
  let run: Promise<void>;
  let terminal: ZkTerminal;

  beforeEach(() => {
    dir = tempDir("zkteco");
    deps = recordedDeps(dir.path);
    terminal = createZkTerminal();
  });
  afterEach(async () => {
    stop.abort();
    await run.catch(() => undefined);
    await pair.agent.close();
    dir.remove();
  });

  const start = (settings: Record<string, unknown> = {}): void => {
    stop = new AbortController();
    pair = createMemoryPair();
    attachZk(pair.terminal, terminal);
    const config = zktecoConfigSchema.parse({ ...FAST, ...settings });
    run = zktecoDriver.run(pair.agent, config, deps, stop.signal);
    run.catch(() => undefined);
  };
  const counter = (name: string): number => deps.health.get("hall")?.counters[name] ?? 0;
  const heard = (command: number): number => terminal.commands.get(command) ?? 0;
  const keys = (): (string | null)[] => deps.readings.map(({ recordKey }) => recordKey);

  test("hands over what it kept while nobody listened, with its own time, and what comes then", async () => {
    terminal.punch("10042", { at: at(1), state: 1 });
    terminal.punch("10043", { at: at(2) });
    start();
    await eventually(() => deps.readings.length === 2);
    terminal.punch("10042", { at: at(3) });
    await eventually(() => deps.readings.length === 3);
    expect(deps.readings).toMatchObject([
      {
        reader: "hall",
        credential: { kind: "number", value: "hall-10042" },
        hint: null,
        deviceLocal: "2026-11-23T08:00:01",
        pin: "not-asked",
        deviceSeq: null,
      },
      { credential: { value: "hall-10043" }, deviceLocal: "2026-11-23T08:00:02" },
      { credential: { value: "hall-10042" }, deviceLocal: "2026-11-23T08:00:03" },
    ]);
    for (const key of keys()) expect(key).toMatch(/^[A-Za-z0-9._:-]{1,64}$/);
    expect(new Set(keys()).size).toBe(3);
    expect(deps.health.get("hall")).toMatchObject({
      state: "online",
      facts: { serial: "SIM0000000001", firmware: "Ver 6.60 Apr 28 2017", events: true },
    });
  });

  test("is woken by a live event, acknowledges it, and does not wait for the next look", async () => {
    start({ pollMs: 600_000 });
    await eventually(() => heard(50) >= 1 && deps.statuses.length === 1);
    await eventually(() => heard(500) === 1);
    terminal.punch("7");
    await eventually(() => deps.readings.length === 1);
    await eventually(() => terminal.acknowledged() === 1);
    expect(counter("events")).toBe(1);
  });

  test("is asked again and again for months, and no look leaves anything in memory", async () => {
    start();
    await eventually(() => heard(50) >= 20);
    // Both after a full garbage collection.
    const before = queryObjects(Promise, { format: "count" });
    const looks = heard(50);
    await eventually(() => heard(50) >= looks + 200);
    expect(queryObjects(Promise, { format: "count" }) - before).toBeLessThan(100);
  });

  test("is never told to clear, lock or forget anything", async () => {
    deps.clockVerdict = { offset: null, advice: "set" };
    start();
    for (let second = 1; second <= 5; second += 1) {
      terminal.punch("7", { at: at(second) });
      await eventually(() => deps.readings.length === second);
    }
    const harmless = new Set([11, 50, 201, 202, 500, 1000, 1001, 1100, 1502, 1503, 1504, 2000]);
    expect([...terminal.commands.keys()].filter((command) => !harmless.has(command))).toEqual([]);
    expect(terminal.memory.punches).toHaveLength(5);
  });

  test.each(["short-piece", "wrong-announcement", "wrong-count"] satisfies Misbehaviour[])(
    "hands nothing over from a reading with a %s, and reads again",
    async (how) => {
      for (let second = 1; second <= 50; second += 1) terminal.punch("7", { at: at(second) });
      terminal.misbehave(how, 2);
      start();
      await eventually(
        () => counter("broken_piece") + counter("broken_announced") + counter("broken_count") > 0,
      );
      await eventually(() => deps.readings.length >= 50);
      expect(deps.readings).toHaveLength(50);
      expect(new Set(keys()).size).toBe(50);
    },
  );

  test("that never reads right is reported, and the line begun anew", async () => {
    terminal.punch("7");
    terminal.misbehave("wrong-count", Number.POSITIVE_INFINITY);
    start();
    await expect(run).rejects.toMatchObject({ code: "device.refused" });
    expect(deps.readings).toEqual([]);
  });

  test("that does not answer is asked again, then given up", async () => {
    start({ replyTimeoutMs: 20 });
    terminal.punch("7");
    await eventually(() => deps.readings.length === 1);
    terminal.misbehave("no-answer", 1);
    terminal.punch("8");
    await eventually(() => deps.readings.length === 2);
    terminal.misbehave("no-answer", Number.POSITIVE_INFINITY);
    terminal.punch("9");
    await expect(run).rejects.toMatchObject({ code: "device.no-reply" });
    expect(deps.statuses.map(([, what]) => what)).toEqual(["online", "offline"]);
  });

  test("keeps what the journal refuses; from the first refused one on it is read again", async () => {
    for (let second = 1; second <= 5; second += 1) terminal.punch("7", { at: at(second) });
    deps.answer = ({ deviceLocal }) =>
      deviceLocal === "2026-11-23T08:00:03"
        ? Promise.reject(new PlatformError("journal.full", "no room", { retriable: true }))
        : Promise.resolve(GREEN);
    start();
    await eventually(() => counter("not_committed") >= 2);
    expect(counter("records")).toBe(2);
    deps.answer = () => Promise.resolve(GREEN);
    await eventually(() => counter("records") === 5);
    expect(new Set(keys()).size).toBe(5);
  });

  test("with a key is asked to prove nothing but to accept ours; a wrong one is said plainly", async () => {
    terminal = createZkTerminal({ commKey: 4711 });
    terminal.punch("7");
    const commKeyFile = join(dir.path, "comm.key");
    writeFileSync(commKeyFile, "4711\n", { mode: 0o600 });
    start({ commKeyFile });
    await eventually(() => deps.readings.length === 1);
    stop.abort();
    await run;
    start();
    await expect(run).rejects.toMatchObject({ code: "device.key" });
  });

  test("an impossible date is handed over alone without a time, its neighbours with theirs", async () => {
    terminal.punch("7", { at: at(1) });
    terminal.punch("8", { packedTime: 0xffff_ffff });
    // 31 February 2026, 08:00:00.
    terminal.punch("9", { packedTime: ((26 * 12 + 1) * 31 + 30) * 86_400 + 8 * 3600 });
    terminal.punch("7", { at: at(4) });
    start();
    await eventually(() => counter("records") === 4);
    expect(deps.readings.map(({ deviceLocal }) => deviceLocal)).toEqual([
      "2026-11-23T08:00:01",
      "2133-08-18T06:28:15",
      null,
      "2026-11-23T08:00:04",
    ]);
    expect(counter("impossible_date")).toBe(1);
  });

  test("records of equal content are told apart: its clock may stand still", async () => {
    const clock = createZkClock(() => Date.now());
    clock.stick();
    terminal = createZkTerminal({ clock });
    start();
    for (let times = 1; times <= 4; times += 1) {
      terminal.punch("7");
      await eventually(() => new Set(keys()).size === times);
    }
    // Far more come between than are looked at again, and then one like the first.
    for (let other = 1; other <= 40; other += 1) terminal.punch(`other${other}`);
    await eventually(() => new Set(keys()).size === 44);
    terminal.punch("7");
    await eventually(() => new Set(keys()).size === 45);
    expect(counter("records")).toBe(45);
    // What was read again by another agent has the same names.
    const first = keys();
    stop.abort();
    await run;
    deps = recordedDeps(dir.path);
    start();
    await eventually(() => deps.readings.length === 45);
    expect(keys()).toEqual([...new Set(first)]);
  });

  test("two terminals know two people under one number, unless they are one group", async () => {
    terminal.punch("7");
    start({ userGroup: "site-a" });
    await eventually(() => deps.readings.length === 1);
    expect(deps.readings[0]?.credential).toEqual({ kind: "number", value: "site-a-7" });
  });

  test("the pressed key is a claim only where it is used", async () => {
    for (const [second, state] of [0, 1, 2, 3, 255].entries()) {
      terminal.punch("7", { at: at(second), state });
    }
    start({ stateKeys: "use", direction: "in" });
    await eventually(() => deps.readings.length === 5);
    const hints = deps.readings.map(({ hint }) => hint);
    expect(hints).toEqual(["in", "out", "break-start", "break-end", "in"]);
  });

  test("with a log that goes on is read only from where it was", async () => {
    fill(terminal, 3_000);
    start();
    await eventually(() => counter("records") === 3_000, { timeoutMs: 60_000 });
    expect(counter("whole_logs")).toBe(1);
    const passed = passedToAgent(pair);
    terminal.punch("new");
    await eventually(() => counter("records") === 3_001);
    expect(deps.readings.at(-1)?.credential).toEqual({ kind: "number", value: "hall-new" });
    expect(passed()).toBeLessThan(3_000);
    expect(counter("whole_logs")).toBe(1);
  });

  test("is read from there after a reconnect too, as long as the log proves to be the same", async () => {
    fill(terminal, 100);
    start();
    await eventually(() => counter("records") === 100);
    pair.lose("pulled out");
    await run.catch(() => undefined);
    terminal.punch("late");
    start();
    await eventually(() => deps.readings.length === 101);
    expect(counter("whole_logs")).toBe(0);
    // Cleared at its own menu and filled again: another log of the same length.
    pair.lose("pulled out");
    await run.catch(() => undefined);
    terminal.memory.clear();
    fill(terminal, 101, "else");
    start();
    await eventually(() => counter("records") === 101);
    expect(counter("whole_logs")).toBe(1);
    expect(new Set(keys()).size).toBe(202);
  });

  test("whose memory is full drops its oldest; only the new one is handed over", async () => {
    terminal = createZkTerminal({ memory: new ZkMemory({ capacity: 200 }) });
    fill(terminal, 200);
    start();
    await eventually(() => counter("records") === 200);
    for (let times = 1; times <= 3; times += 1) {
      terminal.punch(`late${times}`);
      await eventually(() => counter("records") === 200 + times);
    }
    expect(new Set(keys()).size).toBe(203);
    expect(counter("whole_logs")).toBe(1);
  });

  test("its clock is told before its log is read, and set as advised only once nothing waits in it", async () => {
    terminal = createZkTerminal({ clock: createZkClock(() => Date.now(), 3_600_000 * 7) });
    terminal.punch("7", { at: at(1) });
    deps.clockVerdict = { offset: { offsetMs: 25_200_000, withinMs: 500 }, advice: "set" };
    const seenBefore: number[] = [];
    deps.answer = () => {
      seenBefore.push(deps.clocks.length, heard(202));
      return Promise.resolve(GREEN);
    };
    start();
    await eventually(() => counter("clock_set") === 1);
    expect(seenBefore).toEqual([1, 0]);
    expect(deps.clocks.map(([, { isLogRead }]) => isLogRead)).toEqual([false, true, true]);
    // What it showed after it was set is what the gateway said.
    expect(deps.clocks.at(-1)?.[1].deviceLocal).toMatch(/^2026-11-24T12:00:0/u);
  });

  test("its clock is left alone unless that is advised, or somebody asks", async () => {
    terminal = createZkTerminal({ clock: createZkClock(() => Date.now(), 3_600_000 * 7) });
    start();
    await eventually(() => deps.clocks.length === 2);
    expect(heard(202)).toBe(0);
    await deps.offered.get("hall")?.resyncClock?.();
    expect(heard(202)).toBe(1);
  });

  test("a user deleted since is somebody nobody knows, not somebody else", async () => {
    terminal = createZkTerminal({ memory: new ZkMemory({ recordBytes: 8 }) });
    terminal.memory.users.push({ slot: 5, id: "900", name: "" });
    terminal.punch("900", { at: at(1) });
    terminal.memory.users.push({ slot: 6, id: "901", name: "" });
    terminal.punch("901", { at: at(2) });
    const bytes = terminal.memory.attendanceTable();
    terminal.memory.users.splice(0, 1);
    terminal.memory.attendanceTable = () => bytes;
    start();
    await eventually(() => counter("records") === 2);
    expect(deps.readings.map(({ credential }) => credential)).toEqual([
      { kind: "number", value: "hall-slot_2d5" },
      { kind: "number", value: "hall-901" },
    ]);
    expect(counter("user_unknown")).toBe(1);
  });
});

const at = (second: number): Date => new Date(Date.UTC(2026, 10, 23, 8, 0, second));

function fill(terminal: ZkTerminal, records: number, user = "u"): void {
  const from = Date.UTC(2026, 0, 1);
  for (let each = 0; each < records; each += 1) {
    terminal.memory.add({
      userId: `${user}${each % 300}`,
      at: new Date(from + each * 61_000),
      verify: 1,
      state: 0,
    });
  }
}

/** Counts the bytes towards the agent from now on. */
function passedToAgent(pair: MemoryPair): () => number {
  let bytes = 0;
  pair.disturb({
    toAgent: (chunk) => {
      bytes += chunk.length;
      return chunk;
    },
  });
  return () => bytes;
}
