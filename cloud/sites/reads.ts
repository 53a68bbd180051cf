import { civilDateOf } from "@clockleaf/shared/worktime/civil-time.ts";
import { type Muster, musterOf } from "./muster.ts";
import type { SiteSources } from "./sources.ts";
import { type SiteFacts, siteView } from "./views.ts";

const HOUR_MS = 3_600_000;

/** Wherever a gateway is registered, anybody works, or the configuration names a calendar; by name. */
export async function allSites(deps: SiteSources): Promise<SiteFacts[]> {
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

/** One of them, without a look at the others; undefined for a site that nobody knows. */
export async function siteAt(deps: SiteSources, site: string): Promise<SiteFacts | undefined> {
  return (await lookAt(deps, site))?.facts;
}

/** Undefined for a site that nobody knows. */
export async function musterAt(
  deps: SiteSources,
  asked: { readonly site: string; readonly nowMs: number; readonly longAfterHours: number },
): Promise<Muster | undefined> {
  const { site, nowMs, longAfterHours } = asked;
  const found = await lookAt(deps, site);
  if (found === undefined) return undefined;
  const { facts, employed } = found;
  const { zone } = siteView(facts, nowMs);
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

interface Found {
  readonly facts: SiteFacts;
  readonly employed: readonly string[];
}

async function lookAt(deps: SiteSources, site: string): Promise<Found | undefined> {
  const [gateways, employed, marks] = await Promise.all([
    deps.gatewaysAt(site),
    deps.employedAt(site),
    deps.marks(),
  ]);
  const isKnown = gateways.length > 0 || employed.length > 0 || deps.namedSites.includes(site);
  if (!isKnown) return undefined;
  const completeTo = marks.get(site) ?? null;
  const calendar = deps.calendarOf(site);
  return { facts: { site, calendar, gateways, people: employed.length, completeTo }, employed };
}
