import { describe, expect, it } from "vitest";
import { MONDAY, type PolicyInput } from "../../../test/support/overtime.ts";
import { overtimeRulesSchema } from "./rules.ts";

const OT = { code: "OT", rate: 1.5 };
const issuesOf = (input: unknown): string[] =>
  (overtimeRulesSchema.safeParse(input).error?.issues ?? []).map(
    ({ path, message }) => `${path.join(".")}: ${message}`,
  );
const refused = (...policies: PolicyInput[]): string[] =>
  issuesOf({ policies }).map((issue) => issue.split(":")[0] ?? "");

describe("overtime rules", () => {
  it("are complete without a word", () => {
    expect(overtimeRulesSchema.parse({})).toEqual({
      weekStart: "mon",
      precedence: "highest-rate",
      regular: { code: "REG", rate: 1 },
      policies: [],
    });
  });

  it("a policy needs no more than its kind, name and tiers", () => {
    const policies = [{ kind: "daily", name: "Daily", tiers: [OT] }];
    expect(overtimeRulesSchema.parse({ policies }).policies).toEqual([
      {
        kind: "daily",
        name: "Daily",
        scope: "day",
        tiers: [{ after: 0, ...OT }],
        counts: "unclaimed",
        contributes: { work: true, paidBreaks: true, paidLunches: true, credits: true, where: {} },
        where: {},
        minimum: 0,
        tolerance: 0,
        beyondTolerance: "all",
        needsApproval: false,
      },
    ]);
  });

  it.each([
    [
      "two of one name",
      [
        { kind: "daily", name: "A", tiers: [OT] },
        { kind: "weekly", name: "A", tiers: [OT] },
      ],
      "policies.1.name",
    ],
    ["no tier", [{ kind: "daily", name: "A", tiers: [] }], "policies.0.tiers"],
    [
      "tiers that do not rise",
      [
        {
          kind: "daily",
          name: "A",
          tiers: [
            { after: "8h", ...OT },
            { after: "8h", ...OT },
          ],
        },
      ],
      "policies.0.tiers.1.after",
    ],
    [
      "a daily tier beyond any day",
      [{ kind: "daily", name: "A", tiers: [{ after: "49h", ...OT }] }],
      "policies.0.tiers.0.after",
    ],
    [
      "a weekly tier beyond any week",
      [{ kind: "weekly", name: "A", tiers: [{ after: 777_601, ...OT }] }],
      "policies.0.tiers.0.after",
    ],
    [
      "the eighth day of a week",
      [{ kind: "consecutive-days", name: "A", nth: 8, reset: "week", tiers: [OT] }],
      "policies.0.nth",
    ],
    [
      "an eighth day worked in a week",
      [{ kind: "weekly-days", name: "A", nth: 8, tiers: [OT] }],
      "policies.0.nth",
    ],
    [
      "a differential of nowhere",
      [{ kind: "differential", name: "A", tiers: [OT] }],
      "policies.0.where",
    ],
    [
      "thirteen weeks",
      [{ kind: "n-weekly", name: "A", weeks: 13, anchor: MONDAY, tiers: [OT] }],
      "policies.0.weeks",
    ],
    [
      "one week in several",
      [{ kind: "n-weekly", name: "A", weeks: 1, anchor: MONDAY, tiers: [OT] }],
      "policies.0.weeks",
    ],
  ] as [string, PolicyInput[], string][])("refuse %s, with the path", (_, policies, path) => {
    expect(refused(...policies)).toEqual([path]);
  });

  it("refuse a period without anchor, an unknown kind, a parameter of another kind", () => {
    expect(issuesOf({ policies: [{ kind: "bi-weekly", name: "A", tiers: [OT] }] })).toHaveLength(1);
    expect(issuesOf({ policies: [{ kind: "monthly", name: "A", tiers: [OT] }] })).toHaveLength(1);
    expect(
      issuesOf({ policies: [{ kind: "weekly", name: "A", weeks: 2, tiers: [OT] }] }),
    ).toHaveLength(1);
  });

  const weeks = (
    length: number,
    anchor: string,
    counts: "all" | "unclaimed" = "unclaimed",
  ): PolicyInput => ({
    kind: "n-weekly",
    name: `${length} from ${anchor}`,
    weeks: length,
    anchor,
    counts,
    tiers: [OT],
  });

  it.each([
    ["two weeks and three", [weeks(2, MONDAY), weeks(3, MONDAY)], ["policies.1.counts"]],
    ["unless one counts all time", [weeks(2, MONDAY), weeks(3, MONDAY, "all")], []],
    ["two weeks in four", [weeks(4, MONDAY), weeks(2, MONDAY)], []],
    [
      "two weeks that begin in the middle of those of four",
      [weeks(4, MONDAY), weeks(2, "2026-01-19")],
      ["policies.1.counts"],
    ],
    [
      "two weeks and the two between",
      [weeks(2, MONDAY), weeks(2, "2026-01-25")],
      ["policies.1.counts"],
    ],
    ["weeks in anything", [weeks(3, "2026-01-19"), { kind: "weekly", name: "W", tiers: [OT] }], []],
  ] as [string, PolicyInput[], string[]][])(
    "refuse periods that cut across each other: %s",
    (_, policies, paths) => {
      expect(refused(...policies)).toEqual(paths);
    },
  );
});
