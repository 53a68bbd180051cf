import type { Day, Reach, Sheet } from "../ledger.ts";
import type { RuleSet } from "../rules.ts";
import type { Credit } from "../workday.ts";

/** Time of a day that was not worked: absences, holidays, what is missing to the hours due. */
export function creditsOf(_day: Day, _sheet: Sheet): Credit[] {
  return [];
}

export function absencesReach(_rules: RuleSet): Reach {
  return { back: 0, ahead: 0 };
}
