import { copyFileSync, existsSync, renameSync } from "node:fs";
import { PlatformError } from "@clockleaf/shared/lib/errors.ts";
import type { Log } from "@clockleaf/shared/lib/log.ts";
import type { EdgeConfig } from "./config.ts";

const nameOf = (config: EdgeConfig): string => `${config.journal.path}.last-good.yaml`;

/**
 * Where the file lies that an agent last started with. It is there to be compared with, and never taken instead of the
 * configured one: a typo must not undo every change. Throws `config.unreadable` when no agent has started yet.
 */
export function lastGoodFile(config: EdgeConfig): string {
  const file = nameOf(config);
  if (existsSync(file)) return file;
  throw new PlatformError(
    "config.unreadable",
    `no agent has started with this journal yet (${file} is not there); name a file to compare with`,
  );
}

/** Keeps a copy of what the agent has just started with. Not worth stopping for: a failure is logged. */
export function keepLastGood(file: string, config: EdgeConfig, log: Log): void {
  const kept = nameOf(config);
  try {
    copyFileSync(file, `${kept}.new`);
    renameSync(`${kept}.new`, kept);
  } catch (error) {
    log.warn({ err: error, file: kept }, "no copy of the configuration kept");
  }
}
