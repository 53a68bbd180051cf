import { describe, expect, it } from "vitest";
import { absenceRulesSchema } from "./rules.ts";

describe("rules on leave and holidays", () => {
  it("are none without a word", () => {
    const { codes, holidays, undertime } = absenceRulesSchema.parse({});
    expect({ codes, holidays, per: undertime.per }).toEqual({
      codes: [],
      holidays: [],
      per: "none",
    });
  });

  const fixed = { kind: "fixed", length: "8h" };
  const over = { kind: "average-days", days: 30, dividedBy: 20 };
  it.each([
    [
      "two kinds of one name",
      {
        codes: [
          { name: "A", code: "A" },
          { name: "A", code: "B" },
        ],
      },
      ["codes", 1, "name"],
    ],
    [
      "two kinds of one code",
      {
        codes: [
          { name: "A", code: "A" },
          { name: "B", code: "A" },
        ],
      },
      ["codes", 1, "code"],
    ],
    ["a share of nothing", { codes: [{ name: "A", code: "A", share: 0 }] }, ["codes", 0, "share"]],
    ["more than a day", { codes: [{ name: "A", code: "A", share: 1.5 }] }, ["codes", 0, "share"]],
    [
      "two holiday rules of one name",
      { holidays: [{ name: "H" }, { name: "H" }] },
      ["holidays", 1, "name"],
    ],
    [
      "more days of work than are looked at",
      { holidays: [{ name: "H", daysWorked: 31 }] },
      ["holidays", 0, "daysWorked"],
    ],
    [
      "a holiday of nothing",
      { holidays: [{ name: "H", amount: { ...fixed, length: 0 } }] },
      ["holidays", 0, "amount", "length"],
    ],
    [
      "a division by nothing",
      { holidays: [{ name: "H", amount: { ...over, dividedBy: 0 } }] },
      ["holidays", 0, "amount", "dividedBy"],
    ],
    [
      "an average of half a year and more",
      { holidays: [{ name: "H", amount: { ...over, days: 183 } }] },
      ["holidays", 0, "amount", "days"],
    ],
  ])("with %s are refused with the path", (_, rules, path) => {
    const result = absenceRulesSchema.safeParse(rules);
    expect(result.error?.issues.map((issue) => issue.path)).toEqual([path]);
  });

  it("with as many days of work as are looked at are taken", () => {
    const rules = { holidays: [{ name: "H", daysWorked: 30, outOf: 30 }] };
    expect(absenceRulesSchema.safeParse(rules).success).toBe(true);
  });
});
