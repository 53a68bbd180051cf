import { createRoute, z } from "@hono/zod-openapi";
import type { Context } from "hono";
import { deriveEventId } from "../eventing/event-id.ts";
import type { Permission } from "../identity/permissions.ts";
import { guarded } from "./guard.ts";
import { movesMoney } from "./idempotency.ts";
import { headersInside } from "./inside.ts";
import { problemSchema } from "./problem.ts";
import {
  type ApiEnv,
  type ApiRouter,
  invalidResponse,
  jsonBody,
  jsonResponse,
  newRouter,
  type RequestOnce,
} from "./router.ts";

/** One thing an item of a batch may ask for: the request that it stands for. */
export interface BatchOperation {
  readonly method: "POST" | "PATCH";
  /** As in the document, such as `/employees/{employeeId}`; `{…}` is filled with the item's `target`. */
  readonly path: string;
  /** Name in the answer of what was made or changed. */
  readonly idField: string;
}

export interface BatchSpec {
  readonly path: string;
  readonly operationId: string;
  readonly summary: string;
  readonly tag: string;
  /** Without it anywhere no item has a chance; of whom each item is, its own request is asked. */
  readonly permission: Permission;
  /** True: needs an Idempotency-Key, as its items do by themselves. */
  readonly movesMoney?: boolean;
  readonly operations: Readonly<Record<string, BatchOperation>>;
}

const MAX_ITEMS = 500;
/** Items at work at a time: enough to share round trips, few enough to leave others their turn. */
const PARALLEL = 8;

const resultSchema = z
  .object({
    index: z.int().min(0).describe("Of the item in the request"),
    status: z.int().describe("What the item's own request would have been answered with"),
    id: z.string().nullable(),
    version: z.int().nullable().describe("For `ifMatch` of the next change"),
    problem: problemSchema.nullable(),
  })
  .meta({ id: "BatchResult" });
type Result = z.output<typeof resultSchema>;

const batchAnswerSchema = z
  .object({ succeeded: z.int().min(0), failed: z.int().min(0), results: z.array(resultSchema) })
  .meta({ id: "BatchAnswer" });

/**
 * A route that takes many requests at once. Each item is carried out as the request it stands for, with the caller's
 * rights and under the same rules, and stands for itself: what one is refused holds up none of the others, and nothing
 * is taken back. Items about the same target are carried out in their order, others side by side.
 */
export function batchRoutes(spec: BatchSpec): ApiRouter {
  const names = Object.keys(spec.operations);
  const [first = "", ...others] = names;
  const itemSchema = z.strictObject({
    operation: z.enum([first, ...others]),
    target: z
      .string()
      .min(1)
      .max(64)
      .optional()
      .describe("Id of what the item is about, where its path names one"),
    ifMatch: z.int().min(0).optional().describe("Version that was read, where a change needs it"),
    body: z.record(z.string(), z.unknown()).describe("As for the request that the item stands for"),
  });
  const stands = Object.entries(spec.operations)
    .map(([name, { method, path }]) => `\`${name}\` for ${method} ${path}`)
    .join(", ");
  const route = createRoute({
    method: "post",
    path: spec.path,
    operationId: spec.operationId,
    summary: spec.summary,
    description:
      `An item stands for a request of its own (${stands}): one that is refused holds up none of the others, and what went ` +
      "through stays. With an `Idempotency-Key` each item takes effect once, whatever fails in between.",
    tags: [spec.tag],
    ...guarded({ permission: spec.permission, about: "anybody" }),
    ...(spec.movesMoney === true ? movesMoney : {}),
    request: {
      body: jsonBody(z.strictObject({ items: z.array(itemSchema).min(1).max(MAX_ITEMS) })),
    },
    responses: {
      200: jsonResponse(batchAnswerSchema, "A result for each item, in the order sent"),
      ...invalidResponse,
    },
  });
  const router = newRouter();
  router.openapi(route, async (c) => {
    const { items } = c.req.valid("json");
    const results = Array.from<Result>({ length: items.length });
    const lanes = Map.groupBy(items.entries(), ([index, { target }]) => target ?? `new-${index}`);
    await inParallel([...lanes.values()], async (lane) => {
      for (const [index, item] of lane) {
        const operation = spec.operations[item.operation];
        if (operation === undefined) throw new Error("the schema knows the operations");
        results[index] = await carryOut(c, operation, { ...item, index });
      }
    });
    const succeeded = results.filter(({ status }) => status < 400).length;
    return c.json({ succeeded, failed: results.length - succeeded, results }, 200);
  });
  return router;
}

interface Item {
  readonly index: number;
  readonly target?: string | undefined;
  readonly ifMatch?: number | undefined;
  readonly body: Readonly<Record<string, unknown>>;
}

async function carryOut(
  c: Context<ApiEnv>,
  operation: BatchOperation,
  item: Item,
): Promise<Result> {
  const inside = c.get("inside");
  if (inside === undefined) throw new Error("batches are carried out inside the API");
  const headers = headersInside(c);
  headers.set("content-type", "application/json");
  if (item.ifMatch !== undefined) headers.set("if-match", `"${item.ifMatch}"`);
  const path = operation.path.replace(/\{[^}]+\}/u, encodeURIComponent(item.target ?? ""));
  const request = new Request(new URL(`/api/v1${path}`, c.req.url), {
    method: operation.method,
    headers,
    body: JSON.stringify(item.body),
  });
  const once = onceOf(c.get("once"), item.index);
  const response = await inside.call(request, once === undefined ? {} : { once });
  const body: unknown = await response.json().catch(() => null);
  const { index } = item;
  const { status } = response;
  if (status >= 400) {
    const parsed = problemSchema.safeParse(body);
    return { index, status, id: null, version: null, problem: parsed.data ?? null };
  }
  const version = /^"(\d+)"$/u.exec(response.headers.get("etag") ?? "")?.[1];
  return {
    index,
    status,
    id: idIn(body, operation.idField),
    version: version === undefined ? null : Number(version),
    problem: null,
  };
}

/** Each item is a cause of its own, the same at every repeat of the batch. */
const onceOf = (once: RequestOnce | undefined, index: number): RequestOnce | undefined =>
  once && {
    seed: deriveEventId(once.seed, "item", String(index)),
    isRerun: once.isRerun,
    checked: new Set(),
  };

function idIn(body: unknown, field: string): string | null {
  const id: unknown = typeof body === "object" && body !== null ? Reflect.get(body, field) : null;
  return typeof id === "string" ? id : null;
}

async function inParallel<T>(all: readonly T[], work: (each: T) => Promise<void>): Promise<void> {
  const rest = all.values();
  const lane = async (): Promise<void> => {
    for (const each of rest) await work(each);
  };
  await Promise.all(Array.from({ length: PARALLEL }, lane));
}
