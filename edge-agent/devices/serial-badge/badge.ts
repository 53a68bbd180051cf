import { type CardFormat, encodeCard } from "@clockleaf/shared/wire/card-format.ts";
import type { Credential } from "@clockleaf/shared/wire/punch.ts";
import type { BadgeAs } from "./config.ts";

export interface BadgeRules {
  readonly pattern: RegExp;
  readonly radix: 10 | 16;
  readonly badge: BadgeAs;
}

export type BadgeRead =
  | { readonly kind: "badge"; readonly credential: Credential }
  | { readonly kind: "discarded"; readonly reason: BadgeLoss };

/** `out-of-range`: more than the bits or the fields of the badge hold; nothing is cut off without being told to. */
export type BadgeLoss = "pattern" | "not-a-number" | "out-of-range" | "unusable";

interface Printed {
  /** Null where the line has one number only. */
  readonly facility: bigint | null;
  readonly number: bigint;
}

/** What a line says about who is there, spelled as the configuration wants it. */
export function readBadge(text: string, rules: BadgeRules): BadgeRead {
  const groups = rules.pattern.exec(text)?.groups;
  const number = groups?.["number"];
  if (number === undefined) return discarded("pattern");
  const facility = groups?.["facility"];
  if (rules.badge.as === "text") {
    return numbered(facility === undefined ? number : `${facility}-${number}`);
  }
  const printed = numbersOf({ facility, number }, rules.radix);
  return printed === undefined ? discarded("not-a-number") : spell(printed, rules.badge);
}

const discarded = (reason: BadgeLoss): BadgeRead => ({ kind: "discarded", reason });

function numbered(value: string): BadgeRead {
  if (!/^[A-Za-z0-9_-]{1,48}$/.test(value)) return discarded("unusable");
  return { kind: "badge", credential: { kind: "number", value } };
}

function numbersOf(
  { facility, number }: { readonly facility: string | undefined; readonly number: string },
  radix: 10 | 16,
): Printed | undefined {
  const own = integer(number, radix);
  const code = facility === undefined ? null : integer(facility, radix);
  return own === undefined || code === undefined ? undefined : { facility: code, number: own };
}

function integer(digits: string, radix: 10 | 16): bigint | undefined {
  const isOne = radix === 10 ? /^\d+$/.test(digits) : /^[0-9A-Fa-f]+$/.test(digits);
  if (!isOne) return undefined;
  return BigInt(radix === 10 ? digits : `0x${digits}`);
}

function spell(printed: Printed, as: Exclude<BadgeAs, { as: "text" }>): BadgeRead {
  switch (as.as) {
    case "decimal":
      return numbered(low(printed.number, as.lowBits).toString(10).padStart(as.digits, "0"));
    case "hex":
      return numbered(
        low(printed.number, as.lowBits).toString(16).toUpperCase().padStart(as.digits, "0"),
      );
    case "facility-number": {
      const parts = split(printed, as.facilityBits, as.numberBits);
      if (parts === undefined) return discarded("out-of-range");
      const facility = String(parts.facility).padStart(as.facilityDigits, "0");
      return numbered(`${facility}-${String(parts.number).padStart(as.numberDigits, "0")}`);
    }
    case "card":
      return cardOf(printed, as.format);
    case "bits":
      return rawBits(printed.number, as.bits);
  }
}

const low = (value: bigint, bits: number | null): bigint =>
  bits === null ? value : BigInt.asUintN(bits, value);

/** Facility and number: as the line names them, or cut out of one number, facility above number. */
function split(
  { facility, number }: Printed,
  facilityBits: number,
  numberBits: number,
): { readonly facility: number; readonly number: number } | undefined {
  if (facility === null) {
    return {
      facility: Number(low(number >> BigInt(numberBits), facilityBits)),
      number: Number(low(number, numberBits)),
    };
  }
  const fits = number >> BigInt(numberBits) === 0n && facility >> BigInt(facilityBits) === 0n;
  return fits ? { facility: Number(facility), number: Number(number) } : undefined;
}

const widthOf = ([from, to]: readonly [number, number]): number => to - from + 1;

function cardOf(printed: Printed, format: CardFormat): BadgeRead {
  const width = widthOf(format.number);
  const parts =
    format.facility === null
      ? { facility: null, number: Number(low(printed.number, width)) }
      : split(printed, widthOf(format.facility), width);
  const card = parts === undefined ? "out of range" : encodeCard(format, parts);
  return typeof card === "string" ? discarded("out-of-range") : { kind: "badge", credential: card };
}

/** The bits as a reader on another wire sends them: most significant first, last byte zero-padded. */
function rawBits(value: bigint, bits: number): BadgeRead {
  if (value >> BigInt(bits) !== 0n) return discarded("out-of-range");
  const bytes = Math.ceil(bits / 8);
  const hex = (value << BigInt(bytes * 8 - bits)).toString(16).padStart(bytes * 2, "0");
  return { kind: "badge", credential: { kind: "card", bits, hex } };
}
