import { instantOf, spellSeconds } from "../civil-time.ts";
import type { VerificationFact } from "../facts.ts";
import type { Day } from "../ledger.ts";
import { changesOf, touches } from "./changes.ts";
import { dayMayChange, hasLeave, isLastOf, type Look, raise } from "./look.ts";

// What people decided, or should have.

export function lookAtDecisions(look: Look): void {
  for (const { kind, punchIds, factIds, detail } of look.sheet.problems?.get(look.day.day) ?? []) {
    raise(look, kind, { detail, premature: false, punchIds, factIds });
  }
  lookAtApprovals(look);
  lookAtVerification(look);
}

const APPROVALS = {
  pending: ["overtime-unapproved", "wait for approval"],
  lapsed: ["approval-lapsed", "changed after they were approved"],
} as const;

function lookAtApprovals(look: Look): void {
  if (look.result.claims.every(({ approval }) => approval === "not-needed")) return;
  for (const approval of ["pending", "lapsed"] as const) {
    const claims = look.result.claims.filter((claim) => claim.approval === approval);
    for (const policy of new Set(claims.map((claim) => claim.policy))) {
      const own = claims.filter((claim) => claim.policy === policy);
      const seconds = own.reduce((sum, claim) => sum + claim.seconds, 0);
      const [kind, says] = APPROVALS[approval];
      raise(look, kind, {
        detail: `${spellSeconds(seconds)} of overtime by "${policy}" ${says}`,
        premature: dayMayChange(look),
        punchIds: [...new Set(own.flatMap(({ punchIds }) => punchIds))],
        factIds: look.day.approvals
          .filter((fact) => fact.policy === policy)
          .map(({ approvalId }) => approvalId),
        seconds,
      });
    }
  }
}

type Level = VerificationFact["level"];

/** The last word of a level on a day; of two at one instant the one that sorts last. */
function verificationOf(look: Look, day: Day, level: Level): VerificationFact | undefined {
  return look.sheet.facts.verifications.findLast(
    (fact) => fact.level === level && fact.fromOn <= day.on && day.on <= fact.toOn,
  );
}

/**
 * What was decided after a verification, and touches the day. Punches bring no time of arrival, so a punch that comes
 * late takes no verification back; that it changed the day is seen by comparing revisions.
 */
function changesSince(look: Look, day: Day, verification: VerificationFact): string[] {
  return changesOf(look.sheet.facts)
    .filter((change) => change.decidedAt > verification.decidedAt && touches(change, day))
    .map(({ factId }) => factId);
}

const isVerified = (look: Look, day: Day, level: Level): boolean => {
  const verification = verificationOf(look, day, level);
  return verification !== undefined && changesSince(look, day, verification).length === 0;
};

function lookAtVerification(look: Look): void {
  if (look.sheet.facts.verifications.length > 0) {
    for (const level of ["employee", "superior"] as const) lookAtLapse(look, level);
  }
  const { verification } = look.rules;
  if (verification === null) return;
  const { anchor, days, levels, dueAfter } = verification;
  const { day, zone } = look.day;
  const first = day - ((((day - anchor) % days) + days) % days);
  if (!isLastOf(look, first + days - 1, isToVerify)) return;
  const endAt = instantOf(first + days, look.day.rules.shifts.dayStart, zone);
  if (look.passed === null || look.passed < endAt + dueAfter * 1000) return;
  for (const level of levels) lookAtPeriod(look, { first, days, level });
}

function lookAtLapse(look: Look, level: Level): void {
  const verification = verificationOf(look, look.day, level);
  if (verification === undefined) return;
  const changed = changesSince(look, look.day, verification);
  if (changed.length === 0) return;
  const factIds = [verification.verificationId, ...changed];
  const count = changed.length === 1 ? "a decision" : `${changed.length} decisions`;
  const detail = `${count} after the ${level} verified the day`;
  raise(look, "verification-lapsed", { detail, premature: false, factIds });
}

const isToVerify = (day: Day): boolean => day.shifts.length > 0 || hasLeave(day);

/** Said once for a period, on its last day with something to verify. */
function lookAtPeriod(
  look: Look,
  { first, days, level }: { first: number; days: number; level: Level },
): void {
  let open = 0;
  for (let each = first; each < first + days; each += 1) {
    const day = look.sheet.at(each);
    if (day !== undefined && isToVerify(day) && !isVerified(look, day, level)) open += 1;
  }
  if (open === 0) return;
  const detail = `${open === 1 ? "a day" : `${open} days`} of the pay period not verified by the ${level}`;
  raise(look, "not-verified", { detail, premature: false });
}
