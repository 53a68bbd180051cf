import { dateOf, dayOfDate, instantOf, localText } from "@clockleaf/shared/worktime/civil-time.ts";
import { factSetOf, type Labels } from "@clockleaf/shared/worktime/facts.ts";
import type {
  Day,
  DayResult,
  DayShift,
  MealFinding,
  PlannedShift,
  Sheet,
  Tile,
} from "@clockleaf/shared/worktime/ledger.ts";
import { createOvertime } from "@clockleaf/shared/worktime/overtime/overtime.ts";
import { premiumsOf } from "@clockleaf/shared/worktime/premiums/premiums.ts";
import type { RuleSet, ruleSetSchema } from "@clockleaf/shared/worktime/rules.ts";
import type { Premium } from "@clockleaf/shared/worktime/workday.ts";
import type { z } from "zod";
import { ruleSet } from "./worktime.ts";

// Days with several shifts each, written short, and what premium rules add to them.

export type RulesInput = z.input<typeof ruleSetSchema>;
export type PremiumInput = NonNullable<NonNullable<RulesInput["premiums"]>["policies"]>[number];

export interface ShiftText {
  /** `22:00-23:30 23:30-23:45/break 23:45-06:00@bar`: a time before the last one is on the next day; `@` = the branch. */
  readonly tiles: string;
  /** `06:00-14:00` or `early 06:00-14:00`. */
  readonly plan?: string;
  readonly meals?: readonly MealText[];
  readonly more?: Partial<DayShift>;
}
export interface MealText {
  readonly kind: MealFinding["kind"];
  readonly what: MealFinding["what"];
  readonly at: string;
  readonly policy?: string;
}

export interface DayIn {
  readonly on: string;
  readonly shifts?: ReadonlyArray<ShiftText | string>;
  /** Planned beside those of the shifts. */
  readonly plans?: readonly string[];
  readonly holiday?: string;
  readonly calendar?: string;
}

/** A sheet from the first date to the last one. */
export function premiumSheet(days: readonly DayIn[], rules: RuleSet): Sheet {
  const byDay = new Map(days.map((day) => [dayOfDate(day.on), day]));
  const first = Math.min(...byDay.keys());
  const last = Math.max(...byDay.keys());
  const list: Day[] = [];
  for (let day = first; day <= last; day += 1) {
    list.push(dayFrom(byDay.get(day) ?? { on: dateOf(day) }, rules));
  }
  return { facts: factSetOf([]), days: list, at: (day) => list[day - first] };
}

/** The premiums of each day, with the claims that the overtime rules make. */
export function premiumsOfSheet(sheet: Sheet): Premium[][] {
  const overtime = createOvertime(sheet);
  const first = sheet.days[0]?.day ?? 0;
  const results: DayResult[] = sheet.days.map((day) => ({
    day,
    credits: [],
    claims: overtime(day, []),
    premiums: [],
  }));
  const resultAt = (day: number): DayResult | undefined => results[day - first];
  return results.map((result, index) => {
    const premiums = premiumsOf(result.day, result.claims, { sheet, resultAt });
    results[index] = { ...result, premiums };
    return premiums;
  });
}

const ZONE = "Europe/Berlin";

export function premiumsOn(
  days: readonly DayIn[],
  policies: readonly PremiumInput[],
  more: RulesInput = {},
): Premium[][] {
  const { premiums, ...others } = more;
  const rules = ruleSet({
    zone: ZONE,
    ...others,
    premiums: { ...premiums, policies: [...policies] },
  });
  return premiumsOfSheet(premiumSheet(days, rules));
}

/** `Night 22:00-06:00 8:00` for time, `Call @22:00 2:00` for what is credited; each on the wall clock of `zone`. */
export const spelled = (premiums: readonly Premium[], zone = ZONE): string =>
  premiums
    .map(({ policy, fromAt, toAt, seconds }) =>
      fromAt === toAt
        ? `${policy} @${clock(fromAt, zone)} ${length(seconds)}`
        : `${policy} ${clock(fromAt, zone)}-${clock(toAt, zone)} ${length(seconds)}`,
    )
    .join(", ");

/** What the policies pay for one day. */
export const paidFor = (day: DayIn, ...policies: PremiumInput[]): string =>
  spelled(premiumsOn([day], policies)[0] ?? []);

const clock = (at: number, zone: string): string =>
  localText(at, zone).slice(11, 19).replace(/:00$/, "");

export function length(seconds: number): string {
  const text = `${Math.floor(seconds / 3600)}:${pad(Math.floor(seconds / 60) % 60)}`;
  return seconds % 60 === 0 ? text : `${text}:${pad(seconds % 60)}`;
}

const pad = (value: number): string => String(value).padStart(2, "0");

function dayFrom(text: DayIn, rules: RuleSet): Day {
  const day = dayOfDate(text.on);
  const shifts = (text.shifts ?? []).map((each, index) =>
    shiftFrom(typeof each === "string" ? { tiles: each } : each, { day, index, rules }),
  );
  const plans = (text.plans ?? []).map((plan) => planFrom(plan, day, rules.zone));
  return {
    day,
    on: text.on,
    zone: rules.zone,
    rules,
    groups: [],
    plans: [...plans, ...shifts.flatMap(({ plan }) => plan ?? [])],
    absences: [],
    approvals: [],
    holiday:
      text.holiday === undefined ? null : { name: text.holiday, calendar: text.calendar ?? "test" },
    shifts,
    tiles: shifts.flatMap(({ tiles }) => tiles),
    roundedUp: null,
  };
}

function shiftFrom(
  text: ShiftText,
  { day, index, rules }: { day: number; index: number; rules: RuleSet },
): DayShift {
  const shiftId = text.more?.shiftId ?? `${dateOf(day)} #${index}`;
  const zone = text.more?.zone ?? rules.zone;
  const tiles = tilesFrom(text.tiles, { day, zone, shiftId });
  return {
    shiftId,
    reads: [],
    tiles,
    meals: (text.meals ?? []).map(({ kind, what, at, policy }) => ({
      kind,
      policy: policy ?? "Meal",
      what,
      at: instantOf(day, secondsOf(at), zone),
      seconds: 0,
      punchIds: [`${at} finding`],
      detail: what,
    })),
    assumedOut: null,
    startAt: tiles[0]?.fromAt ?? instantOf(day, 0, zone),
    zone,
    rules,
    plan: text.plan === undefined ? null : planFrom(text.plan, day, zone),
    phase: "out",
    isLast: false,
    isOverrun: false,
    isStart: true,
    isEnd: true,
    ...text.more,
  };
}

function tilesFrom(
  text: string,
  { day, zone, shiftId }: { day: number; zone: string; shiftId: string },
): Tile[] {
  let last = 0;
  const instant = (time: string): { at: number; id: string } => {
    let seconds = secondsOf(time);
    while (seconds < last) seconds += 86_400;
    last = seconds;
    return { at: instantOf(day, seconds, zone), id: `${dateOf(day)} ${time}` };
  };
  return text
    .split(" ")
    .filter((each) => each !== "")
    .map((each) => {
      const [, from = "", to = "", kind = "work", paid, branch] =
        /^([\d:]+)-([\d:]+)(?:\/(lunch|break|deduction)(-paid)?)?(?:@(\w+))?$/.exec(each) ?? [];
      const start = instant(from);
      const end = instant(to);
      const labels: Labels = branch === undefined ? {} : { branch };
      return {
        kind: kind as Tile["kind"],
        fromAt: start.at,
        toAt: end.at,
        isPaid: kind === "work" || paid !== undefined,
        labels,
        punchIds: [start.id, end.id],
        policy: "every-pair",
        reason: each,
        shiftId,
      };
    });
}

function planFrom(text: string, day: number, zone: string): PlannedShift {
  const [times = "", name = "plan"] = text.split(" ").toReversed();
  const [from = "", to = ""] = times.split("-");
  const start = secondsOf(from);
  const end = secondsOf(to) > start ? secondsOf(to) : secondsOf(to) + 86_400;
  const startAt = instantOf(day, start, zone);
  const endAt = instantOf(day, end, zone);
  return {
    planId: `${dateOf(day)} ${text}`,
    name,
    day,
    kind: "fixed",
    startAt,
    endAt,
    zone,
    seconds: (endAt - startAt) / 1000,
    acceptFrom: startAt - 3_600_000,
    acceptTo: endAt + 3_600_000,
    core: null,
    breaks: [],
    site: null,
    labels: {},
  };
}

function secondsOf(time: string): number {
  const [hours = 0, minutes = 0, seconds = 0] = time.split(":").map(Number);
  return hours * 3600 + minutes * 60 + seconds;
}
