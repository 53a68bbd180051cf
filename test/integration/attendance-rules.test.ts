import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import type { workdayCalculated } from "@clockleaf/shared/events/attendance.ts";
import type { EventOf } from "@clockleaf/shared/events/envelope.ts";
import type { RuleBookInput } from "@clockleaf/shared/worktime/rule-book.ts";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openIntakeStore } from "../../cloud/attendance/intake-store.ts";
import { timesheet } from "../../cloud/attendance/reads.ts";
import {
  type AttendanceWorld,
  clock,
  daysBefore,
  startAttendanceWorld,
  TENANT,
  WORKDAY,
} from "../support/attendance-world.ts";
import { eventually } from "../support/eventually.ts";
import { findNatsServer } from "../support/nats.ts";
import { available } from "../support/parts.ts";
import { person } from "../support/people.ts";

const [OLD, EVE] = [daysBefore(2), daysBefore(1)];
const overtimeAfter = (after: string, code: string): Record<string, unknown> => ({
  overtime: { policies: [{ kind: "daily", name: code, tiers: [{ after, code, rate: 1.5 }] }] },
});
const BOOK_A: RuleBookInput = {
  groups: { "ten-hours": overtimeAfter("10h", "OVER10") },
  assignments: [{ to: "everyone", use: ["ten-hours"], from: "2020-01-01" }],
};
/** Overtime begins earlier in the day, from EVE on. */
const BOOK_B: RuleBookInput = {
  groups: { ...BOOK_A.groups, "six-hours": overtimeAfter("6h", "OVER6") },
  assignments: [
    { to: "everyone", use: ["ten-hours"], from: "2020-01-01", until: OLD },
    { to: "everyone", use: ["six-hours"], from: EVE },
  ],
};

describe.skipIf(!available("nats-server", findNatsServer()))("changed rules", () => {
  let world: AttendanceWorld;
  const children: ChildProcess[] = [];
  beforeEach(async () => {
    world = await startAttendanceWorld(["gw1"], BOOK_A);
  });
  afterEach(async () => {
    for (const child of children.splice(0)) child.kill("SIGKILL");
    await world[Symbol.asyncDispose]();
  });

  /** All of them worked 08:00 to 16:00 on OLD, EVE and WORKDAY. */
  async function worked(people: readonly string[]): Promise<void> {
    const gw = world.gateway("gw1");
    await gw.register();
    for (const id of people) {
      await world.hire(id);
      await world.assign(id, `number-${id}`, `${OLD}T00:00`);
    }
    let rows = 0;
    for (const on of [OLD, EVE, WORKDAY]) {
      for (const time of ["08:00", "16:00"]) {
        for (const id of people) gw.punch(`number-${id}`, `${on}T${time}`);
      }
      await gw.publish(gw.segment(rows + 1, rows + 2 * people.length));
      rows += 2 * people.length;
    }
    for (const id of people) {
      await eventually(async () => (await codesOn(id, WORKDAY)) !== undefined);
    }
  }
  const codesOn = async (id: string, on: string): Promise<string[] | undefined> =>
    (await timesheet(world.attendance().db, id, on))?.workday.claims.map(({ code }) => code);
  /** Revisions of somebody's days as they were stored, without those that live punches made. */
  async function daysOf(id: string): Promise<Array<EventOf<typeof workdayCalculated>["data"]>> {
    return (await world.eventsOf(id))
      .filter(({ type }) => type === "attendance.workday.calculated")
      .map(({ data }) => data as EventOf<typeof workdayCalculated>["data"]);
  }
  const allApplied = (): Promise<unknown> => {
    const { recalculation } = world.attendance();
    return eventually(() => recalculation?.stats().peopleLeft === 0);
  };
  const appliedTo = (people: readonly string[]): string[] => {
    const store = openIntakeStore(world.dir.path);
    const done = people.filter((id) => store.rulesApplied(id) !== undefined);
    store.close();
    return done;
  };

  test("are brought by a restart to the days from their date on, and to no other", async () => {
    await worked(["ada", "bob"]);
    const before = await daysOf("ada");
    await world.stop();
    await world.start(BOOK_B);
    for (const id of ["ada", "bob"]) {
      await eventually(async () => (await codesOn(id, WORKDAY))?.includes("OVER6"));
    }
    await allApplied();
    const after = await daysOf("ada");
    expect(after.slice(0, before.length)).toEqual(before);
    expect(
      after.slice(before.length).map(({ revision, workday: { workdayOn, claims } }) => ({
        revision:
          revision - (before.findLast((day) => day.workday.workdayOn === workdayOn)?.revision ?? 0),
        workdayOn,
        claims: claims.map(({ code, seconds }) => [code, seconds / 3600]),
      })),
    ).toEqual(
      [EVE, WORKDAY].map((workdayOn) => ({
        revision: 1,
        workdayOn,
        claims: [
          ["REG", 6],
          ["OVER6", 2],
        ],
      })),
    );
    expect(await codesOn("ada", OLD)).toEqual(["REG"]);

    const length = await world.streamLength("ATTENDANCE");
    await world.stop();
    await world.start(BOOK_B);
    await allApplied();
    expect(await world.streamLength("ATTENDANCE")).toBe(length);
  });

  test("reach everybody once although the process is killed on the way", async () => {
    const people = Array.from({ length: 40 }, (_, n) => `e${String(n).padStart(2, "0")}`);
    await worked(people);
    await world.stop();
    const before = await world.streamLength("ATTENDANCE");
    const { site, dir } = world;
    const child = spawn(
      process.execPath,
      [
        join(import.meta.dirname, "../support/attendance-child.ts"),
        site.hub.url,
        site.deployment.seedFile("cloud-all"),
        dir.path,
        TENANT,
        JSON.stringify(BOOK_B),
      ],
      { stdio: ["ignore", "pipe", "inherit"] },
    );
    children.push(child);
    await eventually(() => appliedTo(people).length >= 5, { timeoutMs: 30_000 });
    const closed = once(child, "close");
    child.kill("SIGKILL");
    await closed;
    const done = appliedTo(people);
    expect(done.length).toBeLessThan(people.length);
    expect(done).toEqual(people.slice(0, done.length));

    await world.start(BOOK_B);
    await eventually(() => appliedTo(people).length === people.length, { timeoutMs: 30_000 });
    await allApplied();
    expect(world.attendance().recalculation?.stats().peopleTotal).toBe(people.length - done.length);
    for (const id of people) {
      const codes = (await daysOf(id)).map(({ workday: { workdayOn, claims } }) =>
        claims.some(({ code }) => code === "OVER6") ? workdayOn : "",
      );
      expect(codes.filter((on) => on !== "")).toEqual([EVE, WORKDAY]);
    }
    // for each of the two days the day itself, and the overtime on it
    expect(await world.streamLength("ATTENDANCE")).toBe(before + 4 * people.length);
    process.stdout.write(`recalculation: killed after ${done.length} of ${people.length} people\n`);
  });

  test("come with a move to another department from its day on, and with the punches after it", async () => {
    const book: RuleBookInput = {
      groups: { ...BOOK_A.groups, "six-hours": overtimeAfter("6h", "OVER6") },
      assignments: [
        { to: "everyone", use: ["ten-hours"], from: "2020-01-01" },
        { to: { group: "paint-shop" }, use: ["six-hours"], from: "2020-01-01" },
      ],
    };
    await world.stop();
    await world.start(book);
    await worked(["ada", "bob"]);
    await allApplied();
    const moved = { ...person("ada"), departmentId: "paint-shop" };
    const update = { type: "employee.employee.updated", data: moved };
    await world.employee("ada", [update], clock(`${EVE}T06:00`));
    await eventually(async () => (await codesOn("ada", WORKDAY))?.includes("OVER6"));
    expect(await codesOn("ada", EVE)).toContain("OVER6");
    expect(await codesOn("ada", OLD)).toEqual(["REG"]);
    expect(await codesOn("bob", WORKDAY)).toEqual(["REG"]);

    const gw = world.gateway("gw1", "epoch00002");
    await gw.register();
    gw.punch("number-ada", `${WORKDAY}T17:00`);
    gw.punch("number-ada", `${WORKDAY}T18:00`);
    await gw.publish(gw.segment(1, 2));
    const sheet = await eventually(async () => {
      const found = await timesheet(world.attendance().db, "ada", WORKDAY);
      return (found?.workday.punches.length ?? 0) > 2 ? found : undefined;
    });
    expect(sheet.workday.groups).toEqual(["ten-hours", "six-hours"]);

    const length = await world.streamLength("ATTENDANCE");
    await world.employee("bob", [
      { type: "employee.employee.updated", data: { ...person("bob"), jobTitle: "Foreman" } },
    ]);
    const { consumers } = world.attendance();
    const places = consumers.find((each) => each.stats().durable === "attendance-places");
    const last = await world.streamLength("EMPLOYEE");
    await eventually(() => (places?.stats().lastSeq ?? 0) >= last);
    await allApplied();
    expect(await world.streamLength("ATTENDANCE")).toBe(length);
  });
});
