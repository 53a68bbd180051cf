import { dirname, isAbsolute, join } from "node:path";
import { hasCode, type PlatformError } from "@clockleaf/shared/lib/errors.ts";
import { readConfigText } from "@clockleaf/shared/lib/yaml-config.ts";
import { parseDocument } from "yaml";
import { type EdgeConfig, loadEdgeConfig, parseEdgeConfig } from "./config.ts";
import { findLastGood } from "./last-good-config.ts";
import { type PageConfig, pageConfigSchema } from "./page/config.ts";

/** What an agent that is told to use a file starts with. Only the first kind is what a person asked for. */
export type ChosenConfig =
  | { readonly kind: "file"; readonly text: string; readonly config: EdgeConfig }
  /** Safe mode: the file cannot be used, this copy was the last that could. */
  | {
      readonly kind: "last-good";
      readonly config: EdgeConfig;
      readonly keptAtMs: number;
      readonly problem: PlatformError;
    }
  /** Safe mode with nothing to fall back to: no reader is read. */
  | {
      readonly kind: "none";
      readonly runtimeDir: string;
      readonly page: PageConfig;
      readonly problem: PlatformError;
    };

/**
 * Reads the file; when it cannot be used, finds what can. Changes no file. Throws the file's `config.*` when there is
 * neither a last good copy nor a `runtimeDir` to be found: nobody could ask such an agent anything.
 */
export function chooseConfig(file: string): ChosenConfig {
  let text = "";
  try {
    text = readConfigText(file);
    return { kind: "file", text, config: parseEdgeConfig(text, file) };
  } catch (error) {
    if (!hasCode(error, "config.invalid", "config.unreadable")) throw error;
    return safeMode(file, text, error);
  }
}

function safeMode(file: string, text: string, problem: PlatformError): ChosenConfig {
  const told = toldBy(text, file);
  const lastGood = findLastGood(file, told.journalPath);
  if (lastGood !== undefined) {
    try {
      const config = loadEdgeConfig(lastGood.file, file);
      return { kind: "last-good", config, keptAtMs: lastGood.keptAtMs, problem };
    } catch (error) {
      if (!hasCode(error, "config.invalid", "config.unreadable")) throw error;
      // Of another release, or damaged: as if there were none.
    }
  }
  if (told.runtimeDir === undefined) throw problem;
  return { kind: "none", runtimeDir: told.runtimeDir, page: told.page, problem };
}

interface Told {
  readonly runtimeDir: string | undefined;
  readonly journalPath: string | undefined;
  readonly page: PageConfig;
}

/** What can be read of a file that is wrong somewhere. */
function toldBy(text: string, file: string): Told {
  const document = parseDocument(text, { logLevel: "silent" });
  const at = (...path: readonly string[]): unknown => {
    try {
      return document.getIn(path);
    } catch {
      return undefined; // a scalar where a map should be
    }
  };
  const pathAt = (...path: readonly string[]): string | undefined => {
    const value = at(...path);
    if (typeof value !== "string" || value === "") return undefined;
    return isAbsolute(value) ? value : join(dirname(file), value);
  };
  const page = pageConfigSchema.safeParse(
    at("page") === "off" ? "off" : { port: at("page", "port") },
  );
  return {
    runtimeDir: pathAt("runtimeDir"),
    journalPath: pathAt("journal", "path"),
    page: page.success ? page.data : pageConfigSchema.parse({}),
  };
}

/**
 * The configuration that an agent with this file runs with, for commands that ask about it. Throws `config.*` when it runs
 * with none.
 */
export function loadRunningConfig(file: string): EdgeConfig {
  const chosen = chooseConfig(file);
  if (chosen.kind === "none") throw chosen.problem;
  return chosen.config;
}

/** Where the agent with this file has its control socket, also while the file cannot be used. Throws `config.*`. */
export function runtimeDirOf(file: string): string {
  const chosen = chooseConfig(file);
  return chosen.kind === "none" ? chosen.runtimeDir : chosen.config.runtimeDir;
}
