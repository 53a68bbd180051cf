import { dayOfDate, instantOf } from "../civil-time.ts";
import type { CorrectionFact, FactSet } from "../facts.ts";
import type { Day } from "../ledger.ts";
import { lastChanceOf } from "./completeness.ts";

/** Something a person decided, and which days it may concern: instants of punches, or dates. */
export interface Change {
  readonly factId: string;
  readonly decidedAt: number;
  readonly instants: readonly number[];
  /** Epoch days, both included; null = only the instants. */
  readonly dates: { readonly from: number; readonly to: number } | null;
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

const onDates = (from: string, to: string): Pick<Change, "instants" | "dates"> => ({
  instants: [],
  dates: { from: dayOfDate(from), to: dayOfDate(to) },
});

function readChanges(facts: FactSet): readonly Change[] {
  return [
    ...corrections(facts),
    ...facts.rosters.map(({ rosterId, decidedAt, on }) => ({
      factId: rosterId,
      decidedAt,
      ...onDates(on, on),
    })),
    ...facts.absences.map(({ absenceId, decidedAt, fromOn, toOn }) => ({
      factId: absenceId,
      decidedAt,
      ...onDates(fromOn, toOn),
    })),
    ...facts.approvals.map(({ approvalId, decidedAt, on }) => ({
      factId: approvalId,
      decidedAt,
      ...onDates(on, on),
    })),
  ].toSorted((a, b) => a.decidedAt - b.decidedAt || (a.factId < b.factId ? -1 : 1));
}

/** The instants a correction takes a punch from and puts it to; of one that is withdrawn, those it had. */
function corrections({ punches, corrections: all }: FactSet): Change[] {
  const times = new Map(punches.map(({ punchId, at }) => [punchId, [at]]));
  for (const { change } of all) {
    if (change.do !== "change" || change.at === undefined) continue;
    times.set(change.punchId, [...(times.get(change.punchId) ?? []), change.at]);
  }
  const instants = new Map<string, readonly number[]>();
  const instantsOf = ({ change, correctionId }: CorrectionFact): readonly number[] => {
    switch (change.do) {
      case "add":
        times.set(correctionId, [...(times.get(correctionId) ?? []), change.at]);
        return [change.at];
      case "change":
      case "void":
        return times.get(change.punchId) ?? [];
      case "withdraw":
        return instants.get(change.correctionId) ?? [];
    }
  };
  return all.map((correction) => {
    const { correctionId, decidedAt } = correction;
    instants.set(correctionId, instantsOf(correction));
    const own = instants.get(correctionId) ?? [];
    return { factId: correctionId, decidedAt, instants: own, dates: null };
  });
}

/** Whether a change concerns a day: one of its dates, or where a punch of it is, was, or could have been. */
export function touches({ instants, dates, factId }: Change, day: Day): boolean {
  if (dates !== null) return dates.from <= day.day && day.day <= dates.to;
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
