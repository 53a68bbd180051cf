import {
  closeSync,
  copyFileSync,
  fchmodSync,
  fsyncSync,
  openSync,
  realpathSync,
  renameSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { PlatformError } from "@clockleaf/shared/lib/errors.ts";
import { type Document, parseDocument } from "yaml";

/** The format this release writes and reads. */
export const CONFIG_VERSION = 1;

/**
 * Steps from one format to the next, by the version they start from; each edits the document in place, so that comments
 * stay. There is one format yet, so there is no step.
 */
const STEPS: Readonly<Record<number, (document: Document) => void>> = {};

export interface Migrated {
  readonly text: string;
  readonly from: number;
  readonly to: number;
}

/**
 * The text in this release's format; `file` is what faults are reported under. The agent starts with the result and needs to
 * write nothing. Throws `config.invalid` for a file of a newer release.
 */
export function migrated(text: string, file: string, steps = STEPS): Migrated {
  const document = parseDocument(text, { logLevel: "silent" });
  const to = Math.max(CONFIG_VERSION, ...Object.keys(steps).map((step) => Number(step) + 1));
  const from: unknown = document.errors.length > 0 ? undefined : document.get("configVersion");
  // What is wrong with it, and where, is for the schema to say.
  if (typeof from !== "number") return { text, from: to, to };
  if (from > to) {
    throw new PlatformError(
      "config.invalid",
      `${file}: configVersion ${from} is of a newer release; this one knows up to ${to}`,
    );
  }
  if (from === to) return { text, from, to };
  for (let version = from; version < to; version += 1) {
    const step = steps[version];
    if (step === undefined) {
      throw new PlatformError("config.invalid", `${file}: configVersion ${version} is not known`);
    }
    step(document);
    document.set("configVersion", version + 1);
  }
  return { text: document.toString(), from, to };
}

/**
 * Puts `text` in the file's place in one step that a power cut cannot halve, after copying the old one to `kept`. The file
 * keeps its mode. Throws what the file system says.
 */
export function keepAndReplace(file: string, text: string, kept: string): void {
  const target = realpathSync(file); // through a link: the link stays
  copyFileSync(target, kept);
  writeDurably(`${target}.new`, text, statSync(target).mode & 0o777);
  renameSync(`${target}.new`, target);
}

function writeDurably(file: string, text: string, mode: number): void {
  const fd = openSync(file, "w", mode);
  try {
    writeFileSync(fd, text);
    fchmodSync(fd, mode);
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}
