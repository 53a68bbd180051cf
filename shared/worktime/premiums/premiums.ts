import { type Day, type DayResult, type Reach, type Sheet, secondsOf } from "../ledger.ts";
import type { RuleSet } from "../rules.ts";
import type { Claim, Premium } from "../workday.ts";
import { callbackHours, toppedUpCallbacks } from "./callback.ts";
import { ExclusiveGroups } from "./exclusive-groups.ts";
import { type Room, roomFor } from "./limits.ts";
import { labelsAt, type Occurrence, punchesOf } from "./occurrence.ts";
import { penaltiesOf } from "./penalties.ts";
import { farthestLook } from "./reach.ts";
import { reasonFor, spellOut } from "./reasons.ts";
import { isTimePremium, type PremiumPolicy, type PremiumRules } from "./rules.ts";
import { splitDay, toppedUp } from "./short-days.ts";
import { firstOf, type Piece, type Span } from "./spans.ts";
import { earnedBy } from "./time.ts";
import type { TimePremium } from "./time-rules.ts";
import { type DayView, endOf, viewOf } from "./view.ts";

const MOST_PUNCHES = 64;

/**
 * What is added to the time of a day: in order of time, of equals the highest factor first. `resultAt` has the days
 * before it, complete, and the claims of those after. A premium with a stretch is as long as it; one without was credited.
 */
export function premiumsOf(
  day: Day,
  claims: readonly Claim[],
  context: { readonly sheet: Sheet; resultAt(day: number): DayResult | undefined },
): Premium[] {
  const { premiums: rules } = day.rules;
  if (rules.policies.length === 0 || day.shifts.length === 0) return [];
  const view = viewOf(day, claims, context);
  const groups = new ExclusiveGroups();
  const paid = inOrder(rules).flatMap((policy) => {
    const pieces = piecesFor(policy, view);
    return pieces === null
      ? payOccurrences(policy, { view, groups })
      : paySeconds(policy, pieces, { view, groups });
  });
  return paid.toSorted((a, b) => a.fromAt - b.fromAt);
}

/** Those with the highest factor first, so that they win in their group; equals as in the list. */
function inOrder(rules: PremiumRules): readonly PremiumPolicy[] {
  let ordered = ORDERED.get(rules);
  if (ordered === undefined) {
    ordered = rules.policies.toSorted((a, b) => (b.factor ?? -1) - (a.factor ?? -1));
    ORDERED.set(rules, ordered);
  }
  return ordered;
}
const ORDERED = new WeakMap<PremiumRules, readonly PremiumPolicy[]>();

interface Paying {
  readonly view: DayView;
  readonly groups: ExclusiveGroups;
}

/** The stretches for which a policy pays by the second; null = it pays per occurrence. */
function piecesFor(policy: PremiumPolicy, view: DayView): Piece[] | null {
  if (policy.kind === "callback" && policy.pays === "hours") return callbackHours(policy, view);
  if (!isTimePremium(policy) || policy.factor === null) return null;
  return view.shifts.flatMap((shift) => earnedBy(policy, shift, view));
}

function paySeconds(policy: PremiumPolicy, earned: Piece[], { view, groups }: Paying): Premium[] {
  if (earned.length === 0) return [];
  const pieces = firstOf(groups.left(policy.exclusive, earned), roomFor(policy, view).seconds);
  const [first] = pieces;
  if (first === undefined) return [];
  groups.take(policy.exclusive, pieces);
  const why = spellOut(policy, view, first.fromAt);
  return pieces.map(({ fromAt, toAt, tile }) =>
    premiumFrom(
      policy,
      { fromAt, toAt },
      { seconds: secondsOf({ fromAt, toAt }), labels: tile.labels, punchIds: tile.punchIds, why },
    ),
  );
}

function payOccurrences(policy: PremiumPolicy, { view, groups }: Paying): Premium[] {
  const all = groups.leftOf(policy.exclusive, occurrencesOf(policy, view));
  if (all.length === 0) return [];
  const paid = within(all, roomFor(policy, view));
  groups.takeShifts(policy.exclusive, paid);
  return paid.map((each) => premiumFrom(policy, { fromAt: each.at, toAt: each.at }, each));
}

function premiumFrom(
  policy: PremiumPolicy,
  span: Span,
  of: Pick<Occurrence, "seconds" | "labels" | "punchIds" | "why">,
): Premium {
  const { kind, code, factor, name } = policy;
  const premium: Premium = {
    kind,
    code,
    factor,
    fromAt: span.fromAt,
    toAt: span.toAt,
    seconds: of.seconds,
    punchIds: of.punchIds.slice(0, MOST_PUNCHES),
    policy: name,
    reason: reasonFor(policy, of.why),
  };
  if (Object.keys(of.labels).length > 0) premium.labels = of.labels;
  return premium;
}

function occurrencesOf(policy: PremiumPolicy, view: DayView): readonly Occurrence[] {
  if (isTimePremium(policy)) return amountsOf(policy, view);
  switch (policy.kind) {
    case "meal-penalty":
    case "break-penalty":
      return penaltiesOf(policy, view);
    case "callback":
      return toppedUpCallbacks(policy, view);
    case "minimum-shift":
      return toppedUp(policy, view);
    case "split-shift":
      return splitDay(policy, view);
  }
}

/** One for each shift of which anything qualifies, on the day on which the shift ends. */
function amountsOf(policy: TimePremium, view: DayView): Occurrence[] {
  return view.shifts.flatMap((of) => {
    const pieces = of.shift.isEnd ? earnedBy(policy, of, view) : [];
    const [first] = pieces;
    if (first === undefined) return [];
    const tiles = pieces.map(({ tile }) => tile);
    const at = endOf(of);
    return {
      shiftId: of.shift.shiftId,
      at,
      seconds: policy.credits,
      labels: labelsAt(tiles, at),
      punchIds: punchesOf(tiles),
      why: spellOut(policy, view, first.fromAt),
    };
  });
}

/** The first ones, as far as there is room. */
function within(all: readonly Occurrence[], { seconds, times }: Room): Occurrence[] {
  const paid: Occurrence[] = [];
  let left = seconds;
  for (const each of all) {
    if (paid.length >= times) break;
    const credited = Math.min(each.seconds, left);
    if (credited === 0 && each.seconds > 0) continue;
    left -= credited;
    paid.push({ ...each, seconds: credited });
  }
  return paid;
}

export const premiumsReach = (rules: RuleSet): Reach => farthestLook(rules);
