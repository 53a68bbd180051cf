import { PlatformError } from "@clockleaf/shared/lib/errors.ts";
import { createRoute, z } from "@hono/zod-openapi";
import type { Context } from "hono";
import { deleteCookie, getCookie, setCookie } from "hono/cookie";
import { problemSchema } from "../../api/problem.ts";
import {
  type ApiRouter,
  invalidResponse,
  jsonResponse,
  newRouter,
  tooManyResponse,
} from "../../api/router.ts";
import type { CodeFlow } from "../oidc/code-flow.ts";
import type { People } from "../oidc/people.ts";
import { safeReturnTo } from "./return-to.ts";
import { type LoginSessions, SESSION_MS } from "./sessions.ts";

export interface LoginRoutesDeps {
  /** Undefined: the configuration names no provider, or no client of it. */
  readonly login: { readonly flow: CodeFlow; readonly people: People } | undefined;
  readonly sessions: LoginSessions;
  /** Name of the cookie that holds a session's token. */
  readonly cookieName: string;
  /** True behind TLS: cookies are then never sent over plain HTTP. */
  readonly isSecure: boolean;
}

const LOGIN_COOKIE = "clockleaf_login";
const LOGIN_SECONDS = 600;

const problemContent = { "application/problem+json": { schema: problemSchema } };
const tags = ["session"];
const away = { description: "The provider does not answer", content: problemContent };

const loginRoute = createRoute({
  method: "get",
  path: "/session/login",
  operationId: "beginLogin",
  summary: "Send the browser to the login provider",
  tags,
  security: [],
  request: {
    query: z.object({ returnTo: z.string().max(2048).optional().describe("A path of this API") }),
  },
  responses: {
    302: { description: "To the provider" },
    404: { description: "No provider is configured", content: problemContent },
    ...invalidResponse,
    503: away,
  },
});

const callbackRoute = createRoute({
  method: "get",
  path: "/session/callback",
  operationId: "finishLogin",
  summary: "Where the login provider sends the browser back to",
  tags,
  security: [],
  responses: {
    302: { description: "Signed in; to where the login began" },
    401: { description: "Not the answer to a login of this browser", content: problemContent },
    403: { description: "The login has no account here", content: problemContent },
    404: { description: "No provider is configured", content: problemContent },
    ...tooManyResponse,
    503: away,
  },
});

const logoutRoute = createRoute({
  method: "post",
  path: "/session/logout",
  operationId: "logOut",
  summary: "End the session, and say where to end it at the login provider",
  tags,
  security: [],
  responses: {
    200: jsonResponse(
      z.object({
        location: z.string().nullable().describe("Send the browser there; null: nowhere"),
      }),
      "Signed out here",
    ),
  },
});

const methodsRoute = createRoute({
  method: "get",
  path: "/session/methods",
  operationId: "listLoginMethods",
  summary: "How one may sign in",
  tags,
  security: [],
  responses: {
    200: jsonResponse(z.object({ apiKey: z.boolean(), provider: z.boolean() }), "The ways"),
  },
});

/** Kept by the browser between the two halves of a login. What a page of another site plants here matches no answer of the provider. */
const begunSchema = z.object({
  state: z.string().max(128),
  nonce: z.string().max(128),
  verifier: z.string().max(256),
  returnTo: z.string().max(2048),
});

/** Logins of people with a browser. Mounted outside `/api/v1`: it is what one does before one may enter. */
export function createLoginRoutes(deps: LoginRoutesDeps): ApiRouter {
  const { login, sessions, cookieName, isSecure } = deps;
  // Lax: the provider's answer comes from another site, and would find no Strict cookie.
  const cookie = { httpOnly: true, sameSite: "Lax", secure: isSecure } as const;
  const router = newRouter();

  router.openapi(methodsRoute, (c) => c.json({ apiKey: true, provider: login !== undefined }, 200));

  router.openapi(loginRoute, async (c) => {
    if (login === undefined) throw noProvider();
    const returnTo = safeReturnTo(c.req.valid("query").returnTo);
    const { url, begun } = await login.flow.begin();
    const kept = Buffer.from(JSON.stringify({ ...begun, returnTo })).toString("base64url");
    setCookie(c, LOGIN_COOKIE, kept, { ...cookie, path: "/session", maxAge: LOGIN_SECONDS });
    c.header("Cache-Control", "no-store");
    return c.redirect(url.href, 302);
  });

  router.openapi(callbackRoute, async (c) => {
    if (login === undefined) throw noProvider();
    c.header("Cache-Control", "no-store");
    const begun = begunIn(c);
    deleteCookie(c, LOGIN_COOKIE, { ...cookie, path: "/session" });
    if (begun === undefined) {
      throw new PlatformError("identity.login-failed", "this browser has begun no login");
    }
    const { claims, idToken } = await login.flow.finish(new URL(c.req.url), begun);
    const { account, grants } = await login.people.enter(claims);
    // Whoever knew the token of an earlier session knows nothing of this one.
    await sessions.close(getCookie(c, cookieName) ?? "");
    const roles = grants.map(({ role }) => role);
    const token = await sessions.open({ userId: account.userId, roles, idToken });
    setCookie(c, cookieName, token, { ...cookie, path: "/", maxAge: SESSION_MS / 1000 });
    return c.redirect(safeReturnTo(begun.returnTo), 302);
  });

  router.openapi(logoutRoute, async (c) => {
    const idToken = await sessions.close(getCookie(c, cookieName) ?? "");
    // A session of the page, which is none of ours: `DELETE /session` ends it.
    if (idToken === undefined) return c.json({ location: null }, 200);
    deleteCookie(c, cookieName, { ...cookie, path: "/" });
    return c.json({ location: (await endAtProvider(deps, idToken)) ?? null }, 200);
  });
  return router;
}

const noProvider = (): PlatformError =>
  new PlatformError("api.not-found", "no login provider is configured; sign in with an API key");

function begunIn(c: Context): z.output<typeof begunSchema> | undefined {
  const kept = getCookie(c, LOGIN_COOKIE);
  if (kept === undefined || kept.length > 4096) return undefined;
  try {
    const value: unknown = JSON.parse(Buffer.from(kept, "base64url").toString("utf8"));
    return begunSchema.safeParse(value).data;
  } catch {
    // Nothing that we have set.
    return undefined;
  }
}

/** Signed out here is signed out, whether the provider answers or not. */
async function endAtProvider(
  { login }: LoginRoutesDeps,
  idToken: string,
): Promise<string | undefined> {
  try {
    return (await login?.flow.end(idToken))?.href;
  } catch {
    // It has been logged where it was asked.
    return undefined;
  }
}
