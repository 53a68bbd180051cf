import type { PlannedShift, ReadPunch, Shift } from "../ledger.ts";

/**
 * When each punch of a shift should have been made, by its place in `reads`: the first in at the start of the planned
 * shift, the last out at its end, lunch and break punches at those of the nearest planned one. Others have no such time,
 * nor have the first and last of a flexible shift.
 */
export function dueTimes(shift: Pick<Shift, "reads" | "plan">): (number | null)[] {
  const { reads, plan } = shift;
  if (plan === null) return reads.map(() => null);
  const first = reads.findIndex(isCounted);
  const last = reads.findLastIndex(isCounted);
  return reads.map((read, index) => {
    if (read.meaning === "in") return index === first ? edge(plan, "startAt") : null;
    if (read.meaning === "out") return index === last ? edge(plan, "endAt") : null;
    return restDue(read, plan);
  });
}

export const isCounted = ({ meaning }: Pick<ReadPunch, "meaning">): boolean =>
  meaning !== "repeat" && meaning !== "between";

const edge = (plan: PlannedShift, which: "startAt" | "endAt"): number | null =>
  plan.kind === "flexible" ? null : plan[which];

function restDue({ meaning, punch }: ReadPunch, { breaks }: PlannedShift): number | null {
  const [kind, end] = meaning.split("-");
  if (end === undefined) return null;
  let best: number | null = null;
  for (const planned of breaks) {
    if (planned.kind !== kind) continue;
    const at = end === "start" ? planned.fromAt : planned.toAt;
    if (best === null || Math.abs(at - punch.at) < Math.abs(best - punch.at)) best = at;
  }
  return best;
}
