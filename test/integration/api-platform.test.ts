import { PlatformError } from "@clockleaf/shared/lib/errors.ts";
import { silentLog } from "@clockleaf/shared/lib/log.ts";
import { partitionOf, STREAMS, shareOfPartition } from "@clockleaf/shared/subjects.ts";
import { jetstreamManager } from "@nats-io/jetstream";
import type { NatsConnection } from "nats";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createApiKey } from "../../cloud/api/auth.ts";
import { postStatuses } from "../../cloud/bridges/status-board.ts";
import { publishDeadLetter } from "../../cloud/eventing/dead-letter.ts";
import { type CloudProcess, startCloudProcess, writeCloudConfig } from "../support/cloud.ts";
import { applyTestTopology } from "../support/cloud-hub.ts";
import { eventually } from "../support/eventually.ts";
import { findNatsServer, type Site, startHub } from "../support/nats.ts";
import { available } from "../support/parts.ts";
import { person } from "../support/people.ts";
import { type TempDir, tempDir } from "../support/temp.ts";

interface Page {
  readonly items: ReadonlyArray<Record<string, unknown>>;
  readonly next: string | null;
}

/** One process that works and one that only answers, as in an installation of several. */
describe.skipIf(!available("nats-server", findNatsServer()))("the platform over HTTP", () => {
  let hub: Site;
  let dir: TempDir;
  let nc: NatsConnection;
  let working: CloudProcess;
  let api: CloudProcess;
  const admin = createApiKey("admin", ["admin"]);
  const writer = createApiKey("writer", ["write"]);

  beforeAll(async () => {
    hub = await startHub();
    dir = tempDir("platform");
    await applyTestTopology(hub);
    nc = await hub.connectCloud("cloud-all");
    const start = async (role: "cloud-consumers" | "cloud-api", ...args: string[]) => {
      const config = writeCloudConfig({
        dir: dir.path,
        servers: [hub.hub.url],
        seedFile: hub.deployment.seedFile(role),
        name: `${role}.yaml`,
        more: { apiKeys: [admin.entry, writer.entry] },
      });
      return await startCloudProcess({ ...config, key: admin.key }, args);
    };
    working = await start("cloud-consumers", "--role", "consumers", "--instance", "worker");
    api = await start("cloud-api", "--role", "api", "--instance", "answers");
    for (const each of [working, api]) {
      await eventually(async () => (await each.call("GET", "/readyz")).ok, { timeoutMs: 40_000 });
    }
  });
  afterAll(async () => {
    await (api as CloudProcess | undefined)?.stop();
    await (working as CloudProcess | undefined)?.stop();
    await hub.stop();
    dir.remove();
  });

  const get = async <B = Page>(path: string): Promise<B> => {
    const response = await api.call("GET", `/api/v1${path}`);
    expect({ path, status: response.status }).toEqual({ path, status: 200 });
    return (await response.json()) as B;
  };
  const post = async (path: string, json: unknown = {}) => {
    const response = await api.call("POST", `/api/v1${path}`, json);
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };
  const asWriter = async (path: string): Promise<number> => {
    const response = await fetch(`http://127.0.0.1:${api.port}/api/v1${path}`, {
      method: "POST",
      headers: { authorization: `Bearer ${writer.key}`, "content-type": "application/json" },
      body: "{}",
    });
    return response.status;
  };

  test("shows every stream with its copies and how far its readers are", async () => {
    const { status: _status, managerId: _managerId, ...fields } = person("ada");
    const entered = await post("/employees", fields);
    expect(entered).toMatchObject({ status: 201 });
    const stream = await eventually(async () => {
      const shown = await get<Record<string, unknown> & { consumers: Page["items"] }>(
        "/streams/EMPLOYEE",
      );
      const share = shareOfPartition(partitionOf("acme", "ada"));
      const directory = shown.consumers.find(({ name }) => name === `employee-directory-${share}`);
      return directory?.["lag"] === 0 && Number(directory["ackedSeq"]) > 0 ? shown : undefined;
    });
    expect(stream).toMatchObject({
      kind: "events",
      isHealthy: true,
      replicas: 1,
      firstSeq: 1,
      firstAt: expect.any(String),
      lastAt: expect.any(String),
    });
    const all = await get("/streams");
    expect(all.items.map(({ name }) => name)).toEqual(
      expect.arrayContaining(["CLOCK", "DLQ", "KV_leases", "OBJ_documents", "NOTIFY"]),
    );
    const first = await get("/streams?kind=bucket&limit=3");
    expect(first.items).toHaveLength(3);
    const second = await get(`/streams?kind=bucket&limit=3&cursor=${String(first.next)}`);
    expect(second.items[0]).not.toEqual(first.items[0]);
    expect((await api.call("GET", "/api/v1/streams/OTHER")).status).toBe(404);
  });

  test("says which process does what", async () => {
    const { processes } = await get<{
      processes: ReadonlyArray<{ session: string; isMember: boolean; holds: string[] }>;
    }>("/leases");
    const worker = processes.find(({ session }) => session.startsWith("worker-"));
    expect(worker).toMatchObject({ isMember: true });
    expect(worker?.holds).toEqual(expect.arrayContaining(["share-0", "share-7"]));
  });

  test("has read models built again, for who may ask", async () => {
    const models = await get("/read-models?name=employees");
    expect(models.items.map(({ process }) => process)).toEqual(["answers", "worker"]);
    expect(models.items[0]).toMatchObject({ behind: 0, faults: 0, isRunning: true });
    expect(models.items[1]).toMatchObject({ behind: null, isRunning: null });
    expect(await asWriter("/read-models/employees/rebuild")).toBe(403);
    expect(await post("/read-models/nothing/rebuild")).toMatchObject({ status: 404 });
    const asked = await post("/read-models/employees/rebuild");
    expect(asked.status).toBe(202);
    await eventually(
      async () => {
        const now = await get("/read-models?name=employees");
        return now.items.every((model) => model["isRebuildWanted"] === false);
      },
      { timeoutMs: 20_000 },
    );
    const metrics = await (await api.call("GET", "/metrics")).text();
    expect(metrics).toContain('clockleaf_projection_rebuilds_total{projection="employees"} 1');
  });

  test("shows feeds to other brokers as their processes posted them", async () => {
    const feed = {
      destination: "kafka" as const,
      stream: "ATTENDANCE",
      state: "halted" as const,
      position: 12,
      lag: 3,
      recordsTotal: 12,
      batchesTotal: 2,
      batchRecords: 6,
      batchMs: 4,
      restartsTotal: 0,
      fencedTotal: 0,
      deadLettersTotal: 0,
      error: { code: "bridge.unsafe" as const, message: "one copy" },
    };
    const ok = { ...feed, state: "running" as const, error: undefined };
    const board = await postStatuses({
      nc,
      tenant: "acme",
      statuses: () => [
        { ...feed, feed: "attendance" },
        { ...ok, feed: "leave" },
      ],
      everyMs: 3_600_000,
      // Never silent, however slow the machine is.
      nowMs: () => Date.now() + 3_600_000,
      log: silentLog(),
    });
    await board.close();
    const { items } = await get("/bridges");
    expect(items).toMatchObject([
      { feed: "attendance", state: "halted", isWell: false, error: { code: "bridge.unsafe" } },
      { feed: "leave", state: "running", isWell: true, error: null },
    ]);
    expect((await get("/bridges?isWell=false")).items).toHaveLength(1);
    expect((await get("/bridges?destination=redis")).items).toEqual([]);
  });

  test("has dead letters handled again, one or many, each with its own result", async () => {
    const jsm = await jetstreamManager(nc, { checkAPI: false });
    const original = await jsm.direct.getMessage(STREAMS.employee, { seq: 1 });
    if (original === null) throw new Error("nobody was entered");
    const { subject, data, header: headers } = original;
    const letter = { stream: STREAMS.employee, seq: 1, subject, data, headers };
    const error = new PlatformError("event.invalid", "no such site");
    const share = shareOfPartition(partitionOf("acme", "ada"));
    for (const consumer of [`employee-directory-${share}`, "gone", "gone"]) {
      await publishDeadLetter(nc, { ...letter, consumer, error });
    }
    const all = await get("/dead-letters");
    expect(all.items).toHaveLength(3);
    const first = await get("/dead-letters?limit=2");
    expect(first.items).toHaveLength(2);
    expect((await get(`/dead-letters?limit=2&cursor=${String(first.next)}`)).items).toHaveLength(1);
    expect((await get("/dead-letters?consumer=employee-directory")).items).toHaveLength(1);
    expect((await get("/dead-letters?code=internal")).items).toEqual([]);

    const shown = await get<Record<string, unknown>>("/dead-letters/1");
    expect(shown).toMatchObject({ code: "event.invalid", reason: "no such site" });
    expect(JSON.stringify(shown)).not.toContain(person("ada").lastName);

    expect(await asWriter("/dead-letters/1/retry")).toBe(403);
    expect(await post("/dead-letters/1/retry")).toMatchObject({
      status: 200,
      body: { letter: 1, outcome: "done" },
    });
    expect(await post("/dead-letters/1/retry")).toMatchObject({ status: 404 });
    expect(await post("/dead-letters:retry")).toMatchObject({ status: 422 });
    expect(await post("/dead-letters:retry", { letters: [1, 2] })).toMatchObject({
      status: 200,
      body: {
        isAllDone: false,
        items: [
          { letter: 1, outcome: "not-found" },
          { letter: 2, outcome: "nobody" },
        ],
      },
    });
    const many = await post("/dead-letters:retry", { consumer: "gone", limit: 5 });
    expect(many.body["items"]).toHaveLength(2);
  });
});
