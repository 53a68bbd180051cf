import { weekdayOf } from "../civil-time.ts";
import { type Day, secondsOf, type Tile } from "../ledger.ts";
import type { RoundedTotal } from "../workday.ts";
import { cellOf, choose } from "./grid.ts";
import { gridText } from "./punch-rounding.ts";
import type { TotalRounding } from "./rules.ts";
import { convert, type Source, sourcesOf } from "./tile-cuts.ts";

/**
 * Rounds lunch, then breaks, then the day, each by the first rule that fits; full precision in between.
 *
 * The total of lunch (or breaks) is what of it is unpaid, with what meal rules took off work for it. Its boundary moves:
 * where it counts as more, work after the last of it (then before it) becomes a deduction; where it counts as less, its
 * end is paid. The total of the day is its paid time: less takes the difference off the end, more is `roundedUp`, for
 * which there is no stretch.
 */
export function roundDayTotals(day: Day, rules: readonly TotalRounding[]): Day {
  let result = day;
  for (const total of ["lunch", "break", "day"] as const) {
    if (!rules.some((rule) => rule.total === total)) continue;
    const isPart = partOf(total, result);
    const seconds = sumOf(result.tiles, isPart);
    if (seconds === 0) continue;
    const seen: SeenTotal = {
      total,
      day: result,
      isPart,
      seconds,
      plan: plannedTotal(result, total),
    };
    const rule = rules.find((each) => fits(each, seen));
    if (rule !== undefined) result = roundTotal(rule, seen);
  }
  return result;
}

/** A total as rounding rules see it. */
interface SeenTotal {
  readonly total: TotalRounding["total"];
  readonly day: Day;
  /** Whether a tile belongs to it. */
  readonly isPart: (tile: Tile) => boolean;
  readonly seconds: number;
  /** What was planned; null if nothing was. */
  readonly plan: number | null;
}

function partOf(total: SeenTotal["total"], { rules }: Day): SeenTotal["isPart"] {
  if (total === "day") return ({ isPaid }) => isPaid;
  const takenOff = new Set(
    rules.meals.policies
      .filter((policy) => policy.for === total || (policy.for === "any" && total === "lunch"))
      .map(({ name }) => name),
  );
  return ({ kind, isPaid, policy }) =>
    !isPaid && (kind === total || (kind === "deduction" && takenOff.has(policy)));
}

const sumOf = (tiles: readonly Tile[], isPart: (tile: Tile) => boolean): number =>
  tiles.reduce((sum, tile) => (isPart(tile) ? sum + secondsOf(tile) : sum), 0);

function plannedTotal({ plans }: Day, total: SeenTotal["total"]): number | null {
  if (plans.length === 0) return null;
  if (total === "day") return plans.reduce((sum, { seconds }) => sum + seconds, 0);
  const rests = plans
    .flatMap(({ breaks }) => breaks)
    .filter(({ kind, isPaid }) => kind === total && !isPaid);
  return rests.length === 0 ? null : rests.reduce((sum, rest) => sum + secondsOf(rest), 0);
}

function fits(rule: TotalRounding, { total, day, seconds, plan }: SeenTotal): boolean {
  const { when, above, upTo, weekdays } = rule;
  if (rule.total !== total || seconds <= above) return false;
  if (upTo !== undefined && seconds > upTo) return false;
  if (weekdays !== undefined && !weekdays.includes(weekdayOf(day.day))) return false;
  if (when === "any") return true;
  return plan !== null && (when === "under" ? seconds < plan : seconds > plan);
}

function roundTotal(rule: TotalRounding, seen: SeenTotal): Day {
  const { total, seconds, day } = seen;
  const [wanted, why] = wantedOf(rule, seen);
  const reason = `${total} total ${spelled(seconds)} counts as ${spelled(wanted)}: ${why}, rule '${rule.name}'`;
  const made = { policy: rule.name, reason };
  const { after, countsAs } =
    total === "day" ? resizeDay(seen, wanted, made) : resizeRest(seen, wanted, made);
  const entry: RoundedTotal = { total, policy: rule.name, seconds, countsAs };
  return { ...after, roundedTotals: [...(day.roundedTotals ?? []), entry] };
}

function wantedOf(rule: TotalRounding, { seconds: exact, plan }: SeenTotal): [number, string] {
  const { mode, interval, grace, tolerance } = rule;
  const seconds = rule.wholeMinutes ? Math.floor(exact / 60) * 60 : exact;
  if (plan !== null && tolerance > 0 && Math.abs(seconds - plan) <= tolerance)
    return [plan, `as planned, being within ${spelled(tolerance)} of it`];
  const [wanted, why]: [number, string] =
    mode === "none"
      ? [seconds, rule.wholeMinutes ? "whole minutes" : "as it is"]
      : [choose(seconds, cellOf(seconds, interval), { mode, grace }), gridText(rule)];
  return rule.strict && plan !== null && wanted > plan
    ? [plan, "not more than planned"]
    : [wanted, why];
}

interface Resized {
  readonly after: Day;
  /** What the total is now: less of it may have been there to take than was wanted. */
  readonly countsAs: number;
}
type Made = Pick<Tile, "policy" | "reason">;

function resizeDay({ day, seconds, isPart }: SeenTotal, wanted: number, made: Made): Resized {
  if (wanted === seconds) return { after: day, countsAs: seconds };
  if (wanted > seconds)
    return {
      after: { ...day, roundedUp: { seconds: wanted - seconds, ...made } },
      countsAs: wanted,
    };
  const fromTheEnd = sourcesOf(day.tiles, "end", isPart).toReversed();
  const { tiles } = convert(day.tiles, fromTheEnd, {
    seconds: seconds - wanted,
    into: (part) => ({ ...part, kind: "deduction", isPaid: false, ...made }),
  });
  return { after: withTiles(day, tiles), countsAs: wanted };
}

function resizeRest({ day, seconds, isPart }: SeenTotal, wanted: number, made: Made): Resized {
  if (wanted === seconds) return { after: day, countsAs: seconds };
  if (wanted > seconds) {
    const { tiles, converted } = convert(day.tiles, workAround(day.tiles, isPart), {
      seconds: wanted - seconds,
      into: (part) => ({ ...part, kind: "deduction", isPaid: false, ...made }),
    });
    return { after: withTiles(day, tiles), countsAs: seconds + converted };
  }
  const fromTheEnd = sourcesOf(day.tiles, "end", isPart).toReversed();
  const { tiles } = convert(day.tiles, fromTheEnd, {
    seconds: seconds - wanted,
    // who was there for a deduction worked; who was at lunch is paid for lunch
    into: (part) => ({
      ...part,
      kind: part.kind === "deduction" ? "work" : part.kind,
      isPaid: true,
      ...made,
    }),
  });
  return { after: withTiles(day, tiles), countsAs: wanted };
}

/** Paid work of the same shift: after the last part of the total from its start on, then before it from its end back. */
function workAround(tiles: readonly Tile[], isPart: SeenTotal["isPart"]): Source[] {
  const last = tiles.findLastIndex(isPart);
  const shiftId = tiles[last]?.shiftId;
  const isWork = (tile: Tile): boolean =>
    tile.kind === "work" && tile.isPaid && tile.shiftId === shiftId;
  return [
    ...sourcesOf(tiles, "start", (tile, index) => index > last && isWork(tile)),
    ...sourcesOf(tiles, "end", (tile, index) => index < last && isWork(tile)).toReversed(),
  ];
}

/** The shifts of a day have the same tiles as the day. */
function withTiles(day: Day, tiles: readonly Tile[]): Day {
  const shifts = day.shifts.map((shift) =>
    Object.assign({}, shift, { tiles: tiles.filter(({ shiftId }) => shiftId === shift.shiftId) }),
  );
  return { ...day, tiles, shifts };
}

/** `9 h 02 min`, `9 h 02 min 40 s`, `0 min`. */
function spelled(seconds: number): string {
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor(seconds / 60) % 60;
  const rest = seconds % 60;
  const text = hours > 0 ? `${hours} h ${String(minutes).padStart(2, "0")} min` : `${minutes} min`;
  return rest === 0 ? text : `${text} ${rest} s`;
}
