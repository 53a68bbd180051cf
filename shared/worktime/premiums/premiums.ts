import type { Day, DayResult, Reach, Sheet } from "../ledger.ts";
import type { RuleSet } from "../rules.ts";
import type { Claim, Premium } from "../workday.ts";

/** What is added to the time of a day. `resultAt` has the days before it, complete, and the claims of those after. */
export function premiumsOf(
  _day: Day,
  _claims: readonly Claim[],
  _context: { readonly sheet: Sheet; resultAt(day: number): DayResult | undefined },
): Premium[] {
  return [];
}

export function premiumsReach(_rules: RuleSet): Reach {
  return { back: 0, ahead: 0 };
}
