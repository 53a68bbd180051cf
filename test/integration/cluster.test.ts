import { STREAMS } from "@clockleaf/shared/subjects.ts";
import { jetstreamManager } from "@nats-io/jetstream";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { personDecider } from "../../cloud/employee/decider.ts";
import { createAggregateRunner } from "../../cloud/eventing/aggregate-runner.ts";
import { isRefusal } from "../../cloud/eventing/decider.ts";
import { openJsEventStore } from "../../cloud/eventing/js-event-store.ts";
import { applyTestTopology } from "../support/cloud-hub.ts";
import { eventually } from "../support/eventually.ts";
import { findNatsServer, type Site, startSite } from "../support/nats.ts";
import { available } from "../support/parts.ts";
import { person } from "../support/people.ts";

const TENANT = "acme";
const cause = {
  source: "test",
  atMs: 1_764_547_200_000,
  correlationId: null,
  causationId: null,
  traceparent: undefined,
};

describe.skipIf(!available("nats-server", findNatsServer()))("a hub of three servers", () => {
  let site: Site;
  beforeAll(async () => {
    site = await startSite({ leafs: [], servers: 3 });
    await applyTestTopology(site);
  });
  afterAll(() => site.stop());

  it("keeps three copies of every stream", async () => {
    const jsm = await jetstreamManager(await site.connectCloud("cloud-admin"), { checkAPI: false });
    for (const stream of Object.values(STREAMS)) {
      const { config, cluster } = await jsm.streams.info(stream);
      expect([stream, config.num_replicas, cluster?.replicas?.length]).toEqual([stream, 3, 2]);
    }
  });

  it("goes on storing while any one of them is killed, and loses and doubles nothing", async () => {
    const nc = await site.connectCloud("cloud-all");
    const store = await openJsEventStore({ nc });
    const people = createAggregateRunner({
      store,
      decider: personDecider,
      domain: "employee",
      tenant: TENANT,
    });
    const stored = new Set<string>();
    let next = 0;
    /** Until it went through, as an API's client would. */
    const hire = async (): Promise<void> => {
      next += 1;
      const employeeId = `e${next}`;
      const { status: _status, ...data } = { ...person(employeeId) };
      await eventually(
        async () => {
          const outcome = await people.handle(
            employeeId,
            {
              type: "create",
              data,
              isDraft: false,
              probationUntilOn: null,
              at: cause.atMs,
              zone: "UTC",
            },
            cause,
          );
          expect(isRefusal(outcome)).toBe(false);
          stored.add(employeeId);
          return true;
        },
        { what: `${employeeId} to be stored`, timeoutMs: 40_000 },
      );
    };
    for (const server of site.hubs) {
      for (let n = 0; n < 5; n += 1) await hire();
      await server.kill();
      for (let n = 0; n < 5; n += 1) await hire();
      await server.start();
      await allCurrent(site);
    }
    for (const employeeId of stored) {
      const address = { domain: "employee", tenant: TENANT, aggregateId: employeeId } as const;
      const { events } = await store.load(address, 0);
      const created = events.filter(
        ({ event }) => event.metadata.eventType === "employee.employee.created",
      );
      expect([employeeId, created.length]).toEqual([employeeId, 1]);
    }
    expect(stored.size).toBe(30);
  }, 180_000);
});

/** Until every copy of every stream has caught up with its leader: only then may the next server be missing. */
async function allCurrent(site: Site): Promise<void> {
  const nc = await site.connectCloud("cloud-admin");
  const jsm = await jetstreamManager(nc, { checkAPI: false });
  await eventually(
    async () => {
      for (const stream of Object.values(STREAMS)) {
        const { cluster } = await jsm.streams.info(stream);
        const copies = cluster?.replicas ?? [];
        if (copies.length !== 2 || !copies.every(({ current }) => current)) return false;
      }
      return true;
    },
    { what: "every copy to catch up", timeoutMs: 40_000 },
  );
  await nc.close();
}
