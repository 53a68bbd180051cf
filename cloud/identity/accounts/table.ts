import type { Decided } from "@clockleaf/shared/events/envelope.ts";
import type { IdentityEvent } from "@clockleaf/shared/events/identity.ts";
import { principalOfUser } from "./asked.ts";
import {
  type Access,
  type Account,
  accountIn,
  accountsOf,
  evolve,
  type IssuedKey,
  isOpen,
  keyIn,
  keysOf,
  nobody,
} from "./state.ts";

/** Everybody who may enter, in memory: every request asks, and none asks a database. */
export interface AccountTable {
  readonly access: () => Access;
  account(userId: string): Account | undefined;
  accountOfPrincipal(name: string): Account | undefined;
  accountByLogin(issuer: string, subject: string): Account | undefined;
  /** Accounts that nobody has logged in to yet only. */
  unboundByEmail(email: string): Account | undefined;
  /** The key with this hash, if it opens at `atMs`. */
  keyByHash(sha256: string, atMs: number): IssuedKey | undefined;
  /** The person whom a principal of this name acts for. */
  employeeOf(principal: string): string | undefined;
  /** People whose active accounts or open keys have the role. */
  employeesOfRole(role: string, atMs: number): string[];
  apply(event: Decided<IdentityEvent>): void;
  /** Forgets everything, for the stream was made anew. */
  reset(): void;
}

export function createAccountTable(): AccountTable {
  let access = nobody;
  const byLogin = new Map<string, string>();
  const byEmail = new Map<string, string>();
  const byHash = new Map<string, string>();
  const byName = new Map<string, string>();

  const unindexAccount = ({ issuer, subject, email }: Account): void => {
    if (issuer !== null && subject !== null) byLogin.delete(loginKey(issuer, subject));
    if (email !== null) byEmail.delete(email);
  };
  const indexAccount = ({ userId, issuer, subject, email, status }: Account): void => {
    if (status === "erased") return;
    if (issuer !== null && subject !== null) byLogin.set(loginKey(issuer, subject), userId);
    if (email !== null) byEmail.set(email, userId);
  };
  const unindexKey = ({ sha256, former }: IssuedKey): void => {
    byHash.delete(sha256);
    if (former !== null) byHash.delete(former.sha256);
  };
  const indexKey = ({ keyId, name, sha256, former, revokedAt }: IssuedKey): void => {
    if (revokedAt !== null) return;
    byName.set(name, keyId);
    byHash.set(sha256, keyId);
    if (former !== null) byHash.set(former.sha256, keyId);
  };

  const accountOfPrincipal = (name: string): Account | undefined =>
    name.startsWith(USER) ? accountIn(access, name.slice(USER.length)) : undefined;

  return {
    access: () => access,
    account: (userId) => accountIn(access, userId),
    accountOfPrincipal,
    accountByLogin: (issuer, subject) =>
      accountIn(access, byLogin.get(loginKey(issuer, subject)) ?? ""),
    unboundByEmail(email) {
      const account = accountIn(access, byEmail.get(email.toLowerCase()) ?? "");
      return account?.subject === null && account.issuer === null ? account : undefined;
    },
    keyByHash(sha256, atMs) {
      const key = keyIn(access, byHash.get(sha256) ?? "");
      if (key === undefined || !isOpen(key, atMs)) return undefined;
      const isCurrent = key.sha256 === sha256;
      return isCurrent || (key.former?.untilAt ?? 0) > atMs ? key : undefined;
    },
    employeeOf(principal) {
      const found = accountOfPrincipal(principal) ?? keyIn(access, byName.get(principal) ?? "");
      return found?.employeeId ?? undefined;
    },
    employeesOfRole(role, atMs) {
      const holders = [
        ...[...accountsOf(access)].filter(({ status }) => status === "active"),
        ...[...keysOf(access)].filter((key) => isOpen(key, atMs)),
      ];
      return holders.flatMap(({ employeeId, grants }) =>
        employeeId !== null && grants.some((grant) => grant.role === role) ? [employeeId] : [],
      );
    },
    apply(event) {
      const before = partOf(access, event);
      access = evolve(access, event);
      const after = partOf(access, event);
      if (before?.kind === "account") unindexAccount(before.account);
      if (before?.kind === "key") unindexKey(before.key);
      if (after?.kind === "account") indexAccount(after.account);
      if (after?.kind === "key") indexKey(after.key);
    },
    reset() {
      access = nobody;
      for (const index of [byLogin, byEmail, byHash, byName]) index.clear();
    },
  };
}

const USER = principalOfUser("");

/** No issuer has a line break. */
const loginKey = (issuer: string, subject: string): string => `${issuer}\n${subject}`;

type Part =
  | { readonly kind: "account"; readonly account: Account }
  | { readonly kind: "key"; readonly key: IssuedKey };

function partOf(access: Access, { data }: Decided<IdentityEvent>): Part | undefined {
  if ("userId" in data) {
    const account = accountIn(access, data.userId);
    return account === undefined ? undefined : { kind: "account", account };
  }
  const key = keyIn(access, data.keyId);
  return key === undefined ? undefined : { kind: "key", key };
}
