import { describe, expect, it } from "vitest";
import {
  type DayIn,
  type MealText,
  type PremiumInput,
  paidFor,
  premiumsOn,
} from "../../../test/support/premiums.ts";

// Sums for meals and breaks that were due. Berlin time; 2026-01-12 is a Monday.

const day = (...shifts: NonNullable<DayIn["shifts"]>): DayIn => ({ on: "2026-01-12", shifts });
const meal = (more: object = {}): PremiumInput => ({
  kind: "meal-penalty",
  name: "Meal",
  code: "MP",
  ...more,
});
const rest = (more: object = {}): PremiumInput => ({
  kind: "break-penalty",
  name: "Rest",
  code: "RP",
  ...more,
});
const found = (...meals: MealText[]): DayIn => day({ tiles: "08:00-18:00", meals });

describe("meal and break penalties", () => {
  const missed: MealText = { kind: "lunch", what: "missed", at: "13:00" };
  const noBreak: MealText = { kind: "break", what: "missed", at: "10:00" };

  it("one hour of pay a day for meals and one for breaks, however many were missed", () => {
    // California Labor Code 226.7; two kinds may be due on one day: United Parcel Service v. Superior Court (2011)
    const second: MealText = { kind: "lunch", what: "late", at: "17:00" };
    expect(paidFor(found(missed, second), meal(), rest())).toBe("Meal @13:00 1:00");
    expect(paidFor(found(missed, second, noBreak), meal(), rest())).toBe(
      "Rest @10:00 1:00, Meal @13:00 1:00",
    );
    expect(paidFor(found(), meal(), rest())).toBe("");
  });

  it("carry factor 1, the punches of the finding and what was found", () => {
    const [premiums = []] = premiumsOn([found(missed)], [meal()]);
    expect(premiums[0]).toMatchObject({
      kind: "meal-penalty",
      code: "MP",
      factor: 1,
      seconds: 3600,
      punchIds: ["13:00 finding"],
      reason: "meal-penalty: lunch not taken (Meal), 1 h 00 min of pay, rule 'Meal'",
    });
  });

  it.each(["missed", "late", "short"] as const)("a meal that was %s", (what) => {
    expect(paidFor(found({ ...missed, what }), meal())).toBe("Meal @13:00 1:00");
    expect(paidFor(found({ ...missed, what }), meal({ findings: ["missed"] })) !== "").toBe(
      what === "missed",
    );
    expect(paidFor(found({ ...noBreak, what }), rest())).toBe("Rest @10:00 1:00");
  });

  it("not a long meal, nor too many breaks; but too few", () => {
    expect(paidFor(found({ ...missed, what: "long" }), meal())).toBe("");
    expect(paidFor(found({ ...noBreak, what: "too-many" }), rest())).toBe("");
    expect(paidFor(found({ ...noBreak, what: "too-few" }), rest())).toBe("Rest @10:00 1:00");
  });

  it("more a day, another sum, an amount, or only what some rules found", () => {
    const both = found({ ...missed, at: "17:00", policy: "Second meal" }, missed);
    expect(paidFor(both, meal({ limits: { timesADay: 2 } }))).toBe(
      "Meal @13:00 1:00, Meal @17:00 1:00",
    );
    expect(paidFor(both, meal({ limits: { timesADay: null } }))).toBe(
      "Meal @13:00 1:00, Meal @17:00 1:00",
    );
    // another limit does not lift that of one a day
    expect(paidFor(both, meal({ limits: { secondsADay: "2h" } }))).toBe("Meal @13:00 1:00");
    expect(paidFor(both, meal({ rules: ["Second meal"] }))).toBe("Meal @17:00 1:00");
    expect(paidFor(both, meal({ credits: "30min" }))).toBe("Meal @13:00 0:30");
    const [premiums = []] = premiumsOn([both], [meal({ credits: 0, factor: null })]);
    expect(premiums[0]).toMatchObject({ factor: null, seconds: 0 });
  });

  it("at the place, and on the days, that the policy names", () => {
    const moved = day({ tiles: "08:00-12:00@bar 12:00-18:00@hall", meals: [missed] });
    expect(paidFor(moved, meal({ where: { branch: ["hall"] } }))).toBe("Meal @13:00 1:00");
    expect(paidFor(moved, meal({ where: { branch: ["bar"] } }))).toBe("");
    expect(paidFor(moved, meal({ weekdays: ["tue"] }))).toBe("");
    expect(paidFor(moved, meal({ holidays: "only" }))).toBe("");
    expect(paidFor({ ...moved, holiday: "x" }, meal({ holidays: "only" }))).not.toBe("");
  });
});
