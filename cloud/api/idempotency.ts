import { isRetriable } from "@clockleaf/shared/lib/errors.ts";
import type { Log } from "@clockleaf/shared/lib/log.ts";
import type { RouteConfig } from "@hono/zod-openapi";
import type { Context, MiddlewareHandler } from "hono";
import { createMiddleware } from "hono/factory";
import {
  type Answer,
  type Claim,
  createClaims,
  fingerprintOf,
  type IdempotencyDeps,
} from "./idempotency-claims.ts";
import type { OperationTable } from "./operation-table.ts";
import { problem } from "./problem.ts";
import type { ApiEnv } from "./router.ts";

const HEADER = "idempotency-key";
/** Printable ASCII, bare or as the quoted string of the draft. */
export const KEY =
  /^(?:"([\x20\x21\x23-\x5b\x5d-\x7e]{1,255})"|([\x21\x23-\x7e][\x20-\x7e]{0,254}))$/u;
export const REPLAYED = "Idempotency-Replayed";
/** What makes an answer besides status and body. */
const KEPT_HEADERS = [
  "content-type",
  "etag",
  "location",
  "content-location",
  "clockleaf-version",
  "retry-after",
];
/** Answers that advise to repeat the request, or that another right or another moment would change. */
const NOT_KEPT: ReadonlySet<number> = new Set([401, 403, 404, 408, 425, 429]);
const MAX_RETRY_SECONDS = 5;

/** Spread into the `createRoute` of a POST that moves money: it is refused without an Idempotency-Key. */
export const movesMoney: { readonly "x-idempotency-key": "required" } = {
  "x-idempotency-key": "required",
};

export const needsKey = (route: RouteConfig): boolean => route["x-idempotency-key"] === "required";

/**
 * POSTs with an Idempotency-Key (draft-ietf-httpapi-idempotency-key-header-07) take effect once, whichever processes
 * their repeats reach: one runs, those at the same time are told to wait, later ones get its answer. After a crash in
 * the middle the next one runs again with the same ids, and finds what was stored.
 */
export function idempotent(
  operations: OperationTable,
  deps: IdempotencyDeps & { readonly log: Log },
): MiddlewareHandler<ApiEnv> {
  const claims = createClaims(deps);
  return createMiddleware<ApiEnv>(async (c, next) => {
    const inner = c.get("inside")?.own;
    if (inner?.once !== undefined) c.set("once", inner.once);
    if (c.req.method !== "POST" || inner !== undefined) return await next();
    const operation = operations.of(c);
    if (operation === undefined) return await next();
    const given = c.req.header(HEADER);
    if (given === undefined) {
      return needsKey(operation)
        ? problem(c, { code: "api.idempotency-key-required" })
        : await next();
    }
    const match = KEY.exec(given);
    const key = match?.[1] ?? match?.[2];
    if (key === undefined) return badKey(c);
    const body = new Uint8Array(await c.req.arrayBuffer());
    const fingerprint = fingerprintOf(key, { method: "POST", url: c.req.url, body });
    const claim = await claims.begin({ principal: c.get("principal").name, key, fingerprint });
    switch (claim.kind) {
      case "another-request":
        return problem(c, { code: "api.idempotency-key-reused" });
      case "running":
        c.header("Retry-After", String(Math.min(Math.ceil(claim.forMs / 1000), MAX_RETRY_SECONDS)));
        return problem(c, { code: "api.idempotency-key-in-use" });
      case "answered":
        return replayed(claim.answer);
      case "mine": {
        const { seed, isRerun } = claim;
        c.set("once", { seed, isRerun, checked: new Set() });
        await next();
        // The effect is there, kept or not: whoever repeats the request after the lease finds it.
        await keep(c, claim).catch((error: unknown) =>
          deps.log.warn({ err: error, requestId: c.get("requestId") }, "answer not kept"),
        );
      }
    }
  });
}

async function keep(c: Context<ApiEnv>, claim: Extract<Claim, { kind: "mine" }>): Promise<void> {
  const { status, headers } = c.res;
  if (status >= 500 || NOT_KEPT.has(status) || (c.error !== undefined && isRetriable(c.error))) {
    await claim.release();
    return;
  }
  const kept = KEPT_HEADERS.flatMap((name) => {
    const value = headers.get(name);
    return value === null ? [] : [[name, value] as const];
  });
  const body = new Uint8Array(await c.res.clone().arrayBuffer());
  await claim.answer({ status, headers: Object.fromEntries(kept), body });
}

function replayed({ status, headers, body }: Answer): Response {
  const sent = new Headers({ ...headers, [REPLAYED]: "true" });
  if (body === undefined) sent.delete("content-type");
  return new Response(body === undefined ? null : new Uint8Array(body), { status, headers: sent });
}

function badKey(c: Context<ApiEnv>): Response {
  const detail = "1 to 255 printable ASCII characters";
  return problem(c, {
    code: "api.invalid",
    errors: [{ in: "header", pointer: `#/${HEADER}`, detail, code: "invalid_format" }],
  });
}
