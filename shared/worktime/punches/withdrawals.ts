import type { CorrectionFact } from "../facts.ts";
import type { CorrectionProblem } from "./corrections.ts";

/**
 * The corrections that nobody took back, in the order they were decided, without the withdrawals themselves. A withdrawal
 * of a withdrawal reinstates what the first one took back. A withdrawal of what is not known, or of what was decided after
 * it, does nothing and is named.
 */
export function standingCorrections(
  corrections: readonly CorrectionFact[],
  problems: CorrectionProblem[],
): CorrectionFact[] {
  const places = new Map(corrections.map(({ correctionId }, place) => [correctionId, place]));
  const withdrawn = new Set<number>();
  // the later ones decide whether the earlier ones stand
  for (let place = corrections.length - 1; place >= 0; place -= 1) {
    const correction = corrections[place];
    if (correction?.change.do !== "withdraw" || withdrawn.has(place)) continue;
    const target = places.get(correction.change.correctionId);
    const problem = problemOf(correction, target === undefined ? undefined : corrections[target]);
    if (problem !== null) problems.push(problem);
    else if (target !== undefined) withdrawn.add(target);
  }
  return corrections.filter(
    ({ change }, place) => change.do !== "withdraw" && !withdrawn.has(place),
  );
}

function problemOf(
  { correctionId, decidedAt }: CorrectionFact,
  target: CorrectionFact | undefined,
): CorrectionProblem | null {
  const ids = { at: decidedAt, factIds: [correctionId], punchIds: [] };
  if (target === undefined) {
    const detail = "takes back a correction that is not known";
    return { ...ids, kind: "correction-unknown-punch", detail };
  }
  // of two withdrawals decided at one instant the order of ids says which came first
  const isEarlier =
    target.decidedAt < decidedAt ||
    (target.decidedAt === decidedAt &&
      (target.change.do !== "withdraw" || target.correctionId < correctionId));
  if (isEarlier) return null;
  const detail = "takes back a correction that was decided after it";
  return { ...ids, kind: "correction-impossible", detail };
}
