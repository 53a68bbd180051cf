import { describe, expect, it } from "vitest";
import { type Sample, type Trouble, withHearing } from "./hearing.ts";
import type { LedgerTap } from "./ledger.ts";

const TAP: LedgerTap = {
  id: 1,
  reader: "door",
  badge: "number-1",
  // Whoever had to wait for the sensor came long before.
  atMs: 2_000,
  claim: null,
  why: "nobody surely listened",
  wholeAtMs: 10_500,
};
const look = (second: number, over: Partial<Sample> = {}): Sample => ({
  askedAtMs: second * 1000,
  answeredAtMs: second * 1000 + 5,
  life: 1,
  online: new Set(["door"]),
  ...over,
});
const SAMPLES = [9, 10, 11, 12, 13, 14].map((second) => look(second));
const cut = (from: number, until: number, reader = "door"): Trouble => ({
  name: "cut",
  readers: [reader],
  fromMs: from * 1000,
  untilMs: until * 1000,
});
const claimOf = (
  samples: readonly Sample[] = SAMPLES,
  troubles: readonly Trouble[] = [],
  tap: LedgerTap = TAP,
) => withHearing([tap], samples, troubles)[0]?.claim;

describe("whether the agent surely listened", () => {
  it("is so when it was seen before and after in one life, with the line at peace", () => {
    expect(claimOf()).toBe("heard");
    expect(claimOf(SAMPLES, [cut(1, 9), cut(14, 15), cut(10, 11, "gate")])).toBe("heard");
  });

  it("is not known before the first and after the last look, nor over a gap between them", () => {
    expect(claimOf(SAMPLES.slice(2))).toBeNull();
    expect(claimOf(SAMPLES.slice(0, 3))).toBeNull();
    expect(claimOf([look(9), look(20)])).toBeNull();
  });

  it("counts from the answer on: a slow one may tell of a line that was opened after the tap", () => {
    const slow = [look(10, { answeredAtMs: 10_600 }), ...SAMPLES.slice(2)];
    expect(claimOf(slow)).toBeNull();
    expect(claimOf([look(10, { answeredAtMs: 10_400 }), ...SAMPLES.slice(2)])).toBe("heard");
  });

  it("is not so when it was killed, or off line, or the line was cut meanwhile", () => {
    const changed = (over: Partial<Sample>): Sample[] => SAMPLES.with(2, look(11, over));
    expect(claimOf(changed({ life: 2 }))).toBeNull();
    expect(claimOf(changed({ online: new Set() }))).toBeNull();
    expect(claimOf(SAMPLES, [cut(11, 11.1)])).toBeNull();
  });

  it("leaves taps alone that were damaged, or that are owed anyway", () => {
    expect(claimOf(SAMPLES, [], { ...TAP, wholeAtMs: null })).toBeNull();
    expect(claimOf(SAMPLES, [], { ...TAP, claim: "shown" })).toBe("shown");
  });
});
