import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { plannedShift, roundingShift } from "../../../test/support/rounding.ts";
import { ruleSet, sheetOf } from "../../../test/support/worktime.ts";
import { paidSeconds, secondsOf } from "../ledger.ts";
import { countPunches, roundTotals } from "./rounding.ts";
import { punchRoundingSchema, totalRoundingSchema } from "./rules.ts";

// Fixed, so that a failure is the same everywhere; WORKTIME_SEED tries others.
const SEED = Number(process.env["WORKTIME_SEED"] ?? 20_260_112);
const RUNS = Number(process.env["WORKTIME_RUNS"] ?? 1000);
process.stdout.write(`rounding property tests: seed ${SEED}, ${RUNS} runs each\n`);
const settings = { seed: SEED, numRuns: RUNS };

const meanings = [
  "in",
  "out",
  "lunch-start",
  "lunch-end",
  "break-start",
  "break-end",
  "transfer",
] as const;
const minutes = (...list: number[]): fc.Arbitrary<number> =>
  fc.constantFrom(...list.map((each) => each * 60));
const window = fc.record({ before: minutes(0, 5, 30), after: minutes(0, 5, 240) });

/** Any rule that is no contradiction in itself. */
const punchRule = fc
  .record(
    {
      types: fc.subarray([...meanings], { minLength: 1 }),
      mode: fc.constantFrom("none", "snap", "down", "nearest", "half-up", "up"),
      interval: minutes(1, 5, 6, 15, 30, 60, 240, 720),
      grace: minutes(0, 2, 5, 14),
      anchor: fc.constantFrom("midnight", "scheduled-start", "scheduled-end", "scheduled-time"),
      wholeMinutes: fc.boolean(),
      tolerance: minutes(0, 5, 60),
      strict: fc.boolean(),
      when: fc.constantFrom("any", "any", "early", "late"),
      near: window,
      nearTime: fc.record({
        time: fc.constant("02:30"),
        before: minutes(0, 5, 30),
        after: minutes(0, 5, 240),
      }),
      between: fc.constantFrom({ from: "22:00", to: "06:00" }, { from: "02:00", to: "03:00" }),
      longerThan: minutes(0, 480),
    },
    { requiredKeys: ["types", "mode"] },
  )
  .filter((rule) => punchRoundingSchema.safeParse({ name: "any", ...rule }).success);
const punchRules = fc
  .array(punchRule, { maxLength: 4 })
  .map((list) => list.map((rule, index) => ({ ...rule, name: `Rule ${index}` })));

const start = fc.constantFrom(
  "2026-03-28T20:00Z",
  "2026-10-24T20:00Z",
  "2026-04-04T10:00Z",
  "2026-01-12T06:00Z",
  "1970-01-01T00:00Z",
);
const reads = fc
  .tuple(
    start,
    fc.array(
      fc.tuple(
        fc.oneof(fc.integer({ min: 0, max: 90_000 }), fc.integer({ min: 0, max: 4 * 3_600_000 })),
        fc.constantFrom(...meanings, "repeat", "between"),
      ),
      { minLength: 1, maxLength: 12 },
    ),
  )
  .map(([from, steps]) => {
    let at = Date.parse(from);
    return steps.map(([pause, meaning]) => {
      at += pause;
      return `${new Date(at).toISOString()} ${meaning}`;
    });
  });
const zone = fc.constantFrom("Europe/Berlin", "Australia/Lord_Howe", "Asia/Kolkata", "UTC");
const plan = fc.constantFrom(
  null,
  plannedShift("08:00-17:00", ["12:00-12:30 lunch", "15:00-15:10 break"]),
  plannedShift("08:07-16:37", [], { kind: "flexible" }),
);

describe("countPunches", () => {
  it("keeps every punch and their order, on whole seconds, and names the rule of whatever it moved", () => {
    fc.assert(
      fc.property(reads, punchRules, fc.tuple(zone, plan), (list, rules, [where, planned]) => {
        const day =
          planned === null
            ? 0
            : Math.floor(Date.parse(list[0]!.split(" ")[0]!) / 1000) * 1000 - planned.startAt;
        const near =
          planned === null
            ? null
            : { ...planned, startAt: planned.startAt + day, endAt: planned.endAt + day };
        const shift = roundingShift({ reads: list, zone: where, plan: near }, rules);
        const counted = countPunches(shift);
        expect(counted.map(({ punch, meaning }) => [punch, meaning])).toEqual(
          shift.reads.map(({ punch, meaning }) => [punch, meaning]),
        );
        let last = 0;
        for (const { punch, countsAt, rounding } of counted) {
          expect(countsAt % 1000).toBe(0);
          expect(countsAt).toBeGreaterThanOrEqual(last);
          last = countsAt;
          if (countsAt === Math.floor(punch.at / 1000) * 1000) continue;
          expect(rules.map(({ name }) => name)).toContain(rounding?.policy);
          expect(rounding?.detail.length).toBeLessThanOrEqual(300);
        }
      }),
      { ...settings, numRuns: 3 * RUNS },
    );
  });

  it("one rule for all types moves no punch farther than its interval, and never turns two around by itself", () => {
    const grid = fc.record({
      mode: fc.constantFrom("down", "nearest", "half-up", "up"),
      interval: minutes(1, 5, 15, 60),
    });
    fc.assert(
      fc.property(reads, grid, zone, (list, rule, where) => {
        const rules = [{ name: "One", types: [...meanings], ...rule }];
        for (const { punch, countsAt, meaning, rounding } of countPunches(
          roundingShift({ reads: list, zone: where }, rules),
        )) {
          if (meaning === "repeat" || meaning === "between") continue;
          // half an hour more: on Lord Howe an hour's cell may be that much longer
          expect(Math.abs(countsAt - punch.at)).toBeLessThan(rule.interval * 1000 + 1_801_000);
          expect(rounding?.detail).not.toContain("not before");
        }
      }),
      settings,
    );
  });
});

const totalRule = fc
  .record(
    {
      total: fc.constantFrom("day", "lunch", "break"),
      mode: fc.constantFrom("none", "down", "nearest", "half-up", "up"),
      interval: minutes(1, 6, 15, 60),
      grace: minutes(0, 2),
      wholeMinutes: fc.boolean(),
      tolerance: minutes(0, 30),
      above: minutes(0, 60),
    },
    { requiredKeys: ["total", "mode"] },
  )
  .filter((rule) => totalRoundingSchema.safeParse({ name: "any", ...rule }).success);

const clock = (seconds: number): string => new Date(seconds * 1000).toISOString().slice(11, 19);

/** Tiles one after the other with gaps, from 06:00 on. */
const tiles = fc
  .array(
    fc.tuple(
      fc.integer({ min: 0, max: 900 }),
      fc.integer({ min: 1, max: 7200 }),
      fc.constantFrom("work", "work", "lunch", "lunch paid", "break", "break paid", "deduction"),
    ),
    { minLength: 1, maxLength: 7 },
  )
  .map((parts) => {
    let at = 6 * 3600;
    return parts.map(([gap, length, kind]) => {
      const from = at + gap;
      at = from + length;
      return `${clock(from)}-${clock(at)} ${kind}`;
    });
  });

describe("roundTotals", () => {
  it("covers the same seconds as before, in order, and pays exactly what the totals say", () => {
    fc.assert(
      fc.property(tiles, fc.array(totalRule, { minLength: 1, maxLength: 4 }), (list, rules) => {
        const named = rules.map((rule, index) => ({ name: `Rule ${index}`, ...rule }));
        const set = ruleSet({ zone: "Europe/Berlin", rounding: { totals: named } });
        const plans = [plannedShift("08:00-12:00", ["09:00-09:30 lunch"])];
        const before = sheetOf([{ on: "2026-01-12", tiles: list, plans }], set).days[0]!;
        const after = roundTotals(before);
        expect(covered(after.tiles)).toEqual(covered(before.tiles));
        for (const [index, tile] of after.tiles.entries()) {
          expect(secondsOf(tile)).toBeGreaterThan(0);
          expect(tile.fromAt).toBeGreaterThanOrEqual(after.tiles[index - 1]?.toAt ?? 0);
        }
        expect(after.shifts.flatMap((shift) => shift.tiles)).toEqual(after.tiles);
        let paid = paidSeconds(before.tiles);
        for (const { total, seconds, countsAs } of after.roundedTotals ?? []) {
          if (total === "day") expect(seconds).toBe(paid);
          paid += total === "day" ? countsAs - seconds : seconds - countsAs;
        }
        expect(paidSeconds(after.tiles) + (after.roundedUp?.seconds ?? 0)).toBe(paid);
      }),
      settings,
    );
  });
});

/** Stretches that tiles cover, joined where they meet. */
function covered(list: readonly { fromAt: number; toAt: number }[]): [number, number][] {
  const spans: [number, number][] = [];
  for (const { fromAt, toAt } of list) {
    const last = spans.at(-1);
    if (last !== undefined && last[1] === fromAt) last[1] = toAt;
    else spans.push([fromAt, toAt]);
  }
  return spans;
}
