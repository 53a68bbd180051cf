import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import type { EmployeeData } from "@clockleaf/shared/events/employee.ts";
import { silentLog } from "@clockleaf/shared/lib/log.ts";
import { eventSubject } from "@clockleaf/shared/subjects.ts";
import { jetstream } from "@nats-io/jetstream";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { connectionGate } from "../../cloud/eventing/connection-gate.ts";
import type { EventStore } from "../../cloud/eventing/event-store.ts";
import { readFaults } from "../../cloud/eventing/generation.ts";
import { openJsEventStore } from "../../cloud/eventing/js-event-store.ts";
import type { Projection, ProjectionRunner } from "../../cloud/eventing/projection.ts";
import { createProjectionRunner } from "../../cloud/eventing/projection-runner.ts";
import { openReadModel, type WritableReadModel } from "../../cloud/eventing/read-model.ts";
import { applyTestTopology, type CloudHub, startCloudHub } from "../support/cloud-hub.ts";
import { eventually } from "../support/eventually.ts";
import { findNatsServer } from "../support/nats.ts";
import { available } from "../support/parts.ts";
import { person } from "../support/people.ts";
import {
  hasStore,
  type PlaceInWords,
  type Places,
  type StoreName,
  startPlaces,
} from "../support/read-model-place.ts";
import { tempDir } from "../support/temp.ts";
import { type TitlesDb, titlesProjection as titles } from "../support/titles-projection.ts";

const CHILD = join(import.meta.dirname, "../support/projection-child.ts");

const titlesIn = async (model: WritableReadModel<TitlesDb>): Promise<string[]> =>
  (await model.db.selectFrom("titles").select("title").orderBy("seq").execute()).map(
    (row) => row.title,
  );
const many = (count: number): string[] => Array.from({ length: count }, (_, n) => `title ${n}`);

const jobTitleOf = ({ data }: { readonly data: unknown }): string =>
  (data as EmployeeData).jobTitle;

/** The same in capitals: what another version of the program makes of the same events. */
const loud = (tenant: string, version: number): Projection<TitlesDb> => ({
  ...titles(tenant, version),
  async apply(tx, { seq, event }) {
    const title = jobTitleOf(event).toUpperCase();
    await tx.insertInto("titles").values({ seq, title }).execute();
  },
});

const isPossible = (store: StoreName): boolean =>
  available("nats-server", findNatsServer()) && hasStore(store);

/** What every kind of store keeps. Run by one test file for each. */
export function describeReadModel(store: StoreName): void {
  describe.skipIf(!isPossible(store))(`a read model in ${store}`, () => {
    let cloud: CloudHub;
    let events: EventStore;
    let places: Places;
    let where: PlaceInWords;
    let tenant: string;
    const open: Array<{ close(): Promise<void> }> = [];
    beforeAll(async () => {
      cloud = await startCloudHub("cloud-api");
      events = await openJsEventStore({ nc: cloud.nc });
      places = await startPlaces(store);
    });
    afterAll(async () => {
      await places[Symbol.asyncDispose]();
      await cloud[Symbol.asyncDispose]();
    });
    beforeEach(() => {
      where = places.fresh();
      tenant = `t-${randomUUID()}`;
    });
    afterEach(async () => {
      for (const each of open.splice(0).toReversed()) await each.close();
    });

    /** Appends one event per title to a new aggregate; the sequence of the last. */
    const append = async (...jobTitles: string[]): Promise<number> => {
      const address = { domain: "employee" as const, tenant, aggregateId: randomUUID() };
      const all = jobTitles.map((jobTitle) => ({
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
      const seqs = await events.append([{ address, expectedSeq: 0, events: all }], cause);
      return seqs.get(eventSubject(address)) ?? 0;
    };
    const follow = async (
      projection: Projection<TitlesDb>,
    ): Promise<{ model: WritableReadModel<TitlesDb>; runner: ProjectionRunner }> => {
      const model = await openReadModel(places.open(where), projection);
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
      expect(await titlesIn(model)).toEqual([...early, "late"]);
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
      const crashing: Projection<TitlesDb> = {
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
      expect(await titlesIn(model)).toEqual(all);
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
      expect(await titlesIn(second.model)).toEqual(["a", "b", "c"]);
      expect(second.runner.status().appliedTotal).toBe(1);
    });

    test("of another version is built again from the stream", async () => {
      const first = await follow(titles(tenant));
      const seq = await append("a", "b");
      await first.runner.waitFor(seq, 10_000);
      await first.runner.close();
      await first.model.close();
      open.length = 0;
      const second = await follow(loud(tenant, 2));
      expect(await second.runner.waitFor(seq, 10_000)).toBe(true);
      await eventually(() => second.runner.status().rebuildsTotal === 1);
      expect(await titlesIn(second.model)).toEqual(["A", "B"]);
      expect(await second.runner.waitFor(await append("c"), 10_000)).toBe(true);
      expect(await titlesIn(second.model)).toEqual(["A", "B", "C"]);
    });

    test("passes over what it cannot read, and keeps a note of it", async () => {
      await append("before");
      const bad = eventSubject({ domain: "employee", tenant, aggregateId: "bad" });
      const { seq: badSeq } = await jetstream(cloud.nc).publish(bad, "not msgpack at all");
      const { model, runner } = await follow(titles(tenant));
      expect(await runner.waitFor(await append("after"), 10_000)).toBe(true);
      expect(await titlesIn(model)).toEqual(["before", "after"]);
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
      expect(await titlesIn(model)).toEqual(all);
    });

    test("forgets the rows of a stream that was replaced, and follows the new one", async () => {
      // A hub of its own: its streams are thrown away.
      await using wiped = await startCloudHub("cloud-api");
      const before = cloud;
      const beforeEvents = events;
      cloud = wiped;
      events = await openJsEventStore({ nc: wiped.nc });
      try {
        const { model, runner } = await follow(titles(tenant));
        await runner.waitFor(await append("old", "older", "oldest"), 10_000);
        expect(await titlesIn(model)).toEqual(["old", "older", "oldest"]);
        await wiped.site.hub.kill();
        rmSync(join(wiped.site.dir, "hub", "jetstream"), { recursive: true });
        await wiped.site.hub.start();
        await eventually(() => connectionGate(wiped.nc).isConnected);
        await applyTestTopology(wiped.site);
        await append("new");
        await eventually(async () => (await titlesIn(model)).join() === "new", {
          timeoutMs: 20_000,
        });
        await runner.close();
      } finally {
        cloud = before;
        events = beforeEvents;
      }
    });

    /** Runs the projection in a process of its own. */
    const spawnChild = (dieAt: number | null) =>
      spawn(
        process.execPath,
        [
          CHILD,
          JSON.stringify({
            servers: [cloud.site.hub.url],
            seedFile: cloud.site.deployment.seedFile("cloud-api"),
            tenant,
            place: where,
            dieAt,
          }),
        ],
        { stdio: ["ignore", "pipe", "inherit"] },
      );

    test("keeps neither rows nor checkpoint of a process killed with kill -9 between them", async () => {
      const all = many(40);
      const seq = await append(...all);
      for (const dieAt of [seq - 39, seq - 20, seq]) {
        const child = spawnChild(dieAt);
        await once(child, "exit");
        expect(child.signalCode).toBe("SIGKILL");
        const model = await openReadModel(places.open(where), titles(tenant));
        const rows = await titlesIn(model);
        const { position } = await model.checkpoint();
        expect(rows).toEqual(all.slice(0, Math.max(0, position - (seq - 40))));
        await model.close();
      }
      const { model, runner } = await follow(titles(tenant));
      expect(await runner.waitFor(seq, 10_000)).toBe(true);
      expect(await titlesIn(model)).toEqual(all);
    });

    test("is right when two processes apply the same stream to it", async () => {
      const child = spawnChild(null);
      await once(child.stdout, "data");
      const { model, runner } = await follow(titles(tenant));
      const all: string[] = [];
      let seq = 0;
      for (let round = 0; round < 20; round += 1) {
        const some = many(25).map((title) => `${round} ${title}`);
        all.push(...some);
        seq = await append(...some);
      }
      expect(await runner.waitFor(seq, 20_000)).toBe(true);
      child.kill("SIGKILL");
      await once(child, "exit");
      expect(await titlesIn(model)).toEqual(all);
    });

    test("answers and follows while it is built again, and has the new rows in one step", async () => {
      const early = many(600);
      await append(...early);
      let isHeld = false;
      const release = Promise.withResolvers<void>();
      const { model, runner } = await follow({
        ...titles(tenant),
        // Holds up the rebuild at its first event: only then are these rows there already.
        async apply(tx, stored) {
          if (isHeld && jobTitleOf(stored.event) === "title 0") await release.promise;
          await titles(tenant).apply(tx, stored);
        },
      });
      await runner.waitFor(await append("live"), 10_000);
      isHeld = true;
      await runner.rebuild();
      await eventually(() => runner.status().rebuild !== undefined);
      expect(await runner.waitFor(await append("while building"), 10_000)).toBe(true);
      const old = [...early, "live", "while building"];
      expect(await titlesIn(model)).toEqual(old);
      // Something the rebuild will not have, to tell the two apart.
      await model.writer.insertInto("titles").values({ seq: 0, title: "by hand" }).execute();
      expect(await titlesIn(model)).toEqual(["by hand", ...old]);
      const over = new AbortController();
      const seen = new Set<number>();
      const reading = (async () => {
        while (!over.signal.aborted) {
          seen.add((await titlesIn(model)).length);
          await setImmediate(); // SQLite alone would not let anything else run
        }
      })();
      release.resolve();
      await eventually(() => runner.status().rebuildsTotal === 1, { timeoutMs: 20_000 });
      over.abort();
      await reading;
      expect(await titlesIn(model)).toEqual(old);
      expect([...seen].every((count) => count === old.length || count === old.length + 1)).toBe(
        true,
      );
      expect(runner.status().rebuild).toBeUndefined();
      expect(await runner.waitFor(await append("after"), 10_000)).toBe(true);
      expect(await titlesIn(model)).toEqual([...old, "after"]);
    });

    test("goes on with a rebuild that a crash broke off, the old rows answering", async () => {
      const all = many(300);
      const seq = await append(...all);
      const first = await follow(titles(tenant));
      await first.runner.waitFor(seq, 10_000);
      await first.runner.close();
      let isBroken = true;
      // Every batch but the first fails, as long as it is broken.
      const breaking: Projection<TitlesDb> = {
        ...loud(tenant, 2),
        async apply(tx, stored) {
          if (isBroken && jobTitleOf(stored.event) === "title 280") throw new Error("power cut");
          await loud(tenant, 2).apply(tx, stored);
        },
      };
      const second = await follow(breaking);
      await eventually(() => (second.runner.status().rebuild?.position ?? 0) > seq - 100);
      await second.runner.close();
      await second.model.close();
      await first.model.close();
      open.length = 0;
      const third = await follow(breaking);
      expect(await titlesIn(third.model)).toEqual(all);
      isBroken = false;
      await eventually(() => third.runner.status().rebuildsTotal === 1, { timeoutMs: 20_000 });
      expect(await titlesIn(third.model)).toEqual(all.map((title) => title.toUpperCase()));
    });

    test("equals what is built again from its stream, and does not when a row depends on more than that", async () => {
      const seq = await append(...many(700));
      const { runner } = await follow(titles(tenant));
      await runner.waitFor(seq, 10_000);
      using scratch = tempDir("scratch");
      const live = places.open(where);
      const equal = await runner.check({ live, scratchDir: join(scratch.path, "a") });
      expect(equal).toMatchObject({ name: "job-titles", isEqual: true, rows: 700, events: 700 });
      expect(equal.rebuiltHash).toBe(equal.liveHash);

      where = places.fresh();
      let calls = 0;
      const fickle = await follow({
        ...titles(tenant),
        async apply(tx, { seq: at, event }) {
          calls += 1;
          const title = calls === 1_100 ? "planted" : jobTitleOf(event);
          await tx.insertInto("titles").values({ seq: at, title }).execute();
        },
      });
      await fickle.runner.waitFor(seq, 10_000);
      const other = await fickle.runner.check({
        live: places.open(where),
        scratchDir: join(scratch.path, "b"),
      });
      expect(other).toMatchObject({ isEqual: false, rows: 700, events: 700 });
    });
  });
}
