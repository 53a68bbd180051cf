import type { PlannedShift } from "../ledger.ts";
import { FARTHEST_DAYS } from "./compiled.ts";
import type { Plans } from "./plan.ts";
import type { Preference } from "./rules.ts";

// Which planned shift people's punches belong to. A fixed or flexible shift takes what it was planned for; an open one
// what nobody planned.

const DAY = 86_400_000;

const middle = (plan: PlannedShift): number => (plan.startAt + plan.endAt) / 2;

/** Until when a punch may begin the shift; from `acceptFrom` on. */
export const startWindowTo = (plan: PlannedShift): number => plan.startTo ?? middle(plan);

/** From when on a punch may end the shift; until `acceptTo`. */
export const stopWindowFrom = (plan: PlannedShift): number => plan.stopFrom ?? middle(plan);

/**
 * The planned shift that a run of punches belongs to, null if it is unscheduled. `startAt` and `endAt` are its first and
 * last punch, the same while there is only one. A run belongs where at least half of it or half of the plan is covered,
 * else where it began in a window: so work after the end of one plan goes to the next. Between several, `schedule.prefer`
 * decides, and in the end the plan's id.
 */
export function planFor(startAt: number, endAt: number, plans: Plans): PlannedShift | null {
  if (plans.isEmpty) return null;
  const firstDay = Math.floor(startAt / DAY);
  const run: Run = { startAt, endAt, prefer: plans.preference(firstDay) };
  let best: Candidate | undefined;
  const last = Math.floor(endAt / DAY) + FARTHEST_DAYS;
  for (let day = firstDay - FARTHEST_DAYS; day <= last; day += 1) {
    for (const plan of plans.on(day)) {
      const candidate = candidateOf(plan, run);
      if (candidate === undefined) continue;
      if (best === undefined || isBetter(candidate, best, run.prefer)) best = candidate;
    }
  }
  return best?.plan ?? null;
}

/**
 * Whether a punch may begin a binding shift other than `current`: it lies in that shift's start window. Says nothing of
 * whether the person is in, which the caller must weigh: somebody who is in may as well be leaving late.
 */
export function startsOther(at: number, current: PlannedShift | null, plans: Plans): boolean {
  if (plans.isEmpty) return false;
  return plans.accepting(at).some((plan) => {
    if (plan.kind === "open" || plan.planId === current?.planId || at >= startWindowTo(plan))
      return false;
    // an open shift's window is not clipped
    return current?.kind !== "open" || at >= (current.endAt + plan.startAt) / 2;
  });
}

interface Run {
  readonly startAt: number;
  readonly endAt: number;
  readonly prefer: readonly Preference[];
}

interface Candidate {
  readonly plan: PlannedShift;
  readonly isCovered: boolean;
  readonly overlap: number;
  readonly distance: number;
}

function candidateOf(plan: PlannedShift, { startAt, endAt }: Run): Candidate | undefined {
  const overlap = Math.max(0, Math.min(endAt, plan.endAt) - Math.max(startAt, plan.startAt));
  const isCovered =
    overlap > 0 && (2 * overlap >= endAt - startAt || 2 * overlap >= plan.endAt - plan.startAt);
  if (!isCovered && (startAt < plan.acceptFrom || startAt > plan.acceptTo)) return undefined;
  return { plan, isCovered, overlap, distance: Math.abs(startAt - plan.startAt) };
}

function isBetter(a: Candidate, b: Candidate, prefer: readonly Preference[]): boolean {
  if (a.isCovered !== b.isCovered) return a.isCovered;
  for (const by of prefer) {
    const difference = rank(a, by) - rank(b, by);
    if (difference !== 0) return difference < 0;
  }
  return a.plan.planId < b.plan.planId;
}

/** Lower is better. */
function rank({ plan, overlap, distance }: Candidate, by: Preference): number {
  switch (by) {
    case "binding":
      return plan.kind === "open" ? 1 : 0;
    case "overlap":
      return -overlap;
    case "rostered":
      return plan.isRostered === true ? 0 : 1;
    case "fixed":
      return plan.kind === "fixed" ? 0 : 1;
    case "start":
      return distance;
  }
}
