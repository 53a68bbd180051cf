import { createRoute, z } from "@hono/zod-openapi";
import { deleteCookie, getCookie, setCookie } from "hono/cookie";
import { type AuthDeps, SESSION_COOKIE, SESSION_MS, sha256, sourcesOf } from "./auth.ts";
import { findPrincipal } from "./principals.ts";
import { problem, problemSchema } from "./problem.ts";
import {
  type ApiRouter,
  invalidResponse,
  jsonBody,
  jsonResponse,
  newRouter,
  tooManyResponse,
} from "./router.ts";

const sessionSchema = z
  .object({
    name: z
      .string()
      .describe("Name of the API key behind the session, or `user:<id>` of an account"),
  })
  .meta({ id: "Session" });

const refusedKey = {
  401: {
    description: "Not a key of this cloud, or no session",
    content: { "application/problem+json": { schema: problemSchema } },
  },
};

const openRoute = createRoute({
  method: "post",
  path: "/session",
  operationId: "openSession",
  summary: "Trade an API key for a cookie, so that a page may read and follow events",
  description:
    "`EventSource` cannot send headers. The cookie is HttpOnly and SameSite=Strict, and a session may only read.",
  tags: ["session"],
  security: [],
  request: { body: jsonBody(z.strictObject({ apiKey: z.string().min(1).max(128) })) },
  responses: {
    200: jsonResponse(sessionSchema, "Signed in"),
    ...refusedKey,
    ...invalidResponse,
    ...tooManyResponse,
  },
});

const showRoute = createRoute({
  method: "get",
  path: "/session",
  operationId: "showSession",
  summary: "Who is signed in",
  tags: ["session"],
  security: [],
  responses: { 200: jsonResponse(sessionSchema, "The session of the cookie"), ...refusedKey },
});

const closeRoute = createRoute({
  method: "delete",
  path: "/session",
  operationId: "closeSession",
  summary: "Sign out",
  tags: ["session"],
  security: [],
  responses: { 204: { description: "Signed out" } },
});

export interface SessionDeps extends AuthDeps {
  /** True behind TLS: the cookie is then never sent over plain HTTP. */
  readonly isSecure: boolean;
}

/** Sign-in of the live page. Mounted outside `/api/v1`: it is what one does before one may enter. */
export function sessionRoutes(deps: SessionDeps): ApiRouter {
  const cookie = { httpOnly: true, sameSite: "Strict", path: "/", secure: deps.isSecure } as const;
  const router = newRouter();
  const sources = sourcesOf(deps);
  router.openapi(openRoute, async (c) => {
    const { apiKey } = c.req.valid("json");
    const configured = deps.keyring.holderOf(apiKey);
    const issued = { kind: "key-hash", token: sha256(apiKey).toString("hex") } as const;
    const principal = configured ?? (await findPrincipal(sources, issued));
    if (principal === undefined) return problem(c, { code: "api.unauthorised" });
    const token = deps.sessions.open(
      principal,
      configured === undefined ? issued.token : undefined,
    );
    setCookie(c, SESSION_COOKIE, token, { ...cookie, maxAge: SESSION_MS / 1000 });
    return c.json({ name: principal.name }, 200);
  });
  router.openapi(showRoute, async (c) => {
    const token = getCookie(c, SESSION_COOKIE) ?? "";
    const principal = await findPrincipal(sources, { kind: "cookie", token });
    if (principal === undefined) return problem(c, { code: "api.unauthorised" });
    return c.json({ name: principal.name }, 200);
  });
  router.openapi(closeRoute, async (c) => {
    const token = getCookie(c, SESSION_COOKIE) ?? "";
    for (const source of sources) await source.close?.(token);
    deleteCookie(c, SESSION_COOKIE, cookie);
    return c.body(null, 204);
  });
  return router;
}
