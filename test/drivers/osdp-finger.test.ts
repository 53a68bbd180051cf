import { osdpConfigSchema } from "@clockleaf/edge-agent/devices/osdp/config.ts";
import { osdpDriver } from "@clockleaf/edge-agent/devices/osdp/driver.ts";
import { createMemoryPair } from "@clockleaf/edge-agent/ports/memory.ts";
import { makeCard } from "@clockleaf/hardware-sim/cards.ts";
import { attachBus } from "@clockleaf/hardware-sim/osdp/bus.ts";
import { createReader, type ReaderEvent } from "@clockleaf/hardware-sim/osdp/reader.ts";
import { silentLog } from "@clockleaf/shared/lib/log.ts";
import { afterEach, beforeEach, expect, test } from "vitest";
import { eventually } from "../support/eventually.ts";
import { type TempDir, tempDir } from "../support/temp.ts";

let dir: TempDir;
let stop: AbortController;
let run: Promise<void>;
let counters: Readonly<Record<string, number>>;
beforeEach(() => {
  dir = tempDir("osdp-finger");
  stop = new AbortController();
  counters = {};
});
afterEach(async () => {
  stop.abort();
  await run;
  dir.remove();
});

test.each([
  { ask: "match", isEnrolled: true, lights: ["amber", "green"], count: "fingers_right" },
  { ask: "match", isEnrolled: false, lights: ["amber", "amber"], count: "fingers_no-match" },
  { ask: "presence", isEnrolled: false, lights: ["amber", "green"], count: "fingers_right" },
])("the driver asks the simulated sensor: $ask, enrolled $isEnrolled", async (given) => {
  const pair = createMemoryPair();
  const reader = createReader({
    address: 5,
    scbk: Uint8Array.from({ length: 16 }, (_, index) => index + 1),
    requireSecure: false,
    sensor: { template: Uint8Array.from({ length: 300 }, (_, index) => index & 0xff) },
    now: () => performance.now(),
    random: (length) => new Uint8Array(length),
  });
  const events: ReaderEvent[] = [];
  reader.onEvent((event) => events.push(event));
  attachBus(pair.terminal, { readers: [reader], now: () => performance.now() });
  let stored = 0;
  const finger = { ask: given.ask };
  run = osdpDriver.run(
    pair.agent,
    osdpConfigSchema.parse({
      pollMs: 1,
      readers: [{ id: "door", address: 5, secureChannel: "off", finger }],
    }),
    {
      accept() {
        stored += 1;
        return Promise.resolve({ light: "green", text: null });
      },
      checkPin: () => "none-set",
      lastDeviceSeq: () => null,
      deviceClock: () => ({ offset: null, advice: "leave" }),
      localTime: () => null,
      statusChanged: () => undefined,
      progress: () => undefined,
      offer: () => () => undefined,
      report: (health) => (counters = health.counters),
      now: () => performance.now(),
      runtimeDir: dir.path,
      log: silentLog(),
    },
    stop.signal,
  );
  const lights = (): string[] =>
    events.flatMap((event) => (event.kind === "light" && event.temporary ? [event.colour] : []));
  await eventually(() => (reader.counters()["commands"] ?? 0) > 5, { what: "polled" });
  reader.tap(makeCard(26, 123, 45_678), "t1");
  await eventually(() => events.some(({ kind }) => kind === "finger-asked"));
  expect(stored).toBe(1);
  expect(events.map(({ kind }) => kind)).toContain("acknowledged");
  reader.finger({ isEnrolled: given.isEnrolled });
  await eventually(() => lights().length === 2, { what: "the finger's light" });
  expect(lights()).toEqual(given.lights);
  stop.abort();
  await run;
  expect(counters).toMatchObject({ [given.count]: 1, fingers_asked: 1 });
  expect(stored).toBe(1);
});
