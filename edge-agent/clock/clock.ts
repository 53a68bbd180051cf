import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import type { PunchTime } from "@clockleaf/shared/wire/punch.ts";
import { z } from "zod";

/**
 * What the gateway knows about an instant. `gatewayAtMs` may jump when somebody sets the clock; `monotonicMs` never
 * does, and counts from the boot that `bootId` names, so punches of one boot keep their order and their distances.
 */
export type GatewayTime = Omit<PunchTime, "deviceLocal">;

export interface Clock {
  now(): GatewayTime;
}

const uncertaintyMs = z
  .int()
  .min(0)
  .max(86_400_000)
  .default(2000)
  .describe(
    "Error bound of the gateway's wall clock in milliseconds, as NTP keeps it; default 2000",
  );

export const clockConfigSchema = z.discriminatedUnion("source", [
  z.strictObject({
    source: z.literal("system").describe("The machine's clock"),
    uncertaintyMs,
  }),
  z.strictObject({
    source: z.literal("simulated").describe("A clock for demonstrations and tests"),
    startAtMs: z
      .int()
      .min(0)
      .max(4_102_444_800_000)
      .describe("UTC milliseconds the simulated clock shows at wallStartMs"),
    wallStartMs: z
      .int()
      .min(0)
      .describe("Machine time in UTC milliseconds at which the simulation began"),
    speed: z
      .number()
      .positive()
      .max(1_000_000)
      .default(1)
      .describe("Simulated milliseconds per real millisecond; default 1"),
    uncertaintyMs,
  }),
]);
export type ClockConfig = z.output<typeof clockConfigSchema>;

/** Where a clock gets its facts from. */
export interface ClockSources {
  /** UTC milliseconds of the machine's wall clock. */
  wallMs(): number;
  /** Milliseconds that only grow, from a point that `bootId` names. */
  monotonicMs(): number;
  readonly bootId: string;
}

/**
 * No gateway runs this release before 2026. A wall clock that says otherwise was never set: a box without a battery
 * wakes up in 1970 or 2000.
 */
export const WALL_CLOCK_FLOOR_MS: number = Date.UTC(2026, 0, 1);

/**
 * A simulated clock is anchored to the machine's wall clock, not to the start of this process, so that it goes on
 * where it was after a restart.
 */
export function createClock(config: ClockConfig, sources: ClockSources = systemSources()): Clock {
  return {
    now() {
      const gatewayAtMs = wallOf(config, sources.wallMs());
      return {
        gatewayAtMs,
        monotonicMs: sources.monotonicMs() * (config.source === "simulated" ? config.speed : 1),
        bootId: sources.bootId,
        uncertaintyMs: gatewayAtMs < WALL_CLOCK_FLOOR_MS ? null : config.uncertaintyMs,
      };
    },
  };
}

function wallOf(config: ClockConfig, wallMs: number): number {
  const shown =
    config.source === "system"
      ? wallMs
      : config.startAtMs + (wallMs - config.wallStartMs) * config.speed;
  return Math.max(0, Math.round(shown));
}

/** The machine's own clocks. `hrtime` is CLOCK_MONOTONIC: since boot, not since this process began. */
export function systemSources(bootIdFile = "/proc/sys/kernel/random/boot_id"): ClockSources {
  return {
    wallMs: () => Date.now(),
    monotonicMs: () => Number(process.hrtime.bigint() / 1000n) / 1000,
    bootId: bootIdOf(bootIdFile),
  };
}

/** The kernel's name for this boot; where there is none, a name for this process, which orders less but never wrongly. */
function bootIdOf(file: string): string {
  try {
    const id = readFileSync(file, "utf8").trim();
    if (/^[0-9a-f-]{36}$/.test(id)) return id;
  } catch {
    // Not Linux, or /proc is hidden.
  }
  return randomUUID();
}
