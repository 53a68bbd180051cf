import { SECOND, spell, spellSeconds } from "../civil-time.ts";
import type { CountedPunch, CountedShift, ReadPunch, Shift, Tile } from "../ledger.ts";
import { isArrival } from "./meaning.ts";
import { labelsAt } from "./tiles.ts";

type AssumedOut = NonNullable<CountedShift["assumedOut"]>;

/**
 * The check-out that `shifts.assumedOut` puts in the place of a missing one, for somebody who is in. It is derived, so a
 * late punch takes it back by itself. It needs the word of the site (`watermarkMs`, UTC milliseconds) that nothing older
 * is on its way, and lies neither after the next punch nor beyond the longest shift.
 */
export function assumedOutOf(shift: Shift, watermarkMs: number | null): AssumedOut | null {
  const rule = shift.rules.shifts.assumedOut;
  if (rule.by === "none" || watermarkMs === null || shift.phase !== "in") return null;
  const last = shift.reads.findLast(counts);
  if (last === undefined) return null;
  const due = rule.by === "planned-end" ? plannedEnd(shift) : hoursDone(shift, rule.hours);
  if (due === null || due.at <= last.punch.at) return null;
  const latest = Math.min(
    shift.startAt + shift.rules.shifts.maxShift * SECOND,
    shift.nextAt ?? Number.POSITIVE_INFINITY,
  );
  if (due.at > latest || watermarkMs < due.at + rule.tolerance * SECOND) return null;
  return { ...due, policy: "assumed-out" };
}

interface Due {
  readonly at: number;
  readonly detail: string;
}

/** A flexible shift has no end to be there until. */
function plannedEnd({ plan }: Shift): Due | null {
  if (plan === null || plan.kind === "flexible") return null;
  return { at: wholeSecond(plan.endAt), detail: `no way out; assumed at the end of ${plan.name}` };
}

/** When the working time due is reached, counting what was worked before a pause. */
function hoursDone({ reads, plan }: Shift, hours: number | undefined): Due | null {
  const due = hours ?? plan?.seconds;
  if (due === undefined) return null;
  let workedMs = 0;
  let inAt: number | null = null;
  for (const { meaning, punch } of reads.filter(counts)) {
    if (inAt !== null && (!isArrival(meaning) || meaning === "transfer"))
      workedMs += punch.at - inAt;
    inAt = isArrival(meaning) ? punch.at : null;
  }
  if (inAt === null) return null;
  const at = wholeSecond(inAt + due * SECOND - workedMs);
  return { at, detail: `no way out; assumed after ${spellSeconds(due)} of work` };
}

const counts = ({ meaning }: ReadPunch): boolean => meaning !== "repeat" && meaning !== "between";

const wholeSecond = (at: number): number => Math.floor(at / SECOND) * SECOND;

/** The work up to an assumed check-out; empty if rounding moved the way in beyond it. */
export function assumedTile(
  shift: Omit<Shift, "reads">,
  counted: readonly CountedPunch[],
  assumed: AssumedOut,
): Tile {
  const last = counted.findLast(counts);
  const fromAt = last?.countsAt ?? assumed.at;
  const toAt = Math.max(fromAt, assumed.at);
  return {
    kind: "work",
    fromAt,
    toAt,
    isPaid: true,
    labels: labelsAt(shift, counted),
    punchIds: last === undefined ? [] : [last.punch.punchId],
    policy: assumed.policy,
    reason: `${spell(toAt - fromAt)} up to an assumed check-out: ${assumed.detail}`,
    shiftId: counted[0]?.punch.punchId ?? "",
  };
}
