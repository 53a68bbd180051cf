import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { computeWorkdays, recompute } from "./engine.ts";
import type { PunchFact } from "./facts.ts";
import { nextPunchMeaning } from "./next-punch.ts";
import { type Rules, rulesSchema } from "./rules.ts";
import { type Workday, workdaySchema } from "./workday.ts";

// Fixed, so that a failure is the same everywhere; WORKTIME_SEED tries others.
const SEED = Number(process.env["WORKTIME_SEED"] ?? 20_260_112);
const RUNS = Number(process.env["WORKTIME_RUNS"] ?? 1000);
process.stdout.write(`worktime property tests: seed ${SEED}, ${RUNS} runs each\n`);
const settings = { seed: SEED, numRuns: RUNS };

const ALWAYS = { fromOn: "0000-01-01", toOn: "9999-12-31" };
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

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

// Around clock changes of both halves of the world, a leap day, a year's end, and the date Apia skipped.
const starts = [
  "2026-03-27T00:00Z",
  "2026-10-23T00:00Z",
  "2026-04-03T00:00Z",
  "2028-02-27T00:00Z",
  "2026-12-30T00:00Z",
  "2011-12-28T00:00Z",
].map((text) => Date.parse(text));

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
  { weight: 3, arbitrary: fc.constant(null) },
  { weight: 1, arbitrary: fc.constantFrom("in", "out", "break-start", "break-end") },
);

const facts: fc.Arbitrary<PunchFact[]> = fc
  .tuple(
    fc.constantFrom(...starts),
    fc.array(fc.record({ pause, hint, zone: fc.constantFrom(null, ...zones) }), { maxLength: 24 }),
    fc.boolean(),
  )
  .map(([start, steps, oneZone]) => {
    let at = start;
    return steps.map((step, index) => {
      at += step.pause;
      const zone = oneZone ? null : step.zone;
      const punchId = `gw-epoch-${index}`;
      return { kind: "punch", punchId, at, hint: step.hint, site: "hq", reader: "door", zone };
    });
  });

const rules: fc.Arbitrary<Rules> = fc
  .record({
    zone: fc.constantFrom(...zones),
    breakMaxMs: fc.constantFrom(0, 45 * MINUTE, 90 * MINUTE),
  })
  .map((some) => rulesSchema.parse(some));

const shuffled = facts.chain((list) =>
  fc.tuple(
    fc.constant(list),
    fc.shuffledSubarray(list, { minLength: list.length, maxLength: list.length }),
  ),
);

describe("computeWorkdays", () => {
  it("gives the same days for every order of the same facts", () => {
    fc.assert(
      fc.property(shuffled, rules, ([list, other], set) => {
        expect(computeWorkdays(other, set, ALWAYS)).toEqual(computeWorkdays(list, set, ALWAYS));
      }),
      { ...settings, numRuns: 5 * RUNS },
    );
  });

  it("takes a fact that came twice once, even if the copies differ", () => {
    fc.assert(
      fc.property(shuffled, rules, ([list, other], set) => {
        const twisted = other.map((fact) => ({ ...fact, at: fact.at + 1000, hint: null }));
        expect(computeWorkdays([...other, ...list], set, ALWAYS)).toEqual(
          computeWorkdays(list, set, ALWAYS),
        );
        const renamed = other.map((fact) => ({ ...fact, hint: "out" as const, reader: "gate" }));
        expect(computeWorkdays([...renamed, ...list], set, ALWAYS)).toEqual(
          computeWorkdays([...list, ...renamed], set, ALWAYS),
        );
        expect(computeWorkdays([...twisted, ...list], set, ALWAYS)).toEqual(
          computeWorkdays([...list, ...twisted], set, ALWAYS),
        );
      }),
      settings,
    );
  });

  it("puts every punch on exactly one day, with a reason, and breaks no limit of a workday", () => {
    fc.assert(
      fc.property(facts, rules, (list, set) => {
        const days = computeWorkdays(list, set, ALWAYS);
        const seen = days.flatMap((day) => day.punches);
        expect(seen.map((punch) => punch.punchId).toSorted()).toEqual(
          list.map((fact) => fact.punchId).toSorted(),
        );
        expect(seen.every((punch) => punch.reason.length > 0)).toBe(true);
        for (const day of days) expect(workdaySchema.parse(day)).toEqual(day);
      }),
      settings,
    );
  });

  it("counts no second twice: intervals never overlap, meet at their punches and add up", () => {
    fc.assert(
      fc.property(facts, rules, (list, set) => {
        const days = computeWorkdays(list, set, ALWAYS);
        const all = days
          .flatMap((day) => day.intervals)
          .toSorted((a, b) => a.fromAt - b.fromAt || a.toAt - b.toAt);
        for (const [index, next] of all.slice(1).entries()) {
          expect(next.fromAt).toBeGreaterThanOrEqual(all[index]!.toAt);
        }
        for (const day of days) expectTiled(day);
      }),
      settings,
    );
  });
});

/** Worked and break time equal the intervals', which run between exactly the paired punches of the day. */
function expectTiled(day: Workday): void {
  const at = new Map(day.punches.map((punch) => [punch.punchId, punch.at]));
  let work = 0;
  let rest = 0;
  for (const interval of day.intervals) {
    expect(interval.punchIds.map((id) => at.get(id))).toEqual([interval.fromAt, interval.toAt]);
    const seconds = Math.floor(interval.toAt / 1000) - Math.floor(interval.fromAt / 1000);
    expect(interval.seconds).toBe(seconds);
    if (interval.kind === "work") work += seconds;
    else rest += seconds;
  }
  expect([day.workedSeconds, day.breakSeconds]).toEqual([work, rest]);
  const missing = day.exceptions.filter((e) => e.kind.startsWith("missing-"));
  const counted = day.punches.filter((punch) => punch.meaning !== "repeat");
  const leavings = counted.filter((p) => p.meaning === "out" || p.meaning === "break-start");
  const works = day.intervals.filter((interval) => interval.kind === "work");
  // every way out that closes no work has its missing punch named
  expect(leavings.length - works.length).toBeLessThanOrEqual(missing.length);
}

describe("recompute", () => {
  it("changes days into exactly what computing everything again gives, however the facts are cut into batches", () => {
    const cut = fc.tuple(shuffled, fc.array(fc.integer({ min: 1, max: 6 }), { maxLength: 24 }));
    fc.assert(
      fc.property(cut, rules, ([[list, order], sizes], set) => {
        const days = new Map<string, Workday>();
        const known: PunchFact[] = [];
        let next = 0;
        for (const size of [...sizes, order.length]) {
          const batch = order.slice(next, next + size);
          for (const day of recompute(known, batch, set)) days.set(day.workdayOn, day);
          known.push(...batch);
          next += size;
        }
        const kept = [...days.values()].filter((day) => day.punches.length > 0);
        const sorted = kept.toSorted((a, b) => (a.workdayOn < b.workdayOn ? -1 : 1));
        expect(sorted).toEqual(computeWorkdays(list, set, ALWAYS));
      }),
      settings,
    );
  });

  it("names no day whose workday stays as it was", () => {
    fc.assert(
      fc.property(facts, rules, fc.nat(), (list, set, pick) => {
        if (list.length === 0) return;
        const late = list[pick % list.length]!;
        const others = list.filter((fact) => fact !== late);
        const before = new Map(computeWorkdays(others, set, ALWAYS).map((d) => [d.workdayOn, d]));
        for (const day of recompute(others, [late], set)) {
          expect(day).not.toEqual(before.get(day.workdayOn));
        }
      }),
      settings,
    );
  });
});

describe("nextPunchMeaning", () => {
  it("greets with what the cloud says of the same punch", () => {
    fc.assert(
      fc.property(facts, rules, (list, set) => {
        const next = list.at(-1);
        if (next === undefined) return;
        const cloud = computeWorkdays(list, set, ALWAYS)
          .flatMap((day) => day.punches)
          .find((punch) => punch.punchId === next.punchId);
        const greeting = nextPunchMeaning(list.slice(0, -1), set, next);
        const sameInstant = list.filter((fact) => fact.at === next.at);
        if (sameInstant.length > 1) return;
        expect(greeting).toEqual({ meaning: cloud?.meaning, reason: cloud?.reason });
      }),
      settings,
    );
  });
});
