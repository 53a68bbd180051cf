import { createRandom } from "@clockleaf/hardware-sim/random.ts";
import type { EmployeeData } from "@clockleaf/shared/events/employee.ts";
import { punchIdOf } from "@clockleaf/shared/wire/punch.ts";
import { dateOf, dayOfDate, instantOf, weekdayOf } from "@clockleaf/shared/worktime/civil-time.ts";
import type { RuleBookInput } from "@clockleaf/shared/worktime/rule-book.ts";
import type { ClockPunch } from "../../cloud/attendance/decider.ts";
import { ZONE } from "./worktime-month.ts";
import { BENCH_POLICIES } from "./worktime-rules.ts";

/** The company behind `make bench ARGS="api"`: the same people and punches at every run. */
export const SITES = ["plant-1", "plant-2", "plant-3", "plant-4", "plant-5"] as const;
/** How many people there are whose history really happened; everybody else did the same under another name. */
export const MODELS = 10;
/** Half of the people punch their lunch. */
const PUNCHES_A_DAY = 3;
const MOST_PEOPLE = 5_000;
const PUNCHES_OF_ONE = 1_000;
const LAST = dayOfDate("2026-10-30");
const WEEK = 7;

export const RULES: RuleBookInput = {
  groups: { plant: BENCH_POLICIES },
  assignments: [{ to: "everyone", use: ["plant"], from: "2000-01-01" }],
};

export interface Company {
  readonly people: number;
  /** Epoch days on which is worked, oldest first. */
  readonly days: readonly number[];
}

/** As many people and days as make about so many punches. */
export function companyOf(punches: number): Company {
  const people = Math.min(MOST_PEOPLE, Math.max(2 * MODELS, Math.round(punches / PUNCHES_OF_ONE)));
  const wanted = Math.ceil(punches / (people * PUNCHES_A_DAY));
  const days: number[] = [];
  for (let day = LAST; days.length < wanted; day -= 1) if (isWorked(day)) days.push(day);
  return { people, days: days.toReversed() };
}

const isWorked = (day: number): boolean => weekdayOf(day) !== "sat" && weekdayOf(day) !== "sun";

/** `p00001` is the first. All are as long, so none is a part of another. */
export const idOf = (number: number): string => `p${String(number).padStart(5, "0")}`;
/** The number of the person whose history somebody has. */
export const modelOf = (number: number): number => ((number - 1) % MODELS) + 1;
export const gatewayOf = (site: string): string => `gate-${site}`;
const siteOf = (number: number): string => SITES[(number - 1) % SITES.length] ?? SITES[0];

export function personOf(number: number): EmployeeData {
  const employeeId = idOf(number);
  return {
    employeeId,
    email: `${employeeId}@example.org`,
    firstName: "Ada",
    lastName: `Example ${employeeId}`,
    departmentId: "assembly",
    managerId: null,
    jobTitle: "Fitter",
    startDate: "2020-01-01",
    employmentType: "full-time",
    status: "active",
    siteIds: [siteOf(number)],
  };
}

/** The days of each week by themselves, oldest first: what is stored at a time. */
export function weeksOf({ days }: Company): ReadonlyArray<readonly number[]> {
  return [...Map.groupBy(days, (day) => Math.floor((day - LAST) / WEEK)).values()];
}

/** What somebody punched on a day. Of the last day only a part, so that some are in, some on a break and some gone. */
export function punchesOn(number: number, day: number): ClockPunch[] {
  const random = createRandom(`api-${number}-${day}`);
  const isWithLunch = number > MODELS / 2;
  const begin = random.pick([6, 8]) * 3600 + random.int(-600, 600);
  const lunch = begin + 4 * 3600 + random.int(-900, 900);
  const end = begin + 8 * 3600 + random.int(0, 7_200);
  const times = isWithLunch ? [begin, lunch, lunch + random.int(20, 45) * 60, end] : [begin, end];
  const until = day === LAST ? 1 + (number % times.length) : times.length;
  return times
    .slice(0, until)
    .map((seconds, index) => punch(number, instantOf(day, seconds, ZONE), day * 4 + index));
}

function punch(number: number, at: number, row: number): ClockPunch {
  const site = siteOf(number);
  const gateway = gatewayOf(site);
  const time = {
    gatewayAtMs: at,
    monotonicMs: 0,
    bootId: "boot",
    uncertaintyMs: 5,
    deviceLocal: null,
  };
  return {
    at,
    zone: ZONE,
    punch: {
      // The epoch names the person, so that another person's punch gets another id by the name alone.
      punchId: punchIdOf(gateway, `epoch-${idOf(number)}`, row),
      site,
      gateway,
      reader: "door",
      badge: `number-${idOf(number)}`,
      time,
      hint: null,
      pin: "not-asked",
      verdict: "known",
    },
  };
}

/** The months in which is worked, oldest first, as first and last date. */
export function monthsOf({ days }: Company): ReadonlyArray<{ from: string; to: string }> {
  const months = [...new Set(days.map((day) => dateOf(day).slice(0, 7)))];
  return months.map((month) => ({ from: `${month}-01`, to: lastOf(month) }));
}

function lastOf(month: string): string {
  const [year = 0, number = 0] = month.split("-").map(Number);
  return new Date(Date.UTC(year, number, 0)).toISOString().slice(0, 10);
}
