import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compilePattern, MAX_LINE } from "./safe-pattern.ts";

const kindOf = (source: string): string => compilePattern(source).kind;
const whyNot = (source: string): string => {
  const checked = compilePattern(source);
  return checked.kind === "refused" ? checked.why : "it was taken";
};

describe("a pattern", () => {
  test.each([
    "(?<number>\\d+)",
    "(?<number>[0-9A-F]{10})",
    "(?<facility>\\d{1,3})[, ](?<number>\\d{1,5})",
    "(?:ID|CARD)[:=](?<number>\\w+)",
    ";(?<number>\\d{4,19})=\\d*\\?",
    "\\x02?(?<number>[^\\]]+)",
    "a|b|c(?<number>.)?",
  ])("%s is taken", (source) => {
    expect(whyNot(source)).toBe("it was taken");
  });

  test.each([
    ["(a+)+", "too many ways"],
    ["(a*)*", "too many ways"],
    ["(a|a)*", "too many ways"],
    ["(?:a|ab)(?:c|bcd)(?:a|a){20}", "too many ways"],
    [".*.*.*x", "too many ways"],
    ["(?:a|a)".repeat(30), "too many ways"],
    ["(?=a)a", "neither (?: nor (?<name>"],
    ["(?<!a)b", "neither (?: nor (?<name>"],
    ["(?i:a)", "neither (?: nor (?<name>"],
    ["(?<n>a)\\k<n>", "has \\k"],
    ["(a)\\1", "has \\1"],
    ["\\p{L}", "has \\p"],
    ["a{2,1}", "numbers out of order"],
    ["a**", "out of place"],
    ["(a", "never closed"],
    ["a)", "a ) too many"],
    ["[a", "never closed"],
    [`a{${MAX_LINE + 1}}`, "128 bytes"],
    ["x".repeat(257), "longer than 256"],
  ])("%s is refused, with the reason", (source, why) => {
    expect(whyNot(source)).toContain(why);
  });

  test("must match the whole line", () => {
    const checked = compilePattern("(?<number>\\d+)|x");
    if (checked.kind === "refused") throw new Error(checked.why);
    expect(checked.groups).toEqual(["number"]);
    expect(checked.pattern.test("12")).toBe(true);
    expect(checked.pattern.test("12a")).toBe(false);
    expect(checked.pattern.test("ax")).toBe(false);
  });

  test("is taken or refused, never thrown at, whatever it is", () => {
    const piece = fc.constantFrom(
      ...Array.from("()[]{}|*+?\\^$.,:<>=!"),
      ...Array.from("abd0129"),
      "(?:",
      "(?<n>",
      "{1,3}",
      "\\d",
      "[^",
      "\\x41",
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 24 }), (pieces) => {
        expect(["safe", "refused"]).toContain(kindOf(pieces.join("")));
      }),
      { numRuns: 5_000 },
    );
  });
});

describe("a pattern that was taken", () => {
  test("comes to an end on the worst lines", () => {
    const atom = fc.constantFrom("a", "b", ".", "[ab]", "\\w", "(?:a|b)", "(?:ab?)", "(?:a|ab)");
    const times = fc.constantFrom("", "?", "*", "+", "{1,3}", "{2}", "*?");
    const part = fc.tuple(atom, times).map((both) => both.join(""));
    const source = fc
      .tuple(fc.array(part, { minLength: 1, maxLength: 5 }), times)
      .map(([parts, more]) => `(?:${parts.join("")})${more}`);
    let taken = 0;
    fc.assert(
      fc.property(source, fc.constantFrom("a", "ab", "b"), (pattern, unit) => {
        if (kindOf(pattern) === "refused") return;
        taken += 1;
        // Whatever is exponential would take longer than the age of the universe here, and the test would not end.
        const line = `${unit.repeat(MAX_LINE / unit.length - 1)}!`;
        expect(typeof new RegExp(`^(?:${pattern})$`, "u").test(line)).toBe("boolean");
      }),
      { numRuns: 3_000 },
    );
    expect(taken).toBeGreaterThan(300);
  });
});
