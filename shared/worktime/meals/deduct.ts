import { SECOND, spellSeconds } from "../civil-time.ts";
import { secondsOf, type Tile } from "../ledger.ts";
import { isWhere } from "../rule-parts.ts";
import type { AutoDeduct } from "./rules.ts";
import {
  countedOf,
  isMealOf,
  type MealShift,
  measuredUntil,
  reachedAt,
  type TakenPart,
  thresholdOf,
} from "./taken.ts";

/** What a policy takes off, and why. */
interface Cut {
  readonly seconds: number;
  readonly reason: string;
}

/** How much of each punched stretch has counted for a rule already, by its first instant. */
export type Spent = Map<number, number>;

/**
 * Turns work into deductions as the policy says. Every second stays in one tile; no more is taken than there is work.
 */
export function deduct(
  all: readonly Tile[],
  policy: AutoDeduct,
  { shift, spent }: { shift: MealShift; spent: Spent },
): readonly Tile[] {
  const parts = policy.countsPunched
    ? countedOf(policy, all, shift).flatMap((meal) => meal.parts.filter((part) => !part.isPaid))
    : [];
  let tiles = all;
  for (let nth = 0; nth < policy.times; nth += 1) {
    const threshold = thresholdOf(policy, nth);
    if (measuredUntil(tiles, policy) <= threshold) break;
    const punched = spend(parts, policy.amount, spent);
    const left = workLeft(tiles, policy);
    const most = policy.neverBelow ? Math.min(left, left - threshold) : left;
    const seconds = Math.min(policy.amount - punched, most);
    if (seconds <= 0) continue;
    const cut = { seconds, reason: reasonOf(policy, { threshold, seconds, punched }) };
    tiles =
      policy.allocation === "proportional"
        ? takeFromAll(tiles, policy, cut)
        : takeAt(tiles, policy, { ...cut, at: placeOf(tiles, policy, { shift, nth }) });
  }
  return tiles;
}

/** Counts punched time for a rule, up to `most` seconds; what has counted before is gone. */
function spend(parts: readonly TakenPart[], most: number, spent: Spent): number {
  let sum = 0;
  for (const part of parts) {
    const before = spent.get(part.fromAt) ?? 0;
    const seconds = Math.min(most - sum, secondsOf(part) - before);
    if (seconds <= 0) continue;
    spent.set(part.fromAt, before + seconds);
    sum += seconds;
  }
  return sum;
}

const mayTake = (policy: AutoDeduct, tile: Tile): boolean =>
  tile.kind === "work" && isWhere(policy.where, tile.labels);

function workLeft(tiles: readonly Tile[], policy: AutoDeduct): number {
  return tiles.reduce((sum, tile) => (mayTake(policy, tile) ? sum + secondsOf(tile) : sum), 0);
}

function placeOf(
  tiles: readonly Tile[],
  policy: AutoDeduct,
  { shift, nth }: { shift: MealShift; nth: number },
): number {
  if (policy.allocation === "from-end") return Number.POSITIVE_INFINITY;
  const active = reachedAt(tiles, policy, thresholdOf(policy, nth));
  if (policy.allocation === "when-active") return active;
  const planned = shift.plan?.breaks.filter(({ kind }) => isMealOf(policy, kind)) ?? [];
  return Math.floor((planned[nth]?.fromAt ?? active) / SECOND) * SECOND;
}

/** Takes work from an instant on, and where that is not enough, from before it. */
function takeAt(
  tiles: readonly Tile[],
  policy: AutoDeduct,
  { at, seconds, reason }: Cut & { at: number },
): Tile[] {
  let left = seconds * SECOND;
  const takes = tiles.map((tile) => {
    const fromAt = Math.max(tile.fromAt, at);
    const take = mayTake(policy, tile) ? Math.min(left, tile.toAt - fromAt) : 0;
    if (take <= 0) return null;
    left -= take;
    return { fromAt, toAt: fromAt + take };
  });
  for (let index = tiles.length - 1; index >= 0 && left > 0; index -= 1) {
    const tile = tiles[index];
    if (tile === undefined || tile.fromAt >= at || !mayTake(policy, tile)) continue;
    const before = Math.min(tile.toAt, at);
    const take = Math.min(left, before - tile.fromAt);
    left -= take;
    takes[index] = { fromAt: before - take, toAt: takes[index]?.toAt ?? before };
  }
  return tiles.flatMap((tile, index) => {
    const take = takes[index] ?? null;
    return take === null ? [tile] : split(tile, take, { policy: policy.name, reason });
  });
}

/** Takes from the end of every stretch of work by its length; odd seconds come off those with the largest remainder. */
function takeFromAll(tiles: readonly Tile[], policy: AutoDeduct, { seconds, reason }: Cut): Tile[] {
  const total = workLeft(tiles, policy);
  const exact = tiles.map((tile) =>
    mayTake(policy, tile) ? (secondsOf(tile) * seconds) / total : 0,
  );
  const takes = exact.map(Math.floor);
  const order = exact
    .map((value, index) => ({ index, rest: value - Math.floor(value) }))
    .toSorted((a, b) => b.rest - a.rest);
  let odd = seconds - takes.reduce((sum, take) => sum + take, 0);
  for (const { index } of order) {
    const take = takes[index] ?? 0;
    const tile = tiles[index];
    if (odd <= 0) break;
    if (tile === undefined || !mayTake(policy, tile) || take >= secondsOf(tile)) continue;
    takes[index] = take + 1;
    odd -= 1;
  }
  return tiles.flatMap((tile, index) => {
    const fromAt = tile.toAt - (takes[index] ?? 0) * SECOND;
    return split(tile, { fromAt, toAt: tile.toAt }, { policy: policy.name, reason });
  });
}

/** A tile with a stretch of it turned into a deduction. */
function split(
  tile: Tile,
  { fromAt, toAt }: { fromAt: number; toAt: number },
  why: Pick<Tile, "policy" | "reason">,
): Tile[] {
  if (toAt <= fromAt) return [tile];
  const pieces: Tile[] = [];
  if (tile.fromAt < fromAt) pieces.push({ ...tile, toAt: fromAt });
  pieces.push({ ...tile, ...why, kind: "deduction", isPaid: false, fromAt, toAt });
  if (toAt < tile.toAt) pieces.push({ ...tile, fromAt: toAt });
  return pieces;
}

function reasonOf(
  policy: AutoDeduct,
  { threshold, seconds, punched }: { threshold: number; seconds: number; punched: number },
): string {
  const what = policy.for === "any" ? "lunch or break" : policy.for;
  const over = threshold === 0 ? "" : ` over ${spellSeconds(threshold)}`;
  const taken =
    punched === 0
      ? ""
      : `, as ${spellSeconds(punched)} of ${spellSeconds(policy.amount)} were taken`;
  return `${what}: ${spellSeconds(seconds)} taken off${over}${taken}, rule '${policy.name}'`;
}
