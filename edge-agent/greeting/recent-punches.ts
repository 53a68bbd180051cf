import type { PunchFact } from "@clockleaf/shared/worktime/facts.ts";

const DAY_MS = 86_400_000;
/** The engine needs punches back to the last long pause; a week holds one for nearly everybody. */
export const RECENT_MS = 8 * DAY_MS;
/** More of one person in a week is a reader gone wild. */
const MOST_OF_ONE = 200;

/** The last week of everybody who punched at this gateway, in memory: some 4 MB for 500 people. */
export interface RecentPunches {
  add(employeeId: string, punch: PunchFact): void;
  of(employeeId: string): readonly PunchFact[];
  /** Forgets what is older than a week before `nowMs` (UTC milliseconds). */
  prune(nowMs: number): void;
}

const oldestOf = (list: readonly PunchFact[]): number =>
  list.reduce((oldest, { at }, index) => (at < (list[oldest]?.at ?? at) ? index : oldest), 0);

export function createRecentPunches(): RecentPunches {
  const byPerson = new Map<string, PunchFact[]>();
  return {
    add(employeeId, punch) {
      const list = byPerson.get(employeeId);
      if (list === undefined) byPerson.set(employeeId, [punch]);
      else if (list.length < MOST_OF_ONE) list.push(punch);
      else list.splice(oldestOf(list), 1, punch);
    },
    of: (employeeId) => byPerson.get(employeeId) ?? [],
    prune(nowMs) {
      for (const [employeeId, list] of byPerson) {
        const kept = list.filter(({ at }) => at > nowMs - RECENT_MS);
        if (kept.length === 0) byPerson.delete(employeeId);
        else if (kept.length < list.length) byPerson.set(employeeId, kept);
      }
    },
  };
}
