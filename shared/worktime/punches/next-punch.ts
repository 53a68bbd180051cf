import type { PunchHint } from "../wire/punch.ts";
import { type Fact, type PunchFact, punchesInOrder } from "./facts.ts";
import type { Rules } from "./rules.ts";
import { groupShifts } from "./shifts.ts";
import type { Meaning } from "./workday.ts";

export interface NextPunch {
  /** UTC milliseconds. */
  readonly at: number;
  /** What the reader or the key claims; null if it claims nothing. */
  readonly hint: PunchHint | null;
}

/**
 * What a punch made now means: the reader's greeting. The cloud runs the same rules over the same punches, so it says
 * the same as long as nothing later becomes known (an out turns into the start of a break when the person is back).
 * `recent` needs to reach back to the last pause longer than `maxShiftMs`; a week of punches nearly always does.
 */
export function nextPunchMeaning(
  recent: Iterable<Fact>,
  rules: Rules,
  next: NextPunch,
): { readonly meaning: Meaning; readonly reason: string } {
  const now: PunchFact = {
    ...next,
    kind: "punch",
    punchId: NOW,
    site: "-",
    reader: "-",
    zone: null,
  };
  const known = [...recent].filter((fact) => fact.at <= next.at);
  const last = groupShifts(punchesInOrder([...known, now]), rules)
    .at(-1)
    ?.reads.at(-1);
  if (last === undefined) return { meaning: "in", reason: "first punch of a shift" };
  return { meaning: last.meaning, reason: last.reason };
}

/** Sorts behind every punch id of the same millisecond. */
const NOW = "\uffff";
