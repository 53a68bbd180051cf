import type { Decided } from "@clockleaf/shared/events/envelope.ts";
import type { IdentityEvent } from "@clockleaf/shared/events/identity.ts";
import { refuse } from "../../eventing/decider.ts";
import { type Asked, type Decision, principalOfUser } from "./asked.ts";
import {
  type Access,
  accountsOf,
  evolve,
  hasAdmin,
  isAdminAccount,
  isAdminKey,
  keysOf,
} from "./state.ts";

/**
 * The events, unless they would take away the asker's own right to manage accounts, or that of the last one who has it: a
 * slip must not lock a company out.
 */
export function staysGoverned(
  access: Access,
  { by, at, hasConfiguredAdmin }: Asked,
  events: ReadonlyArray<Decided<IdentityEvent>>,
): Decision {
  const after = events.reduce(evolve, access);
  if (isAdminHere(access, by, at) && !isAdminHere(after, by, at)) {
    return refuse("identity.own-admin", "somebody else with the role admin must do that to you");
  }
  if (!hasConfiguredAdmin && hasAdmin(access, at) && !hasAdmin(after, at)) {
    return refuse("identity.last-admin", "nobody would be left who can manage accounts");
  }
  return events;
}

function isAdminHere(access: Access, principal: string, atMs: number): boolean {
  for (const account of accountsOf(access)) {
    if (principalOfUser(account.userId) === principal) return isAdminAccount(account);
  }
  for (const key of keysOf(access)) {
    if (key.name === principal && isAdminKey(key, atMs)) return true;
  }
  return false;
}
