import { describe, expect, it } from "vitest";
import { createSiteClock } from "./site-clock.ts";

describe("the site's clock", () => {
  it("stands still until it starts and then runs at its speed", () => {
    let wall = 1_000;
    const clock = createSiteClock({ startAtMs: 50_000, speed: 60, wallNow: () => wall });
    wall = 9_000;
    expect(clock.now()).toBe(50_000);
    clock.start();
    wall = 9_500;
    expect(clock.now()).toBe(80_000);
    expect(clock.wallMsUntil(110_000)).toBe(500);
    expect(clock.wallMsUntil(60_000)).toBe(0);
  });

  it("does not start a second time", () => {
    let wall = 0;
    const clock = createSiteClock({ startAtMs: 0, speed: 1, wallNow: () => wall });
    clock.start();
    wall = 100;
    clock.start();
    expect([clock.now(), clock.startedAtMs()]).toEqual([100, 0]);
  });
});
