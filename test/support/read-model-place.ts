import { randomUUID } from "node:crypto";
import { silentLog } from "@clockleaf/shared/lib/log.ts";
import { openPostgres, type Postgres } from "../../cloud/eventing/postgres.ts";
import type { StoredPlace } from "../../cloud/eventing/read-model-place.ts";
import { available } from "./parts.ts";
import { findPostgres, type PostgresServer, startPostgres } from "./postgres.ts";
import { tempDir } from "./temp.ts";

/** Where a test's read models may be: what every suite over read models is run with. */
const STORES = ["SQLite", "PostgreSQL"] as const;
export type StoreName = (typeof STORES)[number];

/** Whether the store's program is there; else it says SKIPPED, or throws under `CI=true`. */
export const hasStore = (store: StoreName): boolean =>
  store === "SQLite" || available("postgresql", findPostgres());

/** For `describe.each`: every store there is. */
export const presentStores = (): ReadonlyArray<{ readonly store: StoreName }> =>
  STORES.filter(hasStore).map((store) => ({ store }));

/** What a child process needs to open the same place. */
export type PlaceInWords =
  | { readonly kind: "sqlite"; readonly dir: string }
  | { readonly kind: "postgres"; readonly url: string; readonly schema: string };

export interface Places extends AsyncDisposable {
  /** Somewhere where nothing is yet. */
  fresh(): PlaceInWords;
  open(words: PlaceInWords, how?: { readonly isApplied: boolean }): StoredPlace;
  readonly server: PostgresServer | undefined;
}

/** Starts a database if `store` needs one. */
export async function startPlaces(store: StoreName): Promise<Places> {
  const temp = tempDir("places");
  const server = store === "PostgreSQL" ? await startPostgres() : undefined;
  const opened: Postgres[] = [];
  return {
    server,
    fresh() {
      const name = `t${randomUUID().replaceAll("-", "").slice(0, 12)}`;
      if (server === undefined) return { kind: "sqlite", dir: `${temp.path}/${name}` };
      return { kind: "postgres", url: server.url, schema: name };
    },
    open(words, { isApplied } = { isApplied: true }) {
      if (words.kind === "sqlite") return words.dir;
      const postgres = openPostgres({ url: words.url, log: silentLog() });
      opened.push(postgres);
      const { schema } = words;
      return { kind: "postgres", postgres, schema, isApplied, dir: `${temp.path}/${schema}` };
    },
    async [Symbol.asyncDispose]() {
      for (const postgres of opened) await postgres.close();
      await server?.stop();
      temp.remove();
    },
  };
}
