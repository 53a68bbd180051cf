import type { RouteConfig } from "@hono/zod-openapi";
import type { MiddlewareHandler } from "hono";
import { createMiddleware } from "hono/factory";
import { z } from "zod";
import type { OperationTable } from "./operation-table.ts";
import type { ApiEnv } from "./router.ts";

const noticeSchema = z.object({
  since: z.iso.datetime(),
  sunset: z.iso.datetime().optional(),
  link: z.string(),
});
type Notice = z.output<typeof noticeSchema>;

/**
 * Spread into the `createRoute` of what is to go: it is marked in the OpenAPI document, and every answer says so
 * (`Deprecation`, RFC 9745; `Sunset`, RFC 8594) with a link to what to use instead. Instants in UTC.
 */
export const deprecated = (notice: Notice): { deprecated: true; "x-deprecation": Notice } => ({
  deprecated: true,
  "x-deprecation": noticeSchema.parse(notice),
});

export const noticeOf = (route: RouteConfig | undefined): Notice | undefined =>
  noticeSchema.safeParse(route?.["x-deprecation"]).data;

export const deprecations = (operations: OperationTable): MiddlewareHandler<ApiEnv> =>
  createMiddleware<ApiEnv>(async (c, next) => {
    await next();
    const notice = noticeOf(operations.of(c));
    if (notice === undefined) return;
    const { since, sunset, link } = notice;
    const { headers } = c.res;
    headers.set("Deprecation", `@${Math.floor(Date.parse(since) / 1000)}`);
    headers.append("Link", `<${link}>; rel="deprecation"`);
    if (sunset === undefined) return;
    headers.set("Sunset", new Date(sunset).toUTCString());
    headers.append("Link", `<${link}>; rel="sunset"`);
  });
