import { PlatformError } from "@clockleaf/shared/lib/errors.ts";
import { type Kysely, sql, type Transaction } from "kysely";
import { postgresTypes } from "./postgres-types.ts";
import type { Projection } from "./projection.ts";

/** The rows of one projection as built once: a SQLite file or a PostgreSQL schema. */
export interface Generation<DB> {
  readonly dialect: "sqlite" | "postgres";
  readonly writer: Kysely<DB>;
}

/** Where a generation stands in its stream. */
export interface Checkpoint {
  /** Version of the projection that made the rows. */
  readonly version: number;
  /** Stream sequence of the last event applied; 0 = none. */
  readonly position: number;
  /** Tells one stream from another of the same name: its creation time as the server gives it; "" = not seen yet. */
  readonly streamIdentity: string;
}

export interface ProjectionFault {
  readonly seq: number;
  readonly subject: string;
  readonly code: string;
  readonly message: string;
}

/** Tables of ours beside the projection's own begin like this; they are no part of its rows. */
export const OWN_TABLES = "projection_";

/** Raw SQL: these tables are no part of the projection's schema type. */
export async function bookkeeping<DB>(db: Kysely<DB>): Promise<void> {
  await sql`create table if not exists projection_checkpoint (
    one integer primary key check (one = 1), version integer not null, position bigint not null,
    stream_identity text not null)`.execute(db);
  await sql`create table if not exists projection_faults (
    seq bigint primary key, subject text not null, code text not null, message text not null)`.execute(
    db,
  );
  await sql`create table if not exists projection_rebuild (
    one integer primary key check (one = 1), is_building integer not null, is_wanted integer not null)`.execute(
    db,
  );
}

/** Throws every row away and begins again before the first event of the stream with `streamIdentity`. */
export async function startOver<DB>(
  { writer, dialect }: Generation<DB>,
  projection: Projection<DB>,
  streamIdentity: string,
): Promise<void> {
  await writer.transaction().execute(async (tx) => {
    for (const { type, name } of await tablesAndViews(tx, dialect)) {
      if (name === "projection_rebuild") continue;
      const cascade = sql.raw(dialect === "postgres" ? "cascade" : "");
      await sql`drop ${sql.raw(type)} if exists ${sql.table(name)} ${cascade}`.execute(tx);
    }
    await bookkeeping(tx);
    await projection.migrate(dialect === "postgres" ? tx.withPlugin(postgresTypes) : tx);
    await sql`insert into projection_checkpoint (one, version, position, stream_identity)
      values (1, ${projection.version}, 0, ${streamIdentity})`.execute(tx);
  });
}

async function tablesAndViews<DB>(
  db: Kysely<DB>,
  dialect: Generation<DB>["dialect"],
): Promise<Array<{ type: string; name: string }>> {
  const listed =
    dialect === "sqlite"
      ? sql<{ type: string; name: string }>`select type, name from sqlite_schema
          where type in ('table', 'view') and name not like 'sqlite_%' order by type desc, name`
      : sql<{ type: string; name: string }>`
          select 'view' as type, viewname as name from pg_views where schemaname = current_schema()
          union all
          select 'table', tablename from pg_tables where schemaname = current_schema()
          order by 1 desc, 2`;
  return (await listed.execute(db)).rows;
}

/** The projection's own tables by name, each with its columns by name. */
export async function rowTables<DB>(
  { dialect }: Pick<Generation<DB>, "dialect">,
  db: Kysely<DB>,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const tables = new Map<string, readonly string[]>();
  for (const { type, name } of await tablesAndViews(db, dialect)) {
    if (type !== "table" || name.startsWith(OWN_TABLES)) continue;
    const listed =
      dialect === "sqlite"
        ? sql<{ name: string }>`select name from pragma_table_info(${name})`
        : sql<{ name: string }>`select column_name as name from information_schema.columns
            where table_schema = current_schema() and table_name = ${name}`;
    const columns = (await listed.execute(db)).rows.map((column) => column.name);
    tables.set(name, columns.toSorted());
  }
  return tables;
}

/** Undefined for a generation that nothing was ever put into. */
export async function readCheckpoint<DB>(db: Kysely<DB>): Promise<Checkpoint | undefined> {
  const { rows } = await sql<Checkpoint>`
    select version, position, stream_identity as "streamIdentity" from projection_checkpoint
  `.execute(db);
  return rows[0];
}

/** The same, and nobody else moves it before the transaction ends. SQLite has one writer anyway. */
export async function lockCheckpoint<DB>(
  tx: Transaction<DB>,
  { dialect }: Generation<DB>,
): Promise<Checkpoint> {
  const { rows } = await sql<Checkpoint>`
    select version, position, stream_identity as "streamIdentity" from projection_checkpoint
    ${dialect === "postgres" ? sql`for update` : sql``}
  `.execute(tx);
  const [checkpoint] = rows;
  if (checkpoint === undefined) throw replaced("the read model is empty");
  return checkpoint;
}

/** The rows are others than they were a moment ago: look where they stand and go on from there. */
export function replaced(message: string): PlatformError {
  return new PlatformError("read-model.replaced", message, { retriable: true });
}

export async function writeCheckpoint<DB>(
  tx: Transaction<DB>,
  { position, streamIdentity }: Omit<Checkpoint, "version">,
): Promise<void> {
  await sql`update projection_checkpoint
    set position = ${position}, stream_identity = ${streamIdentity}`.execute(tx);
}

export async function writeFault<DB>(tx: Transaction<DB>, fault: ProjectionFault): Promise<void> {
  const { seq, subject, code, message } = fault;
  await sql`insert into projection_faults (seq, subject, code, message)
    values (${seq}, ${subject}, ${code}, ${message})
    on conflict (seq) do update set code = excluded.code, message = excluded.message`.execute(tx);
}

/** Events the projection could not read, oldest first. */
export async function readFaults<DB>(
  { db }: { readonly db: Kysely<DB> },
  limit = 100,
): Promise<readonly ProjectionFault[]> {
  const { rows } = await sql<ProjectionFault>`
    select seq, subject, code, message from projection_faults order by seq limit ${limit}
  `.execute(db);
  return rows;
}

export interface RebuildMarks {
  /** Under construction: it must not answer yet. */
  readonly isBuilding: boolean;
  /** Somebody asked for these rows to be built again. */
  readonly isWanted: boolean;
}

export async function readMarks<DB>(db: Kysely<DB>): Promise<RebuildMarks> {
  const { rows } = await sql<{ is_building: number; is_wanted: number }>`
    select is_building, is_wanted from projection_rebuild`.execute(db);
  return { isBuilding: rows[0]?.is_building === 1, isWanted: rows[0]?.is_wanted === 1 };
}

export async function writeMarks<DB>(db: Kysely<DB>, marks: RebuildMarks): Promise<void> {
  const [isBuilding, isWanted] = [marks.isBuilding ? 1 : 0, marks.isWanted ? 1 : 0];
  await sql`insert into projection_rebuild (one, is_building, is_wanted)
    values (1, ${isBuilding}, ${isWanted})
    on conflict (one) do update set is_building = ${isBuilding}, is_wanted = ${isWanted}`.execute(
    db,
  );
}

/**
 * Wipes what rows held before they were overwritten; committed changes only. In SQLite nothing of it is left in the files:
 * deleted pages are zeros (`secure_delete`), and the write-ahead log is emptied. PostgreSQL only gives the space free.
 */
export async function forgetOldRows<DB>({ writer, dialect }: Generation<DB>): Promise<void> {
  if (dialect === "sqlite") {
    await sql`pragma wal_checkpoint(truncate)`.execute(writer);
    return;
  }
  for (const table of (await rowTables({ dialect }, writer)).keys()) {
    await sql`vacuum ${sql.table(table)}`.execute(writer);
  }
}
