import { SECOND, secondsOfDay } from "../civil-time.ts";
import type { PlannedShift, ResolvedPunch } from "../ledger.ts";
import type { RuleSet } from "../rules.ts";
import { claimOfReader, readerRuleOf } from "./claims.ts";
import { alternate, believe, type Reading, type Situation } from "./meaning.ts";
import { type Progress, readByPlan } from "./planned-events.ts";
import type { RestRule } from "./rules.ts";

/** All that the meaning of a punch depends on: what came before it, never what comes after. */
export interface PunchContext {
  readonly situation: Situation;
  readonly rules: RuleSet;
  readonly zone: string;
  /** First punch of the shift. */
  readonly startAt: number;
  /** The plan it may belong to; asked for only if a rule needs it. */
  plan(): PlannedShift | null;
  readonly progress: Progress | null;
}

export interface Decision extends Reading {
  readonly progress: Progress | null;
  readonly isLoneOut: boolean;
  /** Taken for the start of a lunch or break by its window: an out, should nobody come back. */
  readonly isRestGuess: boolean;
}

/** What a punch means when it is made. Later punches may turn an out into the start of a break (rests.ts), and the like. */
export function readPunch(punch: ResolvedPunch, context: PunchContext): Decision {
  const { situation, rules } = context;
  const { forced, hint } = punch;
  if (forced !== undefined) {
    return direct(believe(forced, situation, `a correction says ${forced}`), punch, context);
  }
  if (hint === "transfer" && situation.phase === "in") {
    return direct(believe(hint, situation, "the reader says transfer"), punch, context);
  }
  let doubt = "";
  for (const way of rules.punches.detect) {
    if (way === "schedule") {
      const decision = bySchedule(punch, context, doubt);
      if (decision !== null) return decision;
      continue;
    }
    const reading = way === "reader" ? byReader(punch, context) : byKey(punch, context);
    if (reading === null) continue;
    const isTrusted = way === "reader" || rules.punches.keys === "believed";
    if (isTrusted || reading.problem === null) return direct(reading, punch, context);
    doubt = `; the key says ${hint}, which does not fit`;
  }
  const reading = alternate(situation);
  return direct({ ...reading, reason: reading.reason + doubt }, punch, context);
}

function byReader(punch: ResolvedPunch, { rules, situation }: PunchContext): Reading | null {
  const means = readerRuleOf(punch, rules.punches)?.means;
  if (means === undefined) return null;
  const claim = claimOfReader(means, situation.phase);
  return believe(claim, situation, `reader ${punch.reader} is ${READER_IS[means]}`);
}

const READER_IS = {
  in: "an entrance",
  out: "an exit",
  lunch: "for lunch",
  break: "for breaks",
} as const;

function byKey({ hint }: ResolvedPunch, { situation }: PunchContext): Reading | null {
  return hint === null ? null : believe(hint, situation, `the reader says ${hint}`);
}

function bySchedule(punch: ResolvedPunch, context: PunchContext, doubt: string): Decision | null {
  const plan = context.plan();
  if (plan === null) return null;
  const { situation, progress, rules } = context;
  const { nearPlan } = rules.punches;
  const planned = readByPlan(punch, { situation, plan, progress, nearPlan });
  if (planned === null) return null;
  const { reading, ...rest } = planned;
  return { ...reading, reason: reading.reason + doubt, ...rest, isRestGuess: false };
}

/** A reading that no plan made: an out may be the start of a lunch or break by its window. */
function direct(reading: Reading, punch: ResolvedPunch, context: PunchContext): Decision {
  const { progress, situation } = context;
  const rest = { progress, isLoneOut: false };
  if (reading.meaning !== "out" || situation.phase !== "in")
    return { ...reading, ...rest, isRestGuess: false };
  const { lunches, breaks } = context.rules.punches;
  const kind = isWithin(lunches, punch, context)
    ? "lunch"
    : isWithin(breaks, punch, context)
      ? "break"
      : null;
  if (kind === null) return { ...reading, ...rest, isRestGuess: false };
  const reason = `left within the hours of a ${kind}`;
  return { meaning: `${kind}-start`, reason, problem: null, ...rest, isRestGuess: true };
}

function isWithin(rule: RestRule, punch: ResolvedPunch, context: PunchContext): boolean {
  switch (rule.by) {
    case "claim":
    case "length":
      return false;
    case "shift-window": {
      const afterMs = punch.at - context.startAt;
      return afterMs >= rule.from * SECOND && afterMs <= rule.to * SECOND;
    }
    case "day-window": {
      const clock = clockOf(punch.at, context);
      if (clock === null) return false;
      return rule.from < rule.to
        ? clock >= rule.from && clock <= rule.to
        : clock >= rule.from || clock <= rule.to;
    }
  }
}

/** Null in a zone that nobody knows: the engine makes that a fault of its own. */
function clockOf(at: number, { zone }: PunchContext): number | null {
  try {
    return secondsOfDay(at, zone);
  } catch {
    return null;
  }
}
