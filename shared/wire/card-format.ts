import { z } from "zod";
import type { Credential } from "./punch.ts";

/**
 * What the bits of a proximity card mean. Bits are counted from 1, the first one sent, as makers print them. Every bit
 * has a meaning, so that a card whose parity is right is encoded to the very bits it was decoded from.
 */

const MAX_BITS = 512;
/** Numbers stay exact integers. */
const MAX_FIELD_BITS = 48;

const bit = z.int().min(1).max(MAX_BITS);
const rangeSchema = z
  .tuple([bit, bit])
  .refine(([from, to]) => from <= to, "the range ends before it begins")
  .describe("First and last bit, both included");
type Range = z.output<typeof rangeSchema>;

const fieldSchema = rangeSchema.refine(
  ([from, to]) => to - from < MAX_FIELD_BITS,
  `a field has at most ${MAX_FIELD_BITS} bits`,
);

const paritySchema = z.strictObject({
  bit: bit.describe("Where the parity bit is"),
  kind: z.enum(["even", "odd"]).describe("Ones in `over` and the parity bit together"),
  over: z.array(rangeSchema).min(1).max(MAX_BITS).describe("The bits it covers, itself left out"),
});

const fixedSchema = z.strictObject({
  range: fieldSchema,
  value: z.int().min(0).describe("What these bits always are; another value is another format"),
});

export const cardFormatSchema = z
  .strictObject({
    name: z
      .string()
      .regex(/^[A-Za-z0-9][A-Za-z0-9.-]{0,31}$/, "use A-Z a-z 0-9 . -, at most 32")
      .describe("Name of the format, for the configuration, the API and counters"),
    bits: bit.describe("Bits of the card, parity included"),
    facility: fieldSchema
      .nullable()
      .default(null)
      .describe("Facility or company code; default none"),
    number: fieldSchema.describe("Card number"),
    parity: z
      .array(paritySchema)
      .max(16)
      .default([])
      .describe("Parity bits; one that covers another comes after it"),
    fixed: z
      .array(fixedSchema)
      .max(16)
      .default([])
      .describe("Bits that never change; default none"),
  })
  .superRefine((format, context) => {
    for (const message of contradictionsIn(format)) context.addIssue({ code: "custom", message });
  });
export type CardFormat = z.output<typeof cardFormatSchema>;
export type CardFormatInput = z.input<typeof cardFormatSchema>;

type Card = Extract<Credential, { kind: "card" }>;

/** What is printed on a card. */
export interface PrintedCard {
  /** Null in formats without one. */
  readonly facility: number | null;
  readonly number: number;
}

export interface DecodedCard extends PrintedCard {
  /** False: another format of the same length, or a misread. */
  readonly isParityRight: boolean;
}

/** Undefined when the card cannot be of this format: another length, other fixed bits, or bits that are not there. */
export function decodeCard(format: CardFormat, { bits, hex }: Card): DecodedCard | undefined {
  if (bits !== format.bits || hex.length !== Math.ceil(bits / 8) * 2) return undefined;
  const card = bitsOf(hex);
  if (format.fixed.some(({ range, value }) => valueOf(card, range) !== value)) return undefined;
  return {
    facility: format.facility === null ? null : valueOf(card, format.facility),
    number: valueOf(card, format.number),
    isParityRight: format.parity.every((parity) => card[parity.bit - 1] === parityOf(card, parity)),
  };
}

/** The card with this print; a sentence about what does not fit the format otherwise. */
export function encodeCard(format: CardFormat, { facility, number }: PrintedCard): Card | string {
  if (format.facility === null && facility !== null) return `${format.name} has no facility code`;
  if (format.facility !== null && facility === null) return `${format.name} needs a facility code`;
  const card = Array.from({ length: format.bits }, () => 0);
  for (const { range, value } of format.fixed) put(card, range, value);
  if (format.facility !== null && !put(card, format.facility, facility ?? 0)) {
    return `facility of ${format.name} is 0 to ${highest(format.facility)}`;
  }
  if (!put(card, format.number, number)) {
    return `number of ${format.name} is 0 to ${highest(format.number)}`;
  }
  for (const parity of format.parity) card[parity.bit - 1] = parityOf(card, parity);
  return { kind: "card", bits: format.bits, hex: hexOf(card) };
}

/** The largest value that the bits of a range can hold. */
export const highest = ([from, to]: Range): number => 2 ** (to - from + 1) - 1;

const bitsOf = (hex: string): number[] =>
  Array.from(hex).flatMap((digit) => {
    const value = Number.parseInt(digit, 16);
    return [value >> 3, (value >> 2) & 1, (value >> 1) & 1, value & 1];
  });

function hexOf(card: readonly number[]): string {
  const bytes = new Uint8Array(Math.ceil(card.length / 8));
  for (const [index, one] of card.entries()) {
    bytes[index >> 3] = (bytes[index >> 3] ?? 0) | (one << (7 - (index & 7)));
  }
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Multiplied, not shifted: fields are wider than 32 bits. */
const valueOf = (card: readonly number[], [from, to]: Range): number =>
  card.slice(from - 1, to).reduce((value, one) => value * 2 + one, 0);

/** False when the value needs more bits than there are. */
function put(card: number[], range: Range, value: number): boolean {
  if (!Number.isInteger(value) || value < 0 || value > highest(range)) return false;
  let rest = value;
  for (let at = range[1]; at >= range[0]; at -= 1) {
    card[at - 1] = rest % 2;
    rest = Math.floor(rest / 2);
  }
  return true;
}

function parityOf(card: readonly number[], { kind, over }: CardFormat["parity"][number]): number {
  const ones = over.reduce(
    (sum, [from, to]) => card.slice(from - 1, to).reduce((all, one) => all + one, sum),
    0,
  );
  return kind === "even" ? ones % 2 : 1 - (ones % 2);
}

/** Why the format could not be encoded and decoded without a doubt. */
function contradictionsIn(format: CardFormat): string[] {
  const { bits, facility, number, parity, fixed } = format;
  const uses = Array.from({ length: bits }, () => 0);
  const problems: string[] = [];
  const owned: Range[] = [number, ...(facility === null ? [] : [facility])].concat(
    fixed.map(({ range }) => range),
    parity.map(({ bit: at }): Range => [at, at]),
  );
  for (const [from, to] of owned) {
    if (to > bits) problems.push(`bit ${to} is beyond the ${bits} bits of the card`);
    for (let at = from; at <= Math.min(to, bits); at += 1) uses[at - 1] = (uses[at - 1] ?? 0) + 1;
  }
  const double = uses.findIndex((count) => count > 1);
  if (double >= 0) problems.push(`bit ${double + 1} has two meanings`);
  const unused = uses.indexOf(0);
  if (unused >= 0)
    problems.push(`bit ${unused + 1} has no meaning: name it, or say what it always is`);
  for (const { range, value } of fixed) {
    if (value > highest(range)) problems.push(`fixed value ${value} does not fit its bits`);
  }
  return [...problems, ...parityProblems(parity, bits)];
}

function parityProblems(parity: CardFormat["parity"], bits: number): string[] {
  return parity.flatMap(({ bit: at, over }, index) => {
    const later = parity.slice(index).map((each) => each.bit);
    const covers = (one: number): boolean => over.some(([from, to]) => from <= one && one <= to);
    const early = later.find(covers);
    if (early === at) return [`parity bit ${at} covers itself`];
    if (early !== undefined) return [`parity bit ${at} covers bit ${early}, which comes later`];
    return over.some(([, to]) => to > bits) ? [`parity bit ${at} covers bits beyond the card`] : [];
  });
}
