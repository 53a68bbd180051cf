import { isWhere } from "../rule-parts.ts";
import { isSeen, type Stretch } from "./contributions.ts";
import type { OvertimePolicy, OvertimeRules, Tier } from "./rules.ts";
import type { Standing } from "./standing.ts";

// The walk along the paid time of a day. It stops only where something changes: at the end of a stretch, where a count
// reaches a tier, where a tolerance is used up, at the edge of a plan.

/** A policy that takes part in a day, and where it stands on the way through it. */
export interface Contender extends Standing {
  readonly policy: OvertimePolicy;
  /** What its count is before the day's first stretch. */
  readonly before: number;
  /** For policies that count over shifts: what those that began on a day before bring along. */
  readonly brought: ReadonlyMap<string, number> | null;
  /** Claims nothing on this day; it counts all the same. */
  isBarred: boolean;
  count: number;
  /** Seconds it has yet to let pass before it claims. */
  tolerance: number;
  claimed: number;
  isSeeing: boolean;
  mayClaim: boolean;
  byShift: Map<string, number> | null;
}

/** A part of a stretch, and who claimed it. */
export interface Piece {
  readonly stretch: Stretch;
  readonly fromAt: number;
  seconds: number;
  readonly by: Contender | null;
  readonly tier: Tier | null;
}

/** Everything is claimed once: by a policy, or by none. Contenders are in order; their counts are moved to the day's end. */
export function walk(
  stretches: readonly Stretch[],
  contenders: readonly Contender[],
  precedence: OvertimeRules["precedence"],
): Piece[] {
  const pieces: Piece[] = [];
  for (const contender of contenders) reset(contender);
  for (const stretch of stretches) {
    for (const contender of contenders) enter(contender, stretch);
    let left = stretch.seconds;
    let at = stretch.tile.fromAt;
    while (left > 0) {
      const winner = winnerOf(contenders, at, precedence);
      let step = left;
      for (const contender of contenders) step = Math.min(step, room(contender, winner, at));
      add(pieces, { stretch, fromAt: at, seconds: step, by: winner, tier: tierOf(winner) });
      for (const contender of contenders) advance(contender, winner, { at, step });
      left -= step;
      if (stretch.isTimed) at += step * 1000;
    }
    for (const contender of contenders) leave(contender, stretch);
  }
  return pieces;
}

function reset(contender: Contender): void {
  const { tolerance, beyondTolerance } = contender.policy;
  contender.count = contender.before;
  contender.tolerance = beyondTolerance === "excess" ? tolerance : 0;
  contender.claimed = 0;
  contender.byShift = contender.brought === null ? null : new Map(contender.brought);
}

function enter(contender: Contender, { tile, isTimed }: Stretch): void {
  const { policy, windows, byShift } = contender;
  contender.isSeeing = isSeen(policy, tile) && (isTimed || windows === null);
  contender.mayClaim =
    contender.isSeeing && !contender.isBarred && isWhere(policy.where, tile.labels);
  if (byShift !== null) contender.count = byShift.get(tile.shiftId) ?? 0;
}

function leave({ byShift, count }: Contender, { tile }: Stretch): void {
  byShift?.set(tile.shiftId, count);
}

function winnerOf(
  contenders: readonly Contender[],
  at: number,
  precedence: OvertimeRules["precedence"],
): Contender | null {
  let winner: Contender | null = null;
  let highest = Number.NEGATIVE_INFINITY;
  for (const contender of contenders) {
    if (!contender.mayClaim || contender.tolerance > 0 || isInside(contender, at)) continue;
    const rate = tierOf(contender)?.rate ?? Number.NEGATIVE_INFINITY;
    if (rate <= highest) continue;
    if (precedence === "first") return contender;
    winner = contender;
    highest = rate;
  }
  return winner;
}

/** The highest tier that the count has reached. */
function tierOf(contender: Contender | null): Tier | null {
  if (contender === null) return null;
  const beyond = contender.count - contender.base;
  let reached: Tier | null = null;
  for (const tier of contender.policy.tiers) if (tier.after <= beyond) reached = tier;
  return reached;
}

/** Seconds for which nothing changes for a contender. */
function room(contender: Contender, winner: Contender | null, at: number): number {
  if (!contender.isSeeing) return Number.POSITIVE_INFINITY;
  let seconds = toEdge(contender, at);
  if (isCounted(contender, winner)) {
    const beyond = contender.count - contender.base;
    const next = contender.policy.tiers.find((tier) => tier.after > beyond);
    if (next !== undefined) seconds = Math.min(seconds, next.after - beyond);
  }
  return isTolerating(contender) ? Math.min(seconds, contender.tolerance) : seconds;
}

function advance(
  contender: Contender,
  winner: Contender | null,
  { at, step }: { readonly at: number; readonly step: number },
): void {
  if (!contender.isSeeing || isInside(contender, at)) return;
  if (isTolerating(contender)) contender.tolerance -= step;
  if (isCounted(contender, winner)) contender.count += step;
  if (contender === winner) contender.claimed += step;
}

/** Whether time that `winner` has claimed raises the count. */
function isCounted(contender: Contender, winner: Contender | null): boolean {
  return (
    winner === null ||
    winner === contender ||
    contender.policy.counts === "all" ||
    !isOvertime(winner.policy)
  );
}

/** Whether what a policy claims is overtime, and not regular time at another rate. */
export function isOvertime(policy: OvertimePolicy): boolean {
  return policy.kind !== "differential" || policy.class === "overtime";
}

function isTolerating(contender: Contender): boolean {
  return contender.tolerance > 0 && contender.mayClaim && tierOf(contender) !== null;
}

function isInside({ windows }: Contender, at: number): boolean {
  return windows !== null && windows.some(({ startAt, endAt }) => startAt <= at && at < endAt);
}

/** Seconds to where the next window begins or ends. */
function toEdge({ windows }: Contender, at: number): number {
  let edge = Number.POSITIVE_INFINITY;
  for (const { startAt, endAt } of windows ?? []) {
    if (startAt > at) edge = Math.min(edge, startAt);
    if (endAt > at) edge = Math.min(edge, endAt);
  }
  return Math.ceil((edge - at) / 1000);
}

function add(pieces: Piece[], piece: Piece): void {
  const last = pieces.at(-1);
  const isSame =
    last?.stretch === piece.stretch && last.by === piece.by && last.tier === piece.tier;
  if (isSame) last.seconds += piece.seconds;
  else pieces.push(piece);
}
