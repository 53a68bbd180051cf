import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { silentLog } from "@clockleaf/shared/lib/log.ts";
import { parseRuleBook } from "@clockleaf/shared/worktime/rule-book.ts";
import { constantRules, ruleSetSchema } from "@clockleaf/shared/worktime/rules.ts";
import { jetstreamManager } from "@nats-io/jetstream";
import Database from "better-sqlite3";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Attendance, startAttendance } from "../../cloud/attendance/attendance.ts";
import { DEFAULT_TIME_LIMITS, type People } from "../../cloud/attendance/attribution.ts";
import { createClockWriter } from "../../cloud/attendance/clock-writer.ts";
import { gatewayAlarmsId } from "../../cloud/attendance/ids.ts";
import { createIntake, type Intake } from "../../cloud/attendance/intake.ts";
import { type IntakeStore, openIntakeStore } from "../../cloud/attendance/intake-store.ts";
import { createPunchRecorder } from "../../cloud/attendance/punch-recorder.ts";
import { punches, timesheet } from "../../cloud/attendance/reads.ts";
import { createRunners } from "../../cloud/attendance/runners.ts";
import { heldHere } from "../../cloud/eventing/leases.ts";
import {
  type AttendanceWorld,
  clock,
  startAttendanceWorld,
  TENANT,
  WORKDAY,
} from "../support/attendance-world.ts";
import { eventually } from "../support/eventually.ts";
import { findNatsServer } from "../support/nats.ts";
import { available } from "../support/parts.ts";

const SEED = 20_260_114;

/** Park–Miller: the same pauses in every run. */
function randomOf(seed: number): () => number {
  let state = seed % 2_147_483_647;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

const isComplete = (attendance: Attendance, row: number): boolean =>
  attendance.intakeStore.journals().some(({ completeTo }) => completeTo === row);

describe.skipIf(!available("nats-server", findNatsServer()))("a crash of the intake", () => {
  let world: AttendanceWorld;
  beforeEach(async () => {
    world = await startAttendanceWorld(["gw1"]);
  });
  const children: ChildProcess[] = [];
  afterEach(async () => {
    for (const child of children.splice(0)) child.kill("SIGKILL");
    await world[Symbol.asyncDispose]();
  });

  const recorded = async (employee: string): Promise<string[]> =>
    (await world.eventsOf(employee))
      .filter(({ type }) => type === "attendance.clock.recorded")
      .map(({ data }) => (data as { punch: { punchId: string } }).punch.punchId);

  test("between storing the events and noting the rows gives no punch to two people", async () => {
    await world.stop();
    const gw = world.gateway("gw1");
    gw.punch("number-7", "08:00");
    const message = {
      subject: "clock.v1.acme.hq.gw1",
      data: gw.segment(1, 1),
      seq: 1,
      storedAtMs: clock("08:00"),
    };
    const rules = constantRules(ruleSetSchema.parse({}));
    let holder = "e-first";
    const people = (): Promise<People> =>
      Promise.resolve({
        periods: [{ badge: "number-7", employeeId: holder, validFrom: 0, validTo: null }],
        employments: [{ employeeId: holder, fromAt: 0, isActive: true }],
      });
    /** A process that has just started: nothing in memory, the same file. */
    const intakeOn = (store: IntakeStore): Intake => {
      const runners = createRunners({ store: world.eventStore, tenant: TENANT });
      const recorder = createPunchRecorder({
        store,
        runners,
        clocks: createClockWriter({
          clocks: runners.clocks,
          rulesOf: () => Promise.resolve(rules),
          belongingOf: () => Promise.resolve({ departmentId: null, managerId: null }),
        }),
        peopleBehind: people,
        // The read model has not seen the events yet: the worst case.
        settled: () => Promise.resolve(new Map()),
        limits: DEFAULT_TIME_LIMITS,
        nowMs: () => clock("08:01"),
      });
      return createIntake({
        store,
        recorder,
        redating: { settle: () => Promise.resolve() },
        alarms: runners.alarms,
        gatewayOf: () => Promise.resolve(gw.record),
        nowMs: () => clock("08:01"),
        onGap: () => undefined,
        log: silentLog(),
      });
    };

    const dying = openIntakeStore(world.dir.path);
    const crash = new Error("crash");
    const intake = intakeOn({
      ...dying,
      take: () => {
        throw crash;
      },
    });
    await expect(intake.process(message)).rejects.toBe(crash);
    dying.close();
    expect(await recorded("e-first")).toHaveLength(1);

    holder = "e-second"; // the badge turns out to be somebody else's from the beginning
    const store = openIntakeStore(world.dir.path);
    expect(await intakeOn(store).process(message)).toBe("taken");
    expect(await recorded("e-first")).toHaveLength(1);
    expect(await recorded("e-second")).toEqual([]);
    expect(store.ranges({ address: gw.address, epoch: gw.epoch })).toHaveLength(1);
    store.close();
  });

  test("and the loss of its files doubles nothing: CLOCK is read again from its beginning", async () => {
    const gw = world.gateway("gw1");
    await gw.register();
    await world.hire("e1");
    await world.assign("e1", "number-1");
    for (const time of ["08:00", "12:00", "12:30", "16:30"]) gw.punch("number-1", time);
    const unknown = gw.punch("number-404", "09:00");
    await gw.publish(gw.segment(1, 3));
    await gw.publish(gw.segment(4, 5));
    const worked = async (): Promise<number | undefined> =>
      (await timesheet(world.attendance().db, "e1", WORKDAY))?.workday.workedSeconds;
    await eventually(async () => (await worked()) === 8 * 3600);
    await eventually(async () => (await world.streamLength("ATTENDANCE")) >= 10);
    await world.stop();
    const before = await world.streamLength("ATTENDANCE");
    rmSync(world.dir.path, { recursive: true });
    // Meanwhile the badge is withdrawn as if it had never been e1's; what was decided stays decided.
    await world.employee("e1", [
      {
        type: "employee.badge.withdrawn",
        data: { employeeId: "e1", badge: "number-1", validTo: clock("00:00"), reason: "" },
      },
    ]);
    await world.start();
    await eventually(() =>
      world
        .attendance()
        .intakeStore.journals()
        .some((journal) => journal.completeTo === 5),
    );
    expect(await worked()).toBe(8 * 3600);
    expect(await world.streamLength("ATTENDANCE")).toBe(before);
    expect(unknown).toBe("gw1-epoch00001-5");
  });

  test("of another process within a write keeps the file locked, which is waited for and makes no dead letter", async () => {
    const gw = world.gateway("gw1");
    await gw.register();
    gw.punch("number-1", "08:00");
    const other = new Database(join(world.dir.path, "attendance-intake.sqlite"));
    other.exec("begin immediate");
    await gw.publish(gw.segment(1, 1));
    const [intake] = world.attendance().consumers;
    await eventually(() => intake?.stats().stuckOn === "stream.conflict");
    await eventually(() => (intake?.stats().retriesTotal ?? 0) > 6, { timeoutMs: 30_000 });
    other.exec("rollback");
    other.close();
    await eventually(() => isComplete(world.attendance(), 1), { timeoutMs: 20_000 });
    expect(intake?.stats().deadLettersTotal).toBe(0);
  });

  test("and a move to a machine with a file of its own, and back, raises no alarm and doubles nothing", async () => {
    const gw = world.gateway("gw1");
    await gw.register();
    await world.hire("e1");
    await world.assign("e1", "number-1");
    const ids = ["08:00", "12:00", "12:30", "16:30"].map((time) => gw.punch("number-1", time));
    await gw.publish(gw.segment(1, 1));
    await eventually(() => isComplete(world.attendance(), 1));
    await world.stop();

    const other = await startAttendance({
      nc: world.nc,
      eventStore: world.eventStore,
      tenant: TENANT,
      dataDir: join(world.dir.path, "other-machine"),
      rules: parseRuleBook({}),
      nowMs: () => Date.now(),
      log: silentLog(),
      leases: heldHere(),
      isWorking: true,
    });
    await gw.publish(gw.segment(2, 3));
    await eventually(() => isComplete(other, 3));
    await other.close();

    await world.start();
    await gw.publish(gw.segment(4, 4));
    await eventually(() => isComplete(world.attendance(), 4));
    expect(await recorded("e1")).toEqual(ids);
    expect(await world.eventsOf(gatewayAlarmsId(gw.address))).toEqual([]);
  });

  test(`by kill -9, again and again while segments come in, loses and doubles nothing (seed ${SEED})`, async () => {
    await world.stop();
    const PEOPLE = 5;
    const SEGMENTS = 60;
    const gw = world.gateway("gw1");
    await gw.register();
    for (let n = 0; n < PEOPLE; n += 1) {
      await world.hire(`e${n}`);
      await world.assign(`e${n}`, `number-${n}`);
    }
    const random = randomOf(SEED);
    const wanted = new Map<string, string[]>();
    const publishAll = async (): Promise<void> => {
      for (let segment = 0; segment < SEGMENTS; segment += 1) {
        const first = segment * PEOPLE + 1;
        for (let n = 0; n < PEOPLE; n += 1) {
          const minutes = String(segment % 60).padStart(2, "0");
          const hour = String(8 + Math.floor(segment / 60)).padStart(2, "0");
          const id = gw.punch(`number-${n}`, `${hour}:${minutes}:30`);
          wanted.set(`e${n}`, [...(wanted.get(`e${n}`) ?? []), id]);
        }
        await gw.publish(gw.segment(first, first + PEOPLE - 1));
        await sleep(10 * random());
      }
    };

    const jsm = await jetstreamManager(world.nc, { checkAPI: false });
    const ackFloor = async (): Promise<number> =>
      (await jsm.consumers.info("CLOCK", "attendance-intake")).ack_floor.stream_seq;
    const { site, dir } = world;
    const spawnOne = async (): Promise<ChildProcess> => {
      const child = spawn(
        process.execPath,
        [
          join(import.meta.dirname, "../support/attendance-child.ts"),
          site.hub.url,
          site.deployment.seedFile("cloud-all"),
          dir.path,
          TENANT,
        ],
        { stdio: ["ignore", "pipe", "inherit"] },
      );
      children.push(child);
      await once(child.stdout, "data");
      return child;
    };
    const publishing = publishAll();
    let kills = 0;
    for (; kills < 6; kills += 1) {
      const child = await spawnOne();
      await sleep(60 * random());
      const closed = once(child, "close");
      child.kill("SIGKILL");
      await closed;
    }
    await publishing;
    const last = await spawnOne();
    await eventually(async () => (await ackFloor()) === SEGMENTS, { timeoutMs: 30_000 });
    const closed = once(last, "close");
    last.kill("SIGKILL");
    await closed;

    await world.start();
    for (const [employee, ids] of wanted) {
      expect((await recorded(employee)).toSorted()).toEqual(ids.toSorted());
      const { db } = world.attendance();
      const rows = await punches(db, {
        fromMs: 0,
        toMs: Date.now(),
        employeeId: employee,
        visible: { kind: "all" },
        limit: 500,
      });
      expect(rows.map((row) => row.punch_id).toSorted()).toEqual(ids.toSorted());
    }
    expect(world.attendance().intakeStore.journals()).toMatchObject([
      { completeTo: SEGMENTS * PEOPLE, missing: [] },
    ]);
    process.stdout.write(`attendance crash test: ${kills} kills, ${SEGMENTS * PEOPLE} punches\n`);
  });
});
