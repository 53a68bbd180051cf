import { dateOf, type Weekday } from "../civil-time.ts";
import type { PlannedShift } from "../ledger.ts";
import type { RuleSet, Rules } from "../rules.ts";
import { type FoundHoliday, holidayCalendar } from "./holidays.ts";
import { plannedShift } from "./planned-shift.ts";
import { shiftsOf } from "./rota.ts";
import type { ScheduleRules } from "./rules.ts";
import { DAY_SECONDS, type ShiftTemplate, type Windows, wallSpan } from "./template.ts";

/** The schedule of a set of rules, ready to be asked day by day. */
export interface CompiledSchedule {
  readonly schedule: ScheduleRules;
  readonly zone: string;
  readonly templates: ReadonlyMap<string, ShiftTemplate>;
  /** No rota and no holiday; rosters may still plan by its templates. */
  readonly isEmpty: boolean;
  holidayOn(day: number): FoundHoliday | null;
  byRota(day: number): RotaShifts;
}

/** Made once for every set of rules, however many people have it. */
export function compiled(set: RuleSet): CompiledSchedule {
  let found = COMPILED.get(set);
  if (found === undefined) {
    const { schedule, zone } = set;
    const weekend: readonly Weekday[] = schedule.weekend;
    const asked = {
      schedule,
      zone,
      templates: new Map(schedule.templates.map((template) => [template.name, template])),
      isEmpty: schedule.rotas.length === 0 && schedule.holidays.length === 0,
      holidayOn: holidayCalendar(schedule.holidays, weekend),
    };
    found = { ...asked, byRota: remember((day) => rotaShifts(asked, day)) };
    COMPILED.set(set, found);
  }
  return found;
}
const COMPILED = new WeakMap<RuleSet, CompiledSchedule>();

export interface RotaShifts {
  readonly worked: readonly PlannedShift[];
  readonly freed: readonly PlannedShift[];
}
const NO_SHIFTS: RotaShifts = { worked: [], freed: [] };

/** What the rotas in force put on a day, and what of it its holiday cancels. */
function rotaShifts(on: Omit<CompiledSchedule, "byRota">, day: number): RotaShifts {
  const { schedule, templates, zone } = on;
  const worked: PlannedShift[] = [];
  const freed: PlannedShift[] = [];
  for (const rota of schedule.rotas) {
    for (const [index, name] of shiftsOf(rota, day).entries()) {
      const template = templates.get(name);
      if (template === undefined) continue;
      const planId = `rota ${rota.name} ${dateOf(day)} ${index}`;
      const { windows } = schedule;
      const plan = plannedShift(template, { planId, day, isRostered: false, zone, windows });
      if (plan === null) continue;
      const onHoliday = template.onHoliday ?? rota.onHoliday ?? schedule.onHoliday;
      const isFreed = onHoliday === "free" && on.holidayOn(day)?.cancels === true;
      (isFreed ? freed : worked).push(plan);
    }
  }
  return worked.length + freed.length === 0 ? NO_SHIFTS : { worked, freed };
}

const MOST_DAYS = 4000;

/** Remembers answers by day; `compute` gives the same one whenever it is asked. */
export function remember<T>(compute: (day: number) => T): (day: number) => T {
  const known = new Map<number, T>();
  return (day) => {
    let value = known.get(day);
    if (value === undefined) {
      value = compute(day);
      if (known.size >= MOST_DAYS) known.clear();
      known.set(day, value);
    }
    return value;
  };
}

/** No plan, with its windows, lies more UTC dates than this from its planned day. */
export const FARTHEST_DAYS = 3;

/** Zones lie up to 26 h apart, and a zone that moved over the date line has skipped a day. */
const ZONES_APART = 26 * 3600;
const SKIPPED = 26 * 3600;

/** How many days apart two planned days may be whose shifts, with their windows, can still touch. */
export function lookAround({ versions }: Rules, hasRosters: boolean): number {
  const zones = new Set<string>();
  const spans: WallSpan[] = [];
  for (const { set } of versions) {
    const { windows, templates } = set.schedule;
    zones.add(set.zone);
    if (hasRosters) spans.push(widened({ from: 0, to: 2 * DAY_SECONDS }, windows, {}));
    for (const template of templates) {
      zones.add(template.zone ?? set.zone);
      // a roster may give a template any times
      const first = template.plannedOn === "end" ? -DAY_SECONDS : 0;
      const span = hasRosters ? { from: first, to: 2 * DAY_SECONDS } : wallSpan(template);
      spans.push(widened(span, windows, template.windows));
    }
  }
  if (spans.length === 0) return 0;
  const length =
    Math.max(...spans.map(({ to }) => to)) - Math.min(...spans.map(({ from }) => from));
  const slack = SKIPPED + (zones.size > 1 ? ZONES_APART : 0);
  return Math.floor((length + slack) / DAY_SECONDS);
}

interface WallSpan {
  readonly from: number;
  readonly to: number;
}

function widened({ from, to }: WallSpan, all: Windows, own: ShiftTemplate["windows"]): WallSpan {
  return {
    from: from - (own.startBefore ?? all.startBefore),
    to: to + (own.stopAfter ?? all.stopAfter),
  };
}
