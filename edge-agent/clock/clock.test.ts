import { punchTimeSchema } from "@clockleaf/shared/wire/punch.ts";
import { WALL_CLOCK_FLOOR_MS } from "@clockleaf/shared/wire/redating.ts";
import { describe, expect, it } from "vitest";
import {
  type ClockConfig,
  type ClockSources,
  clockConfigSchema,
  createClock,
  systemSources,
} from "./clock.ts";

const NOON = Date.UTC(2026, 10, 24, 12);
const system = clockConfigSchema.parse({ source: "system" });

function machine(
  wallMs: number,
  monotonicMs = 5000,
): ClockSources & { wall: number; mono: number } {
  return {
    wall: wallMs,
    mono: monotonicMs,
    bootId: "boot-1",
    wallMs() {
      return this.wall;
    },
    monotonicMs() {
      return this.mono;
    },
  };
}

describe("the gateway's clock", () => {
  it("says wall, monotonic and boot with the configured error bound", () => {
    const now = createClock(system, machine(NOON)).now();
    expect(now).toEqual({
      gatewayAtMs: NOON,
      monotonicMs: 5000,
      bootId: "boot-1",
      uncertaintyMs: 2000,
    });
  });

  it("says that it does not know the time when the wall clock was never set", () => {
    for (const unset of [0, Date.UTC(2000, 0, 1), WALL_CLOCK_FLOOR_MS - 1]) {
      const now = createClock(system, machine(unset)).now();
      expect(now).toMatchObject({ gatewayAtMs: unset, uncertaintyMs: null });
    }
    expect(createClock(system, machine(WALL_CLOCK_FLOOR_MS)).now().uncertaintyMs).toBe(2000);
  });

  it("says as much as the machine does of its own error", () => {
    for (const error of [5_000, null]) {
      expect(createClock(system, machine(NOON), () => error).now().uncertaintyMs).toBe(error);
    }
    const unset = createClock(system, machine(0), () => 5_000);
    expect(unset.now().uncertaintyMs).toBeNull();
  });

  it("looks again when it was held up between its two clocks", () => {
    const looks = [0, 500, 501, 501.1];
    const walls = [NOON, NOON + 501];
    const now = createClock(system, {
      bootId: "b",
      monotonicMs: () => looks.shift() ?? Number.NaN,
      wallMs: () => walls.shift() ?? Number.NaN,
    }).now();
    expect(now).toMatchObject({ gatewayAtMs: NOON + 501, monotonicMs: 501.1 });
  });

  it("keeps monotonic time growing while the wall clock jumps back", () => {
    const sources = machine(NOON);
    const clock = createClock(system, sources);
    const before = clock.now();
    sources.wall -= 3_600_000;
    sources.mono += 250;
    const after = clock.now();
    expect(after.gatewayAtMs).toBe(NOON - 3_600_000);
    expect(after.monotonicMs - before.monotonicMs).toBe(250);
  });

  it("makes what a punch row accepts, from the machine's own clocks", () => {
    const now = createClock(system).now();
    expect(() => punchTimeSchema.parse({ ...now, deviceLocal: null })).not.toThrow();
  });

  it("names a boot even where the kernel does not, and a different one each time", () => {
    const [a, b] = [systemSources("/nonexistent/boot_id"), systemSources("/nonexistent/boot_id")];
    expect(a.bootId).toMatch(/^[0-9a-f-]{36}$/);
    expect(a.bootId).not.toBe(b.bootId);
  });

  it("counts monotonic time from boot, so that it orders punches across restarts of the agent", () => {
    const sources = systemSources();
    expect(sources.monotonicMs()).toBeGreaterThan(performance.now());
  });
});

describe("a simulated clock", () => {
  const simulated: ClockConfig = clockConfigSchema.parse({
    source: "simulated",
    startAtMs: Date.UTC(2026, 5, 1, 8),
    wallStartMs: NOON,
    speed: 60,
  });

  it("runs at its speed from its start", () => {
    const now = createClock(simulated, machine(NOON + 10_000, 100)).now();
    expect(now.gatewayAtMs).toBe(Date.UTC(2026, 5, 1, 8, 10));
    expect(now.monotonicMs).toBe(6000);
  });

  it("goes on where it was after a restart of the process", () => {
    const sources = machine(NOON + 60_000);
    const before = createClock(simulated, sources).now().gatewayAtMs;
    sources.wall += 1000;
    const after = createClock(simulated, sources).now().gatewayAtMs;
    expect(after - before).toBe(60_000);
  });

  it("refuses a speed that would stand still or run backwards", () => {
    for (const speed of [0, -1]) {
      expect(clockConfigSchema.safeParse({ ...simulated, speed }).success).toBe(false);
    }
  });
});
