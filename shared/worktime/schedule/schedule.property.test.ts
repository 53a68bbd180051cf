import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { dateOf, dayOfDate, offsetAt, secondsOfDay } from "../civil-time.ts";
import { factSetOf, type RosterFact } from "../facts.ts";
import type { PlannedShift } from "../ledger.ts";
import { constantRules, type RuleSet, type Rules, ruleSetSchema } from "../rules.ts";
import { planFor, startsOther } from "./match.ts";
import { createPlans, type Plans, rosterProblems, rosterReach } from "./plan.ts";
import { rotaSchema, shiftsOf } from "./rota.ts";

// Fixed, so that a failure is the same everywhere; WORKTIME_SEED tries others.
const SEED = Number(process.env["WORKTIME_SEED"] ?? 20_260_112);
const RUNS = Number(process.env["WORKTIME_RUNS"] ?? 1000);
process.stdout.write(`schedule property tests: seed ${SEED}, ${RUNS} runs each\n`);
const settings = { seed: SEED, numRuns: RUNS };

// Clock changes of an hour, of half an hour, at midnight, none, and a zone that skipped a whole date.
const zones = [
  "UTC",
  "Europe/Berlin",
  "America/New_York",
  "Australia/Lord_Howe",
  "America/Santiago",
  "Pacific/Apia",
  "Pacific/Kiritimati",
] as const;
// Around clock changes, a leap day, a year's end, and the date Apia skipped.
const firstDays = [
  "2026-03-22",
  "2026-10-18",
  "2026-04-01",
  "2028-02-22",
  "2026-12-25",
  "2011-12-24",
].map(dayOfDate);
const SPAN = 14;
const HOUR = 3_600_000;

const two = (part: number): string => String(part).padStart(2, "0");
const quarter = fc.integer({ min: 0, max: 95 }).map((n) => {
  return `${two(Math.floor(n / 4))}:${two((n % 4) * 15)}`;
});
const window = fc.constantFrom(0, 600, 3600, 4 * 3600, 12 * 3600);
const name = fc.constantFrom("A", "B", "C");

const templates = fc
  .tuple(
    ...["A", "B", "C"].map((each) =>
      fc.record({
        name: fc.constant(each),
        kind: fc.constantFrom("fixed", "fixed", "flexible", "open"),
        start: quarter,
        end: quarter,
        plannedOn: fc.constantFrom("start", "start", "end"),
        zone: fc.option(fc.constantFrom(...zones), { freq: 8 }),
        windows: fc.record({ startBefore: window, stopAfter: window }, { requiredKeys: [] }),
      }),
    ),
  )
  .map((list) => list.map((each) => ({ ...each, paid: each.kind === "flexible" ? 900 : null })));

const rotas = fc.array(
  fc.record({
    kind: fc.constant("cycle"),
    anchor: fc.constantFrom(...firstDays).map(dateOf),
    days: fc.array(fc.oneof(name, fc.constant(null), fc.array(name, { maxLength: 2 })), {
      minLength: 1,
      maxLength: 9,
    }),
  }),
  { maxLength: 2 },
);

/** Rule sets that do not contradict themselves; of two rotas together nothing is refused. */
const ruleSets: fc.Arbitrary<RuleSet> = fc
  .record({
    zone: fc.constantFrom(...zones),
    templates,
    rotas,
    handOver: fc.constantFrom("midpoint", "earlier", "later"),
    windows: fc.record({ startBefore: window, stopAfter: window }),
    holidays: fc.constantFrom([], [{ kind: "easter", name: "Easter" }]),
  })
  .map(({ zone, ...schedule }) => {
    const named = schedule.rotas.map((rota, index) => ({ ...rota, name: `R${index}` }));
    return ruleSetSchema.safeParse({ zone, schedule: { ...schedule, rotas: named } });
  })
  .filter(({ success }) => success)
  .map(({ data }) => data ?? ruleSetSchema.parse({}));

const shift = fc.oneof(
  fc.record({ template: name }),
  fc.record({ start: quarter, end: quarter }),
  fc.record({ template: name, start: quarter }, { requiredKeys: ["template"] }),
  fc.constant({ template: "unknown" }),
);

interface Case {
  readonly set: RuleSet;
  readonly rules: Rules;
  readonly first: number;
  readonly rosters: readonly RosterFact[];
}

const cases: fc.Arbitrary<Case> = fc
  .record({
    set: ruleSets,
    first: fc.constantFrom(...firstDays),
    rosters: fc.array(
      fc.record({
        day: fc.integer({ min: 0, max: SPAN }),
        decidedAt: fc.integer({ min: 0, max: 3 }),
        shifts: fc.array(shift, { maxLength: 3 }),
      }),
      { maxLength: 5 },
    ),
  })
  .map(({ set, first, rosters }) => ({
    set,
    rules: constantRules(set),
    first,
    rosters: rosters.map(({ day, ...rest }, index) => ({
      ...rest,
      kind: "roster",
      rosterId: `r${index}`,
      on: dateOf(first + day),
    })),
  }));

const plansOf = ({ rules, rosters }: Pick<Case, "rules" | "rosters">): Plans =>
  createPlans(factSetOf(rosters), rules);

function allOf(plans: Plans, first: number): PlannedShift[] {
  const found: PlannedShift[] = [];
  for (let day = first - 8; day <= first + SPAN + 8; day += 1) found.push(...plans.on(day));
  return found;
}
const binding = (all: readonly PlannedShift[]): PlannedShift[] =>
  all.filter(({ kind }) => kind !== "open").toSorted((a, b) => a.startAt - b.startAt);

describe("plans", () => {
  it("never have two binding windows at once, and none is empty", () => {
    fc.assert(
      fc.property(cases, (some) => {
        let free = Number.NEGATIVE_INFINITY;
        for (const plan of binding(allOf(plansOf(some), some.first))) {
          expect(plan.acceptFrom).toBeGreaterThan(free);
          expect(plan.acceptTo).toBeGreaterThan(plan.acceptFrom);
          free = plan.acceptTo;
        }
      }),
      settings,
    );
  });

  it("accept an instant as their windows say, with one binding shift at most", () => {
    fc.assert(
      fc.property(cases, fc.double({ min: 0, max: 1, noNaN: true }), (some, where) => {
        const plans = plansOf(some);
        const all = allOf(plans, some.first);
        const instants = all.flatMap(({ acceptFrom, acceptTo, startAt }) => [
          acceptFrom - 1,
          acceptFrom,
          startAt + Math.floor(where * 36 * 3_600_000),
          acceptTo,
          acceptTo + 1,
        ]);
        for (const at of instants) {
          // plans of days outside what was listed
          if (at < (some.first - 5) * 86_400_000 || at > (some.first + SPAN + 5) * 86_400_000)
            continue;
          const accepting = plans.accepting(at);
          const ids = accepting.map(({ planId }) => planId);
          const expected = all.filter((plan) => plan.acceptFrom <= at && at <= plan.acceptTo);
          expect(ids.toSorted()).toEqual(expected.map(({ planId }) => planId).toSorted());
          expect(binding(accepting).length).toBeLessThanOrEqual(1);
          if (accepting.length > 1)
            expect(accepting.slice(1).every(({ kind }) => kind === "open")).toBe(true);
        }
      }),
      settings,
    );
  });

  it("do not depend on the order of rosters, nor on which day is asked for first", () => {
    fc.assert(
      fc.property(cases, fc.infiniteStream(fc.nat()), (some, randoms) => {
        const keys = new Map(
          some.rosters.map((roster) => [roster.rosterId, randoms.next().value ?? 0]),
        );
        const rosters = some.rosters.toSorted(
          (a, b) => (keys.get(a.rosterId) ?? 0) - (keys.get(b.rosterId) ?? 0),
        );
        const one = plansOf(some);
        const other = createPlans(factSetOf(rosters), constantRules(some.set));
        for (let day = some.first + SPAN + 8; day >= some.first - 8; day -= 1) other.on(day);
        expect(allOf(other, some.first)).toEqual(allOf(one, some.first));
        expect(rosterProblems(factSetOf(rosters), some.rules)).toEqual(
          rosterProblems(factSetOf(some.rosters), some.rules),
        );
      }),
      settings,
    );
  });

  it("change no further from a roster than its reach", () => {
    fc.assert(
      fc.property(cases, (some) => {
        const [added, ...rest] = some.rosters;
        if (added === undefined) return;
        const without = allOf(plansOf({ ...some, rosters: rest }), some.first);
        const withIt = allOf(plansOf(some), some.first);
        const reach = rosterReach(some.rules);
        const day = dayOfDate(added.on);
        const far = (all: PlannedShift[]): PlannedShift[] =>
          all.filter((plan) => Math.abs(plan.day - day) > reach);
        expect(far(withIt)).toEqual(far(without));
      }),
      settings,
    );
  });

  it("show the template's times on the wall clock, unless the clock skips them", () => {
    fc.assert(
      fc.property(ruleSets, fc.constantFrom(...firstDays), (set, first) => {
        const plans = plansOf({ rules: constantRules(set), rosters: [] });
        for (const plan of allOf(plans, first)) {
          const template = set.schedule.templates.find((each) => each.name === plan.name);
          const wall = secondsOfDay(plan.startAt, plan.zone);
          const start = template?.start ?? 0;
          if (wall !== start) {
            // then that time does not exist on that date, and is as much later as the clock jumped
            const offset = (hours: number): number =>
              offsetAt(plan.startAt + hours * HOUR, plan.zone);
            const jump = (offset(36) - offset(-36)) / 1000;
            expect((wall - start + 86_400) % 86_400).toBe(jump);
          }
          expect(plan.endAt).toBeGreaterThan(plan.startAt);
          expect(plan.endAt - plan.startAt).toBeLessThanOrEqual(26 * 3_600_000);
          expect(plan.seconds).toBeLessThanOrEqual(
            (plan.endAt - plan.startAt) / 1000 + (template?.paid ?? 0),
          );
        }
      }),
      settings,
    );
  });

  it("of a holiday are either worked or freed, never lost", () => {
    fc.assert(
      fc.property(ruleSets, (set) => {
        const easter = dayOfDate("2026-04-05");
        const plans = plansOf({ rules: constantRules(set), rosters: [] });
        const schedule = { ...set.schedule, holidays: [] };
        const always = plansOf({ rules: constantRules({ ...set, schedule }), rosters: [] });
        const lost = always.on(easter).filter(({ kind }) => kind === "open").length;
        if (set.schedule.holidays.length === 0) expect(plans.freed(easter)).toEqual([]);
        else {
          expect(plans.on(easter)).toEqual([]);
          expect(plans.freed(easter).length).toBeGreaterThanOrEqual(lost);
          expect(plans.freed(easter).length).toBeGreaterThanOrEqual(always.on(easter).length);
        }
      }),
      settings,
    );
  });
});

describe("rotas", () => {
  it("come round after their length, on both sides of the anchor", () => {
    const days = fc.array(fc.option(fc.constantFrom("A", "B")), { minLength: 1, maxLength: 60 });
    const round = fc.integer({ min: -200, max: 200 });
    fc.assert(
      fc.property(
        days,
        fc.integer({ min: -800_000, max: 2_900_000 }),
        round,
        (list, day, times) => {
          const anchor = dateOf(dayOfDate("2028-02-29"));
          const rota = rotaSchema.parse({ kind: "cycle", name: "R", anchor, days: list });
          const far = day + times * list.length;
          expect(shiftsOf(rota, far)).toEqual(shiftsOf(rota, day));
          const index = (((day - dayOfDate(anchor)) % list.length) + list.length) % list.length;
          expect(shiftsOf(rota, day)).toEqual(list[index] === null ? [] : [list[index]]);
        },
      ),
      settings,
    );
  });
});

describe("planFor", () => {
  it("gives a run exactly as planned to its plan, and never one it neither began near nor covers", () => {
    fc.assert(
      fc.property(
        cases,
        fc.integer({ min: -48 * 60, max: (SPAN + 2) * 24 * 60 }),
        fc.integer({ min: 0, max: 20 * 60 }),
        (some, from, length) => {
          const plans = plansOf(some);
          for (const plan of binding(allOf(plans, some.first)))
            expect(planFor(plan.startAt, plan.endAt, plans)?.planId).toBe(plan.planId);
          const startAt = some.first * 86_400_000 + from * 60_000;
          const endAt = startAt + length * 60_000;
          const plan = planFor(startAt, endAt, plans);
          if (plan === null) {
            expect(plans.accepting(startAt)).toEqual([]);
            return;
          }
          const overlap = Math.min(endAt, plan.endAt) - Math.max(startAt, plan.startAt);
          const isNear = plan.acceptFrom <= startAt && startAt <= plan.acceptTo;
          expect(
            isNear || 2 * overlap >= endAt - startAt || 2 * overlap >= plan.endAt - plan.startAt,
          ).toBe(true);
          expect(startsOther(startAt, plan, plans) && isNear && plan.kind !== "open").toBe(false);
        },
      ),
      settings,
    );
  });
});
