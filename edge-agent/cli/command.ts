import type { Command } from "@commander-js/extra-typings";
import type { EdgeConfig } from "../config.ts";
import type { Terminal } from "./output.ts";

/** What every command may use. */
export interface CliContext {
  readonly terminal: Terminal;
  /** Throws `config.unreadable` or `config.invalid`, ready to print. `home`: see `loadEdgeConfig`. */
  readonly load: (file: string, home?: string) => Promise<EdgeConfig>;
  /** Whether the terminal shows more than ASCII. */
  readonly isUtf8: boolean;
  /** What an agent with this file runs with: in safe mode that is not the file. Throws `config.*`. */
  readonly loadRunning: (file: string) => Promise<EdgeConfig>;
  /** Where such an agent answers, also in safe mode. Throws `config.*`. */
  readonly runtimeDirOf: (file: string) => Promise<string>;
  /** Ends the process now; for a command that keeps it alive and was told to stop. */
  readonly exit: (code: number) => never;
}

/** Adds a command, or a group of them, to the program. A file of `cli/` has one; `commands.ts` lists them. */
export type AddCommand = (program: Command, context: CliContext) => void;

export const DEFAULT_CONFIG = "/etc/clockleaf/gateway.yaml";
export const WITH_CONFIG = ["-c, --config <file>", "configuration file", DEFAULT_CONFIG] as const;
export const WITH_JSON = ["--json", "one JSON object a line on stdout"] as const;
