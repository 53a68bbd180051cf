import type { OperationSource, OperationState } from "../api/operations.ts";
import type { Progress } from "./progress.ts";
import { type Db, results, run } from "./reads.ts";

export const OPERATION = "pay-run";

/** One calculation of a run: a later one of the same run is another operation. */
export const operationOf = (runId: string, calculation: number): string =>
  `${runId}.${calculation}`;

/** Calculations of pay runs, for whoever may see pay. */
export function payRunOperations(deps: {
  readonly db: Db;
  readonly progress: Pick<Progress, "get">;
}): OperationSource {
  return {
    kind: OPERATION,
    async find(id, caller) {
      const [runId = "", number = ""] = id.split(".");
      const calculation = Number(number);
      const seesPay = caller.rights("pay.read").coversCompany();
      const found = seesPay ? await run(deps.db, runId) : undefined;
      const isKnown = calculation >= 1 && calculation <= (found?.calculation ?? 0);
      if (found === undefined || !isKnown) return undefined;
      const told = await deps.progress.get(runId);
      const counts = told?.calculation === calculation ? { done: told.done, of: told.total } : null;
      const isOver =
        found.status !== "open" ||
        calculation < found.calculation ||
        // Progress is forgotten after a day; what was calculated is not.
        (told === undefined && (await results(deps.db, runId)).length > 0) ||
        (counts !== null && counts.done === counts.of);
      return stateOf(isOver, counts, `/api/v1/payroll/runs/${runId}`);
    },
  };
}

function stateOf(
  isOver: boolean,
  counts: OperationState["counts"],
  result: string,
): OperationState {
  if (isOver) return { status: "succeeded", progress: 1, counts, result, failure: null };
  const progress = counts === null || counts.of === 0 ? 0 : counts.done / counts.of;
  return { status: "running", progress, counts, result: null, failure: null };
}
