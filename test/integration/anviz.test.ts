import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { anvizConfigSchema } from "../../edge-agent/devices/anviz/config.ts";
import { anvizDriver } from "../../edge-agent/devices/anviz/driver.ts";
import { type RecordedDeps, recordedDeps } from "../../edge-agent/devices/driver.contract.ts";
import { supervise } from "../../edge-agent/devices/supervise.ts";
import type { OpenPort } from "../../edge-agent/ports/port.ts";
import { openSerial, serialConfigSchema } from "../../edge-agent/ports/serial.ts";
import { openTcp, tcpConfigSchema } from "../../edge-agent/ports/tcp.ts";
import { attachTerminals } from "../../hardware-sim/anviz/bus.ts";
import { type AnvizTerminal, createAnvizTerminal } from "../../hardware-sim/anviz/terminal.ts";
import { faultyLine } from "../../hardware-sim/faults/faulty-line.ts";
import type { Line } from "../../hardware-sim/line.ts";
import { openPty } from "../../hardware-sim/pty.ts";
import { createRandom } from "../../hardware-sim/random.ts";
import { listenTcp } from "../../hardware-sim/tcp.ts";
import { eventually } from "../support/eventually.ts";
import { type TempDir, tempDir } from "../support/temp.ts";

// The driver over the ports of a gateway, under its supervisor; the terminals encode on their own.

const now = (): number => performance.now();

let dir: TempDir;
let deps: RecordedDeps;
let stop: AbortController;
let running: Promise<void>;
let rows: Set<string>;
beforeEach(() => {
  dir = tempDir("anviz");
  deps = recordedDeps(dir.path);
  stop = new AbortController();
  rows = new Set();
  deps.answer = async ({ reader, recordKey, credential }) => {
    rows.add(`${reader} ${recordKey} ${credential.kind === "number" ? credential.value : ""}`);
    return { light: "green", text: null };
  };
});
afterEach(async () => {
  stop.abort();
  await running;
  dir.remove();
});

function start(openPort: OpenPort, settings: Record<string, unknown>): void {
  running = supervise(
    {
      driver: anvizDriver,
      config: anvizConfigSchema.parse({ pollMs: 5, replyTimeoutMs: 200, ...settings }),
      openPort,
      deps,
      backoff: { firstMs: 5, maxMs: 20, jitter: 0 },
    },
    stop.signal,
  );
}

const makeTerminals = (count: number): AnvizTerminal[] =>
  Array.from({ length: count }, (_, at) =>
    createAnvizTerminal({ ch: at + 1, wallMs: () => Date.now() }),
  );
const readersOf = (terminals: readonly AnvizTerminal[]): unknown[] =>
  terminals.map(({ ch }) => ({ id: `gate-${ch}`, deviceNumber: ch }));
const allCleared = (terminals: readonly AnvizTerminal[]): Promise<unknown> =>
  eventually(() => terminals.every(({ log }) => log.counts().new === 0), { timeoutMs: 60_000 });

describe("Anviz terminals on a serial line", () => {
  it("hand over everything, in spite of noise, losses and their neighbours", async () => {
    const pty = openPty({ link: join(dir.path, "bus") });
    const faults = { drop: 0.0005, flip: 0.0005, noise: 0.02, split: 0.2 };
    const line = faultyLine(pty, {
      random: createRandom(11),
      toTerminal: faults,
      toController: faults,
    });
    const terminals = makeTerminals(3);
    attachTerminals(line, { terminals, now, echo: true });
    const config = serialConfigSchema.parse({ path: pty.slavePath });
    // With the pauses of a real RS-485 line, if shorter.
    start(() => openSerial(config), {
      turnaroundMs: 2,
      frameGapMs: 5,
      readers: readersOf(terminals),
    });
    for (const terminal of terminals) {
      for (let user = 1; user <= 60; user += 1) terminal.punch({ user });
    }
    await allCleared(terminals);
    line.cut();
    for (const terminal of terminals) terminal.punch({ user: 61 });
    await eventually(() => deps.statuses.filter(([, what]) => what === "offline").length === 3);
    line.restore();
    await allCleared(terminals);
    expect(rows.size).toBe(3 * 61);
    expect(deps.health.get("gate-1")?.counters["discarded_echo"]).toBeGreaterThan(0);
    stop.abort();
    await running;
    await pty.close();
  });
});

describe("an Anviz terminal on TCP", () => {
  it("is called again when it hangs up, answered its heartbeats, and read from where it was", async () => {
    const [terminal] = makeTerminals(1);
    if (terminal === undefined) throw new Error("no terminal");
    const calls: Line[] = [];
    const listener = await listenTcp(0, (line) => {
      calls.push(line);
      attachTerminals(line, { terminals: [terminal], now });
    });
    const config = tcpConfigSchema.parse({ host: "127.0.0.1", port: listener.port });
    start(() => openTcp(config), {
      turnaroundMs: 0,
      frameGapMs: 0,
      readers: readersOf([terminal]),
    });
    for (let round = 1; round <= 5; round += 1) {
      for (let user = 1; user <= 40; user += 1) terminal.punch({ user: round * 100 + user });
      await eventually(() => rows.size > (round - 1) * 40);
      // In the middle of a batch, wherever that is.
      listener.hangUp();
      await eventually(() => calls.length > round);
      terminal.heartbeat();
      await allCleared([terminal]);
    }
    expect(rows.size).toBe(5 * 40);
    // Once at first, and again after each time.
    await eventually(() => deps.statuses.filter(([, what]) => what === "online").length === 6);
    stop.abort();
    await running;
    await listener.close();
  });
});
