import type { Day, Sheet } from "../ledger.ts";
import type { DayState } from "../workday.ts";

/** Whether a day may still change by itself. */
export function stateOf(day: Day, _sheet: Sheet): DayState {
  return day.shifts.some((shift) => shift.isLast && shift.phase !== "out") ? "open" : "provisional";
}
