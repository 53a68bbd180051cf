import { add, type Dinero, dinero, toDecimal, toSnapshot } from "dinero.js";
import * as currencies from "dinero.js/currencies";

type DineroCurrency = (typeof currencies)[keyof typeof currencies];
const KNOWN: ReadonlyMap<string, DineroCurrency> = new Map(
  // Two currencies of the world do not count in tens; pay in them is refused rather than got wrong.
  Object.values(currencies).flatMap((each) =>
    each.base === 10 ? [[each.code, each] as const] : [],
  ),
);

export const isCurrency = (code: string): boolean => KNOWN.has(code);
/** How many decimals the currency has: 2 for EUR, 0 for JPY, 3 for KWD. */
export const exponentOf = (code: string): number => known(code).exponent;

function known(code: string): DineroCurrency {
  const found = KNOWN.get(code);
  if (found === undefined) throw new RangeError(`${code} is no currency of ISO 4217`);
  return found;
}

const money = (minor: number, currency: string): Dinero<number> =>
  dinero({ amount: minor, currency: known(currency) });
const minorOf = (value: Dinero<number>): number => toSnapshot(value).amount;

/** Sum of amounts in minor units of one currency. */
export function total(amounts: Iterable<number>, currency: string): number {
  const values = [...amounts].map((each) => money(each, currency));
  return minorOf(values.reduce((sum, each) => add(sum, each), money(0, currency)));
}

/** Major units as a decimal with all places of the currency: 1234.50. */
export function decimalOf(minor: number, currency: string): string {
  return toDecimal(money(minor, currency));
}
