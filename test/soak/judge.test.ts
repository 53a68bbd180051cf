import { describe, expect, it } from "vitest";
import { type Evidence, judge, type Row, type Tap } from "./judge.ts";

const tap = (id: number, over: Partial<Tap> = {}): Tap => ({
  id,
  reader: "door",
  badge: `number-${id}`,
  atMs: id * 1000,
  claim: "kept",
  why: null,
  ...over,
});
const row = (id: number, over: Partial<Row> = {}): Row => ({
  punchId: `gw-e-${id}`,
  reader: "door",
  badge: `number-${id}`,
  ...over,
});
const CLEAN: Evidence = {
  readers: ["door", "gate"],
  taps: [tap(1), tap(2), tap(3, { claim: null, why: "line cut" })],
  journal: [row(1), row(2)],
  stored: [row(1), row(2)],
};
const run = (over: Partial<Evidence> = {}) => judge({ ...CLEAN, ...over });

describe("the judge of the soak", () => {
  it("finds nothing where every owed tap is stored once", () => {
    expect(run()).toMatchObject({ taps: 3, owed: 2, rows: 2, stored: 2, faults: [] });
    expect(run()).toMatchObject({ lost: 0, doubled: 0, invented: 0 });
  });

  it("lets a tap that is owed nothing be stored, once", () => {
    const with3 = [row(1), row(2), row(3)];
    expect(run({ journal: with3, stored: with3 })).toMatchObject({ lost: 0, doubled: 0 });
    const twice = [...with3, row(4, { badge: "number-3" })];
    expect(run({ journal: twice, stored: twice })).toMatchObject({ lost: 0, doubled: 1 });
  });

  it("counts an owed tap without a row as lost, and says which", () => {
    const judged = run({ journal: [row(1)], stored: [row(1)] });
    expect(judged).toMatchObject({ lost: 1, doubled: 0 });
    expect(judged.faults).toEqual(["lost: door number-2: tap 2 kept; 0 in the journal"]);
  });

  it("counts a row that never reached the hub as lost", () => {
    const judged = run({ stored: [row(2)] });
    expect(judged).toMatchObject({ lost: 1, doubled: 0 });
    expect(judged.faults).toEqual(["lost: door number-1: tap 1 kept; 0 at the hub"]);
  });

  it("counts a second row of one tap as doubled, in the journal or at the hub alone", () => {
    const extra = row(9, { badge: "number-1" });
    expect(run({ journal: [...CLEAN.journal, extra] })).toMatchObject({ lost: 0, doubled: 1 });
    expect(run({ stored: [...CLEAN.stored, extra] })).toMatchObject({ lost: 0, doubled: 1 });
  });

  it("counts one row stored twice at the hub as doubled", () => {
    expect(run({ stored: [...CLEAN.stored, row(1)] })).toMatchObject({ lost: 0, doubled: 1 });
  });

  it("does not let a second row hide a lost one", () => {
    const rows = [row(1), row(7, { badge: "number-1" })];
    expect(run({ journal: rows, stored: rows })).toMatchObject({ lost: 1, doubled: 1 });
  });

  it("wants as many rows as the same person came times", () => {
    const taps = [tap(1), tap(2, { badge: "number-1" })];
    const both = [row(1), row(2, { badge: "number-1" })];
    expect(run({ taps, journal: both, stored: both })).toMatchObject({ lost: 0, doubled: 0 });
    expect(run({ taps, journal: [row(1)], stored: [row(1)] })).toMatchObject({ lost: 1 });
  });

  it("calls a row invented whose badge nobody used, or not at that reader", () => {
    for (const over of [{ badge: "number-99" }, { badge: "number-1", reader: "gate" }]) {
      const rows = [...CLEAN.journal, row(9, over)];
      expect(run({ journal: rows, stored: rows })).toMatchObject({ lost: 0, invented: 1 });
    }
  });

  it("accounts for every tap of every reader, those that nobody came to as well", () => {
    const { readers } = run();
    expect(readers["door"]).toMatchObject({
      taps: 3,
      owed: { kept: 2, acknowledged: 0, shown: 0, heard: 0 },
      notOwed: { "line cut": 1 },
      storedUnowed: 0,
      rows: 2,
      stored: 2,
    });
    expect(readers["gate"]).toMatchObject({ taps: 0, rows: 0, stored: 0 });
  });
});
