import { CATALOGUE } from "@clockleaf/shared/events/catalogue.ts";
import { badgeAssigned } from "@clockleaf/shared/events/employee.ts";
import type { Domain } from "@clockleaf/shared/subjects.ts";

/** A badge's PIN hash falls to who can try ten thousand PINs: it leaves for nobody. */
const WITHHELD: string = badgeAssigned.type;

/** Whether a list such as `attendance.*`, `leave.leave.approved`, `*` names the type. */
export function isWanted(patterns: readonly string[], type: string): boolean {
  return type !== WITHHELD && patterns.some((pattern) => names(pattern, type));
}

function names(pattern: string, type: string): boolean {
  if (pattern === "*" || pattern === type) return true;
  return pattern.endsWith(".*") && type.startsWith(pattern.slice(0, -1));
}

/** The patterns that name no event there is: typing errors, mostly. */
export function unknownPatterns(patterns: readonly string[]): string[] {
  return patterns.filter((pattern) => !CATALOGUE.some(({ type }) => isWanted([pattern], type)));
}

/** Every pattern that names something, in the order of the alphabet. */
export function knownPatterns(): string[] {
  const types = CATALOGUE.map(({ type }) => type).filter((type) => isWanted(["*"], type));
  const groups = types.flatMap((type) => {
    const [domain = "", entity = ""] = type.split(".");
    return [`${domain}.*`, `${domain}.${entity}.*`];
  });
  return [...new Set(["*", ...groups, ...types])].toSorted();
}

/** The domains whose streams hold something that is wanted. */
export function domainsOf(patterns: readonly string[]): readonly Domain[] {
  const wanted = CATALOGUE.filter(({ type }) => isWanted(patterns, type));
  return [...new Set(wanted.map(({ domain }) => domain))];
}

/** Whether an event goes to an endpoint that is interested in these sites only; without any, all do. */
export function isOfSites(sites: readonly string[] | null, data: unknown): boolean {
  return sites === null || sitesIn(data).some((site) => sites.includes(site));
}

/** Where an event happened, or at which sites the person it is about is at home. None for what belongs to no site. */
function sitesIn(data: unknown): string[] {
  if (typeof data !== "object" || data === null) return [];
  const places: unknown[] = [];
  if ("site" in data) places.push(data.site);
  if ("siteIds" in data && Array.isArray(data.siteIds)) places.push(...data.siteIds);
  if ("punch" in data) places.push(...sitesIn(data.punch));
  return places.filter((place) => typeof place === "string");
}
