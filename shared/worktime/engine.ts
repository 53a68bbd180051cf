import { absencesReach, creditsOf } from "./absences/absences.ts";
import { assemble } from "./assemble.ts";
import { dayOfDate } from "./civil-time.ts";
import { exceptionsOf, exceptionsReach } from "./exceptions/exceptions.ts";
import type { Fact } from "./facts.ts";
import { type Day, type DayResult, type Reach, type Sheet, secondsOf } from "./ledger.ts";
import { createOvertime, overtimeReach } from "./overtime/overtime.ts";
import { premiumsOf, premiumsReach } from "./premiums/premiums.ts";
import type { RuleSet, Rules } from "./rules.ts";
import { scheduleReach } from "./schedule/plan.ts";
import { type Ledger, readLedger, sheetOf } from "./sheet.ts";
import { candidates, touchedDays } from "./touched.ts";
import {
  type Claim,
  emptyWorkday,
  isEmptyWorkday,
  isSameWorkday,
  type Workday,
} from "./workday.ts";

/** Civil dates, both included. */
export interface DateRange {
  readonly fromOn: string;
  readonly toOn: string;
}

/**
 * One person's workdays in `range`, oldest first; a day on which nothing is, is left out. Pure and total: the same set of
 * facts gives the same days in whatever order, batches or repetition they come, and a fault in one day becomes a
 * `rule-fault` exception on that day and touches no other.
 */
export function computeWorkdays(facts: Iterable<Fact>, rules: Rules, range: DateRange): Workday[] {
  const ledger = readLedger(facts, rules);
  return workdaysOn(ledger, candidates(ledger, dayOfDate(range.fromOn), dayOfDate(range.toOn)));
}

/**
 * The days that `added` changes, as they are now; a day on which nothing is left comes back empty. Putting these over the
 * days of `existing` equals computing everything again.
 */
export function recompute(
  existing: Iterable<Fact>,
  added: Iterable<Fact>,
  rules: Rules,
): Workday[] {
  const before = [...existing];
  const old = readLedger(before, rules);
  const now = readLedger([...before, ...added], rules);
  const days = touchedDays(old, now, reachOf(rules));
  return changed(workdaysOn(old, days), workdaysOn(now, days));
}

/** The dates whose workday a new fact changes, oldest first. */
export function affectedDays(existing: Iterable<Fact>, fact: Fact, rules: Rules): string[] {
  return recompute(existing, [fact], rules).map((day) => day.workdayOn);
}

/** The days in `range` that other rules change, as they are under the new ones. */
export function recomputeUnder(
  facts: Iterable<Fact>,
  { before, after }: { readonly before: Rules; readonly after: Rules },
  range: DateRange,
): Workday[] {
  const known = [...facts];
  return changed(computeWorkdays(known, before, range), computeWorkdays(known, after, range));
}

function changed(old: readonly Workday[], now: readonly Workday[]): Workday[] {
  const was = new Map(old.map((day) => [day.workdayOn, day]));
  const result: Workday[] = [];
  for (const day of now) {
    const before = was.get(day.workdayOn);
    was.delete(day.workdayOn);
    if (before === undefined || !isSameWorkday(before, day)) result.push(day);
  }
  for (const gone of was.values()) result.push(emptyWorkday(gone.workdayOn, gone.zone));
  return result.toSorted((a, b) => (a.workdayOn < b.workdayOn ? -1 : 1));
}

/**
 * How far a day's result depends on other days. Where rules change, a period of the new ones may look back into a period
 * of the old ones, and through as many changes as lie close together.
 */
function reachOf(rules: Rules): Reach {
  const known = REACHES.get(rules);
  if (known !== undefined) return known;
  const reaches = rules.versions.map(({ set }) => reachOfSet(set));
  const back = Math.max(...reaches.map((reach) => reach.back));
  const ahead = Math.max(...reaches.map((reach) => reach.ahead));
  const links = mostChangesTogether(rules, back + ahead);
  const reach = { back: back * (links + 1), ahead: ahead * (links + 1) };
  REACHES.set(rules, reach);
  return reach;
}
const REACHES = new WeakMap<Rules, Reach>();

/** The longest run of rule changes no further apart than `near` days. */
function mostChangesTogether({ versions }: Rules, near: number): number {
  let most = 0;
  let run = 0;
  for (const [index, { from }] of versions.entries()) {
    if (index === 0) continue;
    const before = index === 1 ? Number.NEGATIVE_INFINITY : (versions[index - 1]?.from ?? from);
    run = from - before <= near ? run + 1 : 1;
    most = Math.max(most, run);
  }
  return most;
}

/** Each stage builds on the one before it, so their reaches add up. */
function reachOfSet(set: RuleSet): Reach {
  const stages = [scheduleReach, absencesReach, overtimeReach, premiumsReach, exceptionsReach];
  let back = 0;
  let ahead = 0;
  for (const stage of stages) {
    const reach = stage(set);
    back += reach.back;
    ahead += reach.ahead;
  }
  return { back, ahead };
}

/** Days (ascending) of one ledger. Days near each other share a sheet, which begins and ends as far off as rules can see. */
function workdaysOn(ledger: Ledger, days: readonly number[]): Workday[] {
  const reach = reachOf(ledger.rules);
  const result: Workday[] = [];
  let index = 0;
  while (index < days.length) {
    const cluster = clusterFrom(days, index, reach);
    index += cluster.length;
    const [first = 0] = cluster;
    const last = cluster.at(-1) ?? first;
    const sheet = sheetOf(ledger, first - reach.back, last + reach.ahead);
    for (const day of workdaysOfSheet(sheet, cluster)) if (!isEmptyWorkday(day)) result.push(day);
  }
  return result;
}

function clusterFrom(days: readonly number[], start: number, { back, ahead }: Reach): number[] {
  let end = start + 1;
  while (end < days.length && (days[end] ?? 0) - (days[end - 1] ?? 0) <= back + ahead + 1) end += 1;
  return days.slice(start, end);
}

function workdaysOfSheet(sheet: Sheet, wanted: readonly number[]): Workday[] {
  const first = sheet.days[0]?.day ?? 0;
  const faults = new Map<number, string[]>();
  const guard = <T>(day: Day, fallback: T, stage: () => T): T => {
    try {
      return stage();
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      faults.set(day.day, [...(faults.get(day.day) ?? []), why]);
      return fallback;
    }
  };
  const overtime = createOvertime(sheet);
  const results: DayResult[] = [];
  for (const day of sheet.days) {
    const credits = guard(day, [], () => creditsOf(day, sheet));
    const claims = guard(day, regularOnly(day), () => overtime(day, credits));
    results.push({ day, credits, claims, premiums: [] });
  }
  const context = { sheet, resultAt: (day: number) => results[day - first] };
  for (const [index, result] of results.entries()) {
    const { day, claims } = result;
    const premiums = guard(day, [], () => premiumsOf(day, claims, context));
    if (premiums.length > 0) results[index] = { ...result, premiums };
  }
  return wanted.flatMap((number) => {
    const result = results[number - first];
    if (result === undefined) return [];
    const exceptions = guard(result.day, [], () => exceptionsOf(result, context));
    return [assemble(result, { exceptions, faults: faults.get(number) ?? [], sheet })];
  });
}

/** What a day whose overtime could not be decided counts as: nothing of it is lost. */
function regularOnly(day: Day): Claim[] {
  return day.tiles
    .filter((tile) => tile.isPaid)
    .map((tile) => ({
      class: "regular",
      code: "REG",
      rate: 1,
      fromAt: tile.fromAt,
      toAt: tile.toAt,
      seconds: secondsOf(tile),
      approval: "not-needed",
      labels: tile.labels,
      punchIds: [...tile.punchIds],
      policy: "regular",
      reason: "regular time",
    }));
}
