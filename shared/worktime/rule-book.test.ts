import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { dayOfDate } from "./civil-time.ts";
import { parseRuleBook, type RuleBookInput, ruleBookSchema, rulesFor } from "./rule-book.ts";
import { rulesOn } from "./rules.ts";

// What a book means and what it refuses is our own reasoning: no vendor's format is followed.

const HOUR = 3600;
const meal = (name: string, amount: string): Record<string, unknown> => ({
  kind: "auto-deduct",
  name,
  activeAfter: "6h",
  amount,
});
const meals = (...policies: ReadonlyArray<Record<string, unknown>>): Record<string, unknown> => ({
  meals: { policies },
});

const person = (personId: string, sites: string[] = [], groups: string[] = []) => ({
  personId,
  sites,
  groups,
});

/** What a book says of somebody on a date, in short. */
function told(book: RuleBookInput, who: ReturnType<typeof person>, on = "2026-06-01") {
  const { set, groups, problem } = rulesOn(rulesFor(parseRuleBook(book), who), dayOfDate(on));
  return {
    zone: set.zone,
    gap: set.shifts.newShiftGap / HOUR,
    longest: set.shifts.maxShift / HOUR,
    meals: set.meals.policies.map(
      ({ name, ...policy }) => `${name} ${"amount" in policy ? policy.amount / 60 : 0}`,
    ),
    groups,
    problem,
  };
}

/** Paths and messages of what is refused. */
function refusals(book: unknown): string[] {
  const { error } = ruleBookSchema.safeParse(book);
  return (error?.issues ?? []).map(({ path, message }) => `${path.join(".")}: ${message}`);
}

const names = (prefix: string, many: number): string[] =>
  Array.from({ length: many }, (_, index) => `${prefix}${index}`);
const inOrder = (uses: string[]): RuleBookInput => ({
  groups: { three: { shifts: { newShiftGap: "3h" } }, six: { shifts: { newShiftGap: "6h" } } },
  assignments: uses.map((use) => ({ to: { group: use }, use: [use], from: "2026-01-01" })),
});
const oneGroup = (rules: Record<string, unknown>): unknown => ({ groups: { a: rules } });
const used = (use: string[]): unknown => ({
  groups: { a: {} },
  assignments: [{ to: "everyone", use, from: "2026-01-01" }],
});
const dated = (from: string, until?: string): unknown => ({
  groups: { a: {} },
  assignments: [{ to: "everyone", use: ["a"], from, until }],
});
const twice = (until: string, to: unknown = { site: "north" }): unknown => ({
  groups: { a: {}, b: {} },
  assignments: [
    { to, use: ["b", "a"], from: "2026-02-01" },
    { to: { site: "north" }, use: ["a"], from: "2026-01-01", until },
  ],
});
const crowd = (sites: number, people: number): unknown => {
  const all = [...names("s", sites), ...names("p", people)];
  return {
    groups: Object.fromEntries(all.map((name) => [name, {}])),
    assignments: all.map((name) => ({
      to: name.startsWith("s") ? { site: name } : { person: name },
      use: [name],
      from: "2026-01-01",
    })),
  };
};

const layered: RuleBookInput = {
  groups: {
    base: { zone: "Europe/Berlin", shifts: { newShiftGap: "5h" }, ...meals(meal("Noon", "30min")) },
    plant: { shifts: { maxShift: "13h", maxStretch: "12h" }, ...meals(meal("Tea", "10min")) },
    "night-crew": meals(meal("Noon", "45min")),
    driver: { shifts: { newShiftGap: "9h", maxShift: "15h" } },
  },
  assignments: [
    { to: { person: "p1" }, use: ["driver"], from: "2026-01-01" },
    { to: { group: "nights" }, use: ["night-crew"], from: "2026-01-01" },
    { to: { site: "north" }, use: ["plant"], from: "2026-01-01" },
    { to: "everyone", use: ["base"], from: "2026-01-01" },
  ],
};

describe("layers", () => {
  it("lay a site over everyone, a group of people over a site, and a person over all", () => {
    expect(told(layered, person("p9"))).toEqual({
      zone: "Europe/Berlin",
      gap: 5,
      longest: 16,
      meals: ["Noon 30"],
      groups: ["base"],
      problem: undefined,
    });
    expect(told(layered, person("p9", ["north"]))).toMatchObject({
      gap: 5,
      longest: 13,
      meals: ["Noon 30", "Tea 10"],
      groups: ["base", "plant"],
    });
    expect(told(layered, person("p9", ["north"], ["nights"]))).toMatchObject({
      meals: ["Noon 45", "Tea 10"],
      groups: ["base", "plant", "night-crew"],
    });
    expect(told(layered, person("p1", ["north"], ["nights"]))).toMatchObject({
      zone: "Europe/Berlin",
      gap: 9,
      longest: 15,
      meals: ["Noon 45", "Tea 10"],
      groups: ["base", "plant", "night-crew", "driver"],
    });
  });

  it("lay the later of two assignments of one strength over the earlier", () => {
    expect(told(inOrder(["three", "six"]), person("p", [], ["six", "three"]))).toMatchObject({
      gap: 6,
    });
    expect(told(inOrder(["six", "three"]), person("p", [], ["six", "three"]))).toMatchObject({
      gap: 3,
    });
  });

  it("lay the later of two groups of one assignment over the earlier", () => {
    const book: RuleBookInput = {
      groups: { three: { shifts: { newShiftGap: "3h" } }, six: { shifts: { newShiftGap: "6h" } } },
      assignments: [{ to: "everyone", use: ["six", "three"], from: "2026-01-01" }],
    };
    expect(told(book, person("p"))).toMatchObject({ gap: 3, groups: ["six", "three"] });
  });

  it("take inherited policies out by name, from a list or from a whole section", () => {
    for (const key of ["meals", "meals.policies"]) {
      const book: RuleBookInput = {
        groups: {
          base: meals(meal("Noon", "30min"), meal("Tea", "10min")),
          dry: { remove: { [key]: ["Tea"] }, ...meals(meal("Nap", "20min")) },
          again: { extends: ["dry"], ...meals(meal("Tea", "5min")) },
        },
        assignments: [
          { to: "everyone", use: ["base"], from: "2026-01-01" },
          { to: { site: "dry" }, use: ["dry"], from: "2026-01-01" },
          { to: { site: "wet" }, use: ["again"], from: "2026-01-01" },
        ],
      };
      expect(told(book, person("p", ["dry"])).meals).toEqual(["Noon 30", "Nap 20"]);
      expect(told(book, person("p", ["wet"])).meals).toEqual(["Noon 30", "Nap 20", "Tea 5"]);
      expect(told(book, person("p")).meals).toEqual(["Noon 30", "Tea 10"]);
    }
  });

  it("lay what two groups extend once, so that the second does not undo the first", () => {
    const book: RuleBookInput = {
      groups: {
        base: { shifts: { newShiftGap: "5h" } },
        south: { extends: ["base"], shifts: { newShiftGap: "7h" } },
        crew: { extends: ["base"], zone: "Asia/Dubai" },
        back: { extends: ["base"] },
      },
      assignments: [
        { to: { site: "south" }, use: ["south"], from: "2026-01-01" },
        { to: { group: "crew" }, use: ["crew"], from: "2026-01-01" },
        { to: { person: "plain" }, use: ["base"], from: "2026-01-01" },
      ],
    };
    const crew = person("p", ["south"], ["crew"]);
    expect(told(book, crew)).toMatchObject({ gap: 7, zone: "Asia/Dubai" });
    expect(told(book, crew).groups).toEqual(["base", "south", "crew"]);
    // named itself it is laid again
    expect(told(book, person("plain", ["south"])).gap).toBe(5);
  });
});

describe("dates", () => {
  const book: RuleBookInput = {
    groups: {
      five: { shifts: { newShiftGap: "5h" } },
      six: { shifts: { newShiftGap: "6h" } },
      seven: { shifts: { newShiftGap: "7h" } },
    },
    assignments: [
      { to: "everyone", use: ["five"], from: "2026-01-01" },
      { to: { person: "p" }, use: ["six"], from: "2026-03-01", until: "2026-03-31" },
      { to: { person: "p" }, use: ["seven"], from: "2026-05-01" },
    ],
  };

  it("hold from the first to the last one, both included", () => {
    const gaps = [
      ["1999-12-31", 4],
      ["2025-12-31", 4],
      ["2026-01-01", 5],
      ["2026-02-28", 5],
      ["2026-03-01", 6],
      ["2026-03-31", 6],
      ["2026-04-01", 5],
      ["2026-04-30", 5],
      ["2026-05-01", 7],
      ["2099-01-01", 7],
    ] as const;
    expect(gaps.map(([on]) => [on, told(book, person("p"), on).gap])).toEqual(gaps);
  });

  it("make versions only where something changes", () => {
    const { versions } = rulesFor(parseRuleBook(book), person("p"));
    expect(versions.map(({ from, groups }) => [from, groups])).toEqual([
      [0, []],
      [dayOfDate("2026-01-01"), ["five"]],
      [dayOfDate("2026-03-01"), ["five", "six"]],
      [dayOfDate("2026-04-01"), ["five"]],
      [dayOfDate("2026-05-01"), ["five", "seven"]],
    ]);
    const renewed = parseRuleBook({
      groups: book.groups,
      assignments: [
        { to: "everyone", use: ["five"], from: "1960-01-01", until: "2026-01-31" },
        { to: "everyone", use: ["five"], from: "2026-02-01" },
      ],
    });
    expect(rulesFor(renewed, person("p")).versions).toHaveLength(1);
    expect(rulesFor(renewed, person("p")).versions[0]).toMatchObject({ from: 0, groups: ["five"] });
  });
});

describe("people with the same assignments", () => {
  it("get the same objects", () => {
    const book = parseRuleBook(layered);
    const one = rulesFor(book, person("p8", ["north", "elsewhere"], ["nights"]));
    expect(rulesFor(book, person("p9", ["north"], ["nights", "choir"]))).toBe(one);
    const base = rulesFor(book, person("p9"));
    const driver = rulesFor(book, person("p1"));
    expect(driver).not.toBe(base);
    // before anything is assigned the sets of both are the same
    expect(driver.versions[0].set).toBe(base.versions[0].set);
  });

  it("are fast to look up: ten thousand with a rota of their own share four sets", () => {
    const assignments = Array.from({ length: 10_000 }, (_, index) => ({
      to: { person: `p${index}` },
      use: [["base", "plant", "night-crew", "driver"][index % 4] ?? ""],
      from: `2026-0${1 + (index % 9)}-01`,
    }));
    const book = parseRuleBook({ groups: layered.groups, assignments });
    const sets = new Set(
      assignments.map(({ to }) => rulesFor(book, person(to.person)).versions.at(-1)?.set),
    );
    expect(sets.size).toBe(4);
  });
});

describe("a book is refused", () => {
  it("for a group that extends itself, with the way round", () => {
    expect(
      refusals({ groups: { a: { extends: ["b"] }, b: { extends: ["c"] }, c: { extends: ["a"] } } }),
    ).toEqual([
      "groups.a.extends.0: extends itself: a → b → c → a",
      "groups.b.extends.0: extends itself: b → c → a → b",
      "groups.c.extends.0: extends itself: c → a → b → c",
    ]);
    expect(refusals(oneGroup({ extends: ["a"] }))).toEqual([
      "groups.a.extends.0: extends itself: a → a",
    ]);
  });

  it("for names nobody has, and for names used twice", () => {
    expect(refusals(oneGroup({ extends: ["ghost"] }))[0]).toMatch(
      /^groups\.a\.extends\.0: no group or preset is named "ghost"/,
    );
    expect(refusals(used(["ghost"]))[0]).toMatch(/^assignments\.0\.use\.0: no group/);
    expect(refusals(used(["a", "a"]))).toEqual(['assignments.0.use.1: "a" is used twice']);
    expect(refusals({ groups: { a: {}, b: { extends: ["a", "a"] } } })).toEqual([
      'groups.b.extends.1: "a" is extended twice',
    ]);
    expect(refusals(oneGroup({ remove: { meals: ["Ghost"] } }))).toEqual([
      'groups.a.remove.meals.0: no group or preset has a "Ghost" there',
    ]);
    expect(refusals(oneGroup({ remove: { shifts: ["Ghost"] } }))[0]).toMatch(
      /^groups\.a\.remove\.shifts: has no named policies; lists are .*meals\.policies/,
    );
    expect(refusals({ groups: { "Not So": {} } })).toHaveLength(1);
    expect(refusals({ group: {} })[0]).toMatch(/group/);
  });

  it("for a group that is no rule set, at the place where the group says it", () => {
    expect(refusals(oneGroup({ shifts: { newShiftGap: "soon" } }))[0]).toMatch(
      /^groups\.a\.shifts\.newShiftGap: shifts\.newShiftGap: "soon" is no length of time/,
    );
    expect(refusals(oneGroup({ shift: {} }))[0]).toMatch(/^groups\.a: .*"shift"/);
    expect(refusals(oneGroup({ shifts: { newShiftGap: "17h" } }))[0]).toMatch(
      /^groups\.a\.shifts\.newShiftGap: .*may not exceed shifts\.maxShift/,
    );
    expect(refusals(oneGroup(meals(meal("Noon", "30min"), meal("Noon", "20min"))))[0]).toMatch(
      /^groups\.a\.meals\.policies\.1\.name: .*a second rule is named "Noon"/,
    );
  });

  it("for what a group makes of what it extends, at its own place or else at what it extends", () => {
    const base = meals(meal("Noon", "30min"), meal("Tea", "10min"));
    const [place] = refusals({
      groups: { base, a: { extends: ["base"], ...meals(meal("Tea", "0min")) } },
    });
    expect(place).toMatch(/^groups\.a\.meals\.policies\.0\.amount: meals\.policies\[Tea\]\.amount/);
    const bases = {
      base: { shifts: { newShiftGap: "6h" } },
      short: { shifts: { maxShift: "5h", maxStretch: "5h" } },
    };
    const [inherited] = refusals({ groups: { ...bases, a: { extends: ["base", "short"] } } });
    expect(inherited).toMatch(/^groups\.a\.extends: shifts\.newShiftGap: .*may not exceed/);
  });

  it("for dates that end before they begin, and for dates that are none", () => {
    expect(refusals(dated("2026-01-02", "2026-01-01"))).toEqual([
      "assignments.0.until: until lies before from",
    ]);
    expect(refusals(dated("2026-01-02", "2026-01-02"))).toEqual([]);
    expect(refusals(dated("2026-02-29"))).toHaveLength(1);
  });

  it("for the same group assigned twice to the same people on a date", () => {
    expect(refusals(twice("2026-01-31"))).toEqual([]);
    expect(refusals(twice("2026-02-01"))).toEqual([
      'assignments.0: "a" is assigned there already by assignments.1 on some of these dates',
    ]);
    expect(refusals(twice("2026-02-01", { group: "north" }))).toEqual([]);
  });
});

describe("groups that contradict each other", () => {
  const groups: RuleBookInput["groups"] = {
    long: { shifts: { newShiftGap: "9h" } },
    short: { shifts: { maxShift: "8h", maxStretch: "8h" } },
    calm: { zone: "Asia/Dubai" },
  };
  const assigned = (
    ...list: ReadonlyArray<readonly [unknown, string, string, string?]>
  ): unknown => ({
    groups,
    assignments: list.map(([to, use, from, until]) => ({ to, use: [use], from, until })),
  });

  it("are refused wherever assignments bring them together, at the strongest of them", () => {
    const levels = ["everyone", { site: "s" }, { group: "g" }, { person: "p" }];
    for (const [at, below] of levels.entries()) {
      for (const above of levels.slice(at + 1)) {
        const [only, more] = refusals(
          assigned([above, "short", "2026-01-01"], [below, "long", "2026-01-01"]),
        );
        expect(only).toMatch(
          /^assignments\.0\.use: long \(.*\) and short \(.*\) contradict each other: shifts\.newShiftGap: /,
        );
        expect(more).toBeUndefined();
      }
    }
    const two = assigned(
      [{ group: "g" }, "short", "2026-01-01"],
      [{ group: "h" }, "long", "2026-01-01"],
    );
    expect(refusals(two)[0]).toMatch(
      /^assignments\.1\.use: short \(group g\) and long \(group h\)/,
    );
  });

  it("are allowed where nobody can have both on one date", () => {
    const day = "2026-02-01";
    expect(refusals(assigned([{ site: "s" }, "short", day], [{ site: "t" }, "long", day]))).toEqual(
      [],
    );
    expect(
      refusals(assigned([{ person: "p" }, "short", day], [{ person: "q" }, "long", day])),
    ).toEqual([]);
    const relieved = (until: string): unknown =>
      assigned(["everyone", "long", "2026-01-01", until], [{ person: "p" }, "short", day]);
    expect(refusals(relieved("2026-01-31"))).toEqual([]);
    expect(refusals(relieved(day))).toHaveLength(1);
  });

  it("are left out, with a problem that says so, where nobody could foresee that they meet", () => {
    const book = assigned(
      ["everyone", "calm", "2026-01-01"],
      [{ site: "s" }, "long", "2026-01-01"],
      [{ site: "t" }, "short", "2026-01-01", "2026-06-30"],
    ) as RuleBookInput;
    const both = person("p", ["t", "s"]);
    expect(told(book, both)).toEqual({
      zone: "Asia/Dubai",
      gap: 9,
      longest: 16,
      meals: [],
      groups: ["calm", "long"],
      problem: expect.stringMatching(
        /^without short, which contradict the rest: shifts\.newShiftGap: /,
      ),
    });
    expect(told(book, both, "2026-07-01").problem).toBeUndefined();
    expect(told(book, person("p", ["t"])).problem).toBeUndefined();
  });

  it("are not looked for beyond 5,000 different combinations: the book is refused", () => {
    // each site and none, with each person's and none: 50 × 100 = 5,000
    expect(refusals(crowd(49, 99))).toEqual([]);
    expect(refusals(crowd(50, 99))).toEqual([
      expect.stringMatching(
        /^assignments: make more than 5000 different combinations .*50 sites, 0 groups of people, 99 people/,
      ),
    ]);
  });

  it("make no more faults than a person can read", () => {
    const people = names("p", 80);
    const everyone = { to: "everyone", use: ["long"], from: "2026-01-01" };
    const own = people.map((name) => ({ to: { person: name }, use: [name], from: "2026-01-01" }));
    const shorts = people.map((name) => [name, { extends: ["short"] }] as const);
    const book = {
      groups: { ...groups, ...Object.fromEntries(shorts) },
      assignments: [everyone, ...own],
    };
    expect(refusals(book)).toHaveLength(50);
  });
});

describe("the README of the rule book", () => {
  it("shows a book that means what it says", () => {
    const readme = readFileSync(join(import.meta.dirname, "rule-book", "README.md"), "utf8");
    const [, yaml = ""] = /```yaml\n([\s\S]*?)```/.exec(readme) ?? [];
    const book = parseRuleBook(parse(yaml));
    const on = (date: string, who: ReturnType<typeof person>) =>
      rulesOn(rulesFor(book, who), dayOfDate(date));
    const { set, groups } = on("2026-06-01", person("e-17", ["north"], ["managers"]));
    expect(groups).toEqual([
      "us-federal",
      "california",
      "house",
      "warehouse",
      "flat-pay",
      "us-rounding-5",
    ]);
    expect(set.shifts.dayStart).toBe(5 * HOUR);
    expect(set.rounding.punches.map(({ name }) => name)).toEqual(["Quarter", "Nearest 5 min"]);
    expect(set.meals.policies.find(({ name }) => name === "Meal period")).toMatchObject({
      activeAfter: 6 * HOUR,
      times: 1,
    });
    expect(set.overtime.policies.map(({ name }) => name)).toEqual(["Weekly", "Daily"]);
    expect(set.premiums.policies.map(({ name }) => name)).not.toContain("Split shift");
    const before = on("2026-03-31", person("e-18", [], ["managers"]));
    expect(before.set.overtime.policies.map(({ name }) => name)).toContain("Seventh day");
  });
});
