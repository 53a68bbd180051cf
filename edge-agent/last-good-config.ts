import { existsSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { PlatformError } from "@clockleaf/shared/lib/errors.ts";
import type { Log } from "@clockleaf/shared/lib/log.ts";
import { type EdgeConfig, stateDirectory } from "./config.ts";

const copyBeside = (journalPath: string): string => `${journalPath}.last-good.yaml`;

/**
 * Where the file lies that an agent last started with. It is there to be compared with, and to go on reading terminals
 * while the configured one cannot be used (safe mode); it never takes its place. Throws `config.unreadable` when no agent
 * has started yet.
 */
export function lastGoodFile(config: EdgeConfig): string {
  const file = copyBeside(config.journal.path);
  if (existsSync(file)) return file;
  throw new PlatformError(
    "config.unreadable",
    `no agent has started with this journal yet (${file} is not there); name a file to compare with`,
  );
}

export interface LastGood {
  readonly file: string;
  readonly keptAtMs: number;
}

/**
 * The last good copy for a configuration file that cannot be read: the one an agent last started with from this very file,
 * by the note beside it; else the one that lies at `journalPath`, as far as the bad file still tells it.
 */
export function findLastGood(file: string, journalPath: string | undefined): LastGood | undefined {
  const noted = notesOf(file).map(readNote);
  const beside = journalPath === undefined ? [] : [copyBeside(journalPath)];
  for (const copy of [...noted, ...beside]) {
    const keptAtMs = copy === undefined ? undefined : writtenAtMs(copy);
    if (copy !== undefined && keptAtMs !== undefined) return { file: copy, keptAtMs };
  }
  return undefined;
}

/** Undefined for what is no file, or not ours to look at. */
function writtenAtMs(file: string): number | undefined {
  try {
    const found = statSync(file);
    return found.isFile() ? found.mtimeMs : undefined;
  } catch {
    return undefined;
  }
}

export interface Started {
  readonly file: string;
  /** What was read and started with; the file may have changed since. */
  readonly text: string;
  readonly config: EdgeConfig;
  readonly log: Log;
}

/** Keeps a copy of what the agent has just started with. Not worth stopping for: a failure is logged. */
export function keepLastGood({ file, text, config, log }: Started): void {
  const copy = copyBeside(config.journal.path);
  try {
    replace(copy, text);
    if (!notesOf(file).some((note) => note !== undefined && writeNote(note, copy))) {
      log.debug({ file: copy }, "nowhere to note where the last good configuration lies");
    }
  } catch (error) {
    log.warn({ err: error, file: copy }, "no copy of the configuration kept");
  }
}

/**
 * A file of one line, the copy's path: when the configuration is so broken that it does not tell its journal, this does.
 * Beside the configuration, or in the service's state folder where /etc is not the agent's to write.
 */
function notesOf(file: string): readonly (string | undefined)[] {
  const path = resolve(file);
  const state = stateDirectory();
  const name = `${basename(path)}.last-good`;
  return [join(dirname(path), `.${name}`), state === undefined ? undefined : join(state, name)];
}

function readNote(note: string | undefined): string | undefined {
  if (note === undefined || !existsSync(note)) return undefined;
  try {
    return readFileSync(note, "utf8").trim();
  } catch {
    return undefined; // not ours to read: as if it were not there
  }
}

/** False where nothing can be written. */
function writeNote(note: string, copy: string): boolean {
  if (readNote(note) === copy) return true;
  try {
    replace(note, `${copy}\n`);
    return true;
  } catch {
    return false;
  }
}

function replace(file: string, text: string): void {
  writeFileSync(`${file}.new`, text, { mode: 0o600 });
  renameSync(`${file}.new`, file);
}
