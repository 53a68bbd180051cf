import type { Workday } from "../workday.ts";

/** What one rule made of a day. */
export interface AppliedRule {
  readonly rule: string;
  readonly made: string;
  /** Null: it decided something else than a length of time. */
  readonly seconds: number | null;
}

/** What each rule made of the day, in the order in which rules are applied. */
export function appliedRules(day: Workday): AppliedRule[] {
  const all = new Map<string, AppliedRule>();
  const add = (rule: string, made: string, seconds: number | null): void => {
    const key = `${rule} ${made}`;
    const sum = seconds === null ? null : seconds + (all.get(key)?.seconds ?? 0);
    all.set(key, { rule, made, seconds: sum });
  };
  for (const { roundedBy } of day.punches) {
    if (roundedBy !== undefined) add(roundedBy, "rounding of punches", null);
  }
  for (const { policy, kind, seconds } of day.intervals) add(policy, kind, seconds);
  for (const { policy, total } of day.roundedTotals ?? [])
    add(policy, `rounding of the ${total} total`, null);
  for (const { policy, kind, seconds } of day.credits) add(policy, kind, seconds);
  for (const claim of day.claims) {
    add(claim.policy, `${claim.class} ${claim.code} x${claim.rate}`, claim.seconds);
  }
  for (const { policy, kind, code, seconds } of day.premiums) {
    add(policy, `premium ${code}: ${kind}`, seconds);
  }
  return [...all.values()];
}
