import type { Day, Sheet, Tile } from "@clockleaf/shared/worktime/ledger.ts";
import type { OvertimePolicy, Tier } from "@clockleaf/shared/worktime/overtime/rules.ts";
import type { Credit } from "@clockleaf/shared/worktime/workday.ts";

// What overtime comes to, found the slow way: time is a heap of ticks, and for each tick every policy is asked afresh how
// many ticks before it count. Written from the description of the rules, and shares nothing with the engine's walk.

export const TICK = 900;

interface Tick {
  readonly day: number;
  readonly kind: Tile["kind"];
  readonly labels: Tile["labels"];
  readonly shiftId: string;
  /** Null = of rounding. */
  readonly at: number | null;
  winner: OvertimePolicy | null;
  tier: Tier | null;
}

const where = (
  wanted: Readonly<Record<string, readonly string[] | undefined>>,
  labels: object,
): boolean =>
  Object.entries(wanted).every(([kind, values]) =>
    values === undefined
      ? true
      : values.includes(String(Object.entries(labels).find(([key]) => key === kind)?.[1])),
  );

function sees({ contributes }: OvertimePolicy, tick: Pick<Tick, "kind" | "labels">): boolean {
  const kinds: string[] = [];
  if (contributes.work) kinds.push("work");
  if (contributes.paidBreaks) kinds.push("break");
  if (contributes.paidLunches) kinds.push("lunch");
  return kinds.includes(tick.kind) && where(contributes.where, tick.labels);
}

function ticksOf(day: Day): Tick[] {
  const ticks: Tick[] = [];
  const paid = day.tiles.filter((tile) => tile.isPaid);
  for (const { kind, labels, shiftId, fromAt, toAt } of paid) {
    for (let at = fromAt; at < toAt; at += TICK * 1000) {
      ticks.push({ day: day.day, kind, labels, shiftId, at, winner: null, tier: null });
    }
  }
  const { labels = {}, shiftId = `none on ${day.day}` } = paid.at(-1) ?? day.tiles.at(-1) ?? {};
  for (let left = day.roundedUp?.seconds ?? 0; left > 0; left -= TICK) {
    ticks.push({ day: day.day, kind: "work", labels, shiftId, at: null, winner: null, tier: null });
  }
  return ticks;
}

const weekdays = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
/** The week a day lies in, counted from the first one that begins so after 1970 began. */
function weekIndex(day: number, startsOn: string): number {
  const firstStart = (weekdays.indexOf(startsOn) - weekdays.indexOf("thu") + 7) % 7;
  return Math.floor((day - firstStart) / 7);
}

function periodIndex(policy: OvertimePolicy, day: number, startsOn: string): number | null {
  const week = weekIndex(day, startsOn);
  const since = (anchor: string): number =>
    week - weekIndex(Math.round(Date.parse(anchor) / 86_400_000), startsOn);
  if (policy.kind === "weekly") return week;
  if (policy.kind === "bi-weekly") return Math.floor(since(policy.anchor) / 2);
  if (policy.kind === "n-weekly") return Math.floor(since(policy.anchor) / policy.weeks);
  return policy.kind === "over-schedule" && policy.measure === "week" ? week : null;
}

/** Ticks by day, each with the policy that got it. */
export function bruteForce(
  sheet: Sheet,
  creditsOf: (day: Day) => readonly Credit[],
): Map<number, readonly Tick[]> {
  const decided = new Map<number, Tick[]>();
  for (const day of sheet.days) {
    const barred = new Set<OvertimePolicy>();
    for (;;) {
      const ticks = tryDay({ sheet, day, decided, barred, creditsOf });
      const given = (policy: OvertimePolicy): number =>
        TICK * ticks.filter((tick) => tick.winner === policy).length;
      const failing = day.rules.overtime.policies
        .filter(
          (policy) =>
            given(policy) > 0 &&
            (given(policy) < policy.minimum ||
              (policy.beyondTolerance === "all" && given(policy) <= policy.tolerance)),
        )
        .toSorted((a, b) => best(b) - best(a));
      if (failing[0] === undefined) {
        decided.set(day.day, ticks);
        break;
      }
      barred.add(failing[0]);
    }
  }
  return decided;
}

const best = ({ tiers }: OvertimePolicy): number => Math.max(...tiers.map(({ rate }) => rate));

interface Attempt {
  readonly sheet: Sheet;
  readonly day: Day;
  readonly decided: ReadonlyMap<number, readonly Tick[]>;
  readonly barred: ReadonlySet<OvertimePolicy>;
  readonly creditsOf: (day: Day) => readonly Credit[];
}

function tryDay(attempt: Attempt): Tick[] {
  const { day, barred } = attempt;
  const { policies, precedence } = day.rules.overtime;
  const ticks = ticksOf(day);
  const tolerated = new Map<OvertimePolicy, number>();
  for (const [index, tick] of ticks.entries()) {
    for (const policy of policies) {
      if (barred.has(policy) || !where(policy.where, tick.labels)) continue;
      const reached = reachedTier(policy, attempt, ticks.slice(0, index + 1));
      if (reached === undefined) continue;
      const used = tolerated.get(policy) ?? 0;
      if (policy.beyondTolerance === "excess" && used < policy.tolerance) {
        tolerated.set(policy, used + TICK);
      } else if (tick.tier === null || (precedence !== "first" && reached.rate > tick.tier.rate)) {
        tick.winner = policy;
        tick.tier = reached;
      }
    }
  }
  return ticks;
}

/** The tier of a policy that the last of today's ticks has come to. */
function reachedTier(
  policy: OvertimePolicy,
  attempt: Attempt,
  today: readonly Tick[],
): Tier | undefined {
  if (!applies(policy, attempt, today.at(-1)!)) return undefined;
  const seconds = TICK * countBefore(policy, attempt, today) - baseOf(policy, attempt);
  return policy.tiers.findLast(({ after }) => after <= seconds);
}

function countBefore(policy: OvertimePolicy, attempt: Attempt, today: readonly Tick[]): number {
  const { day, decided, creditsOf } = attempt;
  const now = today.at(-1)!;
  const startsOn = day.rules.overtime.weekStart;
  const isByShift = policy.kind === "daily" && policy.scope === "shift";
  const isFree = (tick: Tick): boolean =>
    policy.counts === "all" ||
    tick.winner === null ||
    tick.winner.name === policy.name ||
    (tick.winner.kind === "differential" && tick.winner.class === "regular");
  const isOutsideOnly = policy.kind === "over-schedule" && policy.measure === "time";
  const countable = (tick: Tick): boolean =>
    sees(policy, tick) && (!isOutsideOnly || (tick.at !== null && isOutside(tick.at, day)));
  const credited = (of: Day): number => {
    if (
      isByShift ||
      isOutsideOnly ||
      !policy.contributes.credits ||
      !where(policy.contributes.where, {})
    )
      return 0;
    const counted = creditsOf(of).filter((credit) => credit.isPaid && credit.contributes);
    return counted.reduce((sum, credit) => sum + credit.seconds, 0) / TICK;
  };

  let count = today
    .slice(0, -1)
    .filter(
      (tick) => countable(tick) && isFree(tick) && (!isByShift || tick.shiftId === now.shiftId),
    ).length;
  count += credited(day);
  const period = periodIndex(policy, day.day, startsOn);
  for (const [number, ticks] of decided) {
    const earlier = attempt.sheet.at(number)!;
    if (isByShift) {
      count += ticks.filter((tick) => sees(policy, tick) && tick.shiftId === now.shiftId).length;
    } else if (period !== null && period === periodIndex(policy, number, startsOn)) {
      if (
        policy.kind === "over-schedule" &&
        policy.withoutPlan === "skip" &&
        earlier.plans.length === 0
      )
        continue;
      count += ticks.filter((tick) => countable(tick) && isFree(tick)).length + credited(earlier);
    }
  }
  return count;
}

const isOutside = (at: number, { plans }: Day): boolean =>
  !plans.some(({ startAt, endAt }) => startAt <= at && at < endAt);

function baseOf(policy: OvertimePolicy, { sheet, day }: Attempt): number {
  if (policy.kind !== "over-schedule" || policy.measure === "time") return 0;
  const startsOn = day.rules.overtime.weekStart;
  const isPart = (other: Day): boolean =>
    policy.measure === "day"
      ? other.day === day.day
      : weekIndex(other.day, startsOn) === weekIndex(day.day, startsOn);
  const plans = sheet.days.filter(isPart).flatMap((other) => other.plans);
  return plans.reduce((sum, { seconds }) => sum + seconds, 0);
}

/** Whether a policy has anything to do with a tick of a day, wherever its count stands. */
function applies(policy: OvertimePolicy, attempt: Attempt, tick: Tick): boolean {
  const { day } = attempt;
  if (!sees(policy, tick)) return false;
  if (policy.kind === "over-schedule") return isBeside(policy, day, tick);
  if (policy.kind === "day-of-week")
    return policy.days.some((name) => weekdays.indexOf(name) === (day.day + 3) % 7);
  if (policy.kind === "holiday")
    return day.holiday !== null && (policy.calendars?.includes(day.holiday.calendar) ?? true);
  return "minWorked" in policy ? isDayOf(policy, attempt) : true;
}

function isBeside(
  { withoutPlan, measure }: Extract<OvertimePolicy, { kind: "over-schedule" }>,
  day: Day,
  tick: Tick,
): boolean {
  if (withoutPlan === "skip" && day.plans.length === 0) return false;
  return measure !== "time" || (tick.at !== null && isOutside(tick.at, day));
}

function isDayOf(
  policy: Extract<OvertimePolicy, { kind: "weekly-days" | "consecutive-days" }>,
  { sheet, day }: Attempt,
): boolean {
  const { weekStart } = day.rules.overtime;
  const isSameWeek = (number: number): boolean =>
    weekIndex(number, weekStart) === weekIndex(day.day, weekStart);
  const isWorked = (number: number): boolean => {
    const other = sheet.at(number);
    const seen = other === undefined ? [] : ticksOf(other).filter((each) => sees(policy, each));
    return seen.length * TICK >= Math.max(1, policy.minWorked);
  };
  if (policy.kind === "weekly-days") {
    const days = sheet.days.filter((other) => other.day <= day.day && isSameWeek(other.day));
    return isWorked(day.day) && days.filter((other) => isWorked(other.day)).length >= policy.nth;
  }
  const row = Array.from({ length: policy.nth }, (_, index) => day.day - index);
  return row.every(
    (number) => isWorked(number) && (policy.reset === "rolling" || isSameWeek(number)),
  );
}
