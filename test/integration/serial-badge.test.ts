import { join } from "node:path";
import { serialBadgeConfigSchema } from "@clockleaf/edge-agent/devices/serial-badge/config.ts";
import { serialBadgeDriver } from "@clockleaf/edge-agent/devices/serial-badge/driver.ts";
import { supervise } from "@clockleaf/edge-agent/devices/supervise.ts";
import { openSerial, serialConfigSchema } from "@clockleaf/edge-agent/ports/serial.ts";
import { faultyLine } from "@clockleaf/hardware-sim/faults/faulty-line.ts";
import { openPty, type Pty } from "@clockleaf/hardware-sim/pty.ts";
import { createRandom } from "@clockleaf/hardware-sim/random.ts";
import { createTagReader } from "@clockleaf/hardware-sim/serial-badge/reader.ts";
import { silentLog } from "@clockleaf/shared/lib/log.ts";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { eventually } from "../support/eventually.ts";
import { type TempDir, tempDir } from "../support/temp.ts";

// The genuine serial port of the agent on a pseudo-terminal, with the simulator at its other end.

let dir: TempDir;
let link: string;
let pty: Pty;
let controller: AbortController;
let running: Promise<void>;
let numbers: string[];
let statuses: string[];
let counters: Readonly<Record<string, number>>;

beforeEach(() => {
  dir = tempDir("serial-badge");
  link = join(dir.path, "ttyUSB0");
  pty = openPty({ link });
  controller = new AbortController();
  numbers = [];
  statuses = [];
  counters = {};
});
afterEach(async () => {
  controller.abort();
  await running;
  await pty.close();
  dir.remove();
});

function startAgent(config: object): void {
  const serial = serialConfigSchema.parse({ path: link });
  running = supervise(
    {
      driver: serialBadgeDriver,
      config: serialBadgeConfigSchema.parse({ reader: "gate", ...config }),
      openPort: () => openSerial(serial),
      deps: {
        accept({ credential }) {
          if (credential.kind === "number") numbers.push(credential.value);
          return Promise.resolve({ light: "green", text: null });
        },
        checkPin: () => "none-set",
        lastDeviceSeq: () => null,
        deviceClock: () => ({ offset: null, advice: "leave" }),
        localTime: () => null,
        progress: () => undefined,
        offer: () => () => undefined,
        statusChanged: (_, what) => statuses.push(what),
        report: (health) => (counters = health.counters),
        now: () => performance.now(),
        runtimeDir: dir.path,
        log: silentLog(),
      },
      backoff: { firstMs: 5, maxMs: 20, jitter: 0 },
    },
    controller.signal,
  );
}

const countOf = (what: string): number => statuses.filter((each) => each === what).length;
const online = (): Promise<unknown> => eventually(() => countOf("online") === 1);

describe("the agent and the simulated badge reader on a serial port", () => {
  test("agree on tags, held ones once", async () => {
    startAgent({ preset: "rdm6300" });
    const reader = createTagReader({ style: "rdm6300" });
    reader.attach(pty);
    await online();
    const takeAway = reader.hold("100086F444");
    await eventually(() => (counters["repeats"] ?? 0) >= 5);
    takeAway();
    await reader.tap("3C00CE754C");
    await eventually(() => numbers.length === 2);
    expect(numbers).toEqual(["0008844356", "0013530444"]);
  });

  test("find each other again after the adapter was pulled out", async () => {
    startAgent({ preset: "ascii-line" });
    const reader = createTagReader({ style: "ascii-line" });
    for (const [round, badge] of ["1001", "1002", "1003"].entries()) {
      await eventually(() => countOf("online") === round + 1, { what: `on line for ${badge}` });
      reader.attach(pty);
      await reader.tap(badge);
      await eventually(() => numbers.includes(badge));
      await pty.close();
      await eventually(() => countOf("offline") === round + 1, { what: `off line after ${badge}` });
      pty = openPty({ link });
    }
    expect(numbers).toEqual(["1001", "1002", "1003"]);
  });

  test("on a bad line lose badges and never make one up", async () => {
    startAgent({ preset: "rdm6300", repeat: { mode: "off" }, idleMs: 20 });
    const line = faultyLine(pty, {
      random: createRandom("serial-badge"),
      toController: { drop: 0.01, flip: 0.01, noise: 0.2, split: 0.3 },
    });
    const reader = createTagReader({ style: "rdm6300" });
    reader.attach(line);
    await online();
    const sent = Array.from({ length: 200 }, (_, index) => index + 1);
    for (const badge of sent) {
      await reader.tap(`10${badge.toString(16).toUpperCase().padStart(8, "0")}`);
    }
    pty.write(Buffer.from("\u000210FFFFFFFF10\u0003", "latin1")).catch(() => undefined);
    await eventually(() => numbers.includes("4294967295"));
    const wanted = new Set(sent.map((badge) => String(badge).padStart(10, "0")));
    const made = numbers.filter((number) => !wanted.has(number));
    expect(made).toEqual(["4294967295"]);
    expect(numbers.length).toBeGreaterThan(100);
    expect(numbers.length).toBeLessThan(201);
    expect(counters["discarded_bytes"]).toBeGreaterThan(0);
  });
});
