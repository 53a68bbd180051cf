import type { PunchHint, PunchRow } from "@clockleaf/shared/wire/punch.ts";

const DAY_MS = 86_400_000;
/** The engine needs punches back to the last long pause; a week holds one for nearly everybody. */
export const RECENT_MS = 8 * DAY_MS;
/** More of one person in a week is a reader gone wild. */
const MOST_OF_ONE = 200;

/** A punch that is being made, or was made here. */
export interface PunchHere {
  /** UTC milliseconds. */
  readonly at: number;
  readonly hint: PunchHint | null;
  readonly reader: string;
}

export interface RememberedPunch extends PunchHere {
  /** As the cloud names it. */
  readonly punchId: string;
}

/** Whether the cloud counts a punch of somebody's badge at once: it keeps back a wrong PIN and a time nobody knew. */
export const isCounted = ({ pin, time }: Pick<PunchRow, "pin" | "time">): boolean =>
  pin !== "wrong" && pin !== "missing" && time.uncertaintyMs !== null;

/** The last week of everybody who punched at this gateway, in memory: 3 MB for 500 people with 50 punches each. */
export interface RecentPunches {
  /** In any order. Of somebody with too many the newest are kept. */
  add(employeeId: string, punch: RememberedPunch): void;
  of(employeeId: string): readonly RememberedPunch[];
  /** Forgets what is older than a week before `nowMs` (UTC milliseconds). */
  prune(nowMs: number): void;
}

function replaceOldest(list: RememberedPunch[], punch: RememberedPunch): void {
  const oldest = Math.min(...list.map(({ at }) => at));
  if (punch.at <= oldest) return;
  const index = list.findIndex(({ at }) => at === oldest);
  list.splice(index, 1, punch);
}

export function createRecentPunches(): RecentPunches {
  const byPerson = new Map<string, RememberedPunch[]>();
  return {
    add(employeeId, punch) {
      const list = byPerson.get(employeeId);
      if (list === undefined) byPerson.set(employeeId, [punch]);
      else if (list.length < MOST_OF_ONE) list.push(punch);
      else replaceOldest(list, punch);
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
