import type { OperationSource } from "../api/operations.ts";
import type { Progress } from "./progress.ts";
import { type Db, report } from "./reads.ts";

export const OPERATION = "report";

/** Report jobs for whoever follows them: who asked for one, and who oversees reports. */
export function reportOperations(deps: {
  readonly db: Db;
  readonly progress: Pick<Progress, "of">;
}): OperationSource {
  return {
    kind: OPERATION,
    async find(id, caller) {
      const found = await report(deps.db, id);
      const isOwn = found?.request.requestedBy === caller.name;
      const isSeen = caller.rights("reports.oversee").coversCompany() || isOwn;
      if (found === undefined || !isSeen) return undefined;
      const { end } = found;
      const counts = null;
      switch (end.status) {
        case "requested": {
          const progress = (await deps.progress.of(id)) / 100;
          return { status: "running", progress, counts, result: null, failure: null };
        }
        case "completed": {
          // The report, not the document it names: the archive hears of that a moment later.
          const result = `/api/v1/reports/${id}`;
          return { status: "succeeded", progress: 1, counts, result, failure: null };
        }
        case "failed": {
          const failure = { code: end.failure.code, detail: end.failure.reason };
          return { status: "failed", progress: 1, counts, result: null, failure };
        }
      }
    },
  };
}
