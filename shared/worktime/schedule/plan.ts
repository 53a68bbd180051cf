import { dateOf, spell } from "../civil-time.ts";
import type { FactSet, RosterFact } from "../facts.ts";
import type { Holiday, PlannedShift, Reach } from "../ledger.ts";
import { type RuleSet, type Rules, rulesOn } from "../rules.ts";
import {
  type CompiledSchedule,
  compiled,
  FARTHEST_DAYS,
  lookAround,
  remember,
} from "./compiled.ts";
import { planText } from "./planned-shift.ts";
import { type RosterPlans, rostersByDay, shiftsOfRoster } from "./roster.ts";
import { DEFAULT_PREFERENCE, type Preference } from "./rules.ts";
import { byStart, clipped, overlapOf, withoutClashes } from "./windows.ts";

/** What a person is due to work, by day. */
export interface Plans {
  /** Nothing is planned on any day, and no day is a holiday. */
  readonly isEmpty: boolean;
  /** Planned for this day (epoch day), by start; open shifts as well. */
  on(day: number): readonly PlannedShift[];
  /** Those whose window (`acceptFrom` to `acceptTo`, both included) holds the instant: one binding shift at most, then open ones. */
  accepting(at: number): readonly PlannedShift[];
  holiday(day: number): Holiday | null;
  /** What would have been worked had the day's holiday not cancelled it. */
  freed(day: number): readonly PlannedShift[];
  /** What decides between plans for work that began on this day. */
  preference(day: number): readonly Preference[];
}

const NONE: readonly PlannedShift[] = [];

const NO_PLANS: Plans = {
  isEmpty: true,
  on: () => NONE,
  accepting: () => NONE,
  holiday: () => null,
  freed: () => NONE,
  preference: () => DEFAULT_PREFERENCE,
};

/**
 * A person's plans by rules and rosters, worked out when asked for and remembered. People without rosters who share rules
 * share their plans as well.
 */
export function createPlans(facts: FactSet, rules: Rules): Plans {
  if (facts.rosters.length > 0) return sourceOf(facts, rules);
  return isWithoutPlans(rules) ? NO_PLANS : sharedSource(rules);
}

const isWithoutPlans = ({ versions }: Rules): boolean =>
  versions.every(({ set }) => compiled(set).isEmpty);

export interface RosterProblem {
  readonly factIds: readonly string[];
  readonly on: string;
  readonly detail: string;
}

/** What is wrong with the rosters that hold: shifts nobody can make out, or that overlap others. By date. */
export function rosterProblems(facts: FactSet, rules: Rules): RosterProblem[] {
  return facts.rosters.length === 0 ? [] : sourceOf(facts, rules).problems();
}

/**
 * How many days from its own a roster may change plans: their windows, or whether they stand. Nothing else about plans
 * depends on other days.
 */
export const rosterReach = (rules: Rules): number => 2 * lookAround(rules, true);

/** A day's plans are made of rules and rosters alone and see no result of other days. */
export function scheduleReach(_rules: RuleSet): Reach {
  return { back: 0, ahead: 0 };
}

interface Source extends Plans {
  readonly rules: Rules;
  problems(): RosterProblem[];
}

/** Rosters of one set of facts are read once, whoever asks. */
function sourceOf(facts: FactSet, rules: Rules): Source {
  const known = SOURCES.get(facts);
  if (known?.rules === rules) return known;
  const source = createSource(rules, rostersByDay(facts.rosters));
  SOURCES.set(facts, source);
  return source;
}
const SOURCES = new WeakMap<FactSet, Source>();

/** Plans of who has no roster: the same for everybody with these rules, or with one set of them for ever. */
function sharedSource(rules: Rules): Source {
  const key = rules.versions.length === 1 ? rules.versions[0].set : rules;
  let source = SHARED.get(key);
  if (source === undefined) {
    source = createSource(rules, null);
    SHARED.set(key, source);
  }
  return source;
}
const SHARED = new WeakMap<Rules | RuleSet, Source>();

function createSource(rules: Rules, rosters: ReadonlyMap<number, RosterFact> | null): Source {
  const around = lookAround(rules, rosters !== null);
  const on = (day: number): CompiledSchedule => compiled(rulesOn(rules, day).set);
  const rostered = remember((day): RosterPlans | null => {
    const roster = rosters?.get(day);
    if (roster === undefined) return null;
    const { templates, schedule, zone } = on(day);
    return shiftsOfRoster(roster, templates, { zone, windows: schedule.windows });
  });
  const raw = (day: number): readonly PlannedShift[] =>
    rostered(day)?.plans ?? on(day).byRota(day).worked;
  const bindingAround = (day: number, reach: number): PlannedShift[] => {
    const found: PlannedShift[] = [];
    for (let near = day - reach; near <= day + reach; near += 1)
      for (const plan of raw(near)) if (plan.kind !== "open") found.push(plan);
    return found.toSorted(byStart);
  };
  const plansOn = remember((day): readonly PlannedShift[] => {
    const plans = raw(day);
    if (plans.length === 0) return NONE;
    const standing = withoutClashes(bindingAround(day, 2 * around));
    const result = plans.filter(({ kind }) => kind === "open");
    for (const [index, plan] of standing.entries()) {
      if (plan.day !== day) continue;
      const neighbours = { before: standing[index - 1], after: standing[index + 1] };
      result.push(clipped(plan, neighbours, (of) => on(of).schedule.handOver));
    }
    return result.toSorted(byStart);
  });
  const near = remember((utcDay) => plansNear(utcDay, plansOn));
  return {
    rules,
    isEmpty: false,
    on: plansOn,
    accepting: (at) => {
      const plans = near(Math.floor(at / DAY_MS));
      return plans.length === 0
        ? NONE
        : plans.filter(({ acceptFrom, acceptTo }) => acceptFrom <= at && at <= acceptTo);
    },
    holiday: (day) => on(day).holidayOn(day),
    freed: (day) => (rosters?.has(day) === true ? NONE : on(day).byRota(day).freed),
    preference: (day) => on(day).schedule.prefer,
    problems: () =>
      [...(rosters ?? [])]
        .toSorted(([a], [b]) => a - b)
        .flatMap(([day, { rosterId }]) => {
          const details = [
            ...(rostered(day)?.problems ?? []),
            ...clashesOf(raw(day), bindingAround(day, around), plansOn),
          ];
          return details.map((detail) => ({ factIds: [rosterId], on: dateOf(day), detail }));
        }),
  };
}

const isOpen = ({ kind }: PlannedShift): number => (kind === "open" ? 1 : 0);

/** Plans whose windows reach into a UTC date, binding ones first. */
function plansNear(
  utcDay: number,
  on: (day: number) => readonly PlannedShift[],
): readonly PlannedShift[] {
  const fromAt = utcDay * DAY_MS;
  const found: PlannedShift[] = [];
  for (let day = utcDay - FARTHEST_DAYS; day <= utcDay + FARTHEST_DAYS; day += 1) {
    for (const plan of on(day))
      if (plan.acceptTo >= fromAt && plan.acceptFrom < fromAt + DAY_MS) found.push(plan);
  }
  return found.length === 0
    ? NONE
    : found.toSorted((a, b) => isOpen(a) - isOpen(b) || byStart(a, b));
}

/** Overlaps of a roster's shifts, each told once: on the day of the later one if both are of rosters. */
function clashesOf(
  plans: readonly PlannedShift[],
  around: readonly PlannedShift[],
  on: (day: number) => readonly PlannedShift[],
): string[] {
  const isOut = (plan: PlannedShift): boolean =>
    on(plan.day).every(({ planId }) => planId !== plan.planId);
  const details: string[] = [];
  for (const plan of plans) {
    if (plan.kind === "open") continue;
    for (const other of around) {
      if (other === plan || (other.isRostered === true && byStart(plan, other) < 0)) continue;
      const overlap = overlapOf(plan, other);
      if (overlap === 0) continue;
      const left = [plan, other].filter(isOut).map(planText);
      const end = left.length === 0 ? "" : `; ${left.join(" and ")} is left out`;
      details.push(`${planText(plan)} overlaps ${planText(other)} by ${spell(overlap)}${end}`);
    }
  }
  return details;
}

const DAY_MS = 86_400_000;
