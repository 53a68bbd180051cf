import { dayOfDate } from "@clockleaf/shared/worktime/civil-time.ts";
import { computeWorkdays } from "@clockleaf/shared/worktime/engine.ts";
import type { Fact } from "@clockleaf/shared/worktime/facts.ts";
import { constantRules, type Rules, ruleSetSchema } from "@clockleaf/shared/worktime/rules.ts";
import { describe, expect, it } from "vitest";
import { type Employment, withinEmployment } from "./employment.ts";

const rules = constantRules(
  ruleSetSchema.parse({
    schedule: {
      templates: [{ name: "day", start: "08:00", end: "16:00" }],
      rotas: [{ name: "all", kind: "cycle", anchor: "2026-01-01", days: [["day"]] }],
    },
  }),
);
const RANGE = { fromOn: "2026-01-01", toOn: "2026-01-10" };
const everything: Fact = {
  kind: "watermark",
  site: "hq",
  completeTo: Date.parse("2026-01-20T00:00Z"),
};
const absentOn = (of: Rules, ...more: Fact[]): string[] =>
  computeWorkdays([everything, ...more], of, RANGE)
    .filter(({ exceptions }) => exceptions.some(({ kind }) => kind === "absent"))
    .map(({ workdayOn }) => workdayOn.slice(-2));

const bound = (...employments: Employment[]): Rules => withinEmployment(rules, employments);
const punch = (time: string): Fact => ({
  kind: "punch",
  punchId: time,
  at: Date.parse(`2026-01-${time}Z`),
  hint: null,
  site: "hq",
  reader: "door",
  zone: null,
});

describe("within an employment", () => {
  it("people are due from their first day to their last, and in no gap between", () => {
    const once = bound({ from: "2026-01-03", to: "2026-01-05" });
    expect(absentOn(once)).toEqual(["03", "04", "05"]);
    const twice = bound({ from: "2026-01-03", to: "2026-01-05" }, { from: "2026-01-09", to: null });
    expect(absentOn(twice)).toEqual(["03", "04", "05", "09", "10"]);
  });

  it("work outside of it counts as it would", () => {
    const facts = [punch("02T08:00"), punch("02T10:00"), punch("07T08:00"), punch("07T10:00")];
    const of = bound({ from: "2026-01-03", to: "2026-01-05" });
    expect(computeWorkdays(facts, of, RANGE).map(({ workedSeconds }) => workedSeconds)).toEqual([
      7200, 7200,
    ]);
  });

  it("rules that change stay as they are on each day", () => {
    const strict = ruleSetSchema.parse({ zone: "Europe/Berlin" });
    const changing: Rules = {
      versions: [...rules.versions, { from: dayOfDate("2026-01-08"), set: strict, groups: ["b"] }],
    };
    const { versions } = withinEmployment(changing, [{ from: "2026-01-03", to: null }]);
    expect(versions.map(({ from, groups }) => [from, groups])).toEqual([
      [dayOfDate("2026-01-03"), []],
      [dayOfDate("2026-01-08"), ["b"]],
    ]);
  });

  it("gives equal histories one object, and people nobody knows the rules as they are", () => {
    const one = bound({ from: "2026-01-03", to: null });
    expect(bound({ from: "2026-01-03", to: null })).toBe(one);
    expect(bound()).toBe(rules);
  });
});
