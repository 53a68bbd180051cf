import { PlatformError } from "@clockleaf/shared/lib/errors.ts";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { eventually } from "../../test/support/eventually.ts";
import { createMemoryPair, type MemoryPair } from "../ports/memory.ts";
import { type RecordedDeps, recordedDeps } from "./driver.contract.ts";
import type { DeviceDriver } from "./driver.ts";
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
