import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { PlatformError } from "@clockleaf/shared/lib/errors.ts";
import Database from "better-sqlite3";
import { Kysely, type SqliteDatabase, SqliteDialect, sql, type Transaction } from "kysely";
import type { Projection, ReadModel } from "./projection.ts";

/** Where a projection stands in its stream. */
export interface Checkpoint {
  /** Stream sequence of the last event applied; 0 = none. */
  readonly position: number;
  /** Tells one stream from another of the same name: its creation time as the server gives it; "" = not seen yet. */
  readonly streamIdentity: string;
}

/** What the projection runner needs of a read model besides what queries need. */
export interface WritableReadModel<DB> extends ReadModel<DB> {
  readonly file: string;
  readonly writer: Kysely<DB>;
  checkpoint(): Promise<Checkpoint>;
  /** Drops every table and starts again at the beginning of the stream with `streamIdentity`. */
  rebuild(streamIdentity: string): Promise<void>;
  /** Wipes what rows held before they were overwritten out of the file; committed changes only. */
  forget(): Promise<void>;
}

/** Longest wait for another process's write to the same file. */
const BUSY_TIMEOUT_MS = 5_000;

/**
 * Opens, and if need be makes or rebuilds, the file of a projection below `dir`. A version other than the one in the
 * file, newer or older, means: drop all rows, they are derived anyway.
 *
 * `synchronous=NORMAL`: a power cut may lose the last batches, but never tears one, and the checkpoint goes back with
 * them, so they are simply applied again.
 */
export async function openReadModel<DB>(
  dir: string,
  projection: Projection<DB>,
): Promise<WritableReadModel<DB>> {
  mkdirSync(dir, { recursive: true });
  const file = join(dir, `${projection.name}.sqlite`);
  const writer = openFile<DB>(file, { readonly: false });
  await bookkeeping(writer);
  await migrateIfChanged(writer, projection);
  const reader = openFile<DB>(file, { readonly: true });

  return {
    db: reader,
    writer,
    file,
    projection,
    async checkpoint() {
      return readCheckpoint(writer);
    },
    async rebuild(streamIdentity) {
      await writer.transaction().execute((tx) => rebuildIn(tx, projection, streamIdentity));
    },
    async forget() {
      // Pages are overwritten with zeros (`secure_delete`); what is left of them is in the write-ahead log.
      await sql`pragma wal_checkpoint(truncate)`.execute(writer);
    },
    async close() {
      await reader.destroy();
      await writer.destroy();
    },
  };
}

function openFile<DB>(file: string, options: { readonly: boolean }): Kysely<DB> {
  try {
    const database = new Database(file, { readonly: options.readonly, timeout: BUSY_TIMEOUT_MS });
    if (!options.readonly) {
      database.pragma("journal_mode = WAL");
      database.pragma("synchronous = NORMAL");
      database.pragma("secure_delete = ON");
    }
    return new Kysely<DB>({
      dialect: new SqliteDialect({ database: rememberingStatements(database) }),
    });
  } catch (error) {
    throw new PlatformError("config.unreadable", `cannot open the read model ${file}`, {
      cause: error,
    });
  }
}

/** More texts than this a read model never has; a list of unknown length in a text would make it grow. */
const MOST_STATEMENTS = 500;

/** Kysely prepares a statement each time it runs one, which costs as much as running it: here each text is prepared once. */
function rememberingStatements(database: Database.Database): SqliteDatabase {
  const statements = new Map<string, Database.Statement>();
  return {
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
}

/** Two tables of ours stand beside the projection's own. Raw SQL: they are no part of its schema type. */
async function bookkeeping<DB>(db: Kysely<DB>): Promise<void> {
  await sql`create table if not exists projection_checkpoint (
    one integer primary key check (one = 1), version integer not null, position integer not null,
    stream_identity text not null)`.execute(db);
  await sql`create table if not exists projection_faults (
    seq integer primary key, subject text not null, code text not null, message text not null)`.execute(
    db,
  );
}

async function migrateIfChanged<DB>(db: Kysely<DB>, projection: Projection<DB>): Promise<void> {
  await db.transaction().execute(async (tx) => {
    const { rows } = await sql<{
      version: number;
    }>`select version from projection_checkpoint`.execute(tx);
    if (rows[0]?.version !== projection.version) await rebuildIn(tx, projection, "");
  });
}

async function rebuildIn<DB>(
  tx: Transaction<DB>,
  projection: Projection<DB>,
  streamIdentity: string,
): Promise<void> {
  const { rows } = await sql<{ type: string; name: string }>`
    select type, name from sqlite_schema where type in ('table', 'view') and name not like 'sqlite_%'
  `.execute(tx);
  for (const { type, name } of rows) {
    await sql`drop ${sql.raw(type)} if exists ${sql.table(name)}`.execute(tx);
  }
  await bookkeeping(tx);
  await projection.migrate(tx);
  await sql`insert into projection_checkpoint (one, version, position, stream_identity)
    values (1, ${projection.version}, 0, ${streamIdentity})`.execute(tx);
}

export async function readCheckpoint<DB>(db: Kysely<DB>): Promise<Checkpoint> {
  const { rows } = await sql<Checkpoint>`
    select position, stream_identity as "streamIdentity" from projection_checkpoint
  `.execute(db);
  return rows[0] ?? { position: 0, streamIdentity: "" };
}

export async function writeCheckpoint<DB>(
  tx: Transaction<DB>,
  checkpoint: Checkpoint,
): Promise<void> {
  await sql`update projection_checkpoint
    set position = ${checkpoint.position}, stream_identity = ${checkpoint.streamIdentity}`.execute(
    tx,
  );
}

export interface ProjectionFault {
  readonly seq: number;
  readonly subject: string;
  readonly code: string;
  readonly message: string;
}

export async function writeFault<DB>(tx: Transaction<DB>, fault: ProjectionFault): Promise<void> {
  await sql`insert or replace into projection_faults (seq, subject, code, message)
    values (${fault.seq}, ${fault.subject}, ${fault.code}, ${fault.message})`.execute(tx);
}

/** Events the projection could not read, oldest first. */
export async function readFaults<DB>(
  model: ReadModel<DB>,
  limit = 100,
): Promise<readonly ProjectionFault[]> {
  const { rows } = await sql<ProjectionFault>`
    select seq, subject, code, message from projection_faults order by seq limit ${limit}
  `.execute(model.db);
  return rows;
}
