import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { daysBefore, WORKDAY } from "../support/attendance-world.ts";
import {
  aboutCorrection,
  type DecisionsRig,
  type Json,
  startDecisions,
} from "../support/decisions-rig.ts";
import { eventually } from "../support/eventually.ts";
import { findNatsServer } from "../support/nats.ts";
import { available } from "../support/parts.ts";

describe.skipIf(!available("nats-server", findNatsServer()))("what others decide", () => {
  let rig: DecisionsRig;
  beforeAll(async () => {
    rig = await startDecisions();
  });
  afterAll(() => rig[Symbol.asyncDispose]());

  test("a locked period takes no correction without the right to, and late punches all the same", async () => {
    const [first] = await rig.worker("lou", "08:00");
    const wish = (requestId: string, more: Json = {}): Json => ({
      requestId,
      items: [{ employeeId: "lou", change: { do: "void", punchId: first } }],
      reasonCode: "wrong-badge",
      reason: "was somebody else",
      ...more,
    });
    expect((await rig.call("clerk", "/corrections", wish("fix-5"))).status).toBe(201);
    await rig.world.elsewhere("payroll", "run-1", [
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
        (await rig.call("clerk", "/corrections", wish("fix-6", { preview: true }))).status === 409,
    );
    expect(await rig.call("clerk", "/corrections", wish("fix-6"))).toMatchObject({
      status: 409,
      json: { code: "correction.period-locked" },
    });
    // what was asked before the lock is approved after it
    await rig.decided("approved", "w-5", aboutCorrection("fix-5", "lou"));
    await eventually(
      async () => (await rig.call("clerk", "/corrections/fix-5")).json["state"] === "rejected",
    );
    await rig.punch("lou", "16:00");
    await eventually(async () => (await rig.dayOf("lou"))?.workedSeconds === 28_800);
    const override = wish("fix-7", { overridesLock: true });
    expect((await rig.call("admin", "/corrections", override)).status).toBe(201);
    await rig.decided("approved", "w-7", aboutCorrection("fix-7", "lou"));
    await eventually(async () => (await rig.dayOf("lou"))?.workedSeconds === 0);
  });

  test("what was decided while nobody worked takes effect at the next start, once", async () => {
    const [first] = await rig.worker("zoe", "08:00", "16:00", "17:00");
    const body = {
      requestId: "fix-9",
      items: [1, 2].map(() => ({
        employeeId: "zoe",
        change: { do: "void", punchId: first },
      })),
      reasonCode: "outage",
      reason: "the reader stuttered",
    };
    expect((await rig.call("clerk", "/corrections", body)).status).toBe(201);
    await rig.world.stop();
    await rig.decided("approved", "w-9", aboutCorrection("fix-9", "zoe"));
    for (const starts of [1, 2]) {
      await rig.world.start();
      await eventually(async () => (await rig.dayOf("zoe"))?.punches.length === 2);
      const applied = (await rig.typesOf("zoe")).filter((type) => type === "correction.applied");
      expect([starts, applied.length]).toEqual([starts, 2]);
      await rig.world.stop();
    }
  });
});
