import { SECOND, spellSeconds } from "../civil-time.ts";
import { secondsOf, type Tile } from "../ledger.ts";
import type { AutoAdd } from "./rules.ts";
import { isFor, type MealShift, takenOf, timesDue } from "./taken.ts";

/** Pays punched lunches or breaks as the policy says, each from its beginning. Every second stays in one tile. */
export function pay(tiles: readonly Tile[], policy: AutoAdd, shift: MealShift): readonly Tile[] {
  if (!isFor(policy, tiles, shift)) return tiles;
  const due = timesDue(policy, tiles);
  let shared = due * policy.amount;
  const paidOf = new Map<number, number>();
  for (const [nth, meal] of takenOf(policy, tiles).entries()) {
    if (nth >= due && policy.per === "each") break;
    if (policy.ifLonger === "pay-nothing" && secondsOf(meal) > policy.amount) continue;
    let allowance = policy.per === "each" ? policy.amount : shared;
    for (const part of meal.parts) {
      // what is paid already uses up the allowance
      const seconds = Math.min(allowance, secondsOf(part));
      allowance -= seconds;
      shared -= seconds;
      if (!part.isPaid && seconds > 0) paidOf.set(part.fromAt, seconds);
    }
  }
  if (paidOf.size === 0) return tiles;
  return tiles.flatMap((tile) => split(tile, paidOf.get(tile.fromAt) ?? 0, policy));
}

function split(tile: Tile, seconds: number, policy: AutoAdd): Tile[] {
  if (seconds === 0) return [tile];
  const toAt = tile.fromAt + seconds * SECOND;
  const reason = `${tile.kind} paid up to ${spellSeconds(policy.amount)}, rule '${policy.name}'`;
  const paid = { ...tile, toAt, isPaid: true, policy: policy.name, reason };
  return toAt < tile.toAt ? [paid, { ...tile, fromAt: toAt }] : [paid];
}
