import type { PlannedShift } from "../ledger.ts";
import type { Plans } from "./plan.ts";

// Which planned shift people's punches belong to. A fixed or flexible shift takes what it was planned for; an open one
// what nobody planned.

const DAY = 86_400_000;

/** No plan lies further from the UTC date of its planned day: a shift of a day in a far zone, with its windows. */
export const FARTHEST_DAYS = 3;

const middle = (plan: PlannedShift): number => (plan.startAt + plan.endAt) / 2;

/** Until when a punch may begin the shift; from `acceptFrom` on. */
export const startWindowTo = (plan: PlannedShift): number => middle(plan);

/** From when on a punch may end the shift; until `acceptTo`. */
export const stopWindowFrom = (plan: PlannedShift): number => middle(plan);

/**
 * The planned shift that a run of punches belongs to, null if it is unscheduled. `startAt` and `endAt` are its first and
 * last punch, the same while there is only one.
 */
export function planFor(startAt: number, endAt: number, plans: Plans): PlannedShift | null {
  let best: Candidate | undefined;
  const first = Math.floor(startAt / DAY) - FARTHEST_DAYS;
  const last = Math.floor(endAt / DAY) + FARTHEST_DAYS;
  for (let day = first; day <= last; day += 1) {
    for (const plan of plans.on(day)) {
      const candidate = candidateOf(plan, startAt, endAt);
      if (candidate !== undefined && (best === undefined || isBetter(candidate, best)))
        best = candidate;
    }
  }
  return best?.plan ?? null;
}

/**
 * Whether a punch may begin a binding shift other than `current`: it lies in that shift's start window. Says nothing of
 * whether the person is in, which the caller must weigh: somebody who is in may as well be leaving late.
 */
export function startsOther(at: number, current: PlannedShift | null, plans: Plans): boolean {
  for (const plan of plans.accepting(at)) {
    if (plan.kind === "open" || plan.planId === current?.planId || at >= startWindowTo(plan))
      continue;
    // windows of open shifts are not clipped
    if (current?.kind === "open" && at < (current.endAt + plan.startAt) / 2) continue;
    return true;
  }
  return false;
}

interface Candidate {
  readonly plan: PlannedShift;
  /** Lower is better. */
  readonly tier: number;
  readonly overlap: number;
  readonly distance: number;
}

/**
 * A run belongs where it began in a window, or where at least half of it or half of the plan is covered; the latter comes
 * first, so that work after the end of one plan goes to the next one.
 */
function candidateOf(plan: PlannedShift, startAt: number, endAt: number): Candidate | undefined {
  const overlap = Math.max(0, Math.min(endAt, plan.endAt) - Math.max(startAt, plan.startAt));
  const isMost =
    overlap > 0 && (2 * overlap >= endAt - startAt || 2 * overlap >= plan.endAt - plan.startAt);
  if (!isMost && (startAt < plan.acceptFrom || startAt >= plan.acceptTo)) return undefined;
  const tier = (isMost ? 0 : 2) + (plan.kind === "open" ? 1 : 0);
  return { plan, tier, overlap, distance: Math.abs(startAt - plan.startAt) };
}

function isBetter(a: Candidate, b: Candidate): boolean {
  if (a.tier !== b.tier) return a.tier < b.tier;
  if (a.overlap !== b.overlap) return a.overlap > b.overlap;
  if (a.plan.kind !== b.plan.kind) return a.plan.kind === "fixed";
  if (a.distance !== b.distance) return a.distance < b.distance;
  return a.plan.planId < b.plan.planId;
}
