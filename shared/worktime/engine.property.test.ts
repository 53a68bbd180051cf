import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { RICH_RULES } from "../../test/support/worktime-rules.ts";
import { LAST_INSTANT } from "./civil-time.ts";
import { computeWorkdays, recompute, recomputeUnder } from "./engine.ts";
import type { Fact, PunchFact } from "./facts.ts";
import { nextPunchMeaning } from "./punches/next-punch.ts";
import { type Rules, ruleSetSchema } from "./rules.ts";
import { isSameWorkday, type Workday, workdaySchema } from "./workday.ts";

// Fixed, so that a failure is the same everywhere; WORKTIME_SEED tries others, WORKTIME_RUNS more.
const SEED = Number(process.env["WORKTIME_SEED"] ?? 20_260_112);
const RUNS = Number(process.env["WORKTIME_RUNS"] ?? 1000);
const PERMUTATIONS = 5 * RUNS;
process.stdout.write(
  `worktime engine properties: seed ${SEED}, ${RUNS} runs each, ${PERMUTATIONS} permutations\n`,
);
const settings = { seed: SEED, numRuns: RUNS };
vi.setConfig({ testTimeout: 300_000 }); // a busy machine may take its time

const RANGE = { fromOn: "2011-12-01", toOn: "2028-12-30" };
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

// Zones with clock changes of an hour, of half an hour, at midnight, and without any; one that skipped a whole date.
const zones = [
  "UTC",
  "Europe/Berlin",
  "America/New_York",
  "Australia/Lord_Howe",
  "America/Santiago",
  "Asia/Kolkata",
  "Pacific/Apia",
  "Africa/Casablanca",
] as const;

// Around clock changes of both halves of the world, a leap day, a year's end, Easter, and the date Apia skipped.
const STARTS = [
  "2026-03-27T00:00Z",
  "2026-10-23T00:00Z",
  "2026-04-03T00:00Z",
  "2028-02-27T00:00Z",
  "2026-12-30T00:00Z",
  "2011-12-28T00:00Z",
].map((text) => Date.parse(text));

const start = fc.constantFrom(...STARTS);

/** Pauses like people's: double taps, breaks, stretches of work, nights, weekends. */
const pause = fc.oneof(
  fc.integer({ min: 0, max: 90_000 }),
  fc.integer({ min: 0, max: 2 * HOUR }),
  fc.integer({ min: 2 * HOUR, max: 10 * HOUR }),
  fc.integer({ min: 10 * HOUR, max: 20 * HOUR }),
  fc.integer({ min: 20 * HOUR, max: 70 * HOUR }),
  fc.constantFrom(60_000, 59_999, 90 * MINUTE, 4 * HOUR, 14 * HOUR, 16 * HOUR),
);
const hint = fc.oneof(
  { weight: 4, arbitrary: fc.constant(null) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      ...([
        "in",
        "out",
        "break-start",
        "break-end",
        "lunch-start",
        "lunch-end",
        "transfer",
      ] as const),
    ),
  },
);
const labels = fc.option(fc.record({ department: fc.constantFrom("a", "b") }), { nil: undefined });
const site = fc.constantFrom("hq", "plant");

function punchesFrom(first: number): fc.Arbitrary<PunchFact[]> {
  const step = fc.record({ pause, hint, zone: fc.constantFrom(null, ...zones), labels, site });
  return fc.tuple(fc.array(step, { maxLength: 20 }), fc.boolean()).map(([steps, oneZone]) => {
    let at = first;
    return steps.map((each, index): PunchFact => {
      at += each.pause;
      return {
        kind: "punch",
        punchId: `gw-epoch-${index}`,
        at,
        hint: each.hint,
        site: each.site,
        reader: "door",
        zone: oneZone ? null : each.zone,
        ...(each.labels === undefined ? {} : { labels: each.labels }),
      };
    });
  });
}

/** Weeks of work like most people's, in whole quarters of an hour: what rules over weeks need to see anything. */
function weeksFrom(first: number): fc.Arbitrary<PunchFact[]> {
  const day = fc.record({
    isFree: fc.boolean(),
    begin: fc.integer({ min: 20, max: 40 }),
    quarters: fc.constantFrom(16, 32, 36, 36, 40, 52),
    lunch: fc.constantFrom(0, 2, 3),
  });
  return fc.array(day, { minLength: 8, maxLength: 26 }).map((days) =>
    days.flatMap(({ isFree, begin, quarters, lunch }, index): PunchFact[] => {
      if (isFree && index % 3 === 0) return [];
      const from = first + index * DAY + begin * 15 * MINUTE;
      const noon = from + Math.floor(quarters / 2) * 15 * MINUTE;
      const pauses = lunch === 0 ? [] : [noon, noon + lunch * 15 * MINUTE];
      return [from, ...pauses, from + (quarters + lunch) * 15 * MINUTE].map((at, place) => ({
        kind: "punch",
        punchId: `gw-epoch-${index * 4 + place}`,
        at,
        hint: null,
        site: "hq",
        reader: "door",
        zone: null,
      }));
    }),
  );
}

const dateOf = (at: number): string => new Date(at).toISOString().slice(0, 10);

/** What people decide, and what sites tell. */
function decisionsFrom(first: number): fc.Arbitrary<Fact[]> {
  const on = fc.integer({ min: -1, max: 9 }).map((days) => dateOf(first + days * DAY));
  const at = fc.integer({ min: 0, max: 9 * DAY }).map((ms) => first + ms);
  const decidedAt = fc.integer({ min: 0, max: 20 }).map((hours) => first + hours * HOUR);
  const id = fc.integer({ min: 0, max: 6 }).map((number) => `d${number}`);
  const punchId = fc.integer({ min: 0, max: 22 }).map((index) => `gw-epoch-${index}`);
  const meaning = fc.constantFrom("in" as const, "out" as const, "break-start" as const);
  const change = fc.oneof(
    fc.record({
      do: fc.constant("add" as const),
      at,
      meaning,
      site,
      zone: fc.constant(null),
    }),
    fc.record({ do: fc.constant("change" as const), punchId, at }),
    fc.record({ do: fc.constant("change" as const), punchId, meaning }),
    fc.record({ do: fc.constant("void" as const), punchId }),
    fc.record({ do: fc.constant("withdraw" as const), correctionId: id }),
  );
  const shift = fc.record({
    template: fc.constantFrom("early", "late", "night", "flex", "nobody-knows"),
  });
  const approval: fc.Arbitrary<Fact> = fc.record({
    kind: fc.constant("approval" as const),
    approvalId: id,
    decidedAt,
    on,
    policy: fc.constant("Daily"),
    seconds: fc.constantFrom(1800, 3600, 5400),
    decision: fc.constantFrom("approved" as const, "rejected" as const),
    by: fc.constant("boss"),
  });
  const fact: fc.Arbitrary<Fact> = fc.oneof(
    fc.record({
      kind: fc.constant("correction" as const),
      correctionId: id,
      decidedAt,
      reason: fc.constant("forgotten"),
      by: fc.constant("boss"),
      change,
    }),
    fc.record({
      kind: fc.constant("roster" as const),
      rosterId: id,
      decidedAt,
      on,
      shifts: fc.array(shift, { maxLength: 2 }),
    }),
    fc.tuple(on, on).chain(([one, other]) =>
      fc.record({
        kind: fc.constant("absence" as const),
        absenceId: id,
        decidedAt,
        fromOn: fc.constant(one < other ? one : other),
        toOn: fc.constant(one < other ? other : one),
        code: fc.constantFrom("VAC", "UNHEARD-OF"),
        secondsADay: fc.constantFrom(null, 4 * 3600),
        isCancelled: fc.boolean(),
      }),
    ),
    // one in a hundred says just what was worked
    ...Array.from({ length: 6 }, () => approval),
    fc.tuple(on, on).chain(([one, other]) =>
      fc.record({
        kind: fc.constant("verification" as const),
        verificationId: id,
        decidedAt,
        fromOn: fc.constant(one < other ? one : other),
        toOn: fc.constant(one < other ? other : one),
        level: fc.constantFrom("employee" as const, "superior" as const),
      }),
    ),
    fc.record({ kind: fc.constant("watermark" as const), site, completeTo: at }),
  );
  return fc.array(fact, { maxLength: 14 });
}

const anyPunchesFrom = (first: number): fc.Arbitrary<PunchFact[]> =>
  fc.oneof(
    { weight: 2, arbitrary: punchesFrom(first) },
    { weight: 1, arbitrary: weeksFrom(first) },
  );

const factsFrom = (first: number): fc.Arbitrary<Fact[]> =>
  fc
    .tuple(anyPunchesFrom(first), decisionsFrom(first))
    .map(([punches, decisions]): Fact[] => decisions.concat(punches));

const SETS = Object.values(RICH_RULES).flatMap((input) =>
  zones.map((zone) => ruleSetSchema.parse({ ...input, zone })),
);
const set = fc.constantFrom(...SETS);
/** Rules that change up to twice while people work. They begin ten days before: plans of earlier days are nobody's. */
function rulesFrom(first: number): fc.Arbitrary<Rules> {
  const today = Math.floor(first / DAY);
  const later = fc.tuple(fc.integer({ min: 1, max: 8 }), set);
  return fc.tuple(set, fc.array(later, { maxLength: 2 })).map(([one, changes]): Rules => {
    let from = today - 1;
    const versions = changes.map(([days, other]) => {
      from += days;
      return { from, set: other, groups: [] };
    });
    return { versions: [{ from: today - 10, set: one, groups: [] }, ...versions] };
  });
}

/** Facts, and rules that begin where they do. */
const cases = start.chain((first) => fc.tuple(factsFrom(first), rulesFrom(first)));
const shuffledCases = cases.chain(([list, of]) =>
  fc.tuple(
    fc.constant(list),
    fc.shuffledSubarray(list, { minLength: list.length, maxLength: list.length }),
    fc.constant(of),
  ),
);

const all = (list: readonly Fact[], of: Rules): Workday[] => computeWorkdays(list, of, RANGE);
const byDate = (days: Iterable<Workday>): Workday[] =>
  [...days].toSorted((a, b) => (a.workdayOn < b.workdayOn ? -1 : 1));

describe("computeWorkdays", () => {
  it("gives the same days for every order of the same facts", () => {
    fc.assert(
      fc.property(shuffledCases, ([list, other, of]) => {
        expect(all(other, of)).toEqual(all(list, of));
      }),
      { ...settings, numRuns: PERMUTATIONS },
    );
  });

  it("takes a fact that came twice once, even if the copies differ", () => {
    fc.assert(
      fc.property(shuffledCases, ([list, other, of]) => {
        expect(all([...other, ...list], of)).toEqual(all(list, of));
        const twisted = other.map((fact) =>
          fact.kind === "punch" ? { ...fact, hint: "out" as const, reader: "gate" } : fact,
        );
        expect(all([...twisted, ...list], of)).toEqual(all([...list, ...twisted], of));
      }),
      settings,
    );
  });

  it("puts every punch that was not voided on exactly one day, with a reason, and breaks no limit of a workday", () => {
    fc.assert(
      fc.property(cases, ([list, of]) => {
        const days = all(list, of);
        const seen = days.flatMap((day) => day.punches);
        const ids = seen.map((punch) => punch.punchId);
        const seenIds = new Set(ids);
        expect(seenIds.size).toBe(ids.length);
        const gone = new Set(
          list.flatMap((fact) =>
            fact.kind === "correction" && fact.change.do === "void" ? fact.change.punchId : [],
          ),
        );
        for (const fact of list) {
          if (fact.kind !== "punch" || gone.has(fact.punchId)) continue;
          expect(seenIds.has(fact.punchId)).toBe(true);
        }
        expect(seen.every((punch) => punch.reason.length > 0)).toBe(true);
        for (const day of days) {
          expect(workdaySchema.parse(day)).toEqual(day);
          expect(day.exceptions.map(({ kind }) => kind)).not.toContain("rule-fault");
        }
      }),
      settings,
    );
  });

  it("throws for no facts that fit their schemas, however odd, and loses none of their punches", () => {
    const oddAt = fc.oneof(
      fc.constantFrom(0, 1, LAST_INSTANT, LAST_INSTANT - 1, ...STARTS),
      fc.integer({ min: 0, max: LAST_INSTANT }),
      fc.integer({ min: 0, max: 3 * DAY }).map((ms) => STARTS[0]! + ms),
    );
    const oddPunch = fc.record({
      kind: fc.constant("punch" as const),
      punchId: fc.oneof(fc.constantFrom("a", "b", "__proto__"), fc.string({ minLength: 1 })),
      at: oddAt,
      hint,
      site,
      reader: fc.constant("door"),
      zone: fc.constantFrom(null, "Mars/Olympus", "", "Europe/Berlin", "Pacific/Kiritimati"),
    });
    const odd = start.chain((first) =>
      fc.tuple(
        fc.array(oddPunch, { maxLength: 12 }),
        decisionsFrom(first),
        rulesFrom(first),
        fc.constantFrom("2026-04-01", "9999-12-30"),
      ),
    );
    fc.assert(
      fc.property(odd, ([punches, decisions, of, until]) => {
        const list: Fact[] = [...punches, ...decisions];
        const days = computeWorkdays(list, of, { fromOn: "1969-12-30", toOn: until });
        for (const day of days) expect(workdaySchema.parse(day)).toEqual(day);
        if (until === "9999-12-30") {
          const read = days.flatMap((day) => day.punches.map(({ punchId }) => punchId));
          expect(read).toEqual(expect.arrayContaining(punches.map(({ punchId }) => punchId)));
        }
        const batch = recompute(decisions, punches, of);
        expect(batch.map((day) => workdaySchema.safeParse(day).success)).not.toContain(false);
      }),
      settings,
    );
  });

  it("counts no second twice: intervals never overlap, and claims tile exactly what is paid", () => {
    fc.assert(
      fc.property(cases, ([list, of]) => {
        const days = all(list, of);
        const stretches = days
          .flatMap((day) => day.intervals)
          .toSorted((a, b) => a.fromAt - b.fromAt || a.toAt - b.toAt);
        for (const [index, next] of stretches.slice(1).entries()) {
          expect(next.fromAt).toBeGreaterThanOrEqual(stretches[index]!.toAt);
        }
        for (const day of days) expectTiled(day);
      }),
      settings,
    );
  });
});

/** Worked and break time equal the intervals'; claims cover the paid intervals, each second once, and what rounding added. */
function expectTiled(day: Workday): void {
  let work = 0;
  let rest = 0;
  for (const { kind, fromAt, toAt, seconds } of day.intervals) {
    expect(seconds).toBe((toAt - fromAt) / 1000);
    expect(seconds).toBeGreaterThan(0);
    if (kind === "work") work += seconds;
    if (kind === "lunch" || kind === "break") rest += seconds;
  }
  expect([day.workedSeconds, day.breakSeconds]).toEqual([work, rest]);
  const solid = day.claims.filter(({ fromAt, toAt }) => toAt > fromAt);
  expect(joined(solid)).toEqual(joined(day.intervals.filter(({ isPaid }) => isPaid)));
  for (const { seconds, fromAt, toAt } of solid) expect(seconds).toBe((toAt - fromAt) / 1000);
  expect(day.paidSeconds).toBe(day.claims.reduce((sum, { seconds }) => sum + seconds, 0));
}

/** Stretches in order of time, those that touch made one; overlapping ones would show as a negative step. */
function joined(list: readonly { fromAt: number; toAt: number }[]): [number, number][] {
  const result: [number, number][] = [];
  for (const { fromAt, toAt } of list.toSorted((a, b) => a.fromAt - b.fromAt)) {
    const last = result.at(-1);
    if (last?.[1] === fromAt) last[1] = toAt;
    else result.push([fromAt, toAt]);
  }
  return result;
}

it("is asked of cases that reach every room of the engine", () => {
  const seen = new Set<string>();
  for (const [list, of] of fc.sample(cases, { seed: SEED, numRuns: RUNS })) {
    for (const day of all(list, of)) {
      seen.add(day.state);
      for (const { kind, policy } of day.intervals) seen.add(kind).add(policy);
      for (const { policy, approval } of day.claims) seen.add(policy).add(approval);
      for (const { policy } of day.premiums) seen.add(policy);
      for (const { policy } of day.credits) seen.add(policy);
      for (const { meaning, roundedBy } of day.punches) seen.add(meaning).add(roundedBy ?? "");
      for (const { kind } of day.exceptions) seen.add(kind);
    }
  }
  const rooms = {
    meanings: ["in", "out", "lunch-start", "break-end", "transfer", "between", "repeat"],
    rounding: ["On time", "Quarter", "Day"],
    meals: ["Lunch", "Rest", "Half hour", "deduction", "lunch-late", "lunch-missed"],
    absences: ["Vacation", "Public holiday", "absence-conflict"],
    overtime: ["Daily", "Weekly", "Over plan", "Sixth day", "Three weeks", "Sunday", "Holiday"],
    "longer overtime": ["Fortnight", "Fifth day"],
    approvals: ["pending", "approved", "rejected", "lapsed"],
    premiums: ["Night", "Weekend", "Called back", "Short day", "Split", "Late in the week"],
    exceptions: ["absent", "in-late", "out-early", "unscheduled", "assumed-out"],
    limits: ["rest-too-short", "over-daily-limit"],
    problems: ["roster-invalid", "correction-reorders", "correction-unknown-punch"],
    states: ["open", "provisional", "complete"],
  };
  const missing: string[] = [];
  for (const [room, names] of Object.entries(rooms)) {
    missing.push(...names.filter((name) => !seen.has(name)).map((name) => `${room}: ${name}`));
  }
  expect(missing).toEqual([]);
});

describe("recompute", () => {
  it("changes days into exactly what computing everything again gives, however the facts are cut into batches", () => {
    const cut = fc.tuple(
      shuffledCases,
      fc.array(fc.integer({ min: 1, max: 6 }), { maxLength: 24 }),
    );
    fc.assert(
      fc.property(cut, ([[list, order, of], sizes]) => {
        const days = new Map<string, Workday>();
        const known: Fact[] = [];
        let next = 0;
        for (const size of [...sizes, order.length]) {
          const batch = order.slice(next, next + size);
          for (const day of recompute(known, batch, of)) days.set(day.workdayOn, day);
          known.push(...batch);
          next += size;
        }
        const kept = byDate([...days.values()].filter((day) => !isGone(day)));
        expect(kept).toEqual(all(list, of));
      }),
      settings,
    );
  });

  it("says of a punch into months of history what computing everything again says", () => {
    const later = start.chain((first) =>
      fc.tuple(
        fc.array(weeksFrom(first), { minLength: 3, maxLength: 5 }),
        decisionsFrom(first + 40 * DAY),
        rulesFrom(first + 40 * DAY),
        fc.record({ day: fc.integer({ min: 0, max: 150 }), minute: fc.nat({ max: 1439 }), hint }),
      ),
    );
    fc.assert(
      fc.property(later, ([blocks, decisions, of, { day, minute, hint: claimed }]) => {
        const history = blocks.flatMap((block, index) =>
          block.map((fact) => shifted(fact, index * 32)),
        );
        const first = history[0]?.at ?? 0;
        const late: PunchFact = {
          ...shifted(history[0] ?? NOBODY, day),
          punchId: "late",
          at: first + day * DAY + minute * MINUTE,
          hint: claimed,
        };
        const existing = [...history, ...decisions];
        const days = new Map(all(existing, of).map((each) => [each.workdayOn, each]));
        for (const each of recompute(existing, [late], of)) days.set(each.workdayOn, each);
        expect(byDate([...days.values()].filter((each) => !isGone(each)))).toEqual(
          all([...existing, late], of),
        );
      }),
      { ...settings, numRuns: Math.ceil(RUNS / 2) },
    );
  });

  it("names no day whose workday stays as it was", () => {
    fc.assert(
      fc.property(cases, fc.nat(), ([list, of], pick) => {
        if (list.length === 0) return;
        const late = list[pick % list.length]!;
        const others = list.filter((fact) => fact !== late);
        const before = new Map(all(others, of).map((day) => [day.workdayOn, day]));
        const same = recompute(others, [late], of).filter((day) => {
          const was = before.get(day.workdayOn);
          return was !== undefined && isSameWorkday(was, day);
        });
        expect(same).toEqual([]);
      }),
      settings,
    );
  });

  it("names every day that other rules change, and no other", () => {
    const changing = start.chain((first) =>
      fc.tuple(factsFrom(first), rulesFrom(first), rulesFrom(first)),
    );
    fc.assert(
      fc.property(changing, ([list, before, after]) => {
        const days = new Map(all(list, before).map((day) => [day.workdayOn, day]));
        for (const day of recomputeUnder(list, { before, after }, RANGE)) {
          days.set(day.workdayOn, day);
        }
        expect(byDate([...days.values()].filter((day) => !isGone(day)))).toEqual(all(list, after));
      }),
      { ...settings, numRuns: Math.ceil(RUNS / 4) },
    );
  });
});

const shifted = (fact: PunchFact, days: number): PunchFact => ({
  ...fact,
  punchId: `${fact.punchId}+${days}`,
  at: fact.at + days * DAY,
});
const NOBODY: PunchFact = {
  kind: "punch",
  punchId: "nobody",
  at: STARTS[0]!,
  hint: null,
  site: "hq",
  reader: "door",
  zone: null,
};

/** A day that a later revision withdrew. */
const isGone = ({ punches, credits, exceptions }: Workday): boolean =>
  punches.length === 0 && credits.length === 0 && exceptions.length === 0;

describe("nextPunchMeaning", () => {
  it("greets with what the cloud says of the same punch", () => {
    const greeted = start.chain((first) => fc.tuple(anyPunchesFrom(first), rulesFrom(first)));
    fc.assert(
      fc.property(greeted, ([list, of]) => {
        const next = list.at(-1);
        if (next === undefined) return;
        if (list.filter((fact) => fact.at === next.at).length > 1) return;
        const cloud = all(list, of)
          .flatMap((day) => day.punches)
          .find((punch) => punch.punchId === next.punchId);
        const greeting = nextPunchMeaning(list.slice(0, -1), of, next);
        expect(greeting).toEqual({ meaning: cloud?.meaning, reason: cloud?.reason });
      }),
      settings,
    );
  });
});
