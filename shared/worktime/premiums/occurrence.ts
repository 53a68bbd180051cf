import type { Labels } from "../facts.ts";
import type { Tile } from "../ledger.ts";

/** Something that is paid once, at an instant. */
export interface Occurrence {
  /** In an exclusive group only one policy pays for one shift. */
  readonly shiftId: string;
  readonly at: number;
  readonly seconds: number;
  readonly labels: Labels;
  readonly punchIds: readonly string[];
  /** What happened, for people. */
  readonly why: string;
}

/** What time is booked on at an instant, or was last before it. */
export function labelsAt(tiles: readonly Tile[], at: number): Labels {
  const tile = tiles.findLast(({ fromAt }) => fromAt <= at) ?? tiles[0];
  return tile?.labels ?? {};
}

export const punchesOf = (tiles: readonly Tile[]): readonly string[] => [
  ...new Set(tiles.flatMap(({ punchIds }) => punchIds)),
];
