import { silentLog } from "@clockleaf/shared/lib/log.ts";
import { BUCKETS, heartbeatSubject, presenceKey } from "@clockleaf/shared/subjects.ts";
import { decode, encode } from "@clockleaf/shared/wire/codec.ts";
import type { Heartbeat } from "@clockleaf/shared/wire/heartbeat.ts";
import { presenceSchema } from "@clockleaf/shared/wire/presence.ts";
import { Kvm } from "@nats-io/kv";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createApiKey } from "../../cloud/api/auth.ts";
import type { ApiRouter } from "../../cloud/api/router.ts";
import { gatewayAlarmsId } from "../../cloud/attendance/ids.ts";
import { createAttendanceRoutes } from "../../cloud/attendance/routes.ts";
import { watchTails } from "../../cloud/attendance/tail-watch.ts";
import {
  type AttendanceWorld,
  clock,
  startAttendanceWorld,
  TENANT,
  WORKDAY,
} from "../support/attendance-world.ts";
import { apiAppOf } from "../support/context-api.ts";
import { eventually } from "../support/eventually.ts";
import { findNatsServer } from "../support/nats.ts";
import { available } from "../support/parts.ts";
import type { PretendedGateway } from "../support/pretended-gateway.ts";
import { presentStores } from "../support/read-model-place.ts";

const { key, entry } = createApiKey("admin", ["write"]);
type Json = Record<string, unknown>;

const hasHub = available("nats-server", findNatsServer());

describe.skipIf(!hasHub).each(presentStores())(
  "attendance over HTTP (rows in $store)",
  ({ store }) => {
    let world: AttendanceWorld;
    let app: ApiRouter;
    let gw: PretendedGateway;
    let unknown: string;
    let impossible: string;

    beforeAll(async () => {
      world = await startAttendanceWorld(["gw1", "gw2"], {}, { store });
      app = apiAppOf([createAttendanceRoutes(world.attendance().routes)], [entry]);
      gw = world.gateway("gw1");
      await gw.register();
      for (const employee of ["ada", "bob"]) {
        await world.hire(employee);
        await world.assign(employee, `number-${employee}`);
      }
      gw.punch("number-ada", "08:00");
      gw.punch("number-bob", "08:30");
      gw.punch("number-ada", "12:00");
      gw.punch("number-ada", "12:45");
      unknown = gw.punch("number-404", "09:00");
      impossible = gw.punch("number-ada", "08:00", {
        time: {
          gatewayAtMs: 0,
          monotonicMs: 0,
          bootId: "b",
          uncertaintyMs: null,
          deviceLocal: null,
        },
      });
      await gw.publish(gw.segment(1, 6));
      await eventually(async () => (await items("/quarantine")).length === 2);
      await eventually(async () => (await items("/timesheets")).length === 2);
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
    const items = async (path: string): Promise<Json[]> =>
      (await call(path)).json["items"] as Json[];

    const gaps = async (): Promise<Json[]> =>
      (await items("/alarms")).filter((alarm) => alarm["gateway"] === "gw2");

    test("shows a day with what each punch means and why", async () => {
      const { status, json } = await call(`/timesheets/ada/${WORKDAY}`);
      expect(status).toBe(200);
      expect(json).toMatchObject({
        state: "overdue",
        workedSeconds: 4 * 3600,
        breakSeconds: 45 * 60,
        completeness: "open",
        planned: [],
        claims: [{ class: "regular", code: "REG", rate: 1, seconds: 4 * 3600 }],
        premiums: [],
        credits: [],
        roundedTotals: [],
      });
      expect((json["punches"] as Json[]).map((punch) => punch["meaning"])).toEqual([
        "in",
        "break-start",
        "break-end",
      ]);
      expect((await call("/timesheets/ada/1999-01-01")).status).toBe(404);
      expect((await call("/timesheets/ada/yesterday")).status).toBe(422);
    });

    test("explains a day from the facts and rules of now, down to its punches", async () => {
      const { status, json } = await call(`/timesheets/ada/${WORKDAY}/explain`);
      expect(status).toBe(200);
      expect(json).toMatchObject({
        employeeId: "ada",
        stored: { isSame: true },
        day: { workedSeconds: 4 * 3600 },
        rules: { from: "2026-01-01", groups: [], problem: null },
        totals: [{ code: "REG", rate: "x1", seconds: 4 * 3600 }],
      });
      const facts = json["facts"] as Json[];
      expect(facts.map(({ kind }) => kind)).toEqual(["punch", "punch", "punch"]);
      expect(json["text"]).toContain("WHAT IT COUNTS AS");
      const applied = json["applied"] as Json[];
      expect(applied.map(({ made }) => made)).toContain("regular REG x1");
      // A day without anything is explained too: by the rules under which nothing is due on it.
      expect(await call("/timesheets/ada/2020-01-01/explain")).toMatchObject({
        status: 200,
        json: { stored: null, facts: [], day: { punches: [] } },
      });
      expect((await call(`/timesheets/nobody/${WORKDAY}/explain`)).status).toBe(404);
    });

    test("pages through timesheets, punches and presence without leaving out or repeating one", async () => {
      for (const path of ["/timesheets", "/punches", "/presence"]) {
        const all = await items(path);
        const paged: Json[] = [];
        let cursor: string | null = "";
        while (cursor !== null) {
          const query: string = cursor === "" ? "" : `&cursor=${cursor}`;
          const { json } = await call(`${path}?limit=1${query}`);
          paged.push(...(json["items"] as Json[]));
          cursor = json["next"] as string | null;
        }
        expect(paged).toEqual(all);
        expect(all.length).toBeGreaterThan(1);
      }
      expect((await call("/punches?cursor=nonsense")).status).toBe(422);
    });

    test("filters by person, site and time", async () => {
      expect(await items("/timesheets?employeeId=bob")).toHaveLength(1);
      expect(await items("/timesheets?site=elsewhere")).toHaveLength(0);
      expect(await items(`/timesheets?from=${WORKDAY}&to=${WORKDAY}&site=hq`)).toHaveLength(2);
      const from = new Date(clock("12:00")).toISOString();
      expect(await items(`/punches?employeeId=ada&from=${from}`)).toHaveLength(2);
    });

    test("accounts for every punch: on somebody's timesheet or in quarantine", async () => {
      const counted = (await items("/punches")).map((punch) => punch["punchId"]);
      const held = (await items("/quarantine?state=all")).map((punch) => punch["punchId"]);
      const ids = [1, 2, 3, 4, 5, 6].map((row) => `gw1-epoch00001-${row}`);
      expect(new Set([...counted, ...held])).toEqual(new Set(ids));
    });

    test("resolves a punch once, and says why it will not", async () => {
      const at = `/quarantine/${unknown}`;
      expect((await call(`${at}/resolve`, { employeeId: "nobody", note: "?" })).status).toBe(404);
      expect(
        (await call("/quarantine/none/resolve", { employeeId: "bob", note: "?" })).status,
      ).toBe(404);
      expect((await call(`${at}/resolve`, { employeeId: "bob" })).status).toBe(422);
      const wish = { employeeId: "bob", note: "borrowed card" };
      const done = await call(`${at}/resolve`, wish);
      expect(done).toMatchObject({
        status: 200,
        json: { state: "assigned", employeeId: "bob", resolvedBy: "admin" },
      });
      expect((await call(`${at}/resolve`, wish)).status).toBe(200);
      expect(await call(`${at}/reject`, { note: "no" })).toMatchObject({
        status: 409,
        json: { code: "quarantine.already-resolved" },
      });
      await eventually(async () =>
        (await items("/punches?employeeId=bob")).some((punch) => punch["punchId"] === unknown),
      );
    });

    test("dates a punch without a believable time by hand, but not into the future", async () => {
      const at = `/quarantine/${impossible}/resolve`;
      const wish = { employeeId: "ada", note: "saw her leave" };
      expect(await call(at, wish)).toMatchObject({ json: { code: "quarantine.time-needed" } });
      expect(await call(at, { ...wish, at: "2999-01-01T00:00:00Z" })).toMatchObject({
        json: { code: "quarantine.future-time" },
      });
      expect((await call(at, { ...wish, at: "1969-01-01T00:00:00Z" })).status).toBe(422);
      const redated = await call(at, { ...wish, at: `${WORKDAY}T18:45:00+02:00` });
      expect(redated).toMatchObject({
        status: 200,
        json: { countsAt: `${WORKDAY}T16:45:00.000Z` },
      });
      await eventually(async () => {
        const { json } = await call(`/timesheets/ada/${WORKDAY}`);
        return json["workedSeconds"] === 8 * 3600 && json["state"] === "closed";
      });
    });

    test("shows who is where, over HTTP and in the bucket, by the last instant and not the last message", async () => {
      const kv = await new Kvm(world.nc).open(BUCKETS.presence);
      await world.hire("cyd");
      await world.assign("cyd", "number-cyd");
      gw.punch("number-cyd", "16:00");
      gw.punch("number-cyd", "08:00");
      await gw.publish(gw.segment(7, 7));
      const stateOf = async (): Promise<string | undefined> => {
        const found = await kv.get(presenceKey(TENANT, "cyd"));
        return found === null
          ? undefined
          : decode(found.value, presenceSchema, { what: "p" }).state;
      };
      await eventually(async () => (await stateOf()) === "in");
      await gw.publish(gw.segment(8, 8));
      await eventually(async () => (await stateOf()) === "out");
      expect(await items("/presence")).toContainEqual(
        expect.objectContaining({
          employeeId: "cyd",
          state: "out",
          since: `${WORKDAY}T16:00:00.000Z`,
        }),
      );
      gw.punch("number-cyd", "17:00");
      await gw.publish(gw.segment(9, 9));
      await eventually(async () => (await stateOf()) === "in");
    });

    test("tells a gap at the very end of a journal from the gateway's heartbeat", async () => {
      const lonely = world.gateway("gw2");
      await lonely.register();
      for (const time of ["08:00", "09:00"]) lonely.punch("number-bob", time);
      await lonely.publish(lonely.segment(1, 1));
      const { intake, intakeStore } = world.attendance();
      const journal = { address: lonely.address, epoch: lonely.epoch };
      await eventually(() => intakeStore.ranges(journal).length === 1);
      let nowMs = 0;
      const watch = watchTails({
        nc: world.nc,
        tenant: TENANT,
        lastOf: (each) => intakeStore.ranges(each).at(-1)?.last ?? 0,
        isCaughtUp: () => true,
        onMissing: async (each, last) => intake?.expect(each, last),
        nowMs: () => nowMs,
        log: silentLog(),
      });
      const beat = async (deliveredRow: number): Promise<void> => {
        const heartbeat: Heartbeat = {
          sentAtMs: 0,
          agentVersion: "1",
          epoch: lonely.epoch,
          lastRow: 2,
          deliveredRow,
          oldestWaitingMs: null,
          readers: [],
        };
        const connection = await lonely.connection();
        connection.publish(heartbeatSubject(lonely.address), encode(heartbeat));
        await connection.flush();
      };
      await eventually(async () => {
        await beat(2);
        nowMs += 5_000; // five beats later the grace is over
        return (await gaps()).length === 1;
      });
      expect(await gaps()).toMatchObject([{ kind: "gap", first: 2, last: 2, isOpen: true }]);
      watch.close();
      await lonely.publish(lonely.segment(2, 2), "resent");
      await eventually(async () => (await gaps())[0]?.["isOpen"] === false);
      expect(await world.eventsOf(gatewayAlarmsId(lonely.address))).toHaveLength(1);
    });
  },
);
