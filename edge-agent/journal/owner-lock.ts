import { PlatformError } from "@clockleaf/shared/lib/errors.ts";
import Database from "better-sqlite3";

export interface OwnerLock {
  release(): void;
}

/**
 * Makes this the only writer of the journal at `path`. The lock is a POSIX file lock (held through an open SQLite
 * transaction on an empty file beside the journal), so the kernel drops it with the process, however that ends.
 * Throws `journal.unavailable` when another has it.
 */
export function takeOwnerLock(path: string): OwnerLock {
  const db = new Database(`${path}.lock`, { timeout: 0 });
  try {
    db.pragma("journal_mode = MEMORY");
    db.exec("BEGIN EXCLUSIVE");
  } catch (error) {
    db.close();
    throw new PlatformError(
      "journal.unavailable",
      `the journal ${path} is in use by another agent: stop that one first (systemctl status clockleaf-edge)`,
      { cause: error },
    );
  }
  return {
    release() {
      db.close();
    },
  };
}
