import { PlatformError } from "@clockleaf/shared/lib/errors.ts";
import Database from "better-sqlite3";
import { journalError } from "./sqlite-errors.ts";

const PAGE_BYTES = 4096;
const SYNCHRONOUS_FULL = 2;
/**
 * KiB of pages that each connection may keep. better-sqlite3 is compiled for 16 MB; rows go by in order and are read once, and
 * what is looked up besides is in the kernel's cache: 2 MB took no less time.
 */
const CACHE = "cache_size = -500";

/**
 * Opens the writing connection. better-sqlite3 is compiled to fall back to `synchronous = NORMAL` on every open of a
 * WAL database, which loses acknowledged rows on a power cut; so FULL is set here, after the switch to WAL, and read
 * back. Checkpoints are ours (see store.ts): an automatic one would make a punch wait for it.
 */
export function openForWriting(path: string, maxBytes: number): Database.Database {
  const db = new Database(path, { timeout: 2000 });
  try {
    db.pragma(`page_size = ${PAGE_BYTES}`);
    const mode = db.pragma("journal_mode = WAL", { simple: true });
    db.pragma("synchronous = FULL");
    db.pragma("wal_autocheckpoint = 0");
    db.pragma(CACHE);
    db.pragma(`max_page_count = ${Math.floor(maxBytes / PAGE_BYTES)}`);
    assertDurable(db, mode);
    return db;
  } catch (error) {
    db.close();
    throw journalError(error, `opening ${path}`);
  }
}

function assertDurable(db: Database.Database, mode: unknown): void {
  const synchronous = db.pragma("synchronous", { simple: true });
  if (mode !== "wal" || synchronous !== SYNCHRONOUS_FULL) {
    throw new PlatformError(
      "journal.not-durable",
      `the journal is not durable here: journal_mode ${String(mode)}, synchronous ${String(synchronous)}; use a local disk`,
    );
  }
}

/** Opens a second, read-only connection; works while the agent runs and while it does not. */
export function openForReading(path: string): Database.Database {
  const db = new Database(path, { readonly: true, fileMustExist: true, timeout: 2000 });
  db.pragma(CACHE);
  return db;
}
