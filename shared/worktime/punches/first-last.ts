import type { Phase, ReadPunch } from "../ledger.ts";
import { believe, phaseAfter, type Reading, type Situation } from "./meaning.ts";

/**
 * Reads a shift of which only the first and the last punch count: those between carry no meaning, save corrected ones and
 * transfers. A lone punch means what it meant when it was made.
 */
export function firstAndLast(reads: readonly ReadPunch[]): {
  readonly reads: readonly ReadPunch[];
  readonly phase: Phase;
} {
  const counting = reads.filter(({ meaning }) => meaning !== "repeat");
  const first = counting[0];
  const last = counting.at(-1);
  if (first === undefined || last === undefined || first === last) {
    return { reads, phase: first === undefined ? "out" : phaseOf(first) };
  }
  let phase: Phase = "out";
  const result = reads.map((read): ReadPunch => {
    if (read.meaning === "repeat") return read;
    const reading = readingOf(read, { isFirst: read === first, isLast: read === last, phase });
    if (reading === null) return { punch: read.punch, ...BETWEEN };
    phase = phaseAfter(reading.meaning);
    return { punch: read.punch, ...reading };
  });
  return { reads: result, phase };
}

const BETWEEN = {
  meaning: "between",
  reason: "between the first and the last punch of the shift",
  problem: null,
} as const;

function readingOf(
  { punch }: ReadPunch,
  { isFirst, isLast, phase }: Situation & { readonly isLast: boolean },
): Reading | null {
  const situation = { phase, isFirst };
  if (punch.forced !== undefined) {
    return believe(punch.forced, situation, `a correction says ${punch.forced}`);
  }
  if (isFirst) return believe("in", situation, "first punch of a shift");
  if (punch.hint === "transfer") return believe("transfer", situation, "the reader says transfer");
  return isLast ? believe("out", situation, "last punch of the shift") : null;
}

const phaseOf = ({ meaning }: ReadPunch): Phase =>
  meaning === "repeat" || meaning === "between" ? "out" : phaseAfter(meaning);
