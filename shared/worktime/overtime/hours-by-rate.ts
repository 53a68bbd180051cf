import { storyOf } from "../alike.ts";
import type { Labels } from "../facts.ts";
import type { Claim, Workday } from "../workday.ts";

/** Seconds paid under one code and rate, booked on one place. */
export interface HoursAtRate {
  readonly class: Claim["class"];
  readonly code: string;
  readonly rate: number;
  readonly labels: Labels;
  readonly seconds: number;
}

/** What payroll needs to average the base rates of a period by the hours worked at each. */
export interface BlendedRateBasis {
  /** Whether every day is complete; until then the basis may still change. */
  readonly isComplete: boolean;
  readonly seconds: number;
  /**
   * All paid time, overtime included, by the place it was booked on, which decides its base rate, and by the rate of its
   * straight time: that of a differential that holds, else 1.
   */
  readonly straight: ReadonlyArray<Pick<HoursAtRate, "labels" | "rate" | "seconds">>;
  /** What of it was overtime. */
  readonly overtime: ReadonlyArray<Pick<HoursAtRate, "code" | "rate" | "seconds">>;
}

/** The claims of a period by class, code, rate and labels, in an order that depends on nothing else. Seconds, not money. */
export function hoursByRate(days: Iterable<Workday>): HoursAtRate[] {
  const claims = [...days].flatMap((day) => day.claims);
  return summed(claims, ({ class: kind, code, rate, labels = {}, seconds }) => ({
    class: kind,
    code,
    rate,
    labels,
    seconds,
  }));
}

/**
 * The basis of a weighted average rate, such as the regular rate of the US Fair Labor Standards Act for somebody who works
 * at two or more rates in a week (29 CFR 778.115). `days` are those of the period, such as one workweek. Credits are left
 * out: time not worked is no part of it.
 */
export function blendedRateBasis(days: Iterable<Workday>): BlendedRateBasis {
  const all = [...days];
  const claims = all.flatMap((day) => day.claims);
  return {
    isComplete: all.every(({ state }) => state === "complete"),
    seconds: claims.reduce((sum, claim) => sum + claim.seconds, 0),
    straight: summed(claims, ({ class: kind, rate, labels = {}, seconds }) => ({
      labels,
      rate: kind === "overtime" ? 1 : rate,
      seconds,
    })),
    overtime: summed(
      claims.filter((claim) => claim.class === "overtime"),
      ({ code, rate, seconds }) => ({ code, rate, seconds }),
    ),
  };
}

function summed<T extends { readonly seconds: number }>(
  claims: readonly Claim[],
  rowOf: (claim: Claim) => T,
): T[] {
  const rows = new Map<string, T>();
  for (const claim of claims) {
    const row = rowOf(claim);
    const key = storyOf({ ...row, seconds: 0 });
    rows.set(key, { ...row, seconds: row.seconds + (rows.get(key)?.seconds ?? 0) });
  }
  return [...rows].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row);
}
