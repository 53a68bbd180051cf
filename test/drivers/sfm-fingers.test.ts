import {
  GREEN,
  type RecordedDeps,
  recordedDeps,
} from "@clockleaf/edge-agent/devices/driver.contract.ts";
import { sfmConfigSchema } from "@clockleaf/edge-agent/devices/sfm/config.ts";
import { sfmDriver } from "@clockleaf/edge-agent/devices/sfm/driver.ts";
import { createMemoryPair, type MemoryPair } from "@clockleaf/edge-agent/ports/memory.ts";
import { createModule, type SfmModule } from "@clockleaf/hardware-sim/sfm/module.ts";
import { PlatformError } from "@clockleaf/shared/lib/errors.ts";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { eventually } from "../support/eventually.ts";
import { type TempDir, tempDir } from "../support/temp.ts";

const STRANGER = 99;

describe("an SFM module and its driver", () => {
  let pair: MemoryPair;
  let deps: RecordedDeps;
  let dir: TempDir;
  let stop: AbortController;
  let run: Promise<void>;
  let module: SfmModule;
  let aheadMs: number;

  beforeEach(() => {
    pair = createMemoryPair();
    dir = tempDir("sfm");
    aheadMs = 0;
    const recorded = recordedDeps(dir.path);
    deps = Object.assign(recorded, { now: () => performance.now() + aheadMs });
    stop = new AbortController();
    run = Promise.resolve();
    module = createModule();
    for (let user = 1; user <= 9; user += 1) module.teach(user, user);
    module.attach(pair.terminal);
  });
  afterEach(async () => {
    stop.abort();
    await run;
    dir.remove();
    // Whatever the test was about: no template ever moves, and no log is read.
    const { template_transfers: templates, log_requests: logs } = module.counters();
    if (templates !== undefined || logs !== undefined)
      throw new Error("templates or log asked for");
  });

  const start = async (settings: Readonly<Record<string, unknown>> = {}): Promise<void> => {
    const config = sfmConfigSchema.parse({
      reader: "door",
      pauseMs: 1,
      scanMs: 60,
      replyTimeoutMs: 300,
      ...settings,
    });
    run = sfmDriver.run(pair.agent, config, deps, stop.signal);
    await eventually(() => deps.statuses.length === 1, { what: "on line" });
  };
  const values = (): string[] =>
    deps.readings.map(({ credential }) => (credential.kind === "number" ? credential.value : ""));
  const counters = async (): Promise<Readonly<Record<string, number>>> => {
    stop.abort();
    await run;
    return deps.health.get("door")?.counters ?? {};
  };
  const scans = async (times: number): Promise<void> => {
    let seen = 0;
    module.onEvent((event) => {
      if (event.kind === "scanned") seen += 1;
    });
    await eventually(() => seen >= times, { everyMs: 1, what: `${times} scans` });
  };

  test("makes one punch of a finger however often it is read while it lies there", async () => {
    await start({ userGroup: "plant" });
    module.press(3);
    await scans(20);
    expect(values()).toEqual(["plant-3"]);
    module.press(4);
    await eventually(() => values().length === 2);
    module.lift();
    aheadMs = 3_001;
    module.press(4);
    await eventually(() => values().length === 3);
    expect(values()).toEqual(["plant-3", "plant-4", "plant-4"]);
    const { repeats, accepted } = await counters();
    expect(repeats).toBeGreaterThanOrEqual(18);
    expect(accepted).toBe(3);
  });

  test("stores nothing for strangers and unread fingers, and counts why", async () => {
    await start();
    module.press(STRANGER);
    await scans(2);
    module.lift();
    module.spoil(1, 0xb0);
    module.press(1);
    await scans(1);
    await eventually(() => values().length === 1);
    module.lift();
    expect(values()).toEqual(["door-1"]);
    const counted = await counters();
    expect(counted).toMatchObject({ "scans_fake-finger": 1, accepted: 1 });
    expect(counted["scans_not-found"]).toBeGreaterThanOrEqual(1);
  });

  test("a finger without a user id is nobody's", async () => {
    module.teach(0, 50);
    await start();
    module.press(50);
    await scans(1);
    module.lift();
    module.press(2);
    await eventually(() => values().length === 1);
    expect(values()).toEqual(["door-2"]);
    expect(await counters()).toMatchObject({ "scans_no-user": expect.any(Number) });
  });

  test("offers a punch again to a journal that refuses for the moment", async () => {
    await start();
    let asked = 0;
    deps.answer = () => {
      asked += 1;
      const away = new PlatformError("journal.unavailable", "later", { retriable: true });
      return asked < 3 ? Promise.reject(away) : Promise.resolve(GREEN);
    };
    module.press(1);
    await eventually(() => asked === 3);
    module.lift();
    expect(await counters()).toMatchObject({ accepted: 1 });
  });

  test("a finger that was not stored and still lies there is stored when the journal takes it", async () => {
    await start();
    let isFull = true;
    deps.answer = () =>
      isFull
        ? Promise.reject(new PlatformError("journal.full", "no room"))
        : Promise.resolve(GREEN);
    module.press(1);
    await eventually(() => deps.readings.length >= 2);
    isFull = false;
    const { length } = deps.readings;
    await eventually(() => deps.readings.length > length);
    await scans(5);
    const counted = await counters();
    expect(counted["accepted"]).toBe(1);
    expect(counted["not_stored"]).toBeGreaterThanOrEqual(2);
  });

  test("sets the module to look by itself again after its power cut", async () => {
    await start({ mode: "free-scan" });
    module.press(1);
    await eventually(() => values().length === 1);
    module.lift();
    module.powerOff();
    module.powerOn();
    await eventually(() => (deps.health.get("door")?.counters["meetings"] ?? 0) >= 1);
    const written = module.counters()["order_01"] ?? 0;
    await eventually(() => (module.counters()["order_01"] ?? 0) > written);
    module.press(2);
    await eventually(() => values().length === 2);
    expect(values()).toEqual(["door-1", "door-2"]);
  });

  test("asks again after a power cut in the middle of an identification", async () => {
    await start();
    module.powerOff();
    module.powerOn();
    module.press(5);
    await eventually(() => values().length === 1);
    expect(values()).toEqual(["door-5"]);
  });

  test("stores a finger whose outcome was half heard when the question was taken back", async () => {
    const line = pair.terminal;
    const [identify, cancel, success] = [0x11, 0x60, 0x61];
    let rest: Uint8Array | undefined;
    module.attach({
      write(bytes) {
        if (bytes[1] !== identify || bytes[10] !== success) return line.write(bytes);
        rest = bytes.subarray(5);
        return line.write(bytes.subarray(0, 5));
      },
      onData: (listener) =>
        line.onData((chunk) => {
          if (chunk[1] === cancel && rest !== undefined) void line.write(rest);
          listener(chunk);
        }),
      close: () => line.close(),
    });
    await start();
    module.press(7);
    await scans(1);
    // It has beeped, and its owner goes.
    module.lift();
    await eventually(() => values().length === 1);
    expect(values()).toEqual(["door-7"]);
  });

  test("says that a module without power is off line, and that it is back", async () => {
    await start();
    module.powerOff();
    aheadMs = 6_000;
    await eventually(() => deps.statuses.length === 2);
    expect(deps.health.get("door")).toMatchObject({
      state: "offline",
      fault: { code: "device.no-reply" },
    });
    module.powerOn();
    await eventually(() => deps.statuses.length === 3);
    expect(deps.statuses.map(([, what]) => what)).toEqual(["online", "offline", "online"]);
    expect(deps.health.get("door")?.facts).toMatchObject({ serialNumber: 4711, enrolled: 9 });
  });

  test("drops its own echo", async () => {
    const line = pair.terminal;
    module.attach({
      write: (bytes) => line.write(bytes),
      onData: (listener) =>
        line.onData((chunk) => {
          void line.write(chunk);
          listener(chunk);
        }),
      close: () => line.close(),
    });
    await start();
    module.press(6);
    await eventually(() => values().length === 1);
    expect(values()).toEqual(["door-6"]);
    expect((await counters())["discarded_echo"]).toBeGreaterThanOrEqual(4);
  });
});
