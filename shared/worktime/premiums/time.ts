import { secondsOfDay } from "../civil-time.ts";
import { secondsOf, type Tile } from "../ledger.ts";
import { isWhere } from "../rule-parts.ts";
import type { Claim } from "../workday.ts";
import { inside, merged, type Piece, pieceOf, type Span, totalOf } from "./spans.ts";
import type { ShiftPremium, TimePremium } from "./time-rules.ts";
import {
  countedStart,
  type DayView,
  earlierInWeek,
  isOnWorkday,
  type ShiftView,
  startOf,
  wholeOf,
} from "./view.ts";
import { windowsOf } from "./windows.ts";

const A_DAY = 86_400;

/**
 * What a policy pays for in one shift before limits and groups: pieces of tiles of the day, in order. For a policy that
 * pays an amount per shift, pieces of the whole shift: that there are any is what counts.
 */
export function earnedBy(policy: TimePremium, of: ShiftView, view: DayView): Piece[] {
  const isWhole = needsWhole(policy);
  const tiles = (isWhole ? wholeOf(of, view) : of.tiles).filter((tile) => isSeen(policy, tile));
  const first = tiles[0];
  const last = tiles.at(-1);
  if (first === undefined || last === undefined) return [];
  const span = { fromAt: first.fromAt, toAt: last.toAt };
  let paid = qualifying(policy, tiles.map(pieceOf), { shift: of, span, view });
  if (isWhole && policy.factor !== null && !(of.shift.isStart && of.shift.isEnd)) {
    paid = paid.filter(({ tile }) => of.tiles.includes(tile));
  }
  if (paid.length === 0) return paid;
  if (policy.during !== "any") paid = inside(paid, claimed(view.claims, policy.during));
  const cutAt = activeFrom(policy, view);
  return cutAt === Number.NEGATIVE_INFINITY
    ? paid
    : inside(paid, [{ fromAt: cutAt, toAt: Number.POSITIVE_INFINITY }]);
}

/** Whether a shift that midnight cut in two must be looked at as one. */
export const needsWhole = (policy: TimePremium): boolean =>
  policy.kind === "shift" ||
  policy.factor === null ||
  policy.atLeast > 0 ||
  policy.pays === "whole-shift" ||
  policy.overShare !== null ||
  !policy.partial;

/** Whether a policy looks at such a tile at all. */
export const isSeen = (
  { counts, where }: Pick<TimePremium, "counts" | "where">,
  { kind, isPaid, labels }: Tile,
): boolean => (kind === "work" || (counts === "paid" && isPaid)) && isWhere(where, labels);

function qualifying(
  policy: TimePremium,
  all: Piece[],
  of: { readonly shift: ShiftView; readonly span: Span; readonly view: DayView },
): Piece[] {
  if (policy.kind === "shift") {
    return isDifferent(policy, of.shift, of.view) && totalOf(all) >= policy.atLeast ? all : [];
  }
  const windows = windowsOf(policy, of);
  if (windows.length === 0) return [];
  let within = inside(all, windows);
  if (!policy.partial) within = unbroken(within, windows, wholeOf(of.shift, of.view));
  if (within.length === 0) return within;
  const total = totalOf(within);
  if (total < policy.atLeast) return [];
  if (policy.overShare !== null && total <= policy.overShare * totalOf(all)) return [];
  return policy.pays === "hours" ? within : all;
}

/** Those whose stretch between in and out lies in one window as a whole. */
function unbroken(pieces: Piece[], windows: readonly Span[], tiles: readonly Tile[]): Piece[] {
  const stretches = [["work", "deduction"], ["lunch"], ["break"]].flatMap((kinds) =>
    merged(tiles.filter(({ kind }) => kinds.includes(kind))),
  );
  return pieces.filter((piece) => {
    const stretch = stretches.find((each) => holds(each, piece)) ?? piece;
    return windows.some((window) => holds(window, stretch));
  });
}

const holds = (outer: Span, inner: Span): boolean =>
  outer.fromAt <= inner.fromAt && outer.toAt >= inner.toAt;

function isDifferent(policy: ShiftPremium, of: ShiftView, view: DayView): boolean {
  const { plan, zone } = of.shift;
  if (!isOnWorkday(policy, view.day)) return false;
  if (policy.plans !== null && (plan === null || !policy.plans.includes(plan.name))) return false;
  if (policy.startBy === "planned" && plan === null) return false;
  const started = startOf(of, view);
  const begins =
    policy.startBy === "planned" && plan !== null
      ? secondsOfDay(plan.startAt, plan.zone)
      : secondsOfDay(started, zone);
  if (!isTimeBetween(begins, policy.startsFrom, policy.startsTo)) return false;
  return policy.rotating === null || isRotating(policy.rotating, { of, started, view });
}

function isTimeBetween(seconds: number, from: number, to: number): boolean {
  return to > from ? seconds >= from && seconds < to : seconds >= from || seconds < to;
}

/** Whether a shift in the days before began at another time of the day. */
function isRotating(
  { within, apart }: NonNullable<ShiftPremium["rotating"]>,
  { of, started, view }: { of: ShiftView; started: number; view: DayView },
): boolean {
  const mine = secondsOfDay(started, of.shift.zone);
  for (let day = view.day.day - within; day <= view.day.day; day += 1) {
    for (const other of view.sheet.at(day)?.shifts ?? []) {
      const at = countedStart(other);
      if (!other.isStart || at >= started) continue;
      const difference = Math.abs(secondsOfDay(at, other.zone) - mine);
      if (Math.min(difference, A_DAY - difference) >= apart) return true;
    }
  }
  return false;
}

const claimed = (claims: readonly Claim[], wanted: Claim["class"]): readonly Span[] =>
  merged(claims.filter((claim) => claim.class === wanted && claim.toAt > claim.fromAt));

/** From when on enough was worked that the policy pays; infinitely late if it never was. */
function activeFrom(policy: TimePremium, view: DayView): number {
  const { daily, weekly } = policy.onlyAfter;
  if (daily === null && weekly === null) return Number.NEGATIVE_INFINITY;
  const today = addedUp(policy, view.day.tiles, view.claims);
  let cutAt = Number.NEGATIVE_INFINITY;
  if (daily !== null) cutAt = instantAfter(today, daily);
  if (weekly === null) return cutAt;
  let before = 0;
  for (const day of earlierInWeek(view)) {
    const tiles = view.sheet.at(day)?.tiles ?? [];
    before += totalOf(addedUp(policy, tiles, view.resultAt(day)?.claims ?? []));
  }
  return Math.max(cutAt, instantAfter(today, weekly - before));
}

function addedUp(
  { counts, onlyAfter }: TimePremium,
  tiles: readonly Tile[],
  claims: readonly Claim[],
): readonly Span[] {
  if (onlyAfter.of === "regular") return claimed(claims, "regular");
  return tiles.filter((tile) => isSeen({ counts, where: {} }, tile));
}

/** When so many seconds of the spans have passed. */
function instantAfter(spans: readonly Span[], seconds: number): number {
  let left = seconds;
  if (left <= 0) return Number.NEGATIVE_INFINITY;
  for (const span of spans) {
    const length = secondsOf(span);
    if (length >= left) return span.fromAt + left * 1000;
    left -= length;
  }
  return Number.POSITIVE_INFINITY;
}
