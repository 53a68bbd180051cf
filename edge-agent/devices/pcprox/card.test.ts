import { encodeCard } from "@clockleaf/shared/wire/card-format.ts";
import { CARD_FORMATS, findFormat } from "@clockleaf/shared/wire/card-formats.ts";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readCard } from "./card.ts";
import { readBuffer } from "./commands.ts";

const h10301 = findFormat("H10301", CARD_FORMATS);
const bitsOf = ({ bits, hex }: { readonly bits: number; readonly hex: string }): number[] =>
  Array.from(BigInt(`0x1${hex}`).toString(2).slice(1), Number).slice(0, bits);
const report = (...bytes: number[]): Uint8Array => {
  const whole = new Uint8Array(8);
  whole.set(bytes);
  return whole;
};

describe("a card without its outer parity bits", () => {
  test("is the card that readers of whole cards see, whatever is printed on it", () => {
    const print = fc.record({
      facility: fc.nat({ max: 255 }),
      number: fc.nat({ max: 65_535 }),
    });
    fc.assert(
      fc.property(print, (printed) => {
        const card = h10301 === undefined ? "" : encodeCard(h10301, printed);
        const whole = typeof card === "string" ? [] : bitsOf(card);
        const kept = whole.slice(1, -1);
        const read = readCard(kept, { lead: 1, trail: 1 }, CARD_FORMATS);
        expect(read).toEqual({ credential: card, parity: "restored" });
        expect(readCard(whole, { lead: 0, trail: 0 }, CARD_FORMATS)).toEqual({
          credential: card,
          parity: "whole",
        });
      }),
      { seed: 20_261_201 },
    );
  });

  test("stays as it is when no format of that length is known, or more than parity was stripped", () => {
    const odd = Array.from({ length: 20 }, (_, index) => index % 2);
    expect(readCard(odd, { lead: 1, trail: 1 }, CARD_FORMATS)).toEqual({
      credential: { kind: "card", bits: 20, hex: "555550" },
      parity: "stripped",
    });
    // 26 bits, of which 4 were stripped in front: three of them were the facility.
    expect(readCard([...odd, 0], { lead: 4, trail: 1 }, CARD_FORMATS).parity).toBe("stripped");
  });

  test("is of no format whose parity bits that were left are wrong", () => {
    const c1000 = findFormat("C1000-35", CARD_FORMATS);
    const card = c1000 === undefined ? "" : encodeCard(c1000, { facility: 2643, number: 163_271 });
    const kept = typeof card === "string" ? [] : bitsOf(card).slice(1, -1);
    const strip = { lead: 1, trail: 1 };
    expect(readCard(kept, strip, CARD_FORMATS)).toEqual({ credential: card, parity: "restored" });
    const flipped = kept.map((bit, index) => (index === 0 ? 1 - bit : bit));
    expect(readCard(flipped, strip, CARD_FORMATS).parity).toBe("stripped");
  });

  test("never becomes the same as one that differs in a bit", () => {
    const kept = fc.array(fc.nat({ max: 1 }), { minLength: 1, maxLength: 64 });
    fc.assert(
      fc.property(kept, fc.nat(), (bits, at) => {
        const other = bits.map((bit, index) => (index === at % bits.length ? 1 - bit : bit));
        const [one, another] = [bits, other].map(
          (each) => readCard(each, { lead: 1, trail: 1 }, CARD_FORMATS).credential,
        );
        expect(one).not.toEqual(another);
      }),
      { seed: 20_261_201 },
    );
  });
});

describe("the card buffer", () => {
  const h10301Data = report(0x6e, 0xb2, 0x7b);

  test("is empty when it holds nothing but zeros, whatever its length says", () => {
    expect(readBuffer(report(), report(24, 24))).toEqual({ kind: "empty" });
  });

  test("ignores what stands above its length, as left over from a longer card", () => {
    const clean = readBuffer(h10301Data, report(24, 24));
    expect(clean.kind).toBe("card");
    expect(readBuffer(report(0x6e, 0xb2, 0x7b, 0xff, 1), report(24, 24))).toEqual(clean);
  });

  test.each([
    ["report-length", h10301Data.subarray(0, 7), report(24, 24)],
    ["report-length", h10301Data, new Uint8Array(0)],
    ["lengths-differ", h10301Data, report(24, 26)],
    ["no-length", h10301Data, report()],
    ["too-many-bits", h10301Data, report(65, 65)],
  ])("is not believed: %s", (reason, data, lengths) => {
    expect(readBuffer(data, lengths)).toEqual({ kind: "discarded", reason });
  });
});
