/** A terminal's clock: wall time without zone, kept as milliseconds as if it were UTC. */
export interface ZkClock {
  now(): Date;
  set(at: Date): void;
  /** It stands still from now on, as with an empty battery and a broken crystal. */
  stick(): void;
}

/** `wallMs` gives real time; the terminal begins with what it shows, plus `aheadMs`. */
export function createZkClock(wallMs: () => number, aheadMs = 0): ZkClock {
  let ahead = aheadMs;
  let stuck: Date | undefined;
  return {
    now: () => stuck ?? new Date(wallMs() + ahead),
    set(at) {
      if (stuck === undefined) ahead = at.getTime() - wallMs();
      else stuck = at;
    },
    stick() {
      stuck = new Date(wallMs() + ahead);
    },
  };
}

/** Seconds since 2000 in a calendar of months of 31 days. */
export function packTime(at: Date): number {
  const months = (at.getUTCFullYear() - 2000) * 12 + at.getUTCMonth();
  const hours = (months * 31 + at.getUTCDate() - 1) * 24 + at.getUTCHours();
  return (hours * 60 + at.getUTCMinutes()) * 60 + at.getUTCSeconds();
}

export function unpackTime(packed: number): Date {
  const minutes = Math.floor(packed / 60);
  const hours = Math.floor(minutes / 60);
  const days = Math.floor(hours / 24);
  const months = Math.floor(days / 31);
  return new Date(
    Date.UTC(
      2000 + Math.floor(months / 12),
      months % 12,
      (days % 31) + 1,
      hours % 24,
      minutes % 60,
      packed % 60,
    ),
  );
}

/** Year, month, day, hour, minute, second, a byte each: how live events say it. */
export const packEventTime = (at: Date): Buffer =>
  Buffer.of(
    at.getUTCFullYear() - 2000,
    at.getUTCMonth() + 1,
    at.getUTCDate(),
    at.getUTCHours(),
    at.getUTCMinutes(),
    at.getUTCSeconds(),
  );
