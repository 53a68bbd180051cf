import type { CorrectionFact, FactSet, PunchFact } from "../facts.ts";
import type { ResolvedPunch } from "../ledger.ts";
import { crossings } from "./crossings.ts";
import { standingCorrections } from "./withdrawals.ts";

/** A correction that cannot be true, or that another one contradicts. */
export interface CorrectionProblem {
  /** The instant whose day it is shown on, UTC milliseconds. */
  readonly at: number;
  readonly kind:
    | "correction-unknown-punch"
    | "correction-conflict"
    | "correction-reorders"
    | "correction-impossible";
  /** Ids of the corrections. */
  readonly factIds: readonly string[];
  readonly punchIds: readonly string[];
  readonly detail: string;
}

export interface Resolution {
  readonly punches: readonly ResolvedPunch[];
  readonly problems: readonly CorrectionProblem[];
}

type Of<K extends CorrectionFact["change"]["do"]> = CorrectionFact & {
  readonly change: Extract<CorrectionFact["change"], { do: K }>;
};

/**
 * The punches as they stand after corrections, by instant and then by id, and what is wrong with the corrections. An added
 * punch has its correction's id. Corrections of one punch hold one over the other in the order they were decided; what
 * cannot be true is named and not done, except that a punch may be moved past others: that is done and named.
 */
export function resolvePunches(facts: FactSet): Resolution {
  if (facts.corrections.length === 0) return { punches: facts.punches, problems: [] };
  const problems: CorrectionProblem[] = [];
  const standing = standingCorrections(facts.corrections, problems).filter((correction) =>
    isPossible(correction, problems),
  );
  const raw = new Map<string, PunchFact>(facts.punches.map((punch) => [punch.punchId, punch]));
  const added = addedPunches(standing, raw, problems);
  for (const punch of added) raw.set(punch.punchId, punch);
  const byPunch = changesByPunch(standing);
  for (const [punchId, changes] of byPunch) {
    if (!raw.has(punchId)) for (const change of changes) problems.push(unknown(change, punchId));
  }
  const punches: ResolvedPunch[] = [];
  const moved: { readonly punch: ResolvedPunch; readonly rawAt: number }[] = [];
  for (const punch of raw.values()) {
    const changes = byPunch.get(punch.punchId);
    const now = changes === undefined ? punch : corrected(punch, changes, problems);
    if (now === null) continue;
    punches.push(now);
    if (now.at !== punch.at) moved.push({ punch: now, rawAt: punch.at });
  }
  problems.push(...crossings(moved, punches, raw));
  return { punches: punches.toSorted(byInstant), problems: problems.toSorted(byInstantAndKind) };
}

/** A punch is made before anybody can correct it: a time after the decision has not happened. */
function isPossible(correction: CorrectionFact, problems: CorrectionProblem[]): boolean {
  const { change, correctionId, decidedAt } = correction;
  if (change.do !== "add" && change.do !== "change") return true;
  const { at } = change;
  if (at === undefined || at <= decidedAt) return true;
  problems.push({
    at,
    kind: "correction-impossible",
    factIds: [correctionId],
    punchIds: change.do === "change" ? [change.punchId] : [],
    detail: "the corrected time lies after the moment the correction was decided",
  });
  return false;
}

const isAdd = (correction: CorrectionFact): correction is Of<"add"> =>
  correction.change.do === "add";

const isOfPunch = (correction: CorrectionFact): correction is Of<"change"> | Of<"void"> =>
  correction.change.do === "change" || correction.change.do === "void";

/** Added punches, by id. Of two added for one instant the one decided later holds. */
function addedPunches(
  standing: readonly CorrectionFact[],
  raw: ReadonlyMap<string, PunchFact>,
  problems: CorrectionProblem[],
): ResolvedPunch[] {
  const byInstant = new Map<number, Of<"add">>();
  for (const correction of standing.filter(isAdd)) {
    const { correctionId, change } = correction;
    const { at } = change;
    if (raw.has(correctionId)) {
      const detail = "the id of an added punch is that of a punch that was made";
      const ids = { factIds: [correctionId], punchIds: [correctionId] };
      problems.push({ at, kind: "correction-impossible", ...ids, detail });
      continue;
    }
    const other = byInstant.get(at);
    if (other !== undefined) {
      const detail = "two punches added for one instant; the one decided later holds";
      const ids = [other.correctionId, correctionId];
      problems.push({ at, kind: "correction-conflict", factIds: ids, punchIds: ids, detail });
    }
    byInstant.set(at, correction);
  }
  return [...byInstant.values()].map(punchOf);
}

function punchOf({ correctionId, change }: Of<"add">): ResolvedPunch {
  const { at, meaning, site, zone, labels } = change;
  return {
    kind: "punch",
    punchId: correctionId,
    at,
    hint: meaning,
    site,
    reader: "correction",
    zone,
    ...(labels === undefined ? {} : { labels }),
    forced: meaning,
    correctionIds: [correctionId],
  };
}

type PunchChange = Of<"change"> | Of<"void">;

function changesByPunch(standing: readonly CorrectionFact[]): Map<string, PunchChange[]> {
  const byPunch = new Map<string, PunchChange[]>();
  for (const correction of standing.filter(isOfPunch)) {
    const { punchId } = correction.change;
    const list = byPunch.get(punchId);
    if (list === undefined) byPunch.set(punchId, [correction]);
    else list.push(correction);
  }
  return byPunch;
}

/** The punch with its changes made, later decided over earlier; null if it is void. */
function corrected(
  punch: ResolvedPunch,
  changes: readonly PunchChange[],
  problems: CorrectionProblem[],
): ResolvedPunch | null {
  const isVoid = changes.at(-1)?.change.do === "void";
  let { at, forced, labels } = punch;
  for (const { change } of changes) {
    if (change.do === "void") continue;
    at = change.at ?? at;
    forced = change.meaning ?? forced;
    labels = change.labels ?? labels;
  }
  const correctionIds = changes.map(({ correctionId }) => correctionId);
  if (contradicts(changes)) {
    problems.push({
      at,
      kind: "correction-conflict",
      factIds: correctionIds.slice(0, 64),
      punchIds: [punch.punchId],
      detail: "corrections of one punch contradict each other; the one decided last holds",
    });
  }
  if (isVoid) return null;
  return {
    ...punch,
    at,
    ...(forced === undefined ? {} : { forced }),
    ...(labels === undefined ? {} : { labels }),
    correctionIds: [...(punch.correctionIds ?? []), ...correctionIds],
  };
}

/** Whether two of the changes want one thing to be different. */
function contradicts(changes: readonly PunchChange[]): boolean {
  if (changes.length < 2) return false;
  const voids = changes.filter(({ change }) => change.do === "void").length;
  if (voids > 0) return voids < changes.length;
  return FIELDS.some((field) => {
    const wanted = changes.flatMap(({ change }) =>
      change.do === "change" && change[field] !== undefined ? [textOf(change[field])] : [],
    );
    return new Set(wanted).size > 1;
  });
}

const FIELDS = ["at", "meaning", "labels"] as const;

const textOf = (value: object | string | number): string =>
  typeof value === "object"
    ? Object.entries(value)
        .toSorted(([a], [b]) => (a < b ? -1 : 1))
        .join(";")
    : String(value);

function unknown(
  { correctionId, decidedAt, change }: PunchChange,
  punchId: string,
): CorrectionProblem {
  const at = change.do === "change" ? (change.at ?? decidedAt) : decidedAt;
  const detail = "corrects a punch that is not known";
  const ids = { factIds: [correctionId], punchIds: [punchId] };
  return { at, kind: "correction-unknown-punch", ...ids, detail };
}

const byInstant = (a: ResolvedPunch, b: ResolvedPunch): number =>
  a.at - b.at || (a.punchId < b.punchId ? -1 : 1);

const byInstantAndKind = (a: CorrectionProblem, b: CorrectionProblem): number =>
  a.at - b.at || (keyOf(a) < keyOf(b) ? -1 : 1);

const keyOf = ({ kind, factIds }: CorrectionProblem): string => `${kind} ${factIds.join()}`;
