/**
 * The question of questions, as a pure function: did every tap that the reader answered end up in exactly one place?
 *
 *   ledger (what people did and saw)  →  journal rows  →  rows stored in CLOCK  →  timesheet or quarantine
 *
 * A tap is *owed* once its reader showed any light, or a display confirmed it: from then on the person has left. A tap
 * without a light is owed nothing, may still be stored once, and never twice.
 */
export interface LedgerTap {
  readonly id: number;
  readonly reader: string;
  readonly badge: string;
  /** Wall time of the tap, milliseconds. */
  readonly tappedAtMs: number;
  /** The same on the site's clock, which the gateway writes into its rows. */
  readonly siteAtMs: number;
  readonly light: "green" | "amber" | "red" | "none";
  /** Site time of the light; null without one. */
  readonly litSiteAtMs: number | null;
}

export interface JournaledPunch {
  readonly punchId: string;
  readonly reader: string;
  readonly badge: string;
  readonly siteAtMs: number;
}

/** Where the cloud put a punch, once for every place it appears in. */
export interface Outcome {
  readonly punchId: string;
  readonly kind: "timesheet" | "quarantine";
}

export interface ReconcileInput {
  readonly taps: readonly LedgerTap[];
  readonly journal: readonly JournaledPunch[];
  /** Punch ids in stored segments, one entry for each time a row was stored. */
  readonly stored: readonly string[];
  readonly outcomes: readonly Outcome[];
}

export interface Reconciliation {
  readonly punches: number;
  readonly green: number;
  readonly journaled: number;
  readonly stored: number;
  readonly inTimesheets: number;
  readonly quarantined: number;
  readonly lost: number;
  readonly doubled: number;
  /** One line for each fault, for people. */
  readonly faults: readonly string[];
  /** Tap id by punch id, for latencies. */
  readonly tapOf: ReadonlyMap<string, LedgerTap>;
}

/** Clocks of two processes are read a moment apart; times the demo's speed that is a few site minutes. */
export function reconcile(input: ReconcileInput, slackMs: number): Reconciliation {
  const { tapOf, orphans } = match(input, slackMs);
  const punchOf = new Map([...tapOf].map(([punchId, tap]) => [tap.id, punchId]));
  const storedCount = countBy(input.stored);
  const outcomeCount = countBy(input.outcomes.map((outcome) => outcome.punchId));
  const faults: string[] = [];

  let lost = 0;
  for (const tap of input.taps.filter((candidate) => candidate.light !== "none")) {
    const missing = whereLost(punchOf.get(tap.id), storedCount, outcomeCount);
    if (missing === undefined) continue;
    lost += 1;
    faults.push(
      `lost: tap ${tap.id} at ${tap.reader} showed ${tap.light} and is not in ${missing}`,
    );
  }

  const doubled = [
    ...orphans.map((punch) => `doubled: ${punch.punchId} at ${punch.reader} answers to no tap`),
    ...repeated(storedCount).map((id) => `doubled: ${id} is stored more than once`),
    ...repeated(outcomeCount).map((id) => `doubled: ${id} has more than one effect`),
  ];
  faults.push(...doubled);

  return {
    punches: input.taps.length,
    green: input.taps.filter((tap) => tap.light === "green").length,
    journaled: input.journal.length,
    stored: storedCount.size,
    inTimesheets: input.outcomes.filter((outcome) => outcome.kind === "timesheet").length,
    quarantined: input.outcomes.filter((outcome) => outcome.kind === "quarantine").length,
    lost,
    doubled: doubled.length,
    faults,
    tapOf,
  };
}

/**
 * Pairs journal rows with taps. A lit tap has a deadline, its light, so the one with the earliest deadline goes first;
 * taps without a light take what is left, oldest first.
 */
function match(
  input: ReconcileInput,
  slackMs: number,
): { tapOf: Map<string, LedgerTap>; orphans: JournaledPunch[] } {
  const waiting = Map.groupBy(input.taps.toSorted(byDeadline), placeOf);
  const tapOf = new Map<string, LedgerTap>();
  const orphans: JournaledPunch[] = [];
  for (const punch of input.journal) {
    const taps = waiting.get(placeOf(punch)) ?? [];
    const index = taps.findIndex((tap) => fits(tap, punch, slackMs));
    const [tap] = index === -1 ? [] : taps.splice(index, 1);
    if (tap === undefined) orphans.push(punch);
    else tapOf.set(punch.punchId, tap);
  }
  return { tapOf, orphans };
}

function byDeadline(a: LedgerTap, b: LedgerTap): number {
  if (a.litSiteAtMs === null && b.litSiteAtMs === null) return a.tappedAtMs - b.tappedAtMs;
  return (a.litSiteAtMs ?? Number.POSITIVE_INFINITY) - (b.litSiteAtMs ?? Number.POSITIVE_INFINITY);
}

/** A row is written after its tap, and before the light it caused. */
function fits(tap: LedgerTap, punch: JournaledPunch, slackMs: number): boolean {
  if (punch.siteAtMs < tap.siteAtMs - slackMs) return false;
  return tap.litSiteAtMs === null || punch.siteAtMs <= tap.litSiteAtMs + slackMs;
}

function placeOf(item: { readonly reader: string; readonly badge: string }): string {
  return `${item.reader} ${item.badge}`;
}

function whereLost(
  punchId: string | undefined,
  stored: ReadonlyMap<string, number>,
  outcomes: ReadonlyMap<string, number>,
): string | undefined {
  if (punchId === undefined) return "the journal";
  if (!stored.has(punchId)) return "the stream";
  return outcomes.has(punchId) ? undefined : "any timesheet or the quarantine";
}

function countBy(ids: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const id of ids) counts.set(id, (counts.get(id) ?? 0) + 1);
  return counts;
}

function repeated(counts: ReadonlyMap<string, number>): string[] {
  return [...counts].filter(([, count]) => count > 1).map(([id]) => id);
}
