import { join } from "node:path";
import Database from "better-sqlite3";
import { Kysely, SqliteDialect } from "kysely";

/** A statement as it went to a file, ready to be run again. */
export interface Told {
  run(): unknown[];
}

export interface ReadFiles extends AsyncDisposable {
  /** A read model of the process that answers, read as it reads it. */
  open<DB>(name: string): Kysely<DB>;
  /** What `work` asks the files, as statements that give the same rows. */
  told(work: () => Promise<unknown>): Promise<readonly Told[]>;
}

/** The SQLite files of a running process, for reading. */
export function openFiles(dir: string): ReadFiles {
  const closing: Array<() => Promise<void>> = [];
  let hear: ((told: Told) => void) | undefined;
  return {
    open<DB>(name: string) {
      const database = new Database(join(dir, `${name}.sqlite`), { readonly: true });
      const statements = new Map<string, Database.Statement>();
      const prepare = (text: string): Database.Statement => {
        const statement = statements.get(text) ?? database.prepare(text);
        statements.set(text, statement);
        return statement;
      };
      const db = new Kysely<DB>({
        dialect: new SqliteDialect({ database: { prepare, close: () => void database.close() } }),
        log: ({ query }) => {
          const { sql, parameters } = query;
          hear?.({ run: () => prepare(sql).all(parameters) });
        },
      });
      closing.push(() => db.destroy());
      return db;
    },
    async told(work) {
      const told: Told[] = [];
      hear = (each) => void told.push(each);
      await work();
      hear = undefined;
      return told;
    },
    async [Symbol.asyncDispose]() {
      for (const close of closing) await close();
    },
  };
}
