import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { badgeKey } from "@clockleaf/shared/wire/punch.ts";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cardCredential, makeCard } from "./cards.ts";

const VECTORS = join(import.meta.dirname, "../test/vectors/cards");
const golden = readdirSync(VECTORS, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => {
    const read = (file: string): string => readFileSync(join(VECTORS, name, file), "utf8");
    const print = JSON.parse(read("expected.json")) as Record<
      "bits" | "facility" | "number",
      number
    >;
    return { name, print, hex: read("input.hex").trim() };
  })
  .filter(({ print }) => [26, 34, 37].includes(print.bits));

describe("cards", () => {
  it("encodes the golden H10301 card", () => {
    expect(badgeKey(cardCredential(makeCard(26, 123, 45_678)))).toBe("card-26-bdd93740");
  });

  it.each(golden)("encodes $name", ({ print, hex }) => {
    const format = print.bits === 26 ? 26 : print.bits === 34 ? 34 : 37;
    expect(cardCredential(makeCard(format, print.facility, print.number))).toMatchObject({ hex });
  });

  it("finds the golden cards", () => {
    expect(golden.length).toBeGreaterThanOrEqual(4);
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
