import { dayOf, SECOND, spell } from "../civil-time.ts";
import type { Phase, ReadPunch, ResolvedPunch, Shift } from "../ledger.ts";
import type { RuleSet, Rules } from "../rules.ts";
import { rulesOn } from "../rules.ts";
import { planFor } from "../schedule/match.ts";
import type { Plans } from "../schedule/plan.ts";
import { alternate, believe, isArrival, phaseAfter, type Reading } from "./meaning.ts";

interface OpenShift {
  readonly startAt: number;
  readonly zone: string;
  readonly rules: RuleSet;
  readonly reads: ReadPunch[];
  phase: Phase;
  last: ReadPunch;
}

/** Cuts punches (by instant, then id) into shifts, reading each on the way. */
export function groupShifts(
  punches: readonly ResolvedPunch[],
  rules: Rules,
  plans: Plans,
): Shift[] {
  const shifts: Shift[] = [];
  let open: OpenShift | undefined;
  for (const punch of punches) {
    if (open !== undefined && isRepeat(open.last, punch, open.rules)) {
      const reason = `${spell(punch.at - open.last.punch.at)} after a like punch`;
      open.reads.push({ punch, meaning: "repeat", reason, problem: null });
    } else if (open !== undefined && !startsShift(open, punch)) {
      const read = { punch, ...readPunch(open.phase, punch, false) };
      open.reads.push(read);
      open.phase = phaseAfter(read.meaning);
      open.last = read;
    } else {
      if (open !== undefined) shifts.push(closed(open, punch, plans));
      open = begin(punch, rules);
    }
  }
  if (open !== undefined) shifts.push(closed(open, undefined, plans));
  return shifts;
}

function readPunch(phase: Phase, punch: ResolvedPunch, isFirst: boolean): Reading {
  const claim = punch.forced ?? punch.hint;
  if (claim === null) return alternate({ phase, isFirst });
  return believe(claim, { phase, isFirst }, `the reader says ${claim}`);
}

function isRepeat(last: ReadPunch, punch: ResolvedPunch, rules: RuleSet): boolean {
  if (punch.at - last.punch.at >= rules.punches.repeatWindow * SECOND) return false;
  return punch.hint === null || isArrival(punch.hint) === isArrival(last.meaning);
}

function startsShift(open: OpenShift, punch: ResolvedPunch): boolean {
  const { maxShift, newShiftGap, maxStretch } = open.rules.shifts;
  if (punch.at - open.startAt > maxShift * SECOND) return true;
  const sinceMs = punch.at - open.last.punch.at;
  if (open.phase !== "in") return sinceMs > newShiftGap * SECOND;
  return !claimsDeparture(punch) && sinceMs > maxStretch * SECOND;
}

const claimsDeparture = (punch: ResolvedPunch): boolean =>
  punch.hint !== null && !isArrival(punch.hint);

function begin(punch: ResolvedPunch, rules: Rules): OpenShift {
  const [{ set }] = rules.versions;
  const zone = punch.zone ?? set.zone;
  const read = { punch, ...readPunch("out", punch, true) };
  return {
    startAt: punch.at,
    zone,
    rules: rules.versions.length === 1 ? set : rulesOn(rules, dayOf(punch.at, zone)).set,
    reads: [read],
    phase: phaseAfter(read.meaning),
    last: read,
  };
}

function closed(open: OpenShift, next: ResolvedPunch | undefined, plans: Plans): Shift {
  const { startAt, phase, zone, rules } = open;
  return {
    startAt,
    phase,
    zone,
    rules,
    plan: planFor(startAt, open.reads.at(-1)?.punch.at ?? startAt, plans),
    reads: withBreaks(open.reads, rules),
    isLast: next === undefined,
    isOverrun: next !== undefined && claimsDeparture(next),
  };
}

function withBreaks(reads: readonly ReadPunch[], rules: RuleSet): ReadPunch[] {
  const result = [...reads];
  let out = -1;
  for (const [index, read] of reads.entries()) {
    if (read.meaning === "repeat") continue;
    const left = result[out];
    if (left !== undefined && isArrival(read.meaning)) {
      const reason = breakReason(left, read, rules);
      if (reason !== undefined) {
        result[out] = { ...left, meaning: "break-start", reason };
        result[index] = { ...read, meaning: "break-end", reason };
      }
    }
    out = read.meaning === "out" ? index : -1;
  }
  return result;
}

function breakReason(left: ReadPunch, back: ReadPunch, rules: RuleSet): string | undefined {
  const absenceMs = back.punch.at - left.punch.at;
  if (back.meaning === "break-end")
    return `back after ${spell(absenceMs)}, which the reader calls a break`;
  const { breaks } = rules.punches;
  if (breaks.by !== "length" || absenceMs < breaks.min * SECOND || absenceMs > breaks.max * SECOND)
    return undefined;
  return `back after ${spell(absenceMs)}: within the ${spell(breaks.max * SECOND)} of a break`;
}
