/** The site's own clock: starts where one likes and may run faster than the wall. */
export interface SiteClock {
  readonly startAtMs: number;
  readonly speed: number;
  /** Wall time at which the site's clock started; null before `start`. */
  readonly startedAtMs: () => number | null;
  start(): void;
  /** `startAtMs + (wall − wall at start) × speed`; stands still at `startAtMs` before the start. */
  now(): number;
  /** Wall milliseconds until the site's clock shows `siteMs`; 0 when it already has. */
  wallMsUntil(siteMs: number): number;
}

export interface SiteClockOptions {
  readonly startAtMs: number;
  readonly speed: number;
  /** Wall time, UTC milliseconds. */
  readonly wallNow: () => number;
}

export function createSiteClock({ startAtMs, speed, wallNow }: SiteClockOptions): SiteClock {
  let startedAtMs: number | null = null;
  const now = (): number =>
    startedAtMs === null ? startAtMs : startAtMs + (wallNow() - startedAtMs) * speed;
  return {
    startAtMs,
    speed,
    startedAtMs: () => startedAtMs,
    start() {
      startedAtMs ??= wallNow();
    },
    now,
    wallMsUntil: (siteMs) => Math.max(0, (siteMs - now()) / speed),
  };
}
