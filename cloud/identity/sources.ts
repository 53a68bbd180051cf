import { grantsOf } from "./accounts/state.ts";
import type { AccountTable } from "./accounts/table.ts";
import { type Identified, identifiedByAccount, identifiedByKey } from "./identified.ts";
import type { KeyUse } from "./keys/key-use.ts";
import type { LoginSessions } from "./login/sessions.ts";
import type { People } from "./oidc/people.ts";
import { type VerifyOptions, verifyToken } from "./oidc/verify.ts";
import { sha256Of } from "./secret.ts";

/** What a request shows to say who makes it; `key-hash` is of a key that was shown when a page signed in. */
export interface Credential {
  readonly kind: "bearer" | "cookie" | "key-hash";
  readonly token: string;
}

/** Who holds a credential of one kind; what `PrincipalSource` of the API asks for. */
export interface IdentifiedSource {
  principalOf(credential: Credential): Promise<Identified | undefined>;
  /** Ends what the token opens, if it is one of its own. */
  close?(token: string): Promise<void>;
}

export const KEY_PREFIX = "clk_live_";

/** Keys that were issued over the API. */
export function issuedKeys(
  table: AccountTable,
  use: KeyUse,
  nowMs: () => number,
): IdentifiedSource {
  return {
    async principalOf({ kind, token }) {
      if (kind === "cookie" || (kind === "bearer" && !token.startsWith(KEY_PREFIX)))
        return undefined;
      const key = table.keyByHash(kind === "bearer" ? sha256Of(token) : token, nowMs());
      if (key === undefined) return undefined;
      use.note(key.keyId);
      return identifiedByKey(key);
    },
  };
}

const JWT = /^[\w-]+\.[\w-]+\.[\w-]*$/u;

/** Tokens of the login provider. */
export function bearerTokens(people: People, verifying: VerifyOptions): IdentifiedSource {
  return {
    async principalOf({ kind, token }) {
      if (kind !== "bearer" || !JWT.test(token)) return undefined;
      const claims = await verifyToken(token, verifying);
      return claims === undefined ? undefined : people.identified(await people.enter(claims));
    },
  };
}

/** Cookies of people who logged in with a browser. The account is asked anew each time: disabled is out. */
export function loginCookies(table: AccountTable, sessions: LoginSessions): IdentifiedSource {
  return {
    async principalOf({ kind, token }) {
      const session = kind === "cookie" ? await sessions.holderOf(token) : undefined;
      const account = session === undefined ? undefined : table.account(session.userId);
      if (session === undefined || account?.status !== "active") return undefined;
      return identifiedByAccount(account, grantsOf(session.roles.map((role) => ({ role }))));
    },
    async close(token) {
      await sessions.close(token);
    },
  };
}
