import { createHash } from "node:crypto";
import type { Context, MiddlewareHandler } from "hono";
import { createMiddleware } from "hono/factory";
import { clientAddress } from "./client-address.ts";
import type { Attempt, Failures, TooMany } from "./failures.ts";
import type { Credential, LoginFailure } from "./principals.ts";
import { problem } from "./problem.ts";
import type { ApiEnv } from "./router.ts";

interface AttemptDeps {
  readonly failures?: Failures;
  readonly onFailure?: (failure: LoginFailure) => void;
  readonly trustedProxies?: number;
}

/** Of a key: its kind and 6 of its 43 random characters, which tell it from others and open nothing. */
const ACCOUNT_CHARACTERS = "clk_live_".length + 6;

export function attemptOf(
  c: Context,
  { trustedProxies = 0 }: AttemptDeps,
  { kind, token }: Credential,
): Attempt {
  return {
    kind: kind === "cookie" ? "cookie" : "bearer",
    address: clientAddress(c, trustedProxies),
    account: accountOf(token),
    digest: createHash("sha256").update(token).digest("base64url"),
  };
}

/** What a token says of itself, believed by nobody: it only tells whose account is being tried. */
function accountOf(token: string): string {
  const [, payload, signature] = token.split(".");
  if (payload === undefined || signature === undefined) {
    return `key ${token.slice(0, ACCOUNT_CHARACTERS)}`;
  }
  try {
    const claims: unknown = JSON.parse(Buffer.from(payload, "base64url").toString("utf8"));
    const sub = typeof claims === "object" && claims !== null && "sub" in claims ? claims.sub : "";
    return `subject ${String(sub).slice(0, 64)}`;
  } catch {
    return "token that cannot be read";
  }
}

/** For what one does before one is anybody: a 401 counts as a failure of the address. */
export function limitedLogins(deps: AttemptDeps): MiddlewareHandler<ApiEnv> {
  return createMiddleware<ApiEnv>(async (c, next) => {
    const address = clientAddress(c, deps.trustedProxies ?? 0);
    const attempt: Attempt = { kind: "login", address, account: c.req.path, digest: "" };
    const refused = deps.failures?.refusal(attempt);
    if (refused !== undefined) {
      deps.onFailure?.({ kind: "login", address, account: c.req.path, isRefused: true });
      return tooManyFailures(c, refused);
    }
    await next();
    if (c.res.status === 401) {
      deps.failures?.failed(attempt);
      deps.onFailure?.({ kind: "login", address, account: c.req.path, isRefused: false });
    }
    return undefined;
  });
}

const NAME = "failed-logins";

export function tooManyFailures(
  c: Context,
  { retryAfterSeconds, limit, windowSeconds }: TooMany,
): Response {
  c.header("Retry-After", String(retryAfterSeconds));
  c.header("RateLimit-Policy", `"${NAME}";q=${limit};w=${windowSeconds}`);
  c.header("RateLimit", `"${NAME}";r=0;t=${retryAfterSeconds}`);
  return problem(c, { code: "api.too-many-failures" });
}
