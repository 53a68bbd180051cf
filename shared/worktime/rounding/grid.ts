import { offsetAt, SECOND } from "../civil-time.ts";

/** The grid points on either side of a time; both are the time itself if it lies on the grid. */
export interface Cell {
  readonly lower: number;
  readonly upper: number;
}

/** Multiples of `step` away from `anchor`, in whatever unit. */
export function cellOf(value: number, step: number, anchor = 0): Cell {
  const past = modulo(value - anchor, step);
  const lower = value - past;
  return { lower, upper: past === 0 ? lower : lower + step };
}

/**
 * The instants around `at` (UTC milliseconds, a whole second) at which a wall clock in `zone` shows a multiple of `step`
 * milliseconds after midnight. A clock change between two of them makes the cell longer or shorter; a repeated hour has
 * its grid points twice, and each time of it lies between its own.
 */
export function wallCell(at: number, step: number, zone: string): Cell {
  const offset = offsetAt(at, zone);
  const cell = cellOf(at, step, -offset);
  return {
    lower:
      offsetAt(cell.lower, zone) === offset
        ? cell.lower
        : lastBefore(cell.lower, at, { step, zone }),
    upper:
      offsetAt(cell.upper, zone) === offset
        ? cell.upper
        : firstAfter(at, cell.upper, { step, zone }),
  };
}

interface Wall {
  readonly step: number;
  readonly zone: string;
}

/** The last grid point before the clock change that lies between two instants. */
function lastBefore(from: number, to: number, { step, zone }: Wall): number {
  const last = changeBetween(from, to, zone) - SECOND;
  return cellOf(last, step, -offsetAt(last, zone)).lower;
}

function firstAfter(from: number, to: number, { step, zone }: Wall): number {
  const first = changeBetween(from, to, zone);
  return cellOf(first, step, -offsetAt(first, zone)).upper;
}

/** First instant after the one clock change between two instants, to the second. */
function changeBetween(from: number, to: number, zone: string): number {
  const before = offsetAt(from, zone);
  let low = from;
  let high = to;
  while (high - low > SECOND) {
    const middle = low + Math.floor((high - low) / 2 / SECOND) * SECOND;
    if (offsetAt(middle, zone) === before) low = middle;
    else high = middle;
  }
  return high;
}

export interface Direction {
  readonly mode: "down" | "nearest" | "half-up" | "up";
  /** In the unit of the cell. */
  readonly grace: number;
}

/** The grid point that counts. */
export function choose(value: number, { lower, upper }: Cell, { mode, grace }: Direction): number {
  const past = value - lower;
  const left = upper - value;
  switch (mode) {
    case "down":
      return left <= grace ? upper : lower;
    case "up":
      return past <= grace ? lower : upper;
    case "nearest":
      return left < past ? upper : lower;
    case "half-up":
      return past < left ? lower : upper;
  }
}

const modulo = (value: number, by: number): number => ((value % by) + by) % by;
