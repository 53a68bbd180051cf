import { join } from "node:path";
import { type RecordedDeps, recordedDeps } from "@clockleaf/edge-agent/devices/driver.contract.ts";
import type { Reading } from "@clockleaf/edge-agent/devices/driver.ts";
import { supervise } from "@clockleaf/edge-agent/devices/supervise.ts";
import {
  type ZktecoConfig,
  zktecoConfigSchema,
} from "@clockleaf/edge-agent/devices/zkteco/config.ts";
import { zktecoDriver } from "@clockleaf/edge-agent/devices/zkteco/driver.ts";
import { journalConfigSchema } from "@clockleaf/edge-agent/journal/config.ts";
import { type Journal, openJournal } from "@clockleaf/edge-agent/journal/journal.ts";
import { portOpener } from "@clockleaf/edge-agent/ports/open-port.ts";
import { serveTcp, type ZkServer } from "@clockleaf/hardware-sim/zkteco/serve.ts";
import { createZkTerminal, type ZkTerminal } from "@clockleaf/hardware-sim/zkteco/terminal.ts";
import { silentLog } from "@clockleaf/shared/lib/log.ts";
import type { PunchRow } from "@clockleaf/shared/wire/punch.ts";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { eventually } from "../support/eventually.ts";
import { lastingPort } from "../support/ports.ts";
import { type TempDir, tempDir } from "../support/temp.ts";

/** One supervised line to a simulated terminal on a real socket, committing to a real journal. */

let dir: TempDir;
let journal: Journal;
let port: number;
let terminal: ZkTerminal;
let server: ZkServer | undefined;
const agents: { stop(): Promise<void> }[] = [];

beforeEach(async () => {
  dir = tempDir("zkteco-tcp");
  const config = journalConfigSchema.parse({ path: join(dir.path, "j.sqlite"), reserveBytes: 0 });
  journal = await openJournal({ config, log: silentLog() });
  port = await lastingPort();
  terminal = createZkTerminal();
  server = await serveTcp(terminal, { port });
});
afterEach(async () => {
  for (const agent of agents.splice(0)) await agent.stop();
  await server?.close();
  await journal.close();
  dir.remove();
});

interface Running {
  readonly deps: RecordedDeps;
  /** New rows, in the order they were stored. */
  readonly stored: Reading[];
  stop(): Promise<void>;
}

function startAgent(
  settings: Partial<ZktecoConfig> & { readonly reader: string },
  at = port,
): Running {
  const stored: Reading[] = [];
  const stop = new AbortController();
  const recorded = recordedDeps(dir.path);
  const deps: RecordedDeps = {
    ...recorded,
    async accept(reading) {
      const { isRepeat } = await journal.append(rowOf(reading), {
        recordKey: reading.recordKey ?? "",
      });
      if (!isRepeat) stored.push(reading);
      return { light: "green", text: null };
    },
  };
  const running = supervise(
    {
      driver: zktecoDriver,
      config: zktecoConfigSchema.parse({ pollMs: 50, ...settings }),
      openPort: portOpener({ tcp: { host: "127.0.0.1", port: at, connectTimeoutMs: 500 } }),
      deps,
      backoff: { firstMs: 5, maxMs: 20, jitter: 0 },
    },
    stop.signal,
  );
  const agent = {
    deps,
    stored,
    async stop() {
      stop.abort();
      await running;
    },
  };
  agents.push(agent);
  return agent;
}

const rowOf = ({ reader, credential, hint, deviceLocal, pin }: Reading): PunchRow => ({
  kind: "punch",
  reader,
  credential,
  hint,
  time: {
    gatewayAtMs: Date.now(),
    monotonicMs: performance.now(),
    bootId: "boot",
    uncertaintyMs: 0,
    deviceLocal,
  },
  pin,
  verdict: "known",
  traceparent: "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
});

function punches(from: number, to: number): void {
  for (let minute = from; minute < to; minute += 1) {
    terminal.memory.add({
      userId: `u${minute % 50}`,
      at: new Date(Date.UTC(2026, 0, 1) + minute * 60_000),
      verify: 1,
      state: 0,
    });
  }
}

describe("a ZKTeco terminal on a real socket, before a real journal", () => {
  test("is read in pieces, back-filled after every loss, and stored once over restarts of both ends", async () => {
    punches(0, 4_000);
    const first = startAgent({ reader: "hall" });
    await eventually(() => first.stored.length === 4_000, { timeoutMs: 60_000 });
    for (let round = 1; round <= 3; round += 1) {
      server?.hangUp();
      punches(4_000 + round * 10, 4_000 + round * 10 + 10);
      await eventually(() => first.stored.length === 4_000 + round * 10);
    }
    // The terminal loses its power: nobody listens for a while.
    await server?.close();
    server = undefined;
    await eventually(() => first.deps.health.get("hall")?.state === "fault");
    terminal.powerCut();
    punches(5_000, 5_005);
    server = await serveTcp(terminal, { port });
    await eventually(() => first.stored.length === 4_035);
    await first.stop();
    // The agent is another process now: it reads everything again and stores nothing of it.
    const second = startAgent({ reader: "hall" });
    terminal.punch("late");
    await eventually(() => second.deps.health.get("hall")?.counters["records"] === 4_036, {
      timeoutMs: 60_000,
    });
    expect(second.stored.map(({ credential }) => credential)).toEqual([
      { kind: "number", value: "hall-late" },
    ]);
    expect(journal.stats().repeats).toBeGreaterThanOrEqual(4_035);
  });

  test("that is dead does not slow the one beside it", async () => {
    const dead = startAgent({ reader: "cellar" }, await lastingPort());
    const alive = startAgent({ reader: "hall" });
    await eventually(() => dead.deps.health.get("cellar")?.fault?.code === "port.unavailable");
    for (let tap = 1; tap <= 5; tap += 1) {
      terminal.punch(`u${tap}`);
      await eventually(() => alive.stored.length === tap);
    }
    expect(dead.stored).toEqual([]);
    expect(alive.deps.health.get("hall")?.state).toBe("online");
  });
});
