import { existsSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import {
  bookkeeping,
  type Generation,
  readCheckpoint,
  readMarks,
  replaced,
  startOver,
  writeMarks,
} from "./generation.ts";
import type { Projection } from "./projection.ts";
import type { NextGeneration, WritableReadModel } from "./read-model.ts";
import { openSqliteFile, type SqliteFile } from "./sqlite-file.ts";

/** Generation 0 is `<name>.sqlite`, later ones `<name>.<n>.sqlite`. */
export const fileOf = (dir: string, name: string, generation: number): string =>
  join(dir, generation === 0 ? `${name}.sqlite` : `${name}.${generation}.sqlite`);

/** Numbers of the generations in a folder, ascending. */
export function generationsIn(dir: string, name: string): number[] {
  if (!existsSync(dir)) return [];
  const numbers = readdirSync(dir).flatMap((file) => {
    if (file === `${name}.sqlite`) return [0];
    const [start, end] = [`${name}.`, ".sqlite"];
    if (!file.startsWith(start) || !file.endsWith(end)) return [];
    const middle = file.slice(start.length, -end.length);
    return /^[1-9]\d{0,8}$/.test(middle) ? [Number(middle)] : [];
  });
  return numbers.toSorted((a, b) => a - b);
}

/**
 * The file whose rows answer, for whoever only looks; undefined if there is none. While new rows are being built theirs is
 * the highest number, and the one below it answers.
 */
export async function liveFileIn(dir: string, name: string): Promise<string | undefined> {
  for (const number of generationsIn(dir, name).toReversed()) {
    const file = fileOf(dir, name, number);
    const { db } = openSqliteFile<unknown>(file, { readonly: true });
    const isBuilding = await readMarks(db).then(
      (marks) => marks.isBuilding,
      () => false, // of a version that had no such mark: it answers
    );
    await db.destroy();
    if (!isBuilding) return file;
  }
  return undefined;
}

function removeGeneration(dir: string, name: string, generation: number): void {
  const file = fileOf(dir, name, generation);
  for (const each of [file, `${file}-wal`, `${file}-shm`]) rmSync(each, { force: true });
}

/**
 * The rows in one file of a folder. Which of several generations answers is written in each of them ("under
 * construction" or not), so the step from one to the next is one commit in the new file, and a crash leaves either.
 */
export async function openSqliteModel<DB>(
  dir: string,
  projection: Projection<DB>,
): Promise<WritableReadModel<DB>> {
  mkdirSync(dir, { recursive: true });
  const { name } = projection;
  const files = await currentFiles<DB>(dir, projection);
  const { writer, reader } = files;
  const live: Generation<DB> = { dialect: "sqlite", writer: writer.db };
  return {
    db: reader.db,
    writer: writer.db,
    live,
    projection,
    isApplied: true,
    async checkpoint() {
      return (await readCheckpoint(writer.db)) ?? { version: 0, position: 0, streamIdentity: "" };
    },
    async needsRebuild() {
      const { isWanted } = await readMarks(writer.db);
      return isWanted || (await readCheckpoint(writer.db))?.version !== projection.version;
    },
    askForRebuild: () => writeMarks(writer.db, { isBuilding: false, isWanted: true }),
    async openNext() {
      const number = files.number + 1;
      const next = openSqliteFile<DB>(fileOf(dir, name, number), { readonly: false });
      return await nextOf({ next, projection, live }, async () => {
        await reader.db.connection().execute(async () => {
          writer.moveTo(fileOf(dir, name, number));
          reader.moveTo(fileOf(dir, name, number));
        });
        removeGeneration(dir, name, files.number);
        files.number = number;
      });
    },
    async close() {
      await reader.db.destroy();
      await writer.db.destroy();
    },
  };
}

interface CurrentFiles<DB> {
  readonly writer: SqliteFile<DB>;
  readonly reader: SqliteFile<DB>;
  number: number;
}

/** Opens the newest generation that is complete, and throws away those before it. */
async function currentFiles<DB>(
  dir: string,
  projection: Projection<DB>,
): Promise<CurrentFiles<DB>> {
  const { name } = projection;
  const numbers = generationsIn(dir, name);
  for (;;) {
    // With nothing complete there, whatever is under construction at the lowest number becomes what answers.
    const number = numbers.pop() ?? 0;
    const writer = openSqliteFile<DB>(fileOf(dir, name, number), { readonly: false });
    await bookkeeping(writer.db);
    const { isBuilding } = await readMarks(writer.db);
    if (isBuilding && numbers.length > 0) {
      await writer.db.destroy();
      continue;
    }
    if (isBuilding) await writeMarks(writer.db, { isBuilding: false, isWanted: false });
    const checkpoint = await readCheckpoint(writer.db);
    const isUnused = checkpoint === undefined || checkpoint.position === 0;
    if (isUnused && checkpoint?.version !== projection.version) {
      await startOver({ dialect: "sqlite", writer: writer.db }, projection, "");
    }
    for (const old of numbers) removeGeneration(dir, name, old);
    const reader = openSqliteFile<DB>(fileOf(dir, name, number), { readonly: true });
    return { writer, reader, number };
  }
}

interface Next<DB> {
  readonly next: SqliteFile<DB>;
  readonly projection: Projection<DB>;
  readonly live: Generation<DB>;
}

/** `move` lets the live connections look into the next file. */
async function nextOf<DB>(
  { next, projection, live }: Next<DB>,
  move: () => Promise<void>,
): Promise<NextGeneration<DB>> {
  const generation: Generation<DB> = { dialect: "sqlite", writer: next.db };
  await bookkeeping(next.db);
  await writeMarks(next.db, { isBuilding: true, isWanted: false });
  if ((await readCheckpoint(next.db))?.version !== projection.version) {
    await startOver(generation, projection, "");
  }
  return {
    ...generation,
    // The writer's connection is held all the while: nothing is applied to the old rows in between.
    replaceLive: () =>
      live.writer.connection().execute(async (writer) => {
        const [before, after] = [await readCheckpoint(writer), await readCheckpoint(next.db)];
        if (after === undefined) throw replaced("the new rows are gone");
        const isSameStream = before?.streamIdentity === after.streamIdentity;
        if (isSameStream && after.position < before.position) return false;
        await writeMarks(next.db, { isBuilding: false, isWanted: false });
        await next.db.destroy();
        await move();
        return true;
      }),
    close: () => next.db.destroy(),
  };
}
