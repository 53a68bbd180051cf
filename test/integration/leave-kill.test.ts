import { randomUUID } from "node:crypto";
import { appendFileSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { LeaveEvent } from "@clockleaf/shared/events/leave.ts";
import { BUCKETS, type Domain, personKey } from "@clockleaf/shared/subjects.ts";
import { balancesSchema } from "@clockleaf/shared/wire/balances.ts";
import { decode } from "@clockleaf/shared/wire/codec.ts";
import { jetstreamManager } from "@nats-io/jetstream";
import { Kvm } from "@nats-io/kv";
import type { NatsConnection } from "nats";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { connectionGate } from "../../cloud/eventing/connection-gate.ts";
import { decidedAs } from "../../cloud/eventing/decided-as.ts";
import type { EventStore } from "../../cloud/eventing/event-store.ts";
import { openJsEventStore } from "../../cloud/eventing/js-event-store.ts";
import type { LeaveView } from "../../cloud/leave/views.ts";
import { type CloudProcess, startCloudProcess, writeCloudConfig } from "../support/cloud.ts";
import { eventually } from "../support/eventually.ts";
import { findNatsServer, type Site, startHub } from "../support/nats.ts";
import { available } from "../support/parts.ts";
import { person } from "../support/people.ts";

const TENANT = "acme";
const PEOPLE = Array.from({ length: 24 }, (_, n) => `e-${n}`);
const LEAVE = {
  policies: {
    annual: {
      code: "VAC",
      accrual: { kind: "monthly", minutesAYear: 12_000, at: "start" },
      carryOver: { maxMinutes: 2_400, expires: { on: "04-01" } },
    },
  },
  assignments: [{ policies: ["annual"] }],
  accountsFrom: "2024-01-01",
  tickSeconds: 0.1,
};
const DAY_MS = 86_400_000;
/** A Monday some weeks ahead: leave that waits, whatever day it is today. */
const MONDAY = ((): string => {
  const day = Math.floor(Date.now() / DAY_MS) + 28;
  return new Date((day - ((day + 3) % 7)) * DAY_MS).toISOString().slice(0, 10);
})();

/** Until it is so for everybody: people are shared among lanes, and nobody's being last says that the others are done. */
const whole = async (
  cloud: CloudProcess,
  isDone: (employeeId: string) => Promise<boolean>,
): Promise<void> => {
  const isDoneForAll = async (): Promise<boolean> =>
    (await Promise.all(PEOPLE.map(isDone))).every(Boolean);
  await eventually(isDoneForAll, {
    timeoutMs: 30_000,
    everyMs: 200,
    what: `everything done:\n${cloud.log().slice(-500)}`,
  });
};

describe.skipIf(!available("nats-server", findNatsServer()))(
  "leave in a process that is killed",
  () => {
    let hub: Site;
    let nc: NatsConnection;
    let store: EventStore;
    let config: { file: string; key: string };
    beforeAll(async () => {
      hub = await startHub();
      const files = {
        dir: hub.dir,
        servers: [hub.hub.url],
        seedFile: hub.deployment.seedFile("cloud-all"),
      };
      config = writeCloudConfig(files);
      appendFileSync(config.file, `leave: ${JSON.stringify(LEAVE)}\n`);
      // The first process makes the streams.
      await using cloud = await startCloudProcess(config);
      await eventually(async () => (await cloud.call("GET", "/readyz")).status === 200, {
        timeoutMs: 30_000,
      });
      nc = await hub.connectCloud("cloud-all");
      store = await openJsEventStore({ nc });
    });
    afterAll(() => hub.stop());

    const append = async (
      domain: Domain,
      aggregateId: string,
      event: { type: string; data: unknown },
    ) =>
      store.append(
        [{ address: { domain, tenant: TENANT, aggregateId }, expectedSeq: 0, events: [event] }],
        {
          source: "cloud/test",
          atMs: Date.now(),
          correlationId: null,
          causationId: "request-test",
          traceparent: undefined,
        },
      );
    const eventsOf = async (aggregateId: string) => {
      const { events } = await store.load({ domain: "leave", tenant: TENANT, aggregateId }, 0);
      return events.map((stored) => decidedAs<LeaveEvent>(stored));
    };
    const lines = async (id: string): Promise<string[]> =>
      (await eventsOf(id)).flatMap(({ type, data }) =>
        type === "leave.ledger.posted" ? [`${data.entryId} ${data.minutes} ${data.on}`] : [],
      );
    const has = async (id: string, type: string): Promise<number> =>
      (await eventsOf(id)).filter((event) => event.type === type).length;
    const length = async (): Promise<number> => {
      const jsm = await jetstreamManager(nc, { checkAPI: false });
      return (await jsm.streams.info("LEAVE")).state.messages;
    };
    /** Runs the cloud until LEAVE has grown by so many events, and kills it in the middle of what it does. */
    const killAfter = async (events: number): Promise<void> => {
      const from = await length();
      await using cloud = await startCloudProcess(config);
      await eventually(async () => (await length()) >= from + events, { timeoutMs: 30_000 });
      await cloud.kill();
    };

    it("opens each account once and posts each line once, however often it dies over it", async () => {
      for (const id of PEOPLE) {
        const data = { ...person(id), startDate: "2024-01-01" };
        await append("employee", id, { type: "employee.employee.created", data });
      }
      for (const events of [1, 150]) await killAfter(events);
      await using cloud = await startCloudProcess(config);
      await whole(cloud, async (id) => {
        const [own, others] = await Promise.all([lines(id), lines("e-0")]);
        return own.length > 24 && own.length === others.length;
      });
      const first = await lines("e-0");
      expect(first.length).toBeGreaterThan(24);
      expect(new Set(first.map((line) => line.split(" ")[0])).size).toBe(first.length);
      for (const id of PEOPLE) {
        expect(await lines(id)).toEqual(first);
        const opened = (await eventsOf(id)).filter(({ type }) => type === "leave.account.created");
        expect(opened).toHaveLength(1);
      }
    });

    it("approves each request once and books it once", async () => {
      const asked: LeaveView[] = [];
      {
        await using cloud = await startCloudProcess(config);
        await eventually(async () => (await cloud.call("GET", "/readyz")).status === 200);
        for (const employeeId of PEOPLE) {
          const body = { employeeId, policy: "annual", fromOn: MONDAY, toOn: MONDAY };
          const answer = await cloud.call("POST", "/api/v1/leave", body);
          expect(answer.status).toBe(201);
          asked.push((await answer.json()) as LeaveView);
        }
      }
      for (const { employeeId, leaveId } of asked) {
        const requestId = randomUUID();
        const about = { kind: "leave", employeeId, leaveId };
        const data = { requestId, about, by: "boss", note: "", at: Date.now() };
        await append("workflow", requestId, { type: "workflow.request.approved", data });
      }
      await killAfter(15);
      await using cloud = await startCloudProcess(config);
      await whole(cloud, async (id) => (await has(id, "leave.leave.approved")) > 0);
      for (const id of PEOPLE) {
        expect(await has(id, "leave.leave.approved")).toBe(1);
        const taken = (await eventsOf(id)).filter(
          ({ type, data }) => type === "leave.ledger.posted" && data.kind === "taken",
        );
        expect(taken).toHaveLength(1);
      }
    });

    it("fills the bucket of balances again if it was lost", async () => {
      await hub.hub.stop();
      const root = join(hub.dir, "hub", "jetstream");
      const folder = readdirSync(root, { recursive: true, encoding: "utf8" }).find((path) =>
        path.endsWith(join("streams", `KV_${BUCKETS.balances}`)),
      );
      rmSync(join(root, folder ?? "none"), { recursive: true });
      await hub.hub.start();
      await eventually(() => connectionGate(nc).isConnected);
      await using cloud = await startCloudProcess(config);
      await whole(cloud, async (id) => {
        const bucket = await new Kvm(nc).open(BUCKETS.balances);
        const entry = await bucket.get(personKey(TENANT, id));
        const value = entry && decode(entry.value, balancesSchema, { what: "balances" });
        expect(value?.["annual"]).toMatchObject({ requestedMinutes: 0 });
        return true;
      });
    });
  },
);
