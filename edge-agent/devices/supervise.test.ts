import { setImmediate } from "node:timers/promises";
import { queryObjects } from "node:v8";
import { PlatformError } from "@clockleaf/shared/lib/errors.ts";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { eventually } from "../../test/support/eventually.ts";
import { createMemoryPair, type MemoryPair } from "../ports/memory.ts";
import { type RecordedDeps, recordedDeps } from "./driver.contract.ts";
import type { DeviceDriver, DriverDeps, ReaderHealth, Reading } from "./driver.ts";
import { createRestarts } from "./restarts.ts";
import { supervise } from "./supervise.ts";

const QUICK = { firstMs: 1, maxMs: 4, jitter: 0 };

const driverThat = (run: DeviceDriver<object>["run"]): DeviceDriver<object> => ({
  summary: "for tests",
  name: "test",
  config: z.object({}),
  readers: () => ["a", "b"],
  run,
});

const untilTold: DeviceDriver<object>["run"] = (...args) =>
  new Promise((resolve) => {
    args[3].addEventListener("abort", () => resolve());
  });

const HEALTHY: ReaderHealth = {
  reader: "a",
  state: "online",
  fault: null,
  counters: {},
  facts: {},
};
const READING: Reading = {
  reader: "a",
  credential: { kind: "number", value: "1" },
  hint: null,
  deviceLocal: null,
  pin: "not-asked",
  deviceSeq: null,
  recordKey: null,
};

/** Reports without end, giving way to nobody but the event loop. */
async function flood(own: DriverDeps, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    for (let n = 0; n < 100; n += 1) own.report(HEALTHY);
    own.progress();
    await setImmediate();
  }
}

describe("the supervisor of a line", () => {
  let deps: RecordedDeps;
  let stop: AbortController;
  let pairs: MemoryPair[];
  let running: Promise<void> | undefined;

  beforeEach(() => {
    deps = recordedDeps("unused");
    stop = new AbortController();
    pairs = [];
  });
  afterEach(async () => {
    stop.abort();
    await running;
  });

  const openNext = (): Promise<MemoryPair["agent"]> => {
    const pair = createMemoryPair();
    pairs.push(pair);
    return Promise.resolve(pair.agent);
  };
  const start = (driver: DeviceDriver<object>, openPort = openNext): void => {
    running = supervise({ driver, config: {}, openPort, deps, backoff: QUICK }, stop.signal);
  };
  const untilLost: DeviceDriver<object>["run"] = (port, _config, _deps) =>
    new Promise((resolve, reject) => {
      stop.signal.addEventListener("abort", () => resolve());
      port.onClosed((reason) => reject(reason ?? new Error("closed")));
    });

  test("opens a fresh port after every lost line", async () => {
    start(driverThat(untilLost));
    for (let round = 1; round <= 3; round += 1) {
      const pair = await eventually(() => pairs[round - 1]);
      pair.lose("pulled out");
    }
    await eventually(() => pairs.length === 4);
    expect(deps.health.get("a")).toMatchObject({ state: "fault", fault: { code: "port.lost" } });
  });

  test("keeps asking for a port that is not there, and says what to do for every reader", async () => {
    let tries = 0;
    start(driverThat(untilLost), () => {
      tries += 1;
      if (tries > 5) return openNext();
      return Promise.reject(new PlatformError("port.unavailable", "plug it in"));
    });
    await eventually(() => pairs.length === 1);
    for (const reader of ["a", "b"]) {
      expect(deps.health.get(reader)).toMatchObject({
        state: "fault",
        fault: { code: "port.unavailable", message: "plug it in" },
      });
    }
  });

  test("begins anew at once when asked, in a run and in a wait, and says when it has", async () => {
    const restarts = createRestarts();
    let isThere = true;
    const slow = { firstMs: 3_600_000, maxMs: 3_600_000, jitter: 0 };
    const openPort = (): Promise<MemoryPair["agent"]> =>
      isThere ? openNext() : Promise.reject(new PlatformError("port.unavailable", "plug it in"));
    const driver = driverThat(untilTold);
    running = supervise(
      { driver, config: {}, openPort, deps, backoff: slow, restarts },
      stop.signal,
    );
    await eventually(() => pairs.length === 1);
    await restarts.restart();
    expect(pairs).toHaveLength(2);

    // It cannot begin now, and waits for an hour: whoever asks then is told once it has begun.
    isThere = false;
    const first = restarts.restart();
    await eventually(() => deps.health.get("a")?.state === "fault");
    isThere = true;
    await Promise.all([first, restarts.restart()]);
    expect(pairs).toHaveLength(3);
  });

  test("outlives a driver that throws what nobody expected, and one that ends for no reason", async () => {
    let runs = 0;
    start(
      driverThat((...args) => {
        runs += 1;
        if (runs === 1) throw new TypeError("a mistake of ours");
        if (runs === 2) return Promise.resolve();
        return untilLost(...args);
      }),
    );
    await eventually(() => runs === 3);
    expect(deps.health.get("a")?.fault?.code).toBe("internal");
  });

  test("begins a line anew that was silent for too long, and only one whose driver says what that is", async () => {
    const talkative = driverThat(async (...[port, , own, signal]) => {
      port.onData(() => own.progress());
      await new Promise<void>((resolve) => {
        signal.addEventListener("abort", () => resolve());
      });
    });
    start({ ...talkative, quietMs: () => 600 });
    const first = await eventually(() => pairs[0]);
    const talk = setInterval(() => void first.terminal.write(Uint8Array.of(1)), 5);
    await eventually(() => deps.progressed > 40);
    expect(pairs).toHaveLength(1);
    clearInterval(talk);
    await eventually(() => pairs.length === 2);
    expect(deps.health.get("a")).toMatchObject({ fault: { code: "device.no-reply" } });
  });

  test("leaves a driver that hangs behind, and takes nothing from it any more", async () => {
    const late: (() => Promise<unknown>)[] = [];
    const driver = driverThat((_port, _config, own) => {
      late.push(() => {
        own.report({ ...HEALTHY, facts: { late: true } });
        return own.accept(READING);
      });
      return new Promise(() => undefined); // whatever it is told
    });
    running = supervise(
      {
        driver: { ...driver, quietMs: () => 20 },
        config: {},
        openPort: openNext,
        deps,
        backoff: QUICK,
        grace: { graceMs: 5 },
      },
      stop.signal,
    );
    await eventually(() => late.length === 2);
    expect(deps.health.get("a")).toMatchObject({ fault: { code: "device.hung" } });
    await expect(late[0]?.()).rejects.toMatchObject({ code: "device.hung" });
    expect(deps.readings).toEqual([]);
    expect(deps.health.get("a")?.facts).toEqual({});
    await late[1]?.();
    expect(deps.readings).toEqual([READING]);
  });

  test("a line that fails, hangs or floods never keeps another from its punches", async () => {
    const others: Promise<void>[] = [];
    const badly: DeviceDriver<object>["run"][] = [
      () => Promise.reject(new Error("always")),
      () => new Promise(() => undefined),
      (...[, , own, signal]) => flood(own, signal),
    ];
    for (const run of badly) {
      const driver = { ...driverThat(run), quietMs: () => 20 };
      const line = { driver, config: {}, openPort: openNext, deps, backoff: QUICK };
      others.push(supervise({ ...line, grace: { graceMs: 5 } }, stop.signal));
    }
    start(
      driverThat(async (_port, _config, own) => {
        for (let n = 0; n < 50; n += 1) await own.accept({ ...READING, reader: "b" });
      }),
    );
    await eventually(() => deps.readings.length >= 50);
    stop.abort();
    await Promise.all(others);
    expect(deps.readings.every(({ reader }) => reader === "b")).toBe(true);
  });

  test("keeps nothing of a run that failed, though the driver listened for its end", async () => {
    /** What a run holds: a port, buffers, the state of its readers. */
    class Held {
      ended = 0;
    }
    const fails: DeviceDriver<object>["run"] = (...args) => {
      const held = new Held();
      args[3].addEventListener("abort", () => (held.ended += 1), { once: true });
      return Promise.reject(new Error("the line went"));
    };
    start(driverThat(fails));
    await eventually(() => pairs.length > 20);
    // Counts after a full garbage collection; the run of this moment and the one before may still be there.
    expect(queryObjects(Held, { format: "count" })).toBeLessThan(5);
  });

  test("ends at once when told to, also in the middle of a wait", async () => {
    running = supervise(
      {
        driver: driverThat(untilLost),
        config: {},
        openPort: () => Promise.reject(new PlatformError("port.unavailable", "plug it in")),
        deps,
        backoff: { firstMs: 60_000, maxMs: 60_000, jitter: 0 },
      },
      stop.signal,
    );
    await eventually(() => deps.health.has("a"));
    stop.abort();
    await expect(running).resolves.toBeUndefined();
  });
});
