import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { hasCode } from "@clockleaf/shared/lib/errors.ts";
import { type Kysely, sql } from "kysely";
import { type Checkpoint, readCheckpoint, readMarks, writeMarks } from "./generation.ts";
import { schemaExists, schemasWith } from "./postgres.ts";
import { isLiveSchema, nextOf } from "./postgres-model.ts";
import type { PostgresPlace, StoredPlace } from "./read-model-place.ts";
import { openSqliteFile } from "./sqlite-file.ts";
import { fileOf, generationsIn, liveFileIn } from "./sqlite-model.ts";

/** A read model as it lies in a store, seen without the program that fills it. */
export interface StoredModel {
  readonly name: string;
  /** The process's folder below the data folder, if there is more than one; "" else. */
  readonly folder: string;
  readonly version: number;
  readonly position: number;
  readonly faults: number;
  readonly isRebuildWanted: boolean;
  /** Position of new rows under construction; undefined = there are none. */
  readonly nextPosition: number | undefined;
}

/** Every read model in a folder and the folders right in it, or in a database, by name. */
export async function storedModels(place: StoredPlace): Promise<StoredModel[]> {
  if (typeof place !== "string") return await modelsInDatabase(place);
  const found: StoredModel[] = [];
  for (const folder of foldersIn(place)) found.push(...(await modelsInFolder(place, folder)));
  return found;
}

/** Marks a read model's rows to be built again. Whichever process applies its events does it, now or at its start. */
export async function askForRebuild(
  place: StoredPlace,
  { name, folder }: Pick<StoredModel, "name" | "folder">,
): Promise<void> {
  const marks = { isBuilding: false, isWanted: true };
  if (typeof place !== "string") {
    await writeMarks(place.postgres.writer(schemaFor(place, name)), marks);
    return;
  }
  await undisturbed(async () => {
    const file = await liveFileIn(join(place, folder), name);
    if (file === undefined) return;
    await withFile(file, { readonly: false }, (db) => writeMarks(db, marks));
  });
}

/** The folder itself and those right in it: each process may have its own. */
export function foldersIn(dir: string): readonly string[] {
  if (!existsSync(dir)) return [];
  // A file may go while it is looked at.
  const below = readdirSync(dir).filter(
    (name) => statSync(join(dir, name), { throwIfNoEntry: false })?.isDirectory() === true,
  );
  return ["", ...below.toSorted()];
}

async function modelsInFolder(root: string, folder: string): Promise<StoredModel[]> {
  const dir = join(root, folder);
  const names = readdirSync(dir).flatMap(
    (file) => /^([a-z0-9-]+)(?:\.[1-9]\d*)?\.sqlite$/.exec(file)?.[1] ?? [],
  );
  const found: StoredModel[] = [];
  for (const name of [...new Set(names)].toSorted()) {
    const model = await undisturbed(() => modelIn(dir, name));
    if (model !== undefined) found.push({ name, folder, ...model });
  }
  return found;
}

async function modelIn(
  dir: string,
  name: string,
): Promise<(Seen & Pick<StoredModel, "nextPosition">) | undefined> {
  const live = await liveFileIn(dir, name);
  const model = live === undefined ? undefined : await withFile(live, READ_ONLY, look);
  if (live === undefined || model === undefined) return undefined;
  const newest = fileOf(dir, name, generationsIn(dir, name).at(-1) ?? 0);
  const next = newest === live ? undefined : await withFile(newest, READ_ONLY, positionIn);
  return { ...model, nextPosition: next };
}

const LOOKS = 10;

/** A generation may go between being found and being opened: the working process has moved on to the next, so look again. */
async function undisturbed<T>(work: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await work();
    } catch (error) {
      if (tries >= LOOKS || !hasCode(error, "config.unreadable")) throw error;
    }
  }
}

async function modelsInDatabase(place: PostgresPlace): Promise<StoredModel[]> {
  const { postgres } = place;
  const prefix = `${place.schema}_`;
  const found: StoredModel[] = [];
  for (const schema of (await schemasWith(postgres.admin, prefix)).filter(isLiveSchema)) {
    const model = await look(postgres.reader(schema));
    if (model === undefined) continue;
    const next = nextOf(schema);
    const nextPosition = (await schemaExists(postgres.admin, next))
      ? await positionIn(postgres.reader(next))
      : undefined;
    const name = schema.slice(prefix.length).replaceAll("_", "-");
    found.push({ name, folder: "", ...model, nextPosition });
  }
  return found;
}

const schemaFor = ({ schema }: PostgresPlace, name: string): string =>
  `${schema}_${name}`.replaceAll("-", "_");

type Seen = Pick<Checkpoint, "version" | "position"> &
  Pick<StoredModel, "faults" | "isRebuildWanted">;

/** Undefined for what is no read model. */
async function look(db: Kysely<unknown>): Promise<Seen | undefined> {
  try {
    const checkpoint = await readCheckpoint(db);
    if (checkpoint === undefined) return undefined;
    const { version, position } = checkpoint;
    const { isWanted } = await readMarks(db);
    const { rows } = await sql<{
      count: number;
    }>`select count(*) as count from projection_faults`.execute(db);
    return { version, position, faults: rows[0]?.count ?? 0, isRebuildWanted: isWanted };
  } catch {
    return undefined;
  }
}

const positionIn = async (db: Kysely<unknown>): Promise<number> => {
  const checkpoint = await readCheckpoint(db).catch(() => undefined);
  return checkpoint?.position ?? 0;
};

const READ_ONLY = { readonly: true };

async function withFile<T>(
  file: string,
  options: { readonly readonly: boolean },
  work: (db: Kysely<unknown>) => Promise<T>,
): Promise<T> {
  const { db } = openSqliteFile<unknown>(file, { ...options, mustExist: true });
  try {
    return await work(db);
  } finally {
    await db.destroy();
  }
}
