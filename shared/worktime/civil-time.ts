import { Temporal } from "temporal-polyfill";
import { z } from "zod";

/** 9999-12-30T00:00Z: the last instant whose civil date has a four-digit year in every zone. */
export const LAST_INSTANT = 253_402_128_000_000;

/** An IANA time zone that this machine's tables know; fixed offsets such as `+02:00` are none. */
export const zoneSchema = z
  .string()
  .max(64)
  .refine(isKnownZone, "not an IANA time zone, such as Europe/Berlin")
  .describe("IANA time zone, such as Europe/Berlin");

/** The date a wall calendar in `zone` shows at `at` (UTC milliseconds), `YYYY-MM-DD`. Throws RangeError for an unknown zone. */
export function civilDateOf(at: number, zone: string): string {
  return Temporal.Instant.fromEpochMilliseconds(at)
    .toZonedDateTimeISO(zone)
    .toPlainDate()
    .toString();
}

function isKnownZone(zone: string): boolean {
  if (!/^[A-Za-z]/.test(zone)) return false;
  try {
    return civilDateOf(0, zone) !== "";
  } catch {
    return false;
  }
}

/** Length of time for people: `45 s`, `32 min`, `7 h 05 min`. */
export function spell(durationMs: number): string {
  const seconds = Math.floor(durationMs / 1000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, "0")} min`;
}
