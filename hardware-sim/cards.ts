import type { Credential } from "@clockleaf/shared/wire/punch.ts";
import type { CardBits } from "./osdp/messages.ts";

/**
 * The bits of common proximity cards. Source: published Wiegand formats: H10301 (26 bits), H10306 (34 bits),
 * H10304 (37 bits); each is facility and number between an even parity bit over the first half and an odd one over
 * the second.
 */
interface Format {
  readonly facilityBits: number;
  readonly numberBits: number;
  /** Data bits each parity bit covers, counted from its own end. */
  readonly covered: number;
}

const FORMATS = {
  26: { facilityBits: 8, numberBits: 16, covered: 12 },
  34: { facilityBits: 16, numberBits: 16, covered: 16 },
  37: { facilityBits: 16, numberBits: 19, covered: 18 },
} as const satisfies Record<number, Format>;

export type CardFormat = keyof typeof FORMATS;

/** A card of `format`; facility and number are cut to the bits the format has. */
export function makeCard(format: CardFormat, facility: number, number: number): CardBits {
  const { facilityBits, numberBits, covered } = FORMATS[format];
  const data = [...binary(facility, facilityBits), ...binary(number, numberBits)];
  const even = ones(data.slice(0, covered)) % 2;
  const odd = 1 - (ones(data.slice(-covered)) % 2);
  const bits = [even, ...data, odd];
  const bytes = new Uint8Array(Math.ceil(bits.length / 8));
  for (const [index, bit] of bits.entries()) {
    const at = index >> 3;
    bytes[at] = (bytes[at] ?? 0) | (bit << (7 - (index & 7)));
  }
  return { bits: bits.length, bytes };
}

export const cardCredential = (card: CardBits): Credential => ({
  kind: "card",
  bits: card.bits,
  hex: Buffer.from(card.bytes).toString("hex"),
});

const binary = (value: number, width: number): readonly number[] =>
  Array.from({ length: width }, (_, index) => (value >> (width - 1 - index)) & 1);

const ones = (bits: readonly number[]): number => bits.reduce((sum, bit) => sum + bit, 0);
