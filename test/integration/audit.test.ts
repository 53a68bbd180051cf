import { rmSync } from "node:fs";
import { join } from "node:path";
import { silentLog } from "@clockleaf/shared/lib/log.ts";
import { DOMAINS, type Domain, eventSubject, STREAMS } from "@clockleaf/shared/subjects.ts";
import { jetstream, jetstreamManager } from "@nats-io/jetstream";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import type { ApiRouter } from "../../cloud/api/router.ts";
import { type AuditContext, startAudit } from "../../cloud/audit/audit.ts";
import { readHistory } from "../../cloud/audit/history.ts";
import { createAuditRoutes } from "../../cloud/audit/routes.ts";
import {
  consistencySchema,
  entrySchema,
  headSchema,
  inclusionSchema,
} from "../../cloud/audit/views.ts";
import { verifyAudit } from "../../cloud/cli/audit.ts";
import type { EventStore, NewEvent } from "../../cloud/eventing/event-store.ts";
import { openJsEventStore } from "../../cloud/eventing/js-event-store.ts";
import { heldHere } from "../../cloud/eventing/leases.ts";
import { createMemoryVault, type PersonalVault } from "../../cloud/eventing/vault.ts";
import { TOLD_AGGREGATES } from "../../cloud/told.ts";
import { runCloud, writeCloudConfig } from "../support/cloud.ts";
import { type CloudHub, startCloudHub } from "../support/cloud-hub.ts";
import { contextApi } from "../support/context-api.ts";
import { eventually } from "../support/eventually.ts";
import { verifiesConsistency, verifiesInclusion } from "../support/merkle.ts";
import { findNatsServer } from "../support/nats.ts";
import { available } from "../support/parts.ts";
import { person } from "../support/people.ts";
import { type TempDir, tempDir } from "../support/temp.ts";

const TENANT = "acme";
const NOW = Date.parse("2026-11-24T08:00:00Z");
const CAUSE = {
  source: "test",
  atMs: NOW,
  correlationId: "c-1",
  causationId: "request-1",
  traceparent: undefined,
};
const refused = (code: string): unknown => expect.objectContaining({ kind: "refusal", code });
const bytes = (hex: string): Buffer => Buffer.from(hex, "hex");
const pageSchema = z.object({ items: z.array(entrySchema), next: z.string().nullable() });

const get = async <S extends z.ZodType>(
  api: ApiRouter,
  path: string,
  schema: S,
): Promise<z.output<S>> => {
  const response = await api.request(path);
  expect(response.status).toBe(200);
  return schema.parse(await response.json());
};

describe.skipIf(!available("nats-server", findNatsServer()))("the audit log", () => {
  let cloud: CloudHub;
  let dir: TempDir;
  let store: EventStore;
  let vault: PersonalVault;
  const running: AuditContext[] = [];
  let people = 0;

  const start = async (folder: string): Promise<{ context: AuditContext; api: ApiRouter }> => {
    const context = await startAudit({
      nc: cloud.nc,
      eventStore: store,
      vault,
      tenant: TENANT,
      dataDir: join(dir.path, folder),
      nowMs: () => NOW,
      log: silentLog(),
      leases: heldHere(),
      isWorking: true,
      aggregates: TOLD_AGGREGATES,
    });
    running.push(context);
    return { context, api: contextApi(createAuditRoutes(context.routes)) };
  };
  /** Stores events of so many new people, and something in LEAVE and DOCUMENT about each. */
  const store3 = async (count: number): Promise<void> => {
    for (let index = 0; index < count; index += 1) {
      people += 1;
      const employeeId = `e-${people}`;
      const append = (domain: Domain, aggregateId: string, event: NewEvent) =>
        store.append(
          [{ address: { domain, tenant: TENANT, aggregateId }, expectedSeq: 0, events: [event] }],
          CAUSE,
        );
      const data = person(employeeId);
      await append("employee", employeeId, { type: "employee.employee.created", data });
      const account = { employeeId, openedOn: "2026-01-01", zone: "UTC", policies: [] };
      await append("leave", employeeId, { type: "leave.account.created", data: account });
      const documentId = `d-${people}`;
      const erased = { documentId, by: "test", at: NOW };
      await append("document", documentId, { type: "document.document.erased", data: erased });
    }
  };
  const stored = async (): Promise<number> => {
    const jsm = await jetstreamManager(cloud.nc);
    const states = await Promise.all(
      DOMAINS.filter((domain) => domain !== "audit").map((domain) =>
        jsm.streams.info(STREAMS[domain]),
      ),
    );
    return states.reduce((sum, { state }) => sum + state.messages, 0);
  };
  const whole = async (api: ApiRouter): Promise<z.output<typeof headSchema>> => {
    const wanted = await stored();
    return await eventually(
      async () => {
        const head = await get(api, "/audit/head", headSchema);
        return head.size === wanted ? head : undefined;
      },
      { what: "every event to have its entry", timeoutMs: 20_000 },
    );
  };
  const verify = () => verifyAudit({ nc: cloud.nc, tenant: TENANT });

  beforeAll(async () => {
    cloud = await startCloudHub("cloud-consumers");
    dir = tempDir("audit");
    vault = createMemoryVault();
    store = await openJsEventStore({ nc: cloud.nc, vault });
  });
  afterAll(async () => {
    for (const context of running) await context.close();
    await cloud[Symbol.asyncDispose]();
    dir.remove();
  });

  test("gives every event one entry, in its stream's order, and says who stored it and why", async () => {
    await store3(20);
    const { api } = await start("first");
    await whole(api);
    expect(await verify()).toMatchObject({ entries: 60, events: 60, waiting: 0, faults: [] });
    const { items } = await get(api, "/audit/entries?aggregate=e-7&limit=10", pageSchema);
    expect(items.map(({ eventType }) => eventType).toSorted()).toEqual([
      "employee.employee.created",
      "leave.account.created",
    ]);
    expect(items[0]).toMatchObject({
      source: "test",
      correlationId: "c-1",
      causationId: "request-1",
    });
    const [one] = items;
    expect(await get(api, `/audit/entries/${one?.entry}`, entrySchema)).toEqual(one);
    expect((await api.request("/audit/entries/1000000")).status).toBe(404);
  });

  test("pages through the log, newest first, and filters by type, source and time", async () => {
    const { api } = await start("first-again");
    await whole(api);
    const seen: number[] = [];
    for (let path: string | null = "/audit/entries?limit=25"; path !== null; ) {
      const { items, next }: z.output<typeof pageSchema> = await get(api, path, pageSchema);
      seen.push(...items.map(({ entry }) => entry));
      path = next === null ? null : `/audit/entries?limit=25&cursor=${next}`;
    }
    expect(seen).toEqual(Array.from({ length: 60 }, (_, index) => 60 - index));
    const count = async (query: string) =>
      (await get(api, `/audit/entries?limit=500&${query}`, pageSchema)).items.length;
    expect(await count("type=leave.account.created")).toBe(20);
    expect(await count("source=test")).toBe(60);
    expect(await count("source=nobody")).toBe(0);
    expect(await count("stream=DOCUMENT")).toBe(20);
    expect(await count("correlation=c-1&from=2026-11-24T08:00:00Z")).toBe(60);
    expect(await count("to=2026-11-24T08:00:00Z")).toBe(0);
  });

  test("neither repeats nor skips with several processes, restarts and lost read models", async () => {
    const { context: rival, api } = await start("rival");
    const writing = store3(60);
    await rival.close();
    const { context: second } = await start("rival-2");
    rmSync(join(dir.path, "rival"), { recursive: true });
    const { context: third } = await start("rival");
    await second.close();
    await writing;
    await store3(10);
    const { context: latest, api: last } = await start("late");
    await whole(last);
    // Who lost every race and has nothing left to write is not stuck on the last one.
    await eventually(() =>
      [third, latest].every(({ consumers }) =>
        consumers.every((each) => each.stats().stuckOn === undefined),
      ),
    );
    await third.close();
    expect(api).toBeDefined();
    expect(await verify()).toMatchObject({ waiting: 0, faults: [] });
  });

  test("proves entries, and that it begins with what it was before", async () => {
    const { api } = await start("proofs");
    const before = await whole(api);
    await store3(15);
    const now = await whole(api);
    for (const entry of [1, 2, 17, before.size, now.size]) {
      const proof = await get(api, `/audit/proof/${entry}`, inclusionSchema);
      expect(proof).toMatchObject({ size: now.size, rootHash: now.rootHash });
      const path = proof.path.map(bytes);
      const checked = { index: entry - 1, size: now.size, path, root: bytes(now.rootHash) };
      expect(verifiesInclusion(bytes(proof.leafHash), checked)).toBe(true);
    }
    const then = await get(api, `/audit/proof/3?size=${before.size}`, inclusionSchema);
    expect(then.rootHash).toBe(before.rootHash);
    const { path, ...ends } = await get(
      api,
      `/audit/consistency?first=${before.size}`,
      consistencySchema,
    );
    expect(ends).toMatchObject({ firstRootHash: before.rootHash, secondRootHash: now.rootHash });
    const proof = {
      first: before.size,
      second: now.size,
      path: path.map(bytes),
      firstRoot: bytes(before.rootHash),
      secondRoot: bytes(now.rootHash),
    };
    expect(verifiesConsistency(proof)).toBe(true);
    expect((await api.request("/audit/proof/1?size=1000000")).status).toBe(409);
    expect((await api.request("/audit/consistency?first=1000000")).status).toBe(409);
  });

  test("goes on after the hub was killed", async () => {
    const { api } = await start("outage");
    await whole(api);
    await cloud.site.hub.kill();
    await cloud.site.hub.start();
    await eventually(() => store3(1).then(() => true), {
      what: "the hub to take events",
      timeoutMs: 20_000,
    });
    await whole(api);
    expect(await verify()).toMatchObject({ faults: [] });
  });

  test("says by the command line that nothing is wrong, keeps its head, and an erasure changes nothing", async () => {
    const { file } = writeCloudConfig({
      dir: dir.path,
      servers: [cloud.site.hub.url],
      seedFile: cloud.site.deployment.seedFile("cloud-all"),
    });
    const args = ["audit", "verify", "--config", file, "--json"];
    const clean = await runCloud(args);
    expect(clean).toMatchObject({ code: 0 });
    const { entries, rootHash } = z
      .object({ entries: z.number(), rootHash: z.string() })
      .parse(JSON.parse(clean.stdout));
    await vault.erase({ tenant: TENANT, personId: "e-1" });
    await store3(1);
    const { api } = await start("after-erasure");
    await whole(api);
    const later = await runCloud([...args, "--head", `${entries}:${rootHash}`]);
    expect(later.code).toBe(0);
    const another = await runCloud([...args, "--head", `${entries}:${"0".repeat(64)}`]);
    expect(another.code).toBe(1);
    expect(another.stdout).toContain("wrong-head");
  });

  test("passes over a forged entry, goes on recording, and the check locates the forgery", async () => {
    const { api } = await start("forged");
    const { size } = await whole(api);
    const jsm = await jetstreamManager(cloud.nc);
    const subject = eventSubject({ domain: "audit", tenant: TENANT, aggregateId: "log" });
    const newest = await jsm.direct.getMessage(STREAMS.audit, { last_by_subj: subject });
    const { seq } = await jetstream(cloud.nc).publish(subject, newest?.data ?? "");
    await store3(3);
    const head = await whole(api);
    expect(head).toMatchObject({ size: size + 9, strangers: 1 });
    const { faults } = await verify();
    expect(faults[0]).toMatchObject({ stream: STREAMS.audit, seq, kind: "wrong-number" });
  });

  test("tells no change where it would have to guess", async () => {
    const { context, api } = await start("changes");
    const address = { domain: "employee", tenant: TENANT, aggregateId: "e-2" } as const;
    const change = async (lastName: string, lastKnown?: number): Promise<void> => {
      const expectedSeq = lastKnown ?? (await store.load(address, 0)).lastSeq;
      const data = { ...person("e-2"), lastName };
      const events = [{ type: "employee.employee.updated", data }];
      await store.append([{ address, expectedSeq, events }], CAUSE);
    };
    await change("One");
    await change("Two");
    await whole(api);
    const list = "/audit/entries?aggregate=e-2&stream=EMPLOYEE";
    const { items } = await get(api, list, pageSchema);
    const [newest] = items;
    if (newest === undefined) throw new Error("no entry");
    const entry = { ...newest, at: newest.atMs };
    const { history } = context.routes;
    const read = async (more: Partial<typeof entry>, options: Partial<typeof history> = {}) =>
      await readHistory({ ...history, ...options }, { ...entry, ...more });

    const sure = await read({});
    expect(sure).toMatchObject({ aggregate: { kind: "person" }, isErased: false });
    expect(await read({}, { maxEvents: 2 })).toMatchObject({ isErased: false });
    expect(await read({}, { maxEvents: 1 })).toEqual(refused("audit.history-too-long"));
    expect(await read({ bytesHash: "0".repeat(64) })).toEqual(refused("audit.event-altered"));
    expect(await read({ streamSeq: 1_000_000 })).toEqual(refused("audit.event-missing"));
    expect(await read({ eventType: "unreadable" })).toEqual(refused("audit.event-unreadable"));

    // Something that is no event, between those of the person: what came of it nobody can say.
    const { seq } = await jetstream(cloud.nc).publish(eventSubject(address), "garbage");
    await change("Three", seq);
    await whole(api);
    const [last, garbage] = (await get(api, list, pageSchema)).items;
    for (const one of [last, garbage]) {
      const response = await api.request(`/audit/entries/${one?.entry}/change`);
      expect([response.status, await response.json()]).toEqual([
        409,
        expect.objectContaining({ code: "audit.event-unreadable" }),
      ]);
    }
    expect((await api.request(`/audit/entries/${entry.entry}/change`)).status).toBe(200);
  });
});
