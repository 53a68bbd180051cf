import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createListening, type Listening } from "./listening.ts";

let listening: Listening;
let ended: number;
beforeEach(() => {
  vi.useFakeTimers();
  ended = 0;
  listening = createListening(1_000, () => void (ended += 1));
});
afterEach(() => {
  listening.stop();
  vi.useRealTimers();
});

test("goes on for as long as is waited for, stands still then, and says so", () => {
  vi.advanceTimersByTime(5_000);
  expect(listening.ms()).toBe(0);
  listening.goOn();
  vi.advanceTimersByTime(600);
  expect([listening.ms(), ended]).toEqual([600, 0]);
  listening.goOn();
  vi.advanceTimersByTime(5_000);
  expect([listening.ms(), ended]).toEqual([1_600, 1]);
  expect(vi.getTimerCount()).toBe(0);
});

test("ends when it is told to", () => {
  listening.goOn();
  listening.stop();
  vi.advanceTimersByTime(5_000);
  expect([listening.ms(), ended]).toEqual([0, 0]);
});
