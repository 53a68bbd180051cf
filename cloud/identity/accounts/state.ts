import type { Decided } from "@clockleaf/shared/events/envelope.ts";
import type { GrantData, IdentityEvent } from "@clockleaf/shared/events/identity.ts";
import { ROLES } from "../permissions.ts";
import { coversCompany, type Grant, reachOf } from "../rights.ts";
import { allOnShelf, emptyShelf, onShelf, type Shelf, withOnShelf } from "./shelf.ts";

export interface Login {
  readonly displayName: string | null;
  /** In lower case: who logs in with it, verified, gets the account, unless it is bound already. */
  readonly email: string | null;
  /** Both or none: from then on only this login is let in. */
  readonly issuer: string | null;
  readonly subject: string | null;
}

export interface Account extends Login {
  readonly userId: string;
  readonly employeeId: string | null;
  readonly grants: readonly Grant[];
  readonly status: "active" | "disabled" | "erased";
  /** Counts its changes: the ETag. */
  readonly version: number;
}

export type KeyScope = "read" | "write" | "admin";

export interface IssuedKey {
  readonly keyId: string;
  readonly name: string;
  readonly sha256: string;
  /** The key before the last rotation, while it still opens. */
  readonly former: { readonly sha256: string; readonly untilAt: number } | null;
  readonly scopes: readonly KeyScope[];
  readonly grants: readonly Grant[];
  /** The person it acts for. */
  readonly employeeId: string | null;
  readonly expiresAt: number | null;
  readonly createdAt: number;
  readonly revokedAt: number | null;
  readonly version: number;
}

/**
 * Who may enter: all accounts and all issued keys, as one aggregate. So "this address has an account already" and "somebody
 * must remain who is an admin" hold strictly, whoever decides at the same moment in another process.
 */
export interface Access {
  readonly accounts: Shelf<Account>;
  readonly keys: Shelf<IssuedKey>;
}

export const nobody: Access = { accounts: emptyShelf(), keys: emptyShelf() };

export const accountIn = (access: Access, userId: string): Account | undefined =>
  onShelf(access.accounts, userId);
export const keyIn = (access: Access, keyId: string): IssuedKey | undefined =>
  onShelf(access.keys, keyId);
export const accountsOf = (access: Access): Iterable<Account> => allOnShelf(access.accounts);
export const keysOf = (access: Access): Iterable<IssuedKey> => allOnShelf(access.keys);

/** What this version knows of stored grants: a role that it does not know gives nothing. */
export function grantsOf(stored: readonly GrantData[]): Grant[] {
  return stored.flatMap(({ role, ...where }) => {
    const known = ROLES.find((name) => name === role);
    return known === undefined ? [] : [{ role: known, ...where }];
  });
}

const isAdmin = (grants: readonly Grant[]): boolean =>
  coversCompany(reachOf({ grants }, "identity.manage"));

export const isAdminAccount = ({ status, grants }: Pick<Account, "status" | "grants">): boolean =>
  status === "active" && isAdmin(grants);

export const isOpen = ({ revokedAt, expiresAt }: IssuedKey, atMs: number): boolean =>
  revokedAt === null && (expiresAt === null || expiresAt > atMs);

export const isAdminKey = (key: IssuedKey, atMs: number): boolean =>
  isOpen(key, atMs) && (key.scopes.includes("admin") || isAdmin(key.grants));

export function hasAdmin(access: Access, atMs: number): boolean {
  for (const account of accountsOf(access)) if (isAdminAccount(account)) return true;
  for (const key of keysOf(access)) if (isAdminKey(key, atMs)) return true;
  return false;
}

export function evolve(access: Access, event: Decided<IdentityEvent>): Access {
  switch (event.type) {
    case "identity.account.created": {
      const { userId, employeeId, displayName, email, issuer, subject } = event.data;
      const login = { displayName, email, issuer, subject };
      const grants = grantsOf(event.data.grants);
      const account: Account = {
        userId,
        employeeId,
        ...login,
        grants,
        status: "active",
        version: 1,
      };
      return { ...access, accounts: withOnShelf(access.accounts, userId, account) };
    }
    case "identity.account.changed": {
      const { userId, employeeId, displayName, email, issuer, subject } = event.data;
      return changed(access, userId, { employeeId, displayName, email, issuer, subject });
    }
    case "identity.account.bound": {
      const { userId, issuer, subject } = event.data;
      return changed(access, userId, { issuer, subject });
    }
    case "identity.account.grants-set":
      return changed(access, event.data.userId, { grants: grantsOf(event.data.grants) });
    case "identity.account.disabled":
      return changed(access, event.data.userId, { status: "disabled" });
    case "identity.account.enabled":
      return changed(access, event.data.userId, { status: "active" });
    case "identity.account.erased":
      return changed(access, event.data.userId, ERASED);
    case "identity.key.issued": {
      const { keyId, name, sha256, scopes, actsFor, expiresAt, at } = event.data;
      const key: IssuedKey = {
        keyId,
        name,
        sha256,
        former: null,
        scopes,
        grants: grantsOf(event.data.grants),
        employeeId: actsFor,
        expiresAt,
        createdAt: at,
        revokedAt: null,
        version: 1,
      };
      return { ...access, keys: withOnShelf(access.keys, keyId, key) };
    }
    case "identity.key.rotated": {
      const { keyId, sha256, formerUntil, at } = event.data;
      const before = keyIn(access, keyId)?.sha256;
      const former =
        before === undefined || formerUntil <= at ? null : { sha256: before, untilAt: formerUntil };
      return withKey(access, keyId, { sha256, former });
    }
    case "identity.key.revoked":
      return withKey(access, event.data.keyId, { revokedAt: event.data.at, former: null });
  }
}

const ERASED = {
  status: "erased",
  displayName: null,
  email: null,
  subject: null,
  grants: [],
} as const;

function changed(access: Access, userId: string, change: Partial<Account>): Access {
  const before = accountIn(access, userId);
  if (before === undefined) return access;
  const account = { ...before, ...change, version: before.version + 1 };
  return { ...access, accounts: withOnShelf(access.accounts, userId, account) };
}

function withKey(access: Access, keyId: string, change: Partial<IssuedKey>): Access {
  const before = keyIn(access, keyId);
  if (before === undefined) return access;
  const key = { ...before, ...change, version: before.version + 1 };
  return { ...access, keys: withOnShelf(access.keys, keyId, key) };
}
