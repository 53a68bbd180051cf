import { createRoute, z } from "@hono/zod-openapi";
import type { Context } from "hono";
import type { Rights } from "../identity/access.ts";
import type { Permission } from "../identity/permissions.ts";
import { guarded, guardOf } from "./guard.ts";
import { problem, problemSchema } from "./problem.ts";
import {
  type ApiEnv,
  type ApiRouter,
  invalidResponse,
  jsonResponse,
  newRouter,
  notFoundResponse,
} from "./router.ts";

/** What runs on after its request was answered, as its context knows it. */
export interface OperationState {
  readonly status: "running" | "succeeded" | "failed";
  /** 0 to 1. */
  readonly progress: number;
  readonly counts: { readonly done: number; readonly of: number } | null;
  /** Path of what it made; null until there is something. */
  readonly result: string | null;
  /** Why it failed. */
  readonly failure: { readonly code: string; readonly detail: string } | null;
}

export interface OperationSource {
  /** First part of the ids of its operations, such as `report`. */
  readonly kind: string;
  /** Undefined where there is none, or the caller may not see it. */
  find(id: string, caller: OperationCaller): Promise<OperationState | undefined>;
}

export interface OperationCaller {
  readonly name: string;
  /** Of what the operation shows. */
  readonly rights: (permission: Permission) => Rights;
}

const operationId = z
  .string()
  .regex(/^[a-z-]{1,32}(?:\.[A-Za-z0-9_-]{1,64}){1,2}$/u, "use an id that a `Location` named")
  .describe("What runs and its id, as `Location` of the 202 named it");

const operationSchema = z
  .object({
    operationId,
    kind: z.string(),
    status: z.enum(["running", "succeeded", "failed"]),
    progress: z.number().min(0).max(1).describe("How far it is; 1 once it has ended"),
    counts: z
      .object({ done: z.int().min(0), of: z.int().min(0) })
      .nullable()
      .describe("What `progress` was made of, where things are counted"),
    result: z.string().nullable().describe("Where what it made is"),
    error: problemSchema.nullable().describe("Why it failed"),
  })
  .meta({ id: "Operation" });

const showRoute = createRoute({
  method: "get",
  path: "/operations/{operationId}",
  operationId: "showOperation",
  ...guarded({ permission: ["pay.read", "reports.request"], about: "each" }),
  summary: "How far something is that was answered with 202",
  description: "Ask again after the time in `Retry-After` until it has ended.",
  tags: ["operations"],
  request: { params: z.object({ operationId }) },
  responses: {
    200: jsonResponse(operationSchema, "The operation"),
    ...notFoundResponse,
    ...invalidResponse,
  },
});

const RETRY_AFTER_SECONDS = 1;

/** Everything that runs on in the background, under one kind of address. */
export function operationRoutes(sources: readonly OperationSource[]): ApiRouter {
  const router = newRouter();
  router.openapi(showRoute, async (c) => {
    const { operationId: asked } = c.req.valid("param");
    const [kind = "", ...rest] = asked.split(".");
    const id = rest.join(".");
    const source = sources.find((each) => each.kind === kind);
    const found = await source?.find(id, {
      name: c.get("principal").name,
      rights: (permission) => guardOf(c, permission),
    });
    if (found === undefined) return problem(c, { code: "command.not-found" });
    const { status, progress, counts, result, failure } = found;
    if (status === "running") c.header("Retry-After", String(RETRY_AFTER_SECONDS));
    const error =
      failure === null
        ? null
        : { type: "/problems/internal", title: "The operation failed", status: 500, ...failure };
    const ended = status === "running" ? Math.min(progress, 0.999) : 1;
    const view = { operationId: asked, kind, status, progress: ended, counts, result, error };
    return c.json(view, 200);
  });
  return router;
}

/** Of a 202: where to follow what it started, and what its body shows. */
export function followOperation(
  c: Context<ApiEnv>,
  { kind, id, shows }: { readonly kind: string; readonly id: string; readonly shows: string },
): void {
  c.header("Location", `/api/v1/operations/${kind}.${id}`);
  c.header("Content-Location", shows);
  c.header("Retry-After", String(RETRY_AFTER_SECONDS));
}
