import type { RuleBookInput } from "@clockleaf/shared/worktime/rule-book.ts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createApiKey } from "../../cloud/api/auth.ts";
import type { ApiRouter } from "../../cloud/api/router.ts";
import { createAttendanceRoutes } from "../../cloud/attendance/routes.ts";
import {
  type AttendanceWorld,
  daysBefore,
  startAttendanceWorld,
  WORKDAY,
} from "../support/attendance-world.ts";
import { apiAppOf } from "../support/context-api.ts";
import { eventually } from "../support/eventually.ts";
import { findNatsServer } from "../support/nats.ts";
import { available } from "../support/parts.ts";

const { key, entry } = createApiKey("clerk", ["write"]);
type Json = Record<string, unknown>;

const overtimeAfter = (after: string): Record<string, unknown> => ({
  overtime: {
    policies: [{ kind: "daily", name: "Daily", tiers: [{ after, code: "OT", rate: 1.5 }] }],
  },
});
const BOOK: RuleBookInput = {
  groups: {
    house: {
      description: "Everybody",
      schedule: {
        templates: [{ name: "day", start: "08:00", end: "16:00" }],
        rotas: [{ name: "all", kind: "cycle", anchor: WORKDAY, days: [["day"]] }],
      },
    },
    plant: { extends: ["house", "plain-8-40"], ...overtimeAfter("7h") },
  },
  assignments: [
    { to: "everyone", use: ["house"], from: "2020-01-01" },
    { to: { site: "hq" }, use: ["plant"], from: "2020-01-01", until: "2020-12-31" },
    { to: { person: "ada" }, use: ["plant"], from: "2021-01-01" },
  ],
};

describe.skipIf(!available("nats-server", findNatsServer()))("rules over HTTP", () => {
  let world: AttendanceWorld;
  let app: ApiRouter;

  beforeAll(async () => {
    world = await startAttendanceWorld(["gw1"], BOOK);
    app = apiAppOf([createAttendanceRoutes(world.attendance().routes)], [entry]);
    const gw = world.gateway("gw1");
    await gw.register();
    await world.hire("ada");
    await world.assign("ada", "number-ada");
    gw.punch("number-ada", "08:00");
    gw.punch("number-ada", "16:00");
    await gw.publish(gw.segment(1, 2));
    await eventually(async () => {
      const { json } = await call(`/timesheets/ada/${WORKDAY}`);
      return json["workedSeconds"] === 8 * 3600;
    });
  });
  afterAll(() => world[Symbol.asyncDispose]());

  async function call(path: string, body?: Json): Promise<{ status: number; json: Json }> {
    const response = await app.request(`/api/v1${path}`, {
      method: body === undefined ? "GET" : "POST",
      headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: response.status, json: (await response.json()) as Json };
  }
  const items = async (path: string): Promise<Json[]> => (await call(path)).json["items"] as Json[];

  test("show groups as they are written and what they come to, with the presets below them", async () => {
    const groups = await items("/rules/groups");
    expect(groups.map(({ name }) => name)).toEqual(
      expect.arrayContaining(["house", "plant", "plain-8-40"]),
    );
    expect((await items("/rules/groups?kind=group")).map(({ name }) => name)).toEqual([
      "house",
      "plant",
    ]);
    expect((await items("/rules/groups?presets=all")).length).toBeGreaterThan(groups.length);
    const { json } = await call("/rules/groups/plant");
    expect(json).toMatchObject({ kind: "group", sections: ["overtime"] });
    expect(json["extends"]).toEqual(expect.arrayContaining(["house", "plain-8-40"]));
    expect(json["rules"]).toMatchObject({
      schedule: { templates: [{ name: "day", start: 28_800 }] },
    });
    expect((await call("/rules/groups/nothing")).status).toBe(404);
    const first = await call("/rules/groups?limit=1");
    expect(await items(`/rules/groups?limit=1&cursor=${String(first.json["next"])}`)).toEqual([
      groups[1],
    ]);
  });

  test("show assignments, and which of them somebody's rules come from on a date", async () => {
    expect(await items("/rules/assignments")).toHaveLength(3);
    expect(await items("/rules/assignments?on=2022-01-01")).toMatchObject([
      { index: 0 },
      { index: 2 },
    ]);
    expect(await items("/rules/assignments?group=plant&level=site")).toMatchObject([{ index: 1 }]);
    const first = await call("/rules/assignments?limit=2");
    expect(
      await items(`/rules/assignments?limit=2&cursor=${String(first.json["next"])}`),
    ).toHaveLength(1);

    expect((await call(`/employees/ada/rules?on=${WORKDAY}`)).json).toMatchObject({
      inForce: { groups: expect.arrayContaining(["house", "plant"]), problem: null },
      until: null,
      belongs: { sites: ["hq"] },
      assignments: [
        { index: 0, level: "everyone" },
        { index: 2, level: "person", use: ["plant"] },
      ],
      rules: { zone: "UTC" },
    });
    expect((await call(`/employees/nobody/rules?on=${WORKDAY}`)).status).toBe(404);
    expect((await call("/employees/ada/rules")).status).toBe(422);
  });

  test("show what is planned: by group, and day by day for a person", async () => {
    expect(await items("/schedules")).toMatchObject([
      { group: "house", templates: [{ name: "day" }], rotas: [{ name: "all" }] },
      { group: "plant", templates: [{ name: "day" }] },
    ]);
    const [from, to] = [WORKDAY, daysBefore(-1)];
    expect((await call(`/employees/ada/schedule?from=${from}&to=${to}`)).json).toMatchObject({
      days: [
        {
          on: WORKDAY,
          holiday: null,
          shifts: [{ name: "day", from: `${WORKDAY}T08:00:00.000Z`, seconds: 8 * 3600 }],
        },
        { on: to },
      ],
    });
    // Nothing is planned before the employment.
    const early = await call("/employees/ada/schedule?from=2025-12-31&to=2026-01-01");
    expect(early.json["days"]).toMatchObject([{ shifts: [] }, { shifts: [{ name: "day" }] }]);
    expect((await call(`/employees/ada/schedule?from=${to}&to=${from}`)).status).toBe(422);
    expect((await call("/employees/ada/schedule?from=2020-01-01&to=2026-01-01")).status).toBe(422);
  });

  test("judge a book that somebody is about to write, with the place of every fault", async () => {
    expect((await call("/rules/check", { book: BOOK })).json).toEqual({
      isValid: true,
      groups: 2,
      assignments: 3,
      errors: [],
    });
    const wrong = {
      groups: { "a/b": {}, loop: { extends: ["loop"] } },
      assignments: [{ to: "everyone", use: ["nowhere"], from: "2020-01-01" }],
    };
    const { status, json } = await call("/rules/check", { book: wrong });
    expect(status).toBe(200);
    expect(json["isValid"]).toBe(false);
    const pointers = (json["errors"] as Json[]).map(({ pointer }) => pointer);
    expect(pointers).toContain("#/groups/a~1b");
    const named = await call("/rules/check", { book: { assignments: wrong.assignments } });
    expect(named.json["errors"]).toMatchObject([{ pointer: "#/assignments/0/use/0" }]);
  });

  test("try a book on somebody's days, beside those of today, and store nothing", async () => {
    const before = await world.streamLength("ATTENDANCE");
    const book = {
      groups: { strict: overtimeAfter("6h") },
      assignments: [{ to: "everyone", use: ["strict"], from: "2020-01-01" }],
    };
    const body = { book, employeeId: "ada", from: WORKDAY, to: WORKDAY };
    const { json } = await call("/rules/preview", body);
    const overtime = (day: unknown): number =>
      ((day as Json)["claims"] as Json[])
        .filter((claim) => claim["class"] === "overtime")
        .reduce((sum, { seconds }) => sum + Number(seconds), 0);
    expect(json).toMatchObject({
      changed: 1,
      before: { workedSeconds: 28_800 },
      after: { workedSeconds: 28_800 },
    });
    const [day] = json["days"] as Json[];
    expect([overtime(day?.["before"]), overtime(day?.["after"])]).toEqual([3_600, 7_200]);
    expect((await call("/rules/preview", { ...body, book: BOOK })).json).toMatchObject({
      changed: 0,
    });
    expect(await world.streamLength("ATTENDANCE")).toBe(before);
    const invalid = await call("/rules/preview", {
      ...body,
      book: { groups: { x: { zone: "Mars" } } },
    });
    expect(invalid.status).toBe(422);
    expect((invalid.json["errors"] as Json[])[0]?.["pointer"]).toMatch(/^#\/book\/groups\/x/);
    expect((await call("/rules/preview", { ...body, employeeId: "nobody" })).status).toBe(404);
  });
});
