import { instantOf, spellSeconds, weekStart } from "../civil-time.ts";
import type { CountedPunch, DayShift } from "../ledger.ts";
import type { RuleSet } from "../rules.ts";
import { isStillOpen } from "./completeness.ts";
import { excess, hasWork, isLastOf, type Look, mayChange, raise, secondsBetween } from "./look.ts";
import type { ExceptionRules } from "./rules.ts";

// How little rest is too little, and how long a silence too long.

export function lookAtRest(look: Look): void {
  const { minRest, weeklyRest, consecutiveDays, checkInEvery } = look.rules.limits;
  if (minRest !== null) lookAtDailyRest(look, minRest);
  if (consecutiveDays !== null) lookAtDaysInARow(look, consecutiveDays);
  if (weeklyRest !== null) lookAtWeeklyRest(look, weeklyRest);
  if (checkInEvery !== null) {
    for (const shift of look.day.shifts) lookAtCheckIns(look, shift, checkInEvery);
  }
}

/** Days before a day on which a shift may count that ended on it, or less than `pause` before it. */
export const shiftReach = ({ shifts }: RuleSet, pause = 0): number =>
  Math.ceil((pause + shifts.maxShift) / 86_400) + 2;

/** Between two workdays; what lies between the shifts of one workday is no rest of a day. */
function lookAtDailyRest(look: Look, minRest: number): void {
  const { day, shifts, rules } = look.day;
  const begins = shifts.find((shift) => shift.isStart && shift.tiles.length > 0);
  const startAt = begins?.tiles[0]?.fromAt;
  if (begins === undefined || startAt === undefined) return;
  let endAt = Number.NEGATIVE_INFINITY;
  const see = (shift: DayShift): void => {
    const last = shift.tiles.at(-1);
    if (last !== undefined && last.fromAt < startAt) endAt = Math.max(endAt, last.toAt);
  };
  // what of a shift that was cut at midnight lies on this day is work of the day before
  shifts.forEach(see);
  const back = shiftReach(rules, minRest);
  for (let each = day - back; each < day; each += 1) look.sheet.at(each)?.shifts.forEach(see);
  if (!Number.isFinite(endAt)) return;
  const rest = Math.max(0, secondsBetween(endAt, startAt));
  const seconds = excess(look, "rest-too-short", minRest - rest);
  if (seconds === null) return;
  raise(look, "rest-too-short", {
    detail: `${spellSeconds(rest)} of rest before it, ${spellSeconds(minRest)} are due`,
    premature: mayChange(look, startAt, false),
    punchIds: begins.reads.slice(0, 1).map(({ punch }) => punch.punchId),
    seconds,
  });
}

function lookAtDaysInARow(look: Look, most: number): void {
  const { day } = look.day;
  for (let each = day; each >= day - most; each -= 1) {
    if (!hasWork(look.sheet.at(each))) return;
  }
  const detail = `worked on more than ${most} days in a row`;
  raise(look, "consecutive-days-limit", { detail, premature: false });
}

type WeeklyRest = NonNullable<ExceptionRules["limits"]["weeklyRest"]>;

/** First day of the run of weeks in which one long rest is due. */
function periodOf(look: Look, { weeks, anchor }: WeeklyRest): number {
  const first = weekStart(look.day.day, look.weekStart);
  const since = (first - weekStart(anchor, look.weekStart)) / 7;
  return first - 7 * (((since % weeks) + weeks) % weeks);
}

/**
 * Said on the last day worked of the period. The rest may lie anywhere in the period (Court of Justice, C-306/16), so
 * what is free of it after the last day counts as well.
 */
function lookAtWeeklyRest(look: Look, rules: WeeklyRest): void {
  if (!hasWork(look.day)) return;
  const first = periodOf(look, rules);
  const after = first + 7 * rules.weeks;
  if (!isLastOf(look, after - 1, hasWork)) return;
  const { zone } = look.day;
  const { dayStart } = look.day.rules.shifts;
  const longest = longestGap(look, {
    first,
    fromAt: instantOf(first, dayStart, zone),
    toAt: instantOf(after, dayStart, zone),
  });
  const seconds = excess(look, "weekly-rest-too-short", rules.rest - longest);
  if (seconds === null) return;
  const within = rules.weeks === 1 ? "in the week" : `in ${rules.weeks} weeks`;
  const detail = `${spellSeconds(longest)} of rest at most ${within}, ${spellSeconds(rules.rest)} are due`;
  raise(look, "weekly-rest-too-short", {
    detail,
    premature: mayChange(look, look.settles - 1, false),
    seconds,
  });
}

/** Longest stretch without work, in seconds, between two instants. */
function longestGap(
  look: Look,
  { first, fromAt, toAt }: { first: number; fromAt: number; toAt: number },
): number {
  const stretches = [];
  for (let each = first - shiftReach(look.day.rules); each <= look.day.day; each += 1) {
    stretches.push(...(look.sheet.at(each)?.tiles ?? []));
  }
  let longest = 0;
  let freeFrom = fromAt;
  for (const tile of stretches.toSorted((a, b) => a.fromAt - b.fromAt)) {
    longest = Math.max(longest, Math.min(tile.fromAt, toAt) - freeFrom);
    freeFrom = Math.max(freeFrom, tile.toAt);
  }
  return Math.floor(Math.max(longest, toAt - freeFrom) / 1000);
}

const IS_IN: Partial<Record<CountedPunch["meaning"], boolean>> = {
  in: true,
  "lunch-end": true,
  "break-end": true,
  transfer: true,
  out: false,
  "lunch-start": false,
  "break-start": false,
};

/** While somebody is in, each punch is a sign of life, whatever it means. */
function lookAtCheckIns(look: Look, shift: DayShift, every: number): void {
  let isIn = false;
  let last: CountedPunch | undefined;
  const goOn = (read: CountedPunch): void => {
    isIn = IS_IN[read.meaning] ?? isIn;
    last = read;
  };
  if (!shift.isStart) partBefore(look, shift).forEach(goOn);
  for (const read of shift.reads) {
    if (isIn && last !== undefined) lookAtSilence(look, [last, read], every);
    goOn(read);
  }
  const { passed } = look;
  if (!isIn || last === undefined || passed === null) return;
  if (!shift.isEnd || !isStillOpen(shift, passed)) return;
  const { at, punchId } = last.punch;
  if (excess(look, "check-in-due", secondsBetween(at, passed) - every) === null) return;
  const detail = `no punch since the last one, due every ${spellSeconds(every)}`;
  raise(look, "check-in-due", { detail, premature: true, punchIds: [punchId] });
}

function lookAtSilence(
  look: Look,
  [from, to]: readonly [CountedPunch, CountedPunch],
  every: number,
): void {
  const silent = secondsBetween(from.punch.at, to.punch.at);
  const seconds = excess(look, "check-in-due", silent - every);
  if (seconds === null) return;
  const premature = mayChange(look, to.punch.at, false);
  const punchIds = [from.punch.punchId, to.punch.punchId];
  const detail = `${spellSeconds(silent)} without a punch, due every ${spellSeconds(every)}`;
  raise(look, "check-in-due", { detail, premature, punchIds, seconds });
}

function partBefore(look: Look, { shiftId }: DayShift): readonly CountedPunch[] {
  const before = look.sheet.at(look.day.day - 1)?.shifts ?? [];
  return before.find((shift) => shift.shiftId === shiftId)?.reads ?? [];
}
