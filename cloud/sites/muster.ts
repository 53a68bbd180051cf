import type { LastPunch, LeaveToday, Named, SiteStanding } from "./sources.ts";

export const MUSTER_STATES = ["in", "break", "elsewhere", "on-leave", "out", "never-seen"] as const;
export type MusterState = (typeof MUSTER_STATES)[number];

export interface MusterFacts {
  readonly site: string;
  readonly nowMs: number;
  /** Undefined where no gateway is registered. */
  readonly standing: SiteStanding | undefined;
  readonly lastPunches: readonly LastPunch[];
  /** Who may be due to work here. */
  readonly employed: readonly string[];
  readonly leave: readonly LeaveToday[];
  readonly names: ReadonlyMap<string, Named>;
  /** Who has been in for longer than this may have forgotten to punch. */
  readonly longAfterMs: number;
}

/** How far the list can be believed: gateways that are silent may hold punches nobody here has seen. */
export interface Certainty {
  readonly isCertain: boolean;
  /** From when on something may be missing; null = nothing is missing, or it is not known since when. */
  readonly notKnownSinceMs: number | null;
  readonly because: ReadonlyArray<{
    readonly gateway: string;
    readonly why: string;
    readonly readers: readonly string[];
    readonly sinceMs: number | null;
  }>;
  /** For people. */
  readonly note: string;
}

export interface MusterEntry {
  readonly employeeId: string;
  readonly name: string;
  readonly departmentId: string | null;
  readonly state: MusterState;
  readonly lastSeen: LastPunch | null;
  readonly isCertain: boolean;
  /** From when on it is not known of this person; null = it is, or it never was. */
  readonly notKnownSinceMs: number | null;
  /** In or on a break for so long that a punch may be missing. */
  readonly isLongAgo: boolean;
  readonly leave: LeaveToday | null;
  /** Works elsewhere by the directory, and is here. */
  readonly isVisitor: boolean;
}

export interface Muster {
  readonly certainty: Certainty;
  /** By name, then id. */
  readonly entries: readonly MusterEntry[];
}

/** Who is here, who is not and why, and of whom it cannot be said. Pure. */
export function musterOf(facts: MusterFacts): Muster {
  const certainty = certaintyOf(facts.standing);
  const last = new Map(facts.lastPunches.map((punch) => [punch.employeeId, punch]));
  const leave = new Map(facts.leave.map((each) => [each.employeeId, each]));
  const employed = new Set(facts.employed);
  const here = facts.lastPunches.filter((punch) => isHere(punch, facts.site));
  const people = new Set([...employed, ...here.map(({ employeeId }) => employeeId)]);
  const entries = [...people].map((employeeId): MusterEntry => {
    const punch = last.get(employeeId) ?? null;
    const onLeave = leave.get(employeeId) ?? null;
    const named = facts.names.get(employeeId);
    const state = stateOf(punch, onLeave, facts.site);
    const isPresent = state === "in" || state === "break";
    return {
      employeeId,
      name: named?.name ?? employeeId,
      departmentId: named?.departmentId ?? null,
      state,
      lastSeen: punch,
      isCertain: certainty.isCertain,
      notKnownSinceMs: certainty.isCertain ? null : notKnownOf(punch, certainty, facts.site),
      isLongAgo: isPresent && punch !== null && facts.nowMs - punch.at > facts.longAfterMs,
      leave: onLeave,
      isVisitor: !employed.has(employeeId),
    };
  });
  return { certainty, entries: entries.toSorted((a, b) => (sortKey(a) < sortKey(b) ? -1 : 1)) };
}

/** Sorts as people read names; also where a page of the list begins. */
export const sortKey = ({ name, employeeId }: MusterEntry): string =>
  `${name.toLowerCase()} ${employeeId}`;

const isHere = ({ state, site }: LastPunch, here: string): boolean =>
  site === here && state !== "out";

function stateOf(punch: LastPunch | null, leave: LeaveToday | null, site: string): MusterState {
  if (punch !== null && punch.state !== "out") {
    return punch.site === site ? punch.state : "elsewhere";
  }
  if (leave !== null) return "on-leave";
  return punch === null ? "never-seen" : "out";
}

/** A punch here says where somebody was at that moment, whatever other gateways hold back. */
function notKnownOf(
  punch: LastPunch | null,
  { notKnownSinceMs }: Certainty,
  site: string,
): number | null {
  const seenAt = punch !== null && punch.site === site ? punch.at : null;
  if (notKnownSinceMs === null || seenAt === null) return notKnownSinceMs ?? seenAt;
  return Math.max(notKnownSinceMs, seenAt);
}

function certaintyOf(standing: SiteStanding | undefined): Certainty {
  if (standing === undefined) {
    const note = "no gateway is registered here: nothing can be known from readers";
    return { isCertain: false, notKnownSinceMs: null, because: [], note };
  }
  const because = standing.gateways.flatMap(({ gateway, completeTo, hold }) =>
    hold === null
      ? []
      : [
          {
            gateway,
            why: hold.why,
            readers: hold.readers,
            sinceMs: hold.since ?? completeTo ?? standing.completeTo,
          },
        ],
  );
  if (because.length === 0) {
    const note = "every gateway of the site is heard and has told everything";
    return { isCertain: true, notKnownSinceMs: null, because, note };
  }
  const since = because.map(({ sinceMs }) => sinceMs);
  const notKnownSinceMs = since.some((at) => at === null)
    ? null
    : Math.min(...since.map((at) => at ?? 0));
  const from = notKnownSinceMs === null ? "" : ` since ${new Date(notKnownSinceMs).toISOString()}`;
  const who = because.map(({ gateway, why }) => `${gateway} (${why})`).join(", ");
  return { isCertain: false, notKnownSinceMs, because, note: `not known${from}: ${who}` };
}
