import { existsSync } from "node:fs";
import { decode } from "@clockleaf/shared/wire/codec.ts";
import { siteRulesSchema } from "@clockleaf/shared/wire/roster.ts";
import Database from "better-sqlite3";

/**
 * The site's zone as the cloud last said it, read from the directory's file beside a running agent or without one; undefined
 * when it was never said, or the file is not one of this release.
 */
export function readKnownZone(path: string): string | undefined {
  if (!existsSync(path)) return undefined;
  let db: Database.Database | undefined;
  try {
    db = new Database(path, { readonly: true, fileMustExist: true, timeout: 1_000 });
    const kept = db.prepare<[], { body: Uint8Array }>("SELECT body FROM rules").get();
    return kept && decode(kept.body, siteRulesSchema, { what: "site rules" }).zone;
  } catch {
    return undefined;
  } finally {
    db?.close();
  }
}
