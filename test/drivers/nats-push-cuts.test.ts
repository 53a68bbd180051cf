import { readFileSync } from "node:fs";
import { recordedDeps } from "@clockleaf/edge-agent/devices/driver.contract.ts";
import type { DriverDeps, Reading } from "@clockleaf/edge-agent/devices/driver.ts";
import { natsPushConfigSchema } from "@clockleaf/edge-agent/devices/nats-push/config.ts";
import { natsPushDriver } from "@clockleaf/edge-agent/devices/nats-push/driver.ts";
import { supervise } from "@clockleaf/edge-agent/devices/supervise.ts";
import { mqttWay } from "@clockleaf/hardware-sim/nats-push/mqtt-way.ts";
import { natsWay } from "@clockleaf/hardware-sim/nats-push/nats-way.ts";
import {
  type PushTerminal,
  startPushTerminal,
  type TerminalEvent,
} from "@clockleaf/hardware-sim/nats-push/terminal.ts";
import { PlatformError } from "@clockleaf/shared/lib/errors.ts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { cuttingProxy } from "../support/cutting-proxy.ts";
import { eventually } from "../support/eventually.ts";
import { findNatsServer, type Site, startSite, TEST_GATEWAY } from "../support/nats.ts";
import { available } from "../support/parts.ts";

/** As for drivers on a line (cuts.contract.ts). Each cut costs a few connections, each with a password's hash for MQTT. */
const CUTS = Number(process.env["DRIVER_CUTS"] ?? 20);
const QUICK = { firstMs: 5, maxMs: 20, jitter: 0 };
/** Longer than an answer takes on loopback: one that did not wait for the commit would be seen. */
const DISK_MS = 10;
const NEVER = Number.POSITIVE_INFINITY;
const PUNCHES = 3;

type Over = "nats" | "mqtt";

/** What is on the agent's disk. */
interface Disk {
  readonly rows: string[];
  readonly keys: Set<string>;
  /** So many times it is full. */
  refusals: number;
}
const emptyDisk = (): Disk => ({ rows: [], keys: new Set(), refusals: 0 });

describe.skipIf(!available("nats-server", findNatsServer()))(
  "terminals that publish, torn at any byte",
  () => {
    let site: Site;
    beforeAll(async () => {
      site = await startSite({ terminals: { ids: ["desk"], mqtt: true } });
    });
    afterAll(() => site.stop());

    const terminalOver = (
      over: Over,
      port: number,
      onEvent: (event: TerminalEvent) => void = () => undefined,
    ): PushTerminal => {
      const files = site.deployment.gateway(TEST_GATEWAY).terminals.terminal("desk");
      const password = readFileSync(files.passwordFile, "utf8").trim();
      const server = `nats://127.0.0.1:${port}`;
      return startPushTerminal({
        open:
          over === "nats"
            ? natsWay({ server, reader: "desk", seedFile: files.seedFile })
            : mqttWay({ host: "127.0.0.1", port, reader: "desk", password }),
        format: over === "nats" ? "msgpack" : "json",
        memory: PUNCHES,
        resendMs: 50,
        onEvent,
      });
    };

    /** An agent that stores on `disk` after a moment, as long as it is alive. */
    const startAgent = (port: number, disk: Disk) => {
      const stop = new AbortController();
      let isAlive = true;
      const commit = ({ recordKey, credential }: Reading): void => {
        if (disk.keys.has(recordKey ?? "")) return;
        disk.keys.add(recordKey ?? "");
        disk.rows.push(credential.kind === "number" ? credential.value : "");
      };
      const deps: DriverDeps = Object.assign(recordedDeps("unused"), {
        accept: (reading: Reading) =>
          new Promise((resolve, reject) => {
            setTimeout(() => {
              if (!isAlive) return;
              disk.refusals -= 1;
              if (disk.refusals >= 0) {
                reject(new PlatformError("journal.full", "no room"));
                return;
              }
              commit(reading);
              resolve({ light: "green", text: null });
            }, DISK_MS);
          }),
      });
      const config = natsPushConfigSchema.parse({
        servers: [`nats://127.0.0.1:${port}`],
        seedFile: site.deployment.gateway(TEST_GATEWAY).terminals.readerSeedFile,
        readers: [{ id: "desk" }],
      });
      const line = { driver: natsPushDriver, config, openPort: undefined, deps, backoff: QUICK };
      const running = supervise({ ...line, grace: { graceMs: 50 } }, stop.signal);
      return {
        /** Whatever it does from now on reaches no disk. */
        kill() {
          isAlive = false;
          stop.abort();
        },
        async stop() {
          stop.abort();
          await running;
        },
      };
    };

    interface Tearing {
      readonly over: Over;
      readonly torn: "terminal's line" | "agent's line" | "agent" | "terminal's power";
      /** After so many bytes. */
      readonly at: number;
    }

    /** Three punches, one after the other; resolves with the bytes that passed where it was to be torn. */
    const tear = async ({ over, torn, at }: Tearing): Promise<number> => {
      const disk = emptyDisk();
      const leaf = site.leaf();
      const isAtTerminal = torn.startsWith("terminal");
      const terminalPort = over === "nats" ? leaf.server.port : leaf.mqttPort;
      await using proxy = await cuttingProxy(isAtTerminal ? terminalPort : leaf.server.port, at);
      let agent = startAgent(isAtTerminal ? leaf.server.port : proxy.port, disk);
      const former = [agent];
      const terminal = terminalOver(over, isAtTerminal ? proxy.port : terminalPort);
      void proxy.cut.then(() => {
        if (torn === "terminal's power") void terminal.powerCut();
        if (torn !== "agent") return;
        agent.kill();
        agent = startAgent(leaf.server.port, disk);
        former.push(agent);
      });
      for (let n = 1; n <= PUNCHES; n += 1) {
        expect(terminal.tap({ id: `p-${n}`, badge: `${n}`, at: `2026-11-24T08:00:0${n}` })).toBe(
          true,
        );
        await eventually(() => terminal.pending() === 0, {
          what: `${torn} at ${at}: ${n}`,
          everyMs: 1,
        });
        // It forgets nothing that is not stored.
        expect(disk.rows).toContain(`${n}`);
      }
      const passed = proxy.bytes();
      await terminal.stop();
      for (const each of former) await each.stop();
      expect([at, ...disk.rows]).toEqual([at, "1", "2", "3"]);
      return passed;
    };

    it.each(["nats", "mqtt"] as const)(
      "over %s, a full journal: the terminal is told, keeps the punch and brings it again",
      async (over) => {
        const disk = Object.assign(emptyDisk(), { refusals: 2 });
        const { server, mqttPort } = site.leaf();
        const agent = startAgent(server.port, disk);
        const events: TerminalEvent[] = [];
        const port = over === "nats" ? server.port : mqttPort;
        const terminal = terminalOver(over, port, (event) => void events.push(event));
        terminal.tap({ id: "p-1", badge: "1" });
        await eventually(() => terminal.pending() === 0, { what: "stored in the end" });
        await terminal.stop();
        await agent.stop();
        const told = events.flatMap((event) => (event.kind === "put-off" ? [event.reason] : []));
        expect(told.slice(0, 2)).toEqual(["not-stored", "not-stored"]);
        expect(disk.rows).toEqual(["1"]);
      },
    );

    for (const over of ["nats", "mqtt"] as const) {
      for (const torn of [
        "terminal's line",
        "terminal's power",
        "agent's line",
        "agent",
      ] as const) {
        it(`over ${over}, the ${torn}: every punch once and in order`, async () => {
          const bytes = await tear({ over, torn, at: NEVER });
          const step = Math.max(1, Math.ceil(bytes / CUTS));
          let cuts = 0;
          for (let at = 1; at <= bytes; at += step, cuts += 1) await tear({ over, torn, at });
          expect(cuts).toBeGreaterThanOrEqual(Math.min(bytes, CUTS) / 2);
        });
      }
    }
  },
);
