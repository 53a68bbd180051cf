import { type CardFormat, decodeCard, encodeCard } from "@clockleaf/shared/wire/card-format.ts";
import type { Credential } from "@clockleaf/shared/wire/punch.ts";
import type { Stripping } from "./commands.ts";

type Card = Extract<Credential, { kind: "card" }>;

export interface ReadCard {
  readonly credential: Card;
  /** `whole`: nothing was stripped; `restored`: worked out again by a format; `stripped`: no format says how. */
  readonly parity: "whole" | "restored" | "stripped";
}

/**
 * The card behind the bits of the buffer. Readers strip the outer parity bits and do not check them; by a format of the same
 * length they are worked out again, so that the card has the name it has at readers that show all its bits. Two cards
 * that differ here never become one.
 */
export function readCard(
  bits: readonly number[],
  { lead, trail }: Stripping,
  formats: readonly CardFormat[],
): ReadCard {
  if (lead + trail === 0) return { credential: cardOf(bits), parity: "whole" };
  const gapped = cardOf([...zeros(lead), ...bits, ...zeros(trail)]);
  for (const format of formats) {
    if (!isStrippedOfParityOnly(format, { lead, trail })) continue;
    const print = decodeCard(format, gapped);
    const whole = print === undefined ? "" : encodeCard(format, print);
    // Parity bits that were left must be right, or the card is of another format.
    if (typeof whole !== "string" && holds(whole, bits, lead)) {
      return { credential: whole, parity: "restored" };
    }
  }
  return { credential: cardOf(bits), parity: "stripped" };
}

function isStrippedOfParityOnly({ bits, parity }: CardFormat, { lead, trail }: Stripping): boolean {
  const places = new Set(parity.map(({ bit }) => bit));
  const stripped = Array.from({ length: bits }, (_, index) => index + 1).filter(
    (bit) => bit <= lead || bit > bits - trail,
  );
  return stripped.every((bit) => places.has(bit));
}

const zeros = (count: number): number[] => Array.from({ length: count }, () => 0);

const holds = ({ hex }: Card, bits: readonly number[], from: number): boolean => {
  const bytes = Buffer.from(hex, "hex");
  return bits.every((one, index) => {
    const at = from + index;
    return (((bytes[at >> 3] ?? 0) >> (7 - (at & 7))) & 1) === one;
  });
};

function cardOf(bits: readonly number[]): Card {
  const bytes = Buffer.alloc(Math.ceil(bits.length / 8));
  for (const [index, one] of bits.entries()) {
    bytes[index >> 3] = (bytes[index >> 3] ?? 0) | (one << (7 - (index & 7)));
  }
  return { kind: "card", bits: bits.length, hex: bytes.toString("hex") };
}
