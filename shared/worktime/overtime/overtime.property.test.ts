import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type Credits,
  claimsOf,
  MONDAY,
  type OvertimeInput,
  type PolicyInput,
} from "../../../test/support/overtime.ts";
import { bruteForce, TICK } from "../../../test/support/overtime-oracle.ts";
import { ruleSet } from "../../../test/support/worktime.ts";
import { dateOf, dayOfDate, WEEKDAYS } from "../civil-time.ts";
import { factSetOf } from "../facts.ts";
import {
  type Day,
  type DayShift,
  type PlannedShift,
  paidSeconds,
  type Sheet,
  type Tile,
} from "../ledger.ts";
import type { RuleSet } from "../rules.ts";
import type { Claim, Credit } from "../workday.ts";
import { overtimeReach } from "./overtime.ts";
import { overtimeRulesSchema } from "./rules.ts";

// Fixed, so that a failure is the same everywhere; WORKTIME_SEED tries others.
const SEED = Number(process.env["WORKTIME_SEED"] ?? 20_260_112);
const RUNS = Math.ceil(Number(process.env["WORKTIME_RUNS"] ?? 1000) / 2);
process.stdout.write(`overtime property tests: seed ${SEED}, ${RUNS} runs each\n`);
const settings = { seed: SEED, numRuns: RUNS };

const DAY0 = dayOfDate(MONDAY);
const MS = TICK * 1000;

const ticks = (max: number): fc.Arbitrary<number> =>
  fc.integer({ min: 0, max }).map((count) => count * TICK);
const job = fc.constantFrom("crane", "dock");
const jobs = fc.option(fc.record({ job: fc.uniqueArray(job, { minLength: 1 }) }), {
  nil: {},
  freq: 3,
});

/** Rates come from a pool with ties; `rate` of the property on permutations gives each its own. */
const tiers = (most: number): fc.Arbitrary<PolicyInput["tiers"]> =>
  fc
    .uniqueArray(fc.integer({ min: 0, max: most }), { minLength: 1, maxLength: 3 })
    .chain((afters) =>
      fc.tuple(
        ...afters
          .toSorted((a, b) => a - b)
          .map((after) =>
            fc
              .constantFrom(1.25, 1.5, 2, 3)
              .map((rate) => ({ after: after * TICK, code: `C${rate * 100}`, rate })),
          ),
      ),
    );

const commonOf = (most: number): fc.Arbitrary<Omit<PolicyInput, "kind" | "name">> =>
  fc.record({
    tiers: tiers(most),
    counts: fc.constantFrom("unclaimed", "all"),
    contributes: fc.record({
      work: fc.constantFrom(true, true, true, false),
      paidBreaks: fc.boolean(),
      paidLunches: fc.boolean(),
      credits: fc.boolean(),
      where: jobs,
    }),
    where: jobs,
    minimum: fc.oneof(fc.constant(0), ticks(8)),
    tolerance: fc.oneof(fc.constant(0), ticks(4)),
    beyondTolerance: fc.constantFrom("all", "excess"),
  });

const anchor = fc.integer({ min: -40, max: 40 }).map((offset) => dateOf(DAY0 + offset));
const policy: fc.Arbitrary<PolicyInput> = fc
  .oneof(
    fc.tuple(
      commonOf(24),
      fc.record({ kind: fc.constant("daily"), scope: fc.constantFrom("day", "shift") }),
    ),
    fc.tuple(commonOf(100), fc.record({ kind: fc.constant("weekly") })),
    fc.tuple(commonOf(160), fc.record({ kind: fc.constant("bi-weekly"), anchor })),
    fc.tuple(
      commonOf(160),
      fc.record({ kind: fc.constant("n-weekly"), weeks: fc.integer({ min: 2, max: 4 }), anchor }),
    ),
    fc.tuple(
      commonOf(24),
      fc.record({
        kind: fc.constant("day-of-week"),
        days: fc.uniqueArray(fc.constantFrom(...WEEKDAYS), { minLength: 1 }),
      }),
    ),
    fc.tuple(
      commonOf(24),
      fc.record({
        kind: fc.constant("weekly-days"),
        nth: fc.integer({ min: 1, max: 7 }),
        minWorked: ticks(16),
      }),
    ),
    fc.tuple(
      commonOf(24),
      fc.record({
        kind: fc.constant("consecutive-days"),
        nth: fc.integer({ min: 2, max: 7 }),
        reset: fc.constantFrom("rolling", "week"),
        minWorked: ticks(16),
      }),
    ),
    fc.tuple(
      commonOf(24),
      fc.record({
        kind: fc.constant("holiday"),
        calendars: fc.constantFrom(undefined, ["a"], ["a", "b"]),
      }),
    ),
    fc.tuple(
      commonOf(8),
      fc.record({
        kind: fc.constant("over-schedule"),
        measure: fc.constantFrom("day", "week", "time"),
        withoutPlan: fc.constantFrom("count", "skip"),
      }),
    ),
    fc
      .tuple(
        commonOf(8),
        fc.record({
          kind: fc.constant("differential"),
          class: fc.constantFrom("regular", "overtime"),
        }),
      )
      .map(([common, own]) => [{ ...common, where: { job: ["crane"] } }, own]),
  )
  .map(([common, own]) => Object.assign({ name: "" }, common, own) as PolicyInput);

const overtime: fc.Arbitrary<OvertimeInput> = fc
  .record({
    weekStart: fc.constantFrom(...WEEKDAYS),
    precedence: fc.constantFrom("highest-rate", "first"),
    policies: fc
      .array(policy, { minLength: 1, maxLength: 4 })
      .map((policies) => policies.map((each, index) => ({ ...each, name: `P${index}` }))),
  })
  .filter((input) => overtimeRulesSchema.safeParse(input).success);

interface DayShape {
  readonly tiles: readonly {
    gap: number;
    length: number;
    kind: string;
    isPaid: boolean;
    job: string;
    isNewShift: boolean;
  }[];
  readonly plan: { from: number; length: number; seconds: number } | null;
  readonly holiday: string | null;
  readonly credit: { seconds: number; contributes: boolean } | null;
  readonly roundedUp: number;
  readonly isContinued: boolean;
}

const dayShape: fc.Arbitrary<DayShape> = fc.record({
  tiles: fc.oneof(
    { weight: 1, arbitrary: fc.constant([]) },
    {
      weight: 4,
      arbitrary: fc.array(
        fc.record({
          gap: fc.integer({ min: 0, max: 6 }),
          length: fc.integer({ min: 1, max: 24 }),
          kind: fc.constantFrom("work", "work", "work", "break", "lunch", "deduction"),
          isPaid: fc.constantFrom(true, true, true, false),
          job,
          isNewShift: fc.boolean(),
        }),
        { minLength: 1, maxLength: 4 },
      ),
    },
  ),
  plan: fc.option(
    fc.record({
      from: fc.integer({ min: 0, max: 40 }),
      length: fc.integer({ min: 1, max: 36 }),
      seconds: ticks(32),
    }),
  ),
  holiday: fc.constantFrom(null, null, "a", "b"),
  credit: fc.option(fc.record({ seconds: ticks(32), contributes: fc.boolean() }), { freq: 2 }),
  roundedUp: fc.constantFrom(0, 0, TICK, 2 * TICK),
  isContinued: fc.boolean(),
});

/** Some days, and the rules of each: those from `change` on are under the second. */
const world = fc.record({
  shapes: fc.array(dayShape, { minLength: 8, maxLength: 24 }),
  rules: fc
    .tuple(overtime, overtime)
    .map((pair) => pair.map((each) => ruleSet({ overtime: each })) as [RuleSet, RuleSet]),
  change: fc.constantFrom(99, 99, 3, 9),
});

function sheetFrom(shapes: readonly DayShape[], rulesOn: (index: number) => RuleSet): Sheet {
  let shiftId = "";
  let began = 0;
  const days = shapes.map((shape, index): Day => {
    let at = (DAY0 + index) * 86_400_000;
    const continued = shape.isContinued && index - began <= 2 ? shiftId : "";
    const tiles = shape.tiles.map(
      ({ gap, length, kind, isPaid, job: of, isNewShift }, place): Tile => {
        const isNew = place === 0 ? continued === "" : isNewShift;
        if (isNew) {
          shiftId = `${index}/${place}`;
          began = index;
        }
        const fromAt = at + gap * MS;
        at = fromAt + length * MS;
        const paid = isPaid && kind !== "deduction";
        return {
          kind: kind as Tile["kind"],
          fromAt,
          toAt: at,
          isPaid: paid,
          labels: { job: of },
          punchIds: [`${index}/${place}`],
          policy: "p",
          reason: "r",
          shiftId,
        };
      },
    );
    const shifts = [...new Set(tiles.map((tile) => tile.shiftId))].map(
      (id) =>
        ({
          shiftId: id,
          tiles: tiles.filter((tile) => tile.shiftId === id),
          isStart: id !== continued,
          rules: rulesOn(index),
        }) as unknown as DayShift,
    );
    return {
      day: DAY0 + index,
      on: dateOf(DAY0 + index),
      zone: "UTC",
      rules: rulesOn(index),
      groups: [],
      plans: shape.plan === null ? [] : [planFrom(shape.plan, DAY0 + index)],
      absences: [],
      approvals: [],
      holiday: shape.holiday === null ? null : { name: "Day", calendar: shape.holiday },
      shifts,
      tiles,
      roundedUp:
        shape.roundedUp === 0
          ? null
          : { seconds: shape.roundedUp, policy: "round", reason: "rounded" },
    };
  });
  return sheetWith(days);
}

const sheetWith = (days: readonly Day[]): Sheet => ({
  facts: factSetOf([]),
  days,
  at: (day) => days[day - (days[0]?.day ?? 0)],
});

function planFrom(
  { from, length, seconds }: NonNullable<DayShape["plan"]>,
  day: number,
): PlannedShift {
  const startAt = day * 86_400_000 + from * MS;
  return { startAt, endAt: startAt + length * MS, seconds } as PlannedShift;
}

const creditsFrom = (shapes: readonly DayShape[]): Credits =>
  Object.fromEntries(
    shapes.map(({ credit }, index): [string, Credit[]] => [
      dateOf(DAY0 + index),
      credit === null
        ? []
        : [
            {
              kind: "absence",
              code: "PTO",
              isPaid: true,
              factIds: [],
              policy: "Leave",
              reason: "leave",
              ...credit,
            },
          ],
    ]),
  );

const totals = (
  claims: readonly Claim[],
  keyOf: (claim: Claim) => string,
): Record<string, number> => {
  const sums: Record<string, number> = {};
  for (const claim of claims) sums[keyOf(claim)] = (sums[keyOf(claim)] ?? 0) + claim.seconds;
  return sums;
};

const rising = (list: PolicyInput["tiers"], add: number): PolicyInput["tiers"] =>
  list.map((tier, index) => ({ ...tier, rate: 1.25 + add + index / 4 }));

describe("overtime", () => {
  it("agrees with counting every quarter of an hour by itself", () => {
    fc.assert(
      fc.property(world, ({ shapes, rules, change }) => {
        const sheet = sheetFrom(shapes, (index) => rules[index < change ? 0 : 1]);
        const credits = creditsFrom(shapes);
        const expected = bruteForce(sheet, (day) => credits[day.on] ?? []);
        for (const [index, claims] of claimsOf(sheet, credits).entries()) {
          const asTicks = claims.flatMap((claim) =>
            Array.from({ length: claim.seconds / TICK }, (_, tick) =>
              [
                claim.fromAt === claim.toAt ? "-" : claim.fromAt + tick * MS,
                claim.policy === "round" ? "regular" : claim.policy,
                claim.rate,
              ].join(" "),
            ),
          );
          const slow = expected
            .get(DAY0 + index)!
            .map(({ at, winner, tier }) =>
              [at ?? "-", winner?.name ?? "regular", tier?.rate ?? 1].join(" "),
            );
          expect(asTicks).toEqual(slow);
        }
      }),
      settings,
    );
  });

  it("claims every paid second once, in order, and nothing else", () => {
    fc.assert(
      fc.property(world, ({ shapes, rules, change }) => {
        const sheet = sheetFrom(shapes, (index) => rules[index < change ? 0 : 1]);
        for (const [index, claims] of claimsOf(sheet, creditsFrom(shapes)).entries()) {
          const { tiles, roundedUp } = sheet.days[index]!;
          const timed = claims.filter(({ fromAt, toAt }) => fromAt !== toAt);
          for (const { fromAt, toAt, seconds } of timed) expect(toAt - fromAt).toBe(seconds * 1000);
          const paid = tiles.filter((tile) => tile.isPaid);
          const inside = paid.map((tile) =>
            timed.filter((claim) => claim.fromAt >= tile.fromAt && claim.toAt <= tile.toAt),
          );
          expect(inside.flat()).toEqual(timed);
          for (const [at, tile] of paid.entries()) {
            expect(inside[at]!.map(({ fromAt }) => fromAt)).toEqual([
              tile.fromAt,
              ...inside[at]!.map(({ toAt }) => toAt).slice(0, -1),
            ]);
            expect(inside[at]!.at(-1)!.toAt).toBe(tile.toAt);
          }
          expect(claims.reduce((sum, { seconds }) => sum + seconds, 0)).toBe(
            paidSeconds(tiles) + (roundedUp?.seconds ?? 0),
          );
          for (const { reason } of claims) expect(reason.length).toBeLessThanOrEqual(300);
        }
      }),
      settings,
    );
  });

  it("under the highest rate, without equal rates, the order of the policies makes no difference", () => {
    const shuffled = fc
      .tuple(world, fc.infiniteStream(fc.nat()))
      .map(([{ shapes, rules }, keys]) => {
        const { overtime: section, ...rest } = rules[0];
        let rate = 1;
        const policies = section.policies.map((each) => ({
          ...each,
          tiers: each.tiers.map((tier) => ({ ...tier, rate: (rate += 0.01) })),
        }));
        const other = policies
          .map((each) => ({ each, key: keys.next().value }))
          .toSorted((a, b) => a.key - b.key)
          .map(({ each }) => each);
        const under = (list: typeof policies): RuleSet => ({
          ...rest,
          overtime: { ...section, precedence: "highest-rate", policies: list },
        });
        return { shapes, one: under(policies), two: under(other) };
      });
    fc.assert(
      fc.property(shuffled, ({ shapes, one, two }) => {
        const credits = creditsFrom(shapes);
        const under = (rules: RuleSet): Claim[][] =>
          claimsOf(
            sheetFrom(shapes, () => rules),
            credits,
          );
        expect(under(two)).toEqual(under(one));
      }),
      settings,
    );
  });

  it("looks no farther than it says", () => {
    fc.assert(
      fc.property(world, fc.nat(23), ({ shapes, rules: [rules] }, pick) => {
        const sheet = sheetFrom(shapes, () => rules);
        const credits = creditsFrom(shapes);
        const index = pick % shapes.length;
        const { back, ahead } = overtimeReach(rules);
        const from = Math.max(0, index - back);
        const part = sheetWith(sheet.days.slice(from, index + ahead + 1));
        expect(claimsOf(part, credits)[index - from]).toEqual(claimsOf(sheet, credits)[index]);
      }),
      settings,
    );
  });

  it("is the same when rules that say the same take over in the middle", () => {
    fc.assert(
      fc.property(world, fc.nat(23), ({ shapes, rules: [rules] }, change) => {
        const same: RuleSet = structuredClone(rules);
        const credits = creditsFrom(shapes);
        const one = claimsOf(
          sheetFrom(shapes, () => rules),
          credits,
        );
        const two = claimsOf(
          sheetFrom(shapes, (index) => (index < change ? rules : same)),
          credits,
        );
        expect(two).toEqual(one);
      }),
      settings,
    );
  });

  it("with daily and weekly thresholds and rising rates, more work is never paid less", () => {
    const input = fc
      .record({
        day: tiers(48),
        week: tiers(100),
        counts: fc.constantFrom("unclaimed" as const, "all" as const),
      })
      .map(({ day, week, counts }): OvertimeInput => {
        return {
          policies: [
            { kind: "daily", name: "D", counts: "all", tiers: rising(day, 0) },
            { kind: "weekly", name: "W", counts, tiers: rising(week, 0.1) },
          ],
        };
      });
    fc.assert(
      fc.property(
        fc.array(dayShape, { minLength: 8, maxLength: 16 }),
        input,
        fc.nat(15),
        (shapes, section, pick) => {
          const rules = ruleSet({ overtime: section });
          const index = pick % shapes.length;
          const more = shapes.map((shape, at) => {
            if (at !== index || shape.tiles.length === 0) return shape;
            const last = shape.tiles.at(-1)!;
            return {
              ...shape,
              tiles: [...shape.tiles, { ...last, gap: 0, kind: "work", isPaid: true, length: 3 }],
            };
          });
          const pay = (of: readonly DayShape[]): { paid: number; overtime: number } => {
            const claims = claimsOf(sheetFrom(of, () => rules)).flat();
            const byRate = totals(claims, ({ rate }) => String(rate));
            return {
              paid: Object.entries(byRate).reduce(
                (sum, [rate, seconds]) => sum + Number(rate) * seconds,
                0,
              ),
              overtime: totals(claims, (claim) => claim.class)["overtime"] ?? 0,
            };
          };
          const [less, greater] = [pay(shapes), pay(more)];
          expect(greater.overtime).toBeGreaterThanOrEqual(less.overtime);
          expect(greater.paid).toBeGreaterThanOrEqual(less.paid - 1e-6);
        },
      ),
      settings,
    );
  });
});
