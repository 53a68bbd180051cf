import { PlatformError } from "@clockleaf/shared/lib/errors.ts";
import { silentLog } from "@clockleaf/shared/lib/log.ts";
import { describe, expect, it } from "vitest";
import { createMemoryPair, type MemoryPair } from "../../ports/memory.ts";
import { describeDriver } from "../driver.contract.ts";
import type { DriverDeps, ReaderHealth, Reading } from "../driver.ts";
import { type HidKeyboardConfig, hidKeyboardConfigSchema, hidKeyboardDriver } from "./driver.ts";

const down = (usage: number): Uint8Array => Uint8Array.of(0, 0, usage, 0, 0, 0, 0, 0);
const UP = new Uint8Array(8);
const ENTER = 0x28;

/** What typing a number sends, each key pressed and let go; a terminator of 0 is none. */
const reportsOf = (number: string, terminator: number): Uint8Array[] =>
  Array.from(number, (digit) => (digit === "0" ? 0x27 : 0x1d + Number(digit)))
    .concat(terminator === 0 ? [] : terminator)
    .flatMap((usage) => [down(usage), UP]);

interface Rig {
  readonly pair: MemoryPair;
  readonly readings: Reading[];
  readonly statuses: string[];
  readonly health: ReaderHealth[];
  readonly running: Promise<void>;
  stop(): void;
  tap(number: string, terminator?: number): Promise<void>;
  /** Resolves when the newest health fits. */
  until(condition: (counters: Readonly<Record<string, number>>) => boolean): Promise<void>;
}

function start(
  some: Partial<HidKeyboardConfig> = {},
  accept: (reading: Reading) => Promise<void> = () => Promise.resolve(),
): Rig {
  const config = { ...hidKeyboardConfigSchema.parse({ reader: "gate" }), ...some };
  const pair = createMemoryPair("wedge");
  const controller = new AbortController();
  const readings: Reading[] = [];
  const statuses: string[] = [];
  const health: ReaderHealth[] = [];
  const waiters = new Set<() => void>();
  const deps: DriverDeps = {
    async accept(reading) {
      await accept(reading);
      readings.push(reading);
      return { light: "green", text: null };
    },
    checkPin: () => "none-set",
    lastDeviceSeq: () => null,
    progress: () => undefined,
    offer: () => () => undefined,
    deviceClock: () => ({ offset: null, advice: "leave" }),
    localTime: () => null,
    statusChanged: (reader, what) => statuses.push(`${reader} ${what}`),
    report(each) {
      health.push(each);
      for (const wake of waiters) wake();
    },
    now: () => performance.now(),
    runtimeDir: "unused",
    log: silentLog(),
  };
  return {
    pair,
    readings,
    statuses,
    health,
    running: hidKeyboardDriver.run(pair.agent, config, deps, controller.signal),
    stop: () => controller.abort(),
    async tap(number, terminator = ENTER) {
      for (const report of reportsOf(number, terminator)) await pair.terminal.write(report);
    },
    until: (condition) =>
      new Promise((resolve) => {
        const check = (): void => {
          if (!condition(health.at(-1)?.counters ?? {})) return;
          waiters.delete(check);
          resolve();
        };
        waiters.add(check);
        check();
      }),
  };
}

const numberOf = (badge: number): string => `90${badge}`.padEnd(8, "0");

// A keyboard keeps no copy and has no light: the rig leaves out what the terminal would forget and show.
describeDriver("the keyboard driver", () => {
  const pair = createMemoryPair("wedge");
  const write = (report: Uint8Array): void => void pair.terminal.write(report);
  return {
    driver: hidKeyboardDriver,
    config: hidKeyboardConfigSchema.parse({ reader: "gate" }),
    port: pair.agent,
    credentialOf: (badge) => ({ kind: "number", value: numberOf(badge) }),
    present: (badge) => {
      for (const report of reportsOf(numberOf(badge), ENTER)) write(report);
    },
    inject: write,
    lose: () => pair.lose("unplugged"),
  };
});

describe("the keyboard driver", () => {
  it("hands a badge to the journal as a number, without a device sequence", async () => {
    const rig = start({ hint: "in" });
    await rig.tap("00012345");
    await rig.until((counters) => counters["accepted"] === 1);
    expect(rig.readings).toEqual([
      {
        reader: "gate",
        credential: { kind: "number", value: "00012345" },
        hint: "in",
        deviceLocal: null,
        pin: "not-asked",
        deviceSeq: null,
        recordKey: null,
      },
    ]);
    rig.stop();
    await rig.running;
    expect(rig.statuses).toEqual(["gate online"]);
  });

  it("stores one badge after the other, in the order they were typed", async () => {
    const order: string[] = [];
    const rig = start({}, async (reading) => {
      const value = reading.credential.kind === "number" ? reading.credential.value : "";
      order.push(`begin ${value}`);
      await new Promise((resolve) => setImmediate(resolve));
      order.push(`end ${value}`);
    });
    await rig.tap("1111");
    await rig.tap("2222");
    await rig.until((counters) => counters["accepted"] === 2);
    expect(order).toEqual(["begin 1111", "end 1111", "begin 2222", "end 2222"]);
    rig.stop();
    await rig.running;
  });

  it("ends a badge by itself after the pause when no key ends it", async () => {
    const rig = start({ terminator: "none", interKeyTimeoutMs: 200 });
    await rig.tap("4711", 0);
    await rig.until((counters) => counters["accepted"] === 1);
    expect(rig.readings[0]?.credential).toEqual({ kind: "number", value: "4711" });
    rig.stop();
    await rig.running;
  });

  it("takes no pause of its own process for one of the reader", async () => {
    const rig = start({ interKeyTimeoutMs: 200 });
    const reports = reportsOf("00012345", ENTER);
    for (const report of reports.slice(0, 8)) await rig.pair.terminal.write(report);
    await new Promise((resolve) => setImmediate(resolve));
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 300);
    for (const report of reports.slice(8)) await rig.pair.terminal.write(report);
    await rig.until((counters) => (counters["badges"] ?? 0) > 0);
    expect(rig.health.at(-1)?.counters).toMatchObject({ badges: 1 });
    await rig.until((counters) => counters["accepted"] === 1);
    expect(rig.readings[0]?.credential).toEqual({ kind: "number", value: "00012345" });
    rig.stop();
    await rig.running;
  });

  it("gives up what was typed before a pause of the reader", async () => {
    const rig = start({ interKeyTimeoutMs: 200 });
    await rig.tap("0001", 0);
    await rig.until((counters) => counters["discarded_no-terminator"] === 1);
    await rig.tap("4711");
    await rig.until((counters) => counters["accepted"] === 1);
    expect(rig.readings[0]?.credential).toEqual({ kind: "number", value: "4711" });
    rig.stop();
    await rig.running;
  });

  it("counts what it does not take, by reason, and goes on", async () => {
    const rig = start();
    await rig.pair.terminal.write(Uint8Array.of(1, 2, 3));
    await rig.tap("12");
    await rig.tap("34");
    await rig.tap("5678");
    await rig.until((counters) => counters["accepted"] === 1);
    expect(rig.health.at(-1)?.counters).toEqual({
      unusable_length: 1,
      discarded_length: 1,
      "discarded_too-short": 1,
      badges: 1,
      accepted: 1,
    });
    rig.stop();
    await rig.running;
  });

  it("offers a badge again to a journal that is shut for a moment, and stores it once", async () => {
    let refusals = 1;
    const rig = start({}, () => {
      refusals -= 1;
      return refusals >= 0
        ? Promise.reject(new PlatformError("journal.unavailable", "reopening", { retriable: true }))
        : Promise.resolve();
    });
    await rig.tap("4711");
    await rig.until((counters) => counters["accepted"] === 1);
    expect(rig.readings).toHaveLength(1);
    rig.stop();
    await rig.running;
  });

  it("counts a badge as not stored when the journal is damaged; nothing else shows it", async () => {
    const rig = start({}, () => Promise.reject(new PlatformError("journal.damaged", "row 7")));
    await rig.tap("4711");
    await rig.until((counters) => counters["not_stored"] === 1);
    expect(rig.readings).toEqual([]);
    rig.stop();
    await rig.running;
  });

  it("stores what was typed before it reports a lost line", async () => {
    const asked = Promise.withResolvers<void>();
    const stored = Promise.withResolvers<void>();
    const rig = start({}, () => {
      asked.resolve();
      return stored.promise;
    });
    await rig.tap("4711");
    await asked.promise;
    rig.pair.lose("unplugged");
    stored.resolve();
    await expect(rig.running).rejects.toMatchObject({ code: "port.lost", retriable: true });
    expect(rig.readings).toHaveLength(1);
    expect(rig.statuses).toEqual(["gate online", "gate offline"]);
  });

  it("says that it cannot give feedback", () => {
    const rig = start();
    expect(rig.health[0]?.facts).toMatchObject({ feedback: false });
    rig.stop();
  });
});

const parse = (some: object): boolean =>
  hidKeyboardConfigSchema.safeParse({ reader: "gate", ...some }).success;

describe("its configuration", () => {
  it("refuses a pause that fast typing would break, and lengths that contradict each other", () => {
    expect(parse({})).toBe(true);
    expect(parse({ interKeyTimeoutMs: 199 })).toBe(false);
    expect(parse({ minLength: 10, maxLength: 9 })).toBe(false);
    expect(parse({ colour: "red" })).toBe(false);
  });
});
