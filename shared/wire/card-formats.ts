import { z } from "zod";
import { type CardFormat, cardFormatSchema, decodeCard, type PrintedCard } from "./card-format.ts";
import type { Credential } from "./punch.ts";

/**
 * Published formats. Sources: HID's format guidelines (H10301, H10302, H10304, H10306); layout of Corporate 1000 as
 * published by card makers and Proxmark3's documentation. H10302 and H10304 have one length and one parity: which of
 * the two a 37-bit card is, nobody can tell from its bits.
 */
const PUBLISHED = [
  {
    name: "H10301",
    bits: 26,
    facility: [2, 9],
    number: [10, 25],
    parity: [
      { bit: 1, kind: "even", over: [[2, 13]] },
      { bit: 26, kind: "odd", over: [[14, 25]] },
    ],
  },
  {
    name: "H10306",
    bits: 34,
    facility: [2, 17],
    number: [18, 33],
    parity: [
      { bit: 1, kind: "even", over: [[2, 17]] },
      { bit: 34, kind: "odd", over: [[18, 33]] },
    ],
  },
  {
    name: "H10302",
    bits: 37,
    number: [2, 36],
    parity: [
      { bit: 1, kind: "even", over: [[2, 19]] },
      { bit: 37, kind: "odd", over: [[19, 36]] },
    ],
  },
  {
    name: "H10304",
    bits: 37,
    facility: [2, 17],
    number: [18, 36],
    parity: [
      { bit: 1, kind: "even", over: [[2, 19]] },
      { bit: 37, kind: "odd", over: [[19, 36]] },
    ],
  },
  {
    name: "C1000-35",
    bits: 35,
    facility: [3, 14],
    number: [15, 34],
    parity: [
      { bit: 2, kind: "even", over: pairs(3, 34) },
      { bit: 35, kind: "odd", over: pairs(2, 33) },
      { bit: 1, kind: "odd", over: [[2, 35]] },
    ],
  },
  {
    name: "C1000-48",
    bits: 48,
    facility: [3, 24],
    number: [25, 47],
    parity: [
      { bit: 2, kind: "even", over: pairs(4, 47) },
      { bit: 48, kind: "odd", over: pairs(3, 46) },
      { bit: 1, kind: "odd", over: [[2, 48]] },
    ],
  },
] as const satisfies readonly z.input<typeof cardFormatSchema>[];

/** Two bits of every three, as Corporate 1000 covers them. */
function pairs(from: number, to: number): [number, number][] {
  const count = Math.floor((to - from) / 3) + 1;
  return Array.from({ length: count }, (_, index) => [from + index * 3, from + index * 3 + 1]);
}

export const CARD_FORMATS: readonly CardFormat[] = PUBLISHED.map((format) =>
  cardFormatSchema.parse(format),
);
export const CARD_FORMAT_NAMES = PUBLISHED.map(({ name }) => name);

/** A published format by its name, or one of one's own in full. */
export const cardFormatChoiceSchema = z
  .union([z.enum(CARD_FORMAT_NAMES), cardFormatSchema])
  .transform((choice): CardFormat => (typeof choice === "string" ? published(choice) : choice));

function published(name: string): CardFormat {
  const format = findFormat(name, CARD_FORMATS);
  if (format === undefined) throw new Error(`${name} is in the list it was taken from`);
  return format;
}

export const findFormat = (name: string, formats: readonly CardFormat[]): CardFormat | undefined =>
  formats.find((format) => format.name === name);

/** What may be printed on a card: once per format that it fits, with its parity right. Most often one, or none. */
export function readings(
  credential: Credential,
  formats: readonly CardFormat[],
): ReadonlyArray<PrintedCard & { readonly format: string }> {
  if (credential.kind !== "card") return [];
  return formats.flatMap((format) => {
    const read = decodeCard(format, credential);
    if (read === undefined || !read.isParityRight) return [];
    return [{ format: format.name, facility: read.facility, number: read.number }];
  });
}

/**
 * How a card compares with the formats a site says it uses. Never a reason to refuse one: lengths collide, and a card
 * of a format nobody told us about is somebody's badge all the same.
 */
export function checkParity(
  credential: Credential,
  formats: readonly CardFormat[],
): "right" | "wrong" | "other-format" {
  if (credential.kind !== "card") return "other-format";
  const read = formats.flatMap((format) => decodeCard(format, credential) ?? []);
  if (read.length === 0) return "other-format";
  return read.some(({ isParityRight }) => isParityRight) ? "right" : "wrong";
}
