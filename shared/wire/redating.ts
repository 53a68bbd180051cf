import type { PunchTime } from "./punch.ts";

/**
 * No gateway runs this release before 2026. A wall clock that says otherwise was never set: a box without a battery
 * wakes up in 1970 or 2000.
 */
export const WALL_CLOCK_FLOOR_MS: number = Date.UTC(2026, 0, 1);

/** One instant of a boot that is known on both clocks, the monotonic one and the wall's. */
export interface TimeAnchor {
  readonly bootId: string;
  readonly gatewayAtMs: number;
  readonly monotonicMs: number;
  /** ± error of `gatewayAtMs`. */
  readonly uncertaintyMs: number;
}

/**
 * How far CLOCK_MONOTONIC and true time part, at most: the kernel allows 500 ppm, and a board's crystal has less than 100
 * over what a room's temperature does to it.
 */
const DRIFT = 100e-6;

/** The anchor that a row's own times are; undefined where the gateway did not know the time. */
export function anchorOf(time: PunchTime): TimeAnchor | undefined {
  const { bootId, gatewayAtMs, monotonicMs, uncertaintyMs } = time;
  return uncertaintyMs === null ? undefined : { bootId, gatewayAtMs, monotonicMs, uncertaintyMs };
}

/**
 * Whether a boot that comes to know the time dates the punch: its instant is not known, and what is known of it, when it was
 * taken or when the terminal says it was made, is told by that boot's monotonic clock.
 */
export const waitsForAnchor = (time: PunchTime): boolean =>
  time.uncertaintyMs === null &&
  time.doubt === undefined &&
  (time.deviceLocal === null || time.takenMonotonicMs !== undefined);

/** The times of a punch once its boot knows the time, whichever came first; undefined where `anchor` says nothing of it. */
export function redated(time: PunchTime, anchor: TimeAnchor): PunchTime | undefined {
  if (time.bootId !== anchor.bootId || !waitsForAnchor(time)) return undefined;
  const beforeMs = anchor.monotonicMs - (time.takenMonotonicMs ?? time.monotonicMs);
  const takenAtMs = Math.round(anchor.gatewayAtMs - beforeMs);
  if (takenAtMs < 0) return undefined;
  const driftMs = Math.ceil(Math.abs(beforeMs) * DRIFT);
  const uncertaintyMs = anchor.uncertaintyMs + (time.takenWithinMs ?? 0) + driftMs;
  return { ...time, takenAtMs, uncertaintyMs };
}
