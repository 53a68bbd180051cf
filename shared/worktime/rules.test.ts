import { describe, expect, it } from "vitest";
import { rulesSchema } from "./rules.ts";

describe("rules", () => {
  it("are complete without a word", () => {
    expect(rulesSchema.parse({})).toEqual({
      zone: "UTC",
      newShiftGapMs: 14_400_000,
      maxShiftMs: 57_600_000,
      maxStretchMs: 50_400_000,
      repeatWindowMs: 60_000,
      breakMinMs: 0,
      breakMaxMs: 5_400_000,
    });
  });

  it.each([
    [{ newShiftGapMs: 60_000_000 }, "newShiftGapMs"],
    [{ maxStretchMs: 60_000_000 }, "maxStretchMs"],
    [{ repeatWindowMs: 15_000_000 }, "repeatWindowMs"],
    [{ breakMinMs: 6_000_000 }, "breakMinMs"],
    [{ breakMaxMs: 15_000_000 }, "breakMaxMs"],
    [{ zone: "Europe/Atlantis" }, "zone"],
    [{ zone: "+02:00" }, "zone"],
  ])("that contradict themselves are refused with the path: %j", (rules, path) => {
    const issues = rulesSchema.safeParse(rules).error?.issues ?? [];
    expect(issues.map((issue) => issue.path.join("."))).toEqual([path]);
  });

  it("name an unknown rule", () => {
    expect(rulesSchema.safeParse({ breakMax: 1 }).error?.issues[0]).toMatchObject({
      code: "unrecognized_keys",
      keys: ["breakMax"],
    });
  });
});
