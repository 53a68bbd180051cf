import type { RouteConfig } from "@hono/zod-openapi";
import type { MiddlewareHandler } from "hono";
import { createMiddleware } from "hono/factory";
import { z } from "zod";
import type { OperationTable } from "./operation-table.ts";
import { problem, problemErrors } from "./problem.ts";
import type { ApiEnv } from "./router.ts";
import { isTable } from "./tables.ts";

/** Parameters that every read takes. */
const isRead = ({ method }: RouteConfig): boolean => method === "get";

/**
 * Refuses query parameters that a route does not know: a filter with a slip in its name would otherwise answer with
 * everything. All that is wrong with the query is said at once.
 */
export const strictQuery = (operations: OperationTable): MiddlewareHandler<ApiEnv> =>
  createMiddleware<ApiEnv>(async (c, next) => {
    const operation = operations.of(c);
    if (operation === undefined) return await next();
    const query = operation.request?.query;
    const shape = query instanceof z.ZodObject ? query.shape : {};
    const known = new Set([...Object.keys(shape), ...sharedParameters(operation)]);
    const sent = Object.entries(c.req.queries());
    const unknown = sent.flatMap(([name]) => (known.has(name) ? [] : [name]));
    if (unknown.length === 0) return await next();
    const values = Object.fromEntries(
      sent.map(([name, all]) => [name, all.length === 1 ? all[0] : all]),
    );
    const parsed = z.object(shape).safeParse(values);
    const issues = parsed.success ? [] : parsed.error.issues;
    return problem(c, {
      code: "api.invalid",
      errors: [
        ...problemErrors(
          [{ code: "unrecognized_keys", keys: unknown, path: [], message: "" }],
          "query",
        ),
        ...problemErrors(issues, "query"),
      ],
    });
  });

export const sharedParameters = (operation: RouteConfig): readonly string[] => [
  ...(isRead(operation) ? ["minVersion"] : []),
  ...(isTable(operation) ? ["format"] : []),
];
