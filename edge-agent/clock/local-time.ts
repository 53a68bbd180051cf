import { localText, offsetAt } from "@clockleaf/shared/worktime/civil-time.ts";

const DAY_MS = 86_400_000;
const LOCAL = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)$/;

/** When a clock on the wall shows a time: once, twice where clocks are set back, or never where they are set forward. */
export interface LocalInstants {
  readonly kind: "once" | "repeated" | "skipped";
  /**
   * UTC milliseconds, ascending. A skipped time has two as well: what it is on a clock that was set forward too early, and
   * on one that was not set forward yet.
   */
  readonly instants: readonly number[];
}

/**
 * What a terminal's `YYYY-MM-DDTHH:MM:SS` may mean in an IANA zone. Undefined for what no calendar has, such as 30 February;
 * throws RangeError for an unknown zone.
 */
export function instantsOf(local: string, zone: string): LocalInstants | undefined {
  const wall = wallOf(local);
  if (wall === undefined) return undefined;
  // A day and a half on either side: farther than any offset, and than the day Samoa skipped.
  const before = offsetAt(wall - 1.5 * DAY_MS, zone);
  const after = offsetAt(wall + 1.5 * DAY_MS, zone);
  const [early, late] = [wall - Math.max(before, after), wall - Math.min(before, after)];
  if (early === late) return { kind: "once", instants: [early] };
  const shown = [early, late].filter((at) => at + offsetAt(at, zone) === wall);
  if (shown.length === 1) return { kind: "once", instants: shown };
  return { kind: shown.length === 2 ? "repeated" : "skipped", instants: [early, late] };
}

/** The text as if it were UTC, milliseconds. */
function wallOf(local: string): number | undefined {
  const parts = LOCAL.exec(local)?.slice(1).map(Number);
  if (parts === undefined) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts;
  const wall = Date.UTC(year, month - 1, day, hour, minute, second);
  // Two-digit years, 30 February and 24:00 come back as something else.
  return new Date(wall).toISOString().startsWith(local) ? wall : undefined;
}

/** What a right clock in `zone` shows at `at` (UTC milliseconds), `YYYY-MM-DDTHH:MM:SS`. */
export const localTimeAt = (at: number, zone: string): string => localText(at, zone).slice(0, 19);
