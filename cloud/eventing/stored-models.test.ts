import { once } from "node:events";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type TempDir, tempDir } from "../../test/support/temp.ts";
import { bookkeeping, writeMarks } from "./generation.ts";
import { openSqliteFile } from "./sqlite-file.ts";
import { fileOf } from "./sqlite-model.ts";
import { askForRebuild, storedModels } from "./stored-models.ts";

const MOVES = 300;
/** What a working process does once in a while, again and again: the next generation answers, the one before goes. */
const MOVER = `
  const { copyFileSync, renameSync, rmSync } = require("node:fs");
  const pause = new Int32Array(new SharedArrayBuffer(4));
  const { template, names } = require("node:worker_threads").workerData;
  names.forEach((name, at) => {
    Atomics.wait(pause, 0, 0, 3);
    copyFileSync(template, name + ".new");
    renameSync(name + ".new", name);
    if (at > 0) for (const part of ["", "-wal", "-shm"]) rmSync(names[at - 1] + part, { force: true });
  });`;

let dir: TempDir;
beforeEach(() => {
  dir = tempDir("stored-models");
});
afterEach(() => dir.remove());

async function makeTemplate(): Promise<string> {
  const file = join(dir.path, "template");
  const { db } = openSqliteFile<unknown>(file, { readonly: false });
  await bookkeeping(db);
  await writeMarks(db, { isBuilding: false, isWanted: false });
  await db.destroy();
  return file;
}

test("a read model is looked at and marked while its working process goes from file to file, and no file is made", async () => {
  const template = await makeTemplate();
  const names = Array.from({ length: MOVES }, (_, at) => fileOf(dir.path, "people", at + 1));
  const mover = new Worker(MOVER, { eval: true, workerData: { template, names } });
  const state = { isOver: false };
  const over = once(mover, "exit").then(() => {
    state.isOver = true;
  });
  let looks = 0;
  while (!state.isOver) {
    await storedModels(dir.path);
    await askForRebuild(dir.path, { name: "people", folder: "" });
    looks += 1;
    await new Promise((resolve) => void setImmediate(resolve));
  }
  await over;
  expect(looks).toBeGreaterThan(10);
  expect(readdirSync(dir.path).filter((name) => name.endsWith(".sqlite"))).toEqual([
    `people.${MOVES}.sqlite`,
  ]);
});
