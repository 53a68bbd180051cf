import { dayOfDate, localText } from "@clockleaf/shared/worktime/civil-time.ts";
import { factSetOf, type RosterFact } from "@clockleaf/shared/worktime/facts.ts";
import type { PlannedShift } from "@clockleaf/shared/worktime/ledger.ts";
import { constantRules, type RuleSet } from "@clockleaf/shared/worktime/rules.ts";
import { createPlans, type Plans } from "@clockleaf/shared/worktime/schedule/plan.ts";
import type { scheduleRulesSchema } from "@clockleaf/shared/worktime/schedule/rules.ts";
import type { z } from "zod";
import { ruleSet } from "./worktime.ts";

// Short spellings for tests of what is planned.

export type ScheduleInput = z.input<typeof scheduleRulesSchema>;
export type TemplateInput = NonNullable<ScheduleInput["templates"]>[number];
export type RotaInput = NonNullable<ScheduleInput["rotas"]>[number];
export type HolidayInput = NonNullable<ScheduleInput["holidays"]>[number];

export const EARLY: TemplateInput = { name: "Early", start: "06:00", end: "14:00" };
export const LATE: TemplateInput = { name: "Late", start: "14:00", end: "22:00" };
export const NIGHT: TemplateInput = { name: "Night", start: "22:00", end: "06:00" };

export const scheduleOf = (schedule: ScheduleInput, zone = "UTC"): RuleSet =>
  ruleSet({ zone, schedule });

export function roster(
  on: string,
  shifts: RosterFact["shifts"],
  more: Partial<RosterFact> = {},
): RosterFact {
  return { kind: "roster", rosterId: `r-${on}`, decidedAt: 1000, on, shifts, ...more };
}

export const plansOf = (set: RuleSet, rosters: readonly RosterFact[] = []): Plans =>
  createPlans(factSetOf(rosters), constantRules(set));

/** Every day the one template, from an anchor on. */
export const daily = (template: TemplateInput, more: Partial<RotaInput> = {}): ScheduleInput => ({
  templates: [template],
  rotas: [
    {
      kind: "cycle",
      name: "Daily",
      anchor: "2026-01-01",
      days: [template.name],
      ...more,
    } as RotaInput,
  ],
});

export const on = (plans: Plans, date: string): readonly PlannedShift[] =>
  plans.on(dayOfDate(date));

/** `Night 2026-10-24T22:00+02:00 2026-10-25T06:00+01:00` */
export const shown = ({ name, startAt, endAt, zone }: PlannedShift): string =>
  `${name} ${minute(startAt, zone)} ${minute(endAt, zone)}`;

/** The windows: from, to (included). */
export const windowOf = ({ acceptFrom, acceptTo, zone }: PlannedShift): string =>
  `${clock(acceptFrom, zone)}-${clock(acceptTo, zone)}`;

const minute = (at: number, zone: string): string =>
  localText(at, zone).replace(":00+", "+").replace(":00-", "-");

const clock = (at: number, zone: string): string => localText(at, zone).slice(11, 19);

/** A letter a day: the first of each shift's name, `-` = free, several = a split shift in brackets. */
export function pattern(plans: Plans, from: string, days: number): string {
  const first = dayOfDate(from);
  let text = "";
  for (let day = first; day < first + days; day += 1) {
    const letters = plans.on(day).map(({ name }) => name[0]);
    text +=
      letters.length === 0
        ? "-"
        : letters.length === 1
          ? letters.join("")
          : `(${letters.join("")})`;
  }
  return text;
}
