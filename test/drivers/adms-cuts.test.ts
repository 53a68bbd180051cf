import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { admsConfigSchema } from "@clockleaf/edge-agent/devices/adms/config.ts";
import { admsDriver } from "@clockleaf/edge-agent/devices/adms/driver.ts";
import { recordedDeps } from "@clockleaf/edge-agent/devices/driver.contract.ts";
import type { Feedback, Reading } from "@clockleaf/edge-agent/devices/driver.ts";
import { type AdmsDevice, startAdmsDevice } from "@clockleaf/hardware-sim/zkteco/adms-device.ts";
import { afterEach, describe, expect, test } from "vitest";
import { eventually } from "../support/eventually.ts";
import { lastingPort } from "../support/ports.ts";

const CUTS = Number(process.env["DRIVER_CUTS"] ?? 40);
const OFTEN = { everyMs: 1 };
const LINES = 3;
/** Long enough that an OK too early would be out before it. */
const COMMIT_MS = 3;

/** What is on the agent's disk: it survives the agent. */
interface Disk {
  readonly rows: Reading[];
  readonly keys: Set<string>;
}

interface Agent {
  readonly port: number;
  /** Nothing it does from now on reaches anybody; a commit under way is never finished. */
  kill(): void;
  stop(): Promise<void>;
}

async function startAgent(disk: Disk): Promise<Agent> {
  const port = await lastingPort();
  const stop = new AbortController();
  let isAlive = true;
  const deps = {
    ...recordedDeps("unused"),
    // A commit takes its time; a dead agent commits nothing and answers nobody.
    accept: (reading: Reading): Promise<Feedback> =>
      new Promise((resolve) => {
        setTimeout(() => {
          if (!isAlive) return;
          const key = `${reading.reader} ${reading.recordKey}`;
          if (!disk.keys.has(key)) disk.rows.push(reading);
          disk.keys.add(key);
          resolve({ light: "green", text: null });
        }, COMMIT_MS);
      }),
  };
  const config = admsConfigSchema.parse({
    listen: { port },
    terminals: [{ serial: "SN1", reader: "hall" }],
  });
  const serving = admsDriver.serve(config, deps, stop.signal);
  await eventually(() => isListening(port), OFTEN);
  const end = async (): Promise<void> => {
    stop.abort();
    await serving;
  };
  return {
    port,
    kill() {
      isAlive = false;
      void end();
    },
    stop: end,
  };
}

async function isListening(port: number): Promise<boolean> {
  const socket = connect(port, "127.0.0.1");
  const isUp = await Promise.race([
    once(socket, "connect").then(() => true),
    once(socket, "error").then(() => false),
  ]);
  socket.destroy();
  return isUp;
}

/** A wire that carries so many bytes, both ways counted, and not one more. */
interface Wire {
  readonly port: number;
  readonly bytes: () => number;
  readonly spent: Promise<void>;
  /** Every connection is torn; what comes then goes through, to wherever the agent is by then. */
  tear(): void;
  close(): Promise<void>;
}

async function startWire(agentPort: () => number, budget: number): Promise<Wire> {
  const ends = new Set<Socket>();
  const spent = Promise.withResolvers<void>();
  let [bytes, isWhole] = [0, false];
  const carry = (from: Socket, to: Socket): void => {
    from.on("data", (chunk) => {
      const room = isWhole ? chunk.length : Math.max(0, budget - bytes);
      bytes += chunk.length;
      to.write(chunk.subarray(0, room));
      // What went through in time gets the time to arrive.
      if (!isWhole && bytes >= budget) setImmediate(() => setImmediate(spent.resolve));
    });
    from.on("error", () => from.destroy());
    from.on("close", () => {
      ends.delete(from);
      to.destroy();
    });
  };
  const server = createServer({ noDelay: true }, (near) => {
    const far = connect({ port: agentPort(), host: "127.0.0.1", noDelay: true });
    for (const end of [near, far]) ends.add(end);
    carry(near, far);
    carry(far, near);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const tear = (): void => {
    isWhole = true;
    for (const end of ends) end.destroy();
  };
  return {
    port: (server.address() as AddressInfo).port,
    bytes: () => bytes,
    spent: spent.promise,
    tear,
    async close() {
      const closed = once(server, "close");
      server.close();
      tear();
      await closed;
    },
  };
}

/** `own`: it never sends again what it was told OK for, so that an OK too early is a line lost. */
type Place = "own" | "server's";

const deviceOn = (wire: Wire, place: Place): AdmsDevice =>
  startAdmsDevice({
    serial: "SN1",
    server: () => ({ host: "127.0.0.1", port: wire.port }),
    retryMs: 2,
    idleMs: 2,
    batch: 2,
    heedsStamp: place === "server's",
  });

const at = (second: number): Date => new Date(Date.UTC(2026, 10, 23, 8, 0, second));
const present = (device: AdmsDevice): void => {
  for (let line = 1; line <= LINES; line += 1) device.punch(`${line}`, at(line));
};

async function bytesUndisturbed(place: Place): Promise<number> {
  const agent = await startAgent({ rows: [], keys: new Set() });
  const wire = await startWire(() => agent.port, Number.POSITIVE_INFINITY);
  const device = deviceOn(wire, place);
  present(device);
  await eventually(() => device.pending() === 0 && device.options() !== "", OFTEN);
  const bytes = wire.bytes();
  await device.stop();
  await wire.close();
  await agent.stop();
  return bytes;
}

describe("ADMS, torn at any byte of request, commit and answer", () => {
  const open: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const close of open.splice(0).toReversed()) await close();
  });

  const cases = (["line", "agent", "power"] as const).flatMap((torn) =>
    (["own", "server's"] as const).map((place) => ({ torn, place })),
  );

  test.each(cases)("$torn, beginning at $place place: every line once", async ({ torn, place }) => {
    const bytes = await bytesUndisturbed(place);
    const step = Math.max(1, Math.ceil(bytes / CUTS));
    let [cuts, again] = [0, 0];
    for (let budget = 1; budget <= bytes; budget += step) {
      const disk: Disk = { rows: [], keys: new Set() };
      const first = await startAgent(disk);
      let agent = first;
      const wire = await startWire(() => agent.port, budget);
      const device = deviceOn(wire, place);
      open.push(
        () => agent.stop(),
        () => wire.close(),
        () => device.stop(),
      );
      present(device);
      await wire.spent;
      if (torn === "agent") {
        first.kill();
        agent = await startAgent(disk);
      }
      if (torn === "power") device.powerCut();
      wire.tear();
      device.punch("4", at(4));
      await eventually(() => device.pending() === 0 && device.options() !== "", OFTEN);
      const users = disk.rows.map(({ credential }) =>
        credential.kind === "number" ? credential.value : "",
      );
      expect(users.toSorted(), `${torn} at byte ${budget}`).toEqual([
        "hall-1",
        "hall-2",
        "hall-3",
        "hall-4",
      ]);
      again += device.counters()["sent_again"] ?? 0;
      cuts += 1;
      for (const close of open.splice(0).toReversed()) await close();
    }
    // A wire that tears nothing would prove nothing.
    expect(cuts).toBeGreaterThan(10);
    expect(again).toBeGreaterThan(0);
  });
});
