import fc from "fast-check";
import { expect, it } from "vitest";
import { isSameValue, storyOf } from "./alike.ts";

it("takes two values for the same just when they spell the same story", () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 3 }), fc.jsonValue({ maxDepth: 3 }), (a, b) => {
      expect(isSameValue(a, b)).toBe(storyOf(a) === storyOf(b));
      expect(isSameValue(a, JSON.parse(JSON.stringify(a)))).toBe(true);
    }),
    { seed: 20_260_112, numRuns: 2000 },
  );
});

it.each([
  [{ a: 1, b: 2 }, { b: 2, a: 1 }, true],
  [{ a: 1, b: undefined }, { a: 1 }, true],
  [{ a: 1 }, { a: 1, b: null }, false],
  [[1, 2], [2, 1], false],
  [[], {}, false],
  [{ at: 1 }, { at: 2 }, false],
  ["1", 1, false],
])("%j and %j: %s", (a, b, same) => {
  expect(isSameValue(a, b)).toBe(same);
  expect(isSameValue(b, a)).toBe(same);
});
