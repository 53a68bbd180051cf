import { createHash } from "node:crypto";
import { type Kysely, sql } from "kysely";
import { type Checkpoint, type Generation, readCheckpoint, rowTables } from "./generation.ts";

export interface HashedRows {
  readonly checkpoint: Checkpoint | undefined;
  readonly rows: number;
  /** SHA-256 over every row of every table, hexadecimal. */
  readonly hash: string;
}

const PAGE = 1_000;

/**
 * One hash over all rows as of one moment: table by table and column by column in the order of their names, rows ordered
 * by all their columns. The same rows give the same hash in SQLite and in PostgreSQL.
 */
export async function hashRows<DB>(
  db: Kysely<DB>,
  dialect: Generation<DB>["dialect"],
): Promise<HashedRows> {
  // One transaction, so that checkpoint and rows belong together while somebody goes on applying events.
  return await db
    .transaction()
    .setIsolationLevel("repeatable read")
    .execute(async (tx) => {
      const checkpoint = await readCheckpoint(tx);
      const hash = createHash("sha256");
      let count = 0;
      for (const [table, columns] of await rowTables({ dialect }, tx)) {
        hash.update(`${JSON.stringify([table, columns])}\n`);
        for await (const row of rowsOf(tx, dialect, { table, columns })) {
          hash.update(`${JSON.stringify(columns.map((column) => plain(row[column])))}\n`);
          count += 1;
        }
      }
      return { checkpoint, rows: count, hash: hash.digest("hex") };
    });
}

type Row = Readonly<Record<string, unknown>>;

/** In pages, for a table may be larger than memory. */
async function* rowsOf<DB>(
  tx: Kysely<DB>,
  dialect: Generation<DB>["dialect"],
  { table, columns }: { readonly table: string; readonly columns: readonly string[] },
): AsyncGenerator<Row> {
  const order = sql.join(columns.map((column) => sql`${sql.ref(column)} asc nulls first`));
  const query = sql<Row>`select * from ${sql.table(table)} order by ${order}`;
  if (dialect === "postgres") {
    await sql`declare hashed_rows no scroll cursor for ${query}`.execute(tx);
    for (;;) {
      const { rows } = await sql<Row>`fetch ${sql.lit(PAGE)} from hashed_rows`.execute(tx);
      yield* rows;
      if (rows.length < PAGE) break;
    }
    await sql`close hashed_rows`.execute(tx);
    return;
  }
  for (let offset = 0; ; offset += PAGE) {
    const { rows } = await sql<Row>`${query} limit ${PAGE} offset ${offset}`.execute(tx);
    yield* rows;
    if (rows.length < PAGE) return;
  }
}

const plain = (value: unknown): unknown =>
  value instanceof Uint8Array ? Buffer.from(value).toString("base64") : value;
