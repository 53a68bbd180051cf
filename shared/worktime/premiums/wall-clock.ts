import { offsetAt, SECOND } from "../civil-time.ts";
import type { Span } from "./spans.ts";

// A window of times of day holds an instant if the clock on the wall shows a time of the window then. So between two
// clock changes a window is plain arithmetic; a change cuts it: an hour that comes twice counts twice if the window holds
// it, one that is skipped not at all, and a date that a zone skipped has no window.

const DAY = 86_400 * SECOND;

/** A stretch of wall-clock time: milliseconds that the clock shows since 1970-01-01T00:00 on the wall. */
export interface WallSpan {
  readonly from: number;
  readonly to: number;
}

/** A span during which the zone's clock is not changed. */
interface Segment extends Span {
  readonly offset: number;
}

/** When the clock shows a time in one of the windows, within `span`. `windowsIn` is asked for those that may touch a stretch. */
export function instantsOf(
  span: Span,
  zone: string,
  windowsIn: (wall: WallSpan) => readonly WallSpan[],
): Span[] {
  const spans: Span[] = [];
  for (const { fromAt, toAt, offset } of segmentsOf(span, zone)) {
    for (const wall of windowsIn({ from: fromAt + offset, to: toAt + offset })) {
      const start = Math.max(fromAt, wall.from - offset);
      const end = Math.min(toAt, wall.to - offset);
      if (start < end) spans.push({ fromAt: start, toAt: end });
    }
  }
  return spans;
}

/** What the clock shows at an instant. */
export const wallOf = (at: number, zone: string): number => at + offsetAt(at, zone);

/** Days that the wall clock shows between two readings, the last one included. */
export const dayOfWall = (wall: number): number => Math.floor(wall / DAY);
export const wallOfDay = (day: number): number => day * DAY;

/** Asks once for each UTC day: no zone has ever changed its clock twice within one. */
function segmentsOf({ fromAt, toAt }: Span, zone: string): Segment[] {
  const segments: Segment[] = [];
  let offset = offsetAt(fromAt, zone);
  let start = fromAt;
  for (let at = fromAt; at < toAt; ) {
    const next = Math.min(toAt, (Math.floor(at / DAY) + 1) * DAY);
    const then = offsetAt(next - SECOND, zone);
    if (then !== offset) {
      const changeAt = changeBetween(at, next - SECOND, zone);
      if (changeAt > start) segments.push({ fromAt: start, toAt: changeAt, offset });
      start = changeAt;
      offset = then;
    }
    at = next;
  }
  if (start < toAt) segments.push({ fromAt: start, toAt, offset });
  return segments;
}

/** The first second at which the clock runs as it does at `to`; it has changed once since `from`, or at it. */
function changeBetween(from: number, to: number, zone: string): number {
  const after = offsetAt(to, zone);
  let low = from - SECOND;
  let high = to;
  while (high - low > SECOND) {
    const middle = low + Math.floor((high - low) / 2 / SECOND) * SECOND;
    if (offsetAt(middle, zone) === after) high = middle;
    else low = middle;
  }
  return high;
}
