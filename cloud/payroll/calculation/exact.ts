/**
 * Exact numbers for rates, hours and shares: fractions of whole numbers. A floating-point number never stands between a
 * second and a cent; what becomes money is rounded once, by {@link rounded}.
 */
export interface Exact {
  readonly n: bigint;
  /** Above zero. */
  readonly d: bigint;
}

/** `half-up`: a half goes away from zero; `half-even`: to the even neighbour. */
export const ROUNDING_MODES = ["half-up", "half-even"] as const;
export type RoundingMode = (typeof ROUNDING_MODES)[number];

export const exact = (n: number | bigint, d: number | bigint = 1): Exact =>
  reduced(BigInt(n), BigInt(d));
export const ZERO = exact(0);
export const ONE = exact(1);

const DECIMAL = /^(-?)(\d{1,15})(?:\.(\d{1,15}))?$/;
/** What a decimal in a configuration or an event may look like. */
export const DECIMAL_PATTERN = /^-?\d{1,15}(\.\d{1,15})?$/;

/** A decimal as it is written, such as 1.5 or "0.0725". Throws `RangeError` for anything else. */
export function decimal(text: string | number): Exact {
  const match = DECIMAL.exec(plainText(text));
  if (match === null) throw new RangeError(`${text} is not a decimal of up to 15 and 15 digits`);
  const [, sign, whole = "0", fraction = ""] = match;
  const magnitude = BigInt(whole + fraction);
  return reduced(sign === "-" ? -magnitude : magnitude, 10n ** BigInt(fraction.length));
}

/** JavaScript writes 1e-7 for 0.0000001; the shortest text that means the number is what somebody wrote. */
function plainText(text: string | number): string {
  const written = String(text);
  const match = /^(-?)(\d)(?:\.(\d+))?e-(\d{1,2})$/.exec(written);
  if (match === null) return written;
  const [, sign = "", first = "", rest = "", power = "0"] = match;
  return `${sign}0.${"0".repeat(Number(power) - 1)}${first}${rest}`;
}

export const plus = (a: Exact, b: Exact): Exact => reduced(a.n * b.d + b.n * a.d, a.d * b.d);
export const minus = (a: Exact, b: Exact): Exact => plus(a, { n: -b.n, d: b.d });
export const times = (a: Exact, b: Exact): Exact => reduced(a.n * b.n, a.d * b.d);
export const over = (a: Exact, b: Exact): Exact => reduced(a.n * b.d, a.d * b.n);
export const isZero = (a: Exact): boolean => a.n === 0n;
export const isLess = (a: Exact, b: Exact): boolean => a.n * b.d < b.n * a.d;

/** The one place where a fraction becomes whole minor units. Throws `RangeError` beyond what an integer can hold. */
export function rounded(value: Exact, mode: RoundingMode): number {
  const isNegative = value.n < 0n;
  const n = isNegative ? -value.n : value.n;
  const quotient = n / value.d;
  const twice = (n % value.d) * 2n;
  const isUp =
    twice > value.d || (twice === value.d && (mode === "half-up" || quotient % 2n === 1n));
  const magnitude = quotient + (isUp ? 1n : 0n);
  const result = Number(isNegative ? -magnitude : magnitude);
  if (!Number.isSafeInteger(result)) throw new RangeError("an amount beyond all measure");
  return result === 0 ? 0 : result;
}

/** For people and files: up to `places` decimals, cut zeros; what does not end is rounded. */
export function spelled(value: Exact, places: number): string {
  const scaled = rounded(times(value, exact(10n ** BigInt(places))), "half-up");
  const digits = String(Math.abs(scaled)).padStart(places + 1, "0");
  const fraction = digits.slice(digits.length - places).replace(/0+$/, "");
  const text = digits.slice(0, digits.length - places) + (fraction === "" ? "" : `.${fraction}`);
  return scaled < 0 ? `-${text}` : text;
}

function reduced(n: bigint, d: bigint): Exact {
  if (d === 0n) throw new RangeError("nothing can be divided by zero");
  const divisor = gcd(n < 0n ? -n : n, d < 0n ? -d : d);
  const sign = d < 0n ? -1n : 1n;
  return divisor === 0n ? { n: 0n, d: 1n } : { n: (sign * n) / divisor, d: (sign * d) / divisor };
}

function gcd(a: bigint, b: bigint): bigint {
  let [x, y] = [a, b];
  while (y !== 0n) [x, y] = [y, x % y];
  return x;
}
