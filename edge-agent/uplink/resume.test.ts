import { CHAIN_START, chain } from "@clockleaf/shared/wire/chain.ts";
import { createNkey, privateKeyOfSeed } from "@clockleaf/shared/wire/nkey.ts";
import { sealSegment } from "@clockleaf/shared/wire/segment.ts";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { resumeFrom, type Stored } from "./resume.ts";
import type { SegmentSource } from "./segment-source.ts";

const identity = { tenant: "acme", site: "hq", gateway: "gw1" };
const signKey = privateKeyOfSeed(createNkey().seed);
const OPTIONS = { identity, signKey };
const EPOCH = "epochepoch";
const row = (n: number): Uint8Array => Uint8Array.of(n >> 8, n & 255);

interface Journal {
  readonly rows: number;
  readonly firstKept?: number;
  readonly delivered?: number;
  readonly deliveredSeq?: number;
}

function headBefore(first: number): Uint8Array {
  let head: Uint8Array = CHAIN_START;
  for (let n = 1; n < first; n += 1) head = chain(head, row(n));
  return head;
}

/** A journal whose row n holds the number n. */
function journal({ rows, firstKept = 1, delivered = 0, deliveredSeq = 0 }: Journal): SegmentSource {
  return {
    epoch: EPOCH,
    lastRow: () => rows,
    deliveredRow: () => delivered,
    read(first, { maxRows }) {
      if (first < firstKept || first > rows) return undefined;
      const count = Math.min(maxRows, rows - first + 1, 3); // pieces smaller than a segment
      const found = Array.from({ length: count }, (_, index) => row(first + index));
      return { epoch: EPOCH, first, prev: headBefore(first), rows: found };
    },
    markDelivered: () => undefined,
    onAppended: () => () => undefined,
    stats: () => ({ firstKeptRow: firstKept, deliveredStreamSeq: deliveredSeq }),
  };
}

/** The segment of rows `first` to `last`, stored at `seq`. */
function stored(seq: number, [first, last]: readonly [number, number], epoch = EPOCH): Stored {
  const rows = Array.from({ length: last - first + 1 }, (_, index) => row(first + index));
  const body = { v: 1 as const, ...identity, epoch, first, prev: headBefore(first), rows };
  return { seq, data: sealSegment(body, signKey) };
}

describe("resuming", () => {
  it("starts with row 1 where nothing is stored", () => {
    expect(resumeFrom(undefined, journal({ rows: 9 }), OPTIONS)).toEqual({
      kind: "continue",
      nextRow: 1,
      expect: 0,
      deliveredRow: undefined,
      lostFrom: undefined,
    });
  });

  it("goes on behind what is stored, whatever the journal's own mark says", () => {
    for (const delivered of [0, 4, 9]) {
      const resume = resumeFrom(stored(77, [3, 8]), journal({ rows: 9, delivered }), OPTIONS);
      expect(resume).toMatchObject({ kind: "continue", nextRow: 9, expect: 77, deliveredRow: 8 });
    }
  });

  it("says which rows are gone for good when the hub lost them and the journal no longer keeps them", () => {
    const source = journal({ rows: 30, firstKept: 21, delivered: 20 });
    expect(resumeFrom(undefined, source, OPTIONS)).toMatchObject({ nextRow: 21, lostFrom: 1 });
    expect(resumeFrom(stored(5, [1, 10]), source, OPTIONS)).toMatchObject({
      nextRow: 21,
      lostFrom: 11,
    });
  });

  it("takes delivered rows on trust that are too old to compare", () => {
    const source = journal({ rows: 30, firstKept: 21, delivered: 20 });
    expect(resumeFrom(stored(5, [15, 20]), source, OPTIONS)).toMatchObject({ nextRow: 21 });
  });

  it("sees a rival in rows that differ, that the journal does not have, or that follow another journal", () => {
    const source = journal({ rows: 9, delivered: 5, deliveredSeq: 40 });
    const differing = sealSegment(
      { v: 1, ...identity, epoch: source.epoch, first: 1, prev: CHAIN_START, rows: [row(99)] },
      signKey,
    );
    const kinds = [
      { seq: 41, data: differing },
      stored(41, [3, 10]),
      stored(41, [1, 2], "otherepoch"),
    ].map((newest) => resumeFrom(newest, source, OPTIONS).kind);
    expect(kinds).toEqual(["rival", "rival", "rival"]);
  });

  it("asks again when the answer is older than what it knows itself", () => {
    const source = journal({ rows: 9, delivered: 5, deliveredSeq: 40 });
    expect(resumeFrom(stored(39, [1, 2], "otherepoch"), source, OPTIONS)).toEqual({
      kind: "stale",
    });
  });

  it("of a box set up anew, goes on behind the former journal", () => {
    const resume = resumeFrom(stored(39, [1, 2], "otherepoch"), journal({ rows: 9 }), OPTIONS);
    expect(resume).toMatchObject({ kind: "continue", nextRow: 1, expect: 39 });
  });

  it("takes no bytes but its own segments for its own, and never throws", () => {
    const own = stored(7, [1, 5]).data;
    fc.assert(
      fc.property(
        fc.oneof(
          fc.uint8Array({ maxLength: 300 }),
          fc
            .tuple(fc.nat(own.length - 1), fc.integer({ min: 1, max: 255 }))
            .map(([at, flip]) => own.map((byte, index) => (index === at ? byte ^ flip : byte))),
          fc.nat(own.length - 1).map((length) => own.slice(0, length)),
        ),
        (data) => {
          const resume = resumeFrom({ seq: 7, data }, journal({ rows: 9 }), OPTIONS);
          expect(resume.kind).toBe("rival");
        },
      ),
      { numRuns: 2000 },
    );
  });
});
