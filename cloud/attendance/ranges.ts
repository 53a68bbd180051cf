import { CHAIN_START, chain } from "@clockleaf/shared/wire/chain.ts";
import { type Segment } from "@clockleaf/shared/wire/segment.ts";

/** A run of rows that was received and processed, with the chain values at its ends. */
export interface RowRange {
  readonly first: number;
  readonly last: number;
  /** Chain value before `first`. */
  readonly prev: Uint8Array;
  /** Chain value after `last`. */
  readonly head: Uint8Array;
}

export interface RowSpan {
  readonly first: number;
  readonly last: number;
}

export type Joined =
  | { readonly kind: "broken"; readonly atRow: number }
  | {
      readonly kind: "joined";
      /** All rows now received: ranges that meet are one. Ascending, never adjacent. */
      readonly ranges: readonly RowRange[];
      /** Rows of the segment that were not there before, ascending. */
      readonly fresh: readonly RowSpan[];
    };

/**
 * Fits a segment among the rows received so far. Wherever both sides know the chain value of a row they must agree, or
 * the journal told two stories; `broken` names that row. Rows received before are left alone, so the same or an
 * overlapping segment is harmless.
 */
export function joinSegment(ranges: readonly RowRange[], segment: Segment): Joined {
  const chainAt = chainValues(segment);
  if (segment.first === 1 && !same(segment.prev, CHAIN_START)) return { kind: "broken", atRow: 1 };
  for (const range of ranges) {
    for (const [row, value] of [
      [range.first - 1, range.prev],
      [range.last, range.head],
    ] as const) {
      const ours = chainAt.get(row);
      if (ours !== undefined && !same(ours, value)) return { kind: "broken", atRow: row };
    }
  }
  return { kind: "joined", ranges: merge(ranges, segment), fresh: missingFrom(ranges, segment) };
}

/** The rows that are missing between row 1 and the last one known to exist, ascending. */
export function holesIn(ranges: readonly RowRange[], expectedLast = 0): RowSpan[] {
  const last = Math.max(expectedLast, ranges.at(-1)?.last ?? 0);
  return last === 0 ? [] : missingFrom(ranges, { first: 1, last });
}

function chainValues(segment: Segment): Map<number, Uint8Array> {
  const values = new Map<number, Uint8Array>([[segment.first - 1, segment.prev]]);
  let value: Uint8Array = segment.prev;
  for (const [index, row] of segment.rows.entries()) {
    value = chain(value, row);
    values.set(segment.first + index, value);
  }
  return values;
}

function merge(ranges: readonly RowRange[], segment: RowRange): RowRange[] {
  const { first, last, prev, head } = segment;
  let joined: RowRange = { first, last, prev, head };
  const apart: RowRange[] = [];
  for (const range of ranges) {
    if (range.last + 1 < joined.first || range.first > joined.last + 1) {
      apart.push(range);
      continue;
    }
    const [left, right] = [
      range.first < joined.first ? range : joined,
      range.last > joined.last ? range : joined,
    ];
    joined = { first: left.first, prev: left.prev, last: right.last, head: right.head };
  }
  return [...apart, joined].toSorted((a, b) => a.first - b.first);
}

function missingFrom(ranges: readonly RowRange[], wanted: RowSpan): RowSpan[] {
  const missing: RowSpan[] = [];
  let next = wanted.first;
  for (const range of ranges) {
    if (range.last < next) continue;
    if (range.first > wanted.last) break;
    if (range.first > next) missing.push({ first: next, last: range.first - 1 });
    next = range.last + 1;
  }
  if (next <= wanted.last) missing.push({ first: next, last: wanted.last });
  return missing;
}

const same = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0;
