import { dateOf, dayOfDate } from "../civil-time.ts";
import type { RosterFact } from "../facts.ts";
import type { PlannedShift } from "../ledger.ts";
import { timeOfDaySchema } from "../rule-parts.ts";
import { type Mould, type Placement, plannedShift } from "./planned-shift.ts";
import type { ShiftTemplate } from "./template.ts";

type RosterShift = RosterFact["shifts"][number];

/** The roster that holds on each day: the one decided last. */
export function rostersByDay(rosters: readonly RosterFact[]): ReadonlyMap<number, RosterFact> {
  const byDay = new Map<number, RosterFact>();
  for (const roster of rosters) {
    const day = dayOfDate(roster.on);
    const known = byDay.get(day);
    if (known === undefined || isLater(roster, known)) byDay.set(day, roster);
  }
  return byDay;
}

const isLater = (a: RosterFact, b: RosterFact): boolean =>
  a.decidedAt !== b.decidedAt ? a.decidedAt > b.decidedAt : a.rosterId > b.rosterId;

export interface RosterPlans {
  readonly plans: readonly PlannedShift[];
  /** Why shifts of the roster were left out. */
  readonly problems: readonly string[];
}

/** The shifts of a roster. One that names no known template, or times that are none, is left out and named. */
export function shiftsOfRoster(
  roster: RosterFact,
  templates: ReadonlyMap<string, ShiftTemplate>,
  place: Pick<Placement, "zone" | "windows">,
): RosterPlans {
  const day = dayOfDate(roster.on);
  const plans: PlannedShift[] = [];
  const problems: string[] = [];
  for (const [index, shift] of roster.shifts.entries()) {
    const found = mouldOf(shift, templates);
    if (typeof found === "string") {
      problems.push(`shift ${index + 1} is left out: ${found}`);
      continue;
    }
    const { site, labels } = shift;
    const planId = `roster ${roster.rosterId} ${dateOf(day)} ${index}`;
    const plan = plannedShift(found.mould, {
      ...place,
      ...found,
      planId,
      day,
      isRostered: true,
      site,
      labels,
    });
    if (plan === null) problems.push(`shift ${index + 1} is left out: ${SKIPPED_HOUR}`);
    else plans.push(plan);
  }
  return { plans, problems };
}

const SKIPPED_HOUR = "the clock skips that time";

interface Found {
  readonly mould: Mould;
  readonly start: number | undefined;
  readonly end: number | undefined;
}

function mouldOf(
  shift: RosterShift,
  templates: ReadonlyMap<string, ShiftTemplate>,
): Found | string {
  const start = timeOf(shift.start);
  const end = timeOf(shift.end);
  if (start === null || start === 86_400) return `"${shift.start}" is no time a shift can start at`;
  if (end === null) return `"${shift.end}" is no time of day`;
  if (shift.template !== undefined) {
    const mould = templates.get(shift.template);
    return mould === undefined ? `no template is named "${shift.template}"` : { mould, start, end };
  }
  if (start === undefined || end === undefined) return "it names neither a template nor both times";
  const name = `${shift.start}-${shift.end}`;
  return { mould: { ...PLAIN, name, start, end }, start, end };
}

/** Undefined = none given, null = given and no time. */
function timeOf(text: string | undefined): number | null | undefined {
  if (text === undefined) return undefined;
  return timeOfDaySchema.safeParse(text).data ?? null;
}

const PLAIN: Omit<Mould, "name" | "start" | "end"> = {
  kind: "fixed",
  paid: null,
  breaks: [],
  core: null,
  plannedOn: "start",
  windows: {},
  zone: null,
  site: null,
  labels: {},
};
