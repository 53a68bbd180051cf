import type { RuleBookInput } from "@clockleaf/shared/worktime/rule-book.ts";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createApiKey } from "../../cloud/api/auth.ts";
import type { ApiRouter } from "../../cloud/api/router.ts";
import { attendanceConfigSchema } from "../../cloud/attendance/config.ts";
import { siteMarkId } from "../../cloud/attendance/ids.ts";
import { timesheet } from "../../cloud/attendance/reads.ts";
import { createAttendanceRoutes } from "../../cloud/attendance/routes.ts";
import {
  type AttendanceWorld,
  clock,
  daysBefore,
  startAttendanceWorld,
  WORKDAY,
} from "../support/attendance-world.ts";
import { apiAppOf } from "../support/context-api.ts";
import { eventually } from "../support/eventually.ts";
import { findNatsServer } from "../support/nats.ts";
import { available } from "../support/parts.ts";
import type { PretendedGateway } from "../support/pretended-gateway.ts";

const { key, entry } = createApiKey("admin", ["admin"]);
/** The evening of the workday, and the morning after, when it is over for good. */
const [EVENING, MORNING] = ["23:00", `${daysBefore(-1)}T09:00`];
/** Everybody is due from 8 to 16 on every day from the workday on. */
const BOOK: RuleBookInput = {
  groups: {
    plant: {
      schedule: {
        templates: [{ name: "day", start: "08:00", end: "16:00" }],
        rotas: [{ name: "all", kind: "cycle", anchor: WORKDAY, days: [["day"]] }],
      },
    },
  },
  assignments: [{ to: "everyone", use: ["plant"], from: WORKDAY }],
};

describe.skipIf(!available("nats-server", findNatsServer()))("a site's watermark", () => {
  let world: AttendanceWorld;
  let app: ApiRouter;
  let gw: PretendedGateway;
  beforeEach(async () => {
    const watermark = { everyMinutes: 0, lookEverySeconds: 0.05, readerSettleSeconds: 0 };
    const config = attendanceConfigSchema.parse({ watermark });
    world = await startAttendanceWorld(["gw1", "gw2"], BOOK, { config });
    app = apiAppOf([createAttendanceRoutes(world.attendance().routes)], [entry]);
    gw = world.gateway("gw1");
    await gw.register();
    for (const id of ["ada", "bob"]) {
      await world.hire(id);
      await world.assign(id, `number-${id}`);
    }
    gw.punch("number-ada", "08:00");
    gw.punch("number-ada", "16:00");
    await gw.publish(gw.segment(1, 2));
    await eventually(async () => (await exceptionsOf("ada")) !== undefined);
  });
  afterEach(() => world[Symbol.asyncDispose]());

  const exceptionsOf = async (id: string): Promise<string[] | undefined> =>
    (await timesheet(world.attendance().db, id, WORKDAY))?.workday.exceptions.map(
      ({ kind }) => kind,
    );
  const stateOf = async (id: string): Promise<string | undefined> =>
    (await timesheet(world.attendance().db, id, WORKDAY))?.workday.state;
  const markOf = async (): Promise<number | undefined> =>
    (await world.eventsOf(siteMarkId("hq")))
      .map(({ data }) => (data as { completeTo: number }).completeTo)
      .at(-1);
  const completeTo = (time: string): Promise<unknown> =>
    eventually(async () => (await markOf()) === clock(time));
  async function completeness(): Promise<Record<string, unknown>> {
    const response = await app.request("/api/v1/sites/hq/completeness", {
      headers: { authorization: `Bearer ${key}` },
    });
    return (await response.json()) as Record<string, unknown>;
  }

  test("makes nobody absent before it has passed the day, and the days complete after", async () => {
    await gw.beat(EVENING);
    await completeTo(EVENING);
    // he should be in by now, as far as the site has told; whether he was absent nobody knows yet
    await eventually(async () => (await exceptionsOf("bob"))?.includes("not-yet-in"));
    expect(await exceptionsOf("bob")).not.toContain("absent");
    expect(await stateOf("ada")).toBe("provisional");
    await gw.beat(MORNING);
    await eventually(async () => (await exceptionsOf("bob"))?.includes("absent"));
    await eventually(async () => (await stateOf("ada")) === "complete");
    const told = await world.eventsOf("bob");
    expect(told.map(({ type }) => type)).toContain("attendance.watermark.reached");
  });

  test("waits for a gateway that was never heard, for its backlog, and for rows on their way", async () => {
    const other = world.gateway("gw2");
    await other.register();
    await gw.beat(MORNING);
    await eventually(async () => JSON.stringify(await completeness()).includes('"gw2"'));
    expect(await completeness()).toMatchObject({
      completeTo: null,
      gateways: [
        { gateway: "gw1", hold: null, isHoldingBack: false },
        { gateway: "gw2", hold: { why: "never-heard" }, isHoldingBack: true },
      ],
    });
    const late = other.punch("number-bob", "08:10");
    await other.beat(MORNING, { deliveredRow: 0, oldestWaitingMs: clock("08:10") });
    await eventually(async () => JSON.stringify(await completeness()).includes("backlog"));
    // the hub has it, the intake has not
    await other.beat(MORNING);
    await eventually(async () => JSON.stringify(await completeness()).includes("rows-missing"));
    expect(await markOf()).toBeUndefined();
    expect(await exceptionsOf("bob")).toBeUndefined();
    await other.publish(other.segment(1, 1));
    await completeTo(MORNING);
    await eventually(async () => (await exceptionsOf("bob"))?.includes("missing-out"));
    expect(await exceptionsOf("bob")).not.toContain("absent");
    expect(late).toBe("gw2-epoch00001-1");
  });

  test("is held where a reader was last online, and goes on when it is back", async () => {
    const offline = [{ reader: "door", state: "offline", fault: null }] as const;
    await gw.beat("20:00");
    await completeTo("20:00");
    await gw.beat(MORNING, { readers: [...offline] });
    await eventually(async () => JSON.stringify(await completeness()).includes('"reader"'));
    expect(await completeness()).toMatchObject({
      completeTo: new Date(clock("20:00")).toISOString(),
      gateways: [
        {
          gateway: "gw1",
          isHoldingBack: true,
          hold: { readers: ["door"], since: new Date(clock("20:00")).toISOString() },
        },
      ],
    });
    expect(await markOf()).toBe(clock("20:00"));
    await gw.beat(MORNING);
    await completeTo(MORNING);
  });

  test("believes no clock that is ahead of the cloud's, and never falls", async () => {
    await gw.beat(EVENING);
    await completeTo(EVENING);
    await gw.beat(EVENING, { sentAtMs: Date.now() + 3_600_000 });
    await eventually(async () => JSON.stringify(await completeness()).includes("clock-ahead"));
    await gw.beat("12:00");
    await eventually(async () => !JSON.stringify(await completeness()).includes("clock-ahead"));
    expect(await markOf()).toBe(clock(EVENING));
  });

  test("settles a day at once that a late punch changes after it has passed", async () => {
    await gw.beat(MORNING);
    await completeTo(MORNING);
    await eventually(async () => (await exceptionsOf("bob"))?.includes("absent"));
    gw.punch("number-bob", "08:00");
    gw.punch("number-bob", "16:00");
    await gw.publish(gw.segment(3, 4));
    await eventually(async () => (await exceptionsOf("bob"))?.length === 0);
    expect(await stateOf("bob")).toBe("complete");
  });
});
