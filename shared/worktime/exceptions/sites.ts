import { neededSites } from "./completeness.ts";
import { excess, isOn, type Look, raise, secondsBetween } from "./look.ts";

/** Sites that hold back a day which others say is over. Not on days on which nothing was planned or punched. */
export function lookAtSites(look: Look): void {
  const { day, sheet } = look;
  const { watermarks } = sheet.facts;
  if (watermarks.size === 0 || (day.shifts.length === 0 && day.plans.length === 0)) return;
  if (!isOn(look, "site-offline")) return;
  let newest = 0;
  for (const completeTo of watermarks.values()) newest = Math.max(newest, completeTo);
  if (newest < look.settles) return;
  for (const site of [...neededSites(day, sheet)].toSorted()) {
    const completeTo = watermarks.get(site);
    if (completeTo !== undefined && completeTo >= look.settles) continue;
    if (completeTo === undefined) {
      const detail = `site ${site} has never told how far it is complete`;
      raise(look, "site-offline", { detail, premature: true });
      continue;
    }
    const behind = secondsBetween(completeTo, newest);
    if (excess(look, "site-offline", behind) === null) continue;
    // Not by how much: that would grow with every watermark of the others, each time a new revision of the day.
    const detail = `site ${site} tells nothing while others do, so the day is not complete`;
    raise(look, "site-offline", { detail, premature: true });
  }
}
