import { describe, expect, it } from "vitest";
import { roundingRulesSchema } from "./rules.ts";

const issuesOf = (rules: unknown): string[] =>
  (roundingRulesSchema.safeParse(rules).error?.issues ?? []).map(
    ({ path, message }) => `${path.join(".")} | ${message}`,
  );
const punch = (rule: object): string[] =>
  issuesOf({ punches: [{ name: "A", types: ["in"], ...rule }] });
const total = (rule: object): string[] =>
  issuesOf({ totals: [{ name: "A", total: "day", ...rule }] });

describe("rounding rules", () => {
  it("round nothing unless told to", () => {
    expect(roundingRulesSchema.parse({})).toEqual({ punches: [], totals: [] });
  });

  it("have defaults for all but name, types and total", () => {
    const parsed = roundingRulesSchema.parse({
      punches: [{ name: "A", types: ["in"], near: {}, nearTime: { time: "08:00" } }],
      totals: [{ name: "B", total: "lunch" }],
    });
    const common = {
      mode: "nearest",
      interval: 900,
      grace: 0,
      wholeMinutes: false,
      tolerance: 0,
      strict: false,
      when: "any",
    };
    expect(parsed).toEqual({
      punches: [
        {
          name: "A",
          types: ["in"],
          anchor: "midnight",
          longerThan: 0,
          ...common,
          near: { before: 0, after: 0 },
          nearTime: { time: 28_800, before: 0, after: 0 },
        },
      ],
      totals: [{ name: "B", total: "lunch", above: 0, ...common }],
    });
  });

  // A round must exceed its grace (UKG's help on punch round rules).
  it.each([
    [{ interval: 0 }, "interval", "may not be 0"],
    [
      { mode: "up", interval: "5min", grace: "5min" },
      "grace",
      "(300 s) must be less than interval (300 s)",
    ],
    [{ mode: "down", interval: "5min", grace: "6min" }, "grace", "must be less than interval"],
    [{ grace: "1min" }, "grace", "no meaning with mode nearest"],
    [{ mode: "half-up", grace: "1min" }, "grace", "no meaning with mode half-up"],
    [{ mode: "none", grace: "1min" }, "grace", "no meaning with mode none"],
    [{ interval: "7min" }, "interval", "must divide 24 h"],
    [{ interval: "13h", anchor: "scheduled-start" }, "interval", "may not exceed 12 h"],
    [{ mode: "snap" }, "mode", "needs near or nearTime"],
    [{ between: { from: "08:00", to: "08:00" } }, "between", "begins where it ends"],
    [{ when: "early", near: { after: "5min" } }, "near.before", "never applies"],
    [{ when: "late", near: { before: "5min" } }, "near.after", "never applies"],
    [
      { nearTime: { time: "08:00", before: "7h", after: "6h" } },
      "nearTime",
      "may not be longer than 12 h",
    ],
    [{ types: ["transfer"], when: "late" }, "types", "no scheduled time"],
    [{ types: ["in", "transfer"], near: { after: "5min" } }, "types", "no scheduled time"],
    [{ types: ["transfer"], anchor: "scheduled-time" }, "types", "no scheduled time"],
    [{ types: ["transfer"], mode: "snap", near: { after: "5min" } }, "types", "no scheduled time"],
    [{ types: [] }, "types", ""],
    [{ types: ["repeat"] }, "types.0", ""],
    [{ rounds: 1 }, "", "rounds"],
  ])(
    "for punches that contradict themselves are refused with path and reason: %j",
    (rule, path, why) => {
      const issues = punch(rule);
      expect(issues).toHaveLength(1);
      expect(issues[0]).toMatch(new RegExp(`^punches\\.0${path === "" ? "" : `.${path}`} \\| `));
      expect(issues[0]).toContain(why);
    },
  );

  it.each([
    [{ interval: "15min", grace: "14min 59s", mode: "up" }],
    [{ interval: "7min", anchor: "scheduled-time" }],
    [{ interval: "12h" }],
    [{ mode: "none", interval: 0 }],
    [{ mode: "snap", near: { after: "5min" } }],
    [{ types: ["transfer"], mode: "snap", nearTime: { time: "08:00", after: "5min" } }],
    [{ when: "early", near: { before: "5min" } }],
    [{ strict: true }],
    [{ types: ["transfer"], anchor: "scheduled-start" }],
  ])("for punches that make sense are taken: %j", (rule) => {
    expect(punch(rule)).toEqual([]);
  });

  it.each([
    [{ interval: 0 }, "interval", "may not be 0"],
    [{ mode: "up", grace: "15min" }, "grace", "must be less than interval"],
    [{ grace: "1min" }, "grace", "no meaning"],
    [{ interval: "24h 1s" }, "interval", "may not exceed 24 h"],
    [{ above: "8h", upTo: "8h" }, "upTo", "must be more than above"],
    [{ total: "lunch", strict: true }, "strict", "no such limit on a lunch"],
  ])(
    "for totals that contradict themselves are refused with path and reason: %j",
    (rule, path, why) => {
      expect(total(rule)).toEqual([
        expect.stringMatching(
          new RegExp(`^totals\\.0\\.${path} \\| .*${why.replace(/[()]/g, ".")}`),
        ),
      ]);
    },
  );

  it("of one name are refused, also across the two lists: reports tell rules by name", () => {
    const rule = { name: "A", types: ["in"] };
    expect(issuesOf({ punches: [rule, rule] })).toEqual([
      'punches.1.name | a second rule is named "A"',
    ]);
    expect(issuesOf({ punches: [rule], totals: [{ name: "A", total: "day" }] })).toEqual([
      'totals.0.name | a rounding of punches is named "A" already',
    ]);
  });
});
