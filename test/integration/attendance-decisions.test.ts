import type { RuleBookInput } from "@clockleaf/shared/worktime/rule-book.ts";
import type { Workday } from "@clockleaf/shared/worktime/workday.ts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createApiKey } from "../../cloud/api/auth.ts";
import type { ApiRouter } from "../../cloud/api/router.ts";
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

const clerk = createApiKey("clerk", ["write"]);
const admin = createApiKey("admin", ["admin"]);
const ada = createApiKey("ada-phone", ["write"]);
const KEYS = { clerk: clerk.key, admin: admin.key, ada: ada.key } as const;
type Json = Record<string, unknown>;

/** Overtime needs somebody's word; who has leave is paid eight hours for it. */
const BOOK: RuleBookInput = {
  groups: {
    plant: {
      absences: { codes: [{ name: "Vacation", code: "VAC", dayLength: "8h" }] },
      overtime: {
        policies: [
          {
            kind: "daily",
            name: "Daily",
            needsApproval: true,
            tiers: [{ after: "8h", code: "OT15", rate: 1.5 }],
          },
        ],
      },
    },
  },
  assignments: [{ to: "everyone", use: ["plant"], from: "2020-01-01" }],
};

const overtime = (employeeId: string, seconds: number): Json => ({
  kind: "overtime",
  employeeId,
  workdayOn: WORKDAY,
  policy: "Daily",
  seconds,
});
const aboutCorrection = (correctionRequestId: unknown, employeeId: string): Json => ({
  kind: "correction",
  correctionRequestId,
  employeeIds: [employeeId],
});

const out = (employeeId: string, at = `${WORKDAY}T16:00:00Z`): Json => ({
  employeeId,
  change: { do: "add", at, meaning: "out", site: "hq" },
});

describe.skipIf(!available("nats-server", findNatsServer()))("what others decide", () => {
  let world: AttendanceWorld;
  let app: ApiRouter;
  let gw: PretendedGateway;
  let rows = 0;

  beforeAll(async () => {
    world = await startAttendanceWorld(["gw1"], BOOK);
    app = apiAppOf(
      [createAttendanceRoutes(world.attendance().routes)],
      [clerk.entry, admin.entry, { ...ada.entry, employeeId: "ada" }],
    );
    gw = world.gateway("gw1");
    await gw.register();
  });
  afterAll(() => world[Symbol.asyncDispose]());

  /** Somebody new with these punches on the workday. */
  async function worker(id: string, ...times: string[]): Promise<string[]> {
    await world.hire(id);
    await world.assign(id, `number-${id}`, `${daysBefore(9)}T00:00`);
    const ids = await punch(id, ...times);
    await eventually(async () => (await dayOf(id))?.punches.length === times.length);
    return ids;
  }
  async function punch(id: string, ...times: string[]): Promise<string[]> {
    const ids = times.map((time) => gw.punch(`number-${id}`, time));
    await gw.publish(gw.segment(rows + 1, rows + times.length));
    rows += times.length;
    return ids;
  }
  const dayOf = async (id: string, on = WORKDAY): Promise<Workday | undefined> =>
    (await timesheet(world.attendance().db, id, on))?.workday;
  const approvalOf = async (id: string): Promise<string | undefined> =>
    (await dayOf(id))?.claims.find((claim) => claim.class === "overtime")?.approval;
  const typesOf = async (id: string): Promise<string[]> =>
    (await world.eventsOf(id)).map(({ type }) => type.replace("attendance.", ""));

  async function call(
    who: keyof typeof KEYS,
    path: string,
    body?: Json,
  ): Promise<{ status: number; json: Json }> {
    const response = await app.request(`/api/v1${path}`, {
      method: body === undefined ? "GET" : "POST",
      headers: { authorization: `Bearer ${KEYS[who]}`, "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: response.status, json: (await response.json()) as Json };
  }

  const list = async (query = ""): Promise<Json[]> =>
    (await call("clerk", `/exceptions?employeeId=eve${query}`)).json["items"] as Json[];
  const summary = async (query = ""): Promise<Json> =>
    (await call("clerk", `/exceptions/summary?employeeId=eve${query}`)).json;
  const review = async (outcome: string): Promise<Json[]> => {
    const items = ["missing-out", "absent"].map((kind) => ({
      employeeId: "eve",
      workdayOn: WORKDAY,
      kind,
    }));
    const { json } = await call("clerk", "/exceptions/review", { outcome, note: "seen", items });
    return json["items"] as Json[];
  };

  const decided = (
    outcome: "approved" | "rejected" | "withdrawn",
    requestId: string,
    about: Json,
  ): Promise<void> =>
    world.elsewhere("workflow", requestId, [
      {
        type: `workflow.request.${outcome}`,
        data: { requestId, about, by: "mia", note: "so be it", at: Date.now() },
      },
    ]);
  test("overtime stands as approved until the day changes, and is then asked for again", async () => {
    await worker("otto", "08:00", "18:00");
    expect(await approvalOf("otto")).toBe("pending");
    expect((await typesOf("otto")).at(-1)).toBe("overtime.calculated");
    await decided("approved", "r-1", overtime("otto", 7200));
    await eventually(async () => (await approvalOf("otto")) === "approved");
    const length = (await world.eventsOf("otto")).length;
    // the same decision under the same request has no effect a second time
    await decided("approved", "r-1", overtime("otto", 7200));
    await punch("otto", "12:00", "12:30");
    await eventually(async () => (await approvalOf("otto")) === "lapsed");
    const later = (await world.eventsOf("otto")).slice(length);
    expect(later.filter(({ type }) => type.includes("overtime"))).toMatchObject([
      { type: "attendance.overtime.calculated", data: { seconds: 5400, needsApproval: true } },
    ]);
    await decided("rejected", "r-2", overtime("otto", 5400));
    await eventually(async () => (await approvalOf("otto")) === "rejected");
    expect(await typesOf("otto")).toContain("overtime.rejected");
  });

  test("a list made after an outage is weighed item by item, with totals, and nothing is stored", async () => {
    await worker("opal", "08:00");
    await worker("olaf", "08:00");
    await world.elsewhere("payroll", "lock-olaf", [
      {
        type: "payroll.period.locked",
        data: {
          periodId: "monthly-o",
          payGroup: "monthly",
          runId: "run-o",
          fromOn: WORKDAY,
          toOn: WORKDAY,
          people: ["olaf"],
          at: Date.now(),
        },
      },
    ]);
    const wish = {
      items: [
        out("opal"),
        out("nobody"),
        out("opal", new Date(Date.now() + 86_400_000).toISOString()),
        { employeeId: "opal", change: { do: "void", punchId: "none" } },
        out("olaf"),
      ],
      reasonCode: "outage",
      reason: "power cut at the door",
      outageId: "outage-7",
    };
    const before = await world.streamLength("ATTENDANCE");
    const weighed = await eventually(async () => {
      const { json } = await call("clerk", "/corrections:preview", wish);
      return (json["items"] as Json[])[4]?.["code"] === "ok" ? undefined : json;
    });
    expect(weighed).toMatchObject({
      isAcceptable: false,
      items: [
        { index: 0, employeeId: "opal", code: "ok" },
        { index: 1, code: "employee.not-found" },
        { index: 2, code: "correction.in-future" },
        { index: 3, code: "correction.unknown-punch" },
        { index: 4, employeeId: "olaf", code: "correction.period-locked" },
      ],
      people: [
        {
          employeeId: "opal",
          before: { workedSeconds: 0 },
          after: { workedSeconds: 28_800, paidSeconds: 28_800 },
        },
      ],
      days: [{ employeeId: "opal", workdayOn: WORKDAY, after: { workedSeconds: 28_800 } }],
    });
    expect(await world.streamLength("ATTENDANCE")).toBe(before);
    // The request itself is all or nothing.
    expect((await call("clerk", "/corrections", wish)).status).toBe(404);
  });

  test("a correction is previewed, asked for, approved, and takes effect once", async () => {
    const [first] = await worker("cora", "08:00");
    const wish = {
      items: [
        {
          employeeId: "cora",
          change: { do: "add", at: `${WORKDAY}T16:00:00Z`, meaning: "out", site: "hq" },
        },
      ],
      reasonCode: "forgot-to-punch",
      reason: "left with the night shift",
    };
    const before = await world.streamLength("ATTENDANCE");
    const preview = await call("clerk", "/corrections", { ...wish, preview: true });
    expect(preview).toMatchObject({
      status: 200,
      json: {
        days: [
          { workdayOn: WORKDAY, before: { workedSeconds: 0 }, after: { workedSeconds: 28_800 } },
        ],
      },
    });
    expect(await world.streamLength("ATTENDANCE")).toBe(before);

    const asked = await call("clerk", "/corrections", { ...wish, requestId: "fix-1" });
    expect(asked).toMatchObject({ status: 201, json: { state: "pending", requestedBy: "clerk" } });
    expect((await call("clerk", "/corrections", { ...wish, requestId: "fix-1" })).status).toBe(201);
    expect((await dayOf("cora"))?.workedSeconds).toBe(0);
    expect((await call("clerk", "/corrections/fix-1/effect")).json).toMatchObject({
      days: [{ workdayOn: WORKDAY, after: { workedSeconds: 28_800 } }],
    });
    await decided("approved", "w-1", aboutCorrection("fix-1", "cora"));
    await eventually(async () => (await dayOf("cora"))?.workedSeconds === 28_800);
    const shown = await call("clerk", "/corrections/fix-1");
    expect(shown.json).toMatchObject({
      state: "approved",
      decidedBy: "mia",
      items: [{ correctionId: "fix-1-1", isApplied: true }],
    });
    expect((await call("clerk", "/corrections/fix-1/effect")).json).toEqual({ days: [] });
    const punches = (await call("clerk", "/punches?employeeId=cora")).json["items"];
    expect(punches).toMatchObject([
      { punchId: first, meaning: "in" },
      { punchId: "fix-1-1", meaning: "out", gateway: "correction" },
    ]);
    await decided("approved", "w-1", aboutCorrection("fix-1", "cora"));

    // the punch itself is moved in what counts, and shown as it was made
    const move = { do: "change", punchId: first, at: `${WORKDAY}T09:00:00Z` };
    const next = { ...wish, requestId: "fix-2", items: [{ employeeId: "cora", change: move }] };
    expect((await call("clerk", "/corrections", next)).status).toBe(201);
    await decided("approved", "w-2", aboutCorrection("fix-2", "cora"));
    await eventually(async () => (await dayOf("cora"))?.workedSeconds === 25_200);
    const [moved] = (await call("clerk", "/punches?employeeId=cora")).json["items"] as Json[];
    expect(moved).toMatchObject({
      at: new Date(clock("08:00")).toISOString(),
      countsAt: new Date(clock("09:00")).toISOString(),
    });
    const applied = (await typesOf("cora")).filter((type) => type === "correction.applied");
    expect(applied).toHaveLength(2);
    const { json } = await call("clerk", `/timesheets/cora/${WORKDAY}/revisions`);
    const history = (json["items"] as Json[]).map(({ revision, day }) => [
      revision,
      (day as Json)["workedSeconds"],
    ]);
    expect(history).toEqual([
      [3, 25_200],
      [2, 28_800],
      [1, 0],
    ]);
  });

  test("a correction is refused where it makes no sense, and can be taken back while it waits", async () => {
    const [first] = await worker("carl", "08:00");
    const wish = (change: Json, more: Json = {}): Json => ({
      items: [{ employeeId: "carl", change }],
      reasonCode: "other",
      reason: "a test",
      ...more,
    });
    const remove = { do: "void", punchId: first };
    const bad: Array<[number, string, Json]> = [
      [409, "correction.unknown-punch", wish({ do: "void", punchId: "gw1-epoch00001-999" })],
      [
        404,
        "employee.not-found",
        { ...wish(remove), items: [{ employeeId: "x", change: remove }] },
      ],
      [403, "correction.lock-override", wish(remove, { overridesLock: true })],
      [
        409,
        "correction.in-future",
        wish({ do: "add", at: "2999-01-01T00:00:00Z", meaning: "in", site: "hq" }),
      ],
    ];
    for (const [status, code, body] of bad) {
      expect(await call("clerk", "/corrections", body)).toMatchObject({ status, json: { code } });
    }
    const asked = await call("clerk", "/corrections", wish(remove, { requestId: "fix-3" }));
    expect(asked.status).toBe(201);
    const note = { note: "asked the wrong person" };
    expect((await call("ada", "/corrections/fix-3/withdraw", note)).status).toBe(404);
    expect(await call("clerk", "/corrections/fix-3/withdraw", note)).toMatchObject({
      status: 200,
      json: { state: "rejected", note: "withdrawn: asked the wrong person" },
    });
    // who approves it all the same comes too late
    await decided("approved", "w-3", aboutCorrection("fix-3", "carl"));
    await call("clerk", "/corrections", wish(remove, { requestId: "fix-4" }));
    await decided("rejected", "w-4", aboutCorrection("fix-4", "carl"));
    await eventually(
      async () => (await call("clerk", "/corrections/fix-4")).json["state"] === "rejected",
    );
    expect((await dayOf("carl"))?.punches).toHaveLength(1);
    expect(
      (await call("clerk", "/corrections?state=pending&employeeId=carl")).json["items"],
    ).toEqual([]);
  });

  test("leave is on the days as approved, cut short, and gone when it is cancelled", async () => {
    await worker("lena", "08:00", "16:00");
    const [from, to] = [daysBefore(4), daysBefore(1)];
    const credited = async (): Promise<string[]> => {
      const days = [4, 3, 2, 1].map((before) => daysBefore(before));
      const found = await Promise.all(days.map((on) => dayOf("lena", on)));
      return days.filter((_, index) => (found[index]?.credits.length ?? 0) > 0);
    };
    const leave = {
      employeeId: "lena",
      leaveId: "l-1",
      code: "VAC",
      policy: null,
      fromOn: from,
      toOn: to,
      secondsADay: null,
      minutes: 0,
      by: "mia",
    };
    const cancelled = (untilOn: string | null, at: number) => ({
      type: "leave.leave.cancelled",
      data: { ...leave, untilOn, wasApproved: true, reason: "back early", at },
    });
    const at = Date.now();
    await world.elsewhere("leave", "lena", [
      { type: "leave.leave.approved", data: { ...leave, at } },
    ]);
    await eventually(async () => (await credited()).length > 0);
    const all = await credited();
    await world.elsewhere("leave", "lena", [cancelled(all[0] ?? "", at + 1)]);
    await eventually(async () => (await credited()).length === 1);
    await world.elsewhere("leave", "lena", [cancelled(null, at + 2)]);
    await eventually(async () => (await credited()).length === 0);
    expect((await dayOf("lena"))?.workedSeconds).toBe(28_800);
  });

  test("a locked period takes no correction without the right to, and late punches all the same", async () => {
    const [first] = await worker("lou", "08:00");
    const wish = (requestId: string, more: Json = {}): Json => ({
      requestId,
      items: [{ employeeId: "lou", change: { do: "void", punchId: first } }],
      reasonCode: "wrong-badge",
      reason: "was somebody else",
      ...more,
    });
    expect((await call("clerk", "/corrections", wish("fix-5"))).status).toBe(201);
    await world.elsewhere("payroll", "run-1", [
      {
        type: "payroll.period.locked",
        data: {
          periodId: "monthly",
          payGroup: "staff",
          runId: "run-1",
          fromOn: daysBefore(9),
          toOn: WORKDAY,
          people: ["lou"],
          at: Date.now(),
        },
      },
    ]);
    await eventually(
      async () =>
        (await call("clerk", "/corrections", wish("fix-6", { preview: true }))).status === 409,
    );
    expect(await call("clerk", "/corrections", wish("fix-6"))).toMatchObject({
      status: 409,
      json: { code: "correction.period-locked" },
    });
    // what was asked before the lock is approved after it
    await decided("approved", "w-5", aboutCorrection("fix-5", "lou"));
    await eventually(
      async () => (await call("clerk", "/corrections/fix-5")).json["state"] === "rejected",
    );
    await punch("lou", "16:00");
    await eventually(async () => (await dayOf("lou"))?.workedSeconds === 28_800);
    const override = wish("fix-7", { overridesLock: true });
    expect((await call("admin", "/corrections", override)).status).toBe(201);
    await decided("approved", "w-7", aboutCorrection("fix-7", "lou"));
    await eventually(async () => (await dayOf("lou"))?.workedSeconds === 0);
  });

  test("exceptions are looked at one by one, and come back when the day says something else", async () => {
    const [first] = await worker("eve", "08:00");
    expect(await list()).toMatchObject([
      { kind: "missing-out", severity: "blocking", site: "hq", workdayOn: WORKDAY },
    ]);
    expect(await list("&severity=info")).toEqual([]);
    expect(await summary()).toMatchObject({
      total: 1,
      open: 1,
      blocking: 1,
      byState: { premature: 1, reviewed: 0 },
      bySeverity: { blocking: 1, info: 0 },
      byKind: [{ kind: "missing-out", open: 1, total: 1 }],
      bySite: [{ site: "hq", open: 1, total: 1 }],
    });
    expect(await summary("&site=plant")).toMatchObject({ total: 0, byKind: [] });
    expect(await summary(`&from=${daysBefore(-1)}`)).toMatchObject({ total: 0 });
    expect(await review("resolved")).toMatchObject([
      { code: "exception.blocking" },
      { code: "exception.not-found" },
    ]);
    expect(await review("reviewed")).toMatchObject([
      { code: "done", exception: { state: "reviewed", reviewedBy: "clerk" } },
      { code: "exception.not-found" },
    ]);
    expect(await list()).toEqual([]);
    expect(await list("&state=reviewed")).toHaveLength(1);
    expect(await summary()).toMatchObject({ total: 1, open: 0, blocking: 0 });
    await punch("eve", "16:00");
    await eventually(async () => (await list("&state=all")).length === 0);
    expect(first).toBeDefined();
  });

  test("timesheets are verified by those whose word it is, and a correction takes it back", async () => {
    const [first] = await worker("ada", "08:00", "16:00");
    const days = { fromOn: WORKDAY, toOn: WORKDAY };
    const verify = (who: keyof typeof KEYS, level: string): Promise<{ status: number }> =>
      call(who, "/employees/ada/timesheets:verify", { ...days, level });
    expect((await verify("clerk", "employee")).status).toBe(403);
    expect((await verify("clerk", "superior")).status).toBe(200);
    expect((await verify("ada", "superior")).status).toBe(403);
    expect((await verify("ada", "employee")).status).toBe(200);
    expect((await verify("admin", "superior")).status).toBe(200);
    expect((await typesOf("ada")).filter((type) => type === "timesheet.verified")).toHaveLength(3);
    const body = {
      requestId: "fix-8",
      items: [
        {
          employeeId: "ada",
          change: { do: "change", punchId: first, at: `${WORKDAY}T09:00:00Z` },
        },
      ],
      reasonCode: "wrong-time",
      reason: "the clock was wrong",
    };
    expect((await call("ada", "/corrections", body)).status).toBe(201);
    await decided("approved", "w-8", aboutCorrection("fix-8", "ada"));
    await eventually(async () =>
      (await dayOf("ada"))?.exceptions.some(({ kind }) => kind === "verification-lapsed"),
    );
  });

  test("what was decided while nobody worked takes effect at the next start, once", async () => {
    const [first] = await worker("zoe", "08:00", "16:00", "17:00");
    const body = {
      requestId: "fix-9",
      items: [1, 2].map(() => ({
        employeeId: "zoe",
        change: { do: "void", punchId: first },
      })),
      reasonCode: "outage",
      reason: "the reader stuttered",
    };
    expect((await call("clerk", "/corrections", body)).status).toBe(201);
    await world.stop();
    await decided("approved", "w-9", aboutCorrection("fix-9", "zoe"));
    for (const starts of [1, 2]) {
      await world.start();
      await eventually(async () => (await dayOf("zoe"))?.punches.length === 2);
      const applied = (await typesOf("zoe")).filter((type) => type === "correction.applied");
      expect([starts, applied.length]).toEqual([starts, 2]);
      await world.stop();
    }
  });
});
