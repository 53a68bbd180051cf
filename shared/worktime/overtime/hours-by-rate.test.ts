import { describe, expect, it } from "vitest";
import { claimsOf, type OvertimeInput } from "../../../test/support/overtime.ts";
import { ruleSet, sheetOf } from "../../../test/support/worktime.ts";
import { type DayState, emptyWorkday, type Workday } from "../workday.ts";
import { blendedRateBasis, hoursByRate } from "./hours-by-rate.ts";

const workdays = (overtime: OvertimeInput, state: DayState = "complete"): Workday[] => {
  const sheet = sheetOf(
    [
      { on: "2026-01-12", tiles: ["00:00-14:00"], labels: { job: "guard" } },
      { on: "2026-01-13", tiles: ["00:00-14:00"], labels: { job: "guard" } },
      { on: "2026-01-14", tiles: ["00:00-10:00"], labels: { job: "office" } },
      { on: "2026-01-15", tiles: ["00:00-06:00"], labels: { job: "office" } },
    ],
    ruleSet({ overtime }),
  );
  return claimsOf(sheet).map((claims, index) =>
    Object.assign(emptyWorkday(sheet.days[index]!.on, "UTC"), { state, claims }),
  );
};

const weekly: OvertimeInput = {
  policies: [{ kind: "weekly", name: "FLSA", tiers: [{ after: "40h", code: "OT", rate: 1.5 }] }],
};

describe("hours by rate", () => {
  it("sums a period by code, rate and labels", () => {
    expect(hoursByRate(workdays(weekly))).toEqual([
      { class: "overtime", code: "OT", rate: 1.5, labels: { job: "office" }, seconds: 4 * 3600 },
      { class: "regular", code: "REG", rate: 1, labels: { job: "guard" }, seconds: 28 * 3600 },
      { class: "regular", code: "REG", rate: 1, labels: { job: "office" }, seconds: 12 * 3600 },
    ]);
  });

  it("comes out alike whatever order the days come in", () => {
    const days = workdays(weekly);
    expect(hoursByRate(days.toReversed())).toEqual(hoursByRate(days));
  });
});

describe("blended rate", () => {
  /** 29 CFR 778.115: for work at two rates the regular rate is their average, weighted by the hours of the workweek. */
  it("has what payroll needs for a weighted average: 28 h guard, 16 h office, 4 h overtime", () => {
    const basis = blendedRateBasis(workdays(weekly));
    expect(basis).toEqual({
      isComplete: true,
      seconds: 44 * 3600,
      straight: [
        { labels: { job: "guard" }, rate: 1, seconds: 28 * 3600 },
        { labels: { job: "office" }, rate: 1, seconds: 16 * 3600 },
      ],
      overtime: [{ code: "OT", rate: 1.5, seconds: 4 * 3600 }],
    });
    // at $11 and $15 an hour: (28 x 11 + 16 x 15) / 44 = $12.4545…, and half of it more for each hour of overtime
    const money = new Map([
      ["guard", 11],
      ["office", 15],
    ]);
    const straight = basis.straight.reduce(
      (sum, { labels, seconds }) => sum + (seconds / 3600) * (money.get(labels.job ?? "") ?? 0),
      0,
    );
    expect(straight / (basis.seconds / 3600)).toBeCloseTo(548 / 44, 10);
  });

  it("keeps the rate of a differential that holds, and takes overtime's straight time at one", () => {
    const policies = [
      {
        kind: "differential" as const,
        name: "Guard",
        where: { job: ["guard"] },
        tiers: [{ code: "GRD", rate: 1.2 }],
      },
      ...(weekly.policies ?? []),
    ];
    expect(blendedRateBasis(workdays({ policies })).straight).toEqual([
      { labels: { job: "guard" }, rate: 1.2, seconds: 28 * 3600 },
      { labels: { job: "office" }, rate: 1, seconds: 16 * 3600 },
    ]);
  });

  it("is not complete while a day is not", () => {
    const [first, ...rest] = workdays(weekly);
    expect(blendedRateBasis([...rest, { ...first!, state: "provisional" }]).isComplete).toBe(false);
  });
});
