import { spellSeconds } from "../civil-time.ts";
import type { MealFinding } from "../ledger.ts";
import { isWhere } from "../rule-parts.ts";
import { labelsAt, type Occurrence } from "./occurrence.ts";
import type { BreakPenalty, MealPenalty } from "./occurrence-rules.ts";
import { type DayView, isOnWorkday } from "./view.ts";

const WORDS: Readonly<Record<MealFinding["what"], string>> = {
  missed: "not taken",
  late: "late",
  short: "too short",
  long: "too long",
  "too-many": "too many",
  "too-few": "too few",
};

/** What meal and break rules found on the day that a policy pays for, in order of time. */
export function penaltiesOf(policy: MealPenalty | BreakPenalty, view: DayView): Occurrence[] {
  if (!isOnWorkday(policy, view.day)) return [];
  const wanted: readonly string[] = policy.findings;
  const rest = policy.kind === "meal-penalty" ? "lunch" : "break";
  return view.shifts
    .flatMap(({ shift, tiles }) =>
      shift.meals
        .filter(({ kind, what }) => kind === rest && wanted.includes(what))
        .filter((finding) => policy.rules === null || policy.rules.includes(finding.policy))
        .map((finding) => ({
          shiftId: shift.shiftId,
          at: finding.at,
          seconds: policy.credits,
          labels: labelsAt(tiles, finding.at),
          punchIds: finding.punchIds,
          why: `${rest} ${WORDS[finding.what]} (${finding.policy})${credited(policy.credits)}`,
        })),
    )
    .filter(({ labels }) => isWhere(policy.where, labels))
    .toSorted((a, b) => a.at - b.at);
}

const credited = (seconds: number): string =>
  seconds === 0 ? "" : `, ${spellSeconds(seconds)} of pay`;
