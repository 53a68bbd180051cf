import type { DayResult, Reach, Sheet } from "../ledger.ts";
import type { RuleSet } from "../rules.ts";
import type { WorkdayException } from "../workday.ts";

/** What a person must look at on a day. */
export function exceptionsOf(
  _result: DayResult,
  _context: { readonly sheet: Sheet; resultAt(day: number): DayResult | undefined },
): WorkdayException[] {
  return [];
}

export function exceptionsReach(_rules: RuleSet): Reach {
  return { back: 0, ahead: 0 };
}
