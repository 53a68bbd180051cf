import type { FactSet } from "../facts.ts";
import type { Holiday, PlannedShift } from "../ledger.ts";
import type { Rules } from "../rules.ts";

/** What a person is due to work, by day. */
export interface Plans {
  /** Planned for this day (epoch day), by start. */
  on(day: number): readonly PlannedShift[];
  /** Those whose window (`acceptFrom` to `acceptTo`) holds the instant: one at most, `open` shifts last. */
  accepting(at: number): readonly PlannedShift[];
  holiday(day: number): Holiday | null;
}

export function createPlans(_facts: FactSet, _rules: Rules): Plans {
  return { on: () => [], accepting: () => [], holiday: () => null };
}
