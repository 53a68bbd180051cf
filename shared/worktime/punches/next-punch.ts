import type { PunchHint } from "../../wire/punch.ts";
import { type Fact, factSetOf, type Labels, type PunchFact } from "../facts.ts";
import type { Rules } from "../rules.ts";
import { createPlans } from "../schedule/plan.ts";
import type { Meaning } from "../workday.ts";
import { resolvePunches } from "./corrections.ts";
import { groupShifts } from "./shifts.ts";

export interface NextPunch {
  /** UTC milliseconds. */
  readonly at: number;
  /** What the reader or the key claims; null if it claims nothing. */
  readonly hint: PunchHint | null;
  /** Where it is made: rules may know what a reader is for. */
  readonly site?: string | undefined;
  readonly reader?: string | undefined;
  /** IANA zone of the site; null = the rules' zone. */
  readonly zone?: string | null | undefined;
  /** What the time from here on is to be booked on, for a transfer. */
  readonly labels?: Labels | undefined;
}

/**
 * What a punch made now means: the reader's greeting. The cloud runs the same rules over the same punches, so it says
 * the same as long as nothing later becomes known (an out turns into the start of a break when the person is back).
 * `recent` needs to reach back to the last pause longer than `shifts.maxShift`; a week of punches nearly always does.
 * Corrections and rosters among them are applied.
 */
export function nextPunchMeaning(
  recent: Iterable<Fact>,
  rules: Rules,
  next: NextPunch,
): { readonly meaning: Meaning; readonly reason: string } {
  const { at, hint, site = "-", reader = "-", zone = null, labels } = next;
  const now: PunchFact = { kind: "punch", punchId: NOW, at, hint, site, reader, zone, labels };
  const facts = factSetOf([...recent, now]);
  const known = resolvePunches(facts).punches.filter((punch) => punch.at <= at);
  const last = groupShifts(known, rules, createPlans(facts, rules)).at(-1)?.reads.at(-1);
  if (last === undefined) return { meaning: "in", reason: "first punch of a shift" };
  return { meaning: last.meaning, reason: last.reason };
}

/** Sorts behind every punch id of the same millisecond. */
const NOW = "\uffff";
