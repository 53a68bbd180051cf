import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decode, encode } from "../wire/codec.ts";
import { dateOf, dayOfDate } from "./civil-time.ts";
import type { Who } from "./rule-book/assignments.ts";
import { inputOf, layersOf, orderOf } from "./rule-book/groups.ts";
import { type BookParts, bookPartsSchema } from "./rule-book/parts.ts";
import {
  compose,
  isRecord,
  layOver,
  NAMED_LISTS,
  type Patch,
  type RuleInput,
} from "./rule-book/patch.ts";
import { Resolver } from "./rule-book/resolve.ts";
import { ruleSetSchema, rulesOn } from "./rules.ts";

const SEED = Number(process.env["WORKTIME_SEED"] ?? 20_260_112);
const RUNS = Number(process.env["WORKTIME_RUNS"] ?? 300);
process.stdout.write(`rule book property tests: seed ${SEED}, ${RUNS} runs each\n`);
const settings = { seed: SEED, numRuns: RUNS };

const some = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.option(value, { nil: undefined });
const hours = (min: number, max: number): fc.Arbitrary<string> =>
  fc.integer({ min, max }).map((many) => `${many}h`);

const policyNames = ["Noon", "Tea", "Night", "Nap"];
const meal = (name: string, minutes: number): Record<string, unknown> => ({
  kind: "auto-deduct",
  name,
  amount: `${minutes}min`,
});
const mealList = fc
  .uniqueArray(fc.tuple(fc.constantFrom(...policyNames), fc.integer({ min: 1, max: 90 })), {
    selector: ([name]) => name,
    maxLength: 3,
  })
  .map((list) => list.map(([name, minutes]) => meal(name, minutes)));

/** Keys with value undefined are left out, as in a file. */
const written = (value: unknown): RuleInput => JSON.parse(JSON.stringify(value));

/** Parts of every way of composing: key by key, by name, by any key, and as a whole. */
const ruleInput: fc.Arbitrary<RuleInput> = fc
  .record({
    zone: some(fc.constantFrom("UTC", "Asia/Dubai")),
    shifts: some(
      fc.record({
        newShiftGap: some(hours(2, 9)),
        maxShift: some(hours(14, 20)),
        // a choice: half of one and half of another make none
        assumedOut: some(
          fc.constantFrom(
            { by: "none" },
            { by: "planned-end", tolerance: "10min" },
            { by: "expected-hours", hours: "8h" },
          ),
        ),
      }),
    ),
    meals: some(fc.record({ policies: some(mealList) })),
    schedule: some(fc.record({ weekend: some(fc.constantFrom(["fri"], ["fri", "sat"])) })),
    exceptions: some(
      fc.record({
        kinds: some(
          fc.record({
            absent: some(
              fc.record({ isOn: some(fc.boolean()), severity: some(fc.constant("info")) }),
            ),
            repeat: some(fc.record({ isOn: some(fc.boolean()) })),
          }),
        ),
        limits: some(
          fc.record({
            daily: some(fc.option(hours(8, 12))),
            averageWeek: some(fc.constantFrom(null, { weeks: 4 }, { limit: "40h" })),
          }),
        ),
      }),
    ),
  })
  .map(written);

const patch: fc.Arbitrary<Patch> = fc
  .tuple(ruleInput, fc.subarray(policyNames), fc.constantFrom(...NAMED_LISTS, "meals.policies"))
  .map(([input, names, path]) => ({ input, remove: new Map([[path, new Set(names)]]) }));

/** In one spelling: what is removed from a list where nothing is removed is nothing. */
const told = ({ input, remove }: Patch): unknown => ({
  input,
  remove: [...remove]
    .flatMap(([path, names]) => [...names].map((name) => `${path} ${name}`))
    .toSorted(),
});

describe("patches", () => {
  it("compose as they are laid: one over the other, or both as one", () => {
    fc.assert(
      fc.property(ruleInput, patch, patch, (input, a, b) => {
        expect(layOver(input, compose(a, b))).toEqual(layOver(layOver(input, a), b));
      }),
      settings,
    );
  });

  it("are associative", () => {
    fc.assert(
      fc.property(patch, patch, patch, (a, b, c) => {
        expect(told(compose(compose(a, b), c))).toEqual(told(compose(a, compose(b, c))));
      }),
      settings,
    );
  });

  it("change nothing they are laid over, and laid twice do no more than once", () => {
    fc.assert(
      fc.property(ruleInput, patch, (input, one) => {
        const before = JSON.stringify([input, one.input]);
        const once = layOver(input, one);
        expect(JSON.stringify([input, one.input])).toBe(before);
        expect(mealsInAnyOrder(layOver(once, one))).toEqual(mealsInAnyOrder(once));
      }),
      settings,
    );
  });
});

/** A policy that a patch takes out and brings again goes to the end of its list. */
function mealsInAnyOrder(input: RuleInput): unknown {
  const { meals, ...rest } = input;
  const list = isRecord(meals) && Array.isArray(meals["policies"]) ? meals["policies"] : [];
  return [rest, list.map((policy) => JSON.stringify(policy)).toSorted()];
}

const groupNames = ["a", "b", "c", "d", "e"] as const;
const FIRST = dayOfDate("2026-01-01");

/** A group may extend the ones before it. */
const groups = fc
  .tuple(
    ...groupNames.map((_, index) => fc.tuple(ruleInput, fc.subarray(groupNames.slice(0, index)))),
  )
  .map((list) =>
    Object.fromEntries(
      list.map(([input, bases], index) => [groupNames[index], { extends: bases, ...input }]),
    ),
  );

const assignee = fc.oneof(
  fc.constant("everyone" as const),
  fc.constantFrom(
    { site: "s1" },
    { site: "s2" },
    { group: "g1" },
    { group: "g2" },
    { group: "g3" },
  ),
  fc.constantFrom({ person: "p1" }, { person: "p2" }),
);
const assignment = fc
  .record({
    to: assignee,
    use: fc.uniqueArray(fc.constantFrom(...groupNames), { minLength: 1, maxLength: 2 }),
    from: fc.integer({ min: 0, max: 40 }),
    days: some(fc.integer({ min: 0, max: 20 })),
  })
  .map(({ to, use, from, days }) => ({
    to,
    use,
    from: dateOf(FIRST + from),
    until: days === undefined ? undefined : dateOf(FIRST + from + days),
  }));
const LAST = "9999-12-31";
const book: fc.Arbitrary<BookParts> = fc
  .record({ groups, assignments: fc.array(assignment, { maxLength: 8 }) })
  .map((input) => bookPartsSchema.parse(input));

const who: fc.Arbitrary<Who> = fc.record({
  personId: fc.constantFrom("p1", "p2", "p3"),
  sites: fc.subarray(["s1", "s2", "s3"]),
  groups: fc.subarray(["g1", "g2", "g3", "g4"]),
});

const LEVELS = ["everyone", "site", "group", "person"];
const levelOf = (to: BookParts["assignments"][number]["to"]): number =>
  LEVELS.indexOf(to === "everyone" ? to : (Object.keys(to)[0] ?? ""));

describe("a book that was read", () => {
  it("can be sent on and read again: nothing is lost or changed on the way", () => {
    fc.assert(
      fc.property(book, (parts) => {
        const arrived = decode(encode(parts), bookPartsSchema, { what: "rule book" });
        expect(arrived).toEqual(parts);
        expect(encode(arrived)).toEqual(encode(parts));
      }),
      settings,
    );
  });
});

describe("the rules of a person", () => {
  it("are on each date those of the groups assigned for it, and of one version only", () => {
    fc.assert(
      fc.property(book, who, fc.integer({ min: -5, max: 70 }), (parts, person, offset) => {
        const day = FIRST + offset;
        const rules = new Resolver(parts).rulesFor(person);
        const used = parts.assignments
          .map((one, index) => ({ ...one, index }))
          .filter(({ from, until }) => dayOfDate(from) <= day && day <= dayOfDate(until ?? LAST))
          .filter(
            ({ to }) =>
              to === "everyone" ||
              ("site" in to && person.sites.includes(to.site)) ||
              ("group" in to && person.groups.includes(to.group)) ||
              ("person" in to && to.person === person.personId),
          )
          .toSorted((a, b) => levelOf(a.to) - levelOf(b.to) || a.index - b.index)
          .flatMap(({ use }) => use);
        const layers = layersOf(parts.groups);
        const order = orderOf(layers, used);
        const expected = ruleSetSchema.safeParse(inputOf(layers, order));
        const version = rulesOn(rules, day);
        if (expected.success) {
          expect(version.set).toEqual(expected.data);
          expect(version.groups).toEqual([...new Set(order)]);
        }
        expect(version.problem === undefined).toBe(expected.success);
        const starts = rules.versions.map(({ from }) => from);
        expect(starts).toEqual([...new Set(starts)].toSorted((a, b) => a - b));
      }),
      settings,
    );
  });

  it("do not depend on the order of assignments that are not of one strength", () => {
    fc.assert(
      fc.property(book, who, fc.infiniteStream(fc.nat(1000)), (parts, person, dice) => {
        const levels = new Map<number, BookParts["assignments"]>();
        for (const one of parts.assignments) {
          const level = levelOf(one.to);
          levels.set(level, [...(levels.get(level) ?? []), one]);
        }
        // draws from the levels in any order, each level's own in its order
        const decks = [...levels.values()];
        const assignments: BookParts["assignments"] = [];
        while (assignments.length < parts.assignments.length) {
          const full = decks.filter((deck) => deck.length > 0);
          const [card] = full[(dice.next().value ?? 0) % full.length]?.splice(0, 1) ?? [];
          if (card !== undefined) assignments.push(card);
        }
        const shuffled = { ...parts, assignments };
        expect(new Resolver(shuffled).rulesFor(person)).toEqual(
          new Resolver(parts).rulesFor(person),
        );
      }),
      settings,
    );
  });

  it("do not depend on assignments for others", () => {
    fc.assert(
      fc.property(book, who, (parts, person) => {
        const own = parts.assignments.filter(
          ({ to }) =>
            to === "everyone" ||
            ("site" in to && person.sites.includes(to.site)) ||
            ("group" in to && person.groups.includes(to.group)) ||
            ("person" in to && to.person === person.personId),
        );
        const alone = new Resolver({ ...parts, assignments: own }).rulesFor(person);
        expect(new Resolver(parts).rulesFor(person)).toEqual(alone);
      }),
      settings,
    );
  });

  it("are one object for one combination of groups, however it comes about", () => {
    fc.assert(
      fc.property(book, fc.array(who, { maxLength: 6 }), (parts, people) => {
        const resolver = new Resolver(parts);
        const sets = new Map<string, unknown>();
        for (const version of people.flatMap((person) => resolver.rulesFor(person).versions)) {
          if (version.problem !== undefined) continue;
          const key = JSON.stringify(version.set);
          // different groups may say the same; the same groups may not say it in two objects
          const id = `${version.groups.join()} ${key}`;
          expect(sets.get(id) ?? version.set).toBe(version.set);
          sets.set(id, version.set);
        }
      }),
      settings,
    );
  });
});
