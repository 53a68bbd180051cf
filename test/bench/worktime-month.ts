import { createRandom } from "@clockleaf/hardware-sim/random.ts";
import { dateOf, dayOfDate, instantOf, weekdayOf } from "@clockleaf/shared/worktime/civil-time.ts";
import type { Fact, PunchFact } from "@clockleaf/shared/worktime/facts.ts";

/** A month with a leap year's end in neither half, but with a clock change: 31 days of Berlin's October. */
export const MONTH = { fromOn: "2026-10-01", toOn: "2026-10-31" };
export const ZONE = "Europe/Berlin";

const FIRST = dayOfDate(MONTH.fromOn);
const DAYS = 31;

/**
 * What one person did in the month, the same for the same number: early, late and night shifts, five to six days a week,
 * a lunch, some overtime, now and then a forgotten punch.
 */
export function monthOf(person: number): Fact[] {
  const random = createRandom(`worktime-${person}`);
  const start = random.pick([6, 8, 14, 22]) * 3600;
  const facts: Fact[] = [];
  for (let day = FIRST; day < FIRST + DAYS; day += 1) {
    const weekday = weekdayOf(day);
    if (weekday === "sun" || (weekday === "sat" && !random.chance(0.3))) continue;
    const begin = start + random.int(-600, 600);
    const lunch = begin + 4 * 3600 + random.int(-900, 900);
    const back = lunch + random.int(20, 45) * 60;
    const end = begin + 8 * 3600 + random.int(0, 3 * 3600);
    for (const [index, seconds] of [begin, lunch, back, end].entries()) {
      if (random.chance(0.01)) continue;
      facts.push(punch(`p${person}-${dateOf(day)}-${index}`, instantOf(day, seconds, ZONE)));
    }
  }
  return facts;
}

const punch = (punchId: string, at: number): PunchFact => ({
  kind: "punch",
  punchId,
  at,
  hint: null,
  site: "hq",
  reader: "door",
  zone: ZONE,
});
