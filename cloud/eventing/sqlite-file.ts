import { PlatformError } from "@clockleaf/shared/lib/errors.ts";
import Database from "better-sqlite3";
import { Kysely, type SqliteDatabase, SqliteDialect } from "kysely";

/** Longest wait for another process's write to the same file. */
const BUSY_TIMEOUT_MS = 5_000;
/** More texts than this a read model never has; a list of unknown length in a text would make it grow. */
const MOST_STATEMENTS = 500;

/** A connection to a file, and later to another one: whoever holds `db` does not notice. */
export interface SqliteFile<DB> {
  readonly db: Kysely<DB>;
  /** Call it while holding the connection (`db.connection()`), so that nothing is half done. Throws `config.unreadable`. */
  moveTo(file: string): void;
}

interface OpenOptions {
  readonly readonly: boolean;
  /** Where a file that is not there must not be made. */
  readonly mustExist?: boolean;
}

/**
 * `synchronous=NORMAL`: a power cut may lose the last batches, but never tears one, and the checkpoint goes back with
 * them, so they are simply applied again.
 */
export function openSqliteFile<DB>(file: string, options: OpenOptions): SqliteFile<DB> {
  let database = openDatabase(file, options);
  const statements = new Map<string, Database.Statement>();
  /** Kysely prepares a statement each time it runs one, which costs as much as running it: here each text is prepared once. */
  const remembering: SqliteDatabase = {
    prepare(text) {
      let statement = statements.get(text);
      if (statement === undefined) {
        if (statements.size >= MOST_STATEMENTS) statements.clear();
        statement = database.prepare(text);
        statements.set(text, statement);
      }
      return statement;
    },
    close: () => void database.close(),
  };
  return {
    db: new Kysely<DB>({ dialect: new SqliteDialect({ database: remembering }) }),
    moveTo(other) {
      const next = openDatabase(other, options);
      statements.clear();
      database.close();
      database = next;
    },
  };
}

function openDatabase(
  file: string,
  { readonly, mustExist = false }: OpenOptions,
): Database.Database {
  try {
    const settings = { readonly, fileMustExist: mustExist, timeout: BUSY_TIMEOUT_MS };
    const database = new Database(file, settings);
    if (!readonly) {
      database.pragma("journal_mode = WAL");
      database.pragma("synchronous = NORMAL");
      database.pragma("secure_delete = ON");
    }
    return database;
  } catch (error) {
    throw new PlatformError("config.unreadable", `cannot open the read model ${file}`, {
      cause: error,
    });
  }
}
