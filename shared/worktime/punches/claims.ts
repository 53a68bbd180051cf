import type { PunchHint } from "../../wire/punch.ts";
import type { Phase, ResolvedPunch } from "../ledger.ts";
import { isArrival } from "./meaning.ts";
import type { PunchRules } from "./rules.ts";

// What is said of a punch by whoever is asked about it, before anybody looks at where it finds the person.

type ReaderRule = PunchRules["readers"][number];

/** What the reader of a punch is for; null if the rules do not say. */
export function readerRuleOf(punch: ResolvedPunch, { readers }: PunchRules): ReaderRule | null {
  let best: ReaderRule | null = null;
  for (const rule of readers) {
    const fits =
      (rule.site === undefined || rule.site === punch.site) &&
      (rule.reader === undefined || rule.reader === punch.reader);
    if (fits && (best === null || weight(rule) > weight(best))) best = rule;
  }
  return best;
}

/** A reader tells more than a site. */
const weight = (rule: ReaderRule): number =>
  (rule.reader === undefined ? 0 : 2) + (rule.site === undefined ? 0 : 1);

/** What a reader of this kind says of somebody in `phase`: one goes to lunch or comes back from it at the same place. */
export function claimOfReader(means: ReaderRule["means"], phase: Phase): PunchHint {
  if (means === "in" || means === "out") return means;
  if (phase === "lunch" || phase === "break") return `${phase}-end`;
  return `${means}-start`;
}

/** Which way a punch claims to go; null if nobody says. */
export function directionOf(punch: ResolvedPunch, rules: PunchRules): "in" | "out" | null {
  if (punch.forced !== undefined) return wayOf(punch.forced);
  for (const way of rules.detect) {
    if (way === "reader") {
      const means = readerRuleOf(punch, rules)?.means;
      if (means !== undefined) return means === "in" || means === "out" ? means : null;
    }
    if (way === "key" && punch.hint !== null) return wayOf(punch.hint);
  }
  return null;
}

const wayOf = (claim: PunchHint): "in" | "out" => (isArrival(claim) ? "in" : "out");
