import { PlatformError } from "@clockleaf/shared/lib/errors.ts";
import { type Kysely, sql } from "kysely";
import {
  bookkeeping,
  type Checkpoint,
  type Generation,
  readCheckpoint,
  readMarks,
  replaced,
  startOver,
  writeMarks,
} from "./generation.ts";
import { schemaExists } from "./postgres.ts";
import type { Projection } from "./projection.ts";
import type { NextGeneration, WritableReadModel } from "./read-model.ts";
import type { PostgresPlace } from "./read-model-place.ts";

const NEXT = "__next";
const OLD = "__old";
/** PostgreSQL cuts longer names off; the longest of ours ends in `__next`. */
const MOST_CHARACTERS = 63 - NEXT.length;

/** The schema whose rows answer for a projection. Throws `config.invalid` for a name too long. */
export function schemaOf(place: Pick<PostgresPlace, "schema">, projection: string): string {
  const schema = `${place.schema}_${projection}`.replaceAll("-", "_").toLowerCase();
  if (schema.length <= MOST_CHARACTERS) return schema;
  throw new PlatformError(
    "config.invalid",
    `readModels.schema is too long: ${schema} has more than ${MOST_CHARACTERS} characters`,
  );
}

export const nextOf = (schema: string): string => `${schema}${NEXT}`;
export const isLiveSchema = (schema: string): boolean =>
  !schema.endsWith(NEXT) && !schema.endsWith(OLD);

/**
 * The rows in one schema of a database, shared by every process that names the same place. The next generation is a
 * schema beside it; two renames in one transaction put it in place, for all processes at once.
 */
export async function openPostgresModel<DB>(
  place: PostgresPlace,
  projection: Projection<DB>,
): Promise<WritableReadModel<DB>> {
  const { postgres, isApplied } = place;
  const { admin } = postgres;
  const schema = schemaOf(place, projection.name);
  const live: Generation<DB> = { dialect: "postgres", writer: postgres.writer<DB>(schema) };
  await makeSchema(place, { ...live, schema }, projection);
  if (isApplied) await dropSchema(admin, `${schema}${OLD}`);
  const checkpoint = async (): Promise<Checkpoint> =>
    (await readCheckpoint(live.writer)) ?? { version: 0, position: 0, streamIdentity: "" };
  return {
    db: postgres.reader<DB>(schema),
    writer: live.writer,
    live,
    projection,
    isApplied,
    checkpoint,
    async needsRebuild() {
      const { isWanted } = await readMarks(live.writer);
      return isWanted || (await checkpoint()).version !== projection.version;
    },
    askForRebuild: () => writeMarks(live.writer, { isBuilding: false, isWanted: true }),
    async openNext() {
      const writer = postgres.writer<DB>(nextOf(schema));
      const next: Generation<DB> = { dialect: "postgres", writer };
      await makeSchema(place, { ...next, schema: nextOf(schema) }, projection);
      if ((await readCheckpoint(writer))?.version !== projection.version) {
        await startOver(next, projection, "");
      }
      return nextGeneration(next, () => replaceSchema(admin, schema));
    },
    close: () => Promise.resolve(),
  };
}

function nextGeneration<DB>(
  next: Generation<DB>,
  replaceLive: () => Promise<boolean>,
): NextGeneration<DB> {
  return { ...next, replaceLive, close: () => Promise.resolve() };
}

/** Makes the schema and an empty generation in it unless it is there; processes that do so at once take turns. */
async function makeSchema<DB>(
  { postgres: { admin } }: PostgresPlace,
  generation: Generation<DB> & { readonly schema: string },
  projection: Projection<DB>,
): Promise<void> {
  const { schema } = generation;
  await admin.connection().execute(async (connection) => {
    await sql`select pg_advisory_lock(hashtext(${schema}))`.execute(connection);
    try {
      if (!(await schemaExists(connection, schema))) {
        await sql`create schema ${sql.id(schema)}`.execute(connection);
      }
      await bookkeeping(generation.writer);
      const checkpoint = await readCheckpoint(generation.writer);
      const isUnused = checkpoint === undefined || checkpoint.position === 0;
      if (isUnused && checkpoint?.version !== projection.version) {
        await startOver(generation, projection, "");
      }
    } finally {
      await sql`select pg_advisory_unlock(hashtext(${schema}))`.execute(connection);
    }
  });
}

/**
 * Whoever applies events locks the checkpoint first, so holding its whole table keeps them out; queries go on with the
 * old rows until the commit. The old schema is dropped afterwards, when the last query has left it.
 */
async function replaceSchema(admin: Kysely<unknown>, schema: string): Promise<boolean> {
  const [live, next, old] = [schema, nextOf(schema), `${schema}${OLD}`];
  await dropSchema(admin, old);
  const isReplaced = await admin.transaction().execute(async (tx) => {
    if (!(await schemaExists(tx, next))) throw replaced("the new rows are gone");
    for (const each of [live, next]) {
      await sql`lock table ${sql.id(each, "projection_checkpoint")} in access exclusive mode`.execute(
        tx,
      );
    }
    const [before] = await checkpointIn(tx, live);
    const [after] = await checkpointIn(tx, next);
    const isSameStream = before?.identity === after?.identity;
    if (after === undefined) throw replaced("the new rows are gone");
    if (before !== undefined && isSameStream && after.position < before.position) return false;
    await sql`alter schema ${sql.id(live)} rename to ${sql.id(old)}`.execute(tx);
    await sql`alter schema ${sql.id(next)} rename to ${sql.id(live)}`.execute(tx);
    return true;
  });
  if (isReplaced) await dropSchema(admin, old);
  return isReplaced;
}

async function checkpointIn(
  db: Kysely<unknown>,
  schema: string,
): Promise<ReadonlyArray<{ position: number; identity: string }>> {
  const { rows } = await sql<{ position: number; identity: string }>`
    select position, stream_identity as identity from ${sql.id(schema, "projection_checkpoint")}
  `.execute(db);
  return rows;
}

const dropSchema = async (admin: Kysely<unknown>, schema: string): Promise<void> => {
  await sql`drop schema if exists ${sql.id(schema)} cascade`.execute(admin);
};
