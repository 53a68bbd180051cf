import { dateOf, dayOfDate, instantOf } from "@clockleaf/shared/worktime/civil-time.ts";
import {
  type AbsenceFact,
  type ApprovalFact,
  type CorrectionFact,
  type Fact,
  factSetOf,
  type Labels,
  type PunchFact,
} from "@clockleaf/shared/worktime/facts.ts";
import type {
  Day,
  DayShift,
  PlannedShift,
  Sheet,
  Shift,
  Tile,
} from "@clockleaf/shared/worktime/ledger.ts";
import { resolvePunches } from "@clockleaf/shared/worktime/punches/corrections.ts";
import { groupShifts } from "@clockleaf/shared/worktime/punches/shifts.ts";
import { constantRules, type RuleSet, ruleSetSchema } from "@clockleaf/shared/worktime/rules.ts";
import { createPlans } from "@clockleaf/shared/worktime/schedule/plan.ts";
import type { z } from "zod";

// Short spellings for tests of the working-time engine.

export const ruleSet = (input: z.input<typeof ruleSetSchema> = {}): RuleSet =>
  ruleSetSchema.parse(input);

/** `2026-01-12T08:00+01:00 in` → a punch fact; the id is the text, so that failures read well. */
export function punch(text: string, more: Partial<PunchFact> = {}): PunchFact {
  const [time = "", hint] = text.split(" ");
  return {
    kind: "punch",
    punchId: text,
    at: Date.parse(time),
    hint: (hint ?? null) as PunchFact["hint"],
    site: "hq",
    reader: "door",
    zone: null,
    ...more,
  };
}

/** Punches of 2026-01-12, a Monday, in UTC: `08:00 in`; from `24:00` on those of the days after. */
export function monday(...texts: readonly string[]): PunchFact[] {
  return texts.map((text) => {
    const [clock = "", hint] = text.split(" ");
    const [hours = 0, minutes = 0, seconds = 0] = clock.split(":").map(Number);
    const at = Date.parse("2026-01-12T00:00Z") + ((hours * 60 + minutes) * 60 + seconds) * 1000;
    return punch(text, { at, hint: (hint ?? null) as PunchFact["hint"] });
  });
}

/** The same punches, made elsewhere or otherwise. */
export function altered(facts: readonly PunchFact[], more: Partial<PunchFact>): PunchFact[] {
  const result: PunchFact[] = [];
  for (const fact of facts) result.push({ ...fact, ...more });
  return result;
}

/** A correction decided on 2026-02-01; ids of punches made by `monday` are their texts. */
export const correction = (
  correctionId: string,
  change: CorrectionFact["change"],
  more: Partial<CorrectionFact> = {},
): CorrectionFact => ({
  kind: "correction",
  correctionId,
  decidedAt: Date.parse("2026-02-01T00:00Z"),
  reason: "forgotten",
  by: "anna",
  change,
  ...more,
});

/** The shifts that facts make: corrections resolved, plans looked up, every punch read. */
export function shiftsOf(
  facts: readonly Fact[],
  input: z.input<typeof ruleSetSchema> = {},
): Shift[] {
  const rules = constantRules(ruleSet(input));
  const set = factSetOf(facts);
  return groupShifts(resolvePunches(set).punches, rules, createPlans(set, rules));
}

/** What the punches of each shift mean: `in out`. */
export const meaningsOf = (
  facts: readonly Fact[],
  input: z.input<typeof ruleSetSchema> = {},
): string[] =>
  shiftsOf(facts, input).map(({ reads }) => reads.map(({ meaning }) => meaning).join(" "));

export interface DayText {
  readonly on: string;
  /** `08:00-12:00` (work), `12:00-12:30 lunch`, `22:00-06:00` (over midnight), `12:00-12:15 break paid`. */
  readonly tiles?: readonly string[];
  readonly labels?: Labels;
  readonly plans?: readonly PlannedShift[];
  readonly absences?: readonly AbsenceFact[];
  readonly approvals?: readonly ApprovalFact[];
  readonly holiday?: string;
  readonly more?: Partial<Day>;
}

/** A sheet of every date from the first to the last one named, for testing one stage alone. Its shifts have no reads. */
export function sheetOf(
  texts: readonly DayText[],
  rules: RuleSet,
  facts: readonly Fact[] = [],
): Sheet {
  const byDay = new Map(texts.map((text) => [dayOfDate(text.on), text]));
  const first = Math.min(...byDay.keys());
  const last = Math.max(...byDay.keys());
  const days: Day[] = [];
  for (let day = first; day <= last; day += 1) {
    days.push(dayFrom(byDay.get(day) ?? { on: dateOf(day) }, rules));
  }
  return { facts: factSetOf(facts), days, at: (day) => days[day - first] };
}

function dayFrom(text: DayText, rules: RuleSet): Day {
  const day = dayOfDate(text.on);
  const tiles = (text.tiles ?? []).map((tile) => tileFrom(tile, { day, rules, text }));
  return {
    day,
    on: text.on,
    zone: rules.zone,
    rules,
    groups: [],
    plans: text.plans ?? [],
    absences: text.absences ?? [],
    approvals: text.approvals ?? [],
    holiday: text.holiday === undefined ? null : { name: text.holiday, calendar: "test" },
    shifts: tiles.length === 0 ? [] : [shiftFrom(tiles, rules)],
    tiles,
    roundedUp: null,
    ...text.more,
  };
}

const seconds = (clock: string): number => {
  const [h = 0, m = 0, s = 0] = clock.split(":").map(Number);
  return h * 3600 + m * 60 + s;
};

export function tileFrom(
  spec: string,
  { day, rules, text }: { day: number; rules: RuleSet; text?: Pick<DayText, "labels"> },
): Tile {
  const [, from = "", to = "", kind = "work", paid] =
    /^([\d:]+)-([\d:]+)(?: (work|lunch|break|deduction))?(?: (paid))?$/.exec(spec) ?? [];
  const fromAt = instantOf(day, seconds(from), rules.zone);
  const late = seconds(to) <= seconds(from) ? 86_400 : 0;
  return {
    kind: kind as Tile["kind"],
    fromAt,
    toAt: instantOf(day, seconds(to) + late, rules.zone),
    isPaid: kind === "work" || paid === "paid",
    labels: text?.labels ?? {},
    punchIds: [`${dateOf(day)} ${from}`, `${dateOf(day)} ${to}`],
    policy: "every-pair",
    reason: spec,
    shiftId: dateOf(day),
  };
}

function shiftFrom(tiles: readonly Tile[], rules: RuleSet): DayShift {
  const startAt = tiles[0]?.fromAt ?? 0;
  return {
    shiftId: tiles[0]?.shiftId ?? "",
    reads: [],
    tiles,
    meals: [],
    assumedOut: null,
    startAt,
    zone: rules.zone,
    rules,
    plan: null,
    phase: "out",
    isLast: false,
    isOverrun: false,
    isStart: true,
    isEnd: true,
  };
}
