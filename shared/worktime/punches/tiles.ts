import { spell } from "../civil-time.ts";
import type { Labels } from "../facts.ts";
import type { CountedPunch, Shift, Tile } from "../ledger.ts";
import { isArrival } from "./meaning.ts";

/**
 * The stretches between the counted punches of one shift. A stretch is counted only between two punches that belong
 * together: an arrival and the departure after it is work, the start of a lunch or break and its end is that. Everything
 * else (an absence, a missing punch) is no tile at all.
 */
export function tilesOf(shift: Omit<Shift, "reads">, counted: readonly CountedPunch[]): Tile[] {
  const shiftId = counted[0]?.punch.punchId ?? "";
  const tiles: Tile[] = [];
  let labels: Labels = shift.plan?.labels ?? {};
  let from: CountedPunch | undefined;
  for (const to of counted) {
    if (to.meaning === "repeat" || to.meaning === "between") continue;
    if (from !== undefined && to.countsAt > from.countsAt) {
      const what = stretchOf(from, to);
      if (what !== null) {
        const punchIds = [from.punch.punchId, to.punch.punchId];
        const isPaid = what.kind === "work";
        const ends = { fromAt: from.countsAt, toAt: to.countsAt };
        tiles.push({ ...what, ...ends, isPaid, labels, punchIds, shiftId });
      }
    }
    labels = labelsAfter(to, labels);
    from = to;
  }
  return tiles;
}

/** What time is booked on after a punch: a transfer replaces only what it names. */
export function labelsAfter({ meaning, punch }: CountedPunch, labels: Labels): Labels {
  if (punch.labels === undefined) return labels;
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
