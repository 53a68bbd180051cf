/**
 * A terminal's wall time in 32 bits: seconds in a calendar whose months all have 31 days.
 *
 *     ((((year % 100) * 12 + month - 1) * 31 + day - 1) * 24 + hour) * 3600 + minute * 60 + second
 *
 * Source: pyzk 0.9 `__decode_time` (which names `zkemsdk.c`), checked against a published capture. So 31 February can be
 * written, and is no date.
 */
const DAY_SECONDS = 86_400;
const CENTURY = 2000;

/** `YYYY-MM-DDTHH:MM:SS`, or null for a day that no calendar has. */
export function localOf(raw: number): string | null {
  const days = Math.floor(raw / DAY_SECONDS);
  const seconds = raw % DAY_SECONDS;
  return civil({
    year: CENTURY + Math.floor(days / 31 / 12),
    month: (Math.floor(days / 31) % 12) + 1,
    day: (days % 31) + 1,
    seconds,
  });
}

function civil(at: {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly seconds: number;
}): string | null {
  const atMs = Date.UTC(at.year, at.month - 1, at.day) + at.seconds * 1000;
  const text = new Date(atMs).toISOString().slice(0, 19);
  // A day the month does not have has become one of the next.
  return Number(text.slice(8, 10)) === at.day ? text : null;
}

/** A wall time (`YYYY-MM-DDTHH:MM:SS`) as the terminal writes it. */
export function rawOf(local: string): number {
  const wall = new Date(`${local}Z`);
  const days =
    ((wall.getUTCFullYear() % 100) * 12 + wall.getUTCMonth()) * 31 + wall.getUTCDate() - 1;
  return (
    days * DAY_SECONDS +
    wall.getUTCHours() * 3600 +
    wall.getUTCMinutes() * 60 +
    wall.getUTCSeconds()
  );
}
