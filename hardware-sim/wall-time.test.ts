import { describe, expect, it } from "vitest";
import { createWallTime } from "./wall-time.ts";

// Two clocks are read one after the other, so that nothing between them may be a little less than nothing.
const hours = (ms: number): number => Math.round(ms / 3_600_000) + 0;

describe("the time that a terminal shows", () => {
  it("jumps, stands still, runs again, and may be that of another place", async () => {
    const right = createWallTime();
    const wall = createWallTime();
    const ahead = (): number => hours(wall.ms() - right.ms());
    expect(ahead()).toBe(0);
    await wall.acts["clock-step"]("7200");
    expect(ahead()).toBe(2);
    await wall.acts["clock-stuck"]("");
    const stuck = wall.ms();
    await wall.acts["clock-step"]("-3600");
    expect(wall.ms()).toBe(stuck - 3_600_000);
    await wall.acts["clock-runs"]("");
    expect(ahead()).toBe(1);
    await wall.acts.zone("Asia/Tokyo");
    const tokyo = wall.ms();
    await wall.acts.zone("Etc/GMT+5");
    expect(hours(tokyo - wall.ms())).toBe(9 + 5);
    expect(() => wall.acts.zone("Mars/Olympus")).toThrow(/Europe\/Berlin/);
  });
});
