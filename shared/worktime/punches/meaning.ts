import type { PunchHint } from "../wire/punch.ts";
import { spell } from "./civil-time.ts";
import type { PunchFact } from "./facts.ts";
import type { Rules } from "./rules.ts";
import type { Meaning, WorkdayException } from "./workday.ts";

/** Where somebody is after a punch. */
export type Phase = "out" | "in" | "break";

/** What a punch that counts can mean. */
export type CountedMeaning = Exclude<Meaning, "repeat">;

/** A punch with what it means, why, and what was wrong about it. */
export interface ReadPunch {
  readonly punch: PunchFact;
  readonly meaning: Meaning;
  readonly reason: string;
  /** What the claim contradicts: something must have happened that nobody recorded. */
  readonly problem: Pick<WorkdayException, "kind" | "detail"> | null;
}

/** A punch that is no repeat. */
export interface CountedPunch extends ReadPunch {
  readonly meaning: CountedMeaning;
}

interface Reading {
  readonly meaning: CountedMeaning;
  readonly reason: string;
  readonly problem?: ReadPunch["problem"];
}

const PHASE_AFTER = {
  in: "in",
  "break-end": "in",
  out: "out",
  "break-start": "break",
} as const satisfies Record<CountedMeaning, Phase>;

export const phaseAfter = (meaning: CountedMeaning): Phase => PHASE_AFTER[meaning];

export const isArrival = (meaning: Meaning | PunchHint): boolean =>
  meaning === "in" || meaning === "break-end";

/**
 * What a punch means to somebody in `phase`. A claim of the reader is believed; where it contradicts the phase, the
 * punch that must be missing is named and no time is invented for it. Without a claim, arrivals and departures
 * alternate.
 */
export function readPunch(phase: Phase, punch: PunchFact, isFirst: boolean): CountedPunch {
  const reading =
    punch.hint === null ? alternate(phase, isFirst) : believe(phase, punch.hint, isFirst);
  return { punch, problem: null, ...reading };
}

function alternate(phase: Phase, isFirst: boolean): Reading {
  switch (phase) {
    case "out":
      return {
        meaning: "in",
        reason: isFirst ? "first punch of a shift" : "came back during the shift",
      };
    case "in":
      return { meaning: "out", reason: "was in, so this is the way out" };
    case "break":
      return { meaning: "break-end", reason: "was on a break, so this ends it" };
  }
}

function believe(phase: Phase, hint: PunchHint, isFirst: boolean): Reading {
  const reason = `the reader says ${hint}`;
  switch (hint) {
    case "in":
      if (phase === "break") {
        return { meaning: "break-end", reason: `${reason}; was on a break, so this ends it` };
      }
      return phase === "out"
        ? { meaning: "in", reason }
        : { meaning: "in", reason, problem: missing("missing-out", "in again without an out") };
    case "out":
      if (phase === "in") return { meaning: "out", reason };
      return {
        meaning: "out",
        reason,
        problem:
          phase === "out"
            ? missing("missing-in", "out without an in")
            : missing("missing-break-end", "out although the break was never ended"),
      };
    case "break-start":
      if (phase === "in") return { meaning: "break-start", reason };
      return {
        meaning: "break-start",
        reason,
        problem:
          phase === "out"
            ? missing("missing-in", "break without an in")
            : missing("missing-break-end", "a second break although the first was never ended"),
      };
    case "break-end":
      return believeBreakEnd(phase, reason, isFirst);
  }
}

function believeBreakEnd(phase: Phase, reason: string, isFirst: boolean): Reading {
  const meaning = "break-end";
  if (phase === "in") {
    const problem = missing("missing-break-start", "back from a break that was never started");
    return { meaning, reason, problem };
  }
  if (phase === "out" && isFirst) {
    const problem = missing("missing-in", "back from a break at the start of a shift");
    return { meaning, reason, problem };
  }
  return { meaning, reason };
}

const missing = (kind: WorkdayException["kind"], detail: string): ReadPunch["problem"] => ({
  kind,
  detail,
});

/** Whether a punch says again what the last one said, too soon to be a second going or coming. */
export function isRepeat(last: CountedPunch, punch: PunchFact, rules: Rules): boolean {
  if (punch.at - last.punch.at >= rules.repeatWindowMs) return false;
  return punch.hint === null || isArrival(punch.hint) === isArrival(last.meaning);
}

export function repeatOf(last: CountedPunch, punch: PunchFact): ReadPunch {
  const reason = `${spell(punch.at - last.punch.at)} after a like punch`;
  return { punch, meaning: "repeat", reason, problem: null };
}

/**
 * Reads absences in hindsight: an out and the return after it become a break if the reader called the return one, or
 * if the absence was as long as a break may be.
 */
export function withBreaks(reads: readonly ReadPunch[], rules: Rules): ReadPunch[] {
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

function breakReason(left: ReadPunch, back: ReadPunch, rules: Rules): string | undefined {
  const absenceMs = back.punch.at - left.punch.at;
  if (back.meaning === "break-end")
    return `back after ${spell(absenceMs)}, which the reader calls a break`;
  if (absenceMs < rules.breakMinMs || absenceMs > rules.breakMaxMs || rules.breakMaxMs === 0)
    return undefined;
  return `back after ${spell(absenceMs)}: within the ${spell(rules.breakMaxMs)} of a break`;
}
