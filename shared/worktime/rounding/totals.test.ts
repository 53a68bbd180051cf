import { describe, expect, it } from "vitest";
import type { z } from "zod";
import { plannedShift } from "../../../test/support/rounding.ts";
import { ruleSet, sheetOf } from "../../../test/support/worktime.ts";
import { type Day, type PlannedShift, paidSeconds, type Tile } from "../ledger.ts";
import type { ruleSetSchema } from "../rules.ts";
import { roundTotals } from "./rounding.ts";

type Rules = z.input<typeof ruleSetSchema>;

interface Given {
  readonly tiles: readonly string[];
  readonly plans?: readonly PlannedShift[];
  readonly meals?: Rules["meals"];
  readonly change?: (tile: Tile) => Tile;
}

/** Monday 2026-01-12 in Berlin, with the totals rounded. */
function roundedDay(
  { tiles, plans = [], meals = {}, change = (tile) => tile }: Given,
  totals: readonly object[],
): Day {
  const rules = ruleSet({
    zone: "Europe/Berlin",
    rounding: { totals: totals.map((rule, index) => ({ name: `R${index}`, ...rule })) as never },
    meals,
  });
  const day = sheetOf([{ on: "2026-01-12", tiles, plans }], rules).days[0]!;
  const changed = day.tiles.map((tile) => change(tile));
  const shifts = day.shifts.map((shift) => ({ ...shift, tiles: changed }));
  return roundTotals({ ...day, tiles: changed, shifts });
}

const time = (at: number): string =>
  new Date(at + 3_600_000).toISOString().slice(11, 19).replace(/:00$/, "");

const show = (day: Day): string[] =>
  day.tiles.map(
    ({ fromAt, toAt, kind, isPaid }) =>
      `${time(fromAt)}-${time(toAt)} ${kind}${isPaid ? " paid" : ""}`,
  );

const paidOf = (day: Day): number => paidSeconds(day.tiles) + (day.roundedUp?.seconds ?? 0);

const dayTotal = (span: string, rule: object, given: Partial<Given> = {}): number =>
  paidOf(roundedDay({ tiles: [span], ...given }, [{ total: "day", ...rule }])) / 60;

describe("the total of a day", () => {
  // TimeTrex's help: in 8:03, out 17:05, total 9:02; averaged it is a quarter hour's multiple, the end moving.
  it("cut takes the difference off the end of the paid time", () => {
    const day = roundedDay({ tiles: ["08:03-17:05"] }, [{ total: "day" }]);
    expect(show(day)).toEqual(["08:03-17:03 work paid", "17:03-17:05 deduction"]);
    expect(day.tiles[1]).toMatchObject({
      policy: "R0",
      reason: "day total 9 h 02 min counts as 9 h 00 min: nearest 15 min, rule 'R0'",
      punchIds: ["2026-01-12 08:03", "2026-01-12 17:05"],
    });
    expect(day.roundedUp).toBeNull();
    expect(day.shifts[0]?.tiles).toEqual(day.tiles);
    expect(day.roundedTotals).toEqual([
      { total: "day", policy: "R0", seconds: 32_520, countsAs: 32_400 },
    ]);
  });

  it("raised is time without a stretch", () => {
    const day = roundedDay({ tiles: ["08:03-17:11:20"] }, [{ total: "day" }]);
    expect(show(day)).toEqual(["08:03-17:11:20 work paid"]);
    expect(day.roundedUp).toEqual({
      seconds: 400,
      policy: "R0",
      reason: "day total 9 h 08 min 20 s counts as 9 h 15 min: nearest 15 min, rule 'R0'",
    });
  });

  it("that lies on the grid stays, and is noted for the report on fairness", () => {
    const day = roundedDay({ tiles: ["08:00-17:00"] }, [{ total: "day" }]);
    expect(show(day)).toEqual(["08:00-17:00 work paid"]);
    expect(day.roundedUp).toBeNull();
    expect(day.roundedTotals).toEqual([
      { total: "day", policy: "R0", seconds: 32_400, countsAs: 32_400 },
    ]);
  });

  it.each([
    ["08:00-16:07:30", "nearest", 480],
    ["08:00-16:07:31", "nearest", 495],
    ["08:00-16:07:29", "half-up", 480],
    ["08:00-16:07:30", "half-up", 495],
    ["08:00-16:14:59", "down", 480],
    ["08:00-16:15:00", "down", 495],
    ["08:00-16:00:00", "up", 480],
    ["08:00-16:00:01", "up", 495],
    ["08:00-16:00:01", "none", 480 + 1 / 60],
  ])("%s with %s counts as %d min", (span, mode, minutes) => {
    expect(dayTotal(span, { mode })).toBe(minutes);
  });

  it.each([
    // N-able's grace period: quarter hours up, 2 min forgiven; it says nothing under the first quarter is, ours does
    [{ mode: "up", grace: "2min" }, "08:00-08:16:50", 15],
    [{ mode: "up", grace: "2min" }, "08:00-08:31:30", 30],
    [{ mode: "up", grace: "2min" }, "08:00-08:32:00", 30],
    [{ mode: "up", grace: "2min" }, "08:00-08:32:01", 45],
    [{ mode: "down", grace: "2min" }, "08:00-08:43:00", 45],
    [{ mode: "down", grace: "2min" }, "08:00-08:42:59", 30],
    // UKG's help on interval rounds: 8:07 to 16:25 is 8:18, with 15/7 8:15
    [{ mode: "up", grace: "7min" }, "08:07-16:25", 495],
    // Trimble's help: tenths of hours
    [{ interval: "6min", mode: "up" }, "08:00-08:22", 24],
    [{ interval: "6min", mode: "down" }, "08:00-08:22", 18],
    [{ interval: "6min", wholeMinutes: true }, "08:00-08:03:59", 0],
    [{ interval: "6min", wholeMinutes: true }, "08:00-08:04:00", 6],
    [{ mode: "none", wholeMinutes: true }, "08:00-08:03:59", 3],
  ])("%j: %s counts as %d min", (rule, span, minutes) => {
    expect(dayTotal(span, rule)).toBe(minutes);
  });

  it("leaves unpaid time alone and may take whole stretches from the end", () => {
    const tiles = ["08:00-12:00", "12:00-12:30 lunch", "12:30-12:34", "12:34-12:38 break paid"];
    const day = roundedDay({ tiles }, [{ total: "day", mode: "down", interval: "1h" }]);
    expect(show(day)).toEqual([
      "08:00-12:00 work paid",
      "12:00-12:30 lunch",
      "12:30-12:34 deduction",
      "12:34-12:38 deduction",
    ]);
    expect(show(roundedDay({ tiles: ["08:00-08:05"] }, [{ total: "day" }]))).toEqual([
      "08:00-08:05 deduction",
    ]);
  });

  it("takes no more than it must from a stretch", () => {
    const tiles = ["08:00-10:00", "10:00-12:10", "13:00-13:10"];
    const day = roundedDay({ tiles }, [{ total: "day", mode: "down", interval: "1h" }]);
    expect(show(day)).toEqual([
      "08:00-10:00 work paid",
      "10:00-12:00 work paid",
      "12:00-12:10 deduction",
      "13:00-13:10 deduction",
    ]);
  });

  describe("against the plan", () => {
    const plans = [plannedShift("08:00-16:30", ["12:00-12:30 lunch"])]; // 8 h
    it.each([
      ["08:00-15:49:59", { tolerance: "10min", mode: "none" }, 469 + 59 / 60],
      ["08:00-15:50:00", { tolerance: "10min", mode: "none" }, 480],
      ["08:00-16:10:00", { tolerance: "10min", mode: "none" }, 480],
      ["08:00-16:10:01", { tolerance: "10min", mode: "none" }, 490 + 1 / 60],
      ["08:00-15:59:59", { strict: true, mode: "none" }, 479 + 59 / 60],
      ["08:00-18:00:00", { strict: true, mode: "none" }, 480],
      ["08:00-15:59:00", { strict: true, mode: "up", interval: "1h" }, 480],
      ["08:00-15:59:59", { when: "under", mode: "down", interval: "1h" }, 420],
      ["08:00-16:00:01", { when: "under", mode: "down", interval: "1h" }, 480 + 1 / 60],
      ["08:00-16:00:00", { when: "under", mode: "up", interval: "7h" }, 480],
      ["08:00-16:00:00", { when: "over", mode: "up", interval: "7h" }, 480],
      ["08:00-16:00:01", { when: "over", mode: "up", interval: "1h" }, 540],
    ])("%s with %j counts as %d min", (span, rule, minutes) => {
      expect(dayTotal(span, rule, { plans })).toBeCloseTo(minutes, 6);
    });

    it("which no plan has no say in", () => {
      expect(dayTotal("08:00-16:05", { when: "over", mode: "down" })).toBe(485);
      expect(dayTotal("08:00-16:05", { when: "under", mode: "down" })).toBe(485);
      expect(dayTotal("08:00-16:05", { strict: true, tolerance: "1h", mode: "none" })).toBe(485);
    });
  });

  it("conditions: above, up to, weekdays", () => {
    expect(dayTotal("08:00-16:00", { above: "8h", mode: "up", interval: "9h" })).toBe(480);
    expect(dayTotal("08:00-16:00:01", { above: "8h", mode: "up", interval: "9h" })).toBe(540);
    expect(dayTotal("08:00-16:00", { upTo: "8h", mode: "up", interval: "9h" })).toBe(540);
    expect(dayTotal("08:00-16:00:30", { upTo: "8h", mode: "up", interval: "9h" })).toBe(480.5);
    expect(dayTotal("08:00-16:05", { weekdays: ["mon"], mode: "down" })).toBe(480);
    expect(dayTotal("08:00-16:05", { weekdays: ["tue", "sun"], mode: "down" })).toBe(485);
  });

  it("the first rule that fits decides", () => {
    const rules = [
      { total: "day", above: "8h", mode: "down", interval: "1h" },
      { total: "day", mode: "up", interval: "1h" },
    ];
    expect(paidOf(roundedDay({ tiles: ["08:00-16:30"] }, rules))).toBe(8 * 3600);
    expect(paidOf(roundedDay({ tiles: ["08:00-15:30"] }, rules))).toBe(8 * 3600);
  });
});

const morning = (until: string): string[] => [
  "08:00-12:00",
  `12:00-${until} lunch`,
  `${until}-17:00`,
];

/** Times of `HH:MM` that begin a stretch of another shift. */
const ofOther =
  (from: string) =>
  (tile: Tile): Tile =>
    time(tile.fromAt) === from ? { ...tile, shiftId: "other" } : tile;
const byMealRule = (tile: Tile): Tile =>
  tile.kind === "deduction" ? { ...tile, policy: "Lunch 30" } : tile;

describe("the total of lunch", () => {
  const quarter = { total: "lunch", wholeMinutes: true };

  // A university's Kronos leaflet: 23 to 37 min of lunch are 30. A city's: 37 min are 30, 38 are 45.
  it.each([
    ["12:22:59", 15],
    ["12:23:00", 30],
    ["12:37:59", 30],
    ["12:38:00", 45],
  ])("until %s counts as %d min", (until, minutes) => {
    const day = roundedDay({ tiles: morning(until) }, [quarter]);
    expect(day.roundedTotals?.[0]?.countsAs).toBe(minutes * 60);
    expect(paidOf(day)).toBe((9 * 60 - minutes) * 60);
  });

  it("raised takes the work after it, which stays visible as a deduction", () => {
    const day = roundedDay({ tiles: morning("12:23") }, [quarter]);
    expect(show(day)).toEqual([
      "08:00-12:00 work paid",
      "12:00-12:23 lunch",
      "12:23-12:30 deduction",
      "12:30-17:00 work paid",
    ]);
    expect(day.tiles[2]).toMatchObject({
      policy: "R0",
      reason: "lunch total 23 min counts as 30 min: nearest 15 min, rule 'R0'",
    });
    expect(day.shifts[0]?.tiles).toEqual(day.tiles);
  });

  it("lowered pays for its end: nobody is said to have worked then", () => {
    const day = roundedDay({ tiles: morning("12:37") }, [quarter]);
    expect(show(day)).toEqual([
      "08:00-12:00 work paid",
      "12:00-12:30 lunch",
      "12:30-12:37 lunch paid",
      "12:37-17:00 work paid",
    ]);
    expect(day.tiles[2]).toMatchObject({
      policy: "R0",
      reason: expect.stringContaining("37 min counts as 30 min"),
    });
  });

  it("is that of all unpaid lunches; the boundary of the last one moves", () => {
    const tiles = [
      "08:00-10:00",
      "10:00-10:20 lunch",
      "10:20-14:00",
      "14:00-14:05 lunch",
      "14:05-17:00",
    ];
    const up = roundedDay({ tiles }, [{ total: "lunch", mode: "up" }]);
    expect(show(up).slice(3)).toEqual([
      "14:00-14:05 lunch",
      "14:05-14:10 deduction",
      "14:10-17:00 work paid",
    ]);
    const down = roundedDay({ tiles }, [{ total: "lunch", mode: "down" }]);
    // 25 min count as 15: the last five go first, then the end of the first lunch
    expect(show(down).slice(1)).toEqual([
      "10:00-10:15 lunch",
      "10:15-10:20 lunch paid",
      "10:20-14:00 work paid",
      "14:00-14:05 lunch paid",
      "14:05-17:00 work paid",
    ]);
  });

  it("has the work before it as well if there is not enough after it, and no more than there is", () => {
    const tiles = ["08:00-08:10", "08:10-08:20 lunch", "08:20-08:25"];
    const day = roundedDay({ tiles }, [{ total: "lunch", mode: "up", interval: "20min" }]);
    expect(show(day)).toEqual([
      "08:00-08:05 work paid",
      "08:05-08:10 deduction",
      "08:10-08:20 lunch",
      "08:20-08:25 deduction",
    ]);
    const hour = roundedDay({ tiles }, [{ total: "lunch", mode: "up", interval: "1h" }]);
    expect(hour.roundedTotals).toEqual([
      { total: "lunch", policy: "R0", seconds: 600, countsAs: 1500 },
    ]);
    expect(paidOf(hour)).toBe(0);
  });

  it("takes the nearest work before it first", () => {
    const tiles = ["07:00-07:30", "07:40-08:00", "08:00-08:10 lunch"];
    const day = roundedDay({ tiles }, [{ total: "lunch", mode: "up", interval: "40min" }]);
    expect(show(day)).toEqual([
      "07:00-07:20 work paid",
      "07:20-07:30 deduction",
      "07:40-08:00 deduction",
      "08:00-08:10 lunch",
    ]);
  });

  it("leaves the work of other shifts of the day alone", () => {
    const tiles = ["08:00-09:00", "09:00-09:10 lunch", "14:00-18:00"];
    const change = ofOther("14:00");
    const day = roundedDay({ tiles, change }, [{ total: "lunch", mode: "up" }]);
    expect(show(day)).toEqual([
      "08:00-08:55 work paid",
      "08:55-09:00 deduction",
      "09:00-09:10 lunch",
      "14:00-18:00 work paid",
    ]);
  });

  it("does not look at paid lunches, breaks or days without lunch", () => {
    for (const tiles of [
      ["08:00-12:00", "12:00-12:20 lunch paid", "12:20-17:00"],
      ["08:00-12:00", "12:00-12:20 break", "12:20-17:00"],
      ["08:00-17:00"],
    ]) {
      const day = roundedDay({ tiles }, [{ total: "lunch", mode: "up" }]);
      expect(day.roundedTotals).toBeUndefined();
    }
  });

  it("counts what a meal rule took off for it, so that nothing is taken twice", () => {
    const meals = {
      policies: [
        { kind: "auto-deduct" as const, name: "Lunch 30", for: "lunch" as const, amount: "30min" },
      ],
    };
    const change = byMealRule;
    const tiles = ["08:00-12:00", "12:00-12:23 lunch", "12:23-12:30 deduction", "12:30-17:00"];
    const up = roundedDay({ tiles, meals, change }, [{ total: "lunch", mode: "up" }]);
    expect(up.roundedTotals).toEqual([
      { total: "lunch", policy: "R0", seconds: 1800, countsAs: 1800 },
    ]);
    const down = roundedDay({ tiles, meals, change }, [
      { total: "lunch", mode: "down", interval: "25min" },
    ]);
    expect(show(down)).toEqual([
      "08:00-12:00 work paid",
      "12:00-12:23 lunch",
      "12:23-12:25 deduction",
      "12:25-12:30 work paid",
      "12:30-17:00 work paid",
    ]);
    const others = roundedDay({ tiles, meals, change }, [{ total: "break", mode: "up" }]);
    expect(others.roundedTotals).toBeUndefined();
  });

  it("is compared with the planned unpaid lunch", () => {
    const plans = [plannedShift("08:00-17:00", ["12:00-12:30 lunch", "15:00-15:10 break"])];
    const near = { total: "lunch", mode: "none", tolerance: "5min" };
    const counts = (until: string): number | undefined =>
      roundedDay({ tiles: morning(until), plans }, [near]).roundedTotals?.[0]?.countsAs;
    expect(["12:24:59", "12:25:00", "12:35:00", "12:35:01"].map(counts)).toEqual([
      1499, 1800, 1800, 2101,
    ]);
  });
});

describe("all totals", () => {
  it("are rounded lunch first, then breaks, then the day, on what is left", () => {
    const tiles = [
      "08:00-10:00",
      "10:00-10:07 break",
      "10:07-12:00",
      "12:00-12:26 lunch",
      "12:26-17:00",
    ];
    const day = roundedDay({ tiles }, [
      { total: "day", mode: "down", interval: "1h" },
      { total: "break", mode: "up", interval: "10min" },
      { total: "lunch", mode: "up" },
    ]);
    expect(
      day.roundedTotals?.map(({ total, seconds, countsAs }) => [
        total,
        seconds / 60,
        countsAs / 60,
      ]),
    ).toEqual([
      ["lunch", 26, 30],
      ["break", 7, 10],
      ["day", 500, 480],
    ]);
    expect(show(day)).toEqual([
      "08:00-10:00 work paid",
      "10:00-10:07 break",
      "10:07-10:10 deduction",
      "10:10-12:00 work paid",
      "12:00-12:26 lunch",
      "12:26-12:30 deduction",
      "12:30-16:40 work paid",
      "16:40-17:00 deduction",
    ]);
  });

  it("of a day without time, or without rules, are left alone", () => {
    const rules = ruleSet({ rounding: { totals: [{ name: "A", total: "day", mode: "up" }] } });
    const [empty] = sheetOf([{ on: "2026-01-12" }], rules).days;
    expect(roundTotals(empty!)).toBe(empty);
    const [day] = sheetOf([{ on: "2026-01-12", tiles: ["08:00-12:01"] }], ruleSet()).days;
    expect(roundTotals(day!)).toBe(day);
  });

  it("are measured in the hours that passed: a night with a repeated hour is an hour longer", () => {
    const rules = ruleSet({
      zone: "Europe/Berlin",
      rounding: { totals: [{ name: "A", total: "day", mode: "down", interval: "1h" }] },
    });
    const [night] = sheetOf([{ on: "2026-10-24", tiles: ["22:00-06:10"] }], rules).days;
    expect(paidSeconds(roundTotals(night!).tiles)).toBe(9 * 3600);
  });
});
