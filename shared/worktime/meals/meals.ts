import type { MealFinding, Tile } from "../ledger.ts";
import { deduct, type Spent } from "./deduct.ts";
import { findingsOf } from "./find.ts";
import { pay } from "./pay.ts";
import { isFor, type MealShift } from "./taken.ts";

const NONE: readonly MealFinding[] = [];

/**
 * Applies the rules on lunches and breaks to the tiles of one whole shift. Every second stays in one tile: work that is
 * taken off becomes a deduction, and a lunch or break that is paid stays one. First what is paid is settled, since paid
 * time does not count as taken for a deduction; then what is taken off; findings look at the punches alone.
 */
export function applyMeals(
  tiles: readonly Tile[],
  shift: MealShift,
): { readonly tiles: readonly Tile[]; readonly meals: readonly MealFinding[] } {
  const { policies } = shift.rules.meals;
  if (policies.length === 0 || tiles.length === 0) return { tiles, meals: NONE };
  let result = tiles;
  for (const policy of policies)
    if (policy.kind === "auto-add") result = pay(result, policy, shift);
  const spent: Spent = new Map();
  for (const policy of policies) {
    if (policy.kind === "auto-deduct" && isFor(policy, result, shift))
      result = deduct(result, policy, { shift, spent });
  }
  const meals = policies.flatMap((policy) =>
    policy.kind === "normal" ? findingsOf(result, policy, shift) : [],
  );
  return { tiles: result, meals: meals.length > 1 ? meals.toSorted((a, b) => a.at - b.at) : meals };
}
