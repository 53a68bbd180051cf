import { principalOfUser } from "./accounts/asked.ts";
import type { Account, IssuedKey, KeyScope } from "./accounts/state.ts";
import { grantsOfKey } from "./key-grants.ts";
import { PERMISSIONS } from "./permissions.ts";
import { type Grant, reachOf } from "./rights.ts";

/** Somebody whom the API knows: what `Principal` of the API asks for. */
export interface Identified {
  /** Goes into `by` and `requestedBy` of what they do. Names nobody: `user:<id>`, or the name of a key. */
  readonly name: string;
  readonly scopes: readonly KeyScope[];
  readonly employeeId: string | undefined;
  /** Names of the roles held, for approval steps. */
  readonly roles: readonly string[];
  readonly grants: readonly Grant[];
}

/** `more`: what the token of this login grants besides, if the configuration lets it. */
export function identifiedByAccount(account: Account, more: readonly Grant[] = []): Identified {
  const grants = [...account.grants, ...more];
  const employeeId = account.employeeId ?? undefined;
  return {
    name: principalOfUser(account.userId),
    scopes: scopesOf(grants, employeeId),
    employeeId,
    roles: rolesOf(grants),
    grants,
  };
}

/** A key's scopes are a ceiling; one without grants has those that its scopes stand for. */
export function identifiedByKey(key: IssuedKey): Identified {
  const { name, grants, scopes } = key;
  const employeeId = key.employeeId ?? undefined;
  const held = grants.length > 0 ? grants : grantsOfKey({ scopes, employeeId, roles: [] });
  return {
    name,
    scopes: scopes.length > 0 ? scopes : scopesOf(grants, employeeId),
    employeeId,
    roles: rolesOf(grants),
    grants: held,
  };
}

const rolesOf = (grants: readonly Grant[]): string[] => [
  ...new Set(grants.map(({ role }) => role)),
];

/** The lowest scope under which all of the grants can be used. How far they reach, the grants say themselves. */
function scopesOf(grants: readonly Grant[], employeeId: string | undefined): KeyScope[] {
  const held = PERMISSIONS.filter((each) => reachOf({ grants, employeeId }, each).kind !== "none");
  if (held.includes("identity.manage")) return ["admin"];
  if (held.some((each) => !each.endsWith(".read"))) return ["write"];
  return held.length > 0 ? ["read"] : [];
}
