import type { Log } from "@clockleaf/shared/lib/log.ts";
import { verifyPinSync } from "@clockleaf/shared/lib/pin-hash.ts";
import type { GatewayAddress } from "@clockleaf/shared/subjects.ts";
import type { DirectoryEntry } from "@clockleaf/shared/wire/directory.ts";
import { badgeKey, type Credential } from "@clockleaf/shared/wire/punch.ts";
import type { RosterPage, RosterRequest, SiteRules } from "@clockleaf/shared/wire/roster.ts";
import { DirectoryStore } from "./directory-store.ts";

/** `not-loaded`: the directory was never loaded to its end, so an absent badge means nothing. */
export type Lookup =
  | { readonly kind: "known"; readonly entry: DirectoryEntry }
  | { readonly kind: "withdrawn" }
  | { readonly kind: "unknown" }
  | { readonly kind: "not-loaded" };

export interface DirectoryStatus {
  readonly state: "not-loaded" | "loading" | "loaded";
  readonly entries: number;
  /** Milliseconds since the cloud last answered; null = never. The older, the less a refusal is worth. */
  readonly ageMs: number | null;
}

/** What the gateway knows of the badges of its site, offline or not. Answers in microseconds, from a local file. */
export interface Directory {
  /** Who holds the badge at `atMs` (UTC milliseconds). Never throws: what cannot be read is `not-loaded`. */
  lookup(badge: string, atMs: number): Lookup;
  /**
   * Whether a PIN is set for the badge and is `pin`; an empty `pin` is wrong without being hashed. Hashing takes some
   * 35 ms, more on a small board, in which the process does nothing else: readers wait longer than that anyway.
   */
  checkPin(credential: Credential, pin: string): "verified" | "wrong" | "none-set";
  /** By what the site's punches are read, as last heard from the cloud; undefined before that. */
  siteRules(): SiteRules | undefined;
  status(): DirectoryStatus;
  /** For the follower (see `roster-follower.ts`). */
  readonly feed: RosterFeed;
  close(): void;
}

/** The side of the directory that takes changes. */
export interface RosterFeed {
  nextRequest(): RosterRequest;
  apply(page: RosterPage): void;
}

export interface DirectoryOptions {
  /** File of the copy. It may be deleted while the agent is stopped: it is loaded again. */
  readonly path: string;
  readonly identity: GatewayAddress;
  readonly log: Log;
  /** Wall clock, UTC milliseconds. */
  readonly now?: () => number;
}

/**
 * Everything is read again this often: whatever was forgotten in the cloud (markers of deleted badges are, in time) is
 * then dropped here as well.
 */
const RELOAD_AFTER_MS = 24 * 3_600_000;

export function openDirectory(options: DirectoryOptions): Directory {
  const { path, identity, log } = options;
  const now = options.now ?? Date.now;
  const store = new DirectoryStore(path, `${identity.tenant}.${identity.site}`);

  const entryOf = (badge: string): DirectoryEntry | undefined => store.entry(badge);
  const isLoaded = (): boolean => store.progress().loaded_at_ms !== null;
  const lookup: Directory["lookup"] = (badge, atMs) => {
    try {
      const entry = entryOf(badge);
      if (entry === undefined) return { kind: isLoaded() ? "unknown" : "not-loaded" };
      if (entry.state === "withdrawn") return { kind: "withdrawn" };
      return atMs < entry.validFromMs ? { kind: "unknown" } : { kind: "known", entry };
    } catch (error) {
      log.error({ err: error }, "the directory cannot be read; punches are taken without greeting");
      return { kind: "not-loaded" };
    }
  };

  return {
    lookup,
    checkPin(credential, pin) {
      const found = lookup(badgeKey(credential), Number.MAX_SAFE_INTEGER);
      if (found.kind !== "known" || found.entry.pin === null) return "none-set";
      return pin !== "" && verifyPinSync(pin, found.entry.pin) ? "verified" : "wrong";
    },
    siteRules: () => store.siteRules(),
    status() {
      const { is_loading, contact_at_ms } = store.progress();
      const whileLoading = is_loading === 1 ? "loading" : "loaded";
      return {
        state: isLoaded() ? whileLoading : "not-loaded",
        entries: store.count(),
        ageMs: contact_at_ms === null ? null : Math.max(0, now() - contact_at_ms),
      };
    },
    feed: {
      nextRequest() {
        const { loaded_at_ms, is_loading } = store.progress();
        const isOld = loaded_at_ms !== null && Math.abs(now() - loaded_at_ms) > RELOAD_AFTER_MS;
        if (isOld && is_loading === 0) store.startReload();
        return store.request();
      },
      apply: (page) => store.apply(page, now()),
    },
    close: () => store.close(),
  };
}
