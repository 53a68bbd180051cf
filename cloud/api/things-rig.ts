import { PlatformError } from "@clockleaf/shared/lib/errors.ts";
import { silentLog } from "@clockleaf/shared/lib/log.ts";
import { createRoute, z } from "@hono/zod-openapi";
import { errors } from "nats";
import { expect } from "vitest";
import { refuse } from "../eventing/decider.ts";
import { accessToNobody } from "../identity/access.ts";
import { createMetrics } from "../metrics.ts";
import { createApiApp } from "./app.ts";
import { createApiKey, createKeyring, createSessions } from "./auth.ts";
import { guarded } from "./guard.ts";
import type { HealthCheck } from "./health.ts";
import { problem, refused } from "./problem.ts";
import {
  type ApiRouter,
  decodeCursor,
  encodeCursor,
  ifMatch,
  invalidResponse,
  jsonBody,
  jsonResponse,
  newRouter,
  page,
  pageQuerySchema,
  pageSchema,
  preconditionResponses,
  refusalResponses,
  setEtag,
} from "./router.ts";

const thingSchema = z
  .strictObject({
    name: z.string().min(1).max(20),
    size: z.int().max(9),
    tags: z.array(z.strictObject({ label: z.string() })).max(5),
  })
  .meta({ id: "Thing" });

/** A small context that uses everything a context's routes may use. */
function thingRoutes(): ApiRouter {
  const router = newRouter();
  const common = { tags: ["things"], request: { params: z.object({ id: z.string().max(20) }) } };
  const list = createRoute({
    method: "get",
    path: "/things",
    operationId: "listThings",
    summary: "List",
    tags: ["things"],
    request: { query: pageQuerySchema },
    responses: { 200: jsonResponse(pageSchema(z.int()), "Numbers"), ...invalidResponse },
  });
  const show = createRoute({
    ...common,
    method: "get",
    path: "/things/{id}",
    operationId: "showThing",
    summary: "Show",
    responses: { 200: jsonResponse(thingSchema, "A thing"), ...refusalResponses },
  });
  const put = createRoute({
    ...common,
    method: "put",
    path: "/things/{id}",
    operationId: "putThing",
    summary: "Put",
    request: { ...common.request, body: jsonBody(thingSchema) },
    responses: {
      200: jsonResponse(thingSchema, "A thing"),
      ...refusalResponses,
      ...preconditionResponses,
    },
  });
  const wipe = createRoute({
    ...guarded({ permission: "fleet.manage", about: "company" }),
    method: "delete",
    path: "/things/{id}",
    operationId: "wipeThing",
    summary: "Wipe",
    tags: ["things"],
    request: common.request,
    responses: { 204: { description: "Gone" } },
  });
  router.openapi(list, (c) => {
    const { cursor, limit } = c.req.valid("query");
    const from = decodeCursor(cursor, z.int().min(0)) ?? 0;
    const items = Array.from({ length: limit }, (_, i) => from + i);
    return c.json(page(c, items, from + limit < 1000 ? encodeCursor(from + limit) : null), 200);
  });
  router.openapi(show, (c) => {
    const { id } = c.req.valid("param");
    if (id === "gone") return problem(c, { code: "command.not-found" });
    if (id === "no") return refused(c, refuse("thing.not-for-you", "it is not for you"));
    if (id === "offline")
      throw new PlatformError("stream.not-connected", "no hub", { retriable: true });
    if (id === "silent") throw new errors.RequestError("x", { cause: new errors.TimeoutError() });
    if (id === "broken") throw new Error("secret detail");
    setEtag(c, 7);
    return c.json({ name: id, size: 1, tags: [] }, 200);
  });
  router.openapi(put, (c) => {
    if (ifMatch(c) !== 7) throw new PlatformError("api.precondition", "it is at 7");
    return c.json(c.req.valid("json"), 200);
  });
  router.openapi(wipe, (c) => c.body(null, 204));
  return router;
}

type Scope = "reader" | "writer" | "admin";
export const keys: Readonly<Record<Scope, ReturnType<typeof createApiKey>>> = {
  reader: createApiKey("reader", ["read"]),
  writer: createApiKey("writer", ["write"]),
  admin: createApiKey("admin", ["admin"]),
};
/** What a test may change: the time, and what health checks say. */
export const now: { ms: number; checks: HealthCheck[] } = { ms: 1_700_000_000_000, checks: [] };

/** The app with a small context. */
export const app: ApiRouter = createApiApp({
  log: silentLog(),
  keyring: createKeyring(Object.values(keys).map(({ entry }) => entry)),
  sessions: createSessions(() => now.ms),
  metrics: createMetrics(),
  access: accessToNobody(),
  contexts: [thingRoutes()],
  checks: () => now.checks,
  startedAtMs: now.ms,
  isSecure: true,
  areMetricsOpen: false,
});

export const bearer = (name: keyof typeof keys): { authorization: string } => ({
  authorization: `Bearer ${keys[name].key}`,
});

/** What a client sees. */
export type Json = Record<string, any>; // eslint-disable-line typescript/no-explicit-any -- what a client sees

export async function bodyOf(response: Response): Promise<Json> {
  const body: Json = await response.json();
  return body;
}

/** The body of a problem, after checking what every problem promises: its media type, a trace, a page that explains it. */
export async function problemOf(response: Response): Promise<Json> {
  expect(response.headers.get("content-type")).toBe("application/problem+json");
  const body = await bodyOf(response);
  expect(body).toMatchObject({ status: response.status, traceId: expect.any(String) });
  const help = await app.request(body["type"]);
  expect(help.status).toBe(200);
  expect(await help.text()).toContain(body["title"]);
  return body;
}
