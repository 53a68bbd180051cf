import { instantOf, spellSeconds, weekStart } from "../civil-time.ts";
import type { Day, Tile } from "../ledger.ts";
import {
  countedSeconds,
  dayMayChange,
  excess,
  hasLeave,
  hasWork,
  isLastOf,
  type Look,
  raise,
} from "./look.ts";
import type { ExceptionRules } from "./rules.ts";

// How much is too much: hours of a day, of a week, on average, at night.

export function lookAtLimits(look: Look): void {
  const { daily, weekly, averageWeek, nightWork } = look.rules.limits;
  if (daily === null && weekly === null && averageWeek === null && nightWork === null) return;
  if (!hasWork(look.day)) return;
  if (daily !== null) lookAtDaily(look, daily);
  if (nightWork?.weeks === null) lookAtNight(look, nightWork);
  const first = weekStart(look.day.day, look.weekStart);
  if (isLastOf(look, first + 6, hasWork)) lookAtWeeks(look, first);
}

function lookAtDaily(look: Look, limit: number): void {
  const seconds = countedSeconds(look.day, look.rules.limits.counts) - limit;
  over(look, "over-daily-limit", { seconds, says: `the ${spellSeconds(limit)} of a day` });
}

/** Said on the last day worked of a week. */
function lookAtWeeks(look: Look, first: number): void {
  const { weekly, averageWeek, nightWork } = look.rules.limits;
  if (weekly !== null) {
    const seconds = sumOf(look, first, 1).sum - weekly;
    over(look, "over-weekly-limit", { seconds, says: `the ${spellSeconds(weekly)} of a week` });
  }
  if (averageWeek !== null) lookAtAverage(look, first, averageWeek);
  if (nightWork !== null) lookAtNights(look, first, nightWork);
}

function over(
  look: Look,
  kind: "over-daily-limit" | "over-weekly-limit" | "average-week-limit" | "night-work-limit",
  { seconds, says }: { seconds: number; says: string },
): void {
  const more = excess(look, kind, seconds);
  if (more === null) return;
  const detail = `${spellSeconds(seconds)} over ${says}`;
  raise(look, kind, { detail, premature: dayMayChange(look), seconds: more });
}

/** Hours of `weeks` weeks, the last of which begins on `first`, and the days on which somebody was on leave. */
function sumOf(look: Look, first: number, weeks: number): { sum: number; onLeave: number } {
  const { counts } = look.rules.limits;
  let sum = 0;
  let onLeave = 0;
  for (let each = first - 7 * (weeks - 1); each < first + 7; each += 1) {
    const day = look.sheet.at(each);
    if (day === undefined) continue;
    if (hasWork(day)) sum += countedSeconds(day, counts);
    else if (hasLeave(day)) onLeave += 1;
  }
  return { sum, onLeave };
}

/** Days of leave and sickness are neutral: they count neither as time nor as days (directive 2003/88/EC, article 16 b). */
function lookAtAverage(
  look: Look,
  first: number,
  { weeks, limit }: { weeks: number; limit: number },
): void {
  const { sum, onLeave } = sumOf(look, first, weeks);
  const average = Math.floor((sum * 7) / (7 * weeks - onLeave));
  over(look, "average-week-limit", {
    seconds: average - limit,
    says: `the ${spellSeconds(limit)} of a week, on average over ${weeks} weeks`,
  });
}

type NightWork = NonNullable<ExceptionRules["limits"]["nightWork"]>;

/** Seconds of work that lie in night time. */
export function nightSeconds(
  { tiles, zone }: Pick<Day, "tiles" | "zone">,
  night: Pick<NightWork, "from" | "to">,
  aroundDay: number,
): number {
  const work = tiles.filter(({ kind }) => kind === "work");
  let sum = 0;
  for (let day = aroundDay - 2; day <= aroundDay + 2; day += 1) {
    const fromAt = instantOf(day, night.from, zone);
    const toAt = instantOf(night.to <= night.from ? day + 1 : day, night.to, zone);
    for (const tile of work) sum += within(tile, fromAt, toAt);
  }
  return sum;
}

const within = (tile: Tile, fromAt: number, toAt: number): number =>
  Math.max(0, Math.min(tile.toAt, toAt) - Math.max(tile.fromAt, fromAt)) / 1000;

const NIGHTS = new WeakMap<Day, { readonly rules: NightWork; readonly isNight: boolean }>();

function isNight(day: Day, rules: NightWork): boolean {
  const known = NIGHTS.get(day);
  if (known?.rules === rules) return known.isNight;
  const answer = hasWork(day) && nightSeconds(day, rules, day.day) >= rules.least;
  NIGHTS.set(day, { rules, isNight: answer });
  return answer;
}

/** Where no average is allowed, as for hazardous work (article 8 b): each night on its own. */
function lookAtNight(look: Look, rules: NightWork): void {
  if (!isNight(look.day, rules)) return;
  const seconds = countedSeconds(look.day, look.rules.limits.counts) - rules.limit;
  over(look, "night-work-limit", {
    seconds,
    says: `the ${spellSeconds(rules.limit)} of a night of work`,
  });
}

/** Hours over the days of the weeks without their days of weekly rest and of leave (article 8 a, article 16 c). */
function lookAtNights(look: Look, first: number, rules: NightWork): void {
  const { weeks } = rules;
  if (weeks === null) return;
  let nights = 0;
  for (let each = first - 7 * (weeks - 1); each < first + 7 && nights < rules.nights; each += 1) {
    const day = look.sheet.at(each);
    if (day !== undefined && isNight(day, rules)) nights += 1;
  }
  if (nights < rules.nights) return;
  const { sum, onLeave } = sumOf(look, first, weeks);
  const average = Math.floor(sum / Math.max(1, 6 * weeks - onLeave));
  over(look, "night-work-limit", {
    seconds: average - rules.limit,
    says: `the ${spellSeconds(rules.limit)} a day of a night worker, on average over ${weeks} weeks`,
  });
}
