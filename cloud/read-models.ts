import { readFileSync } from "node:fs";
import { join } from "node:path";
import { PlatformError } from "@clockleaf/shared/lib/errors.ts";
import type { Log } from "@clockleaf/shared/lib/log.ts";
import type { CloudConfig } from "./config.ts";
import { openPostgres } from "./eventing/postgres.ts";
import type { ReadModelPlace } from "./eventing/read-model-place.ts";

export interface OpenPlace {
  readonly place: ReadModelPlace;
  close(): Promise<void>;
}

/**
 * Where this process's read models are. SQLite files belong to one process, so an API beside the working process keeps
 * its own; a database is shared, and the working process applies the events. Throws `config.unreadable`.
 */
export function openPlace(
  { dataDir, readModels }: Pick<CloudConfig, "dataDir" | "readModels">,
  { isWorking, log }: { readonly isWorking: boolean; readonly log: Log },
): OpenPlace {
  const dir = isWorking ? dataDir : join(dataDir, "api");
  if (readModels.kind === "sqlite") return { place: dir, close: () => Promise.resolve() };
  const { url, urlFile, schema } = readModels;
  const postgres = openPostgres({ url: url ?? urlIn(urlFile ?? ""), log });
  return {
    place: { kind: "postgres", postgres, schema, isApplied: isWorking, dir },
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
