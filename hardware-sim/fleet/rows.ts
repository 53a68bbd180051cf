import type { KeyObject } from "node:crypto";
import type { GatewayAddress } from "@clockleaf/shared/subjects.ts";
import { CHAIN_START, chain } from "@clockleaf/shared/wire/chain.ts";
import { encode } from "@clockleaf/shared/wire/codec.ts";
import type { PunchRow } from "@clockleaf/shared/wire/punch.ts";
import {
  MAX_SEGMENT_BYTES,
  MAX_SEGMENT_ROWS,
  type Segment,
  sealSegment,
} from "@clockleaf/shared/wire/segment.ts";

/** What the newest segment at the hub says of ours. */
export type Standing = "forgotten" | "rival" | "known";

export interface NextSegment {
  readonly bytes: Uint8Array;
  readonly last: number;
  /** Of a punch that goes alone. */
  readonly traceparent: string | undefined;
}

/** The journal of a simulated gateway: in memory, and only what the hub does not have yet. */
export interface Rows {
  add(row: PunchRow): void;
  readonly lastRow: () => number;
  readonly deliveredRow: () => number;
  /** The next segment, signed, and its last row; undefined when nothing waits. */
  next(): NextSegment | undefined;
  /** When the oldest row that waits was made, UTC milliseconds. */
  readonly oldestMs: () => number | null;
  /** The hub has everything up to this row. */
  delivered(row: number): void;
  /**
   * Goes on behind what the hub has. `rival`: it has what was never sent from here; `forgotten`: less than it once
   * acknowledged. Neither can be gone on from.
   */
  resume(stored: Pick<Segment, "epoch" | "last"> | undefined): Standing;
}

interface RowsOptions {
  readonly address: GatewayAddress;
  /** Random: a gateway that is simulated anew has a new journal. */
  readonly epoch: string;
  readonly key: KeyObject;
}

export function createRows({ address, epoch, key }: RowsOptions): Rows {
  const waiting: { readonly bytes: Uint8Array; readonly row: PunchRow }[] = [];
  let delivered = 0;
  /** Chain value after the last delivered row. */
  let head: Uint8Array = CHAIN_START;
  const lastRow = (): number => delivered + waiting.length;

  const forget = (row: number): void => {
    for (const { bytes } of waiting.splice(0, row - delivered)) head = chain(head, bytes);
    delivered = row;
  };
  return {
    add: (row) => void waiting.push({ bytes: encode(row), row }),
    lastRow,
    deliveredRow: () => delivered,
    oldestMs: () => waiting[0]?.row.time.gatewayAtMs ?? null,
    next() {
      const rows: Uint8Array[] = [];
      let size = 0;
      for (const { bytes } of waiting.slice(0, MAX_SEGMENT_ROWS)) {
        size += bytes.length;
        if (rows.length > 0 && size > MAX_SEGMENT_BYTES) break;
        rows.push(bytes);
      }
      if (rows.length === 0) return undefined;
      const body = { v: 1 as const, ...address, epoch, first: delivered + 1, prev: head, rows };
      const traceparent = rows.length === 1 ? waiting[0]?.row.traceparent : undefined;
      return { bytes: sealSegment(body, key), last: delivered + rows.length, traceparent };
    },
    delivered: forget,
    resume(stored) {
      if (stored?.epoch !== epoch) return delivered === 0 ? "known" : "forgotten";
      if (stored.last > lastRow()) return "rival";
      if (stored.last < delivered) return "forgotten";
      forget(stored.last);
      return "known";
    },
  };
}
