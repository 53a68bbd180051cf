import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { type CardFormat, cardFormatSchema, decodeCard, encodeCard } from "./card-format.ts";
import { CARD_FORMATS, cardFormatChoiceSchema, checkParity, readings } from "./card-formats.ts";
import type { Credential } from "./punch.ts";

const golden = join(import.meta.dirname, "../../test/vectors/cards");
const expectedSchema = z.strictObject({
  format: z.string(),
  bits: z.int(),
  facility: z.int(),
  number: z.int(),
});

const vectors = readdirSync(golden, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => {
    const read = (file: string): string => readFileSync(join(golden, name, file), "utf8");
    const expected = expectedSchema.parse(JSON.parse(read("expected.json")));
    return { name, expected, hex: read("input.hex").trim() };
  });

const card = (bits: number, hex: string) => ({ kind: "card", bits, hex }) as const;
const formatOf = (name: string): CardFormat => cardFormatChoiceSchema.parse(name);

describe("golden cards", () => {
  test("are there for every published format with a facility", () => {
    const covered = new Set(vectors.map(({ expected }) => expected.format));
    const wanted = CARD_FORMATS.filter(({ facility }) => facility !== null);
    expect(covered).toEqual(new Set(wanted.map(({ name }) => name)));
  });

  test.each(vectors)("$name decodes to its print, parity right", ({ expected, hex }) => {
    const { format, bits, ...print } = expected;
    expect(decodeCard(formatOf(format), card(bits, hex))).toEqual({
      ...print,
      isParityRight: true,
    });
  });

  test.each(vectors)("$name is encoded from its print", ({ expected, hex }) => {
    const { format, bits, facility, number } = expected;
    expect(encodeCard(formatOf(format), { facility, number })).toEqual(card(bits, hex));
  });

  test.each(vectors)("$name with any one bit flipped has a wrong parity", ({ expected, hex }) => {
    const { format, bits } = expected;
    for (let at = 0; at < bits; at += 1) {
      const bytes = Buffer.from(hex, "hex");
      bytes[at >> 3] = (bytes[at >> 3] ?? 0) ^ (0x80 >> (at & 7));
      const flipped = card(bits, bytes.toString("hex"));
      expect(decodeCard(formatOf(format), flipped)?.isParityRight, `bit ${at + 1}`).toBe(false);
      expect(checkParity(flipped, CARD_FORMATS)).toBe("wrong");
    }
  });
});

const anyFormat = fc.constantFrom(...CARD_FORMATS);
const widthOf = ([from, to]: readonly [number, number]): number => to - from + 1;

describe("every published format", () => {
  test("gives back the print it was made of", () => {
    fc.assert(
      fc.property(anyFormat, fc.double({ min: 0, max: 1, noNaN: true }), (format, share) => {
        const part = (range: readonly [number, number]): number =>
          Math.floor((2 ** widthOf(range) - 1) * share);
        const facility = format.facility === null ? null : part(format.facility);
        const print = { facility, number: part(format.number) };
        const made = encodeCard(format, print);
        if (typeof made === "string") throw new Error(made);
        expect(decodeCard(format, made)).toEqual({ ...print, isParityRight: true });
      }),
    );
  });

  test("encodes every card of right parity to the very bits it was read from", () => {
    fc.assert(
      fc.property(anyFormat, fc.uint8Array({ minLength: 6, maxLength: 6 }), (format, bytes) => {
        const length = Math.ceil(format.bits / 8);
        const spare = length * 8 - format.bits;
        const cut = bytes.slice(0, length);
        cut[length - 1] = ((cut[length - 1] ?? 0) >> spare) << spare;
        const read = card(format.bits, Buffer.from(cut).toString("hex"));
        const decoded = decodeCard(format, read);
        expect(decoded).toBeDefined();
        if (decoded?.isParityRight !== true) return;
        expect(encodeCard(format, decoded)).toEqual(read);
      }),
      { numRuns: 2_000 },
    );
  });

  test("never throws on any credential, and reads only its own length", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 512 }),
        fc.uint8Array({ maxLength: 64 }),
        (bits, raw) => {
          const read = card(bits, Buffer.from(raw).toString("hex"));
          for (const { format } of readings(read, CARD_FORMATS)) {
            expect(formatOf(format).bits).toBe(bits);
          }
        },
      ),
    );
  });
});

describe("what does not fit", () => {
  test("is said, with the range that would", () => {
    const h10301 = formatOf("H10301");
    expect(encodeCard(h10301, { facility: 256, number: 1 })).toBe("facility of H10301 is 0 to 255");
    expect(encodeCard(h10301, { facility: 1, number: 65_536 })).toBe(
      "number of H10301 is 0 to 65535",
    );
    expect(encodeCard(h10301, { facility: null, number: 1 })).toBe("H10301 needs a facility code");
    expect(encodeCard(formatOf("H10302"), { facility: 1, number: 1 })).toBe(
      "H10302 has no facility code",
    );
  });
});

describe("a card of 37 bits", () => {
  test("may be of two formats, and both are said", () => {
    expect(readings(card(37, "815e310628"), CARD_FORMATS)).toEqual([
      { format: "H10302", facility: null, number: 700 * 2 ** 19 + 200_802 },
      { format: "H10304", facility: 700, number: 200_802 },
    ]);
  });
});

describe("a number typed in, and a length nobody named", () => {
  test.each([{ kind: "number", value: "42" } as const, card(40, "0011223344")])(
    "$kind is no misread",
    (credential: Credential) => {
      expect(readings(credential, CARD_FORMATS)).toEqual([]);
      expect(checkParity(credential, CARD_FORMATS)).toBe("other-format");
    },
  );
});

const OWN = {
  name: "plant-32",
  bits: 32,
  facility: [5, 12],
  number: [13, 31],
  fixed: [{ range: [1, 4], value: 9 }],
  parity: [{ bit: 32, kind: "even", over: [[1, 31]] }],
};
const problemsOf = (changes: object): string[] => {
  const result = cardFormatSchema.safeParse({ ...OWN, ...changes });
  return result.success ? [] : result.error.issues.map(({ message }) => message);
};

describe("a format of one's own", () => {
  test("is read and written like a published one; other fixed bits are another format", () => {
    const own = cardFormatChoiceSchema.parse(OWN);
    const made = encodeCard(own, { facility: 7, number: 1_000 });
    expect(made).toEqual(card(32, "907007d1"));
    expect(decodeCard(own, card(32, "907007d1"))).toMatchObject({ facility: 7, number: 1_000 });
    expect(decodeCard(own, card(32, "807007d1"))).toBeUndefined();
  });

  test("is refused where a bit has no meaning, two, or a parity that cannot be worked out", () => {
    expect(problemsOf({})).toEqual([]);
    expect(problemsOf({ fixed: [] })).toEqual([
      "bit 1 has no meaning: name it, or say what it always is",
    ]);
    expect(problemsOf({ number: [12, 31] })).toEqual(["bit 12 has two meanings"]);
    expect(problemsOf({ bits: 31 })).toEqual(["bit 32 is beyond the 31 bits of the card"]);
    expect(problemsOf({ parity: [{ bit: 32, kind: "odd", over: [[1, 32]] }] })).toEqual([
      "parity bit 32 covers itself",
    ]);
    expect(problemsOf({ fixed: [{ range: [1, 4], value: 16 }] })).toEqual([
      "fixed value 16 does not fit its bits",
    ]);
  });

  test("is refused where a parity bit covers one that is made after it", () => {
    const parity = [
      { bit: 32, kind: "even", over: [[30, 31]] },
      { bit: 31, kind: "even", over: [[1, 30]] },
    ];
    expect(problemsOf({ number: [13, 30], parity })).toEqual([
      "parity bit 32 covers bit 31, which comes later",
    ]);
  });

  test("cannot be unknown by name", () => {
    expect(cardFormatChoiceSchema.safeParse("H99999").success).toBe(false);
  });
});
