import { PlatformError } from "@clockleaf/shared/lib/errors.ts";
import { chain } from "@clockleaf/shared/wire/chain.ts";
import { WALL_CLOCK_FLOOR_MS } from "@clockleaf/shared/wire/redating.ts";
import type { Database } from "better-sqlite3";
import type { JournalConfig } from "./config.ts";
import { openForWriting } from "./connection.ts";
import { type HighWater, openHighWater } from "./high-water.ts";
import { openReserve, type Reserve } from "./reserve.ts";
import { migrate } from "./schema.ts";
import { journalError } from "./sqlite-errors.ts";
import { chainAfter, checkChain, lastRowOf, readMeta } from "./verify.ts";

export interface NewRow {
  readonly body: Uint8Array;
  /** What the terminal calls it; null for rows that no terminal named: they are never repeats. */
  readonly origin: RowOrigin | null;
}

/** How a terminal names what it handed over: the number of an exchange, or a record of its own log. */
export type Origin = { readonly deviceSeq: number } | { readonly recordKey: string };

export type RowOrigin = { readonly reader: string } & Origin;

export interface Appended {
  readonly row: number;
  /**
   * True when this exchange or record of the reader was committed already; nothing was stored. `row` is then the
   * record's row; of an exchange it is the reader's newest committed row.
   */
  readonly isRepeat: boolean;
}

export interface StoreOptions {
  readonly config: JournalConfig;
  readonly newEpoch: () => string;
  /** Runs between the last insert and the commit; the test hook behind `commitDelayMs`. */
  readonly beforeCommit?: () => void;
}

/** How many rows at the end of the chain are checked at every open; the rest is `verifyJournal`'s. */
const TAIL_ROWS = 5000;
const PRUNE_ROWS = 500;
/** Old rows give way to new ones above this share of the cap. */
const PRESSURE = 0.9;
/**
 * Newest records remembered per reader: twice the log of the largest terminals known (100,000 records), so that one that
 * hands over everything it has is known to the last record.
 */
export const MAX_RECORD_KEYS = 200_000;
/** How many more before the oldest go, so that not every append looks for them. */
const RECORD_KEYS_SLACK = 1_000;
/** Frames after which the write-ahead log is copied into the database: 1000 × 4 KiB, SQLite's own default. */
const CHECKPOINT_FRAMES = 1000;

/**
 * The journal's writing half, synchronous, for one thread at a time. Every method throws only `journal.*`; after
 * anything but `journal.full` the connection must be thrown away and a new store opened (see worker.ts).
 */
export class Store {
  readonly epoch: string;
  private readonly db: Database;
  private readonly options: StoreOptions;
  private readonly highWater: HighWater;
  private readonly reserve: Reserve;
  private readonly sql: ReturnType<typeof prepareStatements>;
  private head: { row: number; chain: Uint8Array };
  private prunedRow: number;
  private delivered: { row: number; seq: number };
  private isDeliveredSaved = true;
  private framesSinceCheckpoint = 0;
  /** How many are kept per reader; after a rollback one may be counted that is not there, which only prunes earlier. */
  private readonly recordKeys = new Map<string, number>();

  constructor(options: StoreOptions) {
    this.options = options;
    const { path, maxBytes, reserveBytes } = options.config;
    this.reserve = openReserve(path, reserveBytes);
    this.db = openForWriting(path, maxBytes);
    try {
      migrate(this.db, options.newEpoch);
      emptyWriteAheadLog(this.db, this.reserve);
      const meta = readMeta(this.db);
      this.epoch = meta.epoch;
      this.prunedRow = meta.pruned_row;
      this.delivered = { row: meta.delivered_row, seq: meta.delivered_seq };
      this.highWater = openHighWater(path);
      this.head = soundHead(this.db, this.prunedRow, this.highWater.read(this.epoch));
      this.sql = prepareStatements(this.db);
    } catch (error) {
      this.db.close();
      throw journalError(error, "opening the journal");
    }
    this.reserve.hold();
  }

  lastRow(): number {
    return this.head.row;
  }
  firstKeptRow(): number {
    return this.prunedRow + 1;
  }
  deliveredRow(): number {
    return this.delivered.row;
  }
  deliveredSeq(): number {
    return this.delivered.seq;
  }

  /** Commits all rows in one transaction and one fsync, or none of them. */
  append(rows: readonly NewRow[], atMs: number): Appended[] {
    return this.guarded("appending to the journal", () => {
      this.sql.begin.run();
      let head = this.head;
      let bytes = 0;
      const appended = rows.map((row): Appended => {
        const repeat = this.repeatOf(row);
        if (repeat !== undefined) return { row: repeat, isRepeat: true };
        head = { row: head.row + 1, chain: chain(head.chain, row.body) };
        this.sql.insert.run(head.row, row.body, head.chain, atMs);
        this.keepOrigin(row.origin, head.row);
        bytes += row.body.length;
        return { row: head.row, isRepeat: false };
      });
      this.options.beforeCommit?.();
      this.sql.commit.run();
      this.head = head;
      this.framesSinceCheckpoint += 3 + bytes / 3000;
      return appended;
    });
  }

  /** Records the highest acknowledged row; after the acknowledgement, so that no punch waits for it. */
  recordHighWater(): void {
    this.guarded("recording the high-water mark", () =>
      this.highWater.write(this.epoch, this.head.row),
    );
  }

  /** Remembers the delivery; {@link flushDelivered} writes it. Lower numbers than known are ignored. */
  markDelivered(upTo: number, seq: number): void {
    if (upTo <= this.delivered.row || upTo > this.head.row) return;
    this.delivered = { row: upTo, seq };
    this.isDeliveredSaved = false;
  }

  flushDelivered(): void {
    if (this.isDeliveredSaved) return;
    this.guarded("saving the delivered row", () => {
      this.sql.setDelivered.run(this.delivered.row, this.delivered.seq);
      this.isDeliveredSaved = true;
    });
  }

  /**
   * Deletes at most one batch of delivered rows that are past their keeping time, or the oldest delivered ones while
   * the file is close to its cap. Returns how many went; rows not yet delivered never go.
   */
  prune(nowMs: number): number {
    const cutoffMs = nowMs - this.options.config.keepDeliveredDays * 86_400_000;
    return this.guarded("deleting delivered rows", () =>
      this.deleteDelivered(this.isUnderPressure() ? Number.POSITIVE_INFINITY : cutoffMs),
    );
  }

  /**
   * After `journal.full`: deletes the oldest delivered rows whatever their age, out of the reserve if the disk itself
   * is full. False when nothing may be deleted.
   */
  makeRoom(): boolean {
    return this.guarded("making room", () => {
      try {
        return this.deleteDelivered(Number.POSITIVE_INFINITY) > 0;
      } catch (error) {
        if (this.db.inTransaction) this.db.exec("ROLLBACK");
        if (journalError(error, "making room").code !== "journal.full") throw error;
        this.reserve.spend();
        emptyWriteAheadLog(this.db, this.reserve);
        return this.deleteDelivered(Number.POSITIVE_INFINITY) > 0;
      }
    });
  }

  /** Takes the reserve again after it was spent, if the disk has room. */
  holdReserve(): boolean {
    return this.reserve.hold();
  }

  isCheckpointDue(): boolean {
    return this.framesSinceCheckpoint >= CHECKPOINT_FRAMES;
  }

  /** Copies the write-ahead log into the database, so that the log starts over and stays small. */
  checkpoint(): void {
    this.guarded("checkpointing the journal", () => {
      this.sql.checkpoint.get();
      this.framesSinceCheckpoint = 0;
    });
  }

  close(): void {
    try {
      if (this.db.open && !this.db.inTransaction) this.flushDelivered();
    } finally {
      this.highWater.close();
      this.db.close();
    }
  }

  /** Gives the connection up after an error: nothing more is written through it. */
  abandon(): void {
    this.highWater.close();
    this.db.close();
  }

  private repeatOf({ origin }: NewRow): number | undefined {
    if (origin === null) return undefined;
    if ("recordKey" in origin) return this.sql.getKey.get(origin.reader, origin.recordKey)?.row;
    const known = this.sql.getSeq.get(origin.reader);
    return known !== undefined && origin.deviceSeq <= known.seq ? known.row : undefined;
  }

  private keepOrigin(origin: RowOrigin | null, row: number): void {
    if (origin === null) return;
    if ("recordKey" in origin) {
      this.keepRecordKey(origin.reader, origin.recordKey, row);
    } else {
      this.sql.setSeq.run(origin.reader, origin.deviceSeq, row);
    }
  }

  private keepRecordKey(reader: string, key: string, row: number): void {
    const known = this.recordKeys.get(reader) ?? this.sql.countKeys.get(reader)?.n ?? 0;
    this.sql.setKey.run(reader, key, row);
    this.recordKeys.set(reader, known + 1);
    if (known < MAX_RECORD_KEYS + RECORD_KEYS_SLACK) return;
    this.sql.dropOldKeys.run(reader, reader, MAX_RECORD_KEYS);
    this.recordKeys.delete(reader);
  }

  private isUnderPressure(): boolean {
    const { pages, freePages, mostPages } = this.sql;
    return Number(pages.get()) - Number(freePages.get()) > Number(mostPages.get()) * PRESSURE;
  }

  private deleteDelivered(cutoffMs: number): number {
    const isDue = (old: OldRow): boolean => this.committedAtMs(old) < cutoffMs;
    // Asked once a second, and hardly ever there is one.
    if (!this.sql.oldest.all(this.delivered.row, 1).some(isDue)) return 0;
    let last: { row: number; chain: Uint8Array } | undefined;
    for (const old of this.sql.oldest.all(this.delivered.row, PRUNE_ROWS)) {
      if (!isDue(old)) break;
      last = old;
    }
    if (last === undefined) return 0;
    this.sql.begin.run();
    this.sql.setPruned.run(last.row, last.chain, this.delivered.row, this.delivered.seq);
    const { changes } = this.sql.deleteUpTo.run(last.row);
    this.sql.commit.run();
    this.prunedRow = last.row;
    this.isDeliveredSaved = true;
    this.framesSinceCheckpoint += 3 + changes / 10;
    return changes;
  }

  /** A row committed before the gateway knew the time is as old as the first one after it that says a time. */
  private committedAtMs({ row, at_ms }: OldRow): number {
    if (at_ms >= WALL_CLOCK_FLOOR_MS) return at_ms;
    const next = this.sql.timeAfter.get(row, WALL_CLOCK_FLOOR_MS);
    return next?.at_ms ?? Number.MAX_SAFE_INTEGER;
  }

  private guarded<T>(doing: string, work: () => T): T {
    try {
      return work();
    } catch (error) {
      if (this.db.open && this.db.inTransaction) this.db.exec("ROLLBACK");
      throw journalError(error, doing);
    }
  }
}

interface OldRow {
  readonly row: number;
  readonly chain: Uint8Array;
  readonly at_ms: number;
}

/**
 * Everything an open store asks, again and again, prepared once. `db.pragma` and `db.prepare` make an object whose native
 * half, 3 KB, is freed by the event loop, and the journal's thread never returns to its own: one a second is 200 MB a day.
 */
function prepareStatements(db: Database) {
  return {
    checkpoint: db.prepare<[]>("PRAGMA wal_checkpoint(PASSIVE)"),
    pages: db.prepare<[]>("PRAGMA page_count").pluck(),
    freePages: db.prepare<[]>("PRAGMA freelist_count").pluck(),
    mostPages: db.prepare<[]>("PRAGMA max_page_count").pluck(),
    begin: db.prepare<[]>("BEGIN IMMEDIATE"),
    commit: db.prepare<[]>("COMMIT"),
    insert: db.prepare<[number, Uint8Array, Uint8Array, number]>(
      "INSERT INTO rows (row, body, chain, at_ms) VALUES (?, ?, ?, ?)",
    ),
    getSeq: db.prepare<[string], { seq: number; row: number }>(
      "SELECT seq, row FROM reader_seq WHERE reader = ?",
    ),
    setSeq: db.prepare<[string, number, number]>(
      "INSERT INTO reader_seq (reader, seq, row) VALUES (?, ?, ?) ON CONFLICT (reader) DO UPDATE SET seq = excluded.seq, row = excluded.row",
    ),
    getKey: db.prepare<[string, string], { row: number }>(
      "SELECT row FROM record_keys WHERE reader = ? AND key = ?",
    ),
    setKey: db.prepare<[string, string, number]>(
      "INSERT INTO record_keys (reader, key, row) VALUES (?, ?, ?)",
    ),
    countKeys: db.prepare<[string], { n: number }>(
      "SELECT count(*) AS n FROM record_keys WHERE reader = ?",
    ),
    dropOldKeys: db.prepare<[string, string, number]>(
      `DELETE FROM record_keys WHERE reader = ? AND row <= (
         SELECT row FROM record_keys WHERE reader = ? ORDER BY row DESC LIMIT 1 OFFSET ?)`,
    ),
    setDelivered: db.prepare<[number, number]>(
      "UPDATE meta SET delivered_row = ?, delivered_seq = ? WHERE one = 1",
    ),
    setPruned: db.prepare<[number, Uint8Array, number, number]>(
      "UPDATE meta SET pruned_row = ?, pruned_chain = ?, delivered_row = ?, delivered_seq = ? WHERE one = 1",
    ),
    oldest: db.prepare<[number, number], OldRow>(
      "SELECT row, chain, at_ms FROM rows WHERE row <= ? ORDER BY row LIMIT ?",
    ),
    timeAfter: db.prepare<[number, number], { at_ms: number }>(
      "SELECT at_ms FROM rows WHERE row > ? AND at_ms >= ? ORDER BY row LIMIT 1",
    ),
    deleteUpTo: db.prepare<[number]>("DELETE FROM rows WHERE row <= ?"),
  };
}

/**
 * Moves every committed frame into the database and syncs that. At open this is what makes a log whose last fsync
 * failed trustworthy again: the frames are written anew instead of being believed to be on disk. Throws
 * `journal.unavailable` when a reader keeps it from finishing.
 */
function emptyWriteAheadLog(db: Database, reserve: Reserve): void {
  const attempt = (): boolean => {
    const busy = db.pragma("wal_checkpoint(TRUNCATE)", { simple: true });
    return busy === 0;
  };
  let isEmpty: boolean;
  try {
    isEmpty = attempt();
  } catch (error) {
    if (journalError(error, "checkpoint").code !== "journal.full") throw error;
    reserve.spend();
    isEmpty = attempt();
  }
  if (!isEmpty) {
    throw new PlatformError("journal.unavailable", "another program is reading the journal", {
      retriable: true,
    });
  }
}

/** The last row and its chain value, after checking the end of the chain and the high-water mark. */
function soundHead(
  db: Database,
  prunedRow: number,
  highWater: number,
): { row: number; chain: Uint8Array } {
  const row = lastRowOf(db);
  const damaged = (at: number, what: string): PlatformError =>
    new PlatformError(
      "journal.damaged",
      `journal row ${at}: ${what}; see edge-agent/journal/README.md`,
      {
        details: { row: at, lastRow: row, highWater },
      },
    );
  if (highWater > row)
    throw damaged(row + 1, `rows up to ${highWater} were acknowledged and are gone`);
  const report = checkChain(db, Math.max(prunedRow + 1, row - TAIL_ROWS + 1));
  if (report.damage !== null) throw damaged(report.damage.row, report.damage.what);
  const head = chainAfter(db, row);
  if (head === undefined) throw damaged(row, "its chain value is missing");
  return { row, chain: head };
}
