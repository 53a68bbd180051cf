import { SECOND, spell } from "../civil-time.ts";
import type { CountedMeaning, PlannedShift, ResolvedPunch } from "../ledger.ts";
import { believe, isArrival, type Reading, type Situation } from "./meaning.ts";

/** What a plan says happens, in order of time; each is taken by one punch at most. */
interface PlannedEvent {
  readonly at: number;
  readonly meaning: CountedMeaning;
  readonly name: string;
}

/** How far the punches of a shift have gone through the events of its plan. */
export interface Progress {
  readonly planId: string;
  readonly taken: number;
}

export interface PlannedReading {
  readonly reading: Reading;
  readonly progress: Progress;
  /** The only punch of its shift so far, taken for the way out because it lies in the second half of the plan. */
  readonly isLoneOut: boolean;
}

/** Where a punch is made in the course of a planned shift. */
export interface PlannedMoment {
  readonly situation: Situation;
  readonly plan: PlannedShift;
  /** Up to which event punches before it have come. */
  readonly progress: Progress | null;
  /** Seconds. */
  readonly nearPlan: number;
}

/**
 * What a plan makes of a punch; null if it is near nothing planned. A first punch is placed by the middle of the plan, so
 * that somebody who forgot to punch in is not taken to arrive in the evening.
 */
export function readByPlan(punch: ResolvedPunch, moment: PlannedMoment): PlannedReading | null {
  const { situation, plan, progress, nearPlan } = moment;
  if (situation.isFirst) return placeLone(punch, plan, situation);
  const taken = progress?.planId === plan.planId ? progress.taken : -1;
  let best: (PlannedEvent & { readonly index: number }) | null = null;
  let bestMs = nearPlan * SECOND + 1;
  for (const [index, event] of eventsOf(plan).entries()) {
    const awayMs = Math.abs(punch.at - event.at);
    if (index <= taken || awayMs >= bestMs || !isPossible(event.meaning, situation)) continue;
    best = { ...event, index };
    bestMs = awayMs;
  }
  if (best === null) return null;
  const reason = `${distance(punch.at - best.at)} ${best.name}`;
  return {
    reading: believe(best.meaning, situation, reason),
    progress: { planId: plan.planId, taken: best.index },
    isLoneOut: false,
  };
}

/** The lone way out of a shift becomes its way in as soon as there is a second punch. */
export const firstOfSeveral = (plan: PlannedShift): string =>
  `first of several punches of the planned shift ${plan.name}`;

function placeLone(punch: ResolvedPunch, plan: PlannedShift, situation: Situation): PlannedReading {
  const isIn = punch.at < (plan.startAt + plan.endAt) / 2;
  const half = isIn ? "first" : "second";
  const reason = `in the ${half} half of the planned shift ${plan.name}`;
  return {
    reading: believe(isIn ? "in" : "out", situation, reason),
    progress: { planId: plan.planId, taken: isIn ? 0 : -1 },
    isLoneOut: !isIn,
  };
}

/** A flexible shift may begin and end anywhere in its frame, so nothing happens at the frame's ends. */
function eventsOf(plan: PlannedShift): readonly PlannedEvent[] {
  const known = EVENTS.get(plan);
  if (known !== undefined) return known;
  const rests = plan.breaks.flatMap(({ kind, fromAt, toAt }): PlannedEvent[] => [
    { at: fromAt, meaning: `${kind}-start`, name: `the planned ${kind}` },
    { at: toAt, meaning: `${kind}-end`, name: `the planned end of the ${kind}` },
  ]);
  const isFixed = plan.kind !== "flexible";
  const never = Number.POSITIVE_INFINITY;
  const events: PlannedEvent[] = [
    { at: isFixed ? plan.startAt : never, meaning: "in", name: "the planned start" },
    ...rests.toSorted((a, b) => a.at - b.at),
    { at: isFixed ? plan.endAt : never, meaning: "out", name: "the planned end" },
  ];
  EVENTS.set(plan, events);
  return events;
}
const EVENTS = new WeakMap<PlannedShift, readonly PlannedEvent[]>();

/** Nobody comes who is in, or goes on a break who is not; the end of the plan ends everything. */
function isPossible(meaning: CountedMeaning, { phase }: Situation): boolean {
  if (meaning === "out") return true;
  if (meaning === "in") return phase !== "in";
  return isArrival(meaning) ? phase !== "in" : phase === "in";
}

function distance(ms: number): string {
  if (Math.abs(ms) < SECOND) return "at";
  return `${spell(Math.abs(ms))} ${ms < 0 ? "before" : "after"}`;
}
