import { type IncomingMessage, request } from "node:http";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { type HidReader, listenHidReader } from "@clockleaf/hardware-sim/hid/socket.ts";
import { silentLog } from "@clockleaf/shared/lib/log.ts";
import { createShutdown, type Shutdown } from "@clockleaf/shared/lib/shutdown.ts";
import { BUCKETS, directoryKey, gatewayKey } from "@clockleaf/shared/subjects.ts";
import { encode } from "@clockleaf/shared/wire/codec.ts";
import { createNkey } from "@clockleaf/shared/wire/nkey.ts";
import type { RuleBook } from "@clockleaf/shared/worktime/rule-book.ts";
import { Kvm } from "@nats-io/kv";
import type { NatsConnection } from "nats";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type RosterServer, serveRoster } from "../../cloud/fleet/roster.ts";
import { openSiteRules } from "../../cloud/fleet/site-rules.ts";
import type { Accepted } from "../../edge-agent/accept.ts";
import { startAgent } from "../../edge-agent/agent.ts";
import type { EdgeConfig } from "../../edge-agent/config.ts";
import { CONTROL_SOCKET } from "../../edge-agent/health/control.ts";
import { askStatus } from "../../edge-agent/health/control-client.ts";
import { agentConfigAt, TEST_HOST } from "../support/agent-host.ts";
import { eventually } from "../support/eventually.ts";
import { entryOf, everyoneUses } from "../support/greeting.ts";
import { findNatsServer, type Site, startSite, TEST_GATEWAY } from "../support/nats.ts";
import { available } from "../support/parts.ts";
import { applyTestTopology } from "../support/uplink-rig.ts";

const hasNats = available("nats-server", findNatsServer());

describe.skipIf(!hasNats)("an agent", () => {
  let site: Site;
  let cloud: NatsConnection;
  let server: RosterServer;
  let desk: HidReader;
  let agent: Agent;

  /** In and out take turns, however fast somebody taps. */
  const inTurns = everyoneUses({ punches: { repeatWindow: 0, breaks: { by: "claim" } } });
  const wayOut = everyoneUses({
    punches: { repeatWindow: 0, readers: [{ reader: "desk", means: "out" }] },
  });

  beforeEach(async () => {
    site = await startSite();
    await applyTestTopology(site);
    cloud = await site.connectCloud("cloud-all");
    const gateways = await new Kvm(cloud).open(BUCKETS.gateways);
    const record = { publicKey: createNkey().publicKey, name: "Gate", zone: "Europe/Berlin" };
    await gateways.put(
      gatewayKey(TEST_GATEWAY),
      encode({ ...record, registeredAtMs: 0, status: "active" }),
    );
    server = await serve(inTurns);
    await give("number-10001", "ada");
    desk = await listenHidReader(join(site.dir, "desk.sock"));
    agent = await start();
  });
  afterEach(async () => {
    await agent.stop();
    await desk.close();
    await server.close();
    await site.stop();
  });

  async function serve(book: RuleBook): Promise<RosterServer> {
    const nc = await site.connectCloud("cloud-consumers");
    const rules = await openSiteRules(nc, { book, nowMs: Date.now, log: silentLog() });
    return serveRoster({ nc, log: silentLog(), rules });
  }
  async function give(badge: string, employeeId: string): Promise<void> {
    const directory = await new Kvm(cloud).open(BUCKETS.directory);
    const entry = entryOf(employeeId, `${employeeId} L.`);
    await directory.put(directoryKey("acme", "hq", badge), encode(entry));
  }
  async function start(): Promise<Agent> {
    const config = agentConfigAt(site, [
      {
        driver: "hid-keyboard",
        port: { hidSocket: { path: desk.path } },
        settings: { reader: "desk" },
      },
    ]);
    const running = await runAgent(config);
    await eventually(() => desk.connected(), { what: "the agent at its reader" });
    return running;
  }
  /** What a display beside the reader shows after one tap. */
  async function tap(badge = "10001"): Promise<string | null> {
    desk.tap(badge);
    const { feedback } = await agent.nextAccepted();
    return feedback.text;
  }
  const knows = (entries: number): Promise<unknown> =>
    eventually(async () => (await agent.entries()) === entries, {
      what: `${entries} badges known`,
    });

  it("greets with the cloud's rules, from what was punched before", async () => {
    await knows(1);
    expect(await tap()).toBe("IN ada L.");
    expect(await tap()).toBe("OUT ada L.");
    expect(await tap()).toBe("IN ada L.");
    desk.tap("10001");
    expect(await agent.nextAccepted()).toMatchObject({
      told: { meaning: "out", reason: "was in, so this is the way out" },
      feedback: { light: "green" },
    });
  });

  it("goes by the new book once the cloud was started again with another", async () => {
    await knows(1);
    expect(await tap()).toBe("IN ada L.");
    await server.close();
    server = await serve(wayOut);
    await give("number-10002", "ben"); // a notice; without one the gateway asks within 15 s
    await knows(2);
    expect(await tap()).toBe("OUT ada L.");
    expect(await tap()).toBe("OUT ada L.");
  });

  it("started again without a link, it knows rules, people and who is in", async () => {
    await knows(1);
    expect(await tap()).toBe("IN ada L.");
    site.leaf().link.cut();
    await agent.stop();
    agent = await start();
    expect(await tap()).toBe("OUT ada L.");
    await agent.stop();
    agent = await start();
    expect(await tap()).toBe("IN ada L.");
  });
});

interface Agent {
  /** How many badges it knows once all are loaded; null before. */
  entries(): Promise<number | null>;
  nextAccepted(): Promise<Accepted>;
  stop(): Promise<void>;
}

async function runAgent(config: EdgeConfig): Promise<Agent> {
  const log = silentLog();
  const shutdown: Shutdown = createShutdown(log);
  await startAgent({ config, log, shutdown, host: TEST_HOST });
  const { runtimeDir } = config;
  const feed = await new Promise<IncomingMessage>((resolve, reject) => {
    const socketPath = join(runtimeDir, CONTROL_SOCKET);
    request({ socketPath, path: "/tap" }, resolve).once("error", reject).end();
  });
  feed.on("error", () => undefined);
  const lines = createInterface({ input: feed })[Symbol.asyncIterator]();
  return {
    async entries() {
      const { directory } = await askStatus(runtimeDir);
      return directory.state === "loaded" ? directory.entries : null;
    },
    async nextAccepted() {
      const { value } = await lines.next();
      const accepted: Accepted = JSON.parse(String(value));
      return accepted;
    },
    stop: () => shutdown.stop("test"),
  };
}
