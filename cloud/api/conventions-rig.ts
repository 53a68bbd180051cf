import { instantInput } from "@clockleaf/shared/lib/instant-input.ts";
import { silentLog } from "@clockleaf/shared/lib/log.ts";
import { createRoute, z } from "@hono/zod-openapi";
import { beforeEach } from "vitest";
import { accessToNobody } from "../identity/access.ts";
import { createMetrics } from "../metrics.ts";
import { createApiApp } from "./app.ts";
import { createApiKey, createKeyring, createSessions } from "./auth.ts";
import { batchRoutes } from "./batch.ts";
import { deprecated } from "./deprecation.ts";
import { movesMoney } from "./idempotency.ts";
import { memoryIdempotencyBucket } from "./idempotency-bucket.ts";
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
export const NAMES = [
  "Ada",
  '=cmd|"/c calc"!A1',
  "+49 30 1",
  "-5 apples",
  "@home",
  "a,b\nc",
  "\ttab",
  "Ωmega",
];

const STARTED_MS = 1_700_000_000_000;

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
    const length = Math.max(0, Math.min(limit, now.total - from));
    const items = Array.from({ length }, (_, index) => ({
      id: from + index,
      name: NAMES[(from + index) % NAMES.length] ?? "",
      amount: "-12.50",
    }));
    return c.json(
      page(c, items, from + length < now.total ? encodeCursor(from + length) : null),
      200,
    );
  });
  router.openapi(make, (c) => {
    const failure = now.failures.shift();
    if (failure !== undefined) throw failure;
    const id = newIdFor(c, "thing");
    if (!now.made.includes(id)) now.made.push(id);
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
export const keys = [createApiKey("one", ["admin"]), createApiKey("two", ["admin"])] as const;
const secret = new Uint8Array(32);

/** Another process; what is given replaces its conventions. */
export const newApp = (more: object = {}): ApiRouter =>
  createApiApp({
    log: silentLog(),
    keyring: createKeyring(keys.map(({ entry }) => entry)),
    sessions: createSessions(() => now.ms),
    access: accessToNobody(),
    metrics: createMetrics(),
    contexts: [
      thingRoutes(),
      operationRoutes([
        {
          kind: "job",
          async find(id, { rights }) {
            return id === "1" && rights("reports.request").areAny ? now.state : undefined;
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
    startedAtMs: STARTED_MS,
    isSecure: false,
    areMetricsOpen: false,
    corsOrigins: ["https://hr.example.org"],
    conventions: {
      secret,
      nowMs: () => now.ms,
      idempotency: { bucket: memoryIdempotencyBucket() },
      ...more,
    },
  });

/** What a test may change or look at; all but the time is new for each test. */
export const now: {
  ms: number;
  app: ApiRouter;
  /** How many things there are to list. */
  total: number;
  /** Ids of things that were made. */
  made: string[];
  /** What the next ones to make a thing meet instead. */
  failures: Error[];
  /** How the one job is. */
  state: OperationState;
} = { ms: STARTED_MS, ...fresh() };

function fresh(): Omit<typeof now, "ms"> {
  return {
    app: newApp(),
    total: 3,
    made: [],
    failures: [],
    state: { status: "running", progress: 0.5, counts: null, result: null, failure: null },
  };
}
beforeEach(() => void Object.assign(now, fresh()));

export const get = async (path: string, headers: object = {}, to = now.app): Promise<Response> =>
  to.request(`/api/v1${path}`, { headers: { authorization: `Bearer ${keys[0].key}`, ...headers } });
export const post = async (path: string, body: unknown, headers: object = {}): Promise<Response> =>
  now.app.request(`/api/v1${path}`, {
    method: "POST",
    headers: {
      authorization: `Bearer ${keys[0].key}`,
      "content-type": "application/json",
      ...headers,
    },
    body: JSON.stringify(body),
  });
export const keyed = (key: string): object => ({ "idempotency-key": key });
