import type { Attempt } from "./failures.ts";
import type { Principal } from "./router.ts";

/** What a request shows to say who makes it; `key-hash` is of a key that was shown when a page signed in. */
export interface Credential {
  readonly kind: "bearer" | "cookie" | "key-hash";
  readonly token: string;
}

/** Somebody who knows the holders of some credentials. */
export interface PrincipalSource {
  /** Undefined: none of those it knows. Rejects for one whose holder may not enter, or cannot be told now. */
  principalOf(credential: Credential): Principal | undefined | Promise<Principal | undefined>;
  /** Ends what a cookie opens, if it is one of those it knows. */
  close?(token: string): Promise<void>;
}

/** A login that failed, for the log and the metrics: no secret is in it. */
export type LoginFailure = Omit<Attempt, "digest"> & { readonly isRefused: boolean };

export async function findPrincipal(
  sources: readonly PrincipalSource[],
  credential: Credential,
): Promise<Principal | undefined> {
  for (const source of sources) {
    const found = await source.principalOf(credential);
    if (found !== undefined) return found;
  }
  return undefined;
}
