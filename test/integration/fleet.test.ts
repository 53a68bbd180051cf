import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ALL_HEARTBEATS, STREAMS, segmentSubject } from "../../shared/subjects.ts";
import { decode } from "../../shared/wire/codec.ts";
import { heartbeatSchema } from "../../shared/wire/heartbeat.ts";
import { type AttendanceWorld, startAttendanceWorld, TENANT } from "../support/attendance-world.ts";
import { eventually } from "../support/eventually.ts";
import { findNatsServer } from "../support/nats.ts";
import { available } from "../support/parts.ts";
import { storedSegmentsOf } from "../support/uplink-rig.ts";

const SIM = join(import.meta.dirname, "../../hardware-sim/main.ts");
const GATEWAYS = Array.from({ length: 50 }, (_, n) => `gw${n + 1}`);
const PUNCHES = 1_000;
const addressOf = (gateway: string) => ({ tenant: TENANT, site: "hq", gateway });

interface Told {
  readonly kind: string;
  readonly [count: string]: unknown;
}

describe.skipIf(!available("nats-server", findNatsServer()))("a fleet of 50 gateways", () => {
  let world: AttendanceWorld;
  let told: Told[];
  const beats = new Map<string, number>();

  beforeAll(async () => {
    world = await startAttendanceWorld(GATEWAYS);
    for (const name of GATEWAYS) {
      const { publicKey } = world.site.deployment.gateway(addressOf(name));
      await world.gateway(name).register({ publicKey });
      // Whoever works at a gateway is found by the badge that its only person has there.
      await world.hire(`e-${name}`);
      await world.assign(`e-${name}`, `number-${name}-1`);
    }
    const heard = world.nc.subscribe(ALL_HEARTBEATS, {
      callback(error, message) {
        if (error !== null) return;
        const { lastRow } = decode(message.data, heartbeatSchema, { what: "heartbeat" });
        beats.set(message.subject, lastRow);
      },
    });
    const work = `--gateways 50 --punches ${PUNCHES} --rate 400 --people 1`;
    const trouble = "--cut 40ms --cut-for 300ms --heartbeat 500ms --report 500ms";
    told = await runFleet(world, `${work} ${trouble}`.split(" "));
    heard.unsubscribe();
  }, 120_000);
  afterAll(() => world[Symbol.asyncDispose]());

  it("tells what became of every punch, though links were cut all the time", () => {
    expect(told.filter(({ kind }) => kind === "trouble")).toEqual([]);
    expect(told.at(-1)).toMatchObject({
      kind: "fleet-ended",
      gateways: 50,
      punches: PUNCHES,
      acknowledged: PUNCHES,
      refused: 0,
      waiting: 0,
    });
    expect(Number(told.at(-1)?.["cuts"])).toBeGreaterThan(10);
    expect(Number(told.at(-1)?.["resumes"])).toBeGreaterThan(50);
    expect(told.some(({ kind }) => kind === "fleet")).toBe(true);
    expect(beats.size).toBe(50);
  });

  it("leaves at the hub one unbroken, signed chain per gateway", async () => {
    let rows = 0;
    for (const name of GATEWAYS) {
      const { publicKey } = world.site.deployment.gateway(addressOf(name));
      const subject = segmentSubject(addressOf(name));
      let next = 1;
      for (const segment of await storedSegmentsOf(world.nc, subject, publicKey)) {
        expect([name, segment.first]).toEqual([name, next]);
        next = segment.last + 1;
      }
      rows += next - 1;
    }
    expect(rows).toBe(PUNCHES);
  });

  it("has every punch stored once by the intake of the cloud", async () => {
    const idsOf = async (): Promise<string[]> => {
      const all = await Promise.all(GATEWAYS.map((name) => world.eventsOf(`e-${name}`)));
      return all
        .flat()
        .filter(({ type }) => type === "attendance.clock.recorded")
        .map(({ data }) => (data as { punch: { punchId: string } }).punch.punchId);
    };
    const messages = await world.streamLength(STREAMS.clock);
    await eventually(() => (world.attendance().consumers[0]?.stats().lastSeq ?? 0) >= messages, {
      what: `all ${messages} segments read`,
      timeoutMs: 60_000,
    });
    const ids = await idsOf();
    expect(new Set(ids).size).toBe(PUNCHES);
    expect(ids).toHaveLength(PUNCHES);
  });
});

async function runFleet(world: AttendanceWorld, args: readonly string[]): Promise<Told[]> {
  const where = ["--hub", world.site.hub.url, "--keys", world.site.dir];
  const child = spawn(process.execPath, [SIM, "fleet", "--json", ...where, ...args], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  const [out, err, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, "close"),
  ]);
  if (code !== 0) throw new Error(`the fleet ended with ${code}: ${err}`);
  return out
    .trim()
    .split("\n")
    .map((line): Told => JSON.parse(line));
}
