import { expect, test } from "vitest";
import { Rate } from "./rate.ts";

test("counts the rows of the last minute and forgets those before", () => {
  let nowMs = 5_400;
  const rate = new Rate(() => nowMs);
  expect(rate.perMinute()).toBe(0);
  rate.note(10);
  rate.note(5);
  nowMs += 30_000;
  rate.note(1);
  expect(rate.perMinute()).toBe(16);
  nowMs += 30_000;
  expect(rate.perMinute()).toBe(1);
  nowMs += 3_600_000;
  expect(rate.perMinute()).toBe(0);
});
