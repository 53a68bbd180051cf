import { describe, expect, it } from "vitest";
import type { Lookup } from "./directory/directory.ts";
import { judge } from "./verdict.ts";

const config = { unknownBadge: "red", withdrawnBadge: "amber" } as const;
const known: Lookup = {
  kind: "known",
  entry: {
    employeeId: "e1",
    greeting: "Hello Ana",
    state: "valid",
    validFromMs: 0,
    pin: null,
    sites: ["hq"],
    groups: [],
  },
};

describe("the verdict at the reader", () => {
  it("greets a known badge by name", () => {
    expect(judge(known, { pin: "not-asked", told: null }, config)).toEqual({
      verdict: "known",
      feedback: { light: "green", text: "Hello Ana" },
    });
  });

  it("says what the punch means, on one line of sixteen characters", () => {
    const told = { meaning: "out", reason: "was in" } as const;
    const { feedback } = judge(known, { pin: "not-asked", told }, config);
    expect(feedback).toEqual({ light: "green", text: "OUT Hello Ana" });
    const long = { ...known, entry: { ...known.entry, greeting: "Maximilian-Gerd " } };
    const { text } = judge(long, { pin: "not-asked", told }, config).feedback;
    expect(text).toBe("OUT Maximilian-G");
  });

  it("shows red for a wrong or missing PIN, and still has a verdict to journal", () => {
    expect(judge(known, { pin: "wrong", told: null }, config)).toMatchObject({
      verdict: "wrong-pin",
      feedback: { light: "red" },
    });
    expect(judge(known, { pin: "missing", told: null }, config)).toMatchObject({
      verdict: "wrong-pin",
    });
    expect(judge(known, { pin: "verified", told: null }, config)).toMatchObject({
      verdict: "known",
    });
  });

  it("colours unknown and withdrawn badges by policy", () => {
    expect(
      judge({ kind: "unknown" }, { pin: "not-asked", told: null }, config).feedback.light,
    ).toBe("red");
    expect(
      judge({ kind: "withdrawn" }, { pin: "not-asked", told: null }, config).feedback.light,
    ).toBe("amber");
  });

  it("refuses nobody while the directory has never been loaded", () => {
    expect(judge({ kind: "not-loaded" }, { pin: "not-asked", told: null }, config)).toEqual({
      verdict: "unknown-badge",
      feedback: { light: "amber", text: "RECORDED" },
    });
  });
});
