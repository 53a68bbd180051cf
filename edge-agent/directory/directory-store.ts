import { mkdirSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { decode, encode } from "@clockleaf/shared/wire/codec.ts";
import { type DirectoryEntry, directoryEntrySchema } from "@clockleaf/shared/wire/directory.ts";
import {
  type RosterPage,
  type RosterRequest,
  type SiteRules,
  siteRulesSchema,
} from "@clockleaf/shared/wire/roster.ts";
import Database from "better-sqlite3";

const SCHEMA_VERSION = 2;
const SCHEMA = `
  CREATE TABLE entries (badge TEXT PRIMARY KEY, entry BLOB NOT NULL, load INTEGER NOT NULL) WITHOUT ROWID;
  CREATE TABLE progress (
    site TEXT NOT NULL, generation TEXT, revision INTEGER NOT NULL,
    load INTEGER NOT NULL, is_loading INTEGER NOT NULL, loaded_at_ms INTEGER, contact_at_ms INTEGER
  );
  CREATE TABLE rules (body BLOB NOT NULL);
`;

/** How far the copy has got. */
export interface Progress {
  readonly generation: string | null;
  readonly revision: number;
  /** Number of the load that is going on or was the last; entries of older loads are not in the directory any more. */
  readonly load: number;
  readonly is_loading: 0 | 1;
  /** When the last full load ended; null = never, so that an absent badge means nothing. */
  readonly loaded_at_ms: number | null;
  readonly contact_at_ms: number | null;
}

/**
 * The site's part of the directory in a file of its own. It can be lost at any time: it is then loaded again, so the
 * file is thrown away when it is damaged, of another version, or of another site.
 */
export class DirectoryStore {
  private readonly db: Database.Database;
  private readonly sql: ReturnType<typeof prepareStatements>;
  private current: Progress;
  /** Decoded once: it is asked for with every punch. */
  private rules: SiteRules | undefined;

  constructor(path: string, site: string) {
    mkdirSync(dirname(path), { recursive: true });
    this.db = openOrReplace(path, site);
    this.sql = prepareStatements(this.db);
    this.current = readProgress(this.db);
    this.rules = rulesIn(this.sql.rules.get());
  }

  progress(): Progress {
    return this.current;
  }

  entry(badge: string): DirectoryEntry | undefined {
    const found = this.sql.entry.get(badge);
    return found && decode(found.entry, directoryEntrySchema, { what: "directory entry" });
  }

  count(): number {
    return this.sql.count.get()?.n ?? 0;
  }

  /** What to ask for next. */
  request(): RosterRequest {
    const { generation, revision: after } = this.current;
    return { generation, after, rules: this.rules?.revision ?? null };
  }

  /** By what the site's punches are read, as last heard from the cloud. */
  siteRules(): SiteRules | undefined {
    return this.rules;
  }

  /** From the next page on everything is read again; badges that do not come are dropped at the end. */
  startReload(): void {
    this.save({ ...this.current, revision: 0, load: this.current.load + 1, is_loading: 1 });
  }

  /** Takes over one page, all or nothing. */
  apply(page: RosterPage, nowMs: number): void {
    this.db.transaction(() => {
      if (page.rules !== null) {
        this.sql.removeRules.run();
        this.sql.putRules.run(encode(page.rules));
      }
      const isOther = page.generation !== this.current.generation;
      const load = this.current.load + (isOther ? 1 : 0);
      for (const { badge, entry } of page.changes) {
        if (entry === null) this.sql.remove.run(badge);
        else this.sql.put.run(badge, encode(entry), load);
      }
      const isLoading = isOther || this.current.is_loading === 1;
      const isLoaded = isLoading && !page.more;
      if (isLoaded) this.sql.removeOlder.run(load);
      this.save({
        generation: page.generation,
        revision: page.upTo,
        load,
        is_loading: isLoading && page.more ? 1 : 0,
        loaded_at_ms: isLoaded ? nowMs : this.current.loaded_at_ms,
        contact_at_ms: nowMs,
      });
    })();
    this.rules = page.rules ?? this.rules;
  }

  close(): void {
    this.db.close();
  }

  private save(next: Progress): void {
    this.sql.save.run(next);
    this.current = next;
  }
}

/** Rules that were kept by another release and cannot be read are asked for again. */
function rulesIn(kept: { readonly body: Uint8Array } | undefined): SiteRules | undefined {
  try {
    return kept && decode(kept.body, siteRulesSchema, { what: "site rules" });
  } catch {
    return undefined;
  }
}

function openOrReplace(path: string, site: string): Database.Database {
  try {
    const db = open(path);
    const isOurs =
      db.pragma("user_version", { simple: true }) === SCHEMA_VERSION &&
      db.prepare<[], { site: string }>("SELECT site FROM progress").get()?.site === site &&
      db.pragma("quick_check", { simple: true }) === "ok";
    if (isOurs) return db;
    db.close();
  } catch {
    // damaged: as good as not there
  }
  for (const suffix of ["", "-wal", "-shm"]) rmSync(path + suffix, { force: true });
  const db = open(path);
  db.exec(SCHEMA);
  db.prepare("INSERT INTO progress VALUES (?, NULL, 0, 0, 1, NULL, NULL)").run(site);
  db.pragma(`user_version = ${SCHEMA_VERSION}`);
  return db;
}

function open(path: string): Database.Database {
  const db = new Database(path, { timeout: 2000 });
  db.pragma("journal_mode = WAL");
  db.pragma("cache_size = -2000"); // KiB, as in the journal: better-sqlite3's default is 16 MB
  db.pragma("synchronous = NORMAL"); // a power cut may take the last pages back; they are asked for again
  return db;
}

const prepareStatements = (db: Database.Database) => ({
  entry: db.prepare<[string], { entry: Uint8Array }>("SELECT entry FROM entries WHERE badge = ?"),
  count: db.prepare<[], { n: number }>("SELECT count(*) AS n FROM entries"),
  put: db.prepare<[string, Uint8Array, number]>("INSERT OR REPLACE INTO entries VALUES (?, ?, ?)"),
  remove: db.prepare<[string]>("DELETE FROM entries WHERE badge = ?"),
  rules: db.prepare<[], { body: Uint8Array }>("SELECT body FROM rules"),
  removeRules: db.prepare<[]>("DELETE FROM rules"),
  putRules: db.prepare<[Uint8Array]>("INSERT INTO rules VALUES (?)"),
  removeOlder: db.prepare<[number]>("DELETE FROM entries WHERE load <> ?"),
  save: db.prepare<[Progress]>(
    `UPDATE progress SET generation = @generation, revision = @revision, load = @load,
       is_loading = @is_loading, loaded_at_ms = @loaded_at_ms, contact_at_ms = @contact_at_ms`,
  ),
});

function readProgress(db: Database.Database): Progress {
  const found = db.prepare<[], Progress>("SELECT * FROM progress").get();
  if (found === undefined) throw new Error("the directory has no progress row");
  const { generation, revision, load, is_loading, loaded_at_ms, contact_at_ms } = found;
  return { generation, revision, load, is_loading, loaded_at_ms, contact_at_ms };
}
