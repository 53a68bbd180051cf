import { z } from "zod";
import {
  dateOf,
  dayOfDate,
  WEEKDAYS,
  type Weekday,
  weekdayOf,
  weekdaySchema,
  weekStart,
} from "../civil-time.ts";
import { policyNameSchema, weekdaysSchema } from "../rule-parts.ts";
import { onHolidaySchema } from "./template.ts";

// Which shifts come round on which days.

const civilDate = z.iso.date().meta({ unit: "date" });
const MOST_SHIFTS = 8;
const template = z.string().trim().min(1).max(64).meta({ unit: "name" });

const common = {
  name: policyNameSchema.describe("What reasons call the rota"),
  from: civilDate.nullable().default(null).describe("First day it holds; null = always did"),
  until: civilDate.nullable().default(null).describe("Last day it holds; null = for ever"),
  onHoliday: onHolidaySchema
    .nullable()
    .default(null)
    .describe("Whether a holiday cancels its shifts. Null = as `schedule.onHoliday` says"),
};

const dayPlanSchema = z
  .union([template, z.array(template).max(MOST_SHIFTS), z.null()])
  .transform((entry): readonly string[] =>
    entry === null ? [] : typeof entry === "string" ? [entry] : entry,
  );

const cycleSchema = z.strictObject({
  kind: z.literal("cycle").describe("A row of days that begins again when it is through"),
  ...common,
  anchor: civilDate.describe("A date on which the row begins; other crews have other ones"),
  days: z
    .array(dayPlanSchema)
    .min(1, "a cycle has at least one day")
    .max(400)
    .describe("For each day the name of a template, several for a split shift, null = free"),
});

const weekdaysRotaSchema = z.strictObject({
  kind: z.literal("weekdays").describe("Named days of the week"),
  ...common,
  every: weekdaysSchema.describe("The days of the week worked"),
  shifts: z
    .array(template)
    .min(1)
    .max(MOST_SHIFTS)
    .describe("Names of the templates worked on each of them; several = a split shift"),
  weeks: z.int().min(1).max(53).default(1).describe("Only every so many weeks. Weeks"),
  anchor: civilDate
    .nullable()
    .default(null)
    .describe("A date in a week that counts; needed if `weeks` is more than one"),
  weekStart: weekdaySchema.default("mon").describe("Day on which a week begins"),
  ofMonth: z
    .array(z.int().min(-5).max(5))
    .max(10)
    .default([])
    .describe("Only the first (1), second (2), last (-1) … such weekday of the month; none = all"),
});

export const rotaSchema = z
  .discriminatedUnion("kind", [cycleSchema, weekdaysRotaSchema])
  .superRefine((rota, context) => {
    const refuse = (path: PropertyKey[], message: string): void => {
      context.addIssue({ code: "custom", path, message, input: rota });
    };
    if (rota.from !== null && rota.until !== null && rota.until < rota.from)
      refuse(["until"], `ends on ${rota.until}, before it begins on ${rota.from}`);
    if (rota.kind === "cycle") return;
    if (rota.weeks > 1 && rota.anchor === null)
      refuse(["anchor"], `every ${rota.weeks} weeks: say in which week it begins`);
    if (rota.ofMonth.includes(0)) refuse(["ofMonth"], "no weekday is number 0 of its month");
  });
export type Rota = z.output<typeof rotaSchema>;

const FREE: readonly string[] = [];

/** Names of the templates a rota puts on a day. */
export function shiftsOf(rota: Rota, day: number): readonly string[] {
  if (rota.from !== null && day < dayOfDate(rota.from)) return FREE;
  if (rota.until !== null && day > dayOfDate(rota.until)) return FREE;
  if (rota.kind === "weekdays") return isWeekdayOf(rota, day) ? rota.shifts : FREE;
  const { length } = rota.days;
  const index = (day - dayOfDate(rota.anchor)) % length;
  return rota.days[index < 0 ? index + length : index] ?? FREE;
}

function isWeekdayOf(rota: Extract<Rota, { kind: "weekdays" }>, day: number): boolean {
  const { every, weeks, anchor, ofMonth } = rota;
  if (!every.includes(weekdayOf(day))) return false;
  const isInTurn =
    weeks === 1 ||
    anchor === null ||
    weeksBetween(dayOfDate(anchor), day, rota.weekStart) % weeks === 0;
  return (
    isInTurn &&
    (ofMonth.length === 0 || placesInMonth(day).some((place) => ofMonth.includes(place)))
  );
}

const weeksBetween = (from: number, to: number, startsOn: Weekday): number =>
  (weekStart(to, startsOn) - weekStart(from, startsOn)) / 7;

/** Which such weekday of its month a day is, from the front and from the back: 1 and -4, say. */
function placesInMonth(day: number): readonly [number, number] {
  const [year = 0, month = 1, date = 1] = dateOf(day).split("-").map(Number);
  return [Math.ceil(date / 7), -Math.ceil((daysInMonth(year, month) - date + 1) / 7)];
}

export function daysInMonth(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}

/** Days in a row as a rota may bring them, and whether the last is followed by the first. */
export function sequenceOf(rota: Rota): { days: readonly (readonly string[])[]; isRound: boolean } {
  if (rota.kind === "cycle") return { days: rota.days, isRound: true };
  const first = WEEKDAYS.indexOf(rota.weekStart);
  const week = [...WEEKDAYS.slice(first), ...WEEKDAYS.slice(0, first)];
  const days = week.map((weekday) => (rota.every.includes(weekday) ? rota.shifts : FREE));
  // of places in the month nothing is known but that they come on such days
  return { days, isRound: rota.weeks === 1 && rota.ofMonth.length === 0 };
}
