import { closeSync, fsyncSync, mkdirSync, openSync } from "node:fs";
import { dirname } from "node:path";
import { PlatformError } from "@clockleaf/shared/lib/errors.ts";
import Database from "better-sqlite3";
import { isBusy, journalError } from "./sqlite-errors.ts";

export interface OwnerLock {
  release(): void;
}

/**
 * Makes this the only writer of the journal at `path`, and its folder if there is none yet. The lock is a POSIX file
 * lock (held through an open SQLite transaction on an empty file beside the journal), so the kernel drops it with the
 * process, however that ends. Throws `journal.unavailable` when another has it or the folder may not be used.
 */
export function takeOwnerLock(path: string): OwnerLock {
  let db: Database.Database | undefined;
  try {
    makeFolder(dirname(path));
    db = new Database(`${path}.lock`, { timeout: 0 });
    db.pragma("journal_mode = MEMORY");
    db.exec("BEGIN EXCLUSIVE");
  } catch (error) {
    db?.close();
    if (!isBusy(error)) throw journalError(error, `locking ${path}`);
    throw new PlatformError(
      "journal.unavailable",
      `the journal ${path} is in use by another agent: stop that one first (systemctl status clockleaf-edge)`,
      { cause: error },
    );
  }
  const held = db;
  return {
    release() {
      held.close();
    },
  };
}

/** Makes the folder and syncs its parent, so that the folder itself survives a power cut. */
function makeFolder(folder: string): void {
  const made = mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (made === undefined) return;
  const fd = openSync(dirname(made), "r");
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}
