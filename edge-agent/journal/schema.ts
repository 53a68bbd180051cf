import { PlatformError } from "@clockleaf/shared/lib/errors.ts";
import { CHAIN_START } from "@clockleaf/shared/wire/chain.ts";
import type { Database } from "better-sqlite3";

/**
 * Forward-only steps; the number of a step is the `user_version` it leads to. A step is never edited once released.
 *
 * 1  rows: what was committed, with the chain value after each row. meta: the one line about the journal itself;
 *    `pruned_*` is the last row deleted by retention, so that the chain still has its start.
 * 2  reader_seq: the newest terminal exchange committed per reader, for re-reads after a crash.
 * 3  record_keys: the records of terminals with a log of their own that were committed, for the same reason. They stay
 *    when their row is pruned: a terminal may hand its whole log over again.
 */
const MIGRATIONS: readonly string[] = [
  `CREATE TABLE rows (
     row INTEGER PRIMARY KEY, body BLOB NOT NULL, chain BLOB NOT NULL, at_ms INTEGER NOT NULL
   ) STRICT;
   CREATE TABLE meta (
     one INTEGER PRIMARY KEY CHECK (one = 1), epoch TEXT NOT NULL,
     pruned_row INTEGER NOT NULL, pruned_chain BLOB NOT NULL,
     delivered_row INTEGER NOT NULL, delivered_seq INTEGER NOT NULL
   ) STRICT;`,
  `CREATE TABLE reader_seq (
     reader TEXT PRIMARY KEY, seq INTEGER NOT NULL, row INTEGER NOT NULL
   ) STRICT, WITHOUT ROWID;`,
  `CREATE TABLE record_keys (
     reader TEXT NOT NULL, key TEXT NOT NULL, row INTEGER NOT NULL, PRIMARY KEY (reader, key)
   ) STRICT, WITHOUT ROWID;
   CREATE INDEX record_keys_by_row ON record_keys (reader, row);`,
];

export const SCHEMA_VERSION = MIGRATIONS.length;

/** Throws `journal.newer-schema` for a file that a newer release wrote; nothing in it is touched. */
export function assertReadable(db: Database): number {
  const version = Number(db.pragma("user_version", { simple: true }));
  if (version > SCHEMA_VERSION) {
    throw new PlatformError(
      "journal.newer-schema",
      `the journal has schema ${version}, this release knows up to ${SCHEMA_VERSION}: install the newer release again`,
      { details: { found: version, known: SCHEMA_VERSION } },
    );
  }
  return version;
}

/**
 * Brings the file to `upTo`, each step in a transaction of its own. A new file gets `newEpoch` as its epoch. `upTo`
 * is for tests that need a file as an older release left it.
 */
export function migrate(db: Database, newEpoch: () => string, upTo: number = SCHEMA_VERSION): void {
  const from = assertReadable(db);
  for (const [index, sql] of MIGRATIONS.slice(0, upTo).entries()) {
    const version = index + 1;
    if (version <= from) continue;
    db.transaction(() => {
      db.exec(sql);
      if (version === 1) {
        db.prepare("INSERT INTO meta VALUES (1, ?, 0, ?, 0, 0)").run(newEpoch(), CHAIN_START);
      }
      db.pragma(`user_version = ${version}`);
    }).immediate();
  }
}
