import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type HidReader, listenHidReader } from "@clockleaf/hardware-sim/hid/socket.ts";
import { BUCKETS, type GatewayAddress, gatewayKey } from "@clockleaf/shared/subjects.ts";
import { encode } from "@clockleaf/shared/wire/codec.ts";
import type { GatewayRecord } from "@clockleaf/shared/wire/gateway.ts";
import type { TimeAnchor } from "@clockleaf/shared/wire/redating.ts";
import { Kvm } from "@nats-io/kv";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { bootTimeId, quarantineId } from "../../cloud/attendance/ids.ts";
import { punches, quarantined } from "../../cloud/attendance/reads.ts";
import type { Accepted } from "../../edge-agent/accept.ts";
import { askStatus, followTaps } from "../../edge-agent/health/control-client.ts";
import { type Child, createChild } from "../demo/child.ts";
import { type AttendanceWorld, startAttendanceWorld } from "../support/attendance-world.ts";
import { eventually } from "../support/eventually.ts";
import { createFakeClock, type FakeClock, findFaketime } from "../support/faketime.ts";
import { findNatsServer } from "../support/nats.ts";
import { available } from "../support/parts.ts";

const GATEWAY: GatewayAddress = { tenant: "acme", site: "hq", gateway: "gw1" };
const MAIN = join(import.meta.dirname, "../../edge-agent/main.ts");
const BADGE = "10001";
/** What the gateway says its clock is good for once it knows the time. */
const ERROR_MS = 150;
const YEAR_2000 = Date.UTC(2000, 0, 1);
const HOUR = 3_600_000;

const isHere =
  available("nats-server", findNatsServer()) && available("libfaketime", findFaketime());

/** A punch, and the true time around it. */
interface Tap {
  readonly accepted: Accepted;
  readonly punchId: string;
  readonly from: number;
  readonly to: number;
}

// One boot of one gateway, told step by step: it is what happens at a site after a power cut without network.
describe.skipIf(!isHere)("a gateway that boots in the year 2000", () => {
  let world: AttendanceWorld;
  let desk: HidReader;
  let clock: FakeClock;
  let agent: Child;
  let runtimeDir: string;
  const taps: Tap[] = [];

  beforeAll(async () => {
    world = await startAttendanceWorld([GATEWAY.gateway]);
    const { dir, deployment, hub } = world.site;
    await register(world);
    await world.hire("ada");
    await world.assign("ada", `number-${BADGE}`);
    desk = await listenHidReader(join(dir, "desk.sock"));
    runtimeDir = join(dir, "run");
    mkdirSync(runtimeDir);
    const config = join(dir, "gateway.yaml");
    const settings = {
      configVersion: 1,
      ...GATEWAY,
      runtimeDir,
      page: "off",
      directoryFile: join(dir, "directory.db"),
      journal: { path: join(dir, "journal.db") },
      nats: { servers: [hub.url], seedFile: deployment.gateway(GATEWAY).seedFile },
      clock: { source: "system", uncertaintyMs: ERROR_MS, ntp: "ignore" },
      lines: [
        {
          driver: "hid-keyboard",
          port: { hidSocket: { path: desk.path } },
          settings: { reader: "desk" },
        },
      ],
    };
    writeFileSync(config, stringify(settings));
    clock = createFakeClock(dir);
    clock.bootAt("2000-01-01 00:00:00");
    const logFile = join(dir, "agent.log");
    agent = createChild({ args: [MAIN, "run", "-c", config], logFile, env: clock.env });
    await start();
  });
  afterAll(async () => {
    await agent?.kill();
    await desk?.close();
    await world?.[Symbol.asyncDispose]();
  });

  async function start(): Promise<void> {
    agent.start();
    try {
      await eventually(() => desk.connected(), { what: "the agent at its reader" });
      await eventually(() => askStatus(runtimeDir), { what: "the agent's local door" });
    } catch (error) {
      throw new Error(`the agent did not start:\n${agent.tail()}`, { cause: error });
    }
  }
  /** Somebody presents the badge, again if the keyboard's typing went nowhere. */
  async function tap(): Promise<Tap> {
    const leaving = new AbortController();
    const followed = followTaps(runtimeDir, leaving.signal);
    const from = Date.now();
    const next = followed.next();
    const knocking = setInterval(() => desk.tap(BADGE), 1_000);
    desk.tap(BADGE);
    const { value } = await next;
    clearInterval(knocking);
    leaving.abort();
    await followed.return(undefined).catch(() => undefined);
    if (value === undefined) throw new Error(`the agent stopped:\n${agent.tail()}`);
    const { journal } = await askStatus(runtimeDir);
    const punchId = `${GATEWAY.gateway}-${journal.epoch}-${value.row}`;
    const made = { accepted: value, punchId, from, to: Date.now() };
    taps.push(made);
    return made;
  }
  const typesOf = async (aggregateId: string): Promise<string[]> =>
    (await world.eventsOf(aggregateId)).map(({ type }) => type.replace("attendance.", ""));
  const countedAt = async (): Promise<ReadonlyMap<string, number>> => {
    const { db } = world.attendance();
    const query = {
      fromMs: 0,
      toMs: Date.now() + HOUR,
      visible: { kind: "all" },
      limit: 99,
    } as const;
    const rows = await punches(db, query);
    return new Map(rows.map(({ punch_id, at }) => [punch_id, at]));
  };
  const waiting = async (): Promise<string[]> => {
    const query = { state: "waiting", visible: { kind: "all" }, limit: 99 } as const;
    const found = await quarantined(world.attendance().db, query);
    return found.map(({ punch, reason }) => `${punch.punchId} ${reason}`);
  };

  it("takes punches, says that it does not know the time, and the cloud keeps them apart", async () => {
    const first = await tap();
    expect(first.accepted.punch.time).toMatchObject({ uncertaintyMs: null });
    expect(first.accepted.punch.time.gatewayAtMs).toBeLessThan(YEAR_2000 + HOUR);
    const { clock: known, problems } = await askStatus(runtimeDir);
    expect(known.uncertaintyMs).toBeNull();
    expect(problems.join()).toContain("does not know the time");
    await eventually(async () => (await waiting()).length === 1, { what: "in quarantine" });
    expect(await waiting()).toEqual([`${first.punchId} impossible-time`]);
  });

  it("goes on after the agent was killed, its clock as wrong as before", async () => {
    await agent.kill();
    await start();
    const second = await tap();
    expect(second.accepted.punch.time.bootId).toBe(taps[0]?.accepted.punch.time.bootId);
    await eventually(async () => (await waiting()).length === 2, { what: "both in quarantine" });
    expect(await countedAt()).toEqual(new Map());
  });

  it("has them counted at the instants they were made once its clock is set", async () => {
    clock.setRight();
    await eventually(async () => (await countedAt()).size === 2, {
      what: "both punches counted",
      timeoutMs: 30_000,
    });
    const at = await countedAt();
    for (const { punchId, from, to } of taps) {
      expect(at.get(punchId)).toBeGreaterThanOrEqual(from - ERROR_MS);
      expect(at.get(punchId)).toBeLessThanOrEqual(to + ERROR_MS);
      expect(await typesOf(quarantineId(punchId))).toEqual([
        "punch.quarantined",
        "punch.redated",
        "quarantine.resolved",
      ]);
    }
    expect(await waiting()).toEqual([]);
    expect((await askStatus(runtimeDir)).clock.uncertaintyMs).toBe(ERROR_MS);
  });

  it("dates what comes after by itself, and nothing a second time", async () => {
    const third = await tap();
    expect(third.accepted.punch.time).toMatchObject({ uncertaintyMs: ERROR_MS });
    await agent.kill();
    await start();
    const fourth = await tap();
    await eventually(async () => (await countedAt()).size === 4, { what: "all punches counted" });
    for (const { punchId } of [third, fourth]) {
      expect(await typesOf(quarantineId(punchId))).toEqual([]);
    }
    const recorded = (await typesOf("ada")).filter((type) => type === "clock.recorded");
    expect(recorded).toHaveLength(4);
    const { bootId } = third.accepted.punch.time;
    const learned = await world.eventsOf(bootTimeId(GATEWAY, bootId));
    expect(learned.map(({ type }) => type)).toEqual(["attendance.gateway-time.learned"]);
    const [anchor] = learned.map(({ data }) => data as TimeAnchor);
    expect(anchor).toMatchObject({ bootId, uncertaintyMs: ERROR_MS });
  });
});

async function register(world: AttendanceWorld): Promise<void> {
  const record: GatewayRecord = {
    publicKey: world.site.deployment.gateway(GATEWAY).publicKey,
    name: "Gate",
    zone: "UTC",
    registeredAtMs: 0,
    status: "active",
    revokedAtMs: null,
  };
  const kv = await new Kvm(world.nc).open(BUCKETS.gateways);
  await kv.put(gatewayKey(GATEWAY), encode(record));
}
