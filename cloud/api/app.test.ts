import { PlatformError } from "@clockleaf/shared/lib/errors.ts";
import { silentLog } from "@clockleaf/shared/lib/log.ts";
import { createRoute, z } from "@hono/zod-openapi";
import fc from "fast-check";
import { errors } from "nats";
import { describe, expect, it } from "vitest";
import { refuse } from "../eventing/decider.ts";
import { accessToNobody } from "../identity/access.ts";
import { createMetrics } from "../metrics.ts";
import { createApiApp } from "./app.ts";
import { createApiKey, createKeyring, createSessions } from "./auth.ts";
import { guarded } from "./guard.ts";
import type { HealthCheck } from "./health.ts";
import { openApiDocument } from "./openapi.ts";
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

const keys = {
  reader: createApiKey("reader", ["read"]),
  writer: createApiKey("writer", ["write"]),
  admin: createApiKey("admin", ["admin"]),
};
let nowMs = 1_700_000_000_000;
let checks: HealthCheck[] = [];

const app = createApiApp({
  log: silentLog(),
  keyring: createKeyring(Object.values(keys).map(({ entry }) => entry)),
  sessions: createSessions(() => nowMs),
  metrics: createMetrics(),
  access: accessToNobody(),
  contexts: [thingRoutes()],
  checks: () => checks,
  startedAtMs: nowMs,
  isSecure: true,
  areMetricsOpen: false,
});

const bearer = (name: keyof typeof keys) => ({ authorization: `Bearer ${keys[name].key}` });
const json = { "content-type": "application/json" };
const goodThing = JSON.stringify({ name: "a", size: 1, tags: [] });

const signIn = (apiKey: string) => ({
  method: "POST",
  headers: json,
  body: JSON.stringify({ apiKey }),
});

async function statusFor(name: keyof typeof keys, method: string): Promise<number> {
  const response = await app.request("/api/v1/things/x", {
    method,
    headers: { ...bearer(name), ...json, "if-match": '"7"' },
    ...(method === "PUT" ? { body: goodThing } : {}),
  });
  return response.status;
}

type Json = Record<string, any>; // eslint-disable-line typescript/no-explicit-any -- what a client sees

async function bodyOf(response: Response): Promise<Json> {
  return (await response.json()) as Json;
}

/** The body of a problem, after checking what every problem promises: its media type, a trace, a page that explains it. */
async function problemOf(response: Response): Promise<Json> {
  expect(response.headers.get("content-type")).toBe("application/problem+json");
  const body = await bodyOf(response);
  expect(body).toMatchObject({ status: response.status, traceId: expect.any(String) });
  const help = await app.request(body["type"]);
  expect(help.status).toBe(200);
  expect(await help.text()).toContain(body["title"]);
  return body;
}

describe("the API", () => {
  it("points at every value that does not fit, inside nested bodies and at unknown keys", async () => {
    const response = await app.request("/api/v1/things/x", {
      method: "PUT",
      headers: { ...bearer("writer"), ...json },
      body: JSON.stringify({ name: "", size: 10, tags: [{ label: 3 }], "a/b~c": 1 }),
    });
    const body = await problemOf(response);
    expect(body).toMatchObject({ status: 422, code: "api.invalid" });
    const pointers = body["errors"].map((error: { pointer: string }) => error.pointer);
    expect(pointers.toSorted()).toEqual(["#/a~1b~0c", "#/name", "#/size", "#/tags/0/label"]);
    expect(body["errors"][0].in).toBe("json");
  });

  it("points at query parameters", async () => {
    const response = await app.request("/api/v1/things?limit=501", { headers: bearer("reader") });
    const body = await problemOf(response);
    expect(body).toMatchObject({ status: 422, code: "api.invalid" });
    expect(body["errors"]).toMatchObject([{ in: "query", pointer: "#/limit" }]);
  });

  it("takes larger bodies where files are sent, and there only", async () => {
    const large = { method: "POST", headers: bearer("writer"), body: "x".repeat(1_100_000) };
    const post = (path: string) => app.request(path, large);
    expect((await post("/api/v1/documents")).status).toBe(404);
    expect((await post("/api/v1/elsewhere")).status).toBe(413);
  });

  it.each([
    { what: "no JSON", body: "{", status: 400, code: "api.malformed" },
    { what: "no body", body: undefined, status: 400, code: "api.malformed" },
    { what: "text", body: "a=b", type: "text/plain", status: 415, code: "api.unsupported-media" },
    {
      what: "no type",
      body: new Uint8Array([1]),
      type: null,
      status: 415,
      code: "api.unsupported-media",
    },
    { what: "too much", body: `"${"x".repeat(1_100_000)}"`, status: 413, code: "api.too-large" },
    { what: "no If-Match", body: goodThing, status: 428, code: "api.precondition-required" },
    { what: "an old If-Match", body: goodThing, tag: '"6"', status: 412, code: "api.precondition" },
    {
      what: "a foreign If-Match",
      body: goodThing,
      tag: "*",
      status: 422,
      code: "api.invalid",
    },
  ])("answers $what with a problem", async ({ body, type, tag, status, code }) => {
    const headers = new Headers(bearer("writer"));
    if (type !== null) headers.set("content-type", type ?? "application/json");
    if (tag !== undefined) headers.set("if-match", tag);
    const init = { method: "PUT", headers, ...(body === undefined ? {} : { body }) };
    const response = await app.request("/api/v1/things/x", init);
    expect(await problemOf(response)).toMatchObject({ status, code });
  });

  it("takes a change that carries the version it was made on", async () => {
    const response = await app.request("/api/v1/things/x", {
      method: "PUT",
      headers: { ...bearer("writer"), ...json, "if-match": '"7"' },
      body: goodThing,
    });
    expect(response.status).toBe(200);
  });

  it("answers an unknown path with 404 and a wrong method with 405 and Allow", async () => {
    expect(
      await problemOf(await app.request("/api/v1/nothing", { headers: bearer("reader") })),
    ).toMatchObject({ status: 404, code: "api.not-found" });
    expect(await problemOf(await app.request("/nothing"))).toMatchObject({
      status: 404,
      code: "api.not-found",
    });
    const wrong = await app.request("/api/v1/things/x", {
      method: "PATCH",
      headers: bearer("writer"),
    });
    expect(await problemOf(wrong)).toMatchObject({ status: 405, code: "api.method-not-allowed" });
    expect(wrong.headers.get("allow")?.split(", ").toSorted()).toEqual([
      "DELETE",
      "GET",
      "HEAD",
      "PUT",
    ]);
  });

  it("keeps a record that is missing apart from a path that is", async () => {
    const response = await app.request("/api/v1/things/gone", { headers: bearer("reader") });
    expect(await problemOf(response)).toMatchObject({ status: 404, code: "command.not-found" });
  });

  it("answers a refusal with its own code and the page of refusals", async () => {
    const response = await app.request("/api/v1/things/no", { headers: bearer("reader") });
    const body = await problemOf(response);
    expect(body).toMatchObject({ status: 409, code: "thing.not-for-you" });
    expect(body).toMatchObject({ type: "/problems/command.refused", detail: "it is not for you" });
  });

  it("tells when to come back if the hub is out of reach", async () => {
    for (const thing of ["offline", "silent"]) {
      const response = await app.request(`/api/v1/things/${thing}`, { headers: bearer("reader") });
      const expected = { status: 503, code: "stream.not-connected" };
      expect(await problemOf(response)).toMatchObject(expected);
      expect(Number(response.headers.get("retry-after"))).toBeGreaterThan(0);
    }
  });

  it("keeps the text of an unexpected error to itself", async () => {
    const response = await app.request("/api/v1/things/broken", { headers: bearer("reader") });
    const body = await problemOf(response);
    expect(body).toMatchObject({ status: 500, code: "internal" });
    expect(JSON.stringify(body)).not.toContain("secret detail");
  });

  it("continues the caller's trace and names the request", async () => {
    const trace = "0af7651916cd43dd8448eb211c80319c";
    const response = await app.request("/nothing", {
      headers: { traceparent: `00-${trace}-b7ad6b7169203331-01`, "x-request-id": "r-1" },
    });
    expect(await response.json()).toMatchObject({ traceId: trace });
    expect(response.headers.get("traceparent")).toMatch(`00-${trace}-`);
    expect(response.headers.get("traceparent")).not.toContain("b7ad6b7169203331");
    expect(response.headers.get("x-request-id")).toBe("r-1");
    const odd = await app.request("/nothing", { headers: { "x-request-id": "a b" } });
    expect(odd.headers.get("x-request-id")).toMatch(/^[0-9a-f-]{36}$/u);
  });

  it("pages with an opaque cursor and a Link, and refuses a cursor that is not its own", async () => {
    const first = await app.request("/api/v1/things?limit=3", { headers: bearer("reader") });
    const link = /<(.+)>; rel="next"/u.exec(first.headers.get("link") ?? "")?.[1] ?? "";
    const second = await app.request(link, { headers: bearer("reader") });
    expect(await second.json()).toMatchObject({ items: [3, 4, 5] });
    const half = await app.request("/api/v1/things?limit=500", { headers: bearer("reader") });
    const { next } = await bodyOf(half);
    const last = await app.request(`/api/v1/things?cursor=${next}&limit=500`, {
      headers: bearer("reader"),
    });
    expect(await last.json()).toMatchObject({ next: null });
    expect(last.headers.get("link")).toBeNull();
    for (const cursor of ["x", encodeCursor(900), `${next}A`, next.replace(/^./u, "A")]) {
      const bad = await app.request(`/api/v1/things?cursor=${cursor}`, {
        headers: bearer("reader"),
      });
      expect(await problemOf(bad)).toMatchObject({
        status: 422,
        code: "api.invalid",
        errors: [{ in: "query", pointer: "#/cursor" }],
      });
    }
  });

  it("answers 304 to who has the version already", async () => {
    const init = { headers: { ...bearer("reader"), "if-none-match": '"7"' } };
    const response = await app.request("/api/v1/things/x", init);
    expect(response.status).toBe(304);
    expect(await response.text()).toBe("");
  });

  it("sends a strict content security policy and keeps answers about people out of caches", async () => {
    const response = await app.request("/api/v1/things/x", { headers: bearer("reader") });
    const policy = response.headers.get("content-security-policy") ?? "";
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toContain("unsafe");
    expect(response.headers.get("x-content-type-options")).toBe("nosniff");
    expect(response.headers.get("cache-control")).toBe("no-store");
  });
});

describe("authentication", () => {
  it("turns away who has no key, a wrong key or another scheme", async () => {
    const basic = `Basic ${Buffer.from("a:b").toString("base64")}`;
    for (const authorization of [
      undefined,
      `${bearer("reader").authorization}x`,
      basic,
      "Bearer ",
      "Bearer clk_live_",
    ]) {
      const response = await app.request("/api/v1/things", {
        headers: authorization === undefined ? {} : { authorization },
      });
      expect(await problemOf(response)).toMatchObject({ status: 401, code: "api.unauthorised" });
      expect(response.headers.get("www-authenticate")).toMatch(/^Bearer realm=/u);
    }
  });

  it("gives each scope what it holds and no more", async () => {
    expect([
      await statusFor("reader", "GET"),
      await statusFor("reader", "PUT"),
      await statusFor("reader", "DELETE"),
    ]).toEqual([200, 403, 403]);
    expect([
      await statusFor("writer", "GET"),
      await statusFor("writer", "PUT"),
      await statusFor("writer", "DELETE"),
    ]).toEqual([200, 200, 403]);
    expect([
      await statusFor("admin", "GET"),
      await statusFor("admin", "PUT"),
      await statusFor("admin", "DELETE"),
    ]).toEqual([200, 200, 204]);
  });

  it("asks for the key on /metrics, and counts by route pattern, never by path", async () => {
    expect((await app.request("/metrics")).status).toBe(401);
    await app.request("/api/v1/things/person-42", { headers: bearer("reader") });
    const text = await (await app.request("/metrics", { headers: bearer("reader") })).text();
    expect(text).toContain(
      'clockleaf_http_requests_total{method="GET",route="/api/v1/things/:id",status="200"}',
    );
    expect(text).not.toContain("person-42");
    expect(text).toContain("clockleaf_process_cpu_seconds_total");
  });

  it("opens a read-only session for a page, with a cookie no script and no other site gets", async () => {
    const opened = await app.request("/session", signIn(keys.admin.key));
    expect(await opened.json()).toEqual({ name: "admin" });
    const setCookie = opened.headers.get("set-cookie") ?? "";
    for (const flag of ["HttpOnly", "SameSite=Strict", "Secure", "Path=/"])
      expect(setCookie).toContain(flag);
    const cookie = setCookie.split(";")[0] ?? "";
    const get = (path: string, method = "GET") =>
      app.request(path, { method, headers: { cookie } });
    expect((await get("/api/v1/things")).status).toBe(200);
    expect((await get("/session")).status).toBe(200);
    expect((await get("/api/v1/things/x", "DELETE")).status).toBe(403);

    nowMs += 13 * 3_600_000;
    expect((await get("/api/v1/things")).status).toBe(401);
  });

  it("ends a session at once when it is closed, and opens none for a wrong key", async () => {
    expect((await app.request("/session", signIn("clk_live_wrong"))).status).toBe(401);
    const opened = await app.request("/session", signIn(keys.reader.key));
    const cookie = (opened.headers.get("set-cookie") ?? "").split(";")[0] ?? "";
    await app.request("/session", { method: "DELETE", headers: { cookie } });
    expect((await app.request("/session", { headers: { cookie } })).status).toBe(401);
  });

  it("keeps a bounded number of sessions: the oldest go first", () => {
    const sessions = createSessions(() => 0);
    const first = sessions.open({ name: "a", scopes: ["read"], roles: [], grants: [] });
    for (let i = 0; i < 1000; i += 1)
      sessions.open({ name: "a", scopes: ["read"], roles: [], grants: [] });
    expect(sessions.holderOf(first)).toBeUndefined();
  });
});

describe("health", () => {
  it("is live whatever is wrong, and ready only when every check is right", async () => {
    checks = [
      { name: "nats", isOk: true, detail: "connected" },
      { name: "projection people", isOk: false, detail: "not running" },
    ];
    expect((await app.request("/livez")).status).toBe(200);
    const brief = await app.request("/readyz");
    expect([brief.status, await brief.text()]).toEqual([
      503,
      "[-] projection people: not running\nnot ready\n",
    ]);
    expect(await (await app.request("/readyz?verbose")).text()).toContain("[+] nats: connected");
    const healthz = await app.request("/healthz");
    expect([healthz.status, (await bodyOf(healthz))["status"]]).toEqual([503, "unavailable"]);
    checks = checks.slice(0, 1);
    expect((await app.request("/readyz")).status).toBe(200);
    expect((await app.request("/healthz")).status).toBe(200);
  });
});

describe("the OpenAPI document", () => {
  const document = openApiDocument(app);

  it("is served as it is built, with exact types", async () => {
    const served = await bodyOf(await app.request("/openapi.json"));
    expect(served).toEqual(JSON.parse(JSON.stringify(document)));
    expect(served["openapi"]).toBe("3.1.0");
    expect(served["components"].schemas.Thing.properties.size).toMatchObject({
      type: "integer",
      maximum: 9,
    });
    expect(served["paths"]["/api/v1/things/{id}"].delete.security).toEqual([{ apiKey: ["admin"] }]);
  });

  it("gives every operation a unique id, a summary, a tag, responses and its path parameters", () => {
    const operations = Object.entries(document.paths ?? {}).flatMap(([path, item]) =>
      Object.entries(item).map(([method, operation]) => ({ path, method, operation })),
    );
    expect(operations.length).toBeGreaterThan(6);
    for (const { path, operation } of operations) {
      expect(operation).toMatchObject({
        operationId: expect.any(String),
        summary: expect.any(String),
        tags: [expect.any(String)],
      });
      expect(Object.keys(operation.responses).some((status) => status.startsWith("2"))).toBe(true);
      const declared = (operation.parameters ?? [])
        .filter((p: { in: string }) => p.in === "path")
        .map((p: { name: string }) => p.name);
      expect(declared).toEqual([...path.matchAll(/\{(\w+)\}/gu)].map((match) => match[1]));
    }
    const ids = operations.map(({ operation }) => operation.operationId);
    expect(new Set(ids).size).toBe(ids.length);
  });
});

describe("pages", () => {
  it.each([
    "/",
    "/reference",
    "/reference/init.js",
    "/reference/swagger-ui-bundle.js",
    "/dashboard/app.js",
    "/problems",
  ])("serves %s without a key, and asks for nothing from another host", async (path) => {
    const response = await app.request(path);
    expect(response.status).toBe(200);
    const text = await response.text();
    expect(text).not.toMatch(/(?:src|href)="(?:https?:)?\/\//u);
    if (path.endsWith("/") || path === "/reference")
      expect(text).not.toMatch(/<script>|style=|onclick=/u);
  });

  it("serves named files only", async () => {
    for (const path of [
      "/dashboard/../config.ts",
      "/dashboard/%2e%2e/config.ts",
      "/dashboard/",
      "/reference/package.json",
    ]) {
      expect((await app.request(path)).status).toBe(404);
    }
  });
});

describe("whatever is asked", () => {
  it("never answers with a fault of ours", async () => {
    const paths = fc.oneof(
      fc.constantFrom(
        "/session",
        "/api/v1/things",
        "/api/v1/things/x",
        "/metrics",
        "/readyz",
        "/problems/x",
      ),
      fc.webPath().map((path) => `/api/v1${path}`),
      fc
        .string({ unit: "binary" })
        .map((text) => `/api/v1/things/${encodeURIComponent(text.toWellFormed())}`),
      fc.constant("/api/v1/things/%ff%"),
    );
    const request = fc.record({
      path: paths,
      query: fc.oneof(
        fc.webQueryParameters(),
        fc.constantFrom("limit=1e9", "limit=", "cursor=%00", "limit=1&limit=2"),
      ),
      method: fc.constantFrom("GET", "PUT", "POST", "DELETE", "PATCH", "HEAD", "OPTIONS"),
      body: fc.oneof(fc.json(), fc.string({ unit: "binary" }), fc.constant("[".repeat(100_000))),
      type: fc.constantFrom(
        "application/json",
        "application/json; charset=utf-16",
        "text/plain",
        "",
      ),
      ifMatch: fc.constantFrom('"7"', "x", '"99999999999999999999"'),
    });
    await fc.assert(
      fc.asyncProperty(request, async ({ path, query, method, body, type, ifMatch: tag }) => {
        const hasBody = !["GET", "HEAD"].includes(method);
        const response = await app.request(`${path}?${query}`, {
          method,
          headers: { ...bearer("admin"), "content-type": type, "if-match": tag },
          ...(hasBody ? { body: body.toWellFormed() } : {}),
        });
        expect(response.status).toBeLessThan(500);
        if (response.status >= 400 && method !== "HEAD") {
          expect(response.headers.get("content-type")).toBe("application/problem+json");
        }
      }),
      { numRuns: 400 },
    );
  });
});
