import { dayOfDate, instantOf } from "../civil-time.ts";
import type { AbsenceFact, CorrectionFact, FactSet } from "../facts.ts";
import type { Day } from "../ledger.ts";
import { lastChanceOf } from "./completeness.ts";

/** Something a person decided, and what it may concern. */
export interface Change {
  readonly factId: string;
  readonly decidedAt: number;
  /** Where a punch is, was or could have been, UTC milliseconds. */
  readonly instants: readonly number[];
  readonly dates: readonly Dates[];
}

/** Epoch days, both included. */
interface Dates {
  readonly from: number;
  readonly to: number;
}

const KNOWN = new WeakMap<FactSet, readonly Change[]>();

/** Corrections, rosters, absences and approvals as changes, in the order they were decided. */
export function changesOf(facts: FactSet): readonly Change[] {
  let changes = KNOWN.get(facts);
  if (changes === undefined) {
    changes = readChanges(facts);
    KNOWN.set(facts, changes);
  }
  return changes;
}

const datesOf = (fromOn: string, toOn: string): Dates => ({
  from: dayOfDate(fromOn),
  to: dayOfDate(toOn),
});

function dated(factId: string, decidedAt: number, on: string): Change {
  return { factId, decidedAt, instants: [], dates: [datesOf(on, on)] };
}

function readChanges(facts: FactSet): readonly Change[] {
  return [
    ...corrections(facts),
    ...facts.rosters.map(({ rosterId, decidedAt, on }) => dated(rosterId, decidedAt, on)),
    ...absences(facts.absenceDecisions),
    ...facts.approvals.map(({ approvalId, decidedAt, on }) => dated(approvalId, decidedAt, on)),
  ].toSorted((a, b) => a.decidedAt - b.decidedAt || (a.factId < b.factId ? -1 : 1));
}

/** A decision about an absence concerns the dates it has from now on, and those it had until then. */
function absences(decisions: readonly AbsenceFact[]): Change[] {
  const last = new Map<string, Dates>();
  return decisions.map(({ absenceId, decidedAt, fromOn, toOn }) => {
    const before = last.get(absenceId);
    const now = datesOf(fromOn, toOn);
    last.set(absenceId, now);
    const dates = before === undefined ? [now] : [before, now];
    return { factId: absenceId, decidedAt, instants: [], dates };
  });
}

/** The instants a correction takes a punch from and puts it to; of one that is withdrawn, those it had. */
function corrections({ punches, corrections: all }: FactSet): Change[] {
  const times = new Map(punches.map(({ punchId, at }) => [punchId, [at]]));
  for (const { change, correctionId } of all) {
    if (!("at" in change) || change.at === undefined) continue;
    const punchId = change.do === "add" ? correctionId : change.punchId;
    times.set(punchId, [...(times.get(punchId) ?? []), change.at]);
  }
  const instants = new Map<string, readonly number[]>();
  const instantsOf = ({ change, correctionId }: CorrectionFact): readonly number[] => {
    if (change.do === "withdraw") return instants.get(change.correctionId) ?? [];
    return times.get(change.do === "add" ? correctionId : change.punchId) ?? [];
  };
  return all.map((correction) => {
    const { correctionId, decidedAt } = correction;
    const own = instantsOf(correction);
    instants.set(correctionId, own);
    return { factId: correctionId, decidedAt, instants: own, dates: [] };
  });
}

/** Whether a change concerns a day: one of its dates, or where a punch of it is, was, or could have been. */
export function touches({ instants, dates, factId }: Change, day: Day): boolean {
  if (dates.some(({ from, to }) => from <= day.day && day.day <= to)) return true;
  if (instants.length === 0) return false;
  const { dayStart } = day.rules.shifts;
  const fromAt = instantOf(day.day, dayStart, day.zone);
  const toAt = instantOf(day.day + 1, dayStart, day.zone);
  if (instants.some((at) => at >= fromAt && at < toAt)) return true;
  return day.shifts.some(
    (shift) =>
      instants.some((at) => at >= shift.startAt && at <= lastChanceOf(shift)) ||
      shift.reads.some(({ punch }) => punch.correctionIds?.includes(factId) ?? false),
  );
}

const DAY_MS = 86_400_000;

const story = ({ factId, decidedAt, instants, dates }: Change): string =>
  JSON.stringify([factId, decidedAt, instants, dates]);

/**
 * The days (not by zone: widen them by what a shift may reach) that decisions of only one of two fact sets concern. They
 * matter where somebody verified days, even if nothing else of a day is changed by them.
 */
export function changedDates(old: FactSet, now: FactSet): readonly Dates[] {
  if (old.verifications.length === 0 && now.verifications.length === 0) return [];
  const before = new Map(changesOf(old).map((change) => [story(change), change]));
  const after = new Map(changesOf(now).map((change) => [story(change), change]));
  const changed = [
    ...[...before].filter(([text]) => !after.has(text)),
    ...[...after].filter(([text]) => !before.has(text)),
  ];
  return changed.flatMap(([, { instants, dates }]) => dates.concat(instants.map(utcDateOf)));
}

function utcDateOf(at: number): Dates {
  const day = Math.floor(at / DAY_MS);
  return { from: day, to: day };
}
