import { dayOf, SECOND, weekdayOf } from "../civil-time.ts";
import { type Shift, secondsOf, type Tile } from "../ledger.ts";
import { isWhere } from "../rule-parts.ts";
import type { AutoDeduct, MealPolicy, NormalMeal } from "./rules.ts";

// What the rules on lunches and breaks measure: how long was worked, and what was taken.

/** A shift without its punches: its tiles tell all that these rules need. */
export type MealShift = Omit<Shift, "reads">;

/** A lunch or break as taken: neighbouring tiles of it are one. */
export interface Taken {
  readonly fromAt: number;
  readonly toAt: number;
  /** Where nobody has come back yet `toAt` says nothing. */
  readonly isEnded: boolean;
  readonly parts: readonly TakenPart[];
}

export interface TakenPart {
  readonly fromAt: number;
  readonly toAt: number;
  readonly isPaid: boolean;
  readonly punchIds: readonly string[];
}

/** Work as it was punched: taking some of it off does not undo that it was worked. */
const isWorked = ({ kind }: Tile): boolean => kind === "work" || kind === "deduction";

/** Whether the policy measures a tile. */
function isMeasured(policy: MealPolicy, tile: Tile): boolean {
  switch (policy.measuredBy) {
    case "worked":
      return isWorked(tile) && isWhere(policy.where, tile.labels);
    case "remaining":
      return tile.kind === "work" && isWhere(policy.where, tile.labels);
    case "paid":
      return tile.isPaid && isWhere(policy.where, tile.labels);
    case "elapsed":
      return true;
  }
}

/** Seconds the policy measures up to an instant. */
export function measuredUntil(
  tiles: readonly Tile[],
  policy: MealPolicy,
  until = Number.POSITIVE_INFINITY,
): number {
  if (policy.measuredBy === "elapsed") {
    const from = tiles[0]?.fromAt ?? 0;
    return Math.max(0, (Math.min(until, tiles.at(-1)?.toAt ?? from) - from) / SECOND);
  }
  let sum = 0;
  for (const tile of tiles) {
    if (tile.fromAt >= until) break;
    if (isMeasured(policy, tile)) sum += (Math.min(tile.toAt, until) - tile.fromAt) / SECOND;
  }
  return sum;
}

/** The instant at which the policy has measured so many seconds; the end of the shift if it never does. */
export function reachedAt(tiles: readonly Tile[], policy: MealPolicy, seconds: number): number {
  const end = tiles.at(-1)?.toAt ?? 0;
  if (policy.measuredBy === "elapsed")
    return Math.min(end, (tiles[0]?.fromAt ?? end) + seconds * SECOND);
  let left = seconds;
  for (const tile of tiles) {
    if (!isMeasured(policy, tile)) continue;
    if (left <= secondsOf(tile)) return tile.fromAt + left * SECOND;
    left -= secondsOf(tile);
  }
  return end;
}

/** Whether the shift is one that the policy looks at. */
export function isFor(policy: MealPolicy, tiles: readonly Tile[], shift: MealShift): boolean {
  if (policy.onlyPlanned && shift.plan === null) return false;
  if (policy.weekdays.length < 7) {
    const day = dayOf(shift.startAt, shift.zone, shift.rules.shifts.dayStart);
    if (!policy.weekdays.includes(weekdayOf(day))) return false;
  }
  return policy.minShift === 0 || measuredUntil(tiles, policy) >= policy.minShift;
}

/** What must be exceeded for the policy to apply for the nth time, counted from 0. */
export const thresholdOf = (policy: MealPolicy, nth: number): number =>
  policy.activeAfter + nth * policy.every;

/** How often the policy applies. */
export function timesDue(policy: MealPolicy, tiles: readonly Tile[]): number {
  const measured = measuredUntil(tiles, policy);
  let times = 0;
  while (times < policy.times && measured > thresholdOf(policy, times)) times += 1;
  return times;
}

export const isMealOf = (policy: MealPolicy, kind: Tile["kind"]): boolean =>
  (kind === "lunch" || kind === "break") && (policy.for === "any" || policy.for === kind);

/** What was taken of the kind that the policy looks at, however short, in order of time. */
export function takenOf(policy: MealPolicy, tiles: readonly Tile[]): Taken[] {
  const countsGaps = policy.kind !== "auto-add" && policy.countsGaps;
  const taken: { fromAt: number; toAt: number; isEnded: true; parts: TakenPart[] }[] = [];
  const add = (part: TakenPart): void => {
    const last = taken.at(-1);
    if (last?.toAt !== part.fromAt) {
      taken.push({ fromAt: part.fromAt, toAt: part.toAt, isEnded: true, parts: [part] });
      return;
    }
    last.toAt = part.toAt;
    last.parts.push(part);
  };
  for (const [index, tile] of tiles.entries()) {
    const before = tiles[index - 1];
    if (countsGaps && before !== undefined && before.toAt < tile.fromAt) {
      const punchIds = [...before.punchIds.slice(-1), ...tile.punchIds.slice(0, 1)];
      add({ fromAt: before.toAt, toAt: tile.fromAt, isPaid: false, punchIds });
    }
    if (isMealOf(policy, tile.kind) && isWhere(policy.where, tile.labels)) add(tile);
  }
  return taken;
}

/** What was taken and is long enough to count, with the one that somebody has not come back from. */
export function countedOf(
  policy: AutoDeduct | NormalMeal,
  tiles: readonly Tile[],
  shift: MealShift,
): Taken[] {
  const long = takenOf(policy, tiles).filter((meal) => secondsOf(meal) >= policy.minLength);
  const end = tiles.at(-1)?.toAt;
  const isAway = shift.phase === "lunch" || shift.phase === "break";
  if (end === undefined || !isAway || !isMealOf(policy, shift.phase)) return long;
  const punchIds = tiles.at(-1)?.punchIds.slice(-1) ?? [];
  const part = { fromAt: end, toAt: end, isPaid: false, punchIds };
  return [...long, { fromAt: end, toAt: end, isEnded: false, parts: [part] }];
}
