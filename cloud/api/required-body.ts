import type { MiddlewareHandler } from "hono";
import { createMiddleware } from "hono/factory";
import type { OperationTable } from "./operation-table.ts";
import { problem } from "./problem.ts";
import type { ApiEnv } from "./router.ts";

/** A body that a route needs must be there. Without it and without a type, validation would see an empty object. */
export const requiredBody = (operations: OperationTable): MiddlewareHandler<ApiEnv> =>
  createMiddleware<ApiEnv>(async (c, next) => {
    if (operations.of(c)?.request?.body?.required !== true) return await next();
    const isThere = c.req.raw.body !== null && (await c.req.arrayBuffer()).byteLength > 0;
    return isThere
      ? await next()
      : problem(c, { code: "api.malformed", detail: "there is no body" });
  });
