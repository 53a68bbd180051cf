import type { FactSet } from "../facts.ts";
import type { ResolvedPunch } from "../ledger.ts";

/** A correction that cannot be true, or that another one contradicts. */
export interface CorrectionProblem {
  /** The instant whose day it is shown on, UTC milliseconds. */
  readonly at: number;
  readonly kind:
    | "correction-unknown-punch"
    | "correction-conflict"
    | "correction-reorders"
    | "correction-impossible";
  /** Ids of the corrections. */
  readonly factIds: readonly string[];
  readonly punchIds: readonly string[];
  readonly detail: string;
}

/** The punches as they stand after corrections, by instant and then by id. */
export function resolvePunches(facts: FactSet): {
  readonly punches: readonly ResolvedPunch[];
  readonly problems: readonly CorrectionProblem[];
} {
  return { punches: facts.punches, problems: [] };
}
