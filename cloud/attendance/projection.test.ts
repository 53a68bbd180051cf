import type { PunchOrigin } from "@clockleaf/shared/events/attendance.ts";
import { eventSubject } from "@clockleaf/shared/subjects.ts";
import { constantRules, ruleSetSchema } from "@clockleaf/shared/worktime/rules.ts";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { person } from "../../test/support/people.ts";
import { type TempDir, tempDir } from "../../test/support/temp.ts";
import { isRefusal } from "../eventing/decider.ts";
import type { StoredEvent } from "../eventing/event-store.ts";
import { openReadModel, type WritableReadModel } from "../eventing/read-model.ts";
import { attribute, DEFAULT_TIME_LIMITS } from "./attribution.ts";
import {
  type BadgeHoldersDb,
  badgeHoldersProjection,
  isEmployee,
  peopleBehind,
} from "./badge-holders.ts";
import { type ClockState, clockDecider } from "./decider.ts";
import { type AttendanceDb, attendanceProjection } from "./projection.ts";
import { presenceOf, punches, timesheet, timesheets } from "./reads.ts";

const DAY = "2026-01-12";
const ms = (text: string): number => Date.parse(`2026-01-${text}Z`);
let seq = 0;

function stored(
  type: string,
  data: unknown,
  of: {
    readonly domain: "attendance" | "employee";
    readonly tenant?: string;
    readonly at?: number;
  },
): StoredEvent {
  seq += 1;
  const { domain, tenant = "acme", at = 0 } = of;
  const metadata = {
    eventId: "00000000-0000-4000-8000-000000000000",
    eventType: type,
    timestamp: at,
    version: "1.0",
    source: "test",
    correlationId: null,
    causationId: null,
  };
  const subject = eventSubject({ domain, tenant, aggregateId: "e1" });
  return { seq, subject, event: { metadata, data }, traceparent: undefined };
}

function origin(text: string): PunchOrigin {
  return {
    punchId: `gw-epoch-${text}`,
    site: "hq",
    gateway: "gw",
    reader: "door",
    badge: "number-1",
    time: {
      gatewayAtMs: ms(text),
      monotonicMs: 0,
      bootId: "b",
      uncertaintyMs: 1,
      deviceLocal: null,
    },
    hint: null,
    pin: "not-asked",
    verdict: "known",
  };
}

async function applyAll<DB>(
  model: WritableReadModel<DB>,
  events: readonly StoredEvent[],
): Promise<void> {
  for (const event of events) {
    await model.writer.transaction().execute((tx) => model.projection.apply(tx, event));
  }
}

describe("the attendance read model", () => {
  const decider = clockDecider;
  const rules = constantRules(ruleSetSchema.parse({}));
  let dir: TempDir;
  let model: WritableReadModel<AttendanceDb>;
  let state: ClockState;
  beforeEach(async () => {
    dir = tempDir("projection");
    model = await openReadModel(dir.path, attendanceProjection("acme"));
    state = decider.initial;
  });
  afterEach(async () => {
    await model.close();
    dir.remove();
  });

  async function record(...texts: string[]): Promise<void> {
    const clocked = texts.map((text) => ({ punch: origin(text), at: ms(text), zone: "UTC" }));
    const events = decider.decide(state, {
      type: "record-clock",
      employeeId: "e1",
      punches: clocked,
      rules,
    });
    if (isRefusal(events)) throw new Error("refused");
    state = events.reduce((now, event) => decider.evolve(now, event), state);
    const all = events.map(({ type, data }) => stored(type, data, { domain: "attendance" }));
    await applyAll(model, all);
  }
  const meaningsOf = async (): Promise<unknown[]> => {
    const rows = await punches(model.db, {
      fromMs: 0,
      toMs: ms("31T00:00"),
      visible: { kind: "all" },
      limit: 10,
    });
    return rows.map(({ meaning, workday_on }) => [meaning, workday_on]);
  };

  it("moves a shift to the day it turns out to have begun on and shows the emptied day no more", async () => {
    await record("13T02:00");
    expect(await meaningsOf()).toEqual([["in", "2026-01-13"]]);
    await record("12T22:00");
    expect(await meaningsOf()).toEqual([
      ["in", DAY],
      ["out", DAY],
    ]);
    const range = {
      from: "2026-01-01",
      to: "2026-01-31",
      visible: { kind: "all" },
      limit: 10,
    } as const;
    expect((await timesheets(model.db, range)).map((row) => row.workday.workdayOn)).toEqual([DAY]);
    expect(await timesheet(model.db, "e1", "2026-01-13")).toBeUndefined();
    expect(await timesheet(model.db, "e1", DAY)).toMatchObject({ site: "hq", revision: 1 });
  });

  it("takes back the meaning of a punch that a day reads no more", async () => {
    await record("12T08:00");
    const empty = { ...state.workdays.get(DAY)!.workday, punches: [], intervals: [] };
    const withdrawn = { employeeId: "e1", revision: 2, workday: empty };
    await applyAll(model, [
      stored("attendance.workday.calculated", withdrawn, { domain: "attendance" }),
    ]);
    expect(await meaningsOf()).toEqual([[null, null]]);
    expect(await presenceOf(model.db, "e1")).toBeUndefined();
  });

  it("knows where somebody is by the last instant that counts, repeats left out", async () => {
    await record("12T16:00");
    await record("12T08:00");
    await record("12T16:00:30");
    expect(await presenceOf(model.db, "e1")).toMatchObject({ state: "out", since: ms("12T16:00") });
    await record("12T12:00", "12T12:20");
    expect(await presenceOf(model.db, "e1")).toMatchObject({ state: "out", since: ms("12T16:00") });
    await record("12T16:20");
    expect(await presenceOf(model.db, "e1")).toMatchObject({ state: "in", since: ms("12T16:20") });
  });

  it("leaves another tenant's events alone", async () => {
    const data = { employeeId: "e1", punch: origin("12T08:00"), at: ms("12T08:00"), zone: "UTC" };
    const of = { domain: "attendance", tenant: "rival" } as const;
    await applyAll(model, [stored("attendance.clock.recorded", data, of)]);
    expect(await meaningsOf()).toEqual([]);
  });
});

const assigned = (employeeId: string, from: string) =>
  ["badge.assigned", { employeeId, badge: "number-1", validFrom: ms(from), pin: null }] as const;
const withdrawn = (employeeId: string, to: string) =>
  ["badge.withdrawn", { employeeId, badge: "number-1", validTo: ms(to), reason: "" }] as const;
const hired = (employeeId: string) =>
  ["employee.created", person(employeeId), ms("10T00:00")] as const;

const entered = (at: string) =>
  ["employee.created", { ...person("ada"), status: "draft" }, ms(at)] as const;
const activated = (at: string) =>
  ["employee.activated", { employeeId: "ada", at: ms(at) }, ms(at)] as const;
const became = (what: "suspended" | "reactivated", at: string) =>
  [`employee.${what}`, { employeeId: "ada", reason: "", at: ms(at) }, ms(at)] as const;
const terminated = (at: string, endsAt: string) =>
  [
    "employee.terminated",
    { employeeId: "ada", reason: "", at: ms(at), lastDayOn: "2026-01-20", endsAt: ms(endsAt) },
    ms(at),
  ] as const;

describe("the badge holders", () => {
  let dir: TempDir;
  let model: WritableReadModel<BadgeHoldersDb>;
  beforeEach(async () => {
    dir = tempDir("holders");
    model = await openReadModel(dir.path, badgeHoldersProjection("acme"));
  });
  afterEach(async () => {
    await model.close();
    dir.remove();
  });

  const given = (...events: ReadonlyArray<readonly [type: string, data: unknown, at?: number]>) =>
    applyAll(
      model,
      events.map(([type, data, at = 0]) =>
        stored(`employee.${type}`, data, { domain: "employee", at }),
      ),
    );
  const whose = async (text: string): Promise<string> => {
    const people = await peopleBehind(model.db, ["number-1"]);
    const to = attribute(origin(text), people, {
      atMs: ms("31T00:00"),
      limits: DEFAULT_TIME_LIMITS,
    });
    return to.kind === "person" ? to.employeeId : to.reason;
  };
  it("remember who had a badge before it changed hands", async () => {
    await given(
      hired("ada"),
      hired("bob"),
      assigned("ada", "01T00:00"),
      withdrawn("ada", "05T00:00"),
      assigned("bob", "07T00:00"),
    );
    expect(await whose("04T23:59")).toBe("ada");
    expect(await whose("05T00:00")).toBe("withdrawn-badge");
    expect(await whose("07T00:00")).toBe("bob");
  });

  it("end every open period of a badge assigned again from an earlier instant", async () => {
    await given(
      hired("ada"),
      assigned("ada", "03T00:00"),
      assigned("ada", "02T00:00"),
      withdrawn("ada", "05T00:00"),
    );
    expect(await whose("02T12:00")).toBe("ada");
    expect(await whose("05T00:00")).toBe("withdrawn-badge");
  });

  it("know when somebody left, came back, and that a person entered late was there before", async () => {
    await given(
      hired("ada"),
      assigned("ada", "01T00:00"),
      ["employee.deactivated", { employeeId: "ada", reason: "", at: ms("12T00:00") }],
      ["employee.updated", person("ada"), ms("20T00:00")],
    );
    expect(await whose("02T00:00")).toBe("ada");
    expect(await whose("12T00:00")).toBe("inactive-employee");
    expect(await whose("20T00:00")).toBe("ada");
    expect(await isEmployee(model.db, "ada")).toBe(true);
    expect(await isEmployee(model.db, "nobody")).toBe(false);
  });

  it("count nothing of a draft, but all of somebody entered and activated in one breath", async () => {
    await given(entered("10T00:00"), assigned("ada", "01T00:00"));
    expect(await whose("11T00:00")).toBe("inactive-employee");
    await given(activated("12T00:00"));
    expect(await whose("11T23:59")).toBe("inactive-employee");
    expect(await whose("12T00:00")).toBe("ada");
  });

  it("let punches of before the entry count, as ever", async () => {
    await given(entered("10T00:00"), activated("10T00:00"), assigned("ada", "01T00:00"));
    expect(await whose("02T00:00")).toBe("ada");
  });

  it("count nothing of a suspension, however late it is heard of, and everything around it", async () => {
    await given(
      entered("10T00:00"),
      activated("10T00:00"),
      assigned("ada", "01T00:00"),
      became("suspended", "12T00:00"),
      ["employee.updated", { ...person("ada"), status: "suspended" }, ms("13T00:00")],
      became("reactivated", "14T00:00"),
    );
    expect(await whose("11T23:59")).toBe("ada");
    expect(await whose("12T00:00")).toBe("inactive-employee");
    expect(await whose("13T12:00")).toBe("inactive-employee");
    expect(await whose("14T00:00")).toBe("ada");
  });

  it("count up to the end of the last day, not of somebody terminated out of a suspension", async () => {
    await given(hired("ada"), assigned("ada", "01T00:00"), terminated("12T00:00", "20T23:00"));
    expect(await whose("20T22:59")).toBe("ada");
    expect(await whose("20T23:00")).toBe("inactive-employee");
    await given(
      ["employee.deactivated", { employeeId: "ada", reason: "", at: ms("20T23:00") }],
      ["employee.updated", person("ada"), ms("25T00:00")],
      became("suspended", "26T00:00"),
      terminated("27T00:00", "30T00:00"),
    );
    expect(await whose("24T00:00")).toBe("inactive-employee");
    expect(await whose("25T12:00")).toBe("ada");
    expect(await whose("28T00:00")).toBe("inactive-employee");
  });

  it("forget a last day that somebody was taken on again before", async () => {
    await given(
      hired("ada"),
      assigned("ada", "01T00:00"),
      terminated("12T00:00", "20T23:00"),
      ["employee.deactivated", { employeeId: "ada", reason: "", at: ms("13T00:00") }],
      ["employee.updated", person("ada"), ms("14T00:00")],
    );
    expect(await whose("13T12:00")).toBe("inactive-employee");
    expect(await whose("21T00:00")).toBe("ada");
  });
});
