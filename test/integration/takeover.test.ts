import { setTimeout as sleep } from "node:timers/promises";
import {
  partitionOf,
  SHARES,
  shareLeaseName,
  shareOfPartition,
} from "@clockleaf/shared/subjects.ts";
import { decode } from "@clockleaf/shared/wire/codec.ts";
import { presenceSchema } from "@clockleaf/shared/wire/presence.ts";
import { jetstreamManager } from "@nats-io/jetstream";
import { Kvm } from "@nats-io/kv";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { gatewayAlarmsId } from "../../cloud/attendance/ids.ts";
import { type LeaseBucket, openLeaseBucket } from "../../cloud/eventing/lease-bucket.ts";
import {
  type AttendanceWorld,
  daysBefore,
  startAttendanceWorld,
  TENANT,
} from "../support/attendance-world.ts";
import { type CloudProcess, startCloudProcess, writeCloudConfig } from "../support/cloud.ts";
import { whenWorkedOff } from "../support/consumers.ts";
import { eventually } from "../support/eventually.ts";
import { findNatsServer } from "../support/nats.ts";
import { available } from "../support/parts.ts";
import type { PretendedGateway } from "../support/pretended-gateway.ts";

const PEOPLE = 32;
/** The promise: from a kill -9 until everything that the process did is another's. */
const TAKEOVER_MS = 5_000;
const INTAKE = "attendance-intake";
const REACTIONS = [
  ["EMPLOYEE", "employee-directory"],
  ["ATTENDANCE", "attendance-resolution"],
  ["EMPLOYEE", "attendance-badges"],
  ["EMPLOYEE", "attendance-places"],
  ["ATTENDANCE", "attendance-presence"],
] as const;
const readiness = z.object({
  checks: z.array(z.object({ name: z.string(), detail: z.string() })),
});
const shares = Array.from({ length: SHARES }, (_, share) => shareLeaseName(share));
const people = Array.from({ length: PEOPLE }, (_, n) => `e${n}`);

// The audit's recorders race on purpose: an append that is second finds its place taken.
const isRaced = (name: string): boolean => name.startsWith("consumer audit-");

/** A punch every four hours, so that no day becomes long to compute. */
const timeOf = (row: number): number =>
  Date.parse(daysBefore(60)) + Math.floor(row / PEOPLE) * 4 * 3_600_000;

describe.skipIf(!available("nats-server", findNatsServer()))("of several processes", () => {
  let world: AttendanceWorld;
  let bucket: LeaseBucket;
  let config: ReturnType<typeof writeCloudConfig>;
  let gateway: PretendedGateway;
  const processes = new Map<string, CloudProcess>();
  const punches = new Map<string, string[]>();

  const start = async (instance: string): Promise<void> => {
    const args = ["--role", "consumers", "--instance", instance];
    processes.set(instance, await startCloudProcess(config, args));
  };
  /** Who holds what, by the name of the instance. */
  const holders = async (): Promise<Map<string, string>> =>
    new Map(
      [...(await bucket.read())].flatMap(([name, { holder }]) =>
        holder === undefined || name.startsWith("member.")
          ? []
          : [[name, holder.split("-")[0] ?? ""]],
      ),
    );
  const unitsOf = async (instance: string): Promise<string[]> =>
    [...(await holders())].filter(([, holder]) => holder === instance).map(([name]) => name);
  const isEven = async (instances: readonly string[]): Promise<boolean> => {
    const held = await holders();
    const counts = instances.map(
      (instance) => shares.filter((name) => held.get(name) === instance).length,
    );
    const total = counts.reduce((a, b) => a + b, 0);
    return total === SHARES && Math.max(...counts) - Math.min(...counts) < 2;
  };
  const takenFrom = async (victim: string, units: readonly string[]): Promise<boolean> => {
    const held = await holders();
    return units.every((name) => held.get(name) !== undefined && held.get(name) !== victim);
  };

  /** Consumers of which more than one process believes to do everything. */
  const heldWholeByMany = async (): Promise<string[]> => {
    const whole: string[] = [];
    for (const each of processes.values()) {
      const { checks } = readiness.parse(await (await each.call("GET", "/healthz")).json());
      const consumers = checks.filter(({ name }) => name.startsWith("consumer "));
      expect(consumers.length).toBeGreaterThan(REACTIONS.length);
      whole.push(
        ...consumers
          .filter(({ detail }) => !detail.includes(" parts here"))
          .filter(({ name }) => !isRaced(name))
          .map(({ name }) => name),
      );
    }
    return whole.filter((name, index) => whole.indexOf(name) !== index);
  };

  let rows = 0;
  /** One punch of everybody, in segments of eight, until told to stop; as a living site sends them. */
  const flow = async (signal: AbortSignal): Promise<void> => {
    for (let minute = 0; !signal.aborted; minute += 1) {
      for (let first = 0; first < PEOPLE && !signal.aborted; first += 8) {
        const at = new Date(timeOf(rows)).toISOString().slice(0, 16);
        for (const id of people.slice(first, first + 8)) {
          const punchId = gateway.punch(`number-${id}`, at);
          punches.set(id, [...(punches.get(id) ?? []), punchId]);
        }
        await gateway.publish(gateway.segment(rows + 1, rows + 8));
        rows += 8;
        await sleep(100);
      }
    }
  };
  const during = async (work: () => Promise<void>): Promise<void> => {
    const stopping = new AbortController();
    const flowing = flow(stopping.signal);
    await work().finally(() => stopping.abort());
    await flowing;
  };

  /** Every punch has one effect, every event was handled by every reaction, and what the buckets say is true. */
  const expectAllDone = async (): Promise<void> => {
    const { nc } = world;
    const jsm = await jetstreamManager(nc, { checkAPI: false });
    await eventually(
      async () => {
        const info = await jsm.consumers.info("CLOCK", INTAKE);
        return info.num_pending === 0 && info.num_ack_pending === 0;
      },
      { timeoutMs: 60_000, what: "the intake to be done" },
    );
    for (const [stream, reaction] of REACTIONS) await whenWorkedOff(nc, stream, reaction);
    const presence = await new Kvm(nc).open("presence");
    for (const id of people) {
      const recorded = (await world.eventsOf(id)).filter(
        ({ type }) => type === "attendance.clock.recorded",
      );
      const ids = recorded.map(
        ({ data }) => (data as { punch: { punchId: string } }).punch.punchId,
      );
      expect(ids.toSorted()).toEqual((punches.get(id) ?? []).toSorted());
      const entry = await presence.get(`${TENANT}.${id}`);
      const shown = decode(entry?.value ?? new Uint8Array(), presenceSchema, { what: "presence" });
      expect(ids).toContain(shown.punchId);
      expect(shown.punchId).toBe(punches.get(id)?.at(-1));
    }
    expect((await jsm.streams.info("DLQ")).state.messages).toBe(0);
    const alarms = await world.eventsOf(gatewayAlarmsId(gateway.address));
    expect(alarms.filter(({ data }) => JSON.stringify(data).includes('"gap"'))).toEqual([]);
  };

  beforeAll(async () => {
    world = await startAttendanceWorld(["gw1"]);
    await world.stop();
    bucket = await openLeaseBucket(world.nc, TENANT);
    config = writeCloudConfig({
      dir: world.dir.path,
      servers: [world.site.hub.url],
      seedFile: world.site.deployment.seedFile("cloud-consumers"),
    });
    gateway = world.gateway("gw1");
    await gateway.register();
    for (const id of people) {
      await world.hire(id);
      await world.assign(id, `number-${id}`, `${daysBefore(90)}T00:00`);
    }
  });
  afterAll(async () => {
    for (const each of processes.values()) await each[Symbol.asyncDispose]();
    await world[Symbol.asyncDispose]();
  });

  test("each does its part of the work", async () => {
    const used = new Set(people.map((id) => shareOfPartition(partitionOf(TENANT, id))));
    expect(used.size).toBe(SHARES);
    await Promise.all(["a", "b", "c"].map(start));
    await eventually(() => isEven(["a", "b", "c"]), { timeoutMs: 30_000 });
    await during(async () => {
      await eventually(() => rows >= 3 * PEOPLE, { timeoutMs: 30_000 });
    });
    await expectAllDone();
    for (const each of processes.values()) {
      await eventually(async () => (await each.call("GET", "/readyz")).status === 200);
    }
    await eventually(async () => expect(await heldWholeByMany()).toEqual([]));
  });

  test("the others take over what a killed one did, within five seconds, and lose and double nothing", async () => {
    const victim = (await holders()).get(INTAKE) ?? "";
    const units = await unitsOf(victim);
    expect(units.length).toBeGreaterThan(2);
    const rest = ["a", "b", "c"].filter((name) => name !== victim);
    const jsm = await jetstreamManager(world.nc, { checkAPI: false });
    await during(async () => {
      await eventually(() => rows % PEOPLE === 8);
      await processes.get(victim)?.kill();
      const killedAt = performance.now();
      const atKill = (await jsm.streams.info("ATTENDANCE")).state.last_seq;
      await eventually(() => takenFrom(victim, units), { timeoutMs: 20_000 });
      const takenMs = performance.now() - killedAt;
      for (const name of units.filter((unit) => shares.includes(unit))) {
        const durable = `attendance-presence-${name.replace("share-", "")}`;
        await eventually(
          async () =>
            (await jsm.consumers.info("ATTENDANCE", durable)).ack_floor.stream_seq > atKill,
          { timeoutMs: 20_000, what: `${durable} to work again` },
        );
      }
      const workingMs = performance.now() - killedAt;
      process.stdout.write(
        `takeover: ${units.length} units of a killed process held again after ${takenMs.toFixed(0)} ms, working again after ${workingMs.toFixed(0)} ms\n`,
      );
      expect(takenMs).toBeLessThanOrEqual(TAKEOVER_MS);
      await eventually(() => isEven(rest));
    });
    await expectAllDone();
    processes.delete(victim);
  });

  test("one that was frozen wakes up to find its work done, and does no harm", async () => {
    const victim = (await holders()).get(INTAKE) ?? "";
    const units = await unitsOf(victim);
    const frozen = processes.get(victim);
    let mark = 0;
    const hasNoticed = (): boolean => frozen?.log().slice(mark).includes("lease lost") === true;
    await during(async () => {
      await eventually(() => rows % PEOPLE === 8);
      frozen?.freeze();
      mark = frozen?.log().length ?? 0;
      await eventually(() => takenFrom(victim, units), { timeoutMs: 20_000 });
      expect(hasNoticed()).toBe(false);
      const target = rows + 3 * PEOPLE;
      await eventually(() => rows >= target, { timeoutMs: 30_000 });
      frozen?.thaw();
      await eventually(hasNoticed);
      await eventually(() => isEven([...processes.keys()]), { timeoutMs: 20_000 });
    }).finally(() => frozen?.thaw());
    await expectAllDone();
  });

  test("one that is stopped in order hands over at once, and one that joins gets its part", async () => {
    const [leaver = "", stayer = ""] = [...processes.keys()];
    const units = await unitsOf(leaver);
    await processes.get(leaver)?.stop();
    processes.delete(leaver);
    // What it held was given back, not left to expire: the entries say so.
    const entries = await bucket.read();
    for (const name of units) expect(entries.get(name)?.holder?.startsWith(leaver)).not.toBe(true);
    await eventually(() => takenFrom(leaver, units));
    await start(leaver);
    await eventually(() => isEven([leaver, stayer]), { timeoutMs: 30_000 });
    await during(async () => {
      const target = rows + 2 * PEOPLE;
      await eventually(() => rows >= target);
    });
    await expectAllDone();
  });
});
