import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { clock, WORKDAY } from "../support/attendance-world.ts";
import {
  aboutCorrection,
  type DecisionsRig,
  type Json,
  startDecisions,
} from "../support/decisions-rig.ts";
import { eventually } from "../support/eventually.ts";
import { findNatsServer } from "../support/nats.ts";
import { available } from "../support/parts.ts";

const out = (employeeId: string, at = `${WORKDAY}T16:00:00Z`): Json => ({
  employeeId,
  change: { do: "add", at, meaning: "out", site: "hq" },
});

const wishOfCarl = (change: Json, more: Json = {}): Json => ({
  items: [{ employeeId: "carl", change }],
  reasonCode: "other",
  reason: "a test",
  ...more,
});

describe.skipIf(!available("nats-server", findNatsServer()))("what others decide", () => {
  let rig: DecisionsRig;
  beforeAll(async () => {
    rig = await startDecisions();
  });
  afterAll(() => rig[Symbol.asyncDispose]());

  test("a list made after an outage is weighed item by item, with totals, and nothing is stored", async () => {
    await rig.worker("opal", "08:00");
    await rig.worker("olaf", "08:00");
    await rig.world.elsewhere("payroll", "lock-olaf", [
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
    const before = await rig.world.streamLength("ATTENDANCE");
    const weighed = await eventually(async () => {
      const { json } = await rig.call("clerk", "/corrections:preview", wish);
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
    expect(await rig.world.streamLength("ATTENDANCE")).toBe(before);
    // The request itself is all or nothing.
    expect((await rig.call("clerk", "/corrections", wish)).status).toBe(404);
  });

  test("a correction is previewed, asked for, approved, and takes effect once", async () => {
    const [first] = await rig.worker("cora", "08:00");
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
    const before = await rig.world.streamLength("ATTENDANCE");
    const preview = await rig.call("clerk", "/corrections", { ...wish, preview: true });
    expect(preview).toMatchObject({
      status: 200,
      json: {
        days: [
          { workdayOn: WORKDAY, before: { workedSeconds: 0 }, after: { workedSeconds: 28_800 } },
        ],
      },
    });
    expect(await rig.world.streamLength("ATTENDANCE")).toBe(before);

    const asked = await rig.call("clerk", "/corrections", { ...wish, requestId: "fix-1" });
    expect(asked).toMatchObject({ status: 201, json: { state: "pending", requestedBy: "clerk" } });
    expect((await rig.call("clerk", "/corrections", { ...wish, requestId: "fix-1" })).status).toBe(
      201,
    );
    expect((await rig.dayOf("cora"))?.workedSeconds).toBe(0);
    expect((await rig.call("clerk", "/corrections/fix-1/effect")).json).toMatchObject({
      days: [{ workdayOn: WORKDAY, after: { workedSeconds: 28_800 } }],
    });
    await rig.decided("approved", "w-1", aboutCorrection("fix-1", "cora"));
    await eventually(async () => (await rig.dayOf("cora"))?.workedSeconds === 28_800);
    const shown = await rig.call("clerk", "/corrections/fix-1");
    expect(shown.json).toMatchObject({
      state: "approved",
      decidedBy: "mia",
      items: [{ correctionId: "fix-1-1", isApplied: true }],
    });
    expect((await rig.call("clerk", "/corrections/fix-1/effect")).json).toEqual({ days: [] });
    const punches = (await rig.call("clerk", "/punches?employeeId=cora")).json["items"];
    expect(punches).toMatchObject([
      { punchId: first, meaning: "in" },
      { punchId: "fix-1-1", meaning: "out", gateway: "correction" },
    ]);
    await rig.decided("approved", "w-1", aboutCorrection("fix-1", "cora"));

    // the punch itself is moved in what counts, and shown as it was made
    const move = { do: "change", punchId: first, at: `${WORKDAY}T09:00:00Z` };
    const next = { ...wish, requestId: "fix-2", items: [{ employeeId: "cora", change: move }] };
    expect((await rig.call("clerk", "/corrections", next)).status).toBe(201);
    await rig.decided("approved", "w-2", aboutCorrection("fix-2", "cora"));
    await eventually(async () => (await rig.dayOf("cora"))?.workedSeconds === 25_200);
    const [moved] = (await rig.call("clerk", "/punches?employeeId=cora")).json["items"] as Json[];
    expect(moved).toMatchObject({
      at: new Date(clock("08:00")).toISOString(),
      countsAt: new Date(clock("09:00")).toISOString(),
    });
    const applied = (await rig.typesOf("cora")).filter((type) => type === "correction.applied");
    expect(applied).toHaveLength(2);
    const { json } = await rig.call("clerk", `/timesheets/cora/${WORKDAY}/revisions`);
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
    const [first] = await rig.worker("carl", "08:00");
    const remove = { do: "void", punchId: first };
    const bad: Array<[number, string, Json]> = [
      [409, "correction.unknown-punch", wishOfCarl({ do: "void", punchId: "gw1-epoch00001-999" })],
      [
        404,
        "employee.not-found",
        { ...wishOfCarl(remove), items: [{ employeeId: "x", change: remove }] },
      ],
      [403, "correction.lock-override", wishOfCarl(remove, { overridesLock: true })],
      [
        409,
        "correction.in-future",
        wishOfCarl({ do: "add", at: "2999-01-01T00:00:00Z", meaning: "in", site: "hq" }),
      ],
    ];
    for (const [status, code, body] of bad) {
      expect(await rig.call("clerk", "/corrections", body)).toMatchObject({
        status,
        json: { code },
      });
    }
    const asked = await rig.call(
      "clerk",
      "/corrections",
      wishOfCarl(remove, { requestId: "fix-3" }),
    );
    expect(asked.status).toBe(201);
    const note = { note: "asked the wrong person" };
    expect((await rig.call("ada", "/corrections/fix-3/withdraw", note)).status).toBe(404);
    expect(await rig.call("clerk", "/corrections/fix-3/withdraw", note)).toMatchObject({
      status: 200,
      json: { state: "rejected", note: "withdrawn: asked the wrong person" },
    });
    // who approves it all the same comes too late
    await rig.decided("approved", "w-3", aboutCorrection("fix-3", "carl"));
    await rig.call("clerk", "/corrections", wishOfCarl(remove, { requestId: "fix-4" }));
    await rig.decided("rejected", "w-4", aboutCorrection("fix-4", "carl"));
    await eventually(
      async () => (await rig.call("clerk", "/corrections/fix-4")).json["state"] === "rejected",
    );
    expect((await rig.dayOf("carl"))?.punches).toHaveLength(1);
    expect(
      (await rig.call("clerk", "/corrections?state=pending&employeeId=carl")).json["items"],
    ).toEqual([]);
  });
});
