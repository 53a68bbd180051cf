import { SECOND } from "../civil-time.ts";
import type { InterpretedPunch, Workday } from "../workday.ts";
import { isArrival, isDeparture } from "./punch-rounding.ts";

/** How one rounding rule treats people over time. Signed seconds are paid time added; negative, taken away. */
export interface RoundingFairness {
  readonly policy: string;
  readonly of: "punches" | "day" | "lunch" | "break";
  /** What the rule decided, moved or not. */
  readonly decided: number;
  readonly moved: number;
  readonly inFavourOfEmployee: number;
  readonly inFavourOfEmployer: number;
  readonly totalSeconds: number;
  readonly meanSignedSeconds: number;
  /** How far the mean may lie from the truth by chance. */
  readonly standardErrorSeconds: number;
  readonly verdict: "balanced" | "favours-employee" | "favours-employer" | "too-few-to-say";
}

/** A mean nearer to nothing than this is balanced. */
export const BALANCED_SECONDS = 5;
/** A mean is called one-sided when it is this many standard errors beyond that. */
const SURE = 3;

/**
 * Whether rounding averages out, rule by rule, in order of name: an in counted earlier is for the employee, an out counted
 * earlier against. 29 CFR 785.48(b) accepts rounding only if, over time, people are paid for all the time they worked.
 * Transfers and punches that count for nothing change no paid time and are left out.
 */
export function roundingFairness(days: Iterable<Workday>): RoundingFairness[] {
  const sums = new Map<string, Sum>();
  for (const { punches, roundedTotals } of days) {
    for (const punch of punches) {
      if (punch.roundedBy === undefined) continue;
      const sign = signOf(punch);
      if (sign !== 0) add(sums, { policy: punch.roundedBy, of: "punches" }, sign * moveOf(punch));
    }
    for (const { policy, total, seconds, countsAs } of roundedTotals ?? []) {
      const more = countsAs - seconds;
      add(sums, { policy, of: total }, total === "day" ? more : -more);
    }
  }
  return [...sums.values()].map(reportOf).toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
}

interface Sum extends Pick<RoundingFairness, "policy" | "of"> {
  count: number;
  plus: number;
  minus: number;
  total: number;
  squares: number;
}

const keyOf = ({ policy, of }: Pick<RoundingFairness, "policy" | "of">): string =>
  `${policy}\n${of}`;

function signOf({ meaning }: InterpretedPunch): -1 | 0 | 1 {
  if (isArrival(meaning)) return -1;
  return isDeparture(meaning) ? 1 : 0;
}

/** Compared with the whole second it would count at without the rule. */
function moveOf({ at, countsAt }: InterpretedPunch): number {
  return countsAt === undefined
    ? 0
    : Math.round((countsAt - Math.floor(at / SECOND) * SECOND) / SECOND);
}

function add(sums: Map<string, Sum>, rule: Pick<Sum, "policy" | "of">, seconds: number): void {
  const key = keyOf(rule);
  const sum = sums.get(key) ?? { ...rule, count: 0, plus: 0, minus: 0, total: 0, squares: 0 };
  sum.count += 1;
  sum.plus += seconds > 0 ? 1 : 0;
  sum.minus += seconds < 0 ? 1 : 0;
  sum.total += seconds;
  sum.squares += seconds * seconds;
  sums.set(key, sum);
}

function reportOf({ policy, of, count, plus, minus, total, squares }: Sum): RoundingFairness {
  const mean = total / count;
  const variance = count < 2 ? 0 : Math.max(0, (squares - count * mean * mean) / (count - 1));
  const error = Math.sqrt(variance / count);
  return {
    policy,
    of,
    decided: count,
    moved: plus + minus,
    inFavourOfEmployee: plus,
    inFavourOfEmployer: minus,
    totalSeconds: total,
    meanSignedSeconds: mean,
    standardErrorSeconds: error,
    verdict: verdictOf(mean, error, count),
  };
}

function verdictOf(mean: number, error: number, count: number): RoundingFairness["verdict"] {
  const isSure = count >= 30 && Math.abs(mean) > BALANCED_SECONDS + SURE * error;
  if (isSure) return mean > 0 ? "favours-employee" : "favours-employer";
  return Math.abs(mean) <= BALANCED_SECONDS ? "balanced" : "too-few-to-say";
}
