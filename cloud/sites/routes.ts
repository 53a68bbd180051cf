import { civilDateOf } from "@clockleaf/shared/worktime/civil-time.ts";
import { guardOf } from "../api/guard.ts";
import { problem } from "../api/problem.ts";
import { type ApiRouter, newRouter, pageOfList } from "../api/router.ts";
import { renderCsv } from "../render/csv.ts";
import { type Muster, type MusterState, musterOf, sortKey } from "./muster.ts";
import {
  listSitesRoute,
  musterFileRoute,
  musterRoute,
  showSiteRoute,
} from "./route-definitions.ts";
import { MUSTER_COLUMNS } from "./route-tables.ts";
import type { SiteSources } from "./sources.ts";
import { certaintyView, countsOf, entryView, type SiteFacts, siteView } from "./views.ts";

export interface SiteRoutesDeps extends SiteSources {
  readonly nowMs: () => number;
}

const HOUR_MS = 3_600_000;

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
    const found = (await allSites(deps)).find((each) => each.site === site);
    if (found === undefined) return problem(c, { code: "command.not-found" });
    return c.json(siteView(found, nowMs()), 200);
  });
  router.openapi(musterRoute, async (c) => {
    const { site } = c.req.valid("param");
    const { cursor, limit, state, longAfterHours } = c.req.valid("query");
    const muster = await musterAt(deps, site, longAfterHours);
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
    const muster = await musterAt(deps, site, c.req.valid("query").longAfterHours);
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

/** Wherever a gateway is registered, anybody works, or the configuration names a calendar. */
async function allSites(deps: SiteSources): Promise<SiteFacts[]> {
  const [gateways, people, marks] = await Promise.all([
    deps.gateways(),
    deps.peopleBySite(),
    deps.marks(),
  ]);
  const sites = new Set([
    ...gateways.map(({ site }) => site),
    ...people.keys(),
    ...deps.namedSites,
  ]);
  return [...sites].toSorted().map((site) => ({
    site,
    calendar: deps.calendarOf(site),
    gateways: gateways.filter((each) => each.site === site),
    people: people.get(site) ?? 0,
    completeTo: marks.get(site) ?? null,
  }));
}

/** Undefined for a site that nobody knows. */
async function musterAt(
  deps: SiteRoutesDeps,
  site: string,
  longAfterHours: number,
): Promise<Muster | undefined> {
  const found = (await allSites(deps)).find((each) => each.site === site);
  if (found === undefined) return undefined;
  const nowMs = deps.nowMs();
  const { zone } = siteView(found, nowMs);
  const employed = await deps.employedAt(site);
  const [standing, lastPunches, leave] = await Promise.all([
    deps.standing(site),
    deps.lastPunches(site, employed),
    deps.onLeave(site, civilDateOf(nowMs, zone)),
  ]);
  const people = new Set([...employed, ...lastPunches.map(({ employeeId }) => employeeId)]);
  const names = await deps.namesOf([...people]);
  const longAfterMs = longAfterHours * HOUR_MS;
  return musterOf({ site, nowMs, standing, lastPunches, employed, leave, names, longAfterMs });
}
