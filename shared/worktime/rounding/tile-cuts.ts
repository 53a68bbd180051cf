import { SECOND } from "../civil-time.ts";
import { secondsOf, type Tile } from "../ledger.ts";

/** A tile to take time from, by its place in the list, and the end of it that goes first. */
export interface Source {
  readonly index: number;
  readonly from: "start" | "end";
}

/** Tiles of a kind in order of time, each to be cut from the same end. */
export function sourcesOf(
  tiles: readonly Tile[],
  from: Source["from"],
  isOne: (tile: Tile, index: number) => boolean,
): Source[] {
  return tiles.flatMap((tile, index) => (isOne(tile, index) ? [{ index, from }] : []));
}

/**
 * Turns `seconds` of tiles into something else, source after source as far as they go. Tiles are cut, never moved: what
 * they cover stays the same to the second.
 */
export function convert(
  tiles: readonly Tile[],
  order: readonly Source[],
  { seconds, into }: { seconds: number; into: (part: Tile) => Tile },
): { readonly tiles: readonly Tile[]; readonly converted: number } {
  const parts = new Map<number, Tile[]>();
  let left = seconds;
  for (const { index, from } of order) {
    const tile = tiles[index];
    if (tile === undefined || left === 0) break;
    const taken = Math.min(left, secondsOf(tile));
    left -= taken;
    parts.set(index, split(tile, { from, taken, into }));
  }
  const result = tiles.flatMap((tile, index) => parts.get(index) ?? [tile]);
  return { tiles: result, converted: seconds - left };
}

function split(
  tile: Tile,
  { from, taken, into }: { from: Source["from"]; taken: number; into: (part: Tile) => Tile },
): Tile[] {
  if (taken === secondsOf(tile)) return [into(tile)];
  if (from === "start") {
    const at = tile.fromAt + taken * SECOND;
    return [into({ ...tile, toAt: at }), { ...tile, fromAt: at }];
  }
  const at = tile.toAt - taken * SECOND;
  return [{ ...tile, toAt: at }, into({ ...tile, fromAt: at })];
}
