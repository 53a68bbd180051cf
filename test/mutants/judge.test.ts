import { describe, expect, it } from "vitest";
import { outcomeOf } from "./judge.ts";

const file = (message: string, ...tests: readonly [status: string, name: string][]): object => ({
  message,
  assertionResults: tests.map(([status, fullName]) => ({ status, fullName })),
});
const report = (success: boolean, ...testResults: readonly object[]): object => ({
  success,
  numPassedTests: JSON.stringify(testResults).split('"passed"').length - 1,
  testResults,
});

describe("a run of tests", () => {
  it("is green when all that ran passed", () => {
    const tests = file("", ["passed", "one"], ["pending", "two"]);
    expect(outcomeOf(report(true, tests))).toEqual({ is: "green", tests: 1 });
  });

  it("is red by the first test that failed", () => {
    const tests = file("", ["passed", "one"], ["failed", "two"], ["failed", "three"]);
    expect(outcomeOf(report(false, file(""), tests))).toEqual({ is: "red", failed: "two" });
  });

  it("proves nothing when a file could not be loaded and no test failed", () => {
    const broken = file("SyntaxError: Unexpected token\n    at here");
    expect(outcomeOf(report(false, file("", ["passed", "one"]), broken))).toEqual({
      is: "crashed",
      why: "SyntaxError: Unexpected token",
    });
  });

  it("proves nothing when no test ran, or no report was written", () => {
    expect(outcomeOf(report(true, file("", ["pending", "one"])))).toEqual({
      is: "crashed",
      why: "no test ran",
    });
    expect(outcomeOf(null)).toEqual({ is: "crashed", why: "vitest wrote no report" });
  });
});
