import { spellSeconds } from "../civil-time.ts";
import { secondsOf, type Tile } from "../ledger.ts";
import { isWhere } from "../rule-parts.ts";
import { labelsAt, type Occurrence, punchesOf } from "./occurrence.ts";
import type { MinimumShift, SplitShift } from "./occurrence-rules.ts";
import { totalOf } from "./spans.ts";
import { isSeen } from "./time.ts";
import { type DayView, endOf, isFinished, isOnWorkday, type ShiftView, wholeOf } from "./view.ts";

/** What shifts or the day are topped up by because they were shorter than they should have been. */
export function toppedUp(policy: MinimumShift, view: DayView): Occurrence[] {
  if (!isOnWorkday(policy, view.day)) return [];
  if (policy.per === "day") {
    const last = view.shifts.at(-1);
    if (last === undefined || !view.shifts.every(({ shift }) => isFinished(shift))) return [];
    const { plans, tiles } = view.day;
    const planned =
      plans.length === 0 ? null : plans.reduce((sum, { seconds }) => sum + seconds, 0);
    return topUp(policy, { planned, tiles, last });
  }
  return view.shifts.flatMap((of, index) => {
    const isTurn = policy.turn === "any" || (policy.turn === "first") === (index === 0);
    if (!isTurn || !of.shift.isEnd || !isFinished(of.shift)) return [];
    const planned = of.shift.plan?.seconds ?? null;
    return topUp(policy, { planned, tiles: wholeOf(of, view), last: of });
  });
}

function topUp(
  policy: MinimumShift,
  of: { planned: number | null; tiles: readonly Tile[]; last: ShiftView },
): Occurrence[] {
  const seen = of.tiles.filter((tile) => isSeen(policy, tile));
  const at = endOf(of.last);
  const { reads, shiftId } = of.last.shift;
  const labels = of.tiles.length > 0 ? labelsAt(seen, at) : (reads.at(-1)?.punch.labels ?? {});
  // who came and was sent home at once has no tile; who worked elsewhere has none that the policy sees
  if (!isWhere(policy.where, labels) || (of.tiles.length > 0 && seen.length === 0)) return [];
  const worked = totalOf(seen);
  const due = dueFor(policy, worked, of.planned);
  if (due <= worked) return [];
  const punchIds = seen.length > 0 ? punchesOf(seen) : reads.map(({ punch }) => punch.punchId);
  const why = `${spellSeconds(worked)} topped up to ${spellSeconds(due)}`;
  return [{ shiftId, at, seconds: due - worked, labels, punchIds, why }];
}

function dueFor(policy: MinimumShift, worked: number, planned: number | null): number {
  if ((planned ?? 0) < policy.plannedAtLeast) return 0;
  let due = policy.minimum ?? 0;
  if (policy.shareOfPlan !== null && planned !== null) {
    const share = policy.shareOfPlan * planned;
    if (worked < share) {
      const most = policy.most ?? Number.POSITIVE_INFINITY;
      due = Math.max(due, Math.min(most, Math.max(policy.least, Math.ceil(share))));
    }
  }
  return policy.notOverPlan && planned !== null ? Math.min(due, planned) : due;
}

/** Once for a day whose work was interrupted for long, or spread over many hours. */
export function splitDay(policy: SplitShift, view: DayView): Occurrence[] {
  const { day, shifts } = view;
  const work = day.tiles.filter(({ kind }) => kind === "work");
  const first = work[0];
  const end = work.at(-1);
  const last = shifts.at(-1);
  if (first === undefined || end === undefined || last === undefined) return [];
  if (!isOnWorkday(policy, day) || !work.some(({ labels }) => isWhere(policy.where, labels)))
    return [];
  const gap = longestGap(policy, day.tiles);
  const spread = secondsOf({ fromAt: first.fromAt, toAt: end.toAt });
  const why = [
    ...(policy.gap !== null && gap > policy.gap ? [`interrupted for ${spellSeconds(gap)}`] : []),
    ...(policy.spread !== null && spread > policy.spread
      ? [`spread over ${spellSeconds(spread)}`]
      : []),
  ];
  if (why.length === 0) return [];
  return [
    {
      shiftId: last.shift.shiftId,
      at: end.toAt,
      seconds: policy.credits,
      labels: end.labels,
      punchIds: punchesOf(work),
      why: why.join(", "),
    },
  ];
}

/** The longest time between two works of the day that was neither work nor, unless meals count, a lunch or break. */
function longestGap({ meals }: SplitShift, tiles: readonly Tile[]): number {
  let longest = 0;
  let lastAt: number | null = null;
  let found = 0;
  for (const tile of tiles) {
    const isRest = !tile.isPaid && (tile.kind === "lunch" || tile.kind === "break");
    if ((isRest && meals) || (lastAt === null && tile.kind !== "work")) continue;
    if (lastAt !== null) found = Math.max(found, secondsOf({ fromAt: lastAt, toAt: tile.fromAt }));
    lastAt = tile.toAt;
    // a gap counts once work comes after it
    if (tile.kind === "work") longest = Math.max(longest, found);
  }
  return longest;
}
