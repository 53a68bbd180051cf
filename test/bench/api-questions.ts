import { dateOf } from "@clockleaf/shared/worktime/civil-time.ts";
import { parseRuleBook } from "@clockleaf/shared/worktime/rule-book.ts";
import { type BadgeHoldersDb, isEmployee, placesOf } from "../../cloud/attendance/badge-holders.ts";
import { siteMarks } from "../../cloud/attendance/completeness/projection.ts";
import { withinEmployment } from "../../cloud/attendance/employment.ts";
import { explain } from "../../cloud/attendance/explain/explain.ts";
import { lastPunches } from "../../cloud/attendance/last-punches.ts";
import {
  employedAt,
  type PeopleDb,
  peopleBySite,
  personOf,
} from "../../cloud/attendance/people.ts";
import { createPersonalRules } from "../../cloud/attendance/personal-rules.ts";
import type { AttendanceDb } from "../../cloud/attendance/projection.ts";
import { presences, timesheets } from "../../cloud/attendance/reads.ts";
import { createRunners } from "../../cloud/attendance/runners.ts";
import type { EmployeeDb } from "../../cloud/employee/projection.ts";
import { namesOf } from "../../cloud/employee/reads.ts";
import type { EventStore } from "../../cloud/eventing/event-store.ts";
import { onLeave } from "../../cloud/leave/on-leave.ts";
import type { PeopleDb as LeavePeopleDb } from "../../cloud/leave/people.ts";
import type { LeaveDb } from "../../cloud/leave/projection.ts";
import { musterAt } from "../../cloud/sites/reads.ts";
import type { SiteSources } from "../../cloud/sites/sources.ts";
import { type Company, idOf, MODELS, monthsOf, RULES, SITES } from "./api-company.ts";
import type { ReadFiles } from "./api-files.ts";
import { ZONE } from "./worktime-month.ts";

/** One thing that people open, as they ask the API for it and as the same data is had without it. */
export interface Question {
  readonly path: string;
  /** What of the API's answer must be what `direct` gives. */
  readonly essence: (answer: never) => unknown;
  /** The functions behind the route, called on the same files. */
  readonly direct: () => Promise<unknown>;
}

export interface QuestionSet {
  readonly asked: readonly Question[];
  /** False: the hub is asked as well, so bare SQL is no equal. */
  readonly isOfFilesAlone: boolean;
}

/**
 * `presence`: who is in, company-wide. `muster`: who is in at a site, and how far that is certain. `timesheets`: the month of
 * a site as a payroll administrator opens it. `explain`: a day down to punches and rules.
 */
export const QUESTIONS = ["presence", "muster", "timesheets", "explain"] as const;
export type Questions = Readonly<Record<(typeof QUESTIONS)[number], QuestionSet>>;

export interface Asking {
  readonly files: ReadFiles;
  readonly store: EventStore;
  readonly tenant: string;
  readonly company: Company;
}

interface Items<T> {
  readonly items: readonly T[];
}
const EVERYBODY = { kind: "all" } as const;
const LIMIT = 100;
/** What is read to know whether there is a next page. */
const AND_ONE = LIMIT + 1;
const EXPLAINED = 50;

export function questionsOf(asking: Asking): Questions {
  return {
    presence: { asked: presenceQuestions(asking), isOfFilesAlone: true },
    muster: { asked: musterQuestions(asking), isOfFilesAlone: true },
    timesheets: { asked: timesheetQuestions(asking), isOfFilesAlone: true },
    explain: { asked: explainQuestions(asking), isOfFilesAlone: false },
  };
}

function presenceQuestions({ files }: Asking): Question[] {
  const db = files.open<AttendanceDb>("attendance");
  return [
    {
      path: `/presence?limit=${LIMIT}`,
      essence: ({ items }: Items<{ employeeId: string }>) => items.map((row) => row.employeeId),
      async direct() {
        const rows = await presences(db, { visible: EVERYBODY, limit: AND_ONE });
        return rows.slice(0, LIMIT).map((row) => row.employee_id);
      },
    },
  ];
}

function musterQuestions({ files }: Asking): Question[] {
  const sources = siteSources(files);
  return SITES.map((site) => ({
    path: `/sites/${site}/muster?state=present&limit=${LIMIT}`,
    essence: ({ items }: Items<{ employeeId: string }>) => items.map((row) => row.employeeId),
    async direct() {
      const muster = await musterAt(sources, { site, nowMs: Date.now(), longAfterHours: 16 });
      const present = muster?.entries.filter(({ state }) => state === "in" || state === "break");
      return present?.slice(0, LIMIT).map((row) => row.employeeId);
    },
  }));
}

/** What the API knows of sites, from its files; what it hears of gateways is left out. */
function siteSources(files: ReadFiles): SiteSources {
  const attendance = files.open<AttendanceDb>("attendance");
  const people = files.open<PeopleDb>("attendance-people");
  const employees = files.open<EmployeeDb>("employees");
  const leave = {
    db: files.open<LeaveDb>("leave"),
    people: files.open<LeavePeopleDb>("leave-people"),
  };
  const calendar = { isNamed: false, zone: ZONE, country: null, state: null };
  return {
    gateways: async () => [],
    gatewaysAt: async () => [],
    standing: async () => undefined,
    marks: async () =>
      new Map([...(await siteMarks(attendance))].map(([site, mark]) => [site, mark.completeTo])),
    peopleBySite: () => peopleBySite(people),
    employedAt: (site) => employedAt(people, site),
    lastPunches: (site, ids) => lastPunches(attendance, site, ids),
    namedSites: [],
    calendarOf: () => ({ ...calendar, workdays: [], ownHolidays: 0 }),
    onLeave: (site, on) => onLeave(leave, site, on),
    namesOf: (ids) => namesOf(employees, ids),
  };
}

function timesheetQuestions({ files, company }: Asking): Question[] {
  const db = files.open<AttendanceDb>("attendance");
  return monthsOf(company).flatMap(({ from, to }) =>
    SITES.map((site) => ({
      path: `/timesheets?site=${site}&from=${from}&to=${to}&limit=${LIMIT}`,
      essence: ({ items }: Items<{ employeeId: string; workdayOn: string }>) =>
        items.map((row) => `${row.workdayOn} ${row.employeeId}`),
      async direct() {
        const rows = await timesheets(db, { from, to, site, visible: EVERYBODY, limit: AND_ONE });
        return rows.slice(0, LIMIT).map((row) => `${row.workday.workdayOn} ${row.employeeId}`);
      },
    })),
  );
}

/** Of those whose punches are events: what happened is read from the stream, not from a read model. */
function explainQuestions({ files, store, tenant, company }: Asking): Question[] {
  const people = files.open<PeopleDb>("attendance-people");
  const holders = files.open<BadgeHoldersDb>("attendance-badge-holders");
  const { clocks } = createRunners({ store, tenant });
  const personal = createPersonalRules(parseRuleBook(RULES));
  const { days } = company;
  return Array.from({ length: EXPLAINED }, (_, index) => {
    const employeeId = idOf(1 + (index % MODELS));
    const on = dateOf(days[Math.floor((index * days.length) / EXPLAINED)] ?? 0);
    return {
      path: `/timesheets/${employeeId}/${on}/explain`,
      essence: ({ text, stored }: { text: string; stored: object | null }) => ({ text, stored }),
      async direct() {
        if (!(await isEmployee(holders, employeeId))) throw new Error(`no ${employeeId}`);
        const { state } = await clocks.state(employeeId);
        const { employments } = await personOf(people, employeeId);
        const places = await placesOf(holders, employeeId);
        const rules = withinEmployment(personal.of(employeeId, places), employments);
        const { text, stored } = explain(employeeId, on, { state, rules });
        return { text, stored };
      },
    };
  });
}
