import { describe, expect, it } from "vitest";
import { constantRules, type Rules, ruleSetSchema, rulesOn } from "./rules.ts";

const HOUR = 3600;

describe("a rule set", () => {
  it("is complete without a word", () => {
    const { zone, shifts, punches, meals, overtime, premiums } = ruleSetSchema.parse({});
    expect(zone).toBe("UTC");
    expect(shifts).toMatchObject({
      dayStart: 0,
      countsOn: "start",
      newShiftGap: 4 * HOUR,
      maxShift: 16 * HOUR,
      maxStretch: 14 * HOUR,
    });
    expect(punches).toMatchObject({
      repeatWindow: 60,
      breaks: { by: "length", min: 0, max: 1.5 * HOUR },
    });
    expect([meals.policies, overtime.policies, premiums.policies]).toEqual([[], [], []]);
  });

  it.each([
    [{ shifts: { newShiftGap: "17h" } }, "shifts.newShiftGap"],
    [{ shifts: { maxStretch: "17h" } }, "shifts.maxStretch"],
    [{ punches: { repeatWindow: "5h" } }, "punches.repeatWindow"],
    [{ punches: { breaks: { min: "2h" } } }, "punches.breaks.min"],
    [{ punches: { breaks: { max: "5h" } } }, "punches.breaks.max"],
    [{ zone: "Europe/Atlantis" }, "zone"],
    [{ zone: "+02:00" }, "zone"],
  ])("that contradicts itself is refused with the path: %j", (rules, path) => {
    const issues = ruleSetSchema.safeParse(rules).error?.issues ?? [];
    expect(issues.map((issue) => issue.path.join("."))).toEqual([path]);
  });

  it("names an unknown rule", () => {
    expect(ruleSetSchema.safeParse({ breakMax: 1 }).error?.issues[0]).toMatchObject({
      code: "unrecognized_keys",
      keys: ["breakMax"],
    });
  });
});

describe("rules through time", () => {
  const [first, second] = [ruleSetSchema.parse({}), ruleSetSchema.parse({ zone: "Asia/Kolkata" })];

  it("hold for every day where there is one version", () => {
    expect(rulesOn(constantRules(first, ["plain"]), -5).groups).toEqual(["plain"]);
  });

  it("are those in force on the day: the first also before it began, the later from its first day on", () => {
    const rules: Rules = {
      versions: [
        { from: 100, set: first, groups: ["a"] },
        { from: 200, set: second, groups: ["b"] },
      ],
    };
    const groupOn = (day: number): string => rulesOn(rules, day).groups.join();
    expect([groupOn(0), groupOn(199), groupOn(200), groupOn(5000)]).toEqual(["a", "a", "b", "b"]);
  });
});
