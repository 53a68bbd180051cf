import type { PunchFact } from "./facts.ts";
import {
  type CountedPunch,
  isRepeat,
  type Phase,
  phaseAfter,
  type ReadPunch,
  readPunch,
  repeatOf,
  withBreaks,
} from "./meaning.ts";
import type { Rules } from "./rules.ts";

/** A run of punches that belong together, each read. */
export interface Shift {
  readonly startAt: number;
  /** Never empty, in order of time. */
  readonly reads: readonly ReadPunch[];
  /** Where the last punch left the person. */
  readonly phase: Phase;
  /** No later punch has closed it: what is missing may still come. */
  readonly isLast: boolean;
  /** The next shift began only because a way out came later than a shift may last. */
  readonly isOverrun: boolean;
}

interface OpenShift {
  readonly startAt: number;
  readonly reads: ReadPunch[];
  phase: Phase;
  last: CountedPunch;
}

/**
 * Cuts punches (in order, one per id) into shifts, reading each on the way. A shift depends on earlier punches only,
 * and never on one that lies more than `maxShiftMs` before a gap of that length.
 */
export function groupShifts(punches: readonly PunchFact[], rules: Rules): Shift[] {
  const shifts: Shift[] = [];
  let open: OpenShift | undefined;
  for (const punch of punches) {
    if (open !== undefined && isRepeat(open.last, punch, rules)) {
      open.reads.push(repeatOf(open.last, punch));
    } else if (open !== undefined && !startsShift(open, punch, rules)) {
      take(open, readPunch(open.phase, punch, false));
    } else {
      if (open !== undefined) shifts.push(closed(open, rules, punch));
      open = begin(punch);
    }
  }
  if (open !== undefined) shifts.push(closed(open, rules, undefined));
  return shifts;
}

function startsShift(open: OpenShift, punch: PunchFact, rules: Rules): boolean {
  if (punch.at - open.startAt > rules.maxShiftMs) return true;
  const sinceMs = punch.at - open.last.punch.at;
  if (open.phase !== "in") return sinceMs > rules.newShiftGapMs;
  return !claimsDeparture(punch) && sinceMs > rules.maxStretchMs;
}

const claimsDeparture = (punch: PunchFact): boolean =>
  punch.hint === "out" || punch.hint === "break-start";

function begin(punch: PunchFact): OpenShift {
  const read = readPunch("out", punch, true);
  return { startAt: punch.at, reads: [read], phase: phaseAfter(read.meaning), last: read };
}

function take(open: OpenShift, read: CountedPunch): void {
  open.reads.push(read);
  open.phase = phaseAfter(read.meaning);
  open.last = read;
}

function closed(open: OpenShift, rules: Rules, next: PunchFact | undefined): Shift {
  const { startAt, phase } = open;
  return {
    startAt,
    phase,
    reads: withBreaks(open.reads, rules),
    isLast: next === undefined,
    isOverrun: next !== undefined && claimsDeparture(next),
  };
}
