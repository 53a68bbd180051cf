import { PlatformError } from "@clockleaf/shared/lib/errors.ts";
import { instantInput } from "@clockleaf/shared/lib/instant-input.ts";
import { silentLog } from "@clockleaf/shared/lib/log.ts";
import { createRoute, z } from "@hono/zod-openapi";
import { beforeEach, describe, expect, it } from "vitest";
import { accessToNobody } from "../identity/access.ts";
import { createMetrics } from "../metrics.ts";
import { createApiApp } from "./app.ts";
import { createApiKey, createKeyring, createSessions } from "./auth.ts";
import { batchRoutes } from "./batch.ts";
import { deprecated } from "./deprecation.ts";
import { movesMoney } from "./idempotency.ts";
import { memoryIdempotencyBucket } from "./idempotency-bucket.ts";
import { openApiDocument } from "./openapi.ts";
import { followOperation, type OperationState, operationRoutes } from "./operations.ts";
import {
  type ApiRouter,
  decodeCursor,
  encodeCursor,
  invalidResponse,
  jsonBody,
  jsonResponse,
  newIdFor,
  newRouter,
  page,
  pageQuerySchema,
  pageSchema,
  refusalResponses,
} from "./router.ts";
import { tableResponse } from "./tables.ts";

const tags = ["things"];
const thing = z.object({ id: z.int(), name: z.string(), amount: z.string() }).meta({ id: "Thing" });
const NAMES = [
  "Ada",
  '=cmd|"/c calc"!A1',
  "+49 30 1",
  "-5 apples",
  "@home",
  "a,b\nc",
  "\ttab",
  "Ωmega",
];

let total = 0;
let made: string[] = [];
let failures: Error[] = [];
let state: OperationState;

/** A small context that uses the conventions. */
function thingRoutes(): ApiRouter {
  const router = newRouter();
  const list = createRoute({
    method: "get",
    path: "/things",
    operationId: "listThings",
    summary: "List",
    tags,
    request: { query: pageQuerySchema.extend({ since: instantInput.optional() }) },
    responses: {
      200: tableResponse(pageSchema(thing), "One page", {
        name: "things",
        formats: ["csv", "xlsx", "pdf"],
        rows: ({ items }) => items,
        columns: [
          { title: "No", align: "right", of: (row) => row.id },
          { title: "Name", of: (row) => row.name },
          { title: "Amount", align: "right", of: (row) => row.amount },
        ],
      }),
      ...invalidResponse,
    },
  });
  const make = createRoute({
    ...movesMoney,
    method: "post",
    path: "/things",
    operationId: "makeThing",
    summary: "Make",
    tags,
    request: { body: jsonBody(z.strictObject({ name: z.string().min(1) })) },
    responses: { 201: jsonResponse(z.object({ id: z.string() }), "Made"), ...refusalResponses },
  });
  const old = createRoute({
    ...deprecated({
      since: "2026-01-01T00:00:00Z",
      sunset: "2027-01-01T00:00:00Z",
      link: "https://example.org/old",
    }),
    method: "get",
    path: "/old",
    operationId: "showOld",
    summary: "Old",
    tags,
    responses: { 200: jsonResponse(z.object({}), "Old") },
  });
  const note = createRoute({
    method: "post",
    path: "/notes",
    operationId: "note",
    summary: "Note",
    tags,
    request: { body: jsonBody(z.strictObject({ text: z.string().optional() })) },
    responses: { 200: jsonResponse(z.object({}), "Noted"), ...refusalResponses },
  });
  const start = createRoute({
    method: "post",
    path: "/jobs",
    operationId: "startJob",
    summary: "Start",
    tags,
    responses: { 202: jsonResponse(z.object({}), "Under way") },
  });
  router.openapi(list, (c) => {
    const { cursor, limit } = c.req.valid("query");
    const from = decodeCursor(cursor, z.int().min(0)) ?? 0;
    const length = Math.max(0, Math.min(limit, total - from));
    const items = Array.from({ length }, (_, index) => ({
      id: from + index,
      name: NAMES[(from + index) % NAMES.length] ?? "",
      amount: "-12.50",
    }));
    return c.json(page(c, items, from + length < total ? encodeCursor(from + length) : null), 200);
  });
  router.openapi(make, (c) => {
    const failure = failures.shift();
    if (failure !== undefined) throw failure;
    const id = newIdFor(c, "thing");
    if (!made.includes(id)) made.push(id);
    c.header("Location", `/api/v1/things/${id}`);
    return c.json({ id }, 201);
  });
  router.openapi(old, (c) => c.json({}, 200));
  router.openapi(note, (c) => c.json({}, 200));
  router.openapi(start, (c) => {
    followOperation(c, { kind: "job", id: "1", shows: "/api/v1/jobs/1" });
    return c.json({}, 202);
  });
  return router;
}

const keys = [createApiKey("one", ["admin"]), createApiKey("two", ["admin"])] as const;
let nowMs = 1_700_000_000_000;
const secret = new Uint8Array(32);
let app: ApiRouter;

const newApp = (more: object = {}): ApiRouter =>
  createApiApp({
    log: silentLog(),
    keyring: createKeyring(keys.map(({ entry }) => entry)),
    sessions: createSessions(() => nowMs),
    access: accessToNobody(),
    metrics: createMetrics(),
    contexts: [
      thingRoutes(),
      operationRoutes([
        {
          kind: "job",
          async find(id, { rights }) {
            return id === "1" && rights("reports.request").areAny ? state : undefined;
          },
        },
      ]),
      batchRoutes({
        path: "/things:batch",
        operationId: "makeThings",
        summary: "Make many",
        tag: "things",
        permission: "people.write",
        movesMoney: true,
        operations: { make: { method: "POST", path: "/things", idField: "id" } },
      }),
    ],
    checks: () => [],
    startedAtMs: nowMs,
    isSecure: false,
    areMetricsOpen: false,
    corsOrigins: ["https://hr.example.org"],
    conventions: {
      secret,
      nowMs: () => nowMs,
      idempotency: { bucket: memoryIdempotencyBucket() },
      ...more,
    },
  });

beforeEach(() => {
  total = 3;
  made = [];
  failures = [];
  state = { status: "running", progress: 0.5, counts: null, result: null, failure: null };
  app = newApp();
});

const get = (path: string, headers: object = {}, to = app) =>
  to.request(`/api/v1${path}`, { headers: { authorization: `Bearer ${keys[0].key}`, ...headers } });
const post = (path: string, body: unknown, headers: object = {}) =>
  app.request(`/api/v1${path}`, {
    method: "POST",
    headers: {
      authorization: `Bearer ${keys[0].key}`,
      "content-type": "application/json",
      ...headers,
    },
    body: JSON.stringify(body),
  });
const keyed = (key: string) => ({ "idempotency-key": key });

describe("an Idempotency-Key", () => {
  it("is asked for where money moves, and must be printable", async () => {
    const without = await post("/things", { name: "a" });
    expect([without.status, await without.json()]).toMatchObject([
      400,
      { code: "api.idempotency-key-required" },
    ]);
    for (const bad of ["", "é", "x".repeat(256), '"unclosed']) {
      expect((await post("/things", { name: "a" }, keyed(bad))).status).toBe(422);
    }
    expect(made).toEqual([]);
  });

  it("is the same bare and quoted, and each caller's own", async () => {
    const first = await post("/things", { name: "a" }, keyed("k1"));
    const quoted = await post("/things", { name: "a" }, keyed('"k1"'));
    expect(await quoted.text()).toBe(await first.text());
    expect(quoted.headers.get("idempotency-replayed")).toBe("true");
    expect(quoted.headers.get("location")).toBe(first.headers.get("location"));
    await post(
      "/things",
      { name: "b" },
      {
        ...keyed("k1"),
        authorization: `Bearer ${keys[1].key}`,
      },
    );
    expect(made).toHaveLength(2);
  });

  it("keeps no answer that another moment would change, and goes on with the same ids", async () => {
    failures = [
      new Error("a fault"),
      new PlatformError("stream.conflict", "lost a race", { retriable: true }),
      new PlatformError("stream.not-connected", "no hub", { retriable: true }),
    ];
    const statuses = [];
    for (let n = 0; n < 5; n += 1) {
      statuses.push((await post("/things", { name: "a" }, keyed("k"))).status);
    }
    expect(statuses).toEqual([500, 409, 503, 201, 201]);
    expect(made).toHaveLength(1);
  });

  it("keeps what a rule said, too", async () => {
    expect((await post("/things", { name: "" }, keyed("k"))).status).toBe(422);
    const again = await post("/things", { name: "" }, keyed("k"));
    expect([again.status, again.headers.get("idempotency-replayed")]).toEqual([422, "true"]);
    expect((await post("/things", { name: "x" }, keyed("k"))).status).toBe(422);
    expect(made).toEqual([]);
  });
});

describe("a cursor", () => {
  it("is good in every process that shares the secret, for its own list and filters only", async () => {
    total = 10;
    const { next } = (await (await get("/things?limit=4")).json()) as { next: string };
    const elsewhere = await get(`/things?limit=2&cursor=${next}`, {}, newApp());
    expect(await elsewhere.json()).toMatchObject({ items: [{ id: 4 }, { id: 5 }] });
    const stranger = newApp({ secret: new Uint8Array(32).fill(1) });
    const since = encodeURIComponent("2026-01-01T00:00:00Z");
    const refused = [
      await get(`/things?cursor=${next}`, {}, stranger),
      await get(`/things?cursor=${next}&since=${since}`),
      await get(`/things?cursor=${next.split(".")[0]}`),
      await get(`/things?cursor=${next}.x`),
    ];
    for (const answer of refused) {
      expect([answer.status, await answer.json()]).toMatchObject([
        422,
        { code: "api.invalid", errors: [{ in: "query", pointer: "#/cursor" }] },
      ]);
    }
  });
});

describe("a query", () => {
  it("with parameters nobody knows is refused, everything wrong with it at once", async () => {
    const answer = await get("/things?limit=0&sort=name&Limit=3&since=2026-11-30T08:00:00");
    expect(answer.status).toBe(422);
    const { errors } = (await answer.json()) as {
      errors: Array<{ pointer: string; detail: string }>;
    };
    expect(errors.map(({ pointer }) => pointer).toSorted()).toEqual([
      "#/Limit",
      "#/limit",
      "#/since",
      "#/sort",
    ]);
    expect(errors.find(({ pointer }) => pointer === "#/since")?.detail).toBe(
      "needs an offset such as +02:00 or Z",
    );
  });
});

describe("a body that must be there", () => {
  it("is missed, whatever would do as an empty object", async () => {
    const headers = { authorization: `Bearer ${keys[0].key}` };
    const ask = async (init: RequestInit) => {
      const answer = await newApp().request("/api/v1/notes", { method: "POST", headers, ...init });
      return [answer.status, await answer.json()];
    };
    const missed = [400, { code: "api.malformed", detail: "there is no body" }];
    expect(await ask({})).toMatchObject(missed);
    expect(await ask({ body: "" })).toMatchObject(missed);
    const json = { ...headers, "content-type": "application/json" };
    expect(await ask({ headers: json })).toMatchObject(missed);
    expect(await ask({ headers: json, body: "{}" })).toMatchObject([200, {}]);
  });
});

describe("a table", () => {
  it("is CSV with a mark for Excel, formulas held back and numbers left alone", async () => {
    total = NAMES.length;
    const answer = await get("/things?limit=2&format=csv");
    expect(answer.headers.get("content-type")).toBe("text/csv; charset=utf-8");
    expect(answer.headers.get("content-disposition")).toBe('attachment; filename="things.csv"');
    const bytes = new Uint8Array(await answer.arrayBuffer());
    expect([...bytes.subarray(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
    expect(new TextDecoder().decode(bytes)).toBe(
      [
        "No,Name,Amount",
        "0,Ada,-12.50",
        `1,"'=cmd|""/c calc""!A1",-12.50`,
        "2,'+49 30 1,-12.50",
        "3,'-5 apples,-12.50",
        "4,'@home,-12.50",
        '5,"a,b\nc",-12.50',
        "6,'\ttab,-12.50",
        "7,Ωmega,-12.50",
        "",
      ].join("\r\n"),
    );
  });

  it("goes on to the end of the filter, far beyond a page and what is held in memory", async () => {
    total = 20_001;
    const text = await (await get("/things", { accept: "text/csv" })).text();
    const numbers = text.split("\r\n").flatMap((line) => /^(\d+),/u.exec(line)?.[1] ?? []);
    expect(numbers).toHaveLength(total);
    expect(numbers.at(-1)).toBe("20000");
  });

  it("that would be too long is refused before a byte is sent", async () => {
    total = 5_001;
    const pdf = await get("/things?format=pdf");
    expect([pdf.status, await pdf.json()]).toMatchObject([422, { code: "api.too-many-rows" }]);
    total = 100_001;
    const csv = await get("/things?format=csv");
    expect([csv.status, await csv.json()]).toMatchObject([422, { code: "api.too-many-rows" }]);
  });

  it.each([
    { ask: "?format=xlsx", accept: "*/*", type: /spreadsheetml/u, starts: "PK" },
    { ask: "?format=pdf", accept: "*/*", type: /^application\/pdf$/u, starts: "%PDF" },
    { ask: "", accept: "application/pdf;q=0.9, text/csv;q=0.1", type: /pdf/u, starts: "%PDF" },
    { ask: "", accept: "text/*;q=0.5, application/json", type: /json/u, starts: "{" },
    { ask: "", accept: "*/*", type: /json/u, starts: "{" },
    { ask: "?format=json", accept: "text/csv", type: /json/u, starts: "{" },
  ])("comes as asked: $ask $accept", async ({ ask, accept, type, starts }) => {
    const answer = await get(`/things${ask}`, { accept });
    expect(answer.headers.get("content-type")).toMatch(type);
    const bytes = Buffer.from(await answer.arrayBuffer());
    expect(bytes.subarray(0, starts.length).toString("latin1")).toBe(starts);
  });

  it("in a form that is not offered is refused with those that are", async () => {
    const asked: Array<readonly [string, object]> = [
      ["/things?format=doc", {}],
      ["/things", { accept: "image/png" }],
      ["/old", { accept: "text/csv" }],
    ];
    for (const [path, headers] of asked) {
      const answer = await get(path, headers);
      const body = (await answer.json()) as { detail: string };
      expect([answer.status, body]).toMatchObject([406, { code: "api.not-acceptable" }]);
      expect(body.detail).toContain("application/json");
    }
  });

  it.each([
    ["since", "since=2026"],
    ["limit", "limit=0"],
    ["limit", "limit=1&limit=2"],
  ])("that the read refuses is refused as the read: %s in %s", async (name, query) => {
    const answer = await get(`/things?format=csv&${query}`);
    expect([answer.status, await answer.json()]).toMatchObject([
      422,
      { errors: [{ pointer: `#/${name}` }] },
    ]);
  });

  it("is asked for in one form", async () => {
    expect((await get("/things?format=csv&format=pdf")).status).toBe(406);
  });
});

describe("a batch", () => {
  it("carries out each item for itself, and once under its key", async () => {
    const items = ["a", "", "c"].map((name) => ({ operation: "make", body: { name } }));
    const answer = await post("/things:batch", { items }, keyed("b1"));
    expect(await answer.json()).toMatchObject({
      succeeded: 2,
      failed: 1,
      results: [
        { index: 0, status: 201, id: made[0] },
        { index: 1, status: 422, id: null, problem: { errors: [{ pointer: "#/name" }] } },
        { index: 2, status: 201, id: made[1] },
      ],
    });
    await post("/things:batch", { items }, keyed("b1"));
    expect(made).toHaveLength(2);
  });

  it("goes on with the same ids after a fault of ours in the middle", async () => {
    const items = ["a", "b"].map((name) => ({ operation: "make", body: { name } }));
    const first = await post("/things:batch", { items }, keyed("b2"));
    const second = await post("/things:batch", { items }, keyed("b2"));
    expect(await second.text()).toBe(await first.text());
  });

  it("takes at most 500 items, known operations and no other fields", async () => {
    const item = { operation: "make", body: { name: "a" } };
    const many = Array.from({ length: 501 }, () => item);
    for (const items of [[], many, [{ ...item, operation: "wipe" }], [{ ...item, more: 1 }]]) {
      expect((await post("/things:batch", { items }, keyed(`k${items.length}`))).status).toBe(422);
    }
    expect((await post("/things:batch", { items: [item] })).status).toBe(400);
    expect(made).toEqual([]);
  });
});

describe("what runs on", () => {
  it("is answered with where to follow it, until it has ended", async () => {
    const started = await post("/jobs", undefined);
    expect(started.status).toBe(202);
    expect(started.headers.get("content-location")).toBe("/api/v1/jobs/1");
    const at = (started.headers.get("location") ?? "").replace("/api/v1", "");
    const running = await get(at);
    expect(running.headers.get("retry-after")).toBe("1");
    expect(await running.json()).toMatchObject({ status: "running", progress: 0.5, error: null });
    const failure = { code: "report.broken", detail: "no paper" };
    state = { ...state, status: "failed", failure };
    const failed = await get(at);
    expect(failed.headers.get("retry-after")).toBeNull();
    expect(await failed.json()).toMatchObject({ progress: 1, error: { ...failure, status: 500 } });
    expect((await get("/operations/job.2")).status).toBe(404);
    expect((await get("/operations/nonsense")).status).toBe(422);
  });
});

const preflight = (origin: string) =>
  app.request("/api/v1/things", {
    method: "OPTIONS",
    headers: { origin, "access-control-request-method": "POST" },
  });

describe("limits and notices", () => {
  it("tells every caller what is left, and holds off who asks too much", async () => {
    const limited = newApp({ rateLimit: { requests: 2, windowSeconds: 10 } });
    const first = await get("/things", {}, limited);
    expect(first.headers.get("ratelimit-policy")).toBe('"default";q=2;w=10');
    expect(first.headers.get("ratelimit")).toBe('"default";r=1;t=5');
    // A file is one request, whatever it is made of.
    total = 1_200;
    expect((await get("/things?format=csv", {}, limited)).status).toBe(200);
    const held = await get("/things", {}, limited);
    expect([held.status, await held.json()]).toMatchObject([429, { code: "api.rate-limited" }]);
    expect(held.headers.get("retry-after")).toBe("5");
    nowMs += 5_000;
    expect((await get("/things", {}, limited)).status).toBe(200);
  });

  it("says of what is to go since when, until when, and what instead", async () => {
    const answer = await get("/old");
    expect(answer.headers.get("deprecation")).toBe("@1767225600");
    expect(answer.headers.get("sunset")).toBe("Fri, 01 Jan 2027 00:00:00 GMT");
    expect(answer.headers.get("link")).toBe(
      '<https://example.org/old>; rel="deprecation", <https://example.org/old>; rel="sunset"',
    );
  });

  it("lets pages of other sites in only where they are listed", async () => {
    const known = await preflight("https://hr.example.org");
    expect(known.headers.get("access-control-allow-origin")).toBe("https://hr.example.org");
    expect(known.headers.get("access-control-allow-credentials")).toBeNull();
    const unknown = await preflight("https://evil.example.org");
    expect(unknown.headers.get("access-control-allow-origin")).toBeNull();
  });
});

describe("the document", () => {
  it("shows what the conventions add", () => {
    const { paths } = openApiDocument(app);
    const make = paths?.["/api/v1/things"]?.post;
    expect(make?.parameters).toContainEqual(
      expect.objectContaining({ name: "Idempotency-Key", in: "header", required: true }),
    );
    expect(Object.keys(make?.responses ?? {})).toEqual(
      expect.arrayContaining(["201", "400", "409", "422", "429"]),
    );
    const list = paths?.["/api/v1/things"]?.get;
    const names = list?.parameters?.map((parameter) => Reflect.get(parameter, "name"));
    expect(names).toEqual(expect.arrayContaining(["minVersion", "format", "Prefer", "cursor"]));
    expect(list?.responses?.["200"]).toMatchObject({
      content: { "text/csv": {}, "application/pdf": {}, "application/json": {} },
    });
    expect(paths?.["/api/v1/old"]?.get?.deprecated).toBe(true);
    expect(paths?.["/api/v1/jobs"]?.post?.responses?.["202"]).toMatchObject({
      headers: { Location: {}, "Retry-After": {} },
    });
  });
});
