import type { PunchOrigin } from "@clockleaf/shared/events/attendance.ts";
import type { GatewayAddress } from "@clockleaf/shared/subjects.ts";
import { decode } from "@clockleaf/shared/wire/codec.ts";
import { journalRowSchema, type PunchRow, punchIdOf } from "@clockleaf/shared/wire/punch.ts";
import { anchorOf, type TimeAnchor } from "@clockleaf/shared/wire/redating.ts";
import { MAX_ROW_BYTES, type Segment } from "@clockleaf/shared/wire/segment.ts";
import { badgeOf } from "./attribution.ts";
import type { StatusNote } from "./intake-store.ts";
import type { RowSpan } from "./ranges.ts";

export interface ReadPunchRow {
  readonly origin: PunchOrigin;
  readonly traceparent: string;
}

export interface ReadAnchor extends TimeAnchor {
  readonly rowId: string;
}

export interface SegmentRows {
  readonly punches: readonly ReadPunchRow[];
  readonly statuses: readonly StatusNote[];
  /** Rows in which the gateway says that it knows the time. */
  readonly anchors: readonly ReadAnchor[];
  /** Numbers of rows that are signed but not in a form this version knows. */
  readonly unreadable: readonly number[];
}

/** The rows of a verified segment that lie in `spans`, by kind. */
export function readRows(segment: Segment, spans: readonly RowSpan[]): SegmentRows {
  const punches: ReadPunchRow[] = [];
  const statuses: StatusNote[] = [];
  const anchors: ReadAnchor[] = [];
  const unreadable: number[] = [];
  for (const { number, bytes } of rowsIn(segment, spans)) {
    const row = readRow(bytes);
    const rowId = punchIdOf(segment.gateway, segment.epoch, number);
    if (row === undefined) unreadable.push(number);
    else if (row.kind === "punch") {
      punches.push({ origin: originOf(row, rowId, segment), traceparent: row.traceparent });
    } else {
      statuses.push({ rowId, reader: row.reader, what: row.what, at: row.time.gatewayAtMs });
      const anchor = row.what === "time-known" ? anchorOf(row.time) : undefined;
      if (anchor !== undefined) anchors.push({ ...anchor, rowId });
    }
  }
  return { punches, statuses, anchors, unreadable };
}

function* rowsIn(
  segment: Segment,
  spans: readonly RowSpan[],
): Generator<{ number: number; bytes: Uint8Array }> {
  for (const { first, last } of spans) {
    for (let number = first; number <= last; number += 1) {
      const bytes = segment.rows[number - segment.first];
      if (bytes !== undefined) yield { number, bytes };
    }
  }
}

function readRow(bytes: Uint8Array): ReturnType<typeof journalRowSchema.parse> | undefined {
  try {
    return decode(bytes, journalRowSchema, { what: "journal row", maxBytes: MAX_ROW_BYTES });
  } catch {
    return undefined; // counted and told in an alarm by the caller
  }
}

function originOf(row: PunchRow, punchId: string, from: GatewayAddress): PunchOrigin {
  const { reader, time, hint, pin, verdict } = row;
  const { site, gateway } = from;
  return {
    punchId,
    site,
    gateway,
    reader,
    badge: badgeOf(row.credential),
    time,
    hint,
    pin,
    verdict,
  };
}
