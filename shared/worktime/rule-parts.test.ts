import { describe, expect, it } from "vitest";
import { z } from "zod";
import { durationSchema, isWhere, noTwins, timeOfDaySchema, whereSchema } from "./rule-parts.ts";

describe("lengths of time", () => {
  it.each([
    [0, 0],
    [90, 90],
    ["8h", 28_800],
    ["30min", 1800],
    ["45s", 45],
    ["1h 30min", 5400],
    ["1h30min15s", 5415],
    ["1.5h", 5400],
    [" 2 h ", 7200],
    ["366h", 1_317_600],
  ])("%j is %d seconds", (written, seconds) => {
    expect(durationSchema.parse(written)).toBe(seconds);
  });

  it.each(["", "h", "8", "8 hours", "-1h", "0.0001h", "30min 1h", "1d", "9999999h", -1, 1.5, null])(
    "%j is refused",
    (written) => {
      expect(durationSchema.safeParse(written).success).toBe(false);
    },
  );

  it("says how to write one", () => {
    expect(durationSchema.safeParse("8 hours").error?.issues[0]?.message).toBe(
      '"8 hours" is no length of time: write seconds, or 8h, 30min, 1h 30min, 45s',
    );
  });
});

describe("times of day", () => {
  it.each([
    ["00:00", 0],
    ["06:30", 23_400],
    ["23:59:59", 86_399],
    ["24:00", 86_400],
  ])("%s is %d seconds after midnight", (written, seconds) => {
    expect(timeOfDaySchema.parse(written)).toBe(seconds);
  });

  it.each(["6:30", "24:01", "25:00", "06:60", "0630", "", "06:30 pm"])("%s is refused", (text) => {
    expect(timeOfDaySchema.safeParse(text).success).toBe(false);
  });
});

describe("where", () => {
  const labels = { branch: "north", department: "press" };

  it.each([
    [{}, true],
    [{ branch: ["north"] }, true],
    [{ branch: ["south", "north"] }, true],
    [{ branch: ["south"] }, false],
    [{ branch: ["north"], department: ["press"] }, true],
    [{ branch: ["north"], department: ["paint"] }, false],
    [{ job: ["weld"] }, false],
  ])("%j takes what is booked on north, press: %s", (where, fits) => {
    expect(isWhere(whereSchema.parse(where), labels)).toBe(fits);
  });

  it("refuses a label that no fact has, and an empty list", () => {
    expect(whereSchema.safeParse({ city: ["x"] }).success).toBe(false);
    expect(whereSchema.safeParse({ job: [] }).success).toBe(false);
  });
});

it("refuses two rules of one name, and points at the second", () => {
  const list = z.array(z.object({ name: z.string() })).superRefine(noTwins);
  const twins = [{ name: "Daily" }, { name: "Weekly" }, { name: "Daily" }];
  expect(list.safeParse(twins).error?.issues.map(({ path }) => path)).toEqual([[2, "name"]]);
});
