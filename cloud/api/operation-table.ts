import type { RouteConfig } from "@hono/zod-openapi";
import type { Context } from "hono";
import { matchedRoutes } from "hono/route";
import type { ApiRouter } from "./router.ts";

/** Which declared route a request is about, for what holds for all of them. */
export interface OperationTable {
  /** Undefined for what is not there. */
  of(c: Context): RouteConfig | undefined;
}

/** Made at the first request, when every route is registered. */
export function operationTable(app: ApiRouter): OperationTable {
  let table: ReadonlyMap<string, RouteConfig> | undefined;
  return {
    of(c) {
      table ??= tableOf(app);
      for (const { method, path } of matchedRoutes(c)) {
        const found = table.get(`${method} ${path}`);
        if (found !== undefined) return found;
      }
      return undefined;
    },
  };
}

function tableOf(app: ApiRouter): ReadonlyMap<string, RouteConfig> {
  const table = new Map<string, RouteConfig>();
  for (const definition of app.openAPIRegistry.definitions) {
    if (definition.type !== "route") continue;
    const { method, path } = definition.route;
    table.set(`${method.toUpperCase()} ${routingPath(path)}`, definition.route);
  }
  return table;
}

const routingPath = (path: string): string => path.replaceAll(/\/\{([^/]+)\}/gu, "/:$1");
