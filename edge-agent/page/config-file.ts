import { createHash } from "node:crypto";
import { accessSync, constants, realpathSync } from "node:fs";
import { dirname } from "node:path";
import { PlatformError } from "@clockleaf/shared/lib/errors.ts";
import { readConfigText } from "@clockleaf/shared/lib/yaml-config.ts";
import { keepAndReplace } from "../config-versions.ts";

/** The configuration file as it lies there now. */
export interface ConfigFile {
  readonly text: string;
  /** Changes whenever the text does. */
  readonly etag: string;
  /** The agent may not replace it: a person has to. */
  readonly isReadOnly: boolean;
}

/** Throws `config.unreadable`. */
export function readConfigFile(file: string): ConfigFile {
  const text = readConfigText(file);
  return { text, etag: etagOf(text), isReadOnly: !mayReplace(file) };
}

/**
 * Replaces the file in one step, after a copy; returns the copy's name. Throws `api.precondition` when it is no longer the
 * one with `etag`, and `api.forbidden` when it may not be written; nothing has changed then.
 */
export function saveConfigFile(file: string, text: string, etag: string): string {
  const { etag: now, isReadOnly } = readConfigFile(file);
  if (now !== etag) {
    throw new PlatformError(
      "api.precondition",
      `${file} was changed meanwhile by somebody else; load the page again and make the change anew`,
    );
  }
  const kept = `${file}.before`;
  try {
    if (isReadOnly) throw new Error("its folder is not writable for the agent's user");
    keepAndReplace(file, text, kept);
  } catch (cause) {
    throw new PlatformError(
      "api.forbidden",
      `the agent may not write ${file}. Copy the YAML and put it there as its owner, then: clockleaf-edge config reload`,
      { cause },
    );
  }
  return kept;
}

const etagOf = (text: string): string =>
  createHash("sha256").update(text).digest("hex").slice(0, 32);

/** It is replaced by renaming, so what counts is its folder. */
function mayReplace(file: string): boolean {
  try {
    const target = realpathSync(file);
    accessSync(target, constants.W_OK);
    accessSync(dirname(target), constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
