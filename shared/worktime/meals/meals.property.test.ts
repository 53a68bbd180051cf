import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { z } from "zod";
import { ruleSet } from "../../../test/support/worktime.ts";
import { WEEKDAYS, type Weekday } from "../civil-time.ts";
import { secondsOf, type Tile } from "../ledger.ts";
import { applyMeals } from "./meals.ts";
import type { mealRulesSchema } from "./rules.ts";
import type { MealShift } from "./taken.ts";

// Fixed, so that a failure is the same everywhere; WORKTIME_SEED tries others.
const SEED = Number(process.env["WORKTIME_SEED"] ?? 20_260_112);
const RUNS = Number(process.env["WORKTIME_RUNS"] ?? 1000);
process.stdout.write(`meal property tests: seed ${SEED}, ${RUNS} runs each\n`);
const settings = { seed: SEED, numRuns: RUNS };

type Policy = NonNullable<z.input<typeof mealRulesSchema>["policies"]>[number];

const START = Date.parse("2026-10-24T18:00:00Z");
const jobs = fc.constantFrom({}, { job: "press" }, { job: "saw" });

/** A shift over the night on which clocks go back in Berlin: tiles with gaps, odd seconds and labels. */
const tiles: fc.Arbitrary<Tile[]> = fc
  .array(
    fc.record({
      kind: fc.constantFrom("work", "work", "work", "lunch", "break"),
      gap: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, fc.integer({ min: 1, max: 3600 })),
      seconds: fc.oneof(fc.integer({ min: 1, max: 5 * 3600 }), fc.constantFrom(900, 1800, 3600)),
      isPaid: fc.boolean(),
      labels: jobs,
    }),
    { minLength: 1, maxLength: 10 },
  )
  .map((steps) => {
    let at = START;
    return steps.map(({ kind, gap, seconds, isPaid, labels }, index) => {
      const fromAt = at + gap * 1000;
      at = fromAt + seconds * 1000;
      const punchIds = [`${index}`, `${index + 1}`];
      const rest = { labels, punchIds, policy: "every-pair", reason: "", shiftId: "s" };
      return { kind, fromAt, toAt: at, isPaid: kind === "work" || isPaid, ...rest };
    });
  });

const length = fc.oneof(
  fc.constantFrom(600, 900, 1800, 3600, 2 * 3600),
  fc.integer({ min: 1, max: 2 * 3600 }),
);
const common = {
  for: fc.constantFrom("lunch", "break", "any"),
  amount: length,
  activeAfter: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 12 * 3600 })),
  measuredBy: fc.constantFrom("worked", "remaining", "paid", "elapsed"),
  minShift: fc.constantFrom(0, 6 * 3600),
  weekdays: fc.constantFrom<Weekday[]>([...WEEKDAYS], ["sat"], ["sun"]),
  where: fc.constantFrom<{ job?: string[] }>({}, { job: ["press"] }),
  repeat: fc.constantFrom({}, { times: 3 }, { times: 3, every: 3 * 3600 }),
};
const counted = { minLength: fc.constantFrom(0, 1), countsGaps: fc.boolean() };
const policies = fc
  .array(
    fc.oneof(
      fc.record({
        kind: fc.constant("auto-deduct"),
        ...common,
        ...counted,
        countsPunched: fc.boolean(),
        neverBelow: fc.boolean(),
        allocation: fc.constantFrom("when-active", "proportional", "from-end", "planned"),
      }),
      fc.record({
        kind: fc.constant("auto-add"),
        ...common,
        per: fc.constantFrom("shift", "each"),
        ifLonger: fc.constantFrom("pay-amount", "pay-nothing"),
      }),
      fc.record(
        {
          kind: fc.constant("normal"),
          ...common,
          ...counted,
          inTotal: fc.boolean(),
          dueWithin: length,
          maxStretch: length,
          most: fc.integer({ min: 3, max: 5 }),
        },
        { requiredKeys: ["kind", "amount", "where", "repeat"] },
      ),
    ),
    { maxLength: 5 },
  )
  .map((list) =>
    list.map(
      ({ repeat, ...rest }, index) => ({ ...rest, ...repeat, name: `${index}` }) satisfies Policy,
    ),
  );

const phase = fc.constantFrom("out", "in", "lunch", "break");
const cases = fc.record({ tiles, policies, phase }).map((each) => {
  const rules = ruleSet({ zone: "Europe/Berlin", meals: { policies: each.policies } });
  const startAt = each.tiles[0]?.fromAt ?? START;
  const rest = { plan: null, isLast: true, isOverrun: false };
  const shift = { startAt, zone: rules.zone, rules, phase: each.phase, ...rest } as MealShift;
  return { before: each.tiles, shift, policies: rules.meals.policies };
});

const paid = (list: readonly Tile[]): number =>
  total(list.filter((tile) => tile.isPaid && tile.kind !== "work"));
const total = (list: readonly Tile[], kind?: Tile["kind"]): number =>
  list.reduce(
    (sum, tile) => (kind === undefined || tile.kind === kind ? sum + secondsOf(tile) : sum),
    0,
  );

describe("rules on lunches and breaks", () => {
  it("keep every second in one tile, between the same punches, and never make time", () => {
    fc.assert(
      fc.property(cases, ({ before, shift }) => {
        const { tiles: after } = applyMeals(before, shift);
        const rest = [...after];
        for (const whole of before) {
          let at = whole.fromAt;
          while (at < whole.toAt) {
            const [piece = whole] = rest.splice(0, 1);
            expect(piece.fromAt).toBe(at);
            expect(piece.toAt).toBeGreaterThan(at);
            expect(piece.toAt % 1000).toBe(0);
            expect(piece.labels).toEqual(whole.labels);
            expect(piece.punchIds).toEqual(whole.punchIds);
            expect([whole.kind, "deduction"]).toContain(piece.kind);
            at = piece.toAt;
          }
          expect(at).toBe(whole.toAt);
        }
        expect(rest).toEqual([]);
      }),
      settings,
    );
  });

  it("take off work alone, unpaid, and no more than all rules together may", () => {
    fc.assert(
      fc.property(cases, ({ before, shift, policies: rules }) => {
        const { tiles: after } = applyMeals(before, shift);
        const cut = total(after, "deduction");
        expect(after.some((tile) => tile.kind === "deduction" && tile.isPaid)).toBe(false);
        expect(total(after, "work") + cut).toBe(total(before, "work"));
        const most = rules.reduce(
          (sum, rule) => (rule.kind === "auto-deduct" ? sum + rule.times * rule.amount : sum),
          0,
        );
        expect(cut).toBeLessThanOrEqual(most);
      }),
      settings,
    );
  });

  it("pay lunches and breaks alone, and no more than all rules together allow; nothing paid is taken back", () => {
    fc.assert(
      fc.property(cases, ({ before, shift, policies: rules }) => {
        const { tiles: after } = applyMeals(before, shift);
        const most = rules.reduce(
          (sum, rule) => (rule.kind === "auto-add" ? sum + rule.times * rule.amount : sum),
          0,
        );
        expect(paid(after) - paid(before)).toBeGreaterThanOrEqual(0);
        expect(paid(after) - paid(before)).toBeLessThanOrEqual(most);
      }),
      settings,
    );
  });

  it("take the same off wherever they take it, as long as nothing else depends on the place", () => {
    const alone = fc.record({ tiles, amount: length, activeAfter: common.activeAfter });
    fc.assert(
      fc.property(alone, ({ tiles: before, ...rest }) => {
        const cuts = (["when-active", "proportional", "from-end", "planned"] as const).map(
          (allocation) => {
            const policy = { kind: "auto-deduct", name: "D", allocation, ...rest } as const;
            const rules = ruleSet({ meals: { policies: [policy] } });
            const more = { plan: null, phase: "out", isLast: false, isOverrun: false } as const;
            const shift = { startAt: START, zone: "UTC", rules, ...more };
            return total(applyMeals(before, shift).tiles, "deduction");
          },
        );
        expect(new Set(cuts).size).toBe(1);
      }),
      settings,
    );
  });

  it("find within the shift, in order of time, and a length that is more than nothing", () => {
    fc.assert(
      fc.property(cases, ({ before, shift }) => {
        const { meals } = applyMeals(before, shift);
        const [first, last] = [before[0], before.at(-1)];
        for (const [index, { what, at, seconds, detail }] of meals.entries()) {
          expect(at).toBeGreaterThanOrEqual(meals[index - 1]?.at ?? first?.fromAt ?? 0);
          expect(at).toBeLessThanOrEqual(last?.toAt ?? 0);
          expect(at % 1000).toBe(0);
          if (what !== "too-many") expect(seconds).toBeGreaterThan(0);
          expect(detail.length).toBeLessThanOrEqual(300);
        }
      }),
      settings,
    );
  });
});
