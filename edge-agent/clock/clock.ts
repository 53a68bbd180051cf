import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import type { PunchTime } from "@clockleaf/shared/wire/punch.ts";
import { WALL_CLOCK_FLOOR_MS } from "@clockleaf/shared/wire/redating.ts";
import { z } from "zod";

/**
 * What the gateway knows about an instant. `gatewayAtMs` may jump when somebody sets the clock; `monotonicMs` never
 * does, and counts from the boot that `bootId` names, so punches of one boot keep their order and their distances.
 */
export type GatewayTime = Pick<
  PunchTime,
  "gatewayAtMs" | "monotonicMs" | "bootId" | "uncertaintyMs"
>;

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
    ntp: z
      .enum(["watch", "ignore"])
      .default("watch")
      .describe(
        "watch: ask chrony, systemd-timesyncd or the kernel whether the clock is right, and say how wrong it may be while it is not; ignore: it is right wherever it comes from. Default watch",
      ),
    rtcUncertaintyMs: z
      .int()
      .min(0)
      .max(86_400_000)
      .default(60_000)
      .describe(
        "Error bound in milliseconds after a boot, set by a clock with a battery, until NTP has answered; default 60000",
      ),
    driftPpm: z
      .number()
      .min(0)
      .max(500)
      .default(50)
      .describe("What the clock gains or loses without NTP, parts per million; default 50"),
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
 * A simulated clock is anchored to the machine's wall clock, not to the start of this process, so that it goes on
 * where it was after a restart. `errorMs` says how wrong the wall clock may be now; null = nothing is known of it.
 */
export function createClock(
  config: ClockConfig,
  sources: ClockSources = systemSources(),
  errorMs: () => number | null = () => config.uncertaintyMs,
): Clock {
  return {
    now() {
      const { wallMs, monotonicMs } = together(sources);
      const gatewayAtMs = wallOf(config, wallMs);
      return {
        gatewayAtMs,
        monotonicMs: monotonicMs * (config.source === "simulated" ? config.speed : 1),
        bootId: sources.bootId,
        uncertaintyMs: gatewayAtMs < WALL_CLOCK_FLOOR_MS ? null : errorMs(),
      };
    },
  };
}

const MOST_APART_MS = 20;
const TRIES = 3;

/** Both clocks of one moment: a process that was held up between the two looks again. */
function together(sources: ClockSources): {
  readonly wallMs: number;
  readonly monotonicMs: number;
} {
  for (let tries = 1; ; tries += 1) {
    const before = sources.monotonicMs();
    const wallMs = sources.wallMs();
    const monotonicMs = sources.monotonicMs();
    if (monotonicMs - before <= MOST_APART_MS || tries >= TRIES) return { wallMs, monotonicMs };
  }
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
