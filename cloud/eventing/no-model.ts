import { type Generation, startOver } from "./generation.ts";
import type { Projection } from "./projection.ts";
import type { WritableReadModel } from "./read-model.ts";
import { openSqliteFile } from "./sqlite-file.ts";

/** A read model that stays empty and says it has seen everything, so that nobody waits for it. */
export async function openNoModel<DB>(projection: Projection<DB>): Promise<WritableReadModel<DB>> {
  const { db } = openSqliteFile<DB>(":memory:", { readonly: false });
  const live: Generation<DB> = { dialect: "sqlite", writer: db };
  await startOver(live, projection, "");
  return {
    db,
    writer: db,
    live,
    projection,
    isApplied: false,
    checkpoint: () =>
      Promise.resolve({
        version: projection.version,
        position: Number.MAX_SAFE_INTEGER,
        streamIdentity: "",
      }),
    needsRebuild: () => Promise.resolve(false),
    askForRebuild: refused,
    openNext: refused,
    close: () => db.destroy(),
  };
}

const refused = (): Promise<never> => Promise.reject(new Error("this read model is nowhere"));
