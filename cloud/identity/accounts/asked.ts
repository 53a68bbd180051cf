import type { Decided } from "@clockleaf/shared/events/envelope.ts";
import type { GrantData, IdentityEvent } from "@clockleaf/shared/events/identity.ts";
import { type Refusal, refuse } from "../../eventing/decider.ts";
import type { Grant } from "../rights.ts";

/** Who asks, and when. */
export interface Asked {
  readonly by: string;
  readonly at: number;
  /** True if the configuration lists a key with the scope admin: then there is somebody to help, whatever happens here. */
  readonly hasConfiguredAdmin: boolean;
}

export interface Guarded {
  /** Version that the account or key must have; left out: any. */
  readonly ifVersion?: number | undefined;
}

export type Decision = ReadonlyArray<Decided<IdentityEvent>> | Refusal;

/** Name of the principal that an account is. No name of an API key has a colon. */
export const principalOfUser = (userId: string): string => `user:${userId}`;

export const stale = (): Refusal => refuse("aggregate.changed", "it was changed since it was read");

export function isStale(
  { version }: { readonly version: number },
  { ifVersion }: Guarded,
): boolean {
  return ifVersion !== undefined && ifVersion !== version;
}

export const setUpAlready = (): Refusal =>
  refuse("setup.done", "there is an admin: sign in, or ask them for an account");

/** As stored: plain arrays, and no field that says nothing. */
export const storedGrants = (grants: readonly Grant[]): GrantData[] =>
  grants.map(({ role, sites, departments, everywhere }) => ({
    role,
    ...(sites === undefined ? {} : { sites: [...sites] }),
    ...(departments === undefined ? {} : { departments: [...departments] }),
    ...(everywhere === undefined ? {} : { everywhere }),
  }));
