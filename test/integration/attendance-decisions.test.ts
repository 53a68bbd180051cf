import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { daysBefore, WORKDAY } from "../support/attendance-world.ts";
import {
  aboutCorrection,
  type Caller,
  type DecisionsRig,
  type Json,
  startDecisions,
} from "../support/decisions-rig.ts";
import { eventually } from "../support/eventually.ts";
import { findNatsServer } from "../support/nats.ts";
import { available } from "../support/parts.ts";

const overtime = (employeeId: string, seconds: number): Json => ({
  kind: "overtime",
  employeeId,
  workdayOn: WORKDAY,
  policy: "Daily",
  seconds,
});

describe.skipIf(!available("nats-server", findNatsServer()))("what others decide", () => {
  let rig: DecisionsRig;
  beforeAll(async () => {
    rig = await startDecisions();
  });
  afterAll(() => rig[Symbol.asyncDispose]());

  const approvalOf = async (id: string): Promise<string | undefined> =>
    (await rig.dayOf(id))?.claims.find((claim) => claim.class === "overtime")?.approval;
  const list = async (query = ""): Promise<Json[]> =>
    (await rig.call("clerk", `/exceptions?employeeId=eve${query}`)).json["items"] as Json[];
  const summary = async (query = ""): Promise<Json> =>
    (await rig.call("clerk", `/exceptions/summary?employeeId=eve${query}`)).json;
  const review = async (outcome: string): Promise<Json[]> => {
    const items = ["missing-out", "absent"].map((kind) => ({
      employeeId: "eve",
      workdayOn: WORKDAY,
      kind,
    }));
    const { json } = await rig.call("clerk", "/exceptions/review", {
      outcome,
      note: "seen",
      items,
    });
    return json["items"] as Json[];
  };

  test("overtime stands as approved until the day changes, and is then asked for again", async () => {
    await rig.worker("otto", "08:00", "18:00");
    expect(await approvalOf("otto")).toBe("pending");
    expect((await rig.typesOf("otto")).at(-1)).toBe("overtime.calculated");
    await rig.decided("approved", "r-1", overtime("otto", 7200));
    await eventually(async () => (await approvalOf("otto")) === "approved");
    const length = (await rig.world.eventsOf("otto")).length;
    // the same decision under the same request has no effect a second time
    await rig.decided("approved", "r-1", overtime("otto", 7200));
    await rig.punch("otto", "12:00", "12:30");
    await eventually(async () => (await approvalOf("otto")) === "lapsed");
    const later = (await rig.world.eventsOf("otto")).slice(length);
    expect(later.filter(({ type }) => type.includes("overtime"))).toMatchObject([
      { type: "attendance.overtime.calculated", data: { seconds: 5400, needsApproval: true } },
    ]);
    await rig.decided("rejected", "r-2", overtime("otto", 5400));
    await eventually(async () => (await approvalOf("otto")) === "rejected");
    expect(await rig.typesOf("otto")).toContain("overtime.rejected");
  });

  test("leave is on the days as approved, cut short, and gone when it is cancelled", async () => {
    await rig.worker("lena", "08:00", "16:00");
    const [from, to] = [daysBefore(4), daysBefore(1)];
    const credited = async (): Promise<string[]> => {
      const days = [4, 3, 2, 1].map((before) => daysBefore(before));
      const found = await Promise.all(days.map((on) => rig.dayOf("lena", on)));
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
    await rig.world.elsewhere("leave", "lena", [
      { type: "leave.leave.approved", data: { ...leave, at } },
    ]);
    await eventually(async () => (await credited()).length > 0);
    const all = await credited();
    await rig.world.elsewhere("leave", "lena", [cancelled(all[0] ?? "", at + 1)]);
    await eventually(async () => (await credited()).length === 1);
    await rig.world.elsewhere("leave", "lena", [cancelled(null, at + 2)]);
    await eventually(async () => (await credited()).length === 0);
    expect((await rig.dayOf("lena"))?.workedSeconds).toBe(28_800);
  });

  test("exceptions are looked at one by one, and come back when the day says something else", async () => {
    const [first] = await rig.worker("eve", "08:00");
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
    await rig.punch("eve", "16:00");
    await eventually(async () => (await list("&state=all")).length === 0);
    expect(first).toBeDefined();
  });

  test("timesheets are verified by those whose word it is, and a correction takes it back", async () => {
    const [first] = await rig.worker("ada", "08:00", "16:00");
    const days = { fromOn: WORKDAY, toOn: WORKDAY };
    const verify = (who: Caller, level: string): Promise<{ status: number }> =>
      rig.call(who, "/employees/ada/timesheets:verify", { ...days, level });
    expect((await verify("clerk", "employee")).status).toBe(403);
    expect((await verify("clerk", "superior")).status).toBe(200);
    expect((await verify("ada", "superior")).status).toBe(403);
    expect((await verify("ada", "employee")).status).toBe(200);
    expect((await verify("admin", "superior")).status).toBe(200);
    expect((await rig.typesOf("ada")).filter((type) => type === "timesheet.verified")).toHaveLength(
      3,
    );
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
    expect((await rig.call("ada", "/corrections", body)).status).toBe(201);
    await rig.decided("approved", "w-8", aboutCorrection("fix-8", "ada"));
    await eventually(async () =>
      (await rig.dayOf("ada"))?.exceptions.some(({ kind }) => kind === "verification-lapsed"),
    );
  });
});
