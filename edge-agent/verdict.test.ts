import { describe, expect, it } from "vitest";
import type { Lookup } from "./directory/directory.ts";
import { judge } from "./verdict.ts";

const config = { unknownBadge: "red", withdrawnBadge: "amber" } as const;
const known: Lookup = {
  kind: "known",
  entry: { employeeId: "e1", greeting: "Hello Ana", state: "valid", validFromMs: 0, pin: null },
};

describe("the verdict at the reader", () => {
  it("greets a known badge by name", () => {
    expect(judge(known, "not-asked", config)).toEqual({
      verdict: "known",
      feedback: { light: "green", text: "Hello Ana" },
    });
  });

  it("shows red for a wrong or missing PIN, and still has a verdict to journal", () => {
    expect(judge(known, "wrong", config)).toMatchObject({
      verdict: "wrong-pin",
      feedback: { light: "red" },
    });
    expect(judge(known, "missing", config)).toMatchObject({ verdict: "wrong-pin" });
    expect(judge(known, "verified", config)).toMatchObject({ verdict: "known" });
  });

  it("colours unknown and withdrawn badges by policy", () => {
    expect(judge({ kind: "unknown" }, "not-asked", config).feedback.light).toBe("red");
    expect(judge({ kind: "withdrawn" }, "not-asked", config).feedback.light).toBe("amber");
  });

  it("refuses nobody while the directory has never been loaded", () => {
    expect(judge({ kind: "not-loaded" }, "not-asked", config)).toEqual({
      verdict: "unknown-badge",
      feedback: { light: "amber", text: "RECORDED" },
    });
  });
});
