import { mkdirSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { anvizConfigSchema } from "../../edge-agent/devices/anviz/config.ts";
import { anvizDriver } from "../../edge-agent/devices/anviz/driver.ts";
import { type RecordedDeps, recordedDeps } from "../../edge-agent/devices/driver.contract.ts";
import type { Driver } from "../../edge-agent/devices/driver.ts";
import { serialBadgeConfigSchema } from "../../edge-agent/devices/serial-badge/config.ts";
import { serialBadgeDriver } from "../../edge-agent/devices/serial-badge/driver.ts";
import { supervise } from "../../edge-agent/devices/supervise.ts";
import { pluggedOf, portConfigSchema, portOpener } from "../../edge-agent/ports/open-port.ts";
import { attachTerminals } from "../../hardware-sim/anviz/bus.ts";
import { type AnvizTerminal, createAnvizTerminal } from "../../hardware-sim/anviz/terminal.ts";
import { openPty, type Pty } from "../../hardware-sim/pty.ts";
import { createTagReader, type TagReader } from "../../hardware-sim/serial-badge/reader.ts";
import { eventually } from "../support/eventually.ts";
import { type TempDir, tempDir } from "../support/temp.ts";

// Two adapters with lasting names. One is pulled out and comes back as another device file, as ttyUSB0 comes back as ttyUSB1.

const now = (): number => performance.now();
/** Longer than any test: only who is told that the adapter is back opens it again. */
const NEVER_BY_ITSELF = { firstMs: 3_600_000, maxMs: 3_600_000, jitter: 0 };
const QUICK = { firstMs: 5, maxMs: 20, jitter: 0 };

let dir: TempDir;
let deps: RecordedDeps;
let stop: AbortController;
let lines: Promise<void>[];
let ptys: Set<Pty>;
let rows: string[];
beforeEach(() => {
  dir = tempDir("hot-plug");
  mkdirSync(byId("."), { recursive: true });
  deps = recordedDeps(dir.path);
  rows = [];
  deps.answer = async ({ reader, recordKey, credential }) => {
    const row = `${reader} ${credential.kind === "number" ? credential.value : ""} ${recordKey ?? ""}`;
    // As the journal does: the same record is stored once.
    if (recordKey === null || !rows.includes(row)) rows.push(row);
    return { light: "green", text: null };
  };
  stop = new AbortController();
  lines = [];
  ptys = new Set();
});
afterEach(async () => {
  stop.abort();
  await Promise.all(lines);
  for (const pty of ptys) await pty.close();
  dir.remove();
});

function byId(name: string): string {
  return join(dir.path, "serial/by-id", name);
}

function plugIn(name: string): Pty {
  const pty = openPty();
  ptys.add(pty);
  mkdirSync(byId("."), { recursive: true });
  symlinkSync(pty.slavePath, byId(name));
  return pty;
}

/** The link goes, and with the last one its folder; then the line hangs up. */
async function pullOut(name: string, pty: Pty): Promise<void> {
  rmSync(name === "terminal" ? byId(name) : join(dir.path, "serial"), { recursive: true });
  ptys.delete(pty);
  await pty.close();
}

function start<Config>(
  driver: Driver<Config>,
  config: Config,
  { name, backoff }: { readonly name: string; readonly backoff: typeof QUICK },
): void {
  const port = portConfigSchema.parse({ serial: { path: byId(name) } });
  const openPort = portOpener(port);
  const line = { driver, config, openPort, plugged: pluggedOf(port), deps, backoff };
  lines.push(supervise(line, stop.signal));
}

const anvizSettings = anvizConfigSchema.parse({
  pollMs: 5,
  replyTimeoutMs: 200,
  turnaroundMs: 0,
  frameGapMs: 0,
  readers: [{ id: "gate", deviceNumber: 1 }],
});
const badgeSettings = serialBadgeConfigSchema.parse({ reader: "desk", preset: "ascii-line" });

function hang(terminal: AnvizTerminal, pty: Pty): void {
  attachTerminals(pty, { terminals: [terminal], now });
}

const stateOf = (reader: string): string | undefined => deps.health.get(reader)?.state;
const isStored = (terminal: AnvizTerminal) => () => terminal.log.counts().new === 0;

describe("an adapter that is pulled out and plugged in again", () => {
  it("is told with what to do; what was punched meanwhile is read, and other lines notice nothing", async () => {
    const terminal = createAnvizTerminal({ ch: 1, wallMs: () => Date.now() });
    let adapter = plugIn("terminal");
    hang(terminal, adapter);
    const desk: TagReader = createTagReader({ style: "ascii-line" });
    desk.attach(plugIn("desk"));
    start(anvizDriver, anvizSettings, { name: "terminal", backoff: QUICK });
    start(serialBadgeDriver, badgeSettings, { name: "desk", backoff: QUICK });
    terminal.punch({ user: 1 });
    await eventually(() => stateOf("gate") === "online" && stateOf("desk") === "online");
    await eventually(isStored(terminal), { what: "the first punch" });

    for (let round = 1; round <= 3; round += 1) {
      await pullOut("terminal", adapter);
      await eventually(() => deps.health.get("gate")?.fault?.message.includes("check the cable"), {
        what: "what to do, in the reader's health",
      });
      for (let user = 1; user <= 5; user += 1) {
        terminal.punch({ user: round * 10 + user });
        await desk.tap(`${round}000${user}`);
        await eventually(() => rows.some((row) => row.startsWith(`desk ${round}000${user} `)));
      }
      expect(stateOf("desk")).toBe("online");
      adapter = plugIn("terminal");
      hang(terminal, adapter);
      await eventually(isStored(terminal), { what: "back-filled" });
      await eventually(() => stateOf("gate") === "online", { what: "online again" });
    }
    expect(rows.filter((row) => row.startsWith("gate"))).toHaveLength(1 + 3 * 5);
    expect(rows.filter((row) => row.startsWith("desk"))).toHaveLength(3 * 5);
    expect(deps.statuses.filter(([reader]) => reader === "desk")).toEqual([["desk", "online"]]);
    const gate = deps.statuses.filter(([reader]) => reader === "gate").map(([, what]) => what);
    expect(gate.filter((what) => what === "offline")).toHaveLength(3);
    expect(gate.at(-1)).toBe("online");
  });

  it("is opened at once, by the folder's news and not by trying, also when it was not there at the start", async () => {
    const desk = createTagReader({ style: "ascii-line" });
    start(serialBadgeDriver, badgeSettings, { name: "desk", backoff: NEVER_BY_ITSELF });
    await eventually(() => stateOf("desk") === "fault");
    for (let round = 1; round <= 3; round += 1) {
      const pty = plugIn("desk");
      desk.attach(pty);
      await eventually(() => stateOf("desk") === "online", { what: `online, time ${round}` });
      await desk.tap(`1000${round}`);
      await eventually(() => rows.length === round);
      await pullOut("desk", pty);
      await eventually(() => stateOf("desk") === "fault", { what: `gone, time ${round}` });
      expect(deps.health.get("desk")?.fault).toMatchObject({ code: "port.lost" });
    }
  });
});
