import fc from "fast-check";
import { expect, it } from "vitest";
import { entryIdOf, NO_ENTRY, positionOf } from "./entry-id.ts";

it("an id tells the position it was made from", () => {
  const whole = fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER });
  fc.assert(
    fc.property(whole, whole, (incarnation, seq) => {
      expect(positionOf(entryIdOf(incarnation, seq))).toEqual({ incarnation, seq });
    }),
  );
});

it("a stream that nothing was written to has no position", () => {
  expect(positionOf(NO_ENTRY)).toBeUndefined();
});
