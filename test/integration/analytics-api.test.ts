import { silentLog } from "@clockleaf/shared/lib/log.ts";
import type { RuleBookInput } from "@clockleaf/shared/worktime/rule-book.ts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type AnalyticsContext, startAnalytics } from "../../cloud/analytics/analytics.ts";
import { createAnalyticsRoutes } from "../../cloud/analytics/routes.ts";
import { createApiKey } from "../../cloud/api/auth.ts";
import type { ApiRouter } from "../../cloud/api/router.ts";
import { attendanceConfigSchema } from "../../cloud/attendance/config.ts";
import { createAttendanceRoutes } from "../../cloud/attendance/routes.ts";
import {
  type AttendanceWorld,
  clock,
  daysBefore,
  startAttendanceWorld,
  TENANT,
  WORKDAY,
} from "../support/attendance-world.ts";
import { apiAppOf } from "../support/context-api.ts";
import { eventually } from "../support/eventually.ts";
import { findNatsServer } from "../support/nats.ts";
import { OVERTIME_TO_APPROVE } from "../support/overtime.ts";
import { available } from "../support/parts.ts";
import type { PretendedGateway } from "../support/pretended-gateway.ts";
import { type Places, presentStores, startPlaces } from "../support/read-model-place.ts";

const reader = createApiKey("reader", ["read"]);
const clerk = createApiKey("clerk", ["write"]);
type Json = Record<string, unknown>;

/** The morning after the workday, when it is over for good. */
const MORNING = `${daysBefore(-1)}T09:00`;
/** Everybody is due from 8 to 16; what is beyond eight hours needs somebody's word. */
const BOOK: RuleBookInput = {
  groups: {
    plant: {
      schedule: {
        templates: [{ name: "day", start: "08:00", end: "16:00" }],
        rotas: [{ name: "all", kind: "cycle", anchor: WORKDAY, days: [["day"]] }],
      },
      absences: { codes: [{ name: "Vacation", code: "VAC", dayLength: "8h" }] },
      overtime: OVERTIME_TO_APPROVE,
    },
  },
  assignments: [{ to: "everyone", use: ["plant"], from: WORKDAY }],
};

const shows = (assert: () => Promise<void>): Promise<true> =>
  eventually(() => assert().then(() => true as const));

const hasHub = available("nats-server", findNatsServer());

describe.skipIf(!hasHub).each(presentStores())(
  "analytics over HTTP (rows in $store)",
  ({ store }) => {
    let world: AttendanceWorld;
    let places: Places;
    let analytics: AnalyticsContext;
    let app: ApiRouter;
    let gw: PretendedGateway;
    let rows = 0;
    let place: ReturnType<Places["open"]>;

    beforeAll(async () => {
      const watermark = { everyMinutes: 0, lookEverySeconds: 0.05, readerSettleSeconds: 0 };
      const config = attendanceConfigSchema.parse({ watermark });
      world = await startAttendanceWorld(["gw1"], BOOK, { store, config });
      places = await startPlaces(store);
      place = places.open(places.fresh());
      const { nc } = world;
      analytics = await startAnalytics({ nc, tenant: TENANT, dataDir: place, log: silentLog() });
      app = apiAppOf(
        [
          createAnalyticsRoutes(analytics.routes),
          createAttendanceRoutes(world.attendance().routes),
        ],
        [reader.entry, clerk.entry],
      );
      gw = world.gateway("gw1");
      await gw.register();
      for (const id of ["ada", "bob", "cem", "dora", "eve"]) {
        await world.hire(id);
        await world.assign(id, `number-${id}`);
      }
      // she moves the day after: the workday stays with the department she leaves
      const moved = { fromDepartmentId: "assembly", toDepartmentId: "paint" };
      const at = clock(`${daysBefore(-1)}T06:00`);
      const data = { employeeId: "ada", ...moved, at };
      await world.employee("ada", [{ type: "employee.department.changed", data }]);
    });
    afterAll(async () => {
      await analytics.close();
      await world[Symbol.asyncDispose]();
      await places[Symbol.asyncDispose]();
    });

    async function call(path: string, key = reader.key): Promise<{ status: number; json: Json }> {
      const response = await app.request(`/api/v1${path}`, {
        headers: { authorization: `Bearer ${key}` },
      });
      return { status: response.status, json: (await response.json()) as Json };
    }
    async function post(path: string, body: Json): Promise<number> {
      const response = await app.request(`/api/v1${path}`, {
        method: "POST",
        headers: { authorization: `Bearer ${clerk.key}`, "content-type": "application/json" },
        body: JSON.stringify(body),
      });
      return response.status;
    }
    async function punch(
      ...taps: ReadonlyArray<readonly [id: string, time: string]>
    ): Promise<string[]> {
      const ids = taps.map(([id, time]) => gw.punch(`number-${id}`, time));
      await gw.publish(gw.segment(rows + 1, rows + taps.length));
      rows += taps.length;
      return ids;
    }

    const span = `from=${WORKDAY}T00:00:00Z&to=${WORKDAY}T23:59:00Z`;
    const dates = `from=${WORKDAY}&to=${WORKDAY}`;
    const list = async (path: string): Promise<Json[]> =>
      (await call(path)).json["items"] as Json[];
    /** `07:55 hq 2` */
    const windows = async (): Promise<string[]> =>
      (await list(`/analytics/arrivals?${span}`)).map(
        ({ windowFrom, site, arrivals }) =>
          `${String(windowFrom).slice(11, 16)} ${String(site)} ${String(arrivals)}`,
      );
    const rate = async (query = ""): Promise<Json> => {
      const [day = {}] = await list(`/analytics/late-rate?${dates}${query}`);
      return day;
    };
    const overtime = async (query = ""): Promise<Json[]> =>
      list(`/analytics/overtime?${dates}${query}`);

    const decided = (
      outcome: "approved" | "rejected",
      requestId: string,
      about: Json,
    ): Promise<void> =>
      world.elsewhere("workflow", requestId, [
        {
          type: `workflow.request.${outcome}`,
          data: { requestId, about, by: "mia", note: "so be it", at: Date.now() },
        },
      ]);
    async function correct(
      requestId: string,
      employeeId: string,
      ...changes: readonly Json[]
    ): Promise<void> {
      const wish = { requestId, reasonCode: "wrong-time", reason: "the clock was wrong" };
      const items = changes.map((change) => ({ employeeId, change }));
      expect(await post("/corrections", { ...wish, items })).toBe(201);
      const about = {
        kind: "correction",
        correctionRequestId: requestId,
        employeeIds: [employeeId],
      };
      await decided("approved", `w-${requestId}`, about);
    }

    test("a window follows what is late, corrected and withdrawn, and so does the rate", async () => {
      const [, , bob] = await punch(
        ["ada", "07:58"],
        ["ada", "18:00"],
        ["bob", "08:12"],
        ["bob", "16:00"],
      );
      await shows(async () => expect(await windows()).toEqual(["07:55 hq 1", "08:10 hq 1"]));
      await shows(async () => expect(await rate()).toMatchObject({ due: 2, late: 1 }));

      // rows of the past that arrive late fall into the window of their own time
      const eve = await punch(["eve", "07:59:59"], ["eve", "16:00"]);
      await shows(async () => expect(await windows()).toEqual(["07:55 hq 2", "08:10 hq 1"]));
      await shows(async () => expect(await rate()).toMatchObject({ due: 3, late: 1 }));

      await correct("fix-1", "bob", { do: "change", punchId: bob, at: `${WORKDAY}T07:57:00Z` });
      await shows(async () => expect(await windows()).toEqual(["07:55 hq 3"]));
      await shows(async () => expect(await rate()).toMatchObject({ due: 3, late: 0 }));

      await correct("fix-2", "bob", { do: "change", punchId: bob, at: `${WORKDAY}T08:30:00Z` });
      // the day is as if she had never punched: nobody knows yet whether she will come
      await correct("fix-3", "eve", ...eve.map((punchId) => ({ do: "void", punchId })));
      await shows(async () => expect(await windows()).toEqual(["07:55 hq 1", "08:30 hq 1"]));
      await shows(async () => expect(await rate()).toMatchObject({ due: 2, late: 1 }));
    });

    test("windows come in pages", async () => {
      const first = await call(`/analytics/arrivals?${span}&site=hq&limit=1`);
      expect(first.json["items"]).toEqual([
        {
          windowFrom: `${WORKDAY}T07:55:00.000Z`,
          windowTo: `${WORKDAY}T08:00:00.000Z`,
          site: "hq",
          arrivals: 1,
        },
      ]);
      const next = String(first.json["next"]);
      const second = await call(`/analytics/arrivals?${span}&site=hq&limit=1&cursor=${next}`);
      expect(second.json).toMatchObject({
        items: [{ windowFrom: `${WORKDAY}T08:30:00.000Z` }],
        next: null,
      });
      expect(await list(`/analytics/arrivals?${span}&site=plant`)).toEqual([]);
    });

    test("overtime of a week stands apart by what was decided, in the department of its day", async () => {
      // two hours and two minutes beyond eight
      const seconds = 7320;
      const week = { departmentId: "assembly", totalSeconds: seconds };
      await shows(async () =>
        expect(await overtime()).toMatchObject([{ ...week, pendingSeconds: seconds }]),
      );
      const about = { kind: "overtime", employeeId: "ada", workdayOn: WORKDAY, policy: "Daily" };
      await decided("approved", "r-1", { ...about, seconds });
      await shows(async () =>
        expect(await overtime()).toMatchObject([
          { ...week, approvedSeconds: seconds, pendingSeconds: 0 },
        ]),
      );
      // she came back once more: another figure takes the place of the one before, and the word is void
      await punch(["ada", "12:00"], ["ada", "12:30"]);
      await shows(async () =>
        expect(await overtime()).toMatchObject([
          { departmentId: "assembly", totalSeconds: 5520, lapsedSeconds: 5520, approvedSeconds: 0 },
        ]),
      );
      await decided("rejected", "r-2", { ...about, seconds: 5520 });
      await shows(async () =>
        expect(await overtime()).toMatchObject([{ totalSeconds: 5520, rejectedSeconds: 5520 }]),
      );
      expect(await overtime("&departmentId=paint")).toEqual([]);
    });

    test("once the site has told all of the day, who did not come was due, and who had leave was not", async () => {
      const at = Date.now();
      const leave = {
        employeeId: "dora",
        leaveId: "l-1",
        code: "VAC",
        fromOn: WORKDAY,
        toOn: WORKDAY,
        secondsADay: null,
      };
      const fact = { kind: "absence", absenceId: "l-1", decidedAt: at, isCancelled: false };
      const { leaveId: _, employeeId, ...days } = leave;
      const told = {
        type: "attendance.absence.recorded",
        data: { employeeId, absence: { ...fact, ...days } },
      } as const;
      const { clocks } = world.attendance().routes;
      await clocks.tell(new Map([[employeeId, [told as never]]]), {
        source: "test",
        atMs: at,
        correlationId: null,
        causationId: null,
        traceparent: undefined,
      });
      await gw.beat(MORNING);
      const day = { on: WORKDAY, due: 4, late: 1, absent: 2, provisional: 0, lateRate: 0.25 };
      await shows(async () => expect(await rate()).toEqual({ ...day, key: "hq" }));
      expect(await rate("&by=department")).toEqual({ ...day, key: "assembly" });
      expect(await rate("&site=plant")).toEqual({});
    });

    test("is for whoever may read timesheets, within bounds", async () => {
      const paths = [
        `/analytics/arrivals?${span}`,
        `/analytics/overtime?${dates}`,
        `/analytics/late-rate?${dates}`,
      ];
      for (const path of [`/timesheets?${dates}`, ...paths]) {
        expect((await call(path)).status).toBe(200);
        expect((await call(path, "clk_live_nobody")).status).toBe(401);
      }
      for (const path of [
        "/analytics/arrivals",
        "/analytics/arrivals?from=2026-01-01T00:00:00Z&to=2026-02-01T00:00:01Z",
        "/analytics/arrivals?from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z",
        `/analytics/arrivals?${span}&cursor=mine`,
        "/analytics/overtime?from=2026-01-01",
        "/analytics/overtime?from=2026-01-01&to=2027-01-08",
        "/analytics/overtime?from=0000-01-01&to=0000-01-02",
        "/analytics/late-rate?from=2026-01-01&to=2026-03-05",
        "/analytics/late-rate?from=2026-01-02&to=2026-01-01",
        `/analytics/late-rate?${dates}&by=gender`,
      ]) {
        expect({ path, status: (await call(path)).status }).toEqual({ path, status: 422 });
      }
    });

    test("rows built again from the streams are the same", async () => {
      for (const projection of analytics.projections) {
        const { name } = projection.status();
        const scratchDir = `${world.dir.path}/check-${name}`;
        const { problem, ...found } = await projection.check({ live: place, scratchDir });
        expect({ name, problem, isEqual: found.isEqual }).toEqual({
          name,
          problem: undefined,
          isEqual: true,
        });
        expect(found.rows).toBeGreaterThan(0);
      }
    });
  },
);
