import { describe, expect, it } from "vitest";
import { createRecentPunches, isCounted, RECENT_MS } from "./recent-punches.ts";

const punch = (n: number) => ({ punchId: `p${n}`, at: n * 1000, hint: null, reader: "door" });
const numbers = (many: number): number[] => Array.from({ length: many }, (_, n) => n);

describe("the punches of the last week", () => {
  it.each([
    ["oldest first", numbers(250)],
    ["newest first", numbers(250).toReversed()],
    ["the middle last", [...numbers(250).filter((n) => n % 2 > 0), ...numbers(250)].slice(0, 375)],
  ])("are of one person the newest two hundred, told %s", (_order, order) => {
    const recent = createRecentPunches();
    for (const n of new Set(order)) recent.add("ada", punch(n));
    const kept = recent.of("ada").map(({ at }) => at / 1000);
    expect(kept.toSorted((a, b) => a - b)).toEqual(numbers(250).slice(50));
  });

  it("are forgotten after eight days, and the person with the last of them", () => {
    const recent = createRecentPunches();
    recent.add("ada", punch(0));
    recent.add("ada", punch(1));
    recent.add("ben", punch(0));
    recent.prune(RECENT_MS - 1);
    expect(recent.of("ada")).toHaveLength(2);
    recent.prune(RECENT_MS);
    expect(recent.of("ada")).toEqual([punch(1)]);
    expect(recent.of("ben")).toEqual([]);
  });
});

it("what the cloud holds back does not count: a wrong or missing PIN, a time nobody knew", () => {
  const time = {
    gatewayAtMs: 1,
    monotonicMs: 1,
    bootId: "b",
    uncertaintyMs: 20,
    deviceLocal: null,
  };
  expect(isCounted({ pin: "not-asked", time })).toBe(true);
  expect(isCounted({ pin: "verified", time })).toBe(true);
  expect(isCounted({ pin: "wrong", time })).toBe(false);
  expect(isCounted({ pin: "missing", time })).toBe(false);
  expect(isCounted({ pin: "verified", time: { ...time, uncertaintyMs: null } })).toBe(false);
});
