import { CHAIN_START, chain } from "@clockleaf/shared/wire/chain.ts";
import { type Segment } from "@clockleaf/shared/wire/segment.ts";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { holesIn, joinSegment, type RowRange, type RowSpan } from "./ranges.ts";

const SEED = 20_260_115;
process.stdout.write(`ranges property tests: seed ${SEED}\n`);

const ROWS = Array.from({ length: 40 }, (_, index) => new Uint8Array([index]));
const HEADS = ROWS.reduce<Uint8Array[]>(
  (heads, row) => heads.concat([chain(heads.at(-1) ?? CHAIN_START, row)]),
  [CHAIN_START],
);

function segment(first: number, last: number, change: Partial<Segment> = {}): Segment {
  return {
    v: 1,
    tenant: "acme",
    site: "hq",
    gateway: "gw",
    epoch: "epoch00001",
    first,
    last,
    prev: HEADS[first - 1]!,
    head: HEADS[last]!,
    rows: ROWS.slice(first - 1, last),
    ...change,
  };
}

/** Joins one after another; fails if any is broken. */
function joinAll(...spans: ReadonlyArray<readonly [number, number]>): {
  ranges: readonly RowRange[];
  fresh: RowSpan[];
} {
  let ranges: readonly RowRange[] = [];
  const fresh: RowSpan[] = [];
  for (const [first, last] of spans) {
    const joined = joinSegment(ranges, segment(first, last));
    if (joined.kind === "broken") throw new Error(`broken at ${joined.atRow}`);
    ranges = joined.ranges;
    fresh.push(...joined.fresh);
  }
  return { ranges, fresh };
}
const spansOf = (ranges: readonly RowRange[]): Array<[number, number]> =>
  ranges.map(({ first, last }) => [first, last]);

const rows = (of: readonly RowSpan[]): number[] =>
  of.flatMap(({ first, last }) =>
    Array.from({ length: last - first + 1 }, (_, index) => first + index),
  );

describe("joinSegment", () => {
  it("makes one range of segments that meet, in whatever order they come", () => {
    expect(spansOf(joinAll([1, 3], [4, 6]).ranges)).toEqual([[1, 6]]);
    expect(spansOf(joinAll([4, 6], [1, 3]).ranges)).toEqual([[1, 6]]);
    expect(spansOf(joinAll([1, 2], [5, 6], [3, 4]).ranges)).toEqual([[1, 6]]);
  });

  it("takes every row once, however the same rows are cut again", () => {
    const cut = fc
      .tuple(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 0, max: 12 }))
      .map(([first, more]): [number, number] => [first, Math.min(40, first + more)]);
    fc.assert(
      fc.property(fc.array(cut, { minLength: 1, maxLength: 20 }), (spans) => {
        const { ranges, fresh } = joinAll(...spans);
        const wanted = [...new Set(rows(spans.map(([first, last]) => ({ first, last }))))];
        expect(rows(fresh).toSorted((a, b) => a - b)).toEqual(wanted.toSorted((a, b) => a - b));
        expect(rows(ranges)).toEqual(wanted.toSorted((a, b) => a - b));
        for (const { first, last, prev, head } of ranges) {
          expect([prev, head]).toEqual([HEADS[first - 1], HEADS[last]]);
        }
        const last = Math.max(...wanted);
        const missing = Array.from({ length: last }, (_, index) => index + 1).filter(
          (row) => !wanted.includes(row),
        );
        expect(rows(holesIn(ranges))).toEqual(missing);
      }),
      { seed: SEED, numRuns: 500 },
    );
  });

  it("notices another past wherever two stories meet", () => {
    const other = new Uint8Array(32).fill(9);
    const { ranges } = joinAll([5, 10]);
    const broken = (change: Segment): unknown => joinSegment(ranges, change);
    // follows the range, precedes it, reaches into it from either side, covers it
    expect(broken(segment(11, 12, { prev: other }))).toEqual({ kind: "broken", atRow: 10 });
    expect(broken(segment(3, 4, { prev: other }))).toEqual({ kind: "broken", atRow: 4 });
    expect(broken(segment(8, 12, { prev: other }))).toEqual({ kind: "broken", atRow: 10 });
    expect(broken(segment(3, 6, { prev: other }))).toEqual({ kind: "broken", atRow: 4 });
    expect(broken(segment(3, 12, { prev: other }))).toEqual({ kind: "broken", atRow: 4 });
    const forged = [...ROWS.slice(2, 9), new Uint8Array([99]), ...ROWS.slice(10, 12)];
    expect(broken(segment(3, 12, { rows: forged }))).toEqual({ kind: "broken", atRow: 10 });
  });

  it("lets row 1 follow from nothing but the start of a chain", () => {
    expect(joinSegment([], segment(1, 2, { prev: new Uint8Array(32).fill(1) }))).toEqual({
      kind: "broken",
      atRow: 1,
    });
  });
});

describe("holesIn", () => {
  it("counts from row 1, and up to a row that is known to exist", () => {
    expect(holesIn(joinAll([3, 4]).ranges)).toEqual([{ first: 1, last: 2 }]);
    expect(holesIn(joinAll([1, 4]).ranges, 6)).toEqual([{ first: 5, last: 6 }]);
    expect(holesIn([], 2)).toEqual([{ first: 1, last: 2 }]);
    expect(holesIn([])).toEqual([]);
  });
});
