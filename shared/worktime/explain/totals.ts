import type { Workday } from "../workday.ts";

/** The sum of one kind of pay. */
export interface Total {
  readonly code: string;
  /** What it is, for people: `overtime, pending`. */
  readonly what: string;
  /** Multiplier, or what is added to it; empty = neither. */
  readonly rate: string;
  readonly seconds: number;
}

/** What payroll gets of a day, by code and rate: claims, then premiums, then time not worked. */
export function totalsOf({ claims, premiums, credits }: Workday): Map<string, Total> {
  const totals = new Map<string, Total>();
  const add = (total: Total): void => {
    const key = `${total.code} ${total.rate} ${total.what}`;
    const seconds = total.seconds + (totals.get(key)?.seconds ?? 0);
    totals.set(key, { ...total, seconds });
  };
  for (const claim of claims) {
    const approval = claim.approval === "not-needed" ? "" : `, ${claim.approval}`;
    const { code, rate, seconds } = claim;
    add({ code, what: `${claim.class}${approval}`, rate: `x${rate}`, seconds });
  }
  for (const { kind, code, factor, seconds } of premiums) {
    add({ code, what: `premium: ${kind}`, rate: factorText(factor), seconds });
  }
  for (const { kind, code, isPaid, seconds } of credits) {
    add({ code, what: `${kind}, ${isPaid ? "paid" : "unpaid"}`, rate: "", seconds });
  }
  return totals;
}

/** What a premium adds to the base rate. */
export const factorText = (factor: number | null): string =>
  factor === null ? "an amount" : `+x${factor}`;

export const paidOf = (day: Workday): number =>
  day.paidSeconds ?? day.claims.reduce((sum, { seconds }) => sum + seconds, 0);
