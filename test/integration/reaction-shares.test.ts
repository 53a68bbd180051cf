import { randomUUID } from "node:crypto";
import { silentLog } from "@clockleaf/shared/lib/log.ts";
import {
  partitionOf,
  SHARES,
  STREAMS,
  shareOfPartition,
  tenantSubjects,
} from "@clockleaf/shared/subjects.ts";
import { jetstreamManager } from "@nats-io/jetstream";
import type { NatsConnection } from "nats";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { type ConsumerRunner, createConsumerRunner } from "../../cloud/eventing/consumer-runner.ts";
import type { EventStore, StoredEvent } from "../../cloud/eventing/event-store.ts";
import { openJsEventStore } from "../../cloud/eventing/js-event-store.ts";
import { createLeases } from "../../cloud/eventing/kv-leases.ts";
import { openLeaseBucket } from "../../cloud/eventing/lease-bucket.ts";
import { heldHere, type Leases, type RunningLeases } from "../../cloud/eventing/leases.ts";
import { createReaction } from "../../cloud/eventing/reaction.ts";
import { LEASE_TTL_MS } from "../../cloud/streams/topology.ts";
import { type CloudHub, startCloudHub } from "../support/cloud-hub.ts";
import { whenWorkedOff } from "../support/consumers.ts";
import { eventually } from "../support/eventually.ts";
import { findNatsServer } from "../support/nats.ts";
import { available } from "../support/parts.ts";
import { person } from "../support/people.ts";

const log = silentLog();
const CREATED = "employee.employee.created";
const UPDATED = "employee.employee.updated";

const allShares = (name: string): string[] =>
  Array.from({ length: SHARES }, (_, share) => `test-${name}-${share}`);

describe.skipIf(!available("nats-server", findNatsServer()))("the shares of a reaction", () => {
  let cloud: CloudHub;
  let store: EventStore;
  let tenant: string;
  const running: Array<ConsumerRunner | RunningLeases> = [];
  beforeAll(async () => {
    cloud = await startCloudHub("cloud-consumers");
    store = await openJsEventStore({ nc: cloud.nc });
  });
  afterEach(async () => {
    for (const each of running.splice(0)) await each.close();
  });
  afterAll(() => cloud[Symbol.asyncDispose]());

  const seqs = new Map<string, number>();
  const append = async (employeeId: string, type: string): Promise<void> => {
    const address = { domain: "employee", tenant, aggregateId: employeeId } as const;
    const events = [{ type, data: person(employeeId) }];
    const wanted = { address, expectedSeq: seqs.get(employeeId) ?? 0, events };
    const stored = await store.append([wanted], {
      source: "cloud/test",
      atMs: 0,
      correlationId: null,
      causationId: randomUUID(),
      traceparent: undefined,
    });
    for (const seq of stored.values()) seqs.set(employeeId, seq);
  };
  const react = (
    name: string,
    seen: StoredEvent[],
    more: { readonly leases?: Leases; readonly nc?: NatsConnection } = {},
  ): ConsumerRunner => {
    const runner = createReaction(
      { nc: cloud.nc, tenant, log, context: "test", leases: heldHere(), ...more },
      {
        name,
        domain: "employee",
        types: [CREATED, UPDATED],
        handle: async (stored) => void seen.push(stored),
      },
    );
    running.push(runner);
    return runner;
  };
  const leasesOf = async (session: string): Promise<RunningLeases> => {
    const bucket = await openLeaseBucket(cloud.nc, tenant);
    const leases = createLeases({ bucket, session, ttlMs: LEASE_TTL_MS, log });
    running.push(leases);
    return leases;
  };
  /** What a version before shares leaves behind: one durable for all partitions, some way into the stream. */
  const oldDurable = async (durable: string, isFar: (seen: number) => boolean): Promise<number> => {
    let seen = 0;
    const runner = createConsumerRunner({
      nc: cloud.nc,
      stream: STREAMS.employee,
      durable,
      filterSubjects: [tenantSubjects("employee", tenant)],
      handler: async (_message, signal) => {
        if (!isFar(seen)) {
          seen += 1;
          return;
        }
        await new Promise((resolve) => signal.addEventListener("abort", resolve));
        throw new Error("stopped");
      },
      log,
    });
    runner.start();
    await eventually(() => isFar(seen));
    await runner.close();
    return seen;
  };
  const durables = async (name: string): Promise<string[]> => {
    const admin = await cloud.site.connectCloud("cloud-admin");
    const listing = (await jetstreamManager(admin, { checkAPI: false })).consumers.list("EMPLOYEE");
    const names: string[] = [];
    for await (const info of listing) names.push(info.name);
    await admin.close();
    return names.filter((each) => each.startsWith(`test-${name}`)).toSorted();
  };

  test("go on where the one durable of an earlier version had got to, also when two processes begin at once", async () => {
    tenant = `t-${randomUUID().slice(0, 8)}`;
    const name = `moved-${randomUUID().slice(0, 8)}`;
    const people = Array.from({ length: 24 }, (_, n) => `m${n}`);
    for (const id of people) await append(id, CREATED);
    for (const id of people) await append(id, UPDATED);
    const done = await oldDurable(`test-${name}`, (seen) => seen >= 30);
    expect(done).toBe(30);

    const seen: StoredEvent[] = [];
    const both = await Promise.all(["one", "two"].map(leasesOf));
    for (const leases of both) react(name, seen, { leases }).start();
    for (const leases of both) leases.start();
    await eventually(() => seen.length >= 18, { timeoutMs: 20_000 });
    await whenWorkedOff(cloud.nc, "EMPLOYEE", `test-${name}`);
    expect(seen.map((stored) => stored.seq).toSorted((a, b) => a - b)).toEqual(
      people.slice(6).map((id) => seqs.get(id)),
    );
    await eventually(async () => (await durables(name)).join() === allShares(name).join());
  });

  test("are made to the last although a process dies in between, and a second move changes nothing", async () => {
    tenant = `t-${randomUUID().slice(0, 8)}`;
    const name = `again-${randomUUID().slice(0, 8)}`;
    const people = Array.from({ length: 16 }, (_, n) => `a${n}`);
    for (const id of people) await append(id, CREATED);
    await oldDurable(`test-${name}`, (seen) => seen >= 16);
    const first: StoredEvent[] = [];
    // The first share was made and has worked since; then its process died before it made the others.
    const half = createConsumerRunner({
      nc: cloud.nc,
      stream: STREAMS.employee,
      durable: `test-${name}-0`,
      filterSubjects: [0, 8].map((partition) => tenantSubjects("employee", tenant, partition)),
      handler: async () => undefined,
      log,
    });
    half.start();
    const inShare0 = people.filter((id) => shareOfPartition(partitionOf(tenant, id)) === 0).length;
    await eventually(() => half.stats().isRunning && half.stats().handledTotal === inShare0);
    await half.close();
    const runner = react(name, first);
    runner.start();
    for (const id of people) await append(id, UPDATED);
    await eventually(() => first.length >= people.length, { timeoutMs: 20_000 });
    await whenWorkedOff(cloud.nc, "EMPLOYEE", `test-${name}`);
    expect(first.map(({ event }) => event.metadata.eventType)).toEqual(people.map(() => UPDATED));
    expect(await durables(name)).toEqual(allShares(name));
    await runner.close();

    // An old version was started once more and has made its durable again, from the beginning.
    await oldDurable(`test-${name}`, (seen) => seen >= 3);
    const second: StoredEvent[] = [];
    react(name, second).start();
    await eventually(async () => (await durables(name)).join() === allShares(name).join());
    await append(people[0] ?? "", UPDATED);
    await eventually(() => second.length > 0);
    expect(second).toHaveLength(1);
  });

  test("hand over every event of an aggregate in order, while shares move between processes that come and go", async () => {
    tenant = `t-${randomUUID().slice(0, 8)}`;
    const name = `order-${randomUUID().slice(0, 8)}`;
    const people = Array.from({ length: 12 }, (_, n) => `o${n}`);
    const seen: StoredEvent[] = [];
    const stays = await leasesOf("stays");
    react(name, seen, { leases: stays }).start();
    stays.start();
    for (const id of people) await append(id, CREATED);
    for (let round = 0; round < 3; round += 1) {
      const comes = await leasesOf(`comes-${round}`);
      const runner = react(name, seen, { leases: comes });
      runner.start();
      comes.start();
      await eventually(() => comes.status().held.length >= 3);
      for (const id of people) await append(id, UPDATED);
      await runner.close();
      await comes.close();
    }
    await eventually(() => new Set(seen.map(({ seq }) => seq)).size === 4 * people.length, {
      timeoutMs: 20_000,
    });
    for (const id of people) {
      const theirs = seen.filter(({ subject }) => subject.endsWith(`.${id}`)).map(({ seq }) => seq);
      const firsts = [...new Set(theirs)];
      expect(firsts).toEqual(firsts.toSorted((a, b) => a - b));
    }
  });
});
