import { spellSeconds } from "../civil-time.ts";
import { secondsOf, type Tile } from "../ledger.ts";
import type { RuleSet } from "../rules.ts";
import { labelsAt, type Occurrence, punchesOf } from "./occurrence.ts";
import type { Callback } from "./occurrence-rules.ts";
import { type Piece, pieceOf, type Span, totalOf } from "./spans.ts";
import { isSeen } from "./time.ts";
import {
  type DayView,
  daysWithin,
  isFinished,
  isOnWorkday,
  type ShiftView,
  wholeOf,
} from "./view.ts";

/** Time at work without leaving: tiles of a shift that touch one another. */
interface Visit extends Span {
  readonly tiles: readonly Tile[];
}

/** The least time paid for each time called back, as far as it was not worked. Paid on the workday on which the visit ends. */
export function toppedUpCallbacks(policy: Callback, view: DayView): Occurrence[] {
  return callbacksOf(policy, view).flatMap(({ visit, of }) => {
    if (!of.tiles.some((tile) => tile.toAt === visit.toAt)) return [];
    if (!isFinished(of.shift) && of.tiles.at(-1)?.toAt === visit.toAt) return [];
    const worked = totalOf(visit.tiles.filter((tile) => isSeen(policy, tile)));
    const missing = dueFor(policy, visit, view) - worked;
    if (missing <= 0) return [];
    return {
      shiftId: of.shift.shiftId,
      at: visit.toAt,
      seconds: missing,
      labels: labelsAt(visit.tiles, visit.toAt),
      punchIds: punchesOf(visit.tiles),
      why: `called back for ${spellSeconds(worked)}, topped up to ${spellSeconds(worked + missing)}`,
    };
  });
}

/** The hours worked when called back. */
export function callbackHours(policy: Callback, view: DayView): Piece[] {
  return callbacksOf(policy, view).flatMap(({ visit, of }) =>
    visit.tiles.filter((tile) => of.tiles.includes(tile) && isSeen(policy, tile)).map(pieceOf),
  );
}

function callbacksOf(policy: Callback, view: DayView): { visit: Visit; of: ShiftView }[] {
  if (!isOnWorkday(policy, view.day)) return [];
  return view.shifts.flatMap((of) =>
    visitsOf(wholeOf(of, view))
      .filter((visit) => visit.tiles.some((tile) => isSeen(policy, tile)))
      .filter((visit) => isCalledBack(policy, visit, view))
      .map((visit) => ({ visit, of })),
  );
}

function visitsOf(tiles: readonly Tile[]): Visit[] {
  const visits: { fromAt: number; toAt: number; tiles: Tile[] }[] = [];
  for (const tile of tiles) {
    const last = visits.at(-1);
    if (last === undefined || last.toAt !== tile.fromAt) {
      visits.push({ fromAt: tile.fromAt, toAt: tile.toAt, tiles: [tile] });
    } else {
      last.tiles.push(tile);
      last.toAt = tile.toAt;
    }
  }
  return visits;
}

function isCalledBack(policy: Callback, visit: Visit, view: DayView): boolean {
  if (policy.outsidePlan && isPlanned(visit, view)) return false;
  const left = lastLeft(policy, visit, view);
  if (left === null) return policy.within === null;
  const away = secondsOf({ fromAt: left, toAt: visit.fromAt });
  return away >= policy.away && (policy.within === null || away <= policy.within);
}

function isPlanned(visit: Visit, { day, sheet }: DayView): boolean {
  for (let at = day.day - PLANS_REACH; at <= day.day + PLANS_REACH; at += 1) {
    const plans = at === day.day ? day.plans : (sheet.at(at)?.plans ?? []);
    if (plans.some(({ startAt, endAt }) => startAt < visit.toAt && endAt > visit.fromAt))
      return true;
  }
  return false;
}
/** A visit may touch plans of the day before and after. */
const PLANS_REACH = 1;

/** When the work before a visit ended, as far back as the policy cares; null if there was none. */
function lastLeft(policy: Callback, visit: Visit, { day, sheet }: DayView): number | null {
  let last: number | null = null;
  for (let at = day.day; at >= day.day - leftReach(policy, day.rules); at -= 1) {
    for (const tile of (at === day.day ? day : sheet.at(at))?.tiles ?? []) {
      if (tile.toAt <= visit.fromAt && (last === null || tile.toAt > last)) last = tile.toAt;
    }
  }
  return last;
}

function dueFor(policy: Callback, visit: Visit, { day, sheet }: DayView): number {
  if (!policy.untilNextWork) return policy.minimum;
  let dueTo = visit.fromAt + policy.minimum * 1000;
  for (let at = day.day; at <= day.day + nextReach(policy, day.rules); at += 1) {
    for (const { fromAt } of (at === day.day ? day : sheet.at(at))?.tiles ?? []) {
      if (fromAt >= visit.toAt) dueTo = Math.min(dueTo, fromAt);
    }
  }
  return secondsOf({ fromAt: visit.fromAt, toAt: dueTo });
}

const leftReach = ({ within, away }: Callback, rules: RuleSet): number =>
  daysWithin(Math.max(within ?? 0, away), rules);
const nextReach = ({ minimum, untilNextWork }: Callback, rules: RuleSet): number =>
  untilNextWork ? daysWithin(minimum, rules) : 0;

/** How far a callback policy looks, besides the days that the shift itself lies on. */
export const callbackReach = (
  policy: Callback,
  rules: RuleSet,
): { readonly back: number; readonly ahead: number } => ({
  back: Math.max(leftReach(policy, rules), policy.outsidePlan ? PLANS_REACH : 0),
  ahead: Math.max(nextReach(policy, rules), policy.outsidePlan ? PLANS_REACH : 0),
});
