import type { Terms } from "./accrual.ts";
import type { Accrual } from "./config.ts";
import { addDays, addMonths, daysWithin, earlier, fullYears, later } from "./leave-year.ts";

type Earning = Exclude<Accrual, { kind: "none" }>;

export interface YearOf {
  /** First day of the leave year. */
  readonly yearOn: string;
  /** First day on which anything is earned. */
  readonly firstOn: string;
}

/** A multiple of 12 × 28, 29, 30 and 31: shares of a year by days are whole numbers of it, so nothing is lost on the way. */
const UNITS = 4_530_960;

/**
 * What the first months of a leave year earn together, rounded as one sum: so the months' differences make up the year.
 * Each month counts a twelfth, by the share of its days in the employment.
 */
export function earnedBy(
  accrual: Earning,
  terms: Pick<Terms, "startOn" | "lastDayOn">,
  { yearOn, firstOn, months }: YearOf & { readonly months: number },
): number {
  let units = 0;
  for (let month = 0; month < months; month += 1) {
    const monthOn = addMonths(yearOn, month);
    const endOn = addDays(addMonths(monthOn, 1), -1);
    const fromOn = later(monthOn, firstOn);
    const days = daysWithin(
      fromOn,
      terms.lastDayOn === null ? endOn : earlier(endOn, terms.lastDayOn),
    );
    if (days === 0) continue;
    const rate = rateAfter(accrual, fullYears(terms.startOn, fromOn));
    units += (rate * days * (UNITS / 12)) / daysWithin(monthOn, endOn);
  }
  const { roundTo } = accrual;
  return Math.floor((2 * units + UNITS * roundTo) / (2 * UNITS * roundTo)) * roundTo;
}

function rateAfter(accrual: Earning, years: number): number {
  const reached = accrual.byService.filter(({ fromYears }) => fromYears <= years);
  const highest = reached.toSorted((a, b) => b.fromYears - a.fromYears)[0];
  return highest?.minutesAYear ?? accrual.minutesAYear;
}
