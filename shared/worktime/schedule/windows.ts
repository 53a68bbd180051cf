import { SECOND } from "../civil-time.ts";
import type { PlannedShift } from "../ledger.ts";
import type { ScheduleRules } from "./rules.ts";

// A person can be in one place only: of binding shifts that cannot both be worked one gives way, and the windows of the
// others are clipped until every instant lies in one of them at most. Open shifts are only offers and clip nothing.

export const byStart = (a: PlannedShift, b: PlannedShift): number =>
  a.startAt - b.startAt || a.endAt - b.endAt || (a.planId < b.planId ? -1 : 1);

/**
 * Binding shifts (in order of start) without those of which one lies within another: of these the roster's stands, then
 * the fixed one, then that which starts first. What is left starts and ends in one order.
 */
export function withoutClashes(plans: readonly PlannedShift[]): readonly PlannedShift[] {
  let free = Number.NEGATIVE_INFINITY;
  let isClear = true;
  for (const { startAt, endAt } of plans) {
    isClear &&= startAt >= free;
    free = Math.max(free, endAt);
  }
  if (isClear) return plans;
  return plans.filter(
    (plan) => !plans.some((other) => isNested(plan, other) && yields(plan, other)),
  );
}

export const overlapOf = (a: PlannedShift, b: PlannedShift): number =>
  Math.max(0, Math.min(a.endAt, b.endAt) - Math.max(a.startAt, b.startAt));

const isNested = (a: PlannedShift, b: PlannedShift): boolean => {
  const overlap = overlapOf(a, b);
  return overlap === a.endAt - a.startAt || overlap === b.endAt - b.startAt;
};

/** Whether `plan` gives way to `other`: a total order, so that of several one stands. */
function yields(plan: PlannedShift, other: PlannedShift): boolean {
  if (plan === other) return false;
  if (plan.isRostered !== other.isRostered) return other.isRostered === true;
  if (plan.kind !== other.kind) return other.kind === "fixed";
  return byStart(other, plan) < 0;
}

/** The shift with its windows clipped against the binding shifts next to it. */
export function clipped(
  plan: PlannedShift,
  { before, after }: { before: PlannedShift | undefined; after: PlannedShift | undefined },
  handOver: (day: number) => ScheduleRules["handOver"],
): PlannedShift {
  let { acceptFrom, acceptTo } = plan;
  if (before !== undefined && before.acceptTo >= acceptFrom)
    acceptFrom = Math.max(acceptFrom, cutBetween(before, plan, handOver(before.day)));
  if (after !== undefined && acceptTo >= after.acceptFrom)
    acceptTo = Math.min(acceptTo, cutBetween(plan, after, handOver(plan.day)) - 1);
  if (acceptFrom === plan.acceptFrom && acceptTo === plan.acceptTo) return plan;
  return { ...plan, acceptFrom, acceptTo };
}

/** First instant of the later one's window. Shifts that overlap meet in the middle of that, whatever the rule. */
function cutBetween(
  earlier: PlannedShift,
  later: PlannedShift,
  handOver: ScheduleRules["handOver"],
): number {
  const middle = Math.floor((earlier.endAt + later.startAt) / 2 / SECOND) * SECOND;
  if (earlier.endAt > later.startAt) return middle;
  const wanted =
    handOver === "midpoint"
      ? middle
      : handOver === "earlier"
        ? later.startAt
        : Math.min(later.startAt, earlier.endAt + SECOND);
  return Math.max(later.acceptFrom, Math.min(wanted, earlier.acceptTo + 1));
}
