import { offsetAt, SECOND } from "../civil-time.ts";
import type { CountedPunch, Day, ReadPunch, Shift } from "../ledger.ts";
import { dueTimes, isCounted } from "./due.ts";
import { clock, type Rounded, roundPunch } from "./punch-rounding.ts";
import { roundDayTotals } from "./totals.ts";

/**
 * The punches of a shift, each with the whole second it counts at; in the same order, never past one another: where
 * rounding would turn two around, the later one counts at the time of the earlier. Punches that count for nothing
 * (repeats, those between) keep their own time as far as their neighbours leave room.
 */
export function countPunches(shift: Shift): CountedPunch[] {
  const { reads, rules, plan } = shift;
  const { punches } = rules.rounding;
  if (punches.length === 0) return reads.map(asPunched);
  const due = dueTimes(shift);
  const shiftMs = lengthOf(reads);
  const rounded = reads.map((read, index) => {
    const at = wholeSecond(read);
    const zone = zoneOf(read, shift);
    const result = isCounted(read)
      ? roundPunch({ read, at, zone, due: due[index] ?? null, plan, shiftMs }, punches)
      : null;
    return result === null ? asPunched(read) : asRounded(read, result);
  });
  return settleOthers(inOrder(rounded, shift), shift);
}

/** Rounds the totals of a day: what is cut becomes a deduction, what is added `roundedUp`. */
export function roundTotals(day: Day): Day {
  const { totals } = day.rules.rounding;
  return totals.length === 0 || day.tiles.length === 0 ? day : roundDayTotals(day, totals);
}

const wholeSecond = ({ punch }: ReadPunch): number => Math.floor(punch.at / SECOND) * SECOND;

const asPunched = (read: ReadPunch): CountedPunch => ({ ...read, countsAt: wholeSecond(read) });

const asRounded = (read: ReadPunch, { countsAt, policy, detail }: Rounded): CountedPunch => ({
  ...read,
  countsAt,
  rounding: { policy, detail },
});

function lengthOf(reads: readonly ReadPunch[]): number {
  const first = reads.find(isCounted);
  const last = reads.findLast(isCounted);
  return first === undefined || last === undefined ? 0 : wholeSecond(last) - wholeSecond(first);
}

/** The wall clock where it was made; the shift's if that place names a zone nobody knows. */
function zoneOf({ punch }: ReadPunch, shift: Shift): string {
  const zone = punch.zone ?? shift.rules.zone;
  if (zone === shift.zone) return zone;
  try {
    offsetAt(punch.at, zone);
    return zone;
  } catch {
    return shift.zone;
  }
}

/** Punches that count, one after the other: none before the one before it. */
function inOrder(reads: readonly CountedPunch[], shift: Shift): CountedPunch[] {
  let before: CountedPunch | null = null;
  return reads.map((read) => {
    if (!isCounted(read)) return read;
    const kept: CountedPunch =
      before === null || before.countsAt <= read.countsAt
        ? read
        : moved(read, before.countsAt, {
            by: before,
            shift,
            why: "not before the punch before it",
          });
    before = kept;
    return kept;
  });
}

/** Punches that count for nothing, each between its neighbours. */
function settleOthers(reads: readonly CountedPunch[], shift: Shift): CountedPunch[] {
  const result = [...reads];
  let next: CountedPunch | undefined;
  for (let index = result.length - 1; index >= 0; index -= 1) {
    const read = result[index];
    if (read === undefined) continue;
    if (isCounted(read)) next = read;
    else if (next !== undefined && read.countsAt > next.countsAt)
      result[index] = moved(read, next.countsAt, {
        by: next,
        shift,
        why: "not after the next punch",
      });
  }
  let last: CountedPunch | undefined;
  for (const [index, read] of result.entries()) {
    if (isCounted(read)) last = read;
    else if (last !== undefined && read.countsAt < last.countsAt)
      result[index] = moved(read, last.countsAt, {
        by: last,
        shift,
        why: "not before the punch before it",
      });
  }
  return result;
}

function moved(
  read: CountedPunch,
  countsAt: number,
  { by, shift, why }: { by: CountedPunch; shift: Shift; why: string },
): CountedPunch {
  const zone = zoneOf(read, shift);
  const policy = read.rounding?.policy ?? by.rounding?.policy ?? "order";
  const detail = `${clock(wholeSecond(read), zone)} counts as ${clock(countsAt, zone)}: ${why}, rule '${policy}'`;
  return { ...read, countsAt, rounding: { policy, detail } };
}
