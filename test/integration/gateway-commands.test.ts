import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { makeCard } from "@clockleaf/hardware-sim/cards.ts";
import { type HidReader, listenHidReader } from "@clockleaf/hardware-sim/hid/socket.ts";
import { attachBus } from "@clockleaf/hardware-sim/osdp/bus.ts";
import {
  createReader,
  type OsdpReader,
  type ReaderEvent,
} from "@clockleaf/hardware-sim/osdp/reader.ts";
import { openPty, type Pty } from "@clockleaf/hardware-sim/pty.ts";
import { createLog, silentLog } from "@clockleaf/shared/lib/log.ts";
import { createShutdown, type Shutdown } from "@clockleaf/shared/lib/shutdown.ts";
import {
  BUCKETS,
  eventSubject,
  gatewayCommandSubject,
  gatewayKey,
  resentSubject,
  STREAMS,
} from "@clockleaf/shared/subjects.ts";
import { encode } from "@clockleaf/shared/wire/codec.ts";
import { jetstreamManager } from "@nats-io/jetstream";
import { Kvm } from "@nats-io/kv";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createApiKey } from "../../cloud/api/auth.ts";
import type { ApiRouter } from "../../cloud/api/router.ts";
import type { EventStore } from "../../cloud/eventing/event-store.ts";
import { openJsEventStore } from "../../cloud/eventing/js-event-store.ts";
import { type Heartbeats, listenForHeartbeats } from "../../cloud/fleet/heartbeats.ts";
import { openGatewayRegistry } from "../../cloud/fleet/registry.ts";
import { fleetRoutes } from "../../cloud/fleet/routes.ts";
import { startAgent } from "../../edge-agent/agent.ts";
import { agentConfigAt, TEST_HOST } from "../support/agent-host.ts";
import { apiAppOf } from "../support/context-api.ts";
import { eventually } from "../support/eventually.ts";
import { findNatsServer, type Site, startSite, TEST_GATEWAY } from "../support/nats.ts";
import { available } from "../support/parts.ts";
import { applyTestTopology } from "../support/uplink-rig.ts";

const admin = createApiKey("installer", ["admin"]);
const writer = createApiKey("clerk", ["write"]);
const { tenant, site: place, gateway } = TEST_GATEWAY;
type Json = Record<string, unknown>;
const monotonic = (): number => performance.now();

describe.skipIf(!available("nats-server", findNatsServer()))("commands to a gateway", () => {
  let site: Site;
  let app: ApiRouter;
  let eventStore: EventStore;
  let heartbeats: Heartbeats;
  let pty: Pty;
  let door: OsdpReader;
  let desk: HidReader;
  let events: ReaderEvent[] = [];
  let logged: Json[] = [];
  let shutdown: Shutdown;
  let aheadMs = 0;
  const nowMs = (): number => Date.now() + aheadMs;

  beforeAll(async () => {
    site = await startSite();
    await applyTestTopology(site);
    const all = await site.connectCloud("cloud-all");
    const record = {
      publicKey: site.deployment.gateway(TEST_GATEWAY).publicKey,
      name: "Gate",
      zone: "Europe/Berlin",
      registeredAtMs: 0,
      status: "active",
      revokedAtMs: null,
    };
    const gateways = await new Kvm(all).open(BUCKETS.gateways);
    await gateways.put(gatewayKey(TEST_GATEWAY), encode(record));
    // With no more rights than the process that serves HTTP.
    const nc = await site.connectCloud("cloud-api");
    heartbeats = listenForHeartbeats({ nc, tenant, nowMs, onDiscarded: () => undefined });
    const log = createLog({
      room: "test",
      destination: { write: (line: string) => void logged.push(JSON.parse(line) as Json) },
    });
    const registry = await openGatewayRegistry(nc, tenant);
    eventStore = await openJsEventStore({ nc });
    const routes = fleetRoutes({ nc, tenant, eventStore, registry, heartbeats, nowMs, log });
    app = apiAppOf([routes], [admin.entry, writer.entry]);

    pty = openPty();
    door = createReader({ address: 5, now: monotonic, random: (bytes) => randomBytes(bytes) });
    door.onEvent((event) => events.push(event));
    attachBus(pty, { readers: [door], now: monotonic });
    desk = await listenHidReader(join(site.dir, "desk.sock"));
    shutdown = createShutdown(silentLog());
    await startAgent({ config: agentConfig(), log: silentLog(), shutdown, host: TEST_HOST });
    await eventually(
      async () => {
        const { json } = await get("/readers");
        return (json["items"] as Json[]).filter(({ state }) => state === "online").length === 2;
      },
      { timeoutMs: 30_000, what: "both readers online, as heartbeats tell" },
    );
  });
  afterAll(async () => {
    await shutdown.stop("the test is over");
    heartbeats.close();
    await desk.close();
    await pty.close();
    await site.stop();
  });
  beforeEach(() => {
    events = [];
    logged = [];
  });
  afterEach(() => {
    aheadMs = 0;
  });

  const agentConfig = () =>
    agentConfigAt(site, [
      {
        driver: "osdp",
        port: { serial: { path: pty.slavePath, baudRate: 115_200 } },
        settings: {
          pollMs: 5,
          readers: [{ id: "door", address: 5, secureChannel: "off" }],
        },
      },
      {
        driver: "hid-keyboard",
        port: { hidSocket: { path: desk.path } },
        settings: { reader: "desk" },
      },
    ]);

  async function call(method: string, path: string, sent: { key?: string; body?: Json } = {}) {
    const response = await app.request(`/api/v1/gateways/${path}`, {
      method,
      headers: {
        authorization: `Bearer ${sent.key ?? admin.key}`,
        "content-type": "application/json",
      },
      ...(sent.body === undefined ? {} : { body: JSON.stringify(sent.body) }),
    });
    return { status: response.status, json: (await response.json()) as Json };
  }
  const get = (path: string) => call("GET", `${place}/${gateway}${path}`);
  const command = (body: Json, key = admin.key) =>
    call("POST", `${place}/${gateway}/commands`, { body, key });
  const result = async (body: Json): Promise<unknown> => (await command(body)).json["result"];
  /** Gives a command of every kind; status and code of the answers. */
  async function tryAll(): Promise<unknown[]> {
    const answers: unknown[] = [];
    for (const body of [
      { verb: "locate", reader: "door" },
      { verb: "restart-driver", reader: "door" },
      { verb: "resend", first: 1, last: 1 },
    ]) {
      const { status, json } = await command(body);
      answers.push([status, json["code"]]);
    }
    return answers;
  }
  /** What FLEET has of a command. */
  async function onRecord(commandId: unknown) {
    const address = { domain: "fleet", tenant, aggregateId: String(commandId) } as const;
    const { events: stored } = await eventStore.load(address, 0);
    return stored.map(({ event, actor }) => ({
      type: event.metadata.eventType,
      correlationId: event.metadata.correlationId,
      actor,
      data: event.data as Json,
    }));
  }
  const commands = (): Json[] => logged.filter(({ msg }) => String(msg).startsWith("gateway"));

  test("show a person where a reader is, by light and sound, and never in green", async () => {
    const answer = await command({ verb: "locate", reader: "door", seconds: 7 });
    expect(answer).toMatchObject({
      status: 200,
      json: { verb: "locate", reader: "door", result: "done", by: "installer", keptFromRow: null },
    });
    expect(events).toEqual([
      { kind: "light", colour: "amber", temporary: true, forMs: 7_000 },
      { kind: "beep", onMs: 300, count: 7 },
    ]);
    expect(commands()).toMatchObject([
      {
        msg: "gateway command",
        by: "installer",
        verb: "locate",
        reader: "door",
        result: "done",
        commandId: answer.json["commandId"],
      },
    ]);
    const of = { site: place, gateway, verb: "locate", reader: "door" };
    expect(await onRecord(answer.json["commandId"])).toMatchObject([
      {
        type: "fleet.gateway.commanded",
        actor: "installer",
        data: { ...of, seconds: 7, rows: null, by: "installer" },
      },
      { type: "fleet.command.ended", actor: "installer", data: { ...of, outcome: "done" } },
    ]);
  });

  test("are not sent where they cannot be put on record", async () => {
    const operator = await site.connectCloud("cloud-admin");
    const jsm = await jetstreamManager(operator, { checkAPI: false });
    const elsewhere = eventSubject({ domain: "fleet", tenant: "nobody", aggregateId: "none" });
    await jsm.streams.update(STREAMS.fleet, { subjects: [elsewhere] });
    expect(await tryAll()).toEqual(Array.from({ length: 3 }, () => [503, "stream.not-connected"]));
    await applyTestTopology(site);
    // Full is a fault that somebody has to mend, and no reason to go on without a record.
    await jsm.streams.update(STREAMS.fleet, { max_bytes: 1 });
    expect(await tryAll()).toEqual(Array.from({ length: 3 }, () => [500, "stream.batch-refused"]));
    expect(events).toEqual([]);
    expect(commands()).toMatchObject(Array.from({ length: 6 }, () => ({ by: "installer" })));
    await applyTestTopology(site);
    expect(await result({ verb: "locate", reader: "door" })).toBe("done");
  });

  test("are refused by the gateway where it, or the reader, cannot do it", async () => {
    expect(await result({ verb: "locate", reader: "desk" })).toBe("unsupported");
    expect(await result({ verb: "resync-clock", reader: "door" })).toBe("unsupported");
    for (const verb of ["locate", "resync-clock", "restart-driver"]) {
      expect(await result({ verb, reader: "roof" })).toBe("unknown-reader");
    }
    const nc = await site.connectCloud("cloud-api");
    const subject = gatewayCommandSubject(TEST_GATEWAY, "locate");
    for (const bytes of [encode({ reader: "door" }), Uint8Array.of(0xc1), new Uint8Array(5_000)]) {
      const reply = await nc.request(subject, bytes, { timeout: 5_000 });
      expect(reply.string()).toContain("malformed");
    }
    expect(events).toEqual([]);
  });

  test("begin a reader's line anew, and its punches go on", async () => {
    const restarted = await command({ verb: "restart-driver", reader: "door" });
    expect(restarted.json).toMatchObject({ result: "done" });
    expect((await command({ verb: "restart-driver", reader: "desk" })).json).toMatchObject({
      result: "done",
    });
    await eventually(async () => {
      const { json } = await command({ verb: "locate", reader: "door", seconds: 1 });
      return json["result"] === "done";
    });
    const before = (await live())["lastRow"];
    door.tap(makeCard(26, 1, 4242), "tap-1");
    await eventually(async () => Number((await live())["lastRow"]) > Number(before), {
      timeoutMs: 20_000,
    });
  });
  const live = async (): Promise<Json> => (await get("")).json["live"] as Json;

  test("have rows sent again, of the journal that the gateway named", async () => {
    const asked = await command({ verb: "resend", first: 1, last: 1 });
    expect(asked).toMatchObject({
      status: 202,
      json: { result: "accepted", keptFromRow: 1, reader: null },
    });
    expect(await onRecord(asked.json["commandId"])).toMatchObject([
      {
        data: {
          verb: "resend",
          reader: null,
          rows: { epoch: expect.any(String), first: 1, last: 1 },
        },
      },
      { data: { outcome: "accepted" } },
    ]);
    const jsm = await jetstreamManager(await site.connectCloud("cloud-all"), { checkAPI: false });
    await eventually(async () => {
      const last_by_subj = resentSubject(TEST_GATEWAY);
      return (await jsm.streams.getMessage(STREAMS.clock, { last_by_subj })) !== null;
    });
    const wrong = await command({ verb: "resend", epoch: "0123456789", first: 1, last: 1 });
    expect(wrong).toMatchObject({ status: 200, json: { result: "wrong-epoch" } });
  });

  test("are for who may, about what there is, and in words that are known", async () => {
    const locate = { verb: "locate", reader: "door" };
    expect((await command(locate, writer.key)).status).toBe(403);
    expect((await call("POST", `${place}/nobody/commands`, { body: locate })).status).toBe(404);
    expect((await call("GET", `${place}/nobody/readers`)).status).toBe(404);
    for (const body of [{ verb: "open-door", reader: "door" }, { verb: "locate" }, {}]) {
      expect((await command(body)).status).toBe(422);
    }
    expect(commands()).toEqual([]);
    const { json } = await get("/readers?state=online&limit=1");
    expect(json["items"]).toMatchObject([{ reader: "desk", isKnownNow: true, fault: null }]);
    expect((await get(`/readers?state=online&cursor=${String(json["next"])}`)).json).toMatchObject({
      items: [{ reader: "door" }],
    });
  });

  test("say that a reader does not answer, that the gateway does not, and that it was not asked", async () => {
    door.powerOff({ keepMemory: true });
    const dark = await command({ verb: "locate", reader: "door" });
    expect(["failed", "reader-offline"]).toContain(dark.json["result"]);
    door.powerOn();

    site.leaf().link.cut();
    const away = await eventually(async () => {
      const answer = await command({ verb: "locate", reader: "door" });
      return answer.status === 200 ? undefined : answer;
    });
    expect(["uplink.not-connected", "gateway.no-answer"]).toContain(away.json["code"]);
    logged = [];
    // Somebody is there, and says nothing.
    const mute = await site.connectGateway(TEST_GATEWAY, "hub");
    mute.subscribe(gatewayCommandSubject(TEST_GATEWAY, "locate"));
    await mute.flush();
    const late = await command({ verb: "locate", reader: "door" });
    expect(late).toMatchObject({ status: 504, json: { code: "gateway.no-answer" } });
    const [told] = commands();
    expect(await onRecord(told?.["commandId"])).toMatchObject([
      { type: "fleet.gateway.commanded" },
      { data: { outcome: "unknown", detail: "gateway.no-answer" } },
    ]);
    aheadMs = 60_000;
    const silent = await command({ verb: "locate", reader: "door" });
    expect(silent).toMatchObject({ status: 503, json: { code: "uplink.not-connected" } });
    expect((await get("/readers")).json).toMatchObject({ items: [{ isKnownNow: false }, {}] });
    expect(commands()).toMatchObject([
      { by: "installer", code: "gateway.no-answer" },
      { by: "installer", code: "uplink.not-connected" },
    ]);
    site.leaf().link.resume();
  });
});
