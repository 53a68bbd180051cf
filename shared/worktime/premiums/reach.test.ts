import { describe, expect, it } from "vitest";
import type { PremiumInput, RulesInput } from "../../../test/support/premiums.ts";
import { ruleSet } from "../../../test/support/worktime.ts";
import type { Reach } from "../ledger.ts";
import { premiumsReach } from "./premiums.ts";

// How far each kind looks. With a maximum shift of 16 h, what lies near a shift is within 3 days.

const NONE: Reach = { back: 0, ahead: 0 };
const NEAR: Reach = { back: 3, ahead: 3 };
const reach = (policies: object[], shifts: RulesInput["shifts"] = {}): Reach =>
  premiumsReach(
    ruleSet({
      shifts,
      premiums: {
        policies: policies.map((each, index) => ({
          name: `P${index}`,
          code: "X",
          ...each,
        })) as PremiumInput[],
      },
    }),
  );
const night = (more: object = {}): object => ({ kind: "night", factor: 0.25, ...more });

describe("premiumsReach", () => {
  it.each<[object, Reach]>([
    [night(), NONE],
    [night({ onlyAfter: { daily: "8h" }, during: "regular" }), NONE],
    [night({ limits: { secondsADay: "1h" } }), NONE],
    [{ kind: "weekend", factor: 1 }, NONE],
    [{ kind: "holiday", factor: 1, hours: "workday" }, NONE],
    [{ kind: "meal-penalty" }, NONE],
    [{ kind: "break-penalty" }, NONE],
    [{ kind: "split-shift" }, NONE],
    [{ kind: "minimum-shift", minimum: "2h", per: "day" }, NONE],
    // parts of a shift that was cut at midnight
    [night({ atLeast: "3h" }), NEAR],
    [night({ pays: "whole-shift" }), NEAR],
    [night({ overShare: 0.5 }), NEAR],
    [night({ partial: false }), NEAR],
    [night({ factor: null }), NEAR],
    [night({ begunBefore: true }), NEAR],
    [{ kind: "weekend", factor: 1, runsOver: "4h" }, NEAR],
    [{ kind: "shift", factor: 1 }, NEAR],
    [{ kind: "minimum-shift", minimum: "2h" }, NEAR],
    // dates near the workday
    [night({ holidays: "only" }), NEAR],
    [{ kind: "holiday", factor: 1 }, NEAR],
    // the week so far
    [night({ onlyAfter: { weekly: "40h" } }), { back: 6, ahead: 0 }],
    [night({ limits: { secondsAWeek: "40h" } }), { back: 6, ahead: 0 }],
    [
      { kind: "split-shift", limits: { timesAWeek: 1 } },
      { back: 6, ahead: 0 },
    ],
    [
      night({ limits: { secondsAWeek: "40h" }, onlyAfter: { weekly: "40h" } }),
      { back: 12, ahead: 0 },
    ],
    [night({ limits: { secondsAWeek: "40h" }, atLeast: "3h" }), { back: 9, ahead: 3 }],
    // shifts before and after
    [
      { kind: "shift", factor: 1, rotating: { within: 14 } },
      { back: 14, ahead: 3 },
    ],
    [{ kind: "callback" }, NEAR],
    [
      { kind: "callback", within: "48h" },
      { back: 4, ahead: 3 },
    ],
    [
      { kind: "callback", minimum: "60h", untilNextWork: true },
      { back: 3, ahead: 5 },
    ],
  ])("of %j is %j", (policy, expected) => {
    expect(reach([policy])).toEqual(expected);
  });

  it("is that of the policy that looks farthest, and grows with the longest shift", () => {
    expect(reach([night({ onlyAfter: { weekly: "40h" } }), night({ atLeast: "3h" })])).toEqual({
      back: 6,
      ahead: 3,
    });
    expect(reach([night({ atLeast: "3h" })], { maxShift: "24h" })).toEqual({ back: 4, ahead: 4 });
  });
});
