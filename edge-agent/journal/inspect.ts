import { renameSync, statSync } from "node:fs";
import { chain } from "@clockleaf/shared/wire/chain.ts";
import { decode } from "@clockleaf/shared/wire/codec.ts";
import { type JournalRow, journalRowSchema } from "@clockleaf/shared/wire/punch.ts";
import { openForReading } from "./connection.ts";
import type { JournalStats } from "./journal.ts";
import { takeOwnerLock } from "./owner-lock.ts";
import { assertReadable } from "./schema.ts";
import { journalError } from "./sqlite-errors.ts";
import { lastRowOf, readMeta, sameBytes } from "./verify.ts";

/**
 * What the file alone tells; the running agent's `stats()` tells more. `deliveredRow` may lag behind the truth by what
 * was delivered in the last second before a crash.
 */
export interface JournalFileStats
  extends Omit<
    JournalStats,
    "state" | "capBytes" | "commits" | "repeats" | "rejected" | "commitP50Ms" | "commitP99Ms"
  > {
  readonly epoch: string;
  readonly schema: number;
  /** Rows an hour over the last day, or since the first kept row if that is later; null within its first hour. */
  readonly inPerHour: number | null;
}

/** Read-only; works while the agent runs. Throws `journal.unavailable`, `journal.damaged`, `journal.newer-schema`. */
export function readJournalStats(path: string, nowMs: number = Date.now()): JournalFileStats {
  return withReader(path, (db) => {
    const schema = assertReadable(db);
    const meta = readMeta(db);
    const lastRow = lastRowOf(db);
    const oldest = db
      .prepare<[number], { at_ms: number }>("SELECT at_ms FROM rows WHERE row = ?")
      .get(meta.delivered_row + 1);
    return {
      epoch: meta.epoch,
      schema,
      rows: lastRow - meta.pruned_row,
      firstKeptRow: meta.pruned_row + 1,
      lastRow,
      deliveredRow: meta.delivered_row,
      deliveredStreamSeq: meta.delivered_seq,
      waiting: lastRow - meta.delivered_row,
      oldestWaitingMs: oldest === undefined ? null : Math.max(0, nowMs - oldest.at_ms),
      bytes: statSync(path).size,
      walBytes: statSync(`${path}-wal`, { throwIfNoEntry: false })?.size ?? 0,
      inPerHour: inPerHour(db, { first: meta.pruned_row + 1, last: lastRow, nowMs }),
    };
  });
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** Looks for the first row of the last day by halving: rows were committed in the order of their numbers. */
function inPerHour(
  db: ReturnType<typeof openForReading>,
  { first, last, nowMs }: { readonly first: number; readonly last: number; readonly nowMs: number },
): number | null {
  const at = db.prepare<[number], { at_ms: number }>("SELECT at_ms FROM rows WHERE row = ?");
  const committedAtMs = (row: number): number => at.get(row)?.at_ms ?? nowMs;
  if (last < first) return null;
  const coveredMs = Math.min(DAY_MS, nowMs - committedAtMs(first));
  if (coveredMs < HOUR_MS) return null;
  let [low, high] = [first, last + 1];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (committedAtMs(middle) < nowMs - coveredMs) low = middle + 1;
    else high = middle;
  }
  return (last + 1 - low) / (coveredMs / HOUR_MS);
}

export interface ExportedRow {
  readonly row: number;
  readonly committedAtMs: number;
  /** False when the row or its neighbour is not what was committed. */
  readonly isSound: boolean;
  readonly bytes: Uint8Array;
  /** Null when the bytes cannot be read as a row of this release. */
  readonly record: JournalRow | null;
}

interface StoredRow {
  readonly row: number;
  readonly body: Uint8Array;
  readonly chain: Uint8Array;
  readonly at_ms: number;
}

const BATCH = 500;

/**
 * Every kept row, oldest first, damaged ones included and marked. Read-only; works while the agent runs, and on a
 * file that `openJournal` refuses, as far as SQLite can follow it.
 */
export function* exportRows(path: string): Generator<ExportedRow, void, void> {
  let after = 0;
  let previous: Uint8Array | undefined;
  for (;;) {
    const batch: StoredRow[] = withReader(path, (db) => {
      assertReadable(db);
      previous ??= readMeta(db).pruned_chain;
      return db
        .prepare<[number, number], StoredRow>(
          "SELECT row, body, chain, at_ms FROM rows WHERE row > ? ORDER BY row LIMIT ?",
        )
        .all(after, BATCH);
    });
    for (const stored of batch) {
      const isSound =
        previous !== undefined && sameBytes(chain(previous, stored.body), stored.chain);
      previous = stored.chain;
      after = stored.row;
      yield {
        row: stored.row,
        committedAtMs: stored.at_ms,
        isSound,
        bytes: stored.body,
        record: recordOf(stored.body),
      };
    }
    if (batch.length < BATCH) return;
  }
}

/**
 * Moves a damaged journal out of the way, so that the agent starts a new one with a new epoch; nothing is deleted.
 * Returns the database's new path, for `exportRows`. Throws `journal.unavailable` while an agent uses it.
 */
export function setJournalAside(path: string, suffix: string): string {
  const lock = takeOwnerLock(path);
  try {
    for (const part of ["-wal", "-shm", ".high-water", ""]) {
      if (statSync(`${path}${part}`, { throwIfNoEntry: false }) !== undefined) {
        renameSync(`${path}${part}`, `${path}.${suffix}${part}`);
      }
    }
    return `${path}.${suffix}`;
  } finally {
    lock.release();
  }
}

function recordOf(body: Uint8Array): JournalRow | null {
  try {
    return decode(body, journalRowSchema, { what: "journal row" });
  } catch {
    return null;
  }
}

function withReader<T>(path: string, work: (db: ReturnType<typeof openForReading>) => T): T {
  try {
    const db = openForReading(path);
    try {
      return work(db);
    } finally {
      db.close();
    }
  } catch (error) {
    throw journalError(error, `reading ${path}`);
  }
}
