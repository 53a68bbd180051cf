import { dayOfDate } from "@clockleaf/shared/worktime/civil-time.ts";
import { computeWorkdays } from "@clockleaf/shared/worktime/engine.ts";
import { explainDay } from "@clockleaf/shared/worktime/explain/explain.ts";
import { factsOfDay } from "@clockleaf/shared/worktime/explain/facts-of-day.ts";
import { type Rules, rulesOn } from "@clockleaf/shared/worktime/rules.ts";
import { emptyWorkday, isSameWorkday } from "@clockleaf/shared/worktime/workday.ts";
import type { ClockState } from "../clock-state.ts";
import type { Explanation } from "./views.ts";

/** A day computed now, beside what was stored of it, with everything it rests on. */
export function explain(
  employeeId: string,
  workdayOn: string,
  { state, rules }: { readonly state: ClockState; readonly rules: Rules },
): Explanation {
  const known = [...state.facts.values()];
  const version = rulesOn(rules, dayOfDate(workdayOn));
  const computed = computeWorkdays(known, rules, { fromOn: workdayOn, toOn: workdayOn })[0];
  const day = computed ?? emptyWorkday(workdayOn, version.set.zone);
  const was = state.workdays.get(workdayOn);
  return {
    employeeId,
    day,
    stored:
      was === undefined
        ? null
        : { revision: was.revision, isSame: isSameWorkday(was.workday, day) },
    version,
    facts: factsOfDay(day, known),
    text: explainDay(day, { personId: employeeId }),
  };
}
