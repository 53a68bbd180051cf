import { readFileSync } from "node:fs";
import { PlatformError } from "@clockleaf/shared/lib/errors.ts";
import type { Log } from "@clockleaf/shared/lib/log.ts";
import type { CloudConfig } from "./config.ts";
import { openPostgres } from "./eventing/postgres.ts";
import type { StoredPlace } from "./eventing/read-model-place.ts";

export interface OpenPlace {
  readonly place: StoredPlace;
  close(): Promise<void>;
}

export interface PlaceOptions {
  /** This process's folder: SQLite files belong to one process. */
  readonly dir: string;
  /** False where another process applies the events to a database that is shared. */
  readonly isApplied: boolean;
  readonly log: Log;
}

/** Where this process's read models are, by configuration. Throws `config.unreadable`. */
export function openPlace(
  { readModels }: Pick<CloudConfig, "readModels">,
  { dir, isApplied, log }: PlaceOptions,
): OpenPlace {
  if (readModels.kind === "sqlite") return { place: dir, close: () => Promise.resolve() };
  const { url, urlFile, schema } = readModels;
  const postgres = openPostgres({ url: url ?? urlIn(urlFile ?? ""), log });
  return {
    place: { kind: "postgres", postgres, schema, isApplied, dir },
    close: () => postgres.close(),
  };
}

function urlIn(file: string): string {
  try {
    return readFileSync(file, "utf8").trim();
  } catch (error) {
    throw new PlatformError("config.unreadable", `cannot read readModels.urlFile ${file}`, {
      cause: error,
    });
  }
}
