import type { PunchFact } from "../facts.ts";
import type { ResolvedPunch } from "../ledger.ts";
import type { CorrectionProblem } from "./corrections.ts";

/**
 * Punches that corrections moved past others, so that what came first now comes last: an out before its in. Each is named
 * once, with the punches it went past.
 */
export function crossings(
  moved: readonly { readonly punch: ResolvedPunch; readonly rawAt: number }[],
  punches: readonly ResolvedPunch[],
  raw: ReadonlyMap<string, PunchFact>,
): CorrectionProblem[] {
  return moved.flatMap(({ punch, rawAt }): CorrectionProblem[] => {
    const passed = punches.filter((other) => {
      const was = raw.get(other.punchId)?.at ?? other.at;
      return (rawAt - was) * (punch.at - other.at) < 0;
    });
    if (passed.length === 0) return [];
    const how = punch.at < rawAt ? "before" : "after";
    const whom = passed.length === 1 ? "another punch" : `${passed.length} other punches`;
    return [
      {
        at: punch.at,
        kind: "correction-reorders",
        factIds: (punch.correctionIds ?? []).slice(0, MAX_IDS),
        punchIds: [punch.punchId, ...passed.map(({ punchId }) => punchId)].slice(0, MAX_IDS),
        detail: `the corrected time puts a punch ${how} ${whom} that came on the other side of it`,
      },
    ];
  });
}

const MAX_IDS = 64;
