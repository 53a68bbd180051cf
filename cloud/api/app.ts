import { randomBytes, randomUUIDv7 } from "node:crypto";
import { codeOf } from "@clockleaf/shared/lib/errors.ts";
import type { Log } from "@clockleaf/shared/lib/log.ts";
import { childTraceparent, TRACEPARENT, traceIdOf } from "@clockleaf/shared/wire/trace-context.ts";
import type { Context } from "hono";
import { bodyLimit } from "hono/body-limit";
import { cors } from "hono/cors";
import { createMiddleware } from "hono/factory";
import { methodNotAllowed } from "hono/method-not-allowed";
import { routePath } from "hono/route";
import { secureHeaders } from "hono/secure-headers";
import type { Access } from "../identity/access.ts";
import type { Metrics } from "../metrics.ts";
import { limitedLogins } from "./attempt.ts";
import { type AuthDeps, authenticate } from "./auth.ts";
import { type Conventions, mountConventions } from "./conventions.ts";
import { isCrossSite } from "./cross-site.ts";
import { type HealthCheck, mountHealth } from "./health.ts";
import { REPLAYED } from "./idempotency.ts";
import type { Fetch } from "./in-process.ts";
import { insideCalls } from "./inside.ts";
import { mountPages } from "./pages.ts";
import { problem, problemOfError } from "./problem.ts";
import { VERSION_HEADER } from "./read-your-writes.ts";
import { type ApiEnv, type ApiRouter, newRouter } from "./router.ts";
import { sessionRoutes } from "./session.ts";

/** Far above any other request of this API; what is larger is a mistake or an attack. */
const MAX_BODY_BYTES = 1024 * 1024;
/** Requests that carry files: the largest file that their route takes, and its wrapping. */
const LARGER_BODIES: Readonly<Record<string, number>> = {
  "POST /api/v1/documents": 10 * 1024 ** 2 + 64 * 1024,
};

export interface ApiDeps extends AuthDeps {
  readonly log: Log;
  readonly metrics: Metrics;
  /** Whom principals may see and act for; routes ask it through their guards. */
  readonly access: Access;
  /** Each context's `routes.ts`, and the live events; mounted under `/api/v1`, behind the API key. */
  readonly contexts: readonly ApiRouter[];
  /** What anybody may call: logins and the first setup. Mounted at the root. */
  readonly entrances?: readonly ApiRouter[];
  readonly checks: () => readonly HealthCheck[];
  readonly startedAtMs: number;
  /** True behind TLS. */
  readonly isSecure: boolean;
  /** Another face of the same API, at `/graphql`; left out: there is none. It calls the API in the caller's name. */
  readonly graphql?: Fetch;
  /** Whether `/metrics` is open; otherwise it needs a key with the scope `read`. */
  readonly areMetricsOpen: boolean;
  /** Of other sites whose pages may call the API; none unless told. */
  readonly corsOrigins?: readonly string[];
  /** What the conventions need of the process; left out, they work within this process alone. */
  readonly conventions?: Conventions | undefined;
}

/**
 * The whole HTTP surface. Every failure, whoever causes it, is problem+json with the trace id of the request, and no
 * thrown thing leaves as anything but that.
 */
export function createApiApp(deps: ApiDeps): ApiRouter {
  const app = newRouter();
  app.notFound((c) => problem(c, { code: "api.not-found" }));
  app.onError((error, c) => {
    const response = problemOfError(c, error);
    if (response.status >= 500) {
      const { requestId, traceparent } = c.var;
      deps.log.error({ err: error, code: codeOf(error), requestId, traceparent }, "request failed");
    }
    return response;
  });

  app.use(identified);
  // First of all: what limits bodies puts another request in the place of ours.
  app.use("/api/*", insideCalls(app));
  app.use(observed(deps));
  app.use(secured(deps));
  app.use(conditional);
  if (deps.corsOrigins !== undefined && deps.corsOrigins.length > 0) {
    app.use("/api/*", crossOrigin(deps.corsOrigins));
  }
  app.use(
    methodNotAllowed({
      app,
      onMethodNotAllowed: (c, methods) => {
        c.header("Allow", methods.join(", "));
        return problem(c, { code: "api.method-not-allowed" });
      },
    }),
  );
  app.use((c, next) => limitedBody(LARGER_BODIES[`${c.req.method} ${c.req.path}`])(c, next));

  mountHealth(app, deps);
  mountPages(app);
  const logins = limitedLogins(deps);
  app.post("/session", logins);
  app.use("/session/callback", logins);
  app.use("/setup", logins);
  app.post("/session/logout", ownPagesOnly(deps));
  app.route("/", sessionRoutes(deps));
  for (const entrance of deps.entrances ?? []) app.route("/", entrance);

  const auth = authenticate(deps);
  if (!deps.areMetricsOpen) app.use("/metrics", auth);
  app.get("/metrics", async (c) =>
    c.body(await deps.metrics.registry.metrics(), 200, {
      "content-type": deps.metrics.registry.contentType,
    }),
  );
  const { graphql } = deps;
  if (graphql !== undefined) {
    app.use("/graphql", auth, noStore);
    app.all("/graphql", (c) => graphql(tracedRequest(c)));
  }
  app.use("/api/*", auth, noStore, askingAt(deps.access));
  mountConventions(app, {
    ...(deps.conventions ?? { secret: new Uint8Array(randomBytes(32)), nowMs: () => Date.now() }),
    log: deps.log,
  });
  for (const context of deps.contexts) app.route("/api/v1", context);
  return app;
}

/** What the request causes belongs to its trace. */
function tracedRequest(c: Context<ApiEnv>): Request {
  const request = new Request(c.req.raw);
  request.headers.set(TRACEPARENT, c.get("traceparent"));
  return request;
}

const limitedBody = (maxSize = MAX_BODY_BYTES) =>
  bodyLimit({
    maxSize,
    onError: (c) => problem(c, { code: "api.too-large", detail: `at most ${maxSize} bytes` }),
  });

/** Without credentials: a page of another site brings a key or token of its own, never our cookie. */
const crossOrigin = (origins: readonly string[]) =>
  cors({
    origin: [...origins],
    allowMethods: ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"],
    allowHeaders: [
      "Authorization",
      "Content-Type",
      "Idempotency-Key",
      "If-Match",
      "If-None-Match",
      "Last-Event-ID",
      "Prefer",
      TRACEPARENT,
      "X-Request-Id",
    ],
    exposeHeaders: [
      "ETag",
      "Link",
      "Location",
      "Content-Location",
      "Deprecation",
      "Sunset",
      "RateLimit",
      "RateLimit-Policy",
      "Retry-After",
      "Preference-Applied",
      REPLAYED,
      VERSION_HEADER,
      "X-Request-Id",
    ],
    maxAge: 600,
  });

/** Gives the request an id and a span of the caller's trace, and says both in the response. */
const identified = createMiddleware<ApiEnv>(async (c, next) => {
  const given = c.req.header("x-request-id") ?? "";
  const requestId = /^[A-Za-z0-9_.-]{1,64}$/u.test(given) ? given : randomUUIDv7();
  const traceparent = childTraceparent(c.req.header(TRACEPARENT));
  c.set("requestId", requestId);
  c.set("traceparent", traceparent);
  await next();
  c.res.headers.set("X-Request-Id", requestId);
  c.res.headers.set(TRACEPARENT, traceparent);
});

const observed = ({ log, metrics }: ApiDeps) =>
  createMiddleware<ApiEnv>(async (c, next) => {
    const start = performance.now();
    await next();
    const seconds = (performance.now() - start) / 1000;
    const { status } = c.res;
    // The pattern, never the path: paths name people, and there would be one time series for each.
    const pattern = routePath(c, -1);
    const route = pattern === "/*" || status === 404 ? "other" : pattern;
    const method = KNOWN_METHODS.has(c.req.method) ? c.req.method : "other";
    metrics.httpRequest({ method, route, status, seconds });
    log.debug(
      { method, route, status, seconds, traceId: traceIdOf(c.get("traceparent")) },
      "request answered",
    );
  });

const KNOWN_METHODS = new Set(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]);

const secured = ({ isSecure }: ApiDeps) =>
  secureHeaders({
    // Said over plain HTTP it is ignored, and the domain's other hosts are not ours to speak for.
    strictTransportSecurity: isSecure ? "max-age=31536000" : false,
    contentSecurityPolicy: {
      defaultSrc: ["'none'"],
      scriptSrc: ["'self'"],
      styleSrc: ["'self'"],
      imgSrc: ["'self'", "data:"],
      connectSrc: ["'self'"],
      formAction: ["'self'"],
      baseUri: ["'none'"],
      frameAncestors: ["'none'"],
    },
    xFrameOptions: "DENY",
    referrerPolicy: "no-referrer",
  });

const ownPagesOnly = ({ publicUrl }: ApiDeps) =>
  createMiddleware<ApiEnv>(async (c, next) =>
    isCrossSite(c, publicUrl) ? problem(c, { code: "api.cross-site" }) : next(),
  );

/** Answers 304 where the response carries the ETag that the client already has. */
const conditional = createMiddleware<ApiEnv>(async (c, next) => {
  await next();
  const etag = c.res.headers.get("etag");
  const known = c.req.header("if-none-match");
  if (etag === null || known === undefined || c.res.status !== 200) return;
  if (c.req.method !== "GET" && c.req.method !== "HEAD") return;
  const has = known.split(",").some((tag) => tag.trim().replace(/^W\//u, "") === etag);
  if (has) c.res = new Response(null, { status: 304, headers: { ETag: etag } });
});

const askingAt = (access: Access) =>
  createMiddleware<ApiEnv>(async (c, next) => {
    c.set("access", access);
    await next();
  });

/** What the API says is about people; no cache keeps it. */
const noStore = createMiddleware<ApiEnv>(async (c, next) => {
  await next();
  if (!c.res.headers.has("cache-control")) c.res.headers.set("Cache-Control", "no-store");
});
