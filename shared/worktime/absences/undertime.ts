import { spellSeconds, weekStart } from "../civil-time.ts";
import { isComplete } from "../exceptions/completeness.ts";
import { type Day, type Sheet, workedSeconds } from "../ledger.ts";
import type { Credit } from "../workday.ts";
import { doneSeconds, dueSeconds } from "./due.ts";
import type { UndertimeRules } from "./rules.ts";

interface Hours {
  readonly due: number;
  readonly done: number;
}

/**
 * What is missing to the hours due, once all of the day (or the week, on its last day) is known. `leaveOf` tells the
 * seconds of a day that leave and holidays stand for.
 */
export function undertimeCredit(
  day: Day,
  sheet: Sheet,
  leaveOf: (day: Day) => number,
): Credit | null {
  const rules = day.rules.absences.undertime;
  if (rules.per === "none") return null;
  const days = rules.per === "day" ? [day] : weekUntil(day, sheet, rules);
  if (days.length === 0) return null;
  let due = 0;
  let done = 0;
  for (const each of days) {
    const hours = hoursOf(each, rules, leaveOf);
    due += hours.due;
    done += hours.done;
  }
  const missing = due - done;
  if (missing <= rules.tolerance || missing <= 0) return null;
  if (!days.every((each) => isComplete(each, sheet))) return null;
  const of = rules.per === "day" ? "" : " in the week";
  const credit: Credit = {
    kind: "undertime",
    code: rules.code,
    seconds: missing,
    isPaid: rules.paid,
    factIds: [],
    policy: "undertime",
    reason: `${spellSeconds(missing)} below the ${spellSeconds(due)} due${of}: ${spellSeconds(done)} done`,
  };
  return rules.contributesToOvertime ? { ...credit, contributes: true } : credit;
}

/** The days of the week that a day closes; none if it is not the last one. */
function weekUntil(day: Day, sheet: Sheet, rules: UndertimeRules): Day[] {
  const first = weekStart(day.day, rules.weekStart);
  if (day.day !== first + 6) return [];
  const days: Day[] = [];
  for (let each = first; each <= day.day; each += 1) {
    const found = sheet.at(each);
    if (found !== undefined) days.push(found);
  }
  return days;
}

function hoursOf(day: Day, rules: UndertimeRules, leaveOf: (day: Day) => number): Hours {
  const done = doneSeconds(day);
  const planned = dueSeconds(day);
  if (planned === 0 || (day.holiday !== null && !rules.onHolidays)) return { due: 0, done };
  if (!rules.absentDays && workedSeconds(day.tiles) === 0) return { due: 0, done };
  return { due: Math.max(0, planned - leaveOf(day)), done };
}
