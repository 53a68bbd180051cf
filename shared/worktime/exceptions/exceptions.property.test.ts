import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { computeWorkdays } from "../engine.ts";
import type { Fact, PunchFact } from "../facts.ts";
import { constantRules, type RuleSet, ruleSetSchema } from "../rules.ts";
import { type Workday, workdaySchema } from "../workday.ts";
import { EXCEPTIONS } from "./catalogue.ts";

// The laws of exceptions and completeness, through the whole engine.

// Fixed, so that a failure is the same everywhere; WORKTIME_SEED tries others, WORKTIME_RUNS more.
const SEED = Number(process.env["WORKTIME_SEED"] ?? 20_260_112);
const RUNS = Number(process.env["WORKTIME_RUNS"] ?? 400);
process.stdout.write(`worktime exceptions properties: seed ${SEED}, ${RUNS} runs each\n`);
const settings = { seed: SEED, numRuns: RUNS };

const RANGE = { fromOn: "2026-03-01", toOn: "2026-05-30" };
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
// the week in which Berlin's clocks go forward
const FIRST = Date.parse("2026-03-24T00:00Z");
const SITES = ["hq", "plant"] as const;

const base = {
  zone: "Europe/Berlin",
  schedule: {
    templates: [
      { name: "early", start: "06:00", end: "14:00", labels: { job: "roof" } },
      { name: "night", start: "22:00", end: "06:00", site: "plant" },
      {
        name: "flex",
        kind: "flexible",
        start: "06:00",
        end: "20:00",
        paid: "7h",
        core: { start: "10:00", end: "15:00" },
      },
    ],
    rotas: [
      {
        name: "rota",
        kind: "cycle",
        anchor: "2026-03-23",
        days: [["early"], ["flex"], ["night"], [], ["early"]],
      },
    ],
  },
} as const;
/** What looks at one day, and at those before it. */
const near = {
  kinds: { unscheduled: { isOn: true } },
  limits: {
    daily: "8h",
    minRest: "11h",
    consecutiveDays: 2,
    checkInEvery: "2h",
    nightWork: { weeks: null },
  },
  booking: { required: ["job"], allowedJobs: ["roof"] },
} as const;
/** What looks at the days after it as well. */
const far = {
  kinds: { "under-schedule-week": { isOn: true }, "over-schedule-week": { isOn: true } },
  limits: {
    ...near.limits,
    weekly: "30h",
    averageWeek: { weeks: 2, limit: "20h" },
    nightWork: { weeks: 2 },
    weeklyRest: {},
  },
  verification: { anchor: "2026-03-23", days: 7 },
} as const;

const parsed = (
  countsOn: RuleSet["shifts"]["countsOn"],
  exceptions: typeof near | typeof far,
): RuleSet => ruleSetSchema.parse({ ...base, shifts: { countsOn }, exceptions });
const MODES = ["start", "end", "most-worked", "split"] as const;
const nearSets = [
  ...MODES.map((mode) => parsed(mode, near)),
  ruleSetSchema.parse({ ...base, exceptions: near, punches: { pairing: "first-last" } }),
  ruleSetSchema.parse({ ...base, exceptions: near, shifts: { splitShifts: "join" } }),
];
const farSets = [...nearSets, ...MODES.map((mode) => parsed(mode, far))];

const pause = fc.oneof(
  fc.integer({ min: 0, max: 3 * HOUR }),
  fc.integer({ min: 3 * HOUR, max: 10 * HOUR }),
  fc.integer({ min: 10 * HOUR, max: 40 * HOUR }),
  fc.constantFrom(4 * HOUR, 16 * HOUR, 8 * HOUR),
);
const hint = fc.option(fc.constantFrom("in" as const, "out" as const, "break-start" as const));
const flags = fc.constantFrom(undefined, ["clock-skew" as const]);
const job = fc.constantFrom(undefined, "roof", "wall");

const punches = fc
  .array(fc.record({ pause, hint, flags, job, site: fc.constantFrom(...SITES) }), { maxLength: 16 })
  .map((steps) => {
    let at = FIRST;
    return steps.map((step, index): PunchFact => {
      at += step.pause;
      return {
        kind: "punch",
        punchId: `p${index}`,
        at,
        hint: step.hint,
        site: step.site,
        reader: "door",
        zone: null,
        ...(step.flags === undefined ? {} : { flags: [...step.flags] }),
        ...(step.job === undefined ? {} : { labels: { job: step.job } }),
      };
    });
  });

/** Where the sites' watermarks stand; null = the site tells none. */
const watermark = fc.option(fc.integer({ min: 0, max: 12 * DAY }).map((ms) => FIRST + ms));
const marks = fc.tuple(watermark, watermark);
const factsOf = ([hq, plant]: readonly [number | null, number | null]): Fact[] =>
  [hq, plant].flatMap((completeTo, index) =>
    completeTo === null ? [] : [{ kind: "watermark", site: SITES[index] ?? "hq", completeTo }],
  );

const all = (facts: readonly Fact[], set: RuleSet): Workday[] =>
  computeWorkdays(facts, constantRules(set), RANGE);

describe("exceptions", () => {
  it("say the same whatever order the facts come in", () => {
    const cases = fc.tuple(punches, marks).chain(([list, told]) => {
      const facts = [...list, ...factsOf(told)];
      const { length } = facts;
      return fc.tuple(
        fc.constant(facts),
        fc.shuffledSubarray(facts, { minLength: length, maxLength: length }),
      );
    });
    fc.assert(
      fc.property(cases, fc.constantFrom(...farSets), ([facts, other], set) => {
        expect(all(other, set)).toEqual(all(facts, set));
      }),
      settings,
    );
  });

  it("are premature only on days that are not complete, and absence is told only on days that are", () => {
    let premature = 0;
    let absent = 0;
    fc.assert(
      fc.property(punches, marks, fc.constantFrom(...farSets), (list, told, set) => {
        for (const day of all([...list, ...factsOf(told)], set)) {
          for (const { kind, ...each } of day.exceptions) {
            if (each.premature) expect(day.state).not.toBe("complete");
            if (kind === "absent") expect(day.state).toBe("complete");
            premature += each.premature ? 1 : 0;
            absent += kind === "absent" ? 1 : 0;
          }
        }
      }),
      settings,
    );
    expect([premature, absent].every((count) => count > RUNS / 10)).toBe(true);
  });

  it("keep to their schema and to what the day knows", () => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(punches, marks, fc.constantFrom(...farSets), (list, told, set) => {
        const ids = new Set(list.map(({ punchId }) => punchId));
        for (const day of all([...list, ...factsOf(told)], set)) {
          expect(workdaySchema.parse(day)).toEqual(day);
          for (const { kind, punchIds, seconds } of day.exceptions) {
            seen.add(kind);
            expect(kind).not.toBe("rule-fault");
            expect(punchIds.every((id) => ids.has(id))).toBe(true);
            if (EXCEPTIONS[kind].hasGrace && seconds !== undefined)
              expect(seconds).toBeGreaterThan(0);
          }
        }
      }),
      settings,
    );
    expect(seen.size).toBeGreaterThan(20);
  });
});

describe("what is known for good", () => {
  // With all sites telling `told`, every punch before it has arrived: what comes later was made later.
  const cases = fc.tuple(
    punches,
    fc.integer({ min: 0, max: 12 * DAY }),
    fc.constantFrom(...nearSets),
  );

  it("is not changed by any later punch once a day is complete", () => {
    let complete = 0;
    fc.assert(
      fc.property(cases, ([list, ms, set]) => {
        const told = FIRST + ms;
        const site = factsOf([told, told]);
        const after = new Map(all([...list, ...site], set).map((day) => [day.workdayOn, day]));
        for (const day of all([...list.filter(({ at }) => at < told), ...site], set)) {
          if (day.state !== "complete") continue;
          complete += 1;
          expect(lasting(after.get(day.workdayOn))).toEqual(lasting(day));
        }
      }),
      { ...settings, numRuns: 2 * RUNS },
    );
    expect(complete).toBeGreaterThan(RUNS);
  });

  it("is not changed by a watermark that rises", () => {
    let active = 0;
    fc.assert(
      fc.property(cases, fc.nat({ max: 5 * DAY }), ([list, ms, set], more) => {
        const told = (completeTo: number): Workday[] =>
          all([...list, ...factsOf([completeTo, completeTo])], set);
        const later = new Map(told(FIRST + ms + more).map((day) => [day.workdayOn, day]));
        for (const day of told(FIRST + ms)) {
          const still = later.get(day.workdayOn);
          const said = day.exceptions.filter(({ premature }) => !premature);
          active += said.length;
          expect(still?.exceptions).toEqual(expect.arrayContaining(said));
          if (day.state === "complete") expect(still).toEqual(day);
        }
      }),
      settings,
    );
    expect(active).toBeGreaterThan(RUNS);
  });
});

/**
 * Without what only the next shift can say: that somebody who never went is not in any more, and that it began with a way
 * out which came too late, noted on the day it would have closed.
 */
function lasting(day: Workday | undefined): unknown {
  if (day === undefined) return undefined;
  const { isOpen: _, openUntil: __, exceptions, ...rest } = day;
  return { ...rest, exceptions: exceptions.filter(({ kind }) => kind !== "shift-too-long") };
}
