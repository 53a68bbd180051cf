import { randomUUID } from "node:crypto";
import { rmSync } from "node:fs";
import { join } from "node:path";
import type { EmployeeData } from "@clockleaf/shared/events/employee.ts";
import { silentLog } from "@clockleaf/shared/lib/log.ts";
import { eventSubject } from "@clockleaf/shared/subjects.ts";
import { jetstream } from "@nats-io/jetstream";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { connectionGate } from "../../cloud/eventing/connection-gate.ts";
import type { EventStore } from "../../cloud/eventing/event-store.ts";
import { openJsEventStore } from "../../cloud/eventing/js-event-store.ts";
import type { Projection, ProjectionRunner } from "../../cloud/eventing/projection.ts";
import { createProjectionRunner } from "../../cloud/eventing/projection-runner.ts";
import {
  openReadModel,
  readFaults,
  type WritableReadModel,
} from "../../cloud/eventing/read-model.ts";
import { applyTestTopology, type CloudHub, startCloudHub } from "../support/cloud-hub.ts";
import { eventually } from "../support/eventually.ts";
import { findNatsServer } from "../support/nats.ts";
import { available } from "../support/parts.ts";
import { person } from "../support/people.ts";
import { type TempDir, tempDir } from "../support/temp.ts";

interface Rows {
  titles: { seq: number; title: string };
}

/** Inserts, so that an event applied twice breaks the primary key and one left out is missed. */
const titles = (tenant: string, version = 1): Projection<Rows> => ({
  name: "titles",
  version,
  stream: "EMPLOYEE",
  filterSubjects: [`evt.v1.employee.*.${tenant}.*`],
  async migrate(db) {
    await db.schema
      .createTable("titles")
      .addColumn("seq", "integer", (column) => column.primaryKey())
      .addColumn("title", "text", (column) => column.notNull())
      .execute();
  },
  async apply(tx, { seq, event }) {
    const { jobTitle } = event.data as EmployeeData;
    await tx.insertInto("titles").values({ seq, title: jobTitle }).execute();
  },
});

const rowsOf = async (model: WritableReadModel<Rows>): Promise<string[]> =>
  (await model.db.selectFrom("titles").select("title").orderBy("seq").execute()).map(
    (row) => row.title,
  );
const many = (count: number): string[] => Array.from({ length: count }, (_, n) => `title ${n}`);

describe.skipIf(!available("nats-server", findNatsServer()))("a projection", () => {
  let cloud: CloudHub;
  let store: EventStore;
  let dir: TempDir;
  let tenant: string;
  const open: Array<{ close(): Promise<void> }> = [];
  beforeAll(async () => {
    cloud = await startCloudHub("cloud-api");
    store = await openJsEventStore({ nc: cloud.nc });
  });
  afterAll(() => cloud[Symbol.asyncDispose]());
  beforeEach(() => {
    dir = tempDir("projection");
    tenant = `t-${randomUUID()}`;
  });
  afterEach(async () => {
    for (const each of open.splice(0).toReversed()) await each.close();
    dir.remove();
  });

  /** Appends one event per title to a new aggregate; the sequence of the last. */
  const append = async (...jobTitles: string[]): Promise<number> => {
    const address = { domain: "employee" as const, tenant, aggregateId: randomUUID() };
    const events = jobTitles.map((jobTitle) => ({
      type: "employee.employee.updated",
      data: person(address.aggregateId, jobTitle),
    }));
    const cause = {
      source: "test",
      atMs: 1,
      correlationId: null,
      causationId: null,
      traceparent: undefined,
    };
    const seqs = await store.append([{ address, expectedSeq: 0, events }], cause);
    return seqs.get(eventSubject(address)) ?? 0;
  };
  const follow = async (
    projection: Projection<Rows>,
  ): Promise<{ model: WritableReadModel<Rows>; runner: ProjectionRunner }> => {
    const model = await openReadModel(dir.path, projection);
    const runner = createProjectionRunner({ nc: cloud.nc, model, log: silentLog() });
    open.push(model, runner);
    runner.start();
    return { model, runner };
  };

  test("applies what was there and what comes, and can be waited for", async () => {
    const early = many(900);
    await append(...early);
    const { model, runner } = await follow(titles(tenant));
    const seq = await append("late");
    expect(await runner.waitFor(seq, 10_000)).toBe(true);
    expect(await rowsOf(model)).toEqual([...early, "late"]);
    expect(await runner.waitFor(seq + 1, 20)).toBe(false);
    expect(runner.status()).toMatchObject({
      position: seq,
      lag: 0,
      appliedTotal: 901,
      isRunning: true,
    });
  });

  test("that dies between rows and checkpoint repeats neither and skips neither", async () => {
    const all = many(30);
    const seq = await append(...all);
    const projection = titles(tenant);
    let crashes = 0;
    // Throws after the rows of the event were written, at every tenth event, the first time round.
    const crashing: Projection<Rows> = {
      ...projection,
      async apply(tx, stored) {
        await projection.apply(tx, stored);
        if (
          crashes < 5 &&
          (stored.event.data as EmployeeData).jobTitle === `title ${crashes * 6}`
        ) {
          crashes += 1;
          throw new Error("power cut");
        }
      },
    };
    const { model, runner } = await follow(crashing);
    expect(await runner.waitFor(seq, 20_000)).toBe(true);
    expect(crashes).toBe(5);
    expect(await rowsOf(model)).toEqual(all);
    expect(runner.status()).toMatchObject({ appliedTotal: 30, restartsTotal: 5 });
  });

  test("goes on where its file says after a restart of the process", async () => {
    const first = await follow(titles(tenant));
    await first.runner.waitFor(await append("a", "b"), 10_000);
    await first.runner.close();
    await first.model.close();
    open.length = 0;
    const seq = await append("c");
    const second = await follow(titles(tenant));
    expect(await second.runner.waitFor(seq, 10_000)).toBe(true);
    expect(await rowsOf(second.model)).toEqual(["a", "b", "c"]);
    expect(second.runner.status().appliedTotal).toBe(1);
  });

  test("of another version is built again from the stream", async () => {
    const first = await follow(titles(tenant));
    const seq = await append("a", "b");
    await first.runner.waitFor(seq, 10_000);
    await first.runner.close();
    await first.model.close();
    open.length = 0;
    const next: Projection<Rows> = {
      ...titles(tenant, 2),
      async apply(tx, { seq: at, event }) {
        const title = (event.data as EmployeeData).jobTitle.toUpperCase();
        await tx.insertInto("titles").values({ seq: at, title }).execute();
      },
    };
    const second = await follow(next);
    expect(await second.runner.waitFor(seq, 10_000)).toBe(true);
    expect(await rowsOf(second.model)).toEqual(["A", "B"]);
  });

  test("passes over what it cannot read, and keeps a note of it", async () => {
    await append("before");
    const bad = eventSubject({ domain: "employee", tenant, aggregateId: "bad" });
    const { seq: badSeq } = await jetstream(cloud.nc).publish(bad, "not msgpack at all");
    const { model, runner } = await follow(titles(tenant));
    expect(await runner.waitFor(await append("after"), 10_000)).toBe(true);
    expect(await rowsOf(model)).toEqual(["before", "after"]);
    expect(runner.status().faultsTotal).toBe(1);
    expect(await readFaults(model)).toMatchObject([
      { seq: badSeq, subject: bad, code: "wire.malformed" },
    ]);
  });

  test("misses and repeats nothing while the hub is killed under it", async () => {
    const { model, runner } = await follow(titles(tenant));
    let seq = 0;
    const all: string[] = [];
    for (let round = 0; round < 3; round += 1) {
      const some = many(50).map((title) => `${round} ${title}`);
      seq = await append(...some);
      all.push(...some);
      await cloud.site.hub.kill();
      await cloud.site.hub.start();
      await eventually(() => connectionGate(cloud.nc).isConnected);
    }
    expect(await runner.waitFor(seq, 20_000)).toBe(true);
    expect(await rowsOf(model)).toEqual(all);
  });

  test("forgets the rows of a stream that was replaced, and follows the new one", async () => {
    // A hub of its own: its streams are thrown away.
    await using wiped = await startCloudHub("cloud-api");
    const before = cloud;
    const beforeStore = store;
    cloud = wiped;
    store = await openJsEventStore({ nc: wiped.nc });
    try {
      const { model, runner } = await follow(titles(tenant));
      await runner.waitFor(await append("old", "older", "oldest"), 10_000);
      expect(await rowsOf(model)).toEqual(["old", "older", "oldest"]);
      await wiped.site.hub.kill();
      rmSync(join(wiped.site.dir, "hub", "jetstream"), { recursive: true });
      await wiped.site.hub.start();
      await eventually(() => connectionGate(wiped.nc).isConnected);
      await applyTestTopology(wiped.site);
      await append("new");
      await eventually(async () => (await rowsOf(model)).join() === "new", { timeoutMs: 20_000 });
      await runner.close();
    } finally {
      cloud = before;
      store = beforeStore;
    }
  });
});
