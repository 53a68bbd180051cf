import { describe, expect, it } from "vitest";
import type { z } from "zod";
import { ruleSet } from "../../../test/support/worktime.ts";
import {
  brief,
  dayWith,
  exceptionsOn,
  planOf,
  type ShiftMore,
  shiftOf,
} from "../../../test/support/worktime-shifts.ts";
import type { Labels } from "../facts.ts";
import type { WorkdayException } from "../workday.ts";
import type { exceptionRulesSchema } from "./rules.ts";

// TimeTrex D1-D3, J1-J4, SB and SC, by the meanings of its public manual.

const MONDAY = "2026-01-12";
type Booking = z.input<typeof exceptionRulesSchema>["booking"];

function said(labels: Labels, booking: Booking, more: Partial<ShiftMore> = {}): WorkdayException[] {
  const rules = ruleSet({ exceptions: { booking } });
  const shift = shiftOf(MONDAY, "08:00 in, 16:00 out", { rules, punch: { labels }, ...more });
  return exceptionsOn([dayWith(MONDAY, [shift])], { rules })(MONDAY);
}

describe("what work must be booked on", () => {
  it.each([
    ["branch", "no-assignment"],
    ["department", "no-assignment"],
    ["job", "job-missing"],
    ["task", "job-missing"],
  ] as const)("is missing: %s", (label, kind) => {
    expect(said({}, { required: [label] })).toMatchObject([
      { kind, seconds: 28_800, detail: `8 h 00 min worked: no ${label}` },
    ]);
    expect(said({ [label]: "a" }, { required: [label] })).toEqual([]);
    expect(said({}, {})).toEqual([]);
  });

  it("names the punches of what is not booked, and no break", () => {
    const rules = ruleSet({ exceptions: { booking: { required: ["job"] } } });
    const spec = "08:00 in, 12:00 break-start, 13:00 break-end, 16:00 out";
    const shift = shiftOf(MONDAY, spec, { rules });
    const [first, ...rest] = shift.tiles;
    if (first === undefined) throw new Error("no tile");
    const tiles = [{ ...first, labels: { job: "a" } }, ...rest];
    const day = dayWith(MONDAY, [{ ...shift, tiles }]);
    expect(exceptionsOn([day], { rules })(MONDAY)).toMatchObject([
      { kind: "job-missing", seconds: 10_800, punchIds: [`${MONDAY} 13:00`, `${MONDAY} 16:00`] },
    ]);
  });
});

describe("what work may be booked on", () => {
  it.each([
    ["branch", "allowedBranches", "place-not-allowed"],
    ["department", "allowedDepartments", "place-not-allowed"],
    ["job", "allowedJobs", "job-not-allowed"],
    ["task", "allowedTasks", "job-not-allowed"],
  ] as const)("is not allowed: %s", (label, list, kind) => {
    expect(brief(said({ [label]: "b" }, { [list]: ["a"] }))).toEqual([`${kind} 28800`]);
    expect(said({ [label]: "a" }, { [list]: ["a"] })).toEqual([]);
    expect(said({}, { [list]: ["a"] })).toEqual([]);
    expect(said({ [label]: "b" }, { [list]: null })).toEqual([]);
    expect(brief(said({ [label]: "b" }, { [list]: [] }))).toEqual([`${kind} 28800`]);
  });
});

describe("jobs that are complete", () => {
  it.each([
    [{ job: "roof", lastOn: "2026-01-11" }, { job: "roof" }, 1],
    [{ job: "roof", lastOn: "2026-01-12" }, { job: "roof" }, 0],
    [{ job: "roof", lastOn: "2026-01-11" }, { job: "wall" }, 0],
    [{ job: "roof", task: "tiles", lastOn: "2026-01-11" }, { job: "roof", task: "tiles" }, 1],
    [{ job: "roof", task: "tiles", lastOn: "2026-01-11" }, { job: "roof", task: "nails" }, 0],
    [{ job: "roof", task: "tiles", lastOn: "2026-01-11" }, { job: "roof" }, 0],
  ])("are not worked on after their last day: %j, %j", (done, labels, count) => {
    const found = said(labels, { completed: [done] });
    expect(brief(found)).toEqual(count === 1 ? ["job-complete 28800"] : []);
  });
});

const planned = (labels: Labels, site: string | null = null): Partial<ShiftMore> => ({
  plan: planOf(MONDAY, "08:00-16:00", { labels, site }),
});

describe("work that was planned elsewhere", () => {
  it.each([
    ["branch", "other-place"],
    ["department", "other-place"],
    ["job", "other-job"],
    ["task", "other-job"],
  ] as const)("is told by label: %s", (label, kind) => {
    const plan = planned({ [label]: "a" });
    expect(said({ [label]: "b" }, {}, plan)).toMatchObject([
      { kind, seconds: 28_800, detail: `8 h 00 min worked: ${label} b, planned a` },
    ]);
    expect(said({ [label]: "a" }, {}, plan)).toEqual([]);
    expect(said({}, {}, plan)).toEqual([]);
    expect(said({ [label]: "b" }, {}, planned({}))).toEqual([]);
  });

  it("is told by site, with the punches made elsewhere", () => {
    expect(said({}, {}, planned({}, "annex"))).toMatchObject([
      {
        kind: "other-place",
        punchIds: [`${MONDAY} 08:00`, `${MONDAY} 16:00`],
        detail: "punched at hq, planned at annex",
      },
    ]);
    expect(said({}, {}, planned({}, "hq"))).toEqual([]);
  });
});
