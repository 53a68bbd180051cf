import { spell } from "../civil-time.ts";
import type { Labels } from "../facts.ts";
import type { CountedPunch, Shift, Tile } from "../ledger.ts";
import { isArrival } from "./meaning.ts";

/**
 * The stretches between the counted punches of one shift, in order of time. A stretch is counted only between two punches
 * that belong together: an arrival and the departure after it is work, the start of a lunch or break and its end is that.
 * Everything else (an absence, a missing punch) is no tile at all, and neither is a stretch without length. A transfer
 * ends one stretch of work and begins the next.
 */
export function tilesOf(shift: Omit<Shift, "reads">, counted: readonly CountedPunch[]): Tile[] {
  const shiftId = counted[0]?.punch.punchId ?? "";
  const isFirstLast = shift.rules.punches.pairing === "first-last";
  const tiles: Tile[] = [];
  let labels = labelsAt(shift, []);
  let from: CountedPunch | undefined;
  for (const to of counted) {
    if (to.meaning === "repeat" || to.meaning === "between") continue;
    if (from !== undefined && to.countsAt > from.countsAt) {
      const what = stretchOf(from, to);
      if (what !== null) {
        tiles.push({
          ...what,
          policy: what.kind === "work" && isFirstLast ? "first-last" : what.policy,
          fromAt: from.countsAt,
          toAt: to.countsAt,
          isPaid: what.kind === "work",
          labels,
          punchIds: [from.punch.punchId, to.punch.punchId],
          shiftId,
        });
      }
    }
    labels = labelsAfter(labels, to);
    from = to;
  }
  return tiles;
}

/** What time is booked on after the punches of a shift: what the last one named, or what was planned. */
export function labelsAt(shift: Omit<Shift, "reads">, counted: readonly CountedPunch[]): Labels {
  return counted.reduce(labelsAfter, shift.plan?.labels ?? {});
}

/** A transfer replaces only what it names. */
function labelsAfter(labels: Labels, { meaning, punch }: CountedPunch): Labels {
  if (punch.labels === undefined || meaning === "repeat" || meaning === "between") return labels;
  return meaning === "transfer" ? { ...labels, ...punch.labels } : punch.labels;
}

function stretchOf(
  from: CountedPunch,
  to: CountedPunch,
): Pick<Tile, "kind" | "policy" | "reason"> | null {
  if (isArrival(from.meaning) && (!isArrival(to.meaning) || to.meaning === "transfer")) {
    const length = spell(to.countsAt - from.countsAt);
    const reason = `${length} between ${from.meaning} and ${to.meaning}`;
    return { kind: "work", policy: "every-pair", reason };
  }
  if (from.meaning === "lunch-start" && to.meaning === "lunch-end")
    return { kind: "lunch", policy: "lunch", reason: to.reason };
  if (from.meaning === "break-start" && to.meaning === "break-end")
    return { kind: "break", policy: "break", reason: to.reason };
  return null;
}
