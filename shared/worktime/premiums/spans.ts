import { secondsOf, type Tile } from "../ledger.ts";

/** From an instant to another, which is no longer in it. UTC milliseconds. */
export interface Span {
  readonly fromAt: number;
  readonly toAt: number;
}

/** A tile, or a part of one. */
export interface Piece extends Span {
  readonly tile: Tile;
}

export const pieceOf = (tile: Tile): Piece => ({ fromAt: tile.fromAt, toAt: tile.toAt, tile });

export const totalOf = (spans: readonly Span[]): number =>
  spans.reduce((sum, span) => sum + secondsOf(span), 0);

/** In order, with those that overlap or touch made one. */
export function merged(spans: readonly Span[]): readonly Span[] {
  if (spans.length < 2) return spans;
  const result: { fromAt: number; toAt: number }[] = [];
  for (const { fromAt, toAt } of spans.toSorted((a, b) => a.fromAt - b.fromAt)) {
    const last = result.at(-1);
    if (last === undefined || fromAt > last.toAt) result.push({ fromAt, toAt });
    else last.toAt = Math.max(last.toAt, toAt);
  }
  return result;
}

/** The parts of the pieces inside the spans. Both in order, neither overlapping itself. */
export function inside(pieces: readonly Piece[], spans: readonly Span[]): Piece[] {
  const result: Piece[] = [];
  let first = 0;
  for (const piece of pieces) {
    while ((spans[first]?.toAt ?? Number.POSITIVE_INFINITY) <= piece.fromAt) first += 1;
    for (let next = first; next < spans.length; next += 1) {
      const span = spans[next];
      if (span === undefined || span.fromAt >= piece.toAt) break;
      result.push(part(piece, span.fromAt, span.toAt));
    }
  }
  return result;
}

/** The parts of the pieces outside the spans. Both in order, neither overlapping itself. */
export function outside(pieces: readonly Piece[], spans: readonly Span[]): Piece[] {
  const gaps: Span[] = [];
  let fromAt = Number.NEGATIVE_INFINITY;
  for (const span of spans) {
    if (span.fromAt > fromAt) gaps.push({ fromAt, toAt: span.fromAt });
    fromAt = span.toAt;
  }
  gaps.push({ fromAt, toAt: Number.POSITIVE_INFINITY });
  return inside(pieces, gaps);
}

/** The first `seconds` of the pieces. */
export function firstOf(pieces: readonly Piece[], seconds: number): Piece[] {
  const result: Piece[] = [];
  let left = seconds * 1000;
  for (const piece of pieces) {
    if (left <= 0) break;
    const toAt = Math.min(piece.toAt, piece.fromAt + left);
    result.push(part(piece, piece.fromAt, toAt));
    left -= toAt - piece.fromAt;
  }
  return result;
}

function part(piece: Piece, fromAt: number, toAt: number): Piece {
  if (fromAt <= piece.fromAt && toAt >= piece.toAt) return piece;
  return {
    fromAt: Math.max(fromAt, piece.fromAt),
    toAt: Math.min(toAt, piece.toAt),
    tile: piece.tile,
  };
}
