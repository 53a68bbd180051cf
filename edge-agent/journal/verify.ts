import { chain } from "@clockleaf/shared/wire/chain.ts";
import type { Database } from "better-sqlite3";
import { openForReading } from "./connection.ts";
import { assertReadable } from "./schema.ts";
import { journalError } from "./sqlite-errors.ts";

export interface ChainReport {
  /** Rows looked at and found sound. */
  readonly rows: number;
  readonly firstRow: number;
  /** The last sound row; `firstRow - 1` when there is none. */
  readonly lastRow: number;
  /** The first row that is not what was committed; null when all are. */
  readonly damage: { readonly row: number; readonly what: string } | null;
}

export interface MetaRecord {
  readonly epoch: string;
  readonly pruned_row: number;
  readonly pruned_chain: Uint8Array;
  readonly delivered_row: number;
  readonly delivered_seq: number;
}

interface RowRecord {
  readonly row: number;
  readonly body: Uint8Array;
  readonly chain: Uint8Array;
}

const BATCH = 500;

export function readMeta(db: Database): MetaRecord {
  const meta = db.prepare<[], MetaRecord>("SELECT * FROM meta WHERE one = 1").get();
  if (meta === undefined)
    throw journalError({ code: "SQLITE_CORRUPT" }, "reading the journal's meta row");
  return meta;
}

/** The chain value after `row`: of the row itself, or of the last pruned one. */
export function chainAfter(db: Database, row: number): Uint8Array | undefined {
  const meta = readMeta(db);
  if (row === meta.pruned_row) return meta.pruned_chain;
  return db.prepare<[number], RowRecord>("SELECT chain FROM rows WHERE row = ?").get(row)?.chain;
}

export function lastRowOf(db: Database): number {
  const found = db.prepare<[], { row: number | null }>("SELECT max(row) AS row FROM rows").get();
  return found?.row ?? readMeta(db).pruned_row;
}

/**
 * Recomputes the chain from `from` on and compares it with what was stored at commit. Reads in batches, so that a
 * running agent can go on checkpointing.
 */
export function checkChain(db: Database, from: number): ChainReport {
  const batch = db.prepare<[number, number], RowRecord>(
    "SELECT row, body, chain FROM rows WHERE row >= ? ORDER BY row LIMIT ?",
  );
  let previous = chainAfter(db, from - 1);
  let expected = from;
  const report = (what: string | null): ChainReport => ({
    rows: expected - from,
    firstRow: from,
    lastRow: expected - 1,
    damage: what === null ? null : { row: expected, what },
  });
  if (previous === undefined) return report("the row before it is missing");
  for (;;) {
    const records = batch.all(expected, BATCH);
    for (const record of records) {
      if (record.row !== expected) return report("the row is missing");
      previous = chain(previous, record.body);
      if (!sameBytes(previous, record.chain)) return report("the row is not what was committed");
      expected += 1;
    }
    if (records.length < BATCH) return report(null);
  }
}

export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}

/**
 * Checks every kept row of the journal at `path`, read-only, while the agent runs or not. A file that SQLite itself
 * cannot read throws `journal.damaged`.
 */
export function verifyJournal(path: string): ChainReport {
  return verified(path, (_, { pruned_row }) => pruned_row + 1);
}

/** The same for the newest `rows` alone, in a time that does not grow with the journal. */
export function verifyNewest(path: string, rows: number): ChainReport {
  return verified(path, (db, { pruned_row }) => Math.max(pruned_row, lastRowOf(db) - rows) + 1);
}

function verified(path: string, from: (db: Database, meta: MetaRecord) => number): ChainReport {
  try {
    const db = openForReading(path);
    try {
      assertReadable(db);
      return checkChain(db, from(db, readMeta(db)));
    } finally {
      db.close();
    }
  } catch (error) {
    throw journalError(error, `verifying ${path}`);
  }
}
