import { civilDateOf } from "@clockleaf/shared/worktime/civil-time.ts";
import { siteOf } from "./calendar.ts";
import type { LeaveConfig, LeavePolicy, LeaveSite } from "./config.ts";
import type { Circumstances } from "./decider.ts";
import { later } from "./leave-year.ts";
import type { LeavePerson } from "./people.ts";

/** The calendar somebody's leave is counted by: that of the first of their sites. */
export const siteOfPerson = (config: LeaveConfig, person: LeavePerson): LeaveSite =>
  siteOf(config, person.sites[0]);

/**
 * The policies that hold for somebody now, by name. None for who is off the readers for good without a last day: there is
 * nothing that a payout could be reckoned up to.
 */
export function policiesOf(
  config: LeaveConfig,
  person: LeavePerson,
): ReadonlyMap<string, LeavePolicy> {
  const isGone = person.status === "inactive" && person.lastDayOn === null;
  if (isGone || person.status === "draft") return new Map();
  const names = new Set(
    config.assignments
      .filter(
        (each) =>
          fits(each.employmentTypes, [person.employmentType]) &&
          fits(each.departments, [person.departmentId]) &&
          fits(each.sites, person.sites),
      )
      .flatMap(({ policies }) => policies),
  );
  // In the order of the configuration, so that lines come in the same order wherever they are posted.
  return new Map(Object.entries(config.policies).filter(([name]) => names.has(name)));
}

const fits = (wanted: readonly string[] | undefined, those: readonly string[]): boolean =>
  wanted === undefined || those.some((each) => wanted.includes(each));

export function circumstancesOf(
  config: LeaveConfig,
  person: LeavePerson,
  nowMs: number,
): Circumstances {
  const { zone } = siteOfPerson(config, person);
  const { employeeId, startOn, lastDayOn } = person;
  return {
    terms: { employeeId, startOn, lastDayOn, policies: policiesOf(config, person) },
    todayOn: civilDateOf(nowMs, zone),
    zone,
    nowMs,
  };
}

/** First day of somebody's accounts. What was earned before is entered as an opening balance. */
export function openedOnOf(config: LeaveConfig, person: LeavePerson): string {
  const { zone } = siteOfPerson(config, person);
  const enteredOn = civilDateOf(person.enteredAtMs, zone);
  return later(person.startOn, config.accountsFrom ?? `${enteredOn.slice(0, 4)}-01-01`);
}
