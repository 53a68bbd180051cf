import { describe, expect, it } from "vitest";
import { premiumRulesSchema } from "./rules.ts";

const faults = (...policies: object[]): string[] => {
  const { error } = premiumRulesSchema.safeParse({ policies });
  return (error?.issues ?? []).map(({ path, message }) => `${path.join(".")}: ${message}`);
};
const policy = (kind: string, more: object = {}): object => ({
  kind,
  name: "Rule",
  code: "X",
  ...more,
});
const timed = (kind: string, more: object = {}): object => policy(kind, { factor: 0.5, ...more });

describe("premium rules", () => {
  it("are none by default", () => {
    expect(premiumRulesSchema.parse({})).toEqual({ weekStartsOn: "mon", policies: [] });
  });

  it("need little to be written: every kind has defaults that pay", () => {
    for (const kind of ["window", "night", "weekend", "holiday", "shift"])
      expect(faults(timed(kind))).toEqual([]);
    for (const kind of ["meal-penalty", "break-penalty", "callback", "split-shift"])
      expect(faults(policy(kind))).toEqual([]);
    expect(faults(policy("minimum-shift", { minimum: "2h" }))).toEqual([]);
  });

  it.each([
    [[timed("night"), timed("weekend")], 'policies.1.name: a second rule is named "Rule"'],
    [
      [timed("night", { credits: "1h" })],
      "policies.0.credits: is paid per shift, which needs factor to be null",
    ],
    [
      [timed("shift", { limits: { timesADay: 1 } })],
      "policies.0.limits: times are counted per shift, which needs factor to be null",
    ],
    [
      [timed("holiday", { limits: { timesAWeek: 1 } })],
      "policies.0.limits: times are counted per shift, which needs factor to be null",
    ],
    [
      [timed("window", { fromOn: "2026-02-01", toOn: "2026-01-31" })],
      "policies.0.toOn: 2026-01-31 is before fromOn (2026-02-01)",
    ],
    [
      [timed("window", { fromOn: "2026-02-01", toOn: "03-01" })],
      "policies.0.toOn: write both dates with a year, or both without",
    ],
    [
      [timed("weekend", { startsOn: "sun", from: "12:00", to: "12:00" })],
      "policies.0.to: a weekend on one day must end after it begins",
    ],
    [
      [policy("callback", { away: "2h", within: 7199 })],
      "policies.0.within: (7199 s) may not be below away (7200 s)",
    ],
    [
      [policy("callback", { pays: "hours", factor: null })],
      "policies.0.factor: hours are paid by a factor: set one, or pays to top-up",
    ],
    [
      [policy("callback", { pays: "hours", limits: { timesADay: 1 } })],
      "policies.0.limits: times are counted where pays is top-up",
    ],
    [
      [policy("minimum-shift")],
      "policies.0.minimum: set minimum or shareOfPlan: nothing would ever be topped up",
    ],
    [
      [policy("minimum-shift", { shareOfPlan: 0.5, least: "4h", most: "2h" })],
      "policies.0.most: (7200 s) may not be below least (14400 s)",
    ],
    [
      [policy("minimum-shift", { minimum: "2h", per: "day", turn: "later" })],
      "policies.0.turn: only shifts have a turn: set per to shift",
    ],
    [
      [policy("split-shift", { gap: null })],
      "policies.0.gap: set gap or spread: nothing would ever be paid",
    ],
  ])("are refused with the parameter to change: %j", (policies, fault) => {
    expect(faults(...policies)).toEqual([fault]);
  });

  it("refuse what is no value, and parameters of other kinds", () => {
    expect(faults(timed("window", { fromOn: "01.02.2026" }))[0]).toContain("YYYY-MM-DD");
    expect(faults(timed("weekend", { runsOver: "25h" }))[0]).toContain("may not exceed 24h");
    expect(faults(timed("shift", { rotating: { apart: "13h" } }))[0]).toContain(
      "may not exceed 12h",
    );
    expect(faults(timed("night", { fromOn: "12-24" }))).toHaveLength(1);
    expect(faults(policy("night"))).toHaveLength(1); // a factor has no default
    expect(faults(timed("dawn"))).toHaveLength(1);
  });
});
