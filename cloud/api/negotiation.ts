import type { RouteConfig } from "@hono/zod-openapi";
import type { Context, MiddlewareHandler } from "hono";
import { createMiddleware } from "hono/factory";
import { z } from "zod";
import { preferred } from "./accept.ts";
import type { OperationTable } from "./operation-table.ts";
import { problem } from "./problem.ts";
import type { ApiEnv } from "./router.ts";
import { answerTable } from "./table-answer.ts";
import { TABLE_TYPES, type TableFormat, tableOf } from "./tables.ts";

const JSON_TYPE = "application/json";
const FORMATS: Readonly<Record<string, string>> = { json: JSON_TYPE, ...TABLE_TYPES };

/**
 * Reads are answered in the form that `Accept` or `?format=` asks for; what is not offered is refused with the list of
 * what is. Only what a route offers besides JSON is made here: the rest is the route's own business.
 */
export const negotiated = (
  operations: OperationTable,
  nowMs: () => number,
): MiddlewareHandler<ApiEnv> =>
  createMiddleware<ApiEnv>(async (c, next) => {
    const operation = operations.of(c);
    if (operation === undefined || operation.method !== "get") return await next();
    const offered = offeredBy(operation);
    if (offered.length === 0) return await next();
    const table = tableOf(operation);
    const asked = table === undefined ? undefined : namedType(c);
    const chosen = asked ?? preferred(c.req.header("accept") ?? "*/*", offered);
    if (chosen === undefined || !offered.includes(chosen)) {
      return problem(c, { code: "api.not-acceptable", detail: `offered: ${offered.join(", ")}` });
    }
    c.header("Vary", "Accept", { append: true });
    if (table === undefined || chosen === JSON_TYPE) return await next();
    const { query } = operation.request ?? {};
    const isPaged = query instanceof z.ZodObject && "cursor" in query.shape;
    return await answerTable(c, { offer: table, format: formatOf(chosen), isPaged, nowMs });
  });

/** Of `?format=`, which comes once; empty for one that there is not. */
function namedType(c: Context): string | undefined {
  const [format, ...more] = c.req.queries("format") ?? [];
  if (format === undefined) return undefined;
  return more.length === 0 ? (FORMATS[format] ?? "") : "";
}

/** The media types of a route's answers that are none but successes. */
function offeredBy({ responses }: RouteConfig): readonly string[] {
  const types = Object.entries(responses).flatMap(([status, response]) =>
    status.startsWith("2") && "content" in response ? Object.keys(response.content ?? {}) : [],
  );
  return types.includes("application/octet-stream") ? [] : [...new Set(types)];
}

function formatOf(type: string): TableFormat {
  if (type === TABLE_TYPES.xlsx) return "xlsx";
  return type === TABLE_TYPES.pdf ? "pdf" : "csv";
}
