import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { type RecordedDeps, recordedDeps } from "../../edge-agent/devices/driver.contract.ts";
import { pcproxConfigSchema } from "../../edge-agent/devices/pcprox/config.ts";
import { pcproxDriver } from "../../edge-agent/devices/pcprox/driver.ts";
import { supervise } from "../../edge-agent/devices/supervise.ts";
import { openHidSocket } from "../../edge-agent/ports/hid-socket.ts";
import { eventually } from "../support/eventually.ts";
import { type TempDir, tempDir } from "../support/temp.ts";

const SIMULATOR = join(import.meta.dirname, "../../hardware-sim/main.ts");

let dir: TempDir;
let simulator: ChildProcess;
let controller: AbortController;
let running: Promise<void>;
let deps: RecordedDeps;
beforeEach(() => {
  dir = tempDir("pcprox");
  controller = new AbortController();
  deps = recordedDeps(dir.path);
});
afterEach(async () => {
  controller.abort();
  await running;
  const gone = once(simulator, "exit");
  simulator.kill("SIGTERM");
  await gone;
  dir.remove();
});

function start(...options: string[]): void {
  const path = join(dir.path, "pcprox.sock");
  const args = [SIMULATOR, "pcprox", "--socket", path, ...options];
  simulator = spawn(process.execPath, args, { stdio: "ignore" });
  const line = {
    driver: pcproxDriver,
    config: pcproxConfigSchema.parse({ reader: "gate", pollMs: 5, goneMs: 20 }),
    openPort: () => openHidSocket({ path }),
    deps,
    backoff: { firstMs: 5, maxMs: 20, jitter: 0 },
  };
  running = supervise(line, controller.signal);
}
const statuses = (): string[] => deps.statuses.map(([, what]) => what);

it("the agent reads the simulator's cards, and finds it again after it was unplugged", async () => {
  start("--tap", "300ms", "--hold", "100ms", "--fault", "unplug", "--every", "1s");
  await eventually(() => statuses().filter((what) => what === "offline").length >= 2);
  await eventually(() => statuses().at(-1) === "online");
  const before = deps.readings.length;
  await eventually(() => deps.readings.length > before);
  const cards = new Set(deps.readings.map(({ credential }) => JSON.stringify(credential)));
  expect([...cards]).toEqual([JSON.stringify({ kind: "card", bits: 26, hex: "bdd93740" })]);
});
