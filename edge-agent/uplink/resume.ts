import { createPublicKey, type KeyObject } from "node:crypto";
import { PlatformError } from "@clockleaf/shared/lib/errors.ts";
import type { GatewayAddress } from "@clockleaf/shared/subjects.ts";
import { chain } from "@clockleaf/shared/wire/chain.ts";
import { openSegment, type Segment } from "@clockleaf/shared/wire/segment.ts";
import type { SegmentSource } from "./segment-source.ts";

/** The newest message on this gateway's own subject, as the hub stored it. */
export interface Stored {
  readonly seq: number;
  readonly data: Uint8Array;
}

/** Where to go on. `expect` is the stream sequence that the next segment must follow; 0 = none on this subject. */
export type Resume =
  | {
      readonly kind: "continue";
      readonly nextRow: number;
      readonly expect: number;
      /** Rows known to be stored; undefined if the hub does not say. */
      readonly deliveredRow: number | undefined;
      /** Rows from here to `nextRow - 1` are missing at the hub and no longer in the journal. */
      readonly lostFrom: number | undefined;
    }
  /** The answer is older than what this gateway knows: a replica that lags. Ask again. */
  | { readonly kind: "stale" }
  /** Somebody else writes in this gateway's name. */
  | { readonly kind: "rival"; readonly reason: string };

export interface ResumeOptions {
  readonly identity: GatewayAddress;
  readonly signKey: KeyObject;
}

/**
 * Decides from the newest stored segment where the uplink goes on. The hub's word counts, not the journal's mark: a
 * mark may be older (crash before it was saved) or newer (a hub restored from a backup) than what is stored.
 */
export function resumeFrom(
  stored: Stored | undefined,
  source: SegmentSource,
  options: ResumeOptions,
): Resume {
  if (stored === undefined) return continueAt({ row: 0, seq: 0 }, source);
  const segment = openOwn(stored.data, options);
  if (segment === undefined) {
    return { kind: "rival", reason: "the newest stored segment is not signed by this gateway" };
  }
  if (segment.epoch !== source.epoch) return otherEpoch(stored, source);
  if (segment.last > source.lastRow()) {
    return {
      kind: "rival",
      reason: `row ${segment.last} is stored, the journal ends at ${source.lastRow()}: an older copy of the journal?`,
    };
  }
  if (!isOurs(segment, source)) {
    return { kind: "rival", reason: `stored rows up to ${segment.last} differ from the journal's` };
  }
  return continueAt({ row: segment.last, seq: stored.seq }, source);
}

function continueAt(stored: { row: number; seq: number }, source: SegmentSource): Resume {
  const missing = stored.row + 1;
  const nextRow = Math.max(missing, source.stats().firstKeptRow);
  return {
    kind: "continue",
    nextRow,
    expect: stored.seq,
    deliveredRow: stored.row === 0 ? undefined : stored.row,
    lostFrom: nextRow > missing ? missing : undefined,
  };
}

/** The subject ends with another journal's segment: this box was set up anew, or another box has the same key. */
function otherEpoch(stored: Stored, source: SegmentSource): Resume {
  const { deliveredStreamSeq } = source.stats();
  if (source.deliveredRow() === 0) {
    return {
      kind: "continue",
      nextRow: 1,
      expect: stored.seq,
      deliveredRow: undefined,
      lostFrom: undefined,
    };
  }
  if (stored.seq <= deliveredStreamSeq) return { kind: "stale" };
  return { kind: "rival", reason: "another journal was written after this one" };
}

function openOwn(data: Uint8Array, options: ResumeOptions): Segment | undefined {
  try {
    const segment = openSegment(data, createPublicKey(options.signKey));
    const { tenant, site, gateway } = options.identity;
    const isHere =
      segment.tenant === tenant && segment.site === site && segment.gateway === gateway;
    return isHere ? segment : undefined;
  } catch (error) {
    if (error instanceof PlatformError) return undefined; // not a segment, or not signed with our key
    throw error;
  }
}

/** Whether the journal holds the very rows of `segment`. Rows deleted since then can no longer be compared. */
function isOurs(segment: Segment, source: SegmentSource): boolean {
  let row = segment.first;
  let head: Uint8Array | undefined;
  while (row <= segment.last) {
    const range = source.read(row, {
      maxRows: segment.last - row + 1,
      maxBytes: Number.MAX_SAFE_INTEGER,
    });
    if (range === undefined) return segment.last <= source.deliveredRow();
    head ??= range.prev;
    for (const bytes of range.rows) head = chain(head, bytes);
    row += range.rows.length;
  }
  return head !== undefined && Buffer.compare(head, segment.head) === 0;
}
