import { dayOf, SECOND } from "../civil-time.ts";
import type { Phase, PlannedShift, ReadPunch, ResolvedPunch, Shift } from "../ledger.ts";
import { type RuleSet, type Rules, rulesOn } from "../rules.ts";
import { planFor, startsOther } from "../schedule/match.ts";
import type { Plans } from "../schedule/plan.ts";
import { directionOf } from "./claims.ts";
import { firstAndLast } from "./first-last.ts";
import { OpenShift } from "./open-shift.ts";
import { withRests } from "./rests.ts";

/**
 * Cuts punches (by instant, then id) into shifts and reads them. Which shift a punch belongs to, and what it means when it
 * is made, depends on earlier punches only, and never on one that lies more than `maxShift` before a gap of that length.
 * What a shift's earlier punches mean is settled in hindsight, when the shift is closed.
 */
export function groupShifts(
  punches: readonly ResolvedPunch[],
  rules: Rules,
  plans: Plans,
): Shift[] {
  const shifts: Shift[] = [];
  let open: OpenShift | undefined;
  for (const punch of punches) {
    if (open?.takeRepeat(punch) === true) continue;
    if (open !== undefined && !startsShift(open, punch, plans)) {
      open.take(punch);
    } else {
      if (open !== undefined) shifts.push(closed(open, punch, plans));
      open = new OpenShift(punch, placeOf(punch, rules), plans);
    }
  }
  if (open !== undefined) shifts.push(closed(open, undefined, plans));
  return shifts;
}

type Direction = ReturnType<typeof directionOf>;

function startsShift(open: OpenShift, punch: ResolvedPunch, plans: Plans): boolean {
  const { maxShift, maxStretch, newShiftGap } = open.rules.shifts;
  if (punch.at - open.startAt > maxShift * SECOND) return true;
  const direction = directionOf(punch, open.rules.punches);
  const byPlan = startsByPlan(open, { at: punch.at, direction }, plans);
  if (byPlan !== null) return byPlan;
  const sinceMs = punch.at - open.last.punch.at;
  if (!open.isIn) return sinceMs > newShiftGap * SECOND;
  return direction !== "out" && sinceMs > maxStretch * SECOND;
}

/** What the plans say of a punch: it begins a new shift, it stays in the old one, or nothing. */
function startsByPlan(
  open: OpenShift,
  { at, direction }: { readonly at: number; readonly direction: Direction },
  plans: Plans,
): boolean | null {
  const next = plans.accepting(at)[0];
  if (next === undefined) return null;
  const current = planFor(open.startAt, open.last.punch.at, plans);
  if (current !== null && staysIn(current, next, { open, direction })) return false;
  const { shifts } = open.rules;
  if (!shifts.startsByPlan || direction === "out" || !startsOther(at, current, plans)) return null;
  if (!open.isIn || direction === "in") return true;
  return current !== null && at > current.endAt + shifts.overstay * SECOND ? true : null;
}

/** A rest does not end the shift it is planned in, and the parts of a split shift may be one. */
function staysIn(
  current: PlannedShift,
  next: PlannedShift,
  { open, direction }: { readonly open: OpenShift; readonly direction: Direction },
): boolean {
  if (current.planId === next.planId) return open.phase === "lunch" || open.phase === "break";
  if (open.rules.shifts.splitShifts === "apart" || next.kind === "open") return false;
  return current.day === next.day && (!open.isIn || direction !== null);
}

/** Zone and rules of a shift that begins with a punch: those in force on its date at its place. */
function placeOf(
  punch: ResolvedPunch,
  rules: Rules,
): { readonly zone: string; readonly rules: RuleSet } {
  const [{ set: first }] = rules.versions;
  if (rules.versions.length === 1) return { zone: punch.zone ?? first.zone, rules: first };
  const guess = rulesAt(punch.at, { zone: punch.zone ?? first.zone, rules: first }, rules);
  const zone = punch.zone ?? guess.zone;
  return { zone, rules: rulesAt(punch.at, { zone, rules: guess }, rules) };
}

/** In a zone that nobody knows, which the engine makes a fault of its own, by the date in UTC. */
function rulesAt(at: number, by: { zone: string; rules: RuleSet }, rules: Rules): RuleSet {
  const { dayStart } = by.rules.shifts;
  try {
    return rulesOn(rules, dayOf(at, by.zone, dayStart)).set;
  } catch {
    return rulesOn(rules, dayOf(at, "UTC", dayStart)).set;
  }
}

function closed(open: OpenShift, next: ResolvedPunch | undefined, plans: Plans): Shift {
  const { startAt, zone, rules } = open;
  const { reads, phase } = settled(open, next !== undefined);
  return {
    startAt,
    phase,
    zone,
    rules,
    plan: planFor(startAt, open.reads.at(-1)?.punch.at ?? startAt, plans),
    reads,
    isLast: next === undefined,
    isOverrun: next !== undefined && directionOf(next, rules.punches) === "out",
    nextAt: next?.at,
  };
}

function settled(
  open: OpenShift,
  isOver: boolean,
): { readonly reads: readonly ReadPunch[]; readonly phase: Phase } {
  const { punches } = open.rules;
  if (punches.pairing === "first-last") return firstAndLast(open.reads);
  const { restGuess } = open;
  if (!isOver || restGuess !== open.last) {
    return { reads: withRests(open.reads, punches), phase: open.phase };
  }
  const reason = `${restGuess.reason} and did not come back`;
  const left: ReadPunch = { ...restGuess, meaning: "out", reason };
  const reads = open.reads.map((read) => (read === restGuess ? left : read));
  return { reads: withRests(reads, punches), phase: "out" };
}
