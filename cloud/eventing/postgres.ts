import { PlatformError } from "@clockleaf/shared/lib/errors.ts";
import type { Log } from "@clockleaf/shared/lib/log.ts";
import { Kysely, PostgresDialect, type PostgresPool, type PostgresPoolClient, sql } from "kysely";
import pg from "pg";

/** One process's connections to the database of its read models. */
export interface Postgres {
  /** Rows of one schema, read only. */
  reader<DB>(schema: string): Kysely<DB>;
  writer<DB>(schema: string): Kysely<DB>;
  /** No schema of its own: for schemas as such. */
  readonly admin: Kysely<unknown>;
  close(): Promise<void>;
}

export interface PostgresOptions {
  /** `postgres://user:password@host:port/database`. */
  readonly url: string;
  readonly log: Log;
}

const MOST_READERS = 10;
const MOST_WRITERS = 5;
const MOST_ADMINS = 2;
const CONNECT_TIMEOUT_MS = 5_000;
/** A query that takes longer is given up, so that a hanging database cannot hang the process. */
const STATEMENT_TIMEOUT_MS = 60_000;
const INT8 = 20;
const NUMERIC = 1700;

/**
 * Opens nothing yet: connections are made when they are needed, and made again after a loss. Readers cannot write.
 * `synchronous_commit` is off: a crash of the server may lose the last batches, but never tears one, and the checkpoint
 * goes back with them, so they are simply applied again.
 */
export function openPostgres({ url, log }: PostgresOptions): Postgres {
  const pool = (max: number, settings: string): pg.Pool => {
    const made = new pg.Pool({
      connectionString: url,
      max,
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      options: `${settings} -c statement_timeout=${STATEMENT_TIMEOUT_MS}`,
      application_name: "clockleaf",
      types: { getTypeParser: parserOf },
    });
    // An idle connection that breaks is no error of anybody: the next query makes another.
    made.on("error", (error) => log.warn({ err: error }, "a database connection was lost"));
    // One that breaks while it is in use fails its query as well; unheard, the event would end the process.
    made.on("connect", (client) => {
      client.on("error", (error) =>
        log.debug({ err: error }, "a database connection broke in use"),
      );
    });
    return made;
  };
  const readers = pool(MOST_READERS, "-c default_transaction_read_only=on");
  const writers = pool(MOST_WRITERS, "-c synchronous_commit=off");
  // Their own: they wait for each other and for a writer, which must not run out meanwhile.
  const admins = pool(MOST_ADMINS, "");
  return {
    reader: (schema) => on(readers, schema),
    writer: (schema) => on(writers, schema),
    admin: on(admins, "pg_catalog"),
    async close() {
      await Promise.all([readers, writers, admins].map((each) => each.end()));
    },
  };
}

const on = <DB>(connections: pg.Pool, schema: string): Kysely<DB> =>
  new Kysely<DB>({ dialect: new PostgresDialect({ pool: inSchema(connections, schema) }) });

/** Numbers come as numbers: nothing a read model counts goes beyond 2^53. */
function parserOf(oid: number, format?: "text" | "binary"): (text: string) => unknown {
  if (oid === INT8 || oid === NUMERIC) return Number;
  const parser: unknown = pg.types.getTypeParser(oid, format === "binary" ? "text" : format);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return parser as (text: string) => unknown;
}

/** The schema that a shared connection looks into at the moment. */
const searchPaths = new WeakMap<pg.PoolClient, string>();

/** A view of a shared pool in which every table name means one of `schema`. */
function inSchema(pool: pg.Pool, schema: string): PostgresPool {
  return {
    options: pool.options,
    async connect(): Promise<PostgresPoolClient> {
      const client = await connect(pool);
      if (searchPaths.get(client) === schema) return client;
      try {
        await client.query(`set search_path to ${pg.escapeIdentifier(schema)}`);
      } catch (error) {
        client.release(true);
        throw unavailable(error);
      }
      searchPaths.set(client, schema);
      return client;
    },
    // The pool is shared: whoever opened it ends it.
    end: () => Promise.resolve(),
  };
}

async function connect(pool: pg.Pool): Promise<pg.PoolClient> {
  try {
    return await pool.connect();
  } catch (error) {
    throw unavailable(error);
  }
}

/** Never with the URL: it holds a password. */
function unavailable(cause: unknown): PlatformError {
  return new PlatformError("read-model.unavailable", "the database of the read models is away", {
    retriable: true,
    cause,
  });
}

export const schemaExists = async (db: Kysely<unknown>, schema: string): Promise<boolean> => {
  const { rows } = await sql`select 1 from pg_namespace where nspname = ${schema}`.execute(db);
  return rows.length > 0;
};

/** Schemas whose names begin with `prefix`, by name. */
export async function schemasWith(db: Kysely<unknown>, prefix: string): Promise<readonly string[]> {
  const { rows } = await sql<{ name: string }>`select nspname as name from pg_namespace
    where starts_with(nspname, ${prefix}) order by nspname`.execute(db);
  return rows.map(({ name }) => name);
}
