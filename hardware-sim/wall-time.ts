import { PlatformError } from "@clockleaf/shared/lib/errors.ts";
import type { Acts } from "./sim-terminal.ts";

export const CLOCK_ACTS = ["clock-step", "clock-stuck", "clock-runs", "zone"] as const;

/** What drives the clock of a terminal: the time on the wall beside it, and what may be wrong with that. */
export interface WallTime {
  /** Milliseconds as a calendar without zones counts them. */
  readonly ms: () => number;
  /** `2026-12-01T08:00:00` */
  text(): string;
  readonly acts: Required<Pick<Acts, (typeof CLOCK_ACTS)[number]>>;
}

/** The time of this machine's own zone: a person looking at a terminal sees the time of the machine. */
export function createWallTime(): WallTime {
  let zone: string | undefined;
  let steppedMs = 0;
  let stuckAt: number | undefined;
  const ms = (): number => stuckAt ?? localMs(zone) + steppedMs;
  return {
    ms,
    text: () => new Date(ms()).toISOString().slice(0, 19),
    acts: {
      "clock-step"(text) {
        const seconds = parseSeconds(text);
        steppedMs += seconds * 1_000;
        if (stuckAt !== undefined) stuckAt += seconds * 1_000;
      },
      "clock-stuck"() {
        stuckAt = ms();
      },
      "clock-runs"() {
        stuckAt = undefined;
      },
      zone(name) {
        localMs(name);
        zone = name;
      },
    },
  };
}

/** `-90` → seconds. Throws `config.invalid`. */
export function parseSeconds(text: string): number {
  if (!/^[+-]?\d{1,9}$/.test(text)) throw invalid(`${text}: whole seconds, such as 90 or -3600`);
  return Number(text);
}

function localMs(zone: string | undefined): number {
  const now = new Date();
  if (zone === undefined) return now.getTime() - now.getTimezoneOffset() * 60_000;
  try {
    // Swedes write dates as ISO does.
    const shown = now.toLocaleString("sv-SE", { timeZone: zone });
    return Date.parse(`${shown.replace(" ", "T")}Z`) + now.getUTCMilliseconds();
  } catch (cause) {
    throw invalid(`${zone}: a time zone such as Europe/Berlin`, cause);
  }
}

const invalid = (message: string, cause?: unknown): PlatformError =>
  new PlatformError("config.invalid", message, cause === undefined ? {} : { cause });
