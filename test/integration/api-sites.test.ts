import type { NatsConnection } from "nats";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createApiKey } from "../../cloud/api/auth.ts";
import { pretendGateway } from "../support/attendance-world.ts";
import { type CloudProcess, startCloudProcess, writeCloudConfig } from "../support/cloud.ts";
import { eventually } from "../support/eventually.ts";
import { findNatsServer, type Site, startSite } from "../support/nats.ts";
import { available } from "../support/parts.ts";
import { person } from "../support/people.ts";
import type { PretendedGateway } from "../support/pretended-gateway.ts";
import { type TempDir, tempDir } from "../support/temp.ts";

type Json = Record<string, unknown>;
const printer = createApiKey("printer", ["read"]);

const states = (muster: Json): unknown =>
  Object.fromEntries(
    (muster["items"] as Json[]).map(({ employeeId, state }) => [employeeId, state]),
  );

describe.skipIf(!available("nats-server", findNatsServer()))("sites over HTTP", () => {
  let hub: Site;
  let dir: TempDir;
  let nc: NatsConnection;
  let cloud: CloudProcess;
  let gw: PretendedGateway;

  beforeAll(async () => {
    const gateways = ["gw1", "gw2"].map((gateway) => ({ tenant: "acme", site: "hq", gateway }));
    hub = await startSite({ gateways, leafs: [] });
    dir = tempDir("sites");
    const config = writeCloudConfig({
      dir: dir.path,
      servers: [hub.hub.url],
      seedFile: hub.deployment.seedFile("cloud-all"),
      keys: [printer.entry],
      more: {
        leave: {
          sites: { plant: { zone: "Europe/Berlin", country: "DE", state: "BE" } },
          policies: { sick: { code: "SICK", hasAccount: false, needsApproval: false } },
          assignments: [{ policies: ["sick"] }],
        },
        attendance: {
          watermark: { everyMinutes: 0, lookEverySeconds: 0.05, readerSettleSeconds: 0 },
        },
      },
    });
    cloud = await startCloudProcess(config);
    await eventually(async () => (await cloud.call("GET", "/readyz")).ok, { timeoutMs: 40_000 });
    nc = await hub.connectCloud("cloud-all");
    gw = pretendGateway(hub, nc, { name: "gw1", epoch: "epoch00001" });
    await gw.register();
    for (const employeeId of ["ada", "bob", "eve"]) {
      const { status: _status, managerId: _managerId, ...fields } = person(employeeId);
      await made("POST", "/employees", { ...fields, lastName: `=${employeeId}` });
      const badge = { badge: `number-${employeeId}`, validFrom: "2026-01-01T00:00:00Z" };
      await made("POST", `/employees/${employeeId}/badges`, badge);
    }
    await eventually(async () => (await get("/sites/hq"))["people"] === 3);
  });
  afterAll(async () => {
    await (cloud as CloudProcess | undefined)?.stop();
    await hub.stop();
    dir.remove();
  });

  const get = async (path: string): Promise<Json> => {
    const response = await cloud.call("GET", `/api/v1${path}`);
    return { status: response.status, ...((await response.json()) as Json) };
  };
  const made = async (method: string, path: string, body: object): Promise<Json> => {
    const response = await cloud.call(method, `/api/v1${path}`, body);
    const text = await response.text();
    if (response.status !== 201 && response.status !== 200) throw new Error(`${path}: ${text}`);
    return JSON.parse(text) as Json;
  };
  /** A minute ago, on the clock as `pretendGateway` reads it. */
  const now = new Date(Date.now() - 60_000).toISOString().slice(0, 19);

  test("are listed with zone, calendar, gateways and people, named or not", async () => {
    const { items } = await get("/sites");
    expect(items).toMatchObject([
      {
        site: "hq",
        zone: "UTC",
        people: 3,
        calendar: { isNamed: false },
        gateways: [{ gateway: "gw1", status: "active", isOnline: false, lastSeenAt: null }],
        completeTo: null,
      },
      {
        site: "plant",
        zone: "Europe/Berlin",
        people: 0,
        calendar: { isNamed: true, country: "DE", state: "BE" },
        gateways: [],
      },
    ]);
    const first = await get("/sites?limit=1");
    expect((await get(`/sites?limit=1&cursor=${String(first["next"])}`))["items"]).toMatchObject([
      { site: "plant" },
    ]);
    expect(await get("/sites/nowhere")).toMatchObject({ status: 404 });
    expect(await get("/sites/nowhere/muster")).toMatchObject({ status: 404 });
  });

  test("say who is in, who is on leave, and that it is not certain while a gateway is silent", async () => {
    expect(await get("/sites/hq/muster")).toMatchObject({
      certainty: { isCertain: false, because: [{ gateway: "gw1", why: "never-heard" }] },
      counts: { "never-seen": 3 },
    });
    gw.punch("number-ada", now);
    await gw.publish(gw.segment(1, 1));
    const today = new Date().toISOString().slice(0, 10);
    await made("POST", "/leave", {
      employeeId: "eve",
      policy: "sick",
      fromOn: today,
      toOn: today,
      key: "k1",
    });
    await eventually(async () => {
      const muster = await get("/sites/hq/muster");
      return (muster["counts"] as Json)["in"] === 1 && (muster["counts"] as Json)["on-leave"] === 1;
    });
    await gw.beat(new Date().toISOString().slice(0, 19), { lastRow: 1, deliveredRow: 1 });
    const certain = await eventually(async () => {
      const muster = await get("/sites/hq/muster");
      return (muster["certainty"] as Json)["isCertain"] === true ? muster : undefined;
    });
    expect(states(certain)).toEqual({ ada: "in", bob: "never-seen", eve: "on-leave" });
    expect((certain["items"] as Json[])[0]).toMatchObject({
      employeeId: "ada",
      name: "=ada, Ada",
      lastSeen: { gateway: "gw1", reader: "door", site: "hq" },
      isCertain: true,
      notKnownSince: null,
    });
    expect(await get("/sites/hq")).toMatchObject({ gateways: [{ isOnline: true }] });

    // A gateway that was never heard may hold punches of anybody.
    const second = pretendGateway(hub, nc, { name: "gw2", epoch: "epoch00002" });
    await second.register();
    const uncertain = await get("/sites/hq/muster?state=present");
    expect(uncertain).toMatchObject({
      certainty: { isCertain: false, because: [{ gateway: "gw2", why: "never-heard" }] },
      items: [{ employeeId: "ada", isCertain: false }],
    });
  });

  test("give the muster list as CSV, in which no name is a formula", async () => {
    const response = await cloud.call("GET", "/api/v1/sites/hq/muster.csv");
    expect(response.headers.get("content-type")).toBe("text/csv");
    const lines = (await response.text()).trim().split("\r\n");
    expect(lines).toHaveLength(4);
    expect(lines[0]).toContain("Name,Employee,Department,State,Last seen");
    expect(lines[1]).toMatch(/^"'=ada, Ada",ada,assembly,in,/);
    const path = "/api/v1/sites/hq/muster";
    const accepting = async (accept: string): Promise<Response> => {
      const headers = { accept, authorization: `Bearer ${printer.key}` };
      return await fetch(`http://127.0.0.1:${cloud.port}${path}`, { headers });
    };
    const negotiated = await accepting("text/csv");
    expect(negotiated.headers.get("content-type")).toBe("text/csv; charset=utf-8");
    expect((await negotiated.text()).trim().split("\r\n")).toEqual(lines);
    const present = await cloud.call("GET", `${path}?state=in&format=csv`);
    const [, ...rows] = (await present.text()).trim().split("\r\n");
    expect(rows.length).toBeGreaterThan(0);
    expect(rows.filter((row) => !row.includes(",in,"))).toEqual([]);
    expect((await accepting("image/png")).status).toBe(406);
    const paged = await get("/sites/hq/muster?limit=2");
    expect(paged["items"]).toHaveLength(2);
    expect(
      (await get(`/sites/hq/muster?limit=2&cursor=${String(paged["next"])}`))["items"],
    ).toHaveLength(1);
  });
});
