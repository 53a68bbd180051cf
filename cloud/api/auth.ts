import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { tokenSchema } from "@clockleaf/shared/subjects.ts";
import type { Context, MiddlewareHandler } from "hono";
import { getCookie } from "hono/cookie";
import { createMiddleware } from "hono/factory";
import { z } from "zod";
import { grantSchema, grantsOfKey, namesOfKey } from "../identity/key-grants.ts";
import { attemptOf, tooManyFailures } from "./attempt.ts";
import { isCrossSite } from "./cross-site.ts";
import type { Attempt, Failures } from "./failures.ts";
import {
  type Credential,
  findPrincipal,
  type LoginFailure,
  type PrincipalSource,
} from "./principals.ts";
import { problem } from "./problem.ts";
import { type ApiEnv, forbidden, mayUse, type Principal, SCOPES } from "./router.ts";

const KEY_PREFIX = "clk_live_";
const KEY_BYTES = 32;

/** One line of `apiKeys` in the configuration. The key itself is nowhere but with its holder. */
export const apiKeySchema = z.strictObject({
  name: z
    .string()
    .regex(/^[A-Za-z0-9_.-]{1,64}$/, "use 1 to 64 of A-Z a-z 0-9 _ . -")
    .describe("Who holds the key; goes into the audit fields of what it changes"),
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/, "use the 64 hex digits that `keys create` prints")
    .describe("SHA-256 of the whole key, hex"),
  scopes: z
    .array(z.enum(SCOPES))
    .min(1)
    .describe("read looks, write changes people and punches, admin registers gateways"),
  employeeId: tokenSchema.optional().describe("The person the key acts for, for approvals"),
  roles: z.array(tokenSchema).max(16).default([]).describe("Such as hr or payroll, for approvals"),
  grants: z
    .array(grantSchema)
    .max(64)
    .optional()
    .describe("What it may do and where; left out: what follows from scopes, roles and employeeId"),
});
export type ApiKey = z.output<typeof apiKeySchema>;

/** A new key and the line for the configuration. 32 random bytes: nobody guesses it, so plain SHA-256 keeps it. */
export function createApiKey(
  name: string,
  scopes: ApiKey["scopes"],
): { readonly key: string; readonly entry: ApiKey } {
  const key = KEY_PREFIX + randomBytes(KEY_BYTES).toString("base64url");
  return { key, entry: { name, sha256: sha256(key).toString("hex"), scopes, roles: [] } };
}

export interface Keyring {
  /** Who holds `key`; undefined for anything that is not a configured key. */
  holderOf(key: string): Principal | undefined;
}

export function createKeyring(keys: readonly ApiKey[]): Keyring {
  const entries = keys.map((entry) => ({
    digest: Buffer.from(entry.sha256, "hex"),
    principal: {
      name: entry.name,
      scopes: entry.scopes,
      employeeId: entry.employeeId,
      roles: namesOfKey(entry),
      grants: grantsOfKey(entry),
    },
  }));
  return {
    holderOf(key) {
      const digest = sha256(key);
      let found: Principal | undefined;
      // Every entry is compared, so that the time taken tells nothing about which one matched.
      for (const entry of entries) {
        if (timingSafeEqual(entry.digest, digest)) found = entry.principal;
      }
      return found;
    },
  };
}

export const SESSION_COOKIE = "clockleaf_session";
/** Long enough for a shift in front of the page, short enough that a forgotten browser is harmless tomorrow. */
export const SESSION_MS = 12 * 3_600_000;
const MAX_SESSIONS = 1000;

/** Sessions of the live page, in memory: a restart signs everybody out, and each may only read. */
export interface Sessions {
  /** `keyHash`: of an issued key, which may end before the session does. */
  open(principal: Principal, keyHash?: string): string;
  holderOf(token: string): Principal | undefined;
  keyHashOf(token: string): string | undefined;
  close(token: string): void;
}

interface Session {
  readonly principal: Principal;
  readonly keyHash: string | undefined;
  readonly endsAtMs: number;
}

export function createSessions(nowMs: () => number): Sessions {
  const open = new Map<string, Session>();
  return {
    open(principal, keyHash) {
      for (const [key, session] of open) {
        // Insertion order is age: the oldest go first, expired or not, until the bound holds.
        if (session.endsAtMs > nowMs() && open.size < MAX_SESSIONS) break;
        open.delete(key);
      }
      const token = randomBytes(KEY_BYTES).toString("base64url");
      open.set(sessionKey(token), {
        principal: { ...principal, scopes: ["read"] },
        keyHash,
        endsAtMs: nowMs() + SESSION_MS,
      });
      return token;
    },
    holderOf(token) {
      const session = open.get(sessionKey(token));
      return session !== undefined && session.endsAtMs > nowMs() ? session.principal : undefined;
    },
    keyHashOf: (token) => open.get(sessionKey(token))?.keyHash,
    close(token) {
      open.delete(sessionKey(token));
    },
  };
}

export interface AuthDeps {
  readonly keyring: Keyring;
  readonly sessions: Sessions;
  /** Who else may know the holder of a credential: issued keys, tokens of the login provider, logins. */
  readonly sources?: readonly PrincipalSource[];
  /** Left out (in tests): nothing is counted. */
  readonly failures?: Failures;
  /** What the log and the metrics hear of a login that failed. */
  readonly onFailure?: (failure: LoginFailure) => void;
  readonly trustedProxies?: number;
  readonly publicUrl?: string | undefined;
}

/**
 * Lets through whom one of the sources knows, if they hold the scope that the method asks for. What changes something with a
 * cookie must come from a page of ours.
 */
export function authenticate(deps: AuthDeps): MiddlewareHandler<ApiEnv> {
  return createMiddleware<ApiEnv>(async (c, next) => {
    const credential = credentialOf(c);
    if (credential === undefined) return unauthorised(c);
    if (credential.kind === "cookie" && isCrossSite(c, deps.publicUrl)) {
      return problem(c, { code: "api.cross-site" });
    }
    const attempt = attemptOf(c, deps, credential);
    const refused = deps.failures?.refusal(attempt);
    if (refused !== undefined) {
      deps.onFailure?.({ ...attempt, isRefused: true });
      return tooManyFailures(c, refused);
    }
    const principal = await findPrincipal(sourcesOf(deps), credential);
    if (principal === undefined) return failed(c, deps, attempt);
    deps.failures?.succeeded(attempt);
    c.set("principal", principal);
    const isRead = c.req.method === "GET" || c.req.method === "HEAD";
    const scope = isRead || READS_BY_POST.has(c.req.path) ? "read" : "write";
    if (!OPEN_TO_EVERYBODY.has(c.req.path) && !mayUse(principal, scope)) return forbidden(c, scope);
    return next();
  });
}

/** Questions that do not fit into an address. */
const READS_BY_POST: ReadonlySet<string> = new Set(["/graphql"]);

/** Who one is, one may know whatever one may do. */
const OPEN_TO_EVERYBODY = new Set(["/api/v1/me"]);

/** All who may know the holder of a credential, the fastest first. */
export const sourcesOf = ({ keyring, sessions, sources = [] }: AuthDeps): PrincipalSource[] => [
  { principalOf: ({ kind, token }) => (kind === "bearer" ? keyring.holderOf(token) : undefined) },
  pageSessions(sessions, sources),
  ...sources,
];

/** Sessions of the page. One that was opened with an issued key ends with it. */
function pageSessions(sessions: Sessions, sources: readonly PrincipalSource[]): PrincipalSource {
  return {
    async principalOf({ kind, token }) {
      const held = kind === "cookie" ? sessions.holderOf(token) : undefined;
      const keyHash = held === undefined ? undefined : sessions.keyHashOf(token);
      if (keyHash === undefined) return held;
      const now = await findPrincipal(sources, { kind: "key-hash", token: keyHash });
      return now === undefined ? undefined : { ...now, scopes: ["read"] };
    },
    close: async (token) => sessions.close(token),
  };
}

function credentialOf(c: Context): Credential | undefined {
  const header = c.req.header("authorization");
  if (header !== undefined) {
    const token = /^Bearer +([A-Za-z0-9_.~+/=-]{1,8192})$/iu.exec(header)?.[1];
    return { kind: "bearer", token: token ?? "" };
  }
  const token = getCookie(c, SESSION_COOKIE);
  return token === undefined ? undefined : { kind: "cookie", token };
}

/** A cookie that opens nothing is one that has expired: nobody guesses 256 bits with a browser. It counts for nothing. */
function failed(c: Context, deps: AuthDeps, attempt: Attempt): Response {
  if (attempt.kind === "cookie") return unauthorised(c);
  const refused = deps.failures?.failed(attempt);
  deps.onFailure?.({ ...attempt, isRefused: refused !== undefined });
  return refused === undefined ? unauthorised(c) : tooManyFailures(c, refused);
}

function unauthorised(c: Context): Response {
  const hasTried = c.req.header("authorization") !== undefined;
  c.header(
    "WWW-Authenticate",
    `Bearer realm="clockleaf"${hasTried ? ', error="invalid_token"' : ""}`,
  );
  return problem(c, { code: "api.unauthorised" });
}

/** Tokens are kept hashed, as keys are: a memory dump opens nothing. */
const sessionKey = (token: string): string => sha256(token).toString("hex");

export function sha256(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
