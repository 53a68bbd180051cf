import type { Day, Reach, Sheet } from "../ledger.ts";
import type { RuleSet } from "../rules.ts";
import type { Claim, Credit } from "../workday.ts";
import { approvalOf } from "./approvals.ts";
import { creditSeconds, isSeen, type Stretch, stretchesOf } from "./contributions.ts";
import { type Counters, createCounters } from "./counters.ts";
import { weeksOf } from "./periods.ts";
import { reasonOf } from "./reasons.ts";
import type { OvertimePolicy, OvertimeRules } from "./rules.ts";
import { standingOf } from "./standing.ts";
import { type Contender, isOvertime, type Piece, walk } from "./walk.ts";

/**
 * Decides what the paid time of a day counts as. To be called once for each day of the sheet, in order. Claims stand in
 * order of time; every paid second is in exactly one of them.
 */
export function createOvertime(sheet: Sheet): (day: Day, credits: readonly Credit[]) => Claim[] {
  const counters = createCounters(sheet);
  return (day, credits) => {
    const rules = day.rules.overtime;
    const stretches = stretchesOf(day);
    const contenders = contendersOn(day, credits, { sheet, counters });
    const pieces = decide(stretches, contenders, rules);
    const claims = pieces.map((piece) => claimOf(piece, day));
    counters.commit({ day, credits, pieces, contenders }, rules.weekStart);
    return claims;
  };
}

/**
 * Days a day's claims may depend on. Policies over periods that count what others leave depend on the claims since their
 * period began, and by those on whatever other policies look back to from there; policies of other kinds look at what
 * was worked, and no further. Periods of the former kind are nested, so none of them looks back beyond the longest.
 */
export function overtimeReach({ overtime, shifts }: RuleSet): Reach {
  let byClaims = 0;
  let byTime = 0;
  let ahead = 0;
  for (const policy of overtime.policies) {
    const weeks = weeksOf(policy);
    if (weeks !== null && policy.counts === "unclaimed")
      byClaims = Math.max(byClaims, 7 * weeks - 1);
    else byTime = Math.max(byTime, daysSeen(policy, shifts.maxShift));
    if (policy.kind === "over-schedule" && policy.measure === "week") ahead = 6;
  }
  return { back: byClaims + byTime, ahead };
}

/** How many days before a day a policy looks at what was worked. */
function daysSeen(policy: OvertimePolicy, maxShift: number): number {
  const weeks = weeksOf(policy);
  if (weeks !== null) return 7 * weeks - 1;
  if (policy.kind === "weekly-days") return 6;
  if (policy.kind === "consecutive-days") return policy.nth - 1;
  return isByShift(policy) ? datesOfShift(maxShift) : 0;
}

const isByShift = (policy: OvertimePolicy): boolean =>
  policy.kind === "daily" && policy.scope === "shift";

/** How many dates before its last one a shift may have begun on: days of 23 hours, and one date that a zone skipped. */
const datesOfShift = (maxShift: number): number => Math.floor(maxShift / 82_800) + 2;

function contendersOn(
  day: Day,
  credits: readonly Credit[],
  { sheet, counters }: { readonly sheet: Sheet; readonly counters: Counters },
): Contender[] {
  const { policies, weekStart: startsOn } = day.rules.overtime;
  const contenders: Contender[] = [];
  for (const policy of policies) {
    const standing = standingOf(policy, { day, sheet, startsOn });
    if (standing === null) continue;
    const isPeriodic = weeksOf(policy) !== null;
    const carried = isPeriodic ? counters.before(policy, day.day, startsOn) : 0;
    contenders.push({
      ...standing,
      policy,
      before: carried + (standing.windows === null ? creditSeconds(policy, credits) : 0),
      brought: isByShift(policy) ? broughtTo(day, policy, sheet) : null,
      isBarred: false,
      count: 0,
      tolerance: 0,
      claimed: 0,
      isSeeing: false,
      mayClaim: false,
      byShift: null,
    });
  }
  return contenders;
}

/** What the shifts of a day that began on days before have brought along: all of it that the policy sees. */
function broughtTo(day: Day, policy: OvertimePolicy, sheet: Sheet): Map<string, number> {
  const brought = new Map<string, number>();
  let dates = 0;
  for (const { shiftId, isStart, rules } of day.shifts) {
    if (isStart) continue;
    brought.set(shiftId, 0);
    dates = Math.max(dates, datesOfShift(rules.shifts.maxShift));
  }
  for (let before = day.day - dates; before < day.day; before += 1) {
    const earlier = sheet.at(before);
    if (earlier === undefined) continue;
    for (const { tile, seconds } of stretchesOf(earlier)) {
      const known = brought.get(tile.shiftId);
      if (known !== undefined && isSeen(policy, tile)) brought.set(tile.shiftId, known + seconds);
    }
  }
  return brought;
}

/**
 * Walks the day, and again without a policy that claimed too little, until none does. Of several such the one with the
 * highest rate goes first: what it held falls to the others, and may be what they were short of.
 */
function decide(
  stretches: readonly Stretch[],
  contenders: readonly Contender[],
  { precedence }: OvertimeRules,
): Piece[] {
  for (;;) {
    const pieces = walk(stretches, contenders, precedence);
    const [failing] = contenders.filter(isTooLittle).toSorted((a, b) => topRate(b) - topRate(a));
    if (failing === undefined) return pieces;
    failing.isBarred = true;
  }
}

function isTooLittle({ policy, claimed }: Contender): boolean {
  const { minimum, tolerance, beyondTolerance } = policy;
  if (claimed === 0) return false;
  return claimed < minimum || (beyondTolerance === "all" && claimed <= tolerance);
}

const topRate = ({ policy }: Contender): number =>
  Math.max(...policy.tiers.map(({ rate }) => rate));

function claimOf(piece: Piece, day: Day): Claim {
  const { stretch, fromAt, seconds } = piece;
  const { labels, punchIds } = stretch.tile;
  const toAt = stretch.isTimed ? fromAt + seconds * 1000 : fromAt;
  return { ...kindOf(piece, day), fromAt, toAt, seconds, labels, punchIds: [...punchIds] };
}

function kindOf(
  piece: Piece,
  day: Day,
): Pick<Claim, "class" | "code" | "rate" | "approval" | "policy" | "reason"> {
  const { by, tier, stretch } = piece;
  if (by === null || tier === null) {
    const { policy, reason } = stretch.isTimed ? REGULAR : stretch.tile;
    const { code, rate } = day.rules.overtime.regular;
    return { class: "regular", code, rate, approval: "not-needed", policy, reason };
  }
  return {
    class: isOvertime(by.policy) ? "overtime" : "regular",
    code: tier.code,
    rate: tier.rate,
    approval: approvalOf(by.policy, by.claimed, day.approvals),
    policy: by.policy.name,
    reason: reasonOf(by, tier, { day, tile: stretch.tile }),
  };
}

const REGULAR = { policy: "regular", reason: "regular time" };
