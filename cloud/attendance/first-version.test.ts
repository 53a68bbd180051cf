import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseEvent } from "@clockleaf/shared/events/catalogue.ts";
import type { Decided } from "@clockleaf/shared/events/envelope.ts";
import { eventSubject } from "@clockleaf/shared/subjects.ts";
import { constantRules, ruleSetSchema } from "@clockleaf/shared/worktime/rules.ts";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { type TempDir, tempDir } from "../../test/support/temp.ts";
import { isRefusal } from "../eventing/decider.ts";
import { openReadModel, type WritableReadModel } from "../eventing/read-model.ts";
import { type ClockEvent, clockDecider } from "./decider.ts";
import { type AttendanceDb, attendanceProjection } from "./projection.ts";
import { presenceOf, timesheet } from "./reads.ts";
import { timesheetSchema, timesheetView } from "./views.ts";

// Written by the first version, before rules, claims and premiums; never to be written again.
const file = join(import.meta.dirname, "first-version-events.json");
const events = z
  .array(z.object({ type: z.string(), data: z.unknown() }))
  .parse(JSON.parse(readFileSync(file, "utf8")))
  .map(({ type, data }) =>
    parseEvent({
      metadata: {
        eventId: "00000000-0000-4000-8000-000000000000",
        eventType: type,
        timestamp: 0,
        version: "1.0",
        source: "cloud/attendance",
        correlationId: null,
        causationId: null,
      },
      data,
    }),
  );
const HOUR = 3600;

describe("events of the first version", () => {
  let dir: TempDir;
  let model: WritableReadModel<AttendanceDb>;
  beforeEach(async () => {
    dir = tempDir("first-version");
    model = await openReadModel(dir.path, attendanceProjection("acme"));
  });
  afterEach(async () => {
    await model.close();
    dir.remove();
  });

  it("still make the timesheet that they made", async () => {
    const subject = eventSubject({ domain: "attendance", tenant: "acme", aggregateId: "ada" });
    for (const [index, event] of events.entries()) {
      const stored = { seq: index + 1, subject, event, traceparent: undefined };
      await model.writer.transaction().execute((tx) => model.projection.apply(tx, stored));
    }
    const sheet = await timesheet(model.db, "ada", "2026-01-12");
    const view = timesheetSchema.parse(timesheetView(sheet!, 0));
    expect(view).toMatchObject({
      state: "closed",
      workedSeconds: 9 * HOUR,
      paidSeconds: 9 * HOUR,
      breakSeconds: HOUR / 2,
      claims: [],
      premiums: [],
      credits: [],
      planned: [],
    });
    expect(view.punches.map(({ meaning }) => meaning)).toEqual([
      "in",
      "repeat",
      "break-start",
      "break-end",
      "out",
    ]);
    expect(await presenceOf(model.db, "ada")).toMatchObject({ state: "out" });
  });

  it("become, once recalculated, the same time with claims, and no meaning is given again", () => {
    const state = events
      .map(({ metadata, data }) => ({ type: metadata.eventType, data }) as Decided<ClockEvent>)
      .reduce((before, event) => clockDecider.evolve(before, event), clockDecider.initial);
    const told = clockDecider.decide(state, {
      type: "recalculate",
      employeeId: "ada",
      rules: constantRules(ruleSetSchema.parse({})),
      range: { fromOn: "0000-01-01", toOn: "9999-12-31" },
    });
    if (isRefusal(told)) throw new Error("refused");
    expect(told).toMatchObject([
      {
        type: "attendance.workday.calculated",
        data: {
          revision: 2,
          workday: {
            workedSeconds: 9 * HOUR,
            claims: [
              { code: "REG", seconds: 4 * HOUR },
              { code: "REG", seconds: 5 * HOUR },
            ],
          },
        },
      },
    ]);
  });
});
