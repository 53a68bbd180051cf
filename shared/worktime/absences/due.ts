import { type Day, type PlannedShift, paidSeconds } from "../ledger.ts";

const sumOf = (plans: readonly PlannedShift[]): number =>
  plans.reduce((sum, { kind, seconds }) => (kind === "open" ? sum : sum + seconds), 0);

/** Seconds of work planned for a day. Open shifts bind nobody. */
export const dueSeconds = (day: Day): number => sumOf(day.plans);

/** With what would have been planned had a holiday not cancelled it. */
export const dueButForHoliday = (day: Day): number =>
  dueSeconds(day) + (day.freed === undefined ? 0 : sumOf(day.freed));

/** Paid seconds of a day, with what rounding of its total added. */
export const doneSeconds = (day: Day): number =>
  paidSeconds(day.tiles) + (day.roundedUp?.seconds ?? 0);
