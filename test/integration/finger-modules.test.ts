import { join } from "node:path";
import { type RecordedDeps, recordedDeps } from "@clockleaf/edge-agent/devices/driver.contract.ts";
import { sfmConfigSchema } from "@clockleaf/edge-agent/devices/sfm/config.ts";
import { sfmDriver } from "@clockleaf/edge-agent/devices/sfm/driver.ts";
import { supervise } from "@clockleaf/edge-agent/devices/supervise.ts";
import { zfmConfigSchema } from "@clockleaf/edge-agent/devices/zfm/config.ts";
import { zfmDriver } from "@clockleaf/edge-agent/devices/zfm/driver.ts";
import { portOpener } from "@clockleaf/edge-agent/ports/open-port.ts";
import { type FaultyLine, faultyLine } from "@clockleaf/hardware-sim/faults/faulty-line.ts";
import { openPty, type Pty } from "@clockleaf/hardware-sim/pty.ts";
import { createRandom } from "@clockleaf/hardware-sim/random.ts";
import { createModule as createSfm } from "@clockleaf/hardware-sim/sfm/module.ts";
import { createPeople as createSfmPeople } from "@clockleaf/hardware-sim/sfm/queue.ts";
import { createModule as createZfm } from "@clockleaf/hardware-sim/zfm/module.ts";
import { createPeople as createZfmPeople } from "@clockleaf/hardware-sim/zfm/queue.ts";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { eventually } from "../support/eventually.ts";
import { type TempDir, tempDir } from "../support/temp.ts";

const QUICK = { firstMs: 5, maxMs: 50, jitter: 0 };
const FINGERS = [1, 2, 3, 4, 5, 6, 7, 8];
/** What a long, badly terminated line does to one byte in two thousand, and to one chunk in fifty. */
const NOISY = { flip: 0.0005, drop: 0.0005, noise: 0.02, split: 0.2 };

// The real serial port on a pseudo-terminal, under the supervisor, with a module at the far end.
describe("fingerprint modules on a serial line", () => {
  let dir: TempDir;
  let deps: RecordedDeps;
  let stop: AbortController;
  let running: Promise<void>;
  let pty: Pty;
  let line: FaultyLine;

  beforeEach(() => {
    dir = tempDir("fingers");
    deps = recordedDeps(dir.path);
    stop = new AbortController();
    running = Promise.resolve();
  });
  afterEach(async () => {
    stop.abort();
    await running;
    await pty.close();
    dir.remove();
  });

  const link = (): string => join(dir.path, "module");
  const plug = (faults = {}): FaultyLine => {
    pty = openPty({ link: link() });
    line = faultyLine(pty, {
      random: createRandom(7),
      toTerminal: faults,
      toController: faults,
    });
    return line;
  };
  const serial = (): ReturnType<typeof portOpener> =>
    portOpener({
      serial: { path: link(), baudRate: 57_600, dataBits: 8, parity: "none", stopBits: 1 },
    });
  const values = (): string[] =>
    deps.readings.map(({ credential }) => (credential.kind === "number" ? credential.value : ""));
  const wentOnline = (): number => deps.statuses.filter(([, what]) => what === "online").length;

  test("ZFM: noise on the line and a pulled adapter cost nobody a punch, nor make two of one", async () => {
    const module = createZfm();
    for (const finger of FINGERS) module.teach(finger, finger);
    const people = createZfmPeople(module, { gap: 15, patience: 400 });
    module.attach(plug(NOISY));
    const config = zfmConfigSchema.parse({ reader: "door", pollMs: 2, replyTimeoutMs: 300 });
    running = supervise(
      { driver: zfmDriver, config, openPort: serial(), deps, backoff: QUICK },
      stop.signal,
    );
    await eventually(() => wentOnline() === 1);
    for (const finger of FINGERS.slice(0, 4)) {
      people.join(finger);
      await eventually(() => values().length === finger, { what: `finger ${finger}` });
    }
    people.giveUp();
    await pty.close();
    await eventually(() => deps.health.get("door")?.state === "fault", { what: "line lost" });
    module.attach(plug(NOISY));
    await eventually(() => wentOnline() === 2, { what: "on line again" });
    for (const finger of FINGERS.slice(4)) {
      people.join(finger);
      await eventually(() => values().length === finger, { what: `finger ${finger}` });
    }
    expect(values()).toEqual(FINGERS.map((finger) => `door-${finger}`));
    expect(deps.progressed).toBeGreaterThan(FINGERS.length);
    expect(Object.keys(line.counters()).length).toBeGreaterThan(0);
  });

  test("ZFM: another baud rate is tried on the real port while the module is without power", async () => {
    const module = createZfm();
    module.attach(plug());
    module.powerOff();
    const config = zfmConfigSchema.parse({ reader: "door", pollMs: 2, replyTimeoutMs: 100 });
    running = supervise(
      { driver: zfmDriver, config, openPort: serial(), deps, backoff: QUICK },
      stop.signal,
    );
    const tried = (): number => deps.health.get("door")?.counters["baud_rates_tried"] ?? 0;
    await eventually(() => tried() === config.baudRates.length, { what: "every rate tried" });
    module.powerOn();
    await eventually(() => wentOnline() === 1);
    expect(deps.health.get("door")?.facts).toMatchObject({ baudRate: 57_600 });
  });

  test("SFM: a pulled adapter costs nobody a punch, nor makes two of one", async () => {
    const module = createSfm();
    for (const finger of FINGERS) module.teach(finger, finger);
    const people = createSfmPeople(module);
    module.attach(plug());
    const config = sfmConfigSchema.parse({
      reader: "door",
      pauseMs: 2,
      scanMs: 100,
      replyTimeoutMs: 300,
    });
    running = supervise(
      { driver: sfmDriver, config, openPort: serial(), deps, backoff: QUICK },
      stop.signal,
    );
    await eventually(() => wentOnline() === 1);
    for (const finger of FINGERS.slice(0, 4)) {
      people.join(finger);
      await eventually(() => values().length === finger, { what: `finger ${finger}` });
    }
    people.giveUp();
    await pty.close();
    await eventually(() => deps.health.get("door")?.state === "fault", { what: "line lost" });
    module.attach(plug());
    await eventually(() => wentOnline() === 2, { what: "on line again" });
    for (const finger of FINGERS.slice(4)) {
      people.join(finger);
      await eventually(() => values().length === finger, { what: `finger ${finger}` });
    }
    expect(values()).toEqual(FINGERS.map((finger) => `door-${finger}`));
  });
});
