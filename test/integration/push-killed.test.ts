import { readFileSync } from "node:fs";
import { mqttWay } from "@clockleaf/hardware-sim/nats-push/mqtt-way.ts";
import { natsWay } from "@clockleaf/hardware-sim/nats-push/nats-way.ts";
import {
  type PushTerminal,
  startPushTerminal,
  type TerminalEvent,
} from "@clockleaf/hardware-sim/nats-push/terminal.ts";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { eventually } from "../support/eventually.ts";
import { findNatsServer, type Site, startSite, TEST_GATEWAY } from "../support/nats.ts";
import { available } from "../support/parts.ts";
import { type PushAgent, pushAgent } from "../support/push-agent.ts";
import { startTcpProxy, type TcpProxy } from "../support/tcp-proxy.ts";

describe.skipIf(!available("nats-server", findNatsServer()))(
  "an agent that terminals push to",
  () => {
    let site: Site;
    /** Between the agent's driver and the leaf server. */
    let line: TcpProxy;
    let agent: PushAgent;
    let terminal: PushTerminal | undefined;
    const events: TerminalEvent[] = [];

    beforeEach(async () => {
      site = await startSite({ terminals: { ids: ["desk"], mqtt: true } });
      line = await startTcpProxy(() => site.leaf().server.port);
      agent = pushAgent(site, { readers: ["desk"], server: `nats://127.0.0.1:${line.port}` });
      events.length = 0;
    });
    afterEach(async () => {
      await terminal?.stop();
      await agent[Symbol.asyncDispose]();
      await line.close();
      await site.stop();
    });

    const startTerminal = (over: "nats" | "mqtt"): PushTerminal => {
      const { seedFile, passwordFile } = site.deployment
        .gateway(TEST_GATEWAY)
        .terminals.terminal("desk");
      const { server, mqttPort } = site.leaf();
      const password = readFileSync(passwordFile, "utf8").trim();
      terminal = startPushTerminal({
        open:
          over === "nats"
            ? natsWay({ server: server.url, reader: "desk", seedFile })
            : mqttWay({ host: "127.0.0.1", port: mqttPort, reader: "desk", password }),
        format: "json",
        memory: 100,
        resendMs: 200,
        onEvent: (event) => void events.push(event),
      });
      return terminal;
    };
    const tap = (n: number): void => {
      terminal?.tap({ id: `t-${n}`, badge: `${1000 + n}`, at: `2026-11-24T08:00:0${n}` });
    };
    const acknowledged = (): string[] =>
      events.flatMap((event) => (event.kind === "acknowledged" ? [event.id] : []));
    const badges = () =>
      agent.punches().map(({ credential }) => credential.kind === "number" && credential.value);

    it.each(["nats", "mqtt"] as const)(
      "is killed between commit and answer: the terminal over %s sends again, and the punch is there once",
      async (over) => {
        await agent.start();
        startTerminal(over);
        tap(1);
        await eventually(() => acknowledged().length === 1, { what: "the first answered" });

        line.freeze("up");
        tap(2);
        await eventually(() => badges().length === 2, { what: "the second on disk" });
        await agent.kill();
        // No answer of the dead comes late.
        line.cut();
        line.resume();
        expect(acknowledged()).toEqual(["t-1"]);
        expect(terminal?.pending()).toBe(1);

        await agent.start();
        await eventually(() => acknowledged().length === 2, { what: "the second answered" });
        tap(3);
        await eventually(() => acknowledged().length === 3, { what: "the third answered" });
        expect(badges()).toEqual(["1001", "1002", "1003"]);
        expect(events).toContainEqual({ kind: "offered", id: "t-2", time: 2 });
      },
    );

    it("stands by while the leaf server is killed and started again; what was pushed meanwhile follows", async () => {
      await agent.start();
      startTerminal("mqtt");
      tap(1);
      await eventually(() => acknowledged().length === 1, { what: "the first answered" });
      await site.leaf().server.kill();
      tap(2);
      const fault = async () =>
        (await agent.status()).readers.find(({ fault: why }) => why !== null);
      expect(await eventually(fault, { what: "the reader in fault" })).toMatchObject({
        reader: "desk",
        state: "fault",
        fault: { code: expect.stringMatching(/^port\./) },
      });
      await site.leaf().server.start();
      await eventually(() => acknowledged().length === 2, { what: "the second answered" });
      expect(badges()).toEqual(["1001", "1002"]);
      expect(await agent.status()).toMatchObject({
        readers: [{ reader: "desk", state: "online" }],
      });
    });
  },
);
