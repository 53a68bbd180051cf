import type { TaxTable } from "../config.ts";
import {
  decimal,
  type Exact,
  exact,
  isLess,
  minus,
  over,
  plus,
  rounded,
  times,
  ZERO,
} from "./exact.ts";

/** The table of a name that holds on the day of payment; the latest beginning counts. */
export function tableOn(
  tables: readonly TaxTable[],
  name: string,
  payOn: string,
): TaxTable | undefined {
  return tables
    .filter((table) => table.name === name)
    .filter(({ from, until }) => (from ?? "") <= payOn && payOn <= (until ?? "9999-12-31"))
    .toSorted((a, b) => ((a.from ?? "") < (b.from ?? "") ? -1 : 1))
    .at(-1);
}

/** How a payslip line names the table of a payment. */
export const tableSourceId = (name: string, payOn: string): string => `${name}${PAID_ON}${payOn}`;

/** The table that a payslip line names, as it is configured today; undefined = there is none any more. */
export function tableOfSource(tables: readonly TaxTable[], sourceId: string): TaxTable | undefined {
  const at = sourceId.lastIndexOf(PAID_ON);
  return at < 0
    ? undefined
    : tableOn(tables, sourceId.slice(0, at), sourceId.slice(at + PAID_ON.length));
}
const PAID_ON = ", paid ";

/** What a table takes of taxable pay of one period. Exact until the table's own rounding; never below zero. */
export function taxOf(table: TaxTable, taxableMinor: number, periodsAYear: number): number {
  const isAnnual = table.basis === "annualised";
  const periods = exact(isAnnual ? periodsAYear : 1);
  const base = minus(times(exact(taxableMinor), periods), exact(table.allowanceMinor));
  const tax = over(marginal(table, base), periods);
  const unit = exact(table.roundToMinor);
  return rounded(over(tax, unit), table.rounding) * table.roundToMinor;
}

function marginal({ brackets }: TaxTable, base: Exact): Exact {
  let tax = ZERO;
  let floor = ZERO;
  for (const { upToMinor, percent } of brackets) {
    if (!isLess(floor, base)) break;
    const end = upToMinor === null ? base : exact(upToMinor);
    const top = isLess(end, base) ? end : base;
    tax = plus(tax, times(minus(top, floor), over(decimal(percent), exact(100))));
    floor = end;
  }
  return tax;
}
