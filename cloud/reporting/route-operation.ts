import type { OperationSource } from "../api/operations.ts";
import { mayUse } from "../api/router.ts";
import type { Progress } from "./progress.ts";
import { type Db, report } from "./reads.ts";

export const OPERATION = "report";

/** Report jobs for whoever follows them: who asked for one, and admins. */
export function reportOperations(deps: {
  readonly db: Db;
  readonly progress: Pick<Progress, "of">;
}): OperationSource {
  return {
    kind: OPERATION,
    async find(id, principal) {
      const found = await report(deps.db, id);
      const isSeen = mayUse(principal, "admin") || found?.request.requestedBy === principal.name;
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
