import { guardOf } from "../api/guard.ts";
import { problem } from "../api/problem.ts";
import { type ApiRouter, newRouter, pageOfList } from "../api/router.ts";
import { renderCsv } from "../render/csv.ts";
import { type MusterState, sortKey } from "./muster.ts";
import { allSites, musterAt, siteAt } from "./reads.ts";
import {
  listSitesRoute,
  musterFileRoute,
  musterRoute,
  showSiteRoute,
} from "./route-definitions.ts";
import { MUSTER_COLUMNS } from "./route-tables.ts";
import type { SiteSources } from "./sources.ts";
import { certaintyView, countsOf, entryView, siteView } from "./views.ts";

export interface SiteRoutesDeps extends SiteSources {
  readonly nowMs: () => number;
}

/** Sites as people see them: what the contexts know of each, side by side. */
export function siteRoutes(deps: SiteRoutesDeps): ApiRouter {
  const { nowMs } = deps;
  const router = newRouter();
  router.openapi(listSitesRoute, async (c) => {
    const { cursor, limit } = c.req.valid("query");
    const rights = guardOf(c);
    const seesAll = rights.coversCompany();
    const views = (await allSites(deps))
      .filter(({ site }) => seesAll || rights.coversSite(site))
      .map((site) => siteView(site, nowMs()));
    return c.json(pageOfList(c, views, { cursor, limit, keyOf: ({ site }) => site }), 200);
  });
  router.openapi(showSiteRoute, async (c) => {
    const { site } = c.req.valid("param");
    const found = await siteAt(deps, site);
    if (found === undefined) return problem(c, { code: "command.not-found" });
    return c.json(siteView(found, nowMs()), 200);
  });
  router.openapi(musterRoute, async (c) => {
    const { site } = c.req.valid("param");
    const { cursor, limit, state, longAfterHours } = c.req.valid("query");
    const muster = await musterAt(deps, { site, nowMs: nowMs(), longAfterHours });
    if (muster === undefined) return problem(c, { code: "command.not-found" });
    const wanted = muster.entries.filter((entry) => isWanted(entry.state, state));
    const { items, next } = pageOfList(c, wanted, { cursor, limit, keyOf: sortKey });
    const body = {
      site,
      at: new Date(nowMs()).toISOString(),
      certainty: certaintyView(muster),
      counts: countsOf(muster),
      items: items.map((entry) => entryView(entry, nowMs())),
      next,
    };
    return c.json(body, 200);
  });
  router.openapi(musterFileRoute, async (c) => {
    const { site } = c.req.valid("param");
    const { longAfterHours } = c.req.valid("query");
    const muster = await musterAt(deps, { site, nowMs: nowMs(), longAfterHours });
    if (muster === undefined) return problem(c, { code: "command.not-found" });
    const rows = muster.entries
      .map((entry) => entryView(entry, nowMs()))
      .map((entry) => MUSTER_COLUMNS.map(({ of }) => of(entry)));
    const columns = MUSTER_COLUMNS.map(({ title }) => ({ title, align: "left" }) as const);
    const csv = renderCsv({ columns, rows }, { byteOrderMark: true });
    return c.body(new Uint8Array(csv), 200, {
      "content-type": "text/csv",
      "content-disposition": `attachment; filename="muster-${site}.csv"`,
    });
  });
  return router;
}

function isWanted(state: MusterState, wanted: MusterState | "present" | "all"): boolean {
  if (wanted === "all") return true;
  return wanted === "present" ? state === "in" || state === "break" : state === wanted;
}
