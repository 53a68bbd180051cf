/**
 * A map of which a changed copy shares all but a small part: deciders return new states, and there may be one account for
 * everybody in the company.
 */
export type Shelf<V> = ReadonlyArray<ReadonlyMap<string, V>>;

const BOARDS = 256;

export const emptyShelf = <V>(): Shelf<V> => Array.from({ length: BOARDS }, () => new Map());

export const onShelf = <V>(shelf: Shelf<V>, key: string): V | undefined =>
  shelf[boardOf(key)]?.get(key);

export function withOnShelf<V>(shelf: Shelf<V>, key: string, value: V): Shelf<V> {
  const board = boardOf(key);
  return shelf.with(board, new Map(shelf[board]).set(key, value));
}

export function* allOnShelf<V>(shelf: Shelf<V>): Generator<V> {
  for (const board of shelf) yield* board.values();
}

function boardOf(key: string): number {
  let sum = 0;
  for (let at = 0; at < key.length; at += 1) sum = (sum * 31 + key.charCodeAt(at)) % 1_000_003;
  return sum % BOARDS;
}
