import { PlatformError } from "@clockleaf/shared/lib/errors.ts";
import { chain } from "@clockleaf/shared/wire/chain.ts";
import { openForReading } from "./connection.ts";
import { journalError } from "./sqlite-errors.ts";
import { chainAfter, sameBytes } from "./verify.ts";

/** A contiguous piece of the journal, ready to be sealed into a segment. */
export interface RowRange {
  readonly epoch: string;
  readonly first: number;
  /** Chain value before `first`. */
  readonly prev: Uint8Array;
  readonly rows: readonly Uint8Array[];
}

export interface ReadLimits {
  readonly maxRows: number;
  readonly maxBytes: number;
}

export interface Reader {
  /**
   * Rows `from` to at most `last`. At least one row when there is one, however small `maxBytes` is, so that a sender
   * always gets on. Undefined when `from` is past `last` or pruned. Throws `journal.damaged` instead of giving out
   * a row that is not what was committed.
   */
  read(from: number, last: number, limits: ReadLimits): Omit<RowRange, "epoch"> | undefined;
  lastDeviceSeq(reader: string): number | null;
  /** When `row` was committed, wall milliseconds; undefined when it is not kept. */
  committedAtMs(row: number): number | undefined;
  close(): void;
}

interface StoredRow {
  readonly row: number;
  readonly body: Uint8Array;
  readonly chain: Uint8Array;
}

/** The journal's reading half: a connection of its own, so that reading never waits for a sync. */
export function openReader(path: string): Reader {
  const db = openForReading(path);
  const range = db.prepare<[number, number, number], StoredRow>(
    "SELECT row, body, chain FROM rows WHERE row >= ? AND row <= ? ORDER BY row LIMIT ?",
  );
  const commitTime = db.prepare<[number], { at_ms: number }>(
    "SELECT at_ms FROM rows WHERE row = ?",
  );

  const deviceSeq = db.prepare<[string], { seq: number }>(
    "SELECT seq FROM reader_seq WHERE reader = ?",
  );

  const read: Reader["read"] = (from, last, limits) => {
    if (from < 1 || from > last) return undefined;
    const prev = chainAfter(db, from - 1);
    const rows: Uint8Array[] = [];
    let head = prev;
    let bytes = 0;
    // One bounded step inside one call: an iterator kept open longer would keep the write-ahead log from shrinking.
    for (const stored of range.iterate(from, last, Math.max(1, limits.maxRows))) {
      if (rows.length > 0 && bytes + stored.body.length > limits.maxBytes) break;
      if (stored.row !== from + rows.length) {
        if (rows.length === 0) return undefined;
        throw damaged(from + rows.length);
      }
      if (head === undefined) throw damaged(from - 1);
      head = chain(head, stored.body);
      if (!sameBytes(head, stored.chain)) throw damaged(stored.row);
      rows.push(stored.body);
      bytes += stored.body.length;
    }
    return prev === undefined || rows.length === 0 ? undefined : { first: from, prev, rows };
  };

  return {
    read(from, last, limits) {
      try {
        return db.transaction(() => read(from, last, limits))();
      } catch (error) {
        throw journalError(error, "reading the journal");
      }
    },
    lastDeviceSeq(reader) {
      return deviceSeq.get(reader)?.seq ?? null;
    },
    committedAtMs(row) {
      return commitTime.get(row)?.at_ms;
    },
    close() {
      db.close();
    },
  };
}

function damaged(row: number): PlatformError {
  return new PlatformError("journal.damaged", `journal row ${row} is not what was committed`, {
    details: { row },
  });
}
