import { tokenSchema } from "@clockleaf/shared/subjects.ts";
import { z } from "@hono/zod-openapi";
import { guardOf } from "../api/guard.ts";
import { type ApiRouter, decodeCursor, encodeCursor, newRouter, page } from "../api/router.ts";
import { arrivalWindows, lateRates, overtimeByWeek, type Sources } from "./reads.ts";
import { arrivalsRoute, lateRateRoute, overtimeRoute } from "./route-definitions.ts";
import { arrivalWindowView, lateRateView, weekOfOvertimeView } from "./views.ts";

export interface AnalyticsRoutesDeps {
  readonly sources: Sources;
}

const cursorSchema = z.tuple([z.int(), tokenSchema]);

/** The views, for `/api/v1`: whoever may read the timesheets of people may read what is counted from them. */
export function createAnalyticsRoutes({ sources }: AnalyticsRoutesDeps): ApiRouter {
  const router = newRouter();

  router.openapi(arrivalsRoute, async (c) => {
    const { cursor, limit, from, to, site } = c.req.valid("query");
    const found = await arrivalWindows(sources.time, {
      fromMs: Date.parse(from),
      toMs: Date.parse(to),
      site,
      visible: await guardOf(c).visible(),
      after: decodeCursor(cursor, cursorSchema),
      limit: limit + 1,
    });
    const shown = found.slice(0, limit);
    const last = found.length > limit ? shown.at(-1) : undefined;
    const next = last === undefined ? null : encodeCursor([last.windowAt, last.site]);
    return c.json(page(c, shown.map(arrivalWindowView), next), 200);
  });

  router.openapi(overtimeRoute, async (c) => {
    const { from, to, departmentId } = c.req.valid("query");
    const visible = await guardOf(c).visible();
    const query = { fromOn: from, toOn: to, departmentId, visible };
    const weeks = await overtimeByWeek(sources, query);
    return c.json({ items: weeks.map(weekOfOvertimeView) }, 200);
  });

  router.openapi(lateRateRoute, async (c) => {
    const { from, to, ...wanted } = c.req.valid("query");
    const visible = await guardOf(c).visible();
    const days = await lateRates(sources, { fromOn: from, toOn: to, ...wanted, visible });
    return c.json({ by: wanted.by, items: days.map(lateRateView) }, 200);
  });

  return router;
}
