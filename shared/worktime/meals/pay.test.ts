import { describe, expect, it } from "vitest";
import { add, apply, type MealPolicyText } from "../../../test/support/meals.ts";

// TimeTrex manual, Meal Policies, Auto-Add: punched lunches are paid, for tracking only.
describe("auto-add", () => {
  const day = [
    "08:00-12:00",
    "12:00-12:30 lunch",
    "12:30-15:00",
    "15:00-15:15 lunch",
    "15:15-17:00",
  ];
  const paid = (policies: MealPolicyText[], specs = day): readonly string[] =>
    apply(specs, policies).tiles.filter((tile) => tile.endsWith("paid"));

  it("pays up to the allowance of the shift, from the beginning of each", () => {
    expect(paid([add({ amount: "40min" })])).toEqual([
      "12:00-12:30 lunch paid",
      "15:00-15:10 lunch paid",
    ]);
    expect(paid([add({ amount: "20min" })])).toEqual(["12:00-12:20 lunch paid"]);
    expect(paid([add({ amount: "1h" })])).toEqual([
      "12:00-12:30 lunch paid",
      "15:00-15:15 lunch paid",
    ]);
  });

  it("pays each one up to the allowance, as many as it applies times", () => {
    expect(paid([add({ per: "each" })])).toEqual(["12:00-12:20 lunch paid"]);
    expect(paid([add({ per: "each", times: 2 })])).toEqual([
      "12:00-12:20 lunch paid",
      "15:00-15:15 lunch paid",
    ]);
  });

  it("shares a larger allowance each time it applies", () => {
    const policy = add({ amount: "15min", activeAfter: "4h", every: "4h", times: 2 });
    expect(paid([policy])).toEqual(["12:00-12:30 lunch paid"]);
    expect(paid([policy], ["08:00-12:00", "12:00-12:30 lunch", "12:30-16:30"])).toEqual([
      "12:00-12:15 lunch paid",
    ]);
  });

  // 29 CFR 785.18: a rest of up to about 20 minutes is working time; 785.19: a meal of 30 minutes or more is not.
  it.each([
    ["10:00-10:20 break", "10:20", ["10:00-10:20 break paid"]],
    ["10:00-10:20:01 break", "10:20:01", []],
  ])("pays %s, or nothing of a longer one", (rest, end, expected) => {
    const policy = add({ for: "break", per: "each", times: 24, ifLonger: "pay-nothing" });
    expect(paid([policy], ["08:00-10:00", rest, `${end}-12:00`])).toEqual(expected);
  });

  it("pays breaks apart from lunches, or both", () => {
    const shift = [
      "08:00-10:00",
      "10:00-10:10 break",
      "10:10-12:00",
      "12:00-12:30 lunch",
      "12:30-16:00",
    ];
    expect(paid([add({ for: "lunch" })], shift)).toEqual(["12:00-12:20 lunch paid"]);
    expect(paid([add({ for: "break" })], shift)).toEqual(["10:00-10:10 break paid"]);
    expect(paid([add({ for: "any" })], shift)).toEqual([
      "10:00-10:10 break paid",
      "12:00-12:10 lunch paid",
    ]);
  });

  it("pays once more than so much was worked", () => {
    expect(
      paid([add({ activeAfter: "6h" })], ["08:00-12:00", "12:00-12:30 lunch", "12:30-14:30"]),
    ).toEqual([]);
    expect(
      paid([add({ activeAfter: "6h" })], ["08:00-12:00", "12:00-12:30 lunch", "12:30-14:30:01"]),
    ).toEqual(["12:00-12:20 lunch paid"]);
  });

  it("pays only in shifts of the least length, on its weekdays and where it says", () => {
    expect(paid([add({ minShift: "9h" })])).toEqual([]);
    expect(paid([add({ weekdays: ["tue"] })])).toEqual([]);
    expect(paid([add({ onlyPlanned: true })])).toEqual([]);
    expect(paid([add({ where: { job: ["press"] } })])).toEqual([]);
  });

  it("counts time that another rule paid against its allowance", () => {
    const policies = [
      add({ name: "short", amount: "10min" }),
      add({ name: "long", amount: "25min" }),
    ];
    expect(paid(policies)).toEqual(["12:00-12:10 lunch paid", "12:10-12:25 lunch paid"]);
    expect(apply(day, policies).reasons.slice(1, 3)).toEqual([
      "lunch paid up to 10 min, rule 'short'",
      "lunch paid up to 25 min, rule 'long'",
    ]);
  });

  it("says what was paid", () => {
    expect(apply(day, [add({ name: "Rest" })]).reasons[1]).toBe(
      "lunch paid up to 20 min, rule 'Rest'",
    );
  });
});
