import { dateOf, dayOfDate } from "@clockleaf/shared/worktime/civil-time.ts";
import type { Workday } from "@clockleaf/shared/worktime/workday.ts";
import fc from "fast-check";

// What histories of people are about: the days and places they lie in, and what each says must be left of it.
export const FIRST_ON = "2026-12-24"; // the span lies over the end of a year with 53 weeks
export const SPAN_DAYS = 14;
export const DEPARTMENTS = ["assembly", "paint", "office"] as const;
export const SITES = ["hq", "plant"] as const;

export interface Told {
  readonly domain: "attendance" | "employee";
  readonly type: string;
  readonly data: object;
  readonly atMs: number;
}

/** Of one person. */
export interface History {
  readonly employeeId: string;
  /** In the order of the person's aggregates. */
  readonly told: readonly Told[];
  /** The check-ins that stand in the end. */
  readonly arrivals: readonly Arrival[];
  /** As last told. */
  readonly days: readonly Workday[];
  /** Whole records of where the person belongs, in the order they were told. */
  readonly moves: readonly Move[];
}
export interface Arrival {
  readonly at: number;
  readonly site: string;
  readonly on: string;
}
export interface Move {
  readonly atMs: number;
  readonly departmentId: string;
  readonly site: string;
}

export const MINUTE = 60_000;
export const FIRST_AT = Date.parse(`${FIRST_ON}T00:00Z`);
export const onOf = (day: number): string => dateOf(dayOfDate(FIRST_ON) + day);
export const nthDay = fc.nat(SPAN_DAYS - 1);
export const minuteOfSpan = fc.integer({ min: -60, max: SPAN_DAYS * 1440 + 60 });
export const site = fc.constantFrom(...SITES);

/** What the clock tells of somebody, and what must be left of it. */
export type TimeOf = (employeeId: string) => Pick<History, "arrivals" | "days"> & {
  readonly told: readonly Omit<Told, "domain" | "atMs">[];
};
