import { silentLog } from "@clockleaf/shared/lib/log.ts";
import { heartbeatSubject } from "@clockleaf/shared/subjects.ts";
import { encode } from "@clockleaf/shared/wire/codec.ts";
import type { Heartbeat } from "@clockleaf/shared/wire/heartbeat.ts";
import { createNkey } from "@clockleaf/shared/wire/nkey.ts";
import type { NatsConnection } from "nats";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createApiKey } from "../../cloud/api/auth.ts";
import type { ApiRouter } from "../../cloud/api/router.ts";
import { openJsEventStore } from "../../cloud/eventing/js-event-store.ts";
import {
  type Heartbeats,
  listenForHeartbeats,
  OFFLINE_AFTER_MS,
} from "../../cloud/fleet/heartbeats.ts";
import { openGatewayRegistry } from "../../cloud/fleet/registry.ts";
import { fleetRoutes } from "../../cloud/fleet/routes.ts";
import { applyTopology } from "../../cloud/streams/apply.ts";
import { declareTopology, topologyConfigSchema } from "../../cloud/streams/topology.ts";
import { apiAppOf } from "../support/context-api.ts";
import { eventually } from "../support/eventually.ts";
import { findNatsServer, type Site, startSite, TEST_GATEWAY } from "../support/nats.ts";
import { available } from "../support/parts.ts";

const { key, entry } = createApiKey("installer", ["admin"]);
const T0 = Date.UTC(2026, 10, 23, 8);
const sizes = {
  clockBytes: 2 ** 20,
  domainBytes: 2 ** 20,
  deadLetterBytes: 2 ** 20,
  bucketBytes: 2 ** 20,
};

const beat = (over: Partial<Heartbeat> = {}): Heartbeat => ({
  sentAtMs: T0 - 40,
  agentVersion: "0.1.0",
  epoch: "abcdefghij",
  lastRow: 12,
  deliveredRow: 12,
  oldestWaitingMs: null,
  readers: [{ reader: "door", state: "online", fault: null }],
  ...over,
});

const registration = () => ({
  publicKey: createNkey().publicKey,
  name: "Front door",
  zone: "Europe/Berlin",
});

const shown = (body: Record<string, unknown>): string[] =>
  (body["items"] as Array<{ gateway: string }>).map(({ gateway }) => gateway);

describe.skipIf(!available("nats-server", findNatsServer()))("the fleet", () => {
  let site: Site;
  let nc: NatsConnection;
  let gatewayNc: NatsConnection;
  let heartbeats: Heartbeats;
  let app: ApiRouter;
  let nowMs = T0;
  let discarded: string[] = [];
  let names = 0;

  beforeAll(async () => {
    site = await startSite();
    nc = await site.connectCloud("cloud-all");
    const streams = declareTopology(topologyConfigSchema.parse(sizes));
    await applyTopology({ nc, streams, log: silentLog() });
    heartbeats = listenForHeartbeats({
      nc,
      tenant: TEST_GATEWAY.tenant,
      nowMs: () => nowMs,
      onDiscarded: (reason) => discarded.push(reason),
    });
    const registry = await openGatewayRegistry(nc, TEST_GATEWAY.tenant);
    app = apiAppOf(
      [
        fleetRoutes({
          nc,
          tenant: TEST_GATEWAY.tenant,
          eventStore: await openJsEventStore({ nc }),
          registry,
          heartbeats,
          nowMs: () => nowMs,
          log: silentLog(),
        }),
      ],
      [entry],
      { nowMs: () => nowMs },
    );
    await nc.flush();
    gatewayNc = await site.connectGateway();
  });
  afterAll(() => site.stop());
  beforeEach(() => {
    nowMs = T0;
    discarded = [];
    names += 1;
  });

  async function call(
    method: string,
    path: string,
    options: { body?: unknown; tag?: string } = {},
  ) {
    const response = await app.request(`/api/v1/gateways${path}`, {
      method,
      headers: {
        authorization: `Bearer ${key}`,
        "content-type": "application/json",
        ...(options.tag === undefined ? {} : { "if-match": options.tag }),
      },
      ...(options.body === undefined ? {} : { body: JSON.stringify(options.body) }),
    });
    const body = (await response.json()) as Record<string, unknown>;
    return { status: response.status, tag: response.headers.get("etag") ?? "", body, response };
  }

  async function send(heartbeat: unknown): Promise<void> {
    gatewayNc.publish(heartbeatSubject(TEST_GATEWAY), encode(heartbeat));
    await gatewayNc.flush();
  }

  it("starts empty", async () => {
    expect(await call("GET", "")).toMatchObject({ status: 200, body: { items: [], next: null } });
  });

  it("registers a gateway once, and changes it only for who has read it", async () => {
    const path = `/hq/door-${names}`;
    const body = registration();
    const created = await call("PUT", path, { body });
    expect(created).toMatchObject({
      status: 201,
      body: {
        ...body,
        status: "active",
        isOnline: false,
        live: null,
        completeUntil: null,
        registeredAt: new Date(T0).toISOString(),
      },
    });
    expect(await call("PUT", path, { body })).toMatchObject({ status: 200, tag: created.tag });
    const renamed = { ...body, name: "Back door" };
    expect(await call("PUT", path, { body: renamed })).toMatchObject({ status: 428 });
    const changed = await call("PUT", path, { body: renamed, tag: created.tag });
    expect(changed).toMatchObject({ status: 200, body: { name: "Back door" } });
    const again = { ...body, name: "Side door" };
    expect(await call("PUT", path, { body: again, tag: created.tag })).toMatchObject({
      status: 412,
    });
    expect(await call("GET", path)).toMatchObject({
      status: 200,
      tag: changed.tag,
      body: { name: "Back door" },
    });
  });

  it("lets one of two registrations at the same moment win", async () => {
    const path = `/hq/race-${names}`;
    const both = await Promise.all([
      call("PUT", path, { body: registration() }),
      call("PUT", path, { body: registration() }),
    ]);
    const [won, lost] = both.map(({ status }) => status).toSorted((a, b) => a - b);
    expect(won).toBe(201);
    // Lost at the write, or saw the other's record before it.
    expect([412, 428]).toContain(lost);
  });

  it("refuses what is no key, no time zone, no name, and a key that another gateway has", async () => {
    const path = `/hq/bad-${names}`;
    const good = registration();
    const mistyped = good.publicKey.slice(0, -1) + (good.publicKey.endsWith("A") ? "B" : "A");
    expect(await call("PUT", path, { body: { ...good, publicKey: mistyped } })).toMatchObject({
      status: 422,
      body: { code: "gateway.bad-key" },
    });
    const wrong = await call("PUT", path, {
      body: { publicKey: "UX", name: "", zone: "Mars/Base", extra: 1 },
    });
    expect(wrong.status).toBe(422);
    expect(
      (wrong.body["errors"] as Array<{ pointer: string }>).map(({ pointer }) => pointer).toSorted(),
    ).toEqual(["#/extra", "#/name", "#/publicKey", "#/zone"]);
    await call("PUT", `/hq/owner-${names}`, { body: good });
    expect(await call("PUT", path, { body: good })).toMatchObject({
      status: 409,
      body: { code: "gateway.key-in-use" },
    });
    expect(await call("GET", path)).toMatchObject({ status: 404 });
    expect(await call("GET", "/hq/no.dots")).toMatchObject({ status: 422 });
  });

  it("revokes for good: only a new key brings the gateway back", async () => {
    const path = `/hq/lost-${names}`;
    const body = registration();
    await call("PUT", path, { body });
    nowMs = T0 + 1000;
    const revoked = await call("POST", `${path}/revoke`);
    expect(revoked).toMatchObject({
      status: 200,
      body: { status: "revoked", revokedAt: new Date(nowMs).toISOString() },
    });
    nowMs = T0 + 2000;
    expect(await call("POST", `${path}/revoke`)).toMatchObject({
      status: 200,
      tag: revoked.tag,
      body: { revokedAt: revoked.body["revokedAt"] },
    });
    expect(await call("PUT", path, { body, tag: revoked.tag })).toMatchObject({
      status: 409,
      body: { code: "gateway.key-revoked" },
    });
    const back = await call("PUT", path, { body: registration(), tag: revoked.tag });
    expect(back).toMatchObject({ status: 200, body: { status: "active", revokedAt: null } });
    expect(await call("POST", "/hq/nobody/revoke")).toMatchObject({ status: 404 });
  });

  it("shows what a gateway says about itself, and that it fell silent", async () => {
    const path = `/${TEST_GATEWAY.site}/${TEST_GATEWAY.gateway}`;
    await call("PUT", path, { body: registration() });
    await send(beat());
    const heard = await eventually(async () => {
      const { body } = await call("GET", path);
      return body["live"] === null ? undefined : body;
    });
    expect(heard).toMatchObject({
      isOnline: true,
      completeUntil: new Date(T0 - 40).toISOString(),
      live: {
        backlogRows: 0,
        clockOffsetMs: -40,
        lastSeenAt: new Date(T0).toISOString(),
        configuration: null,
        readers: [{ reader: "door", state: "online" }],
      },
    });

    const fault = { code: "device.no-reply", message: "no reply at 9600 baud" };
    const configuration = {
      runsWith: "last-good" as const,
      problem: "gateway.yaml:3:1: linez: unknown key",
    };
    await send(
      beat({
        configuration,
        lastRow: 20,
        oldestWaitingMs: T0 - 60_000,
        readers: [{ reader: "door", state: "fault", fault }],
      }),
    );
    await eventually(async () => {
      const { body } = await call("GET", path);
      expect(body).toMatchObject({
        completeUntil: new Date(T0 - 60_000).toISOString(),
        live: {
          backlogRows: 8,
          configuration,
          oldestWaitingAt: new Date(T0 - 60_000).toISOString(),
          readers: [{ fault }],
        },
      });
      return true;
    });

    nowMs = T0 + OFFLINE_AFTER_MS;
    expect(await call("GET", path)).toMatchObject({
      body: { isOnline: false, live: { backlogRows: 8 } },
    });
  });

  it("counts heartbeats that are none and keeps the last good one", async () => {
    gatewayNc.publish(heartbeatSubject(TEST_GATEWAY), encode({ ...beat(), lastRow: -1 }));
    gatewayNc.publish(heartbeatSubject(TEST_GATEWAY), new Uint8Array([0xc1]));
    gatewayNc.publish(heartbeatSubject(TEST_GATEWAY), new Uint8Array(600_000));
    nc.publish(heartbeatSubject({ ...TEST_GATEWAY, tenant: "other" }), encode(beat()));
    await gatewayNc.flush();
    await eventually(() => discarded.length >= 3);
    expect(discarded).toEqual(
      expect.arrayContaining(["wire.malformed", "wire.malformed", "wire.too-large"]),
    );
    expect(heartbeats.lastSeen(TEST_GATEWAY)?.heartbeat.lastRow).toBe(20);
  });

  it("lists by site and in pages", async () => {
    for (const name of ["a", "b", "c"])
      await call("PUT", `/plant-${names}/${name}`, { body: registration() });
    const first = await call("GET", `?site=plant-${names}&limit=2`);
    expect(shown(first.body)).toEqual(["a", "b"]);
    const second = await call(
      "GET",
      `?site=plant-${names}&limit=2&cursor=${String(first.body["next"])}`,
    );
    expect(shown(second.body)).toEqual(["c"]);
    expect(second.body["next"]).toBeNull();
  });

  it("answers 503 at once while the hub is away, and goes on when it is back", async () => {
    await site.hub.stop();
    const away = await eventually(async () => {
      const { status, response } = await call("GET", "");
      return status === 503 ? response : undefined;
    });
    expect(away.headers.get("retry-after")).not.toBeNull();
    await site.hub.start();
    await eventually(async () => (await call("GET", "")).status === 200, { timeoutMs: 20_000 });
  });
});
