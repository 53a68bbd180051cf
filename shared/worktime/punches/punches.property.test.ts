import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { z } from "zod";
import { ruleSet } from "../../../test/support/worktime.ts";
import { dateOf, dayOfDate } from "../civil-time.ts";
import { type CorrectionFact, type Fact, factSetOf, type PunchFact } from "../facts.ts";
import type { Shift } from "../ledger.ts";
import { countPunches } from "../rounding/rounding.ts";
import { constantRules, type Rules, type ruleSetSchema } from "../rules.ts";
import { createPlans } from "../schedule/plan.ts";
import { assumedOutOf } from "./assumed-out.ts";
import { resolvePunches } from "./corrections.ts";
import { isArrival } from "./meaning.ts";
import { nextPunchMeaning } from "./next-punch.ts";
import { groupShifts } from "./shifts.ts";
import { tilesOf } from "./tiles.ts";

// Fixed, so that a failure is the same everywhere; WORKTIME_SEED tries others.
const SEED = Number(process.env["WORKTIME_SEED"] ?? 20_260_112);
const RUNS = Number(process.env["WORKTIME_RUNS"] ?? 1000);
const settings = { seed: SEED, numRuns: RUNS };
process.stdout.write(`punches property tests: seed ${SEED}, ${RUNS} runs each\n`);

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const zones = ["UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe"] as const;

// Around clock changes of both halves of the world and a leap day; Sunday to Sunday.
const starts = ["2026-03-26", "2026-10-22", "2026-04-02", "2028-02-26"].map(dayOfDate);

/** Pauses like people's, and right at the limits of the rules. */
const pause = fc.oneof(
  fc.integer({ min: 0, max: 90_000 }),
  fc.integer({ min: 0, max: 2 * HOUR }),
  fc.integer({ min: 2 * HOUR, max: 10 * HOUR }),
  fc.integer({ min: 10 * HOUR, max: 40 * HOUR }),
  fc.constantFrom(
    1,
    59_999,
    60_000,
    30 * MINUTE,
    90 * MINUTE,
    4 * HOUR,
    8 * HOUR,
    14 * HOUR,
    16 * HOUR,
  ),
);
const claim = fc.constantFrom(
  "in",
  "out",
  "break-start",
  "break-end",
  "lunch-start",
  "lunch-end",
  "transfer",
);
const labels = fc.option(fc.record({ job: fc.constantFrom("a", "b") }), { nil: undefined });
const step = fc.record({
  pause,
  hint: fc.oneof({ weight: 3, arbitrary: fc.constant(null) }, { weight: 2, arbitrary: claim }),
  zone: fc.constantFrom(null, ...zones),
  reader: fc.constantFrom("door", "gate-in", "gate-out", "canteen"),
  site: fc.constantFrom("hq", "plant"),
  labels,
});

const punches: fc.Arbitrary<PunchFact[]> = fc
  .tuple(fc.constantFrom(...starts), fc.array(step, { maxLength: 16 }))
  .map(([start, steps]) => {
    let at = start * 24 * HOUR + 6 * HOUR;
    return steps.map(({ pause: wait, ...rest }, index) => {
      at += wait;
      return { kind: "punch", punchId: `p${String(index).padStart(2, "0")}`, at, ...rest };
    });
  });

type Input = z.input<typeof ruleSetSchema>;
type Readers = NonNullable<NonNullable<Input["punches"]>["readers"]>;
type RestInput = NonNullable<NonNullable<Input["punches"]>["breaks"]>;

const rest: fc.Arbitrary<RestInput> = fc.constantFrom<RestInput[]>(
  { by: "claim" },
  {},
  { by: "length", min: "20min", max: "1h" },
  { by: "shift-window", from: "3h", to: "5h" },
  { by: "day-window", from: "11:00", to: "14:00" },
  { by: "day-window", from: "23:00", to: "03:00" },
);

const schedule: NonNullable<Input["schedule"]> = {
  templates: [
    {
      name: "Day",
      start: "08:00",
      end: "17:00",
      breaks: [
        { kind: "break", start: "10:00", length: "15min" },
        { kind: "lunch", start: "12:00", length: "1h" },
      ],
    },
    { name: "Early", start: "06:00", end: "14:00" },
    { name: "Late", start: "14:00", end: "22:00" },
    { name: "Night", start: "22:00", end: "06:00", breaks: [{ start: "02:00", length: "30min" }] },
    { name: "Flexible", kind: "flexible", start: "06:00", end: "20:00", paid: "8h" },
  ],
};
const cycles = [["Day"], ["Early", "Late"], ["Night"], ["Flexible"], []];

const rules: fc.Arbitrary<Rules> = fc
  .record({
    zone: fc.constantFrom(...zones),
    shifts: fc.record({
      startsByPlan: fc.boolean(),
      splitShifts: fc.constantFrom("apart" as const, "join" as const),
      newShiftGap: fc.constantFrom("2h" as const, "4h" as const),
      assumedOut: fc.constantFrom<NonNullable<NonNullable<Input["shifts"]>["assumedOut"]>[]>(
        { by: "none" },
        { by: "planned-end" },
        { by: "expected-hours", hours: "7h", tolerance: "1h" },
      ),
    }),
    punches: fc.record({
      detect: fc.shuffledSubarray(["reader" as const, "key" as const, "schedule" as const]),
      keys: fc.constantFrom("believed" as const, "hint" as const),
      readers: fc.constantFrom<Readers[]>(
        [],
        [
          { reader: "gate-in", means: "in" as const },
          { reader: "gate-out", means: "out" as const },
          { reader: "canteen", site: "hq", means: "lunch" as const },
          { reader: "canteen", means: "break" as const },
        ],
      ),
      pairing: fc.constantFrom("every-pair" as const, "every-pair" as const, "first-last" as const),
      doubleIn: fc.constantFrom("both" as const, "first" as const, "last" as const),
      doubleOut: fc.constantFrom("both" as const, "first" as const, "last" as const),
      repeatReader: fc.constantFrom("any" as const, "same" as const),
      repeatWindow: fc.constantFrom("60s" as const, "10min" as const),
      lunches: rest,
      breaks: rest,
    }),
    days: fc.array(fc.constantFrom(...cycles), { minLength: 1, maxLength: 4 }),
    isPlanned: fc.boolean(),
  })
  .map(({ days, isPlanned, ...some }) => {
    const cycle = {
      name: "rota",
      kind: "cycle",
      anchor: "2026-01-01",
      days: withRoom(days),
    } as const;
    const input: Input = { ...some, schedule: { ...schedule, rotas: isPlanned ? [cycle] : [] } };
    return constantRules(ruleSet(input));
  });

/** A night is followed by a free day, so that no two shifts of a cycle overlap. */
const withRoom = (days: string[][]): string[][] =>
  days.flatMap((day) => (day.includes("Night") ? [day, []] : [day]));

/** Corrections of these punches and of others, by ids that may meet. */
const corrections = (list: readonly PunchFact[]): fc.Arbitrary<CorrectionFact[]> => {
  const target = fc.constantFrom("p00", "p01", "p02", "p03", "lost", "c0", "c1");
  const first = list[0]?.at ?? 24 * HOUR * (starts[0] ?? 0);
  const at = fc.integer({ min: -4 * HOUR, max: 40 * HOUR }).map((offset) => first + offset);
  const change = fc.oneof(
    fc.record({
      do: fc.constant("add" as const),
      at,
      meaning: claim,
      site: fc.constant("hq"),
      zone: fc.constantFrom(null, ...zones),
    }),
    fc.record(
      { do: fc.constant("change" as const), punchId: target, at, meaning: claim },
      { requiredKeys: ["do", "punchId"] },
    ),
    fc.record({ do: fc.constant("void" as const), punchId: target }),
    fc.record({
      do: fc.constant("withdraw" as const),
      correctionId: fc.constantFrom("c0", "c1", "c2", "c3", "lost"),
    }),
  );
  const decided = fc.integer({ min: 0, max: 3 }).map((days) => first + (2 + days) * 24 * HOUR);
  return fc.array(fc.tuple(change, decided), { maxLength: 5 }).map((list5) =>
    list5.map(([what, decidedAt], index) => ({
      kind: "correction",
      correctionId: `c${index}`,
      decidedAt,
      reason: "r",
      by: "anna",
      change: what,
    })),
  );
};

const story: fc.Arbitrary<{ punches: PunchFact[]; facts: Fact[] }> = punches.chain((list) =>
  fc
    .tuple(corrections(list), fc.boolean(), fc.boolean())
    .map(([extra, isCorrected, hasRoster]) => ({
      punches: list,
      facts: [...list, ...(isCorrected ? extra : []), ...(hasRoster ? rosterOf(list) : [])],
    })),
);

function rosterOf(list: readonly PunchFact[]): Fact[] {
  const day = Math.floor((list[0]?.at ?? 0) / (24 * HOUR));
  const shifts = [{ template: "Day" }];
  return [{ kind: "roster", rosterId: "r", decidedAt: 0, on: dateOf(day), shifts }];
}

function shiftsOf(facts: readonly Fact[], set: Rules): Shift[] {
  const known = factSetOf(facts);
  return groupShifts(resolvePunches(known).punches, set, createPlans(known, set));
}

const shuffled = story.chain((told) =>
  fc.tuple(fc.constant(told), fc.shuffledSubarray(told.facts, { minLength: told.facts.length })),
);

describe("shifts", () => {
  it("are the same whatever order the facts come in", () => {
    fc.assert(
      fc.property(shuffled, rules, ([{ facts }, other], set) => {
        expect(shiftsOf(other, set)).toEqual(shiftsOf(facts, set));
        expect(resolvePunches(factSetOf(other))).toEqual(resolvePunches(factSetOf(facts)));
      }),
      settings,
    );
  });

  it("hold every punch that stands exactly once, in order, each with a reason", () => {
    fc.assert(
      fc.property(story, rules, ({ facts }, set) => {
        const { punches: standing } = resolvePunches(factSetOf(facts));
        const reads = shiftsOf(facts, set).flatMap((shift) => shift.reads);
        expect(reads.map(({ punch }) => punch.punchId)).toEqual(
          standing.map(({ punchId }) => punchId),
        );
        for (const { reason, problem } of reads) {
          expect(reason.length).toBeGreaterThan(0);
          expect(Math.max(reason.length, problem?.detail.length ?? 0)).toBeLessThanOrEqual(300);
        }
      }),
      settings,
    );
  });

  it("depend on earlier punches only: cutting the future off moves no punch into another shift", () => {
    fc.assert(
      fc.property(punches, rules, fc.nat(), (list, set, pick) => {
        const count = list.length === 0 ? 0 : pick % list.length;
        const before = shiftsOf(list.slice(0, count), set).map(idsOf);
        const all = shiftsOf(list, set).map(idsOf);
        const cut = all
          .map((ids) => ids.filter((id) => Number(id.slice(1)) < count))
          .filter((ids) => ids.length > 0);
        expect(before).toEqual(cut);
      }),
      settings,
    );
  });

  it("are no longer than the longest shift", () => {
    fc.assert(
      fc.property(story, rules, ({ facts }, set) => {
        for (const { startAt, reads, rules: used } of shiftsOf(facts, set)) {
          const lastAt = reads.at(-1)?.punch.at ?? startAt;
          const lengthMs = lastAt - startAt;
          expect(lengthMs).toBeLessThanOrEqual(
            (used.shifts.maxShift + used.punches.repeatWindow) * 1000,
          );
        }
      }),
      settings,
    );
  });
});

const idsOf = (shift: Shift): string[] => shift.reads.map(({ punch }) => punch.punchId);

describe("tiles", () => {
  it("never overlap, lie between punches of their shift and leave no pair out", () => {
    fc.assert(
      fc.property(story, rules, ({ facts }, set) => {
        let freeFrom = Number.NEGATIVE_INFINITY;
        for (const shift of shiftsOf(facts, set)) {
          const counted = countPunches(shift);
          const at = new Map(counted.map(({ punch, countsAt }) => [punch.punchId, countsAt]));
          const tiles = tilesOf(shift, counted);
          for (const tile of tiles) {
            expect(tile.fromAt).toBeGreaterThanOrEqual(freeFrom);
            expect(tile.toAt).toBeGreaterThan(tile.fromAt);
            expect(tile.punchIds.map((id) => at.get(id))).toEqual([tile.fromAt, tile.toAt]);
            freeFrom = tile.toAt;
          }
          expect(tiles.filter(({ kind }) => kind === "work")).toHaveLength(pairsOf(shift));
        }
      }),
      settings,
    );
  });
});

/** Ways in followed by a way out or a transfer, with time between them. */
function pairsOf(shift: Shift): number {
  const counted = countPunches(shift).filter(
    ({ meaning }) => meaning !== "repeat" && meaning !== "between",
  );
  return counted.slice(1).filter((to, index) => {
    const from = counted[index]!;
    const isEnd = !isArrival(to.meaning) || to.meaning === "transfer";
    return isArrival(from.meaning) && isEnd && to.countsAt > from.countsAt;
  }).length;
}

describe("an assumed check-out", () => {
  it("lies after the last punch, within the longest shift, not after the next one, behind the watermark", () => {
    fc.assert(
      fc.property(story, rules, fc.nat({ max: 9 }), ({ facts }, set, days) => {
        const shifts = shiftsOf(facts, set);
        const watermark = (shifts[0]?.startAt ?? 0) + days * 12 * HOUR;
        for (const [index, shift] of shifts.entries()) {
          const out = assumedOutOf(shift, watermark);
          if (out === null) continue;
          expect(shift.phase).toBe("in");
          expect(out.at).toBeLessThanOrEqual(
            Math.min(watermark, shifts[index + 1]?.startAt ?? watermark),
          );
          expect(out.at).toBeLessThanOrEqual(shift.startAt + shift.rules.shifts.maxShift * 1000);
          expect(out.at % 1000).toBe(0);
          expect(assumedOutOf(shift, watermark + HOUR)).toEqual(out);
        }
      }),
      settings,
    );
  });
});

describe("the greeting", () => {
  it("is what the cloud says of the same punch in every way of detection", () => {
    let checked = 0;
    fc.assert(
      fc.property(story, rules, ({ punches: list, facts }, set) => {
        const next = list.at(-1);
        if (next === undefined) return;
        // what is decided about the last punch, or added after it, is not known when it is made
        const known = facts.filter((fact) => fact !== next && !isAbout(fact, next));
        const reads = shiftsOf([...known, next], set)
          .flatMap((shift) => shift.reads)
          .filter(({ punch }) => punch.at <= next.at);
        const cloud = reads.find(({ punch }) => punch.punchId === next.punchId);
        if (reads.at(-1) !== cloud || cloud === undefined) return;
        if (resolvePunches(factSetOf(known)).punches.some((punch) => punch.at > next.at)) return;
        checked += 1;
        expect(nextPunchMeaning(known, set, next)).toEqual({
          meaning: cloud.meaning,
          reason: cloud.reason,
        });
      }),
      settings,
    );
    expect(checked).toBeGreaterThan(RUNS / 2);
  });
});

const isAbout = (fact: Fact, { punchId }: PunchFact): boolean =>
  fact.kind === "correction" && "punchId" in fact.change && fact.change.punchId === punchId;
