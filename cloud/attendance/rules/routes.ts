import { dateOf, dayOf, dayOfDate } from "@clockleaf/shared/worktime/civil-time.ts";
import { computeWorkdays } from "@clockleaf/shared/worktime/engine.ts";
import {
  assignmentsOn,
  type DescribedGroup,
  describeGroup,
  groupNames,
} from "@clockleaf/shared/worktime/rule-book/describe.ts";
import { type RuleBook, ruleBookSchema } from "@clockleaf/shared/worktime/rule-book.ts";
import { type Rules, rulesOn } from "@clockleaf/shared/worktime/rules.ts";
import { readLedger } from "@clockleaf/shared/worktime/sheet.ts";
import { isSameWorkday, type Workday } from "@clockleaf/shared/worktime/workday.ts";
import { z } from "@hono/zod-openapi";
import { guardOf } from "../../api/guard.ts";
import { problem, problemErrors } from "../../api/problem.ts";
import { type ApiRouter, decodeCursor, encodeCursor, page, pageOfList } from "../../api/router.ts";
import { withinEmployment } from "../employment.ts";
import { rulesInForceView } from "../explain/views.ts";
import type { Person } from "../people.ts";
import { createPersonalRules, type Place } from "../personal-rules.ts";
import type { Runners } from "../runners.ts";
import { dayView } from "../views.ts";
import {
  checkRulesRoute,
  listAssignmentsRoute,
  listGroupsRoute,
  listSchedulesRoute,
  personRulesRoute,
  personScheduleRoute,
  previewRulesRoute,
  showGroupRoute,
} from "./route-definitions.ts";
import { assignmentView, groupView, scheduleView, shiftView, summaryOf } from "./views.ts";

export interface RuleRoutesDeps {
  /** The book of this process. */
  readonly rules: RuleBook;
  readonly runners: Pick<Runners, "clocks">;
  readonly rulesOf: (employeeId: string) => Promise<Rules>;
  readonly placesOf: (employeeId: string) => Promise<readonly Place[]>;
  readonly personOf: (employeeId: string) => Promise<Person>;
  readonly isEmployee: (employeeId: string) => Promise<boolean>;
  readonly nowMs: () => number;
}

export function mountRules(router: ApiRouter, deps: RuleRoutesDeps): void {
  addBook(router, deps);
  addPeople(router, deps);
  addTrials(router, deps);
}

const described = (book: RuleBook, withAllPresets: boolean): DescribedGroup[] =>
  groupNames(book, withAllPresets).flatMap((name) => describeGroup(book, name) ?? []);

function addBook(router: ApiRouter, { rules: book }: RuleRoutesDeps): void {
  router.openapi(listGroupsRoute, (c) => {
    const { cursor, limit, kind, presets } = c.req.valid("query");
    const items = described(book, presets === "all")
      .map(summaryOf)
      .filter((group) => kind === "all" || group.kind === kind);
    return c.json(pageOfList(c, items, { cursor, limit, keyOf: ({ name }) => name }), 200);
  });
  router.openapi(showGroupRoute, (c) => {
    const found = describeGroup(book, c.req.valid("param").name);
    if (found === undefined) return problem(c, { code: "command.not-found" });
    return c.json(groupView(found), 200);
  });
  router.openapi(listAssignmentsRoute, (c) => {
    const { cursor, limit, on, group, level } = c.req.valid("query");
    const after = decodeCursor(cursor, z.int().min(0)) ?? -1;
    const rest = book.assignments
      .map(assignmentView)
      .filter((each) => each.index > after)
      .filter(({ from, until }) => on === undefined || (from <= on && on <= (until ?? on)))
      .filter(({ use }) => group === undefined || use.includes(group))
      .filter((each) => level === undefined || each.level === level);
    const items = rest.slice(0, limit);
    const last = rest.length > limit ? items.at(-1) : undefined;
    return c.json(page(c, items, last === undefined ? null : encodeCursor(last.index)), 200);
  });
  router.openapi(listSchedulesRoute, (c) => {
    const { cursor, limit } = c.req.valid("query");
    const items = described(book, false)
      .map(scheduleView)
      .filter((each) => each.templates.length + each.rotas.length + each.holidays.length > 0);
    return c.json(pageOfList(c, items, { cursor, limit, keyOf: ({ group }) => group }), 200);
  });
}

function addPeople(router: ApiRouter, deps: RuleRoutesDeps): void {
  const { rules: book, runners, rulesOf, placesOf, isEmployee } = deps;
  router.openapi(personRulesRoute, async (c) => {
    const { employeeId } = c.req.valid("param");
    const { on } = c.req.valid("query");
    if (!(await isEmployee(employeeId))) return problem(c, { code: "command.not-found" });
    const rules = await rulesOf(employeeId);
    const day = dayOfDate(on);
    const version = rulesOn(rules, day);
    const next = rules.versions.find(({ from }) => from > day);
    const { sites, groups } = placeOn(await placesOf(employeeId), day, version.set.zone);
    const holding = assignmentsOn(book, { personId: employeeId, sites, groups }, day);
    const body = {
      employeeId,
      on,
      inForce: rulesInForceView(version),
      until: next === undefined ? null : dateOf(next.from - 1),
      belongs: { sites: [...sites], groups: [...groups] },
      assignments: holding.flatMap(({ index }) => {
        const assignment = book.assignments[index];
        return assignment === undefined ? [] : [assignmentView(assignment, index)];
      }),
      rules: { ...version.set },
    };
    return c.json(body, 200);
  });
  router.openapi(personScheduleRoute, async (c) => {
    const { employeeId } = c.req.valid("param");
    const { from, to } = c.req.valid("query");
    if (!(await isEmployee(employeeId))) return problem(c, { code: "command.not-found" });
    const { state } = await runners.clocks.state(employeeId);
    const rules = await rulesOf(employeeId);
    const { plans } = readLedger(state.facts.values(), rules);
    // Before its first version nothing is due: nobody was employed.
    const begin = rules.versions[0].from;
    const days = datesOf(from, to).map((day) => ({
      on: dateOf(day),
      holiday: plans.holiday(day)?.name ?? null,
      shifts: day < begin ? [] : plans.on(day).map(shiftView),
      freed: day < begin ? [] : plans.freed(day).map(({ name }) => name),
    }));
    return c.json({ employeeId, from, to, days }, 200);
  });
}

/** Of two places on one day the later holds; who was entered first somewhere has always been there. */
function placeOn(places: readonly Place[], day: number, zone: string): Omit<Place, "fromAt"> {
  const sorted = places.toSorted((a, b) => a.fromAt - b.fromAt);
  const found = sorted.findLast(({ fromAt }) => dayOf(fromAt, zone) <= day) ?? sorted[0];
  return found ?? { sites: [], groups: [] };
}

function datesOf(from: string, to: string): number[] {
  const first = dayOfDate(from);
  return Array.from({ length: dayOfDate(to) - first + 1 }, (_, index) => first + index);
}

function addTrials(router: ApiRouter, deps: RuleRoutesDeps): void {
  const { runners, rulesOf, placesOf, personOf, isEmployee, nowMs } = deps;
  router.openapi(checkRulesRoute, (c) => {
    const parsed = ruleBookSchema.safeParse(c.req.valid("json").book);
    const { groups = {}, assignments = [] } = parsed.data ?? {};
    const errors = problemErrors(parsed.error?.issues ?? [], "json");
    const body = {
      isValid: parsed.success,
      groups: Object.keys(groups).length,
      assignments: assignments.length,
      errors: errors.map(({ pointer, detail, code }) => ({ pointer, detail, code })),
    };
    return c.json(body, 200);
  });
  router.openapi(previewRulesRoute, async (c) => {
    const { book, employeeId, from, to } = c.req.valid("json");
    const isCovered = await guardOf(c).coversPerson(employeeId);
    if (!isCovered || !(await isEmployee(employeeId)))
      return problem(c, { code: "command.not-found" });
    const parsed = ruleBookSchema.safeParse(book);
    if (!parsed.success) {
      const issues = parsed.error.issues.map((issue) =>
        Object.assign(issue, { path: ["book", ...issue.path] }),
      );
      return problem(c, { code: "api.invalid", errors: problemErrors(issues, "json") });
    }
    const { state } = await runners.clocks.state(employeeId);
    const facts = [...state.facts.values()];
    const { employments } = await personOf(employeeId);
    const personal = createPersonalRules(parsed.data).of(employeeId, await placesOf(employeeId));
    const range = { fromOn: from, toOn: to };
    const before = byDate(computeWorkdays(facts, await rulesOf(employeeId), range));
    const after = byDate(computeWorkdays(facts, withinEmployment(personal, employments), range));
    const view = (workday: Workday | undefined) =>
      workday === undefined ? null : dayView({ employeeId, workday }, nowMs());
    const days = [...new Set([...before.keys(), ...after.keys()])].toSorted().map((workdayOn) => {
      const [was, is] = [before.get(workdayOn), after.get(workdayOn)];
      const isSame = was !== undefined && is !== undefined && isSameWorkday(was, is);
      return { workdayOn, isSame, before: view(was), after: view(is) };
    });
    const body = {
      employeeId,
      from,
      to,
      changed: days.filter(({ isSame }) => !isSame).length,
      before: totalsOf(before.values()),
      after: totalsOf(after.values()),
      days,
    };
    return c.json(body, 200);
  });
}

const byDate = (days: readonly Workday[]): ReadonlyMap<string, Workday> =>
  new Map(days.map((day) => [day.workdayOn, day]));

function totalsOf(days: Iterable<Workday>) {
  const totals = { workedSeconds: 0, breakSeconds: 0, paidSeconds: 0 };
  for (const { workedSeconds, breakSeconds, paidSeconds = workedSeconds } of days) {
    totals.workedSeconds += workedSeconds;
    totals.breakSeconds += breakSeconds;
    totals.paidSeconds += paidSeconds;
  }
  return totals;
}
