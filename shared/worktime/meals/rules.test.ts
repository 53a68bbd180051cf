import { describe, expect, it } from "vitest";
import { deduct, normal } from "../../../test/support/meals.ts";
import { mealRulesSchema } from "./rules.ts";

describe("rules on lunches and breaks", () => {
  it("are none without a word", () => {
    expect(mealRulesSchema.parse({})).toEqual({ policies: [] });
  });

  it.each([
    ["two of one name", [deduct({}), deduct({})], ["policies", 1, "name"]],
    ["no amount", [deduct({ amount: 0 })], ["policies", 0, "amount"]],
    ["a repetition that never comes", [deduct({ every: "4h" })], ["policies", 0, "every"]],
    [
      "a least length that what is due does not have",
      [normal({ minLength: "31min" })],
      ["policies", 0, "minLength"],
    ],
    ["a most below what is due", [normal({ maxLength: 1799 })], ["policies", 0, "maxLength"]],
    [
      "fewer breaks than are due",
      [normal({ for: "break", times: 2, most: 1 })],
      ["policies", 0, "most"],
    ],
    ["no weekday", [normal({ weekdays: [] })], ["policies", 0, "weekdays"]],
  ])("with %s are refused with the path", (_, policies, path) => {
    const result = mealRulesSchema.safeParse({ policies });
    expect(result.error?.issues.map((issue) => issue.path)).toEqual([path]);
  });

  it.each([
    ["a least length of just what is due", [normal({ minLength: "30min" })]],
    ["a most of just what is due", [normal({ maxLength: "30min" })]],
    ["parts longer than what is due in all", [normal({ minLength: "31min", inTotal: true })]],
    ["as many breaks as are due", [normal({ for: "break", times: 2, most: 2 })]],
  ])("with %s are taken", (_, policies) => {
    expect(mealRulesSchema.safeParse({ policies }).success).toBe(true);
  });
});
