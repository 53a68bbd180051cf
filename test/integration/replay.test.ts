import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { anvizConfigSchema } from "@clockleaf/edge-agent/devices/anviz/config.ts";
import { anvizDriver } from "@clockleaf/edge-agent/devices/anviz/driver.ts";
import { recordedDeps } from "@clockleaf/edge-agent/devices/driver.contract.ts";
import type { DeviceDriver, Reading } from "@clockleaf/edge-agent/devices/driver.ts";
import { osdpConfigSchema } from "@clockleaf/edge-agent/devices/osdp/config.ts";
import { osdpDriver } from "@clockleaf/edge-agent/devices/osdp/driver.ts";
import { serialBadgeConfigSchema } from "@clockleaf/edge-agent/devices/serial-badge/config.ts";
import { serialBadgeDriver } from "@clockleaf/edge-agent/devices/serial-badge/driver.ts";
import { supervise } from "@clockleaf/edge-agent/devices/supervise.ts";
import { zfmConfigSchema } from "@clockleaf/edge-agent/devices/zfm/config.ts";
import { zfmDriver } from "@clockleaf/edge-agent/devices/zfm/driver.ts";
import { createRawLines } from "@clockleaf/edge-agent/health/raw-lines.ts";
import {
  type PortConfig,
  portConfigSchema,
  portFacts,
  portOpener,
} from "@clockleaf/edge-agent/ports/open-port.ts";
import { createLineRecorder } from "@clockleaf/edge-agent/ports/recorded-port.ts";
import { attachTerminals } from "@clockleaf/hardware-sim/anviz/bus.ts";
import { createAnvizTerminal } from "@clockleaf/hardware-sim/anviz/terminal.ts";
import { openPty } from "@clockleaf/hardware-sim/pty.ts";
import { createTagReader } from "@clockleaf/hardware-sim/serial-badge/reader.ts";
import { listenTcp } from "@clockleaf/hardware-sim/tcp.ts";
import { createModule } from "@clockleaf/hardware-sim/zfm/module.ts";
import { createPeople } from "@clockleaf/hardware-sim/zfm/queue.ts";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { captureLine } from "../../shared/wire/capture.ts";
import { eventually } from "../support/eventually.ts";
import { freePort } from "../support/nats.ts";
import { type TempDir, tempDir } from "../support/temp.ts";

// What an agent recorded of a terminal, played by the simulator to an agent that never saw the terminal.

const SIM = join(import.meta.dirname, "../../hardware-sim/main.ts");

let dir: TempDir;
let ends: (() => Promise<unknown>)[];
beforeEach(() => {
  dir = tempDir("replay");
  ends = [];
});
afterEach(async () => {
  for (const end of ends.toReversed()) await end();
  dir.remove();
});

interface Line<Config> {
  readonly driver: DeviceDriver<Config>;
  readonly config: Config;
  readonly port: PortConfig;
}

interface Running {
  readonly readings: readonly Reading[];
  readonly isOnline: () => boolean;
  /** The recording so far. */
  capture(): string;
  stop(): Promise<void>;
}

const now = (): number => performance.now();

/** A fresh driver with a memory of its own on a line that is recorded from the beginning. */
function run<Config>({ driver, config, port }: Line<Config>): Running {
  const state = tempDir("replay-state");
  const deps = recordedDeps(state.path);
  const stop = new AbortController();
  const recorder = createLineRecorder({ hideKeys: driver.hideKeys, mayEcho: false, now });
  const about = { driver: driver.name, readers: driver.readers(config), port: portFacts(port) };
  const follow = createRawLines([{ ...about, recorder, restart: () => Promise.resolve() }], {
    now,
    wallMs: () => Date.now(),
  });
  let capture = "";
  follow({ restart: false }, (item) => {
    capture += captureLine("chunk" in item ? item.chunk : item.header);
  });
  const running = supervise(
    {
      driver,
      config,
      openPort: recorder.record(portOpener(port)),
      deps,
      backoff: { firstMs: 5, maxMs: 20, jitter: 0 },
    },
    stop.signal,
  );
  const end = async (): Promise<void> => {
    stop.abort();
    await running;
    state.remove();
  };
  ends.push(end);
  return {
    readings: deps.readings,
    isOnline: () => deps.statuses.some(([, what]) => what === "online"),
    capture: () => capture,
    stop: end,
  };
}

/** `hardware-sim replay`; resolves when it is ready. */
async function replay(...args: readonly string[]): Promise<ChildProcess> {
  const child = spawn(process.execPath, [SIM, "replay", "--json", ...args], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  ends.push(async () => {
    if (child.exitCode !== null) return;
    child.kill("SIGKILL");
    await once(child, "close");
  });
  await once(child.stderr, "data");
  return child;
}

/** Every fact it told until it ended by itself. */
async function facts(child: ChildProcess): Promise<Record<string, unknown>[]> {
  const told: Record<string, unknown>[] = [];
  for await (const line of createInterface({ input: child.stdout! })) told.push(JSON.parse(line));
  return told;
}

const serial = (path: string, baudRate = 9600): PortConfig =>
  portConfigSchema.parse({ serial: { path, baudRate } });
const save = (capture: string): string => {
  const file = join(dir.path, "capture.ndjson");
  writeFileSync(file, capture);
  return file;
};
/** What the agent makes of a reading when it decides whether it is the same one. */
const essence = (readings: readonly Reading[]): unknown =>
  readings.map(({ reader, credential, deviceLocal, recordKey }) => ({
    reader,
    credential,
    deviceLocal,
    recordKey,
  }));

describe("a recording played to another agent gives the same punches", () => {
  it("of a badge reader, by its times", async () => {
    const link = join(dir.path, "gate");
    const line = {
      driver: serialBadgeDriver,
      config: serialBadgeConfigSchema.parse({ reader: "gate", preset: "rdm6300" }),
      port: serial(link),
    };
    const pty = openPty({ link });
    const reader = createTagReader({ style: "rdm6300" });
    reader.attach(pty);
    const first = run(line);
    await eventually(first.isOnline);
    for (const tag of ["100086F444", "3C00CE754C", "0100000001"]) await reader.tap(tag);
    await eventually(() => first.readings.length === 3);
    await first.stop();
    await pty.close();

    const port = await freePort();
    const args = ["--file", save(first.capture()), "--listen", String(port), "--speed", "2"];
    const told = facts(await replay(...args));
    // It begins when somebody calls.
    const second = run({
      ...line,
      port: portConfigSchema.parse({ tcp: { host: "127.0.0.1", port } }),
    });
    await eventually(() => second.readings.length === 3);
    expect(essence(second.readings)).toEqual(essence(first.readings));
    expect((await told).at(-1)).toMatchObject({ kind: "replayed" });
  });

  it("of a fingerprint module, which is asked again and again", async () => {
    const link = join(dir.path, "module");
    const line = {
      driver: zfmDriver,
      config: zfmConfigSchema.parse({ reader: "door", pollMs: 5, replyTimeoutMs: 500 }),
      port: serial(link, 57_600),
    };
    const pty = openPty({ link });
    const module = createModule();
    for (const finger of [1, 2, 3]) module.teach(finger, finger);
    const people = createPeople(module);
    module.attach(pty);
    const first = run(line);
    for (const finger of [3, 1, 2, 3]) people.join(finger);
    await eventually(() => first.readings.length === 4);
    await first.stop();
    await pty.close();

    const args = ["--file", save(first.capture()), "--link", link, "--when-asked", "--speed", "5"];
    const child = await replay(...args);
    const told = facts(child);
    const second = run(line);
    await eventually(() => second.readings.length === 4);
    expect(essence(second.readings)).toEqual(essence(first.readings));
    expect((await told).at(-1)).toMatchObject({ kind: "replayed", different: 0, skipped: 0 });
  });

  it("of an attendance terminal on TCP, whose log is read and cleared", async () => {
    const terminal = createAnvizTerminal({ ch: 1, wallMs: () => Date.now() });
    const listener = await listenTcp(0, (end) =>
      attachTerminals(end, { terminals: [terminal], now: () => performance.now() }),
    );
    const settings = { pollMs: 5, replyTimeoutMs: 500, readers: [{ id: "a", deviceNumber: 1 }] };
    const lineOn = (port: number) => ({
      driver: anvizDriver,
      config: anvizConfigSchema.parse(settings),
      port: portConfigSchema.parse({ tcp: { host: "127.0.0.1", port } }),
    });
    for (const user of [7, 8, 9]) terminal.punch({ user });
    const first = run(lineOn(listener.port));
    await eventually(() => terminal.log.counts().new === 0);
    terminal.punch({ user: 10 });
    await eventually(() => first.readings.length === 4 && terminal.log.counts().new === 0);
    await first.stop();
    await listener.close();

    const port = await freePort();
    const args = ["--file", save(first.capture()), "--listen", String(port), "--when-asked"];
    const child = await replay(...args, "--speed", "5");
    const told = facts(child);
    const second = run(lineOn(port));
    await eventually(() => second.readings.length === 4);
    expect(essence(second.readings)).toEqual(essence(first.readings));
    expect((await told).at(-1)).toMatchObject({ kind: "replayed" });
  });

  it("of a foreign OSDP reader, though a foreign controller asked it other things", async () => {
    const link = join(dir.path, "bus");
    const file = join(import.meta.dirname, "../vectors/captures/osdp-plain/capture.ndjson");
    const child = await replay("--file", file, "--link", link, "--when-asked", "--speed", "5");
    const told = facts(child);
    const agent = run({
      driver: osdpDriver,
      config: osdpConfigSchema.parse({
        pollMs: 2,
        readers: [{ id: "door", address: 5, secureChannel: "off", keypad: "badge-number" }],
      }),
      port: serial(link),
    });
    const summary = (await told).at(-1);
    expect(agent.readings.map(({ credential }) => credential)).toEqual([
      { kind: "card", bits: 26, hex: "2a4c5e80" },
      { kind: "number", value: "12345" },
    ]);
    expect(summary).toMatchObject({ kind: "replayed" });
  });
});
