import { createRandom, type Random } from "@clockleaf/hardware-sim/random.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY_MS = 24 * HOUR;
const WORKDAYS = 5;

export interface Punch {
  readonly badge: string;
  /** UTC milliseconds. */
  readonly at: number;
}

/** A working week of a small company, the same from the same seed and Monday. */
export interface Week {
  /** `YYYY-MM-DD`. */
  readonly monday: string;
  readonly people: readonly string[];
  /** In the order in which they were made. */
  readonly punches: readonly Punch[];
  /** Comes after everything else, days late. */
  readonly late: Punch;
  /** Who is on leave on Friday. */
  readonly onLeave: string;
}

export const badgeOf = (employeeId: string): string => `number-${employeeId}`;
export const UNKNOWN_BADGE = "number-nobody";
/** The first is everybody's manager, the second on leave on Friday, the third forgets to punch out, the fourth's last punch is late. */
const [LEAVER, FORGETFUL, LATE] = [1, 2, 3];
export const LEAST_PEOPLE = 4;

/** The Monday of the last week that is over. */
export function lastWeeksMonday(nowMs: number): string {
  const today = Math.floor(nowMs / DAY_MS);
  // 1970-01-01 was a Thursday.
  const monday = today - ((today + 3) % 7) - 7;
  return dateOf(monday * DAY_MS);
}

const dateOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10);
export const dateAfter = (date: string, days: number): string =>
  dateOf(Date.parse(date) + days * DAY_MS);

export function planWeek(seed: number, monday: string, size: number): Week {
  const random = createRandom(seed).fork("week");
  const people = Array.from(
    { length: size },
    (_, index) => `p${String(index + 1).padStart(3, "0")}`,
  );
  const punches: Punch[] = [
    { badge: UNKNOWN_BADGE, at: Date.parse(dateAfter(monday, 2)) + 9 * HOUR },
  ];
  let late: Punch | undefined;
  for (const [index, employeeId] of people.entries()) {
    for (let day = 0; day < WORKDAYS; day += 1) {
      const isFriday = day === WORKDAYS - 1;
      if (isFriday && index === LEAVER) continue;
      const midnight = Date.parse(dateAfter(monday, day));
      const times = timesOf(random, midnight, hasOvertime(random, index, day));
      if (index === FORGETFUL && day === 1) times.pop();
      const badge = badgeOf(employeeId);
      if (isFriday && index === LATE) late = { badge, at: times.pop() ?? midnight };
      punches.push(...times.map((at) => ({ badge, at })));
    }
  }
  if (late === undefined) throw new Error(`a week takes ${LEAST_PEOPLE} people`);
  const ordered = punches.toSorted((a, b) => a.at - b.at || (a.badge < b.badge ? -1 : 1));
  return { monday, people, punches: ordered, late, onLeave: people[LEAVER] ?? "" };
}

/** Two of them for certain, so that one can be rejected and one approved. */
const hasOvertime = (random: Random, index: number, day: number): boolean =>
  random.chance(0.2) || (index === LEAVER && day === 0) || (index === LATE && day === 3);

/** In and out, with or without a lunch. */
function timesOf(random: Random, midnight: number, isLong: boolean): number[] {
  const begin = midnight + 8 * HOUR + random.int(-10, 15) * MINUTE;
  const lunch = midnight + 12 * HOUR + random.int(0, 20) * MINUTE;
  const back = lunch + random.int(25, 45) * MINUTE;
  const end = midnight + 16 * HOUR + random.int(20, 40) * MINUTE + (isLong ? 2 * HOUR : 0);
  return random.chance(0.6) ? [begin, lunch, back, end] : [begin, end];
}
