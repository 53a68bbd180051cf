import { gatewayCommandSubject } from "@clockleaf/shared/subjects.ts";
import { decode, encode } from "@clockleaf/shared/wire/codec.ts";
import { resendRequestSchema } from "@clockleaf/shared/wire/heartbeat.ts";
import { punchIdOf } from "@clockleaf/shared/wire/punch.ts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { gatewayAlarmsId, quarantineId } from "../../cloud/attendance/ids.ts";
import { alarms, punches, quarantinedPunch, timesheet } from "../../cloud/attendance/reads.ts";
import { quarantinedView } from "../../cloud/attendance/views.ts";
import {
  type AttendanceWorld,
  clock,
  startAttendanceWorld,
  WORKDAY,
} from "../support/attendance-world.ts";
import { eventually } from "../support/eventually.ts";
import { findNatsServer } from "../support/nats.ts";
import { available } from "../support/parts.ts";
import type { PretendedGateway } from "../support/pretended-gateway.ts";
import { presentStores } from "../support/read-model-place.ts";

const GATEWAYS = Array.from({ length: 17 }, (_, n) => `gw${n + 1}`);

const localTime = (time: string): string => `${WORKDAY}T${time}:00`;

const hasHub = available("nats-server", findNatsServer());

describe.skipIf(!hasHub).each(presentStores())("the intake (rows in $store)", ({ store }) => {
  let world: AttendanceWorld;
  let used = 0;
  beforeAll(async () => {
    world = await startAttendanceWorld(GATEWAYS, {}, { store });
  });
  afterAll(() => world[Symbol.asyncDispose]());

  /** A registered gateway and an employee with badge `number-<employee>`, both of this test alone. */
  async function fresh(): Promise<{ gw: PretendedGateway; employee: string; badge: string }> {
    const name = GATEWAYS[used]!;
    used += 1;
    const gw = world.gateway(name);
    await gw.register();
    const employee = `e-${name}`;
    await world.hire(employee);
    await world.assign(employee, `number-${employee}`);
    return { gw, employee, badge: `number-${employee}` };
  }
  const worked = async (employee: string): Promise<number | undefined> =>
    (await timesheet(world.attendance().db, employee, WORKDAY))?.workday.workedSeconds;
  const kindsOf = async (gw: PretendedGateway): Promise<unknown[]> =>
    (await world.eventsOf(gatewayAlarmsId(gw.address))).map(
      ({ data }) => (data as { kind: string }).kind,
    );
  const typesOf = async (aggregateId: string): Promise<string[]> =>
    (await world.eventsOf(aggregateId)).map(({ type }) => type.replace("attendance.", ""));
  const isRead = (seq: number): Promise<unknown> =>
    eventually(() => world.attendance().consumers[0]!.stats().lastSeq >= seq, {
      what: `CLOCK message ${seq} read`,
    });

  test("turns a segment into one day, and the same segment again into nothing", async () => {
    const { gw, employee, badge } = await fresh();
    gw.punch(badge, "08:00");
    gw.punch(badge, "16:00");
    await gw.publish(gw.segment(1, 2));
    await eventually(async () => (await worked(employee)) === 8 * 3600);
    const before = await world.eventsOf(employee);
    await gw.publish(gw.segment(1, 2), "resent");
    await isRead(await gw.publish(gw.segment(2, 2), "resent"));
    expect(await world.eventsOf(employee)).toEqual(before);
    expect(before.map(({ type }) => type)).toEqual([
      "attendance.clock.recorded",
      "attendance.clock.recorded",
      "attendance.check-in.recorded",
      "attendance.check-out.recorded",
      "attendance.workday.calculated",
    ]);
    expect(await kindsOf(gw)).toEqual([]);
  });

  test("takes only what is new out of overlapping resends", async () => {
    const { gw, employee, badge } = await fresh();
    for (const time of ["08:00", "12:00", "12:30", "16:30"]) gw.punch(badge, time);
    await gw.publish(gw.segment(1, 2));
    await gw.publish(gw.segment(2, 3), "resent");
    await isRead(await gw.publish(gw.segment(1, 4), "resent"));
    await eventually(async () => (await worked(employee)) === 8 * 3600);
    const recorded = (await typesOf(employee)).filter((type) => type === "clock.recorded");
    expect(recorded).toHaveLength(4);
    expect(world.attendance().intakeStore.journals()).toContainEqual(
      expect.objectContaining({ gateway: gw.address.gateway, completeTo: 4, missing: [] }),
    );
  });

  test("tells a gap, asks the gateway for it, and closes it with what comes", async () => {
    const { gw, employee, badge } = await fresh();
    for (const time of ["08:00", "12:00", "12:30", "16:30"]) gw.punch(badge, time);
    const connection = await gw.connection();
    connection.subscribe(gatewayCommandSubject(gw.address, "resend"), {
      callback: (_error, message) => {
        const { first, last } = decode(message.data, resendRequestSchema, { what: "request" });
        message.respond(encode({ result: "accepted", kept: 1 }));
        void gw.publish(gw.segment(first, last), "resent");
      },
    });
    await connection.flush();
    await gw.publish(gw.segment(1, 1));
    await gw.publish(gw.segment(4, 4));
    await eventually(async () => (await worked(employee)) === 8 * 3600);
    expect(await world.eventsOf(gatewayAlarmsId(gw.address))).toMatchObject([
      { data: { kind: "gap", first: 2, last: 3 } },
    ]);
    expect(world.attendance().intakeStore.gaps({ address: gw.address, epoch: gw.epoch })).toEqual(
      [],
    );
  });

  test("refuses a corrupt message and a foreign signature, tells both, and gets the rows again", async () => {
    const { gw, employee, badge } = await fresh();
    for (const time of ["08:00", "10:00", "12:00", "16:00"]) gw.punch(badge, time);
    await gw.publish(gw.segment(1, 1));
    const broken = Buffer.from(gw.segment(2, 2));
    broken[broken.length - 1]! ^= 1;
    await gw.publish(broken);
    await gw.publish(gw.segment(3, 3).subarray(0, 60));
    const thief = world.gateway(gw.address.gateway);
    thief.punch(badge, "03:00");
    await gw.publish(thief.segment(1, 1));
    await isRead(await gw.publish(gw.segment(4, 4)));
    expect(await kindsOf(gw)).toEqual(["bad-signature", "corrupt-segment", "bad-signature", "gap"]);
    await gw.publish(gw.segment(2, 3), "resent");
    await eventually(async () => (await worked(employee)) === 6 * 3600);
    const { db } = world.attendance();
    const counted = await punches(db, {
      fromMs: 0,
      toMs: Date.now(),
      employeeId: employee,
      visible: { kind: "all" },
      limit: 9,
    });
    expect(counted.map((row) => row.punch_id)).toEqual(
      [1, 2, 3, 4].map((row) => punchIdOf(gw.address.gateway, gw.epoch, row)),
    );
  });

  test("refuses a journal that tells its past in another way", async () => {
    const { gw, employee, badge } = await fresh();
    for (const time of ["08:00", "16:00"]) gw.punch(badge, time);
    await gw.publish(gw.segment(1, 1));
    await isRead(await gw.publish(gw.forked(2, 2)));
    expect(await kindsOf(gw)).toEqual(["broken-chain"]);
    expect(await typesOf(employee)).not.toContain("check-out.recorded");
    await gw.publish(gw.segment(2, 2), "resent");
    await eventually(async () => (await worked(employee)) === 8 * 3600);
  });

  test("refuses a segment that a gateway wrote in another's name", async () => {
    const { gw } = await fresh();
    const other = await fresh();
    other.gw.punch(other.badge, "08:00");
    gw.punch(other.badge, "08:00");
    await gw.publish(other.gw.segment(1, 1));
    await isRead(await gw.publish(gw.inTheNameOf(other.gw.address, 1, 1)));
    expect(await kindsOf(gw)).toEqual(["bad-signature", "corrupt-segment"]);
    expect(await typesOf(other.employee)).toEqual([]);
  });

  test("keeps an unknown badge and gives it to its owner with the original time", async () => {
    const { gw } = await fresh();
    const late = `late-${gw.address.gateway}`;
    const id = gw.punch(`number-${late}`, "08:00");
    gw.punch(`number-${late}`, "17:00");
    await gw.publish(gw.segment(1, 2));
    await eventually(async () => (await typesOf(quarantineId(id))).length === 1);
    await world.hire(late);
    await world.assign(late, `number-${late}`, "07:00");
    await eventually(async () => (await worked(late)) === 9 * 3600);
    expect(await typesOf(quarantineId(id))).toEqual(["punch.quarantined", "quarantine.resolved"]);
  });

  test("does not give a punch to somebody who got the badge later", async () => {
    const { gw } = await fresh();
    const late = `later-${gw.address.gateway}`;
    const id = gw.punch(`number-${late}`, "08:00");
    const mine = gw.punch(`number-${late}`, "10:00");
    await gw.publish(gw.segment(1, 2));
    await eventually(async () => (await typesOf(quarantineId(mine))).length === 1);
    await world.hire(late);
    await world.assign(late, `number-${late}`, "09:00");
    await eventually(async () => (await typesOf(quarantineId(mine))).length === 2);
    await eventually(async () => (await typesOf(late)).includes("check-in.recorded"));
    expect(await typesOf(quarantineId(id))).toEqual(["punch.quarantined"]);
    expect((await typesOf(late)).filter((type) => type === "clock.recorded")).toHaveLength(1);
  });

  test("counts a punch when its terminal says, and holds alone one whose terminal cannot be believed", async () => {
    const { gw, employee, badge } = await fresh();
    const read = { gatewayAtMs: Date.now(), monotonicMs: 9e6, bootId: "b", uncertaintyMs: 1_500 };
    const logged = (time: string) => ({
      time: { ...read, deviceLocal: localTime(time), takenAtMs: clock(time), takenMonotonicMs: -1 },
    });
    gw.punch(badge, "20:00", logged("08:00"));
    const doubt = {
      ...read,
      uncertaintyMs: null,
      deviceLocal: localTime("09:00"),
      doubt: "ahead",
    } as const;
    const doubted = gw.punch(badge, "20:00", { time: doubt });
    gw.punch(badge, "20:00", logged("16:00"));
    await gw.publish(gw.segment(1, 3));
    await eventually(async () => (await worked(employee)) === 8 * 3600);
    const held = await eventually(() => quarantinedPunch(world.attendance().db, doubted));
    expect(quarantinedView(held)).toMatchObject({
      reason: "impossible-time",
      deviceLocal: localTime("09:00"),
      doubt: "ahead",
      uncertaintySeconds: null,
    });
  });

  test("dates what a gateway took before it knew the time, also if that comes first or is resent", async () => {
    const { gw, employee, badge } = await fresh();
    const boot = { bootId: "boot-2000", uncertaintyMs: null, deviceLocal: null };
    const undated = (monotonicMs: number) => ({
      time: { ...boot, gatewayAtMs: Date.UTC(2000, 0) + monotonicMs, monotonicMs },
    });
    const early = gw.punch(badge, "20:00", undated(60_000));
    const late = gw.punch(badge, "20:00", undated(60_000 + 8 * 3_600_000));
    const elsewhere = gw.punch(badge, "20:00", { time: { ...undated(1).time, bootId: "other" } });
    const known = { ...boot, gatewayAtMs: clock("18:00"), monotonicMs: 60_000 + 10 * 3_600_000 };
    gw.add({
      kind: "status",
      reader: null,
      what: "time-known",
      time: { ...known, uncertaintyMs: 20 },
    });
    gw.add({
      kind: "status",
      reader: null,
      what: "word-of-a-later-release",
      time: { ...known, uncertaintyMs: 20 },
    });
    await gw.publish(gw.segment(1, 1));
    await eventually(async () => (await typesOf(quarantineId(early))).length === 1);
    await gw.publish(gw.segment(4, 5), "resent");
    await eventually(async () => (await typesOf(quarantineId(early))).length === 3);
    await gw.publish(gw.segment(2, 3), "resent");
    await eventually(async () => (await worked(employee)) === 8 * 3600);
    await isRead(await gw.publish(gw.segment(1, 5), "resent"));
    for (const id of [early, late]) {
      expect(await typesOf(quarantineId(id))).toEqual([
        "punch.quarantined",
        "punch.redated",
        "quarantine.resolved",
      ]);
    }
    expect(await typesOf(quarantineId(elsewhere))).toEqual(["punch.quarantined"]);
    expect(await kindsOf(gw)).toEqual(["gap"]);
    const [first] = await world.eventsOf(employee);
    expect(first?.data).toMatchObject({ at: clock("08:00"), punch: { punchId: early } });
  });

  test("gives a re-dated punch to whose its badge turns out to be", async () => {
    const { gw } = await fresh();
    const late = `dated-${gw.address.gateway}`;
    const boot = { bootId: "boot-2000", deviceLocal: null };
    const undated = { ...boot, gatewayAtMs: 5_000, monotonicMs: 5_000, uncertaintyMs: null };
    const known = {
      ...boot,
      gatewayAtMs: clock("10:00"),
      monotonicMs: 3_605_000,
      uncertaintyMs: 20,
    };
    const id = gw.punch(`number-${late}`, "20:00", { time: undated });
    gw.add({ kind: "status", reader: null, what: "time-known", time: known });
    await gw.publish(gw.segment(1, 2));
    await eventually(async () => (await typesOf(quarantineId(id))).length === 2);
    const held = await eventually(async () => {
      const found = await quarantinedPunch(world.attendance().db, id);
      return found?.reason === "unknown-badge" ? found : undefined;
    });
    expect(held.at).toBe(clock("09:00"));
    await world.hire(late);
    await world.assign(late, `number-${late}`, "08:00");
    await eventually(async () => (await typesOf(late)).includes("check-in.recorded"));
    const [recorded] = await world.eventsOf(late);
    expect(recorded?.data).toMatchObject({ at: clock("09:00") });
  });

  test("quarantines a time that cannot be, a wrong PIN, and people who have left", async () => {
    const { gw, employee, badge } = await fresh();
    const time = { monotonicMs: 1, bootId: "b", uncertaintyMs: 5, deviceLocal: null };
    const ids = [
      gw.punch(badge, "08:00", { time: { ...time, gatewayAtMs: Date.now() + 3_600_000 } }),
      gw.punch(badge, "08:00", { time: { ...time, gatewayAtMs: 0 } }),
      gw.punch(badge, "08:00", {
        time: { ...time, gatewayAtMs: Date.now() - 1000, uncertaintyMs: null },
      }),
      gw.punch(badge, "08:00", { pin: "wrong" }),
      gw.punch(badge, "12:00"),
    ];
    const good = gw.punch(badge, "09:00");
    const at = Date.parse(`${WORKDAY}T11:00Z`);
    await world.employee(employee, [
      { type: "employee.employee.deactivated", data: { employeeId: employee, reason: "", at } },
    ]);
    const holders = world.attendance().projections[1]!;
    await eventually(async () => {
      const length = await world.streamLength("EMPLOYEE");
      return holders.status().position >= length;
    });
    await isRead(await gw.publish(gw.segment(1, 6)));
    const reasons = await Promise.all(
      ids.map(async (id) =>
        (await world.eventsOf(quarantineId(id))).map(
          ({ data }) => (data as { reason: string }).reason,
        ),
      ),
    );
    expect(reasons.flat()).toEqual([
      "impossible-time",
      "impossible-time",
      "impossible-time",
      "wrong-pin",
      "inactive-employee",
    ]);
    expect(await typesOf(quarantineId(good))).toEqual([]);
    expect(await typesOf(employee)).toContain("check-in.recorded");
  });

  test("keeps the segments of an unregistered gateway and reads them once it is registered", async () => {
    const name = GATEWAYS[used]!;
    used += 1;
    const gw = world.gateway(name);
    await world.hire(`e-${name}`);
    await world.assign(`e-${name}`, `number-e-${name}`);
    gw.punch(`number-e-${name}`, "08:00");
    gw.punch(`number-e-${name}`, "16:00");
    await gw.publish(gw.segment(1, 1));
    await isRead(await gw.publish(gw.segment(2, 2)));
    expect(await kindsOf(gw)).toEqual(["unknown-gateway"]);
    expect(await typesOf(`e-${name}`)).toEqual([]);
    await gw.register();
    await eventually(async () => (await worked(`e-${name}`)) === 8 * 3600);
    await eventually(() => world.attendance().intakeStore.parked().length === 0);
  });

  test("believes what was stored before a revocation and nothing after it", async () => {
    const { gw, employee, badge } = await fresh();
    gw.punch(badge, "08:00");
    gw.punch(badge, "16:00");
    await isRead(await gw.publish(gw.segment(1, 1)));
    const revoked = { status: "revoked", revokedAtMs: Date.now() } as const;
    await gw.register(revoked);
    await isRead(await gw.publish(gw.segment(2, 2)));
    expect(await kindsOf(gw)).toEqual(["unknown-gateway"]);
    expect((await typesOf(employee)).filter((type) => type === "clock.recorded")).toHaveLength(1);
    const { intake, intakeStore } = world.attendance();
    const parked = intake?.stats().parkedTotal ?? 0;
    await gw.register({ ...revoked, name: "still revoked" });
    await eventually(() => (intake?.stats().parkedTotal ?? 0) > parked);
    expect(intakeStore.parked()).toHaveLength(1);
    await gw.register();
    await eventually(async () => (await worked(employee)) === 8 * 3600);
    await eventually(() => intakeStore.parked().length === 0);
  });

  test("says so when a gateway begins a new journal, and tells no gap between the two", async () => {
    const { gw, employee, badge } = await fresh();
    gw.punch(badge, "08:00");
    await isRead(await gw.publish(gw.segment(1, 1)));
    const renewed = world.gateway(gw.address.gateway, "epoch00002");
    await renewed.register();
    renewed.punch(badge, "16:00");
    await isRead(await renewed.publish(renewed.segment(1, 1)));
    await eventually(async () => (await worked(employee)) === 8 * 3600);
    expect(await kindsOf(gw)).toEqual(["new-epoch"]);
    const told = await eventually(async () => {
      const all = await alarms(world.attendance().db, { visible: { kind: "all" }, limit: 100 });
      return all.filter((row) => row.gateway === gw.address.gateway);
    });
    expect(told).toHaveLength(1);
  });
});
