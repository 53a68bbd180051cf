import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { HubClock, type Mark, offsetOf } from "./hub-clock.ts";

describe("the offset between two clocks", () => {
  it("lies within what is said, wherever between question and answer the segment was stored", () => {
    fc.assert(
      fc.property(
        fc.record({
          aheadMs: fc.integer({ min: -1e9, max: 1e9 }),
          sentAt: fc.double({ min: 1.7e12, max: 1.9e12, noNaN: true }),
          thereMs: fc.double({ min: 0, max: 5_000, noNaN: true }),
          backMs: fc.double({ min: 0, max: 5_000, noNaN: true }),
        }),
        ({ aheadMs, sentAt, thereMs, backMs }) => {
          // Clocks are read in whole milliseconds.
          const mark = (trueMs: number): Mark => ({
            wallMs: Math.floor(trueMs + aheadMs),
            monotonicMs: trueMs - 1.7e12,
          });
          const storedAtMs = Math.floor(sentAt + thereMs);
          const offset = offsetOf(mark(sentAt), mark(sentAt + thereMs + backMs), storedAtMs);
          const off = Math.abs((offset?.aheadMs ?? Number.NaN) - aheadMs);
          expect(off).toBeLessThanOrEqual(offset?.withinMs ?? 0);
          expect(offset?.withinMs).toBeLessThanOrEqual((thereMs + backMs) / 2 + 5);
        },
      ),
    );
  });

  it("is none when the wall clock was set before the answer came", () => {
    expect(
      offsetOf({ wallMs: 0, monotonicMs: 0 }, { wallMs: 60_000, monotonicMs: 20 }, 0),
    ).toBeUndefined();
  });
});

describe("when the clocks are compared", () => {
  let at: Mark;
  const passed = (ms: number, setByMs = 0): void => {
    at = { wallMs: at.wallMs + ms + setByMs, monotonicMs: at.monotonicMs + ms };
  };
  const measured = (): HubClock => {
    at = { wallMs: 1_800_000_000_000, monotonicMs: 1_000 };
    const clock = new HubClock(() => at);
    expect([clock.isDue(), clock.offset()]).toEqual([true, null]);
    clock.tried();
    clock.heard(at, at, at.wallMs - 600_000);
    return clock;
  };

  it("is every five minutes, and not sooner than ten seconds after one that came to nothing", () => {
    const clock = measured();
    expect(clock.offset()).toMatchObject({ aheadMs: 600_000, withinMs: 2 });
    passed(299_000);
    expect(clock.isDue()).toBe(false);
    passed(1_000);
    expect(clock.isDue()).toBe(true);
    clock.tried();
    passed(9_000);
    expect(clock.isDue()).toBe(false);
    passed(1_000);
    expect(clock.isDue()).toBe(true);
  });

  it("is also after a cut of the link, which makes no measurement wrong", () => {
    const clock = measured();
    passed(20_000);
    clock.doubt();
    expect(clock.isDue()).toBe(true);
    expect(clock.offset()).not.toBeNull();
  });

  it("is also after this clock was set, and until then nothing is said", () => {
    const clock = measured();
    passed(20_000, -600_000);
    expect([clock.isDue(), clock.offset()]).toEqual([true, null]);
    clock.heard(at, at, at.wallMs);
    expect(clock.offset()).toMatchObject({ aheadMs: 0 });
  });
});
