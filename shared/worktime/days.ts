import { dateOf, dayOf, instantOf, SECOND } from "./civil-time.ts";
import {
  type CountedPunch,
  type CountedShift,
  type DayShift,
  type ReadPunch,
  type Shift,
  secondsOf,
  type Tile,
} from "./ledger.ts";
import { applyMeals } from "./meals/meals.ts";
import { assumedOutOf, assumedTile } from "./punches/assumed-out.ts";
import { tilesOf } from "./punches/tiles.ts";
import { countPunches } from "./rounding/rounding.ts";

/** What one shift puts on one day. */
export interface DayPart {
  readonly day: number;
  readonly shift: DayShift;
}

/**
 * Counts a shift: rounded punches, tiles, meals. `freeFrom` is where the tiles of the shift before end, so that rounding
 * never counts a second for both. Watermarks decide whether a missing check-out may be assumed.
 */
export function countShift(
  shift: Shift,
  { watermarks, freeFrom }: { watermarks: ReadonlyMap<string, number>; freeFrom: number },
): CountedShift {
  const { reads: _, ...rest } = shift;
  const reads = countPunches(shift);
  const punched = tilesOf(rest, reads);
  const assumedOut = assumedOutOf(shift, watermarkOf(shift, watermarks));
  const all = assumedOut === null ? punched : [...punched, assumedTile(rest, reads, assumedOut)];
  const { tiles, meals } = applyMeals(startingFrom(all, freeFrom), rest);
  return { ...rest, shiftId: shift.reads[0]?.punch.punchId ?? "", reads, tiles, meals, assumedOut };
}

/** Up to when all sites of the shift's punches have told everything; null if one never said. */
function watermarkOf(shift: Shift, watermarks: ReadonlyMap<string, number>): number | null {
  if (shift.phase === "out" || watermarks.size === 0) return null;
  let lowest = Number.POSITIVE_INFINITY;
  for (const { punch } of shift.reads) {
    const watermark = watermarks.get(punch.site);
    if (watermark === undefined) return null;
    lowest = Math.min(lowest, watermark);
  }
  return lowest;
}

function startingFrom(tiles: readonly Tile[], freeFrom: number): readonly Tile[] {
  if ((tiles[0]?.fromAt ?? freeFrom) >= freeFrom) return tiles;
  return tiles
    .filter((tile) => tile.toAt > freeFrom)
    .map((tile) => (tile.fromAt < freeFrom ? beginningAt(tile, freeFrom) : tile));
}

const beginningAt = (tile: Tile, fromAt: number): Tile => ({ ...tile, fromAt });

/** The days a shift counts on, by the choice `shifts.countsOn` of its rules. */
export function partsOf(shift: CountedShift): DayPart[] {
  const { countsOn, dayStart } = shift.rules.shifts;
  const { zone } = shift;
  switch (countsOn) {
    case "start":
      return whole(shift, shift.plan?.day ?? dayOf(shift.startAt, zone, dayStart));
    case "end":
      return whole(shift, dayOf(lastInstantOf(shift), zone, dayStart));
    case "most-worked":
      return whole(shift, mostWorkedDay(shift));
    case "split":
      return splitAtMidnight(shift);
  }
}

const whole = (shift: CountedShift, day: number): DayPart[] => [
  { day, shift: { ...shift, isStart: true, isEnd: true } },
];

function lastInstantOf({ reads, startAt }: CountedShift): number {
  return reads.findLast(({ meaning }) => meaning !== "repeat")?.punch.at ?? startAt;
}

function mostWorkedDay(shift: CountedShift): number {
  const { dayStart, tieGoesTo } = shift.rules.shifts;
  const worked = new Map([[dayOf(shift.startAt, shift.zone, dayStart), 0]]);
  for (const { day, tile } of shift.tiles.flatMap((each) => cutAtMidnight(each, shift))) {
    if (tile.kind === "work") worked.set(day, (worked.get(day) ?? 0) + secondsOf(tile));
  }
  const days = [...worked].toSorted(([a], [b]) => (tieGoesTo === "start" ? a - b : b - a));
  return days.reduce((best, each) => (each[1] > best[1] ? each : best))[0];
}

/** Tiles are cut where a day begins; each punch stands on the day it was made on. */
function splitAtMidnight(shift: CountedShift): DayPart[] {
  const { dayStart } = shift.rules.shifts;
  const reads = new Map<number, CountedPunch[]>();
  for (const read of shift.reads) {
    const day = dayOf(read.punch.at, shift.zone, dayStart);
    const list = reads.get(day);
    if (list === undefined) reads.set(day, [read]);
    else list.push(read);
  }
  const tiles = new Map<number, Tile[]>();
  for (const { day, tile } of shift.tiles.flatMap((each) => cutAtMidnight(each, shift))) {
    const list = tiles.get(day);
    if (list === undefined) tiles.set(day, [tile]);
    else list.push(tile);
  }
  const days = [...new Set([...reads.keys(), ...tiles.keys()])].toSorted((a, b) => a - b);
  return days.map((day, index) => {
    const isStart = index === 0;
    const isEnd = index === days.length - 1;
    return {
      day,
      shift: {
        ...shift,
        reads: reads.get(day) ?? [],
        tiles: tiles.get(day) ?? [],
        meals: isStart ? shift.meals : [],
        assumedOut: isEnd ? shift.assumedOut : null,
        isStart,
        isEnd,
      },
    };
  });
}

function cutAtMidnight(tile: Tile, { zone, rules }: CountedShift): { day: number; tile: Tile }[] {
  const { dayStart } = rules.shifts;
  const last = dayOf(tile.toAt - SECOND, zone, dayStart);
  const parts: { day: number; tile: Tile }[] = [];
  let fromAt = tile.fromAt;
  for (let day = dayOf(fromAt, zone, dayStart); day < last; ) {
    const toAt = Math.min(tile.toAt, instantOf(day + 1, dayStart, zone));
    parts.push({ day, tile: { ...tile, fromAt, toAt } });
    fromAt = toAt;
    day = Math.max(day + 1, dayOf(fromAt, zone, dayStart)); // a zone may skip a date
  }
  if (fromAt < tile.toAt) parts.push({ day: last, tile: { ...tile, fromAt } });
  return parts;
}

const asPunched = (read: ReadPunch): CountedPunch => ({
  ...read,
  countsAt: Math.floor(read.punch.at / SECOND) * SECOND,
});

/** A shift that could not be counted stands on the day it began, with its punches and no time. */
export function uncounted(shift: Shift): DayPart {
  const { reads, ...rest } = shift;
  return {
    day: dayOf(shift.startAt, "UTC"),
    shift: {
      ...rest,
      zone: "UTC", // its own may be the fault
      shiftId: reads[0]?.punch.punchId ?? dateOf(dayOf(shift.startAt, "UTC")),
      reads: reads.map(asPunched),
      tiles: [],
      meals: [],
      assumedOut: null,
      isStart: true,
      isEnd: true,
    },
  };
}
