import { SECOND, spell } from "../civil-time.ts";
import type { ReadPunch } from "../ledger.ts";
import { isArrival } from "./meaning.ts";
import type { PunchRules, RestRule } from "./rules.ts";

/**
 * Reads absences in hindsight: an out and the return after it become a lunch or a break if the return was called that, or
 * if the absence was as long as one may be.
 */
export function withRests(reads: readonly ReadPunch[], rules: PunchRules): readonly ReadPunch[] {
  let result: ReadPunch[] | undefined;
  let out = -1;
  for (const [index, read] of reads.entries()) {
    if (read.meaning === "repeat" || read.meaning === "between") continue;
    const left = out < 0 ? undefined : reads[out];
    if (left !== undefined && isArrival(read.meaning)) {
      const rest = restOf(left, read, rules);
      if (rest !== null) {
        const { kind, reason } = rest;
        result ??= [...reads];
        result[out] = { ...left, meaning: `${kind}-start`, reason };
        result[index] = { ...read, meaning: `${kind}-end`, reason };
      }
    }
    out = read.meaning === "out" ? index : -1;
  }
  return result ?? reads;
}

interface Rest {
  readonly kind: "lunch" | "break";
  readonly reason: string;
}

function restOf(left: ReadPunch, back: ReadPunch, { lunches, breaks }: PunchRules): Rest | null {
  const absenceMs = back.punch.at - left.punch.at;
  const away = `back after ${spell(absenceMs)}`;
  if (back.meaning === "lunch-end" || back.meaning === "break-end") {
    const kind = back.meaning === "lunch-end" ? "lunch" : "break";
    return { kind, reason: `${away}; ${back.reason}` };
  }
  if (isAsLong(lunches, absenceMs))
    return { kind: "lunch", reason: `${away}: ${within(lunches)} of a lunch` };
  if (isAsLong(breaks, absenceMs))
    return { kind: "break", reason: `${away}: ${within(breaks)} of a break` };
  return null;
}

type ByLength = Extract<RestRule, { by: "length" }>;

function isAsLong(rule: RestRule, absenceMs: number): rule is ByLength {
  if (rule.by !== "length" || rule.max === 0) return false;
  return absenceMs >= rule.min * SECOND && absenceMs <= rule.max * SECOND;
}

function within({ min, max }: ByLength): string {
  const most = spell(max * SECOND);
  return min === 0 ? `within the ${most}` : `within the ${spell(min * SECOND)} to ${most}`;
}
