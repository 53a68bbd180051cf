import { badgeKey } from "@clockleaf/shared/wire/punch.ts";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cardCredential, makeCard } from "./cards.ts";

describe("cards", () => {
  it("encodes the golden H10301 card", () => {
    expect(badgeKey(cardCredential(makeCard(26, 123, 45_678)))).toBe("card-26-bdd93740");
  });

  it("gives different cards different bits and pads with zeros", () => {
    const number = fc.integer({ min: 0, max: 0xffff });
    fc.assert(
      fc.property(fc.constantFrom(26, 34, 37), number, number, (format, a, b) => {
        const [first, second] = [makeCard(format, 7, a), makeCard(format, 7, b)];
        expect(Buffer.from(first.bytes).equals(Buffer.from(second.bytes))).toBe(a === b);
        const unused = first.bytes.length * 8 - first.bits;
        expect((first.bytes.at(-1) ?? 0) & ((1 << unused) - 1)).toBe(0);
      }),
    );
  });
});
