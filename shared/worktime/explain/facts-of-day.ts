import { civilDateOf } from "../civil-time.ts";
import type { CorrectionFact, Fact } from "../facts.ts";
import type { Workday } from "../workday.ts";

/**
 * Of all that is known of a person, what bears on one day: its punches, what was corrected in them or taken from the day,
 * plans, leave, words on overtime and timesheets that are about the date, and how far its sites have told everything. In
 * the order of the facts.
 */
export function factsOfDay(day: Workday, facts: Iterable<Fact>): Fact[] {
  const all = [...facts];
  const ids = idsIn(day);
  const made = new Set(
    all.flatMap((fact) =>
      fact.kind === "punch" && (ids.has(fact.punchId) || isOn(fact.at, fact.zone, day))
        ? [fact.punchId]
        : [],
    ),
  );
  const corrections = correctionsOf(all, { day, ids, made });
  const sites = new Set(
    all.flatMap((fact) => (fact.kind === "punch" && made.has(fact.punchId) ? [fact.site] : [])),
  );
  const { workdayOn } = day;
  return all.filter((fact) => {
    switch (fact.kind) {
      case "punch":
        return made.has(fact.punchId);
      case "correction":
        return corrections.has(fact.correctionId);
      case "roster":
      case "approval":
        return fact.on === workdayOn;
      case "absence":
      case "verification":
        return fact.fromOn <= workdayOn && workdayOn <= fact.toOn;
      case "watermark":
        return sites.size === 0 || sites.has(fact.site);
    }
  });
}

/** Every id that the day names. */
function idsIn({ punches, exceptions, credits }: Workday): ReadonlySet<string> {
  return new Set([
    ...punches.flatMap(({ punchId, correctionIds = [] }) => [punchId, ...correctionIds]),
    ...exceptions.flatMap(({ punchIds, factIds = [] }) => [...punchIds, ...factIds]),
    ...credits.flatMap(({ factIds }) => factIds),
  ]);
}

interface Concerned {
  readonly day: Workday;
  readonly ids: ReadonlySet<string>;
  /** Punches made on the day, counted there or not. */
  readonly made: ReadonlySet<string>;
}

/** Those that add or change a punch of the day, or did, and whatever takes one of them back, however often. */
function correctionsOf(facts: readonly Fact[], { day, ids, made }: Concerned): ReadonlySet<string> {
  const all = facts.filter((fact) => fact.kind === "correction");
  const isAbout = ({ correctionId, change }: CorrectionFact): boolean => {
    if (ids.has(correctionId)) return true;
    switch (change.do) {
      case "add":
        return isOn(change.at, change.zone, day);
      case "change":
      case "void":
        return made.has(change.punchId) || ids.has(change.punchId);
      case "withdraw":
        return false;
    }
  };
  const found = new Set(all.filter(isAbout).map(({ correctionId }) => correctionId));
  for (let size = -1; size !== found.size; ) {
    size = found.size;
    for (const { correctionId, change } of all) {
      if (change.do === "withdraw" && found.has(change.correctionId)) found.add(correctionId);
    }
  }
  return found;
}

const isOn = (at: number, zone: string | null, { workdayOn, zone: own }: Workday): boolean =>
  civilDateOf(at, zone ?? own) === workdayOn;
