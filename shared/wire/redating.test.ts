import { describe, expect, it } from "vitest";
import { type PunchTime, punchedAtMs } from "./punch.ts";
import { anchorOf, redated, type TimeAnchor, waitsForAnchor } from "./redating.ts";

const NEW_YEAR_2000 = Date.UTC(2000, 0, 1);
const NOON = Date.UTC(2026, 10, 24, 12);
const HOUR = 3_600_000;

const time = (change: Partial<PunchTime> = {}): PunchTime => ({
  gatewayAtMs: NEW_YEAR_2000 + 5_000,
  monotonicMs: 5_000,
  bootId: "boot-1",
  uncertaintyMs: null,
  deviceLocal: null,
  ...change,
});
const anchor: TimeAnchor = {
  bootId: "boot-1",
  gatewayAtMs: NOON,
  monotonicMs: 5_000 + 2 * HOUR,
  uncertaintyMs: 40,
};

describe("a punch that was taken before its gateway knew the time", () => {
  it("is dated by how long before that it was taken, and says how sure that is", () => {
    const dated = redated(time(), anchor);
    expect(dated).toEqual({ ...time(), takenAtMs: NOON - 2 * HOUR, uncertaintyMs: 40 + 720 });
    expect(dated && punchedAtMs(dated)).toBe(NOON - 2 * HOUR);
    expect(punchedAtMs(time())).toBe(NEW_YEAR_2000 + 5_000);
  });

  it("is dated by an earlier anchor just as well", () => {
    const late = time({ monotonicMs: anchor.monotonicMs + HOUR });
    expect(redated(late, anchor)?.takenAtMs).toBe(NOON + HOUR);
  });

  it("was made when the terminal says, also before the gateway's boot", () => {
    const read = { deviceLocal: "2026-11-21T08:00:00", takenMonotonicMs: -70 * HOUR };
    expect(redated(time({ ...read, takenWithinMs: 1_500 }), anchor)).toMatchObject({
      takenAtMs: NOON - 72 * HOUR - 5_000,
      uncertaintyMs: 40 + 1_500 + 25_921,
    });
  });

  it.each([
    ["of another boot", { bootId: "boot-2" }],
    ["whose instant is known", { uncertaintyMs: 5 }],
    ["that was dated already", { uncertaintyMs: 5, takenAtMs: 1 }],
    ["whose terminal said something impossible", { doubt: "ahead" }],
    ["of a log record without a date", { doubt: "no-date" }],
    ["of a terminal whose clock nobody compared", { deviceLocal: "2026-11-21T08:00:00" }],
    ["from before 1970", { takenMonotonicMs: -1e15, deviceLocal: "2026-11-21T08:00:00" }],
  ] as const)("is left alone: one %s", (_which, change) => {
    expect(redated(time(change), anchor)).toBeUndefined();
  });

  it("waits only where an anchor can help", () => {
    expect(waitsForAnchor(time())).toBe(true);
    expect(waitsForAnchor(time({ uncertaintyMs: 0 }))).toBe(false);
  });
});

it("a row that knows its time is an anchor, one that does not is none", () => {
  expect(anchorOf(time())).toBeUndefined();
  const known = time({ uncertaintyMs: 40, gatewayAtMs: NOON, monotonicMs: 5_000 + 2 * HOUR });
  expect(anchorOf(known)).toEqual(anchor);
});
