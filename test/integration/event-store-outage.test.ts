import type { EmployeeData, EmployeeEvent } from "@clockleaf/shared/events/employee.ts";
import { hasCode } from "@clockleaf/shared/lib/errors.ts";
import { silentLog } from "@clockleaf/shared/lib/log.ts";
import { connectNats } from "@clockleaf/shared/lib/nats-connection.ts";
import { CLOUD_INBOX } from "@clockleaf/shared/subjects.ts";
import type { NatsConnection } from "nats";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createAggregateRunner } from "../../cloud/eventing/aggregate-runner.ts";
import { connectionGate } from "../../cloud/eventing/connection-gate.ts";
import type { Decider } from "../../cloud/eventing/decider.ts";
import type { Cause, EventStore, NewEvent } from "../../cloud/eventing/event-store.ts";
import { openJsEventStore } from "../../cloud/eventing/js-event-store.ts";
import { type CloudHub, startCloudHub } from "../support/cloud-hub.ts";
import { eventually } from "../support/eventually.ts";
import { findNatsServer } from "../support/nats.ts";
import { available } from "../support/parts.ts";
import { person } from "../support/people.ts";
import { startTcpProxy, type TcpProxy } from "../support/tcp-proxy.ts";

const cause: Cause = {
  source: "cloud/test",
  atMs: 1_795_478_400_000,
  correlationId: null,
  causationId: null,
  traceparent: undefined,
};

const updated = (id: string, jobTitle: string): NewEvent => ({
  type: "employee.employee.updated",
  data: person(id, jobTitle),
});
const address = (aggregateId: string) => ({
  domain: "employee" as const,
  tenant: "acme",
  aggregateId,
});

/** Counts its commands and forgets none: a command applied twice, or not at all, shows in the count. Not idempotent. */
const counter: Decider<number, { id: string; mark: string; events: number }, EmployeeEvent> = {
  initial: 0,
  decide: (_, { id, mark, events }) =>
    Array.from({ length: events }, () => ({
      type: "employee.employee.updated" as const,
      data: person(id, mark),
    })),
  evolve: (count) => count + 1,
};

describe.skipIf(!available("nats-server", findNatsServer()))("an append into an outage", () => {
  let cloud: CloudHub;
  let link: TcpProxy;
  /** Connected through `link`. */
  let nc: NatsConnection;
  let store: EventStore;

  beforeAll(async () => {
    cloud = await startCloudHub();
    link = await startTcpProxy(() => cloud.site.hub.port);
    nc = await connectNats({
      servers: [`nats://127.0.0.1:${link.port}`],
      seedFile: cloud.site.deployment.seedFile("cloud-all"),
      name: "cut",
      inboxPrefix: CLOUD_INBOX,
      log: silentLog(),
    });
    store = await openJsEventStore({ nc, timeoutMs: 400, verifyMs: 5_000 });
  });
  afterAll(async () => {
    await nc.close();
    await link.close();
    await cloud[Symbol.asyncDispose]();
  });

  const titles = async (id: string): Promise<string[]> => {
    const direct = await openJsEventStore({ nc: cloud.nc });
    const { events } = await direct.load(address(id), 0);
    return events.map((each) => (each.event.data as EmployeeData).jobTitle);
  };
  const whenUp = (): Promise<unknown> =>
    eventually(() => connectionGate(nc).isConnected, { what: "reconnected" });

  test("is refused at once while the link is known to be down, and stores nothing later either", async () => {
    link.cut();
    await eventually(() => !connectionGate(nc).isConnected);
    await expect(
      store.append(
        [{ address: address("down"), expectedSeq: 0, events: [updated("down", "a")] }],
        cause,
      ),
    ).rejects.toMatchObject({ code: "stream.not-connected", retriable: true });
    await expect(store.load(address("down"), 0)).rejects.toMatchObject({
      code: "stream.not-connected",
    });
    link.resume();
    await whenUp();
    await nc.flush();
    expect(await titles("down")).toEqual([]);
  });

  test("whose answer never comes back is found to be stored once the link is back", async () => {
    link.freeze("down");
    const appending = store.append(
      [{ address: address("unheard"), expectedSeq: 0, events: [updated("unheard", "a")] }],
      cause,
    );
    void appending.catch(() => undefined);
    await eventually(async () => (await titles("unheard")).length === 1);
    link.cut();
    link.resume();
    const seqs = await appending;
    expect([...seqs.values()][0]).toBeGreaterThan(0);
    expect(await titles("unheard")).toEqual(["a"]);
  });

  test("of a batch whose opening is not answered stores nothing and says so", async () => {
    await whenUp();
    link.freeze("down");
    const events = [updated("unopened", "a"), updated("unopened", "b")];
    await expect(
      store.append([{ address: address("unopened"), expectedSeq: 0, events }], cause),
    ).rejects.toMatchObject({ code: "stream.not-connected" });
    link.resume();
    await nc.flush();
    expect(await titles("unopened")).toEqual([]);
  });

  test("is told apart from a rival's append of the same moment", async () => {
    link.freeze("up");
    const appending = store.append(
      [{ address: address("rival"), expectedSeq: 0, events: [updated("rival", "ours")] }],
      cause,
    );
    void appending.catch(() => undefined);
    const direct = await openJsEventStore({ nc: cloud.nc });
    await direct.append(
      [{ address: address("rival"), expectedSeq: 0, events: [updated("rival", "theirs")] }],
      cause,
    );
    link.cut();
    link.resume();
    await expect(appending).rejects.toMatchObject({ code: "stream.conflict" });
    expect(await titles("rival")).toEqual(["theirs"]);
  });

  test("that the server swallowed is called ambiguous, not failed, as it may still come", async () => {
    await whenUp();
    link.freeze("up");
    const appending = store.append(
      [{ address: address("gone"), expectedSeq: 0, events: [updated("gone", "a")] }],
      cause,
    );
    void appending.catch(() => undefined);
    link.cut();
    link.resume();
    await expect(appending).rejects.toMatchObject({ code: "stream.ambiguous", retriable: true });
  });

  test("through the runner takes effect exactly once, whatever is cut or killed under way", async () => {
    await whenUp();
    const runner = createAggregateRunner({
      store,
      decider: counter,
      domain: "employee",
      tenant: "acme",
    });
    const marks: string[] = [];
    const storm = { isOver: false };
    const wasStored = (id: string, mark: string): Promise<boolean> =>
      eventually(async () => (await titles(id)).includes(mark), { timeoutMs: 2_000 }).catch(
        () => false,
      );
    /** Repeats the command until it is answered: "stored" must mean stored, "not stored" must mean not stored. */
    const insist = async (id: string, mark: string, events: number): Promise<void> => {
      for (;;) {
        try {
          await runner.handle(id, { id, mark, events }, cause);
          return;
        } catch (error) {
          expect(error).toMatchObject({ retriable: true });
          // This decider is not idempotent, so after "unknown" it is looked up before it is repeated.
          if (hasCode(error, "stream.ambiguous") && (await wasStored(id, mark))) return;
          await whenUp();
        }
      }
    };
    const write = async (lane: number): Promise<void> => {
      for (let n = 0; !storm.isOver; n += 1) {
        const mark = `${lane}-${n}`;
        const events = 1 + (n % 3);
        await insist(`storm-${lane % 2}`, mark, events);
        marks.push(...Array.from({ length: events }, () => mark));
      }
    };
    const lanes = [0, 1, 2, 3].map(write);
    for (let round = 0; round < 3; round += 1) {
      const seen = marks.length;
      await eventually(() => marks.length > seen + 20, { timeoutMs: 20_000 });
      link.cut();
      link.resume();
      await eventually(() => marks.length > seen + 40, { timeoutMs: 20_000 });
      await cloud.site.hub.kill();
      await cloud.site.hub.start();
    }
    storm.isOver = true;
    await Promise.all(lanes);
    await eventually(() => connectionGate(cloud.nc).isConnected);
    const stored = [...(await titles("storm-0")), ...(await titles("storm-1"))];
    expect(stored.toSorted()).toEqual(marks.toSorted());
  });
});
