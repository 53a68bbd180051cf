import { describe, expect, it } from "vitest";
import { add, apply, deduct, sum } from "../../../test/support/meals.ts";
import { ruleSet, tileFrom } from "../../../test/support/worktime.ts";
import type { Tile } from "../ledger.ts";
import { applyMeals } from "./meals.ts";
import type { MealShift } from "./taken.ts";

describe("without rules", () => {
  it("leaves the tiles alone, the very same list", () => {
    const rules = ruleSet({});
    const tiles = [tileFrom("08:00-17:00", { day: 20_000, rules })];
    const shift: MealShift = {
      startAt: 0,
      zone: "UTC",
      rules,
      plan: null,
      phase: "out",
      isLast: false,
      isOverrun: false,
    };
    expect(applyMeals(tiles, shift).tiles).toBe(tiles);
  });
});

// TimeTrex manual, Meal Policies, Auto-Deduct: "active after" must be exceeded; the meal time is then taken off.
describe("auto-deduct", () => {
  it.each([
    ["exactly the time after which it applies", "08:00-13:00", ["08:00-13:00 work"]],
    ["a second under", "08:00-12:59:59", ["08:00-12:59:59 work"]],
    ["a second over", "08:00-13:00:01", ["08:00-12:30:01 work", "12:30:01-13:00:01 deduction"]],
  ])("after 5 h: %s", (_, spec, tiles) => {
    expect(apply([spec], [deduct({ activeAfter: "5h" })]).tiles).toEqual(tiles);
  });

  it("takes the time from the moment it applies, over the stretches of work that follow", () => {
    expect(apply(["08:00-13:10", "14:00-18:00"], [deduct({ activeAfter: "5h" })]).tiles).toEqual([
      "08:00-13:00 work",
      "13:00-13:10 deduction",
      "14:00-14:20 deduction",
      "14:20-18:00 work",
    ]);
  });

  it("says what was taken off, when and by which rule", () => {
    const { reasons } = apply(["08:00-17:00"], [deduct({ name: "Lunch", activeAfter: "5h" })]);
    expect(reasons[1]).toBe("lunch: 30 min taken off over 5 h 00 min, rule 'Lunch'");
  });

  it("never takes more than there is", () => {
    expect(apply(["08:00-08:20"], [deduct({})]).tiles).toEqual(["08:00-08:20 deduction"]);
  });

  // qqest manual, "Meal Policies": of 60 minutes, 45 were punched, 15 more are taken off.
  it("takes off only what was not punched", () => {
    const policy = deduct({ amount: "60min", activeAfter: "4h" });
    const { tiles, reasons } = apply(["08:00-11:30", "11:30-12:15 lunch", "12:15-17:00"], [policy]);
    expect(tiles).toEqual([
      "08:00-11:30 work",
      "11:30-12:15 lunch",
      "12:15-12:45 work",
      "12:45-13:00 deduction",
      "13:00-17:00 work",
    ]);
    expect(reasons[3]).toBe(
      "lunch: 15 min taken off over 4 h 00 min, as 45 min of 1 h 00 min were taken, rule 'D'",
    );
  });

  it.each([
    ["as long as due", "12:00-12:30 lunch", 0],
    ["a second short", "12:00-12:29:59 lunch", 1],
    ["longer than due", "12:00-12:45 lunch", 0],
  ])("a punched lunch %s leaves the rest to take off", (_, lunch, seconds) => {
    const end = lunch.slice(6, lunch.indexOf(" "));
    const { tiles } = apply(
      ["08:00-12:00", lunch, `${end}-17:00`],
      [deduct({ activeAfter: "5h" })],
    );
    expect(tiles.filter((tile) => tile.endsWith("deduction"))).toEqual(
      seconds === 0 ? [] : ["13:29:59-13:30 deduction"],
    );
  });

  it("may ignore punched time", () => {
    const policy = deduct({ countsPunched: false, allocation: "from-end" });
    expect(apply(["08:00-12:00", "12:00-12:30 lunch", "12:30-17:00"], [policy]).tiles.at(-1)).toBe(
      "16:30-17:00 deduction",
    );
  });

  // German Working Hours Act (ArbZG) section 4: pauses below 15 minutes are none.
  it.each([
    ["12:00-12:15 lunch", "12:15", "16:45-17:00 deduction"],
    ["12:00-12:14:59 lunch", "12:14:59", "16:30-17:00 deduction"],
  ])("counts %s against a least length of 15 min", (lunch, end, taken) => {
    const policy = deduct({ minLength: "15min", allocation: "from-end" });
    expect(apply(["08:00-12:00", lunch, `${end}-17:00`], [policy]).tiles.at(-1)).toBe(taken);
  });

  it.each([
    ["lunch", "16:45-17:00 deduction"],
    ["break", "16:40-17:00 deduction"],
    ["any", "16:55-17:00 deduction"],
  ] as const)("for %s counts what was punched as such", (what, last) => {
    const policy = deduct({ for: what, allocation: "from-end" });
    const day = [
      "08:00-10:00",
      "10:00-10:10 break",
      "10:10-12:00",
      "12:00-12:15 lunch",
      "12:15-17:00",
    ];
    expect(apply(day, [policy]).tiles.at(-1)).toBe(last);
  });

  it.each([
    [false, "16:30-17:00 deduction"],
    [true, "16:50-17:00 deduction"],
  ])("counts time between an out and an in: %s", (countsGaps, last) => {
    const policy = deduct({ countsGaps, allocation: "from-end" });
    expect(apply(["08:00-12:00", "12:20-17:00"], [policy]).tiles.at(-1)).toBe(last);
  });

  it("does not count a lunch that is paid: that was no time off", () => {
    const policies = [deduct({ allocation: "from-end" }), add({ amount: "20min" })];
    expect(apply(["08:00-12:00", "12:00-12:25 lunch", "12:25-17:00"], policies).tiles).toEqual([
      "08:00-12:00 work",
      "12:00-12:20 lunch paid",
      "12:20-12:25 lunch",
      "12:25-16:35 work",
      "16:35-17:00 deduction",
    ]);
  });

  // ArbZG section 4: 30 minutes over 6 h, 45 minutes over 9 h of work; work is what is left after pauses, so that nobody
  // falls below 6 h because of a pause that only more than 6 h call for.
  describe("as the German act has it", () => {
    const act = [
      deduct({ name: "6h", for: "any", activeAfter: "6h", minLength: "15min", neverBelow: true }),
      deduct({
        name: "9h",
        for: "any",
        activeAfter: "9h",
        amount: "15min",
        minLength: "15min",
        measuredBy: "remaining",
        neverBelow: true,
      }),
    ];
    it.each([
      ["08:00-14:00", 0],
      ["08:00-14:10", 600],
      ["08:00-14:30", 1800],
      ["08:00-17:00", 1800],
      ["08:00-17:30", 1800],
      ["08:00-17:40", 2400],
      ["08:00-18:00", 2700],
    ])("%s loses %d s", (spec, seconds) => {
      const { tiles } = apply([spec], act);
      expect(sum(tiles, "deduction")).toBe(seconds);
    });
    it("lets one punched pause count for both steps, each second once", () => {
      const { tiles } = apply(["08:00-12:00", "12:00-12:40 lunch", "12:40-18:40"], act);
      expect(sum(tiles, "deduction")).toBe(300);
    });
  });

  it("applies again after each further stretch, up to so many times", () => {
    const policy = deduct({ amount: "10min", activeAfter: "2h", every: "4h", times: 3 });
    expect(
      apply(["06:00-20:00"], [policy]).tiles.filter((tile) => tile.endsWith("deduction")),
    ).toEqual(["08:00-08:10 deduction", "12:00-12:10 deduction", "16:00-16:10 deduction"]);
    expect(sum(apply(["06:00-16:00"], [policy]).tiles, "deduction")).toBe(1200);
    expect(sum(apply(["06:00-16:00:01"], [policy]).tiles, "deduction")).toBe(1800);
  });

  it("takes as often as told at once if it does not wait in between", () => {
    const policy = deduct({ amount: "10min", times: 3, allocation: "from-end" });
    expect(apply(["08:00-17:00"], [policy]).tiles.slice(1)).toEqual([
      "16:30-16:40 deduction",
      "16:40-16:50 deduction",
      "16:50-17:00 deduction",
    ]);
  });

  describe("measures", () => {
    const shift = ["08:00-10:00", "10:00-11:00 break paid", "11:00-13:00", "14:00-15:00"];
    it.each([
      ["worked", 5],
      ["remaining", 5],
      ["paid", 6],
      ["elapsed", 7],
    ] as const)("%s time: %d h", (measuredBy, hours) => {
      const taken = (activeAfter: number): number =>
        sum(apply(shift, [deduct({ measuredBy, activeAfter, for: "lunch" })]).tiles, "deduction");
      expect(taken(hours * 3600)).toBe(0);
      expect(taken(hours * 3600 - 1)).toBe(1800);
    });
    it.each([
      ["worked", 3600],
      ["remaining", 1800],
      ["paid", 1800],
    ] as const)("%s time after an earlier rule took its part", (measuredBy, seconds) => {
      const policies = [
        deduct({ name: "first" }),
        deduct({ name: "second", activeAfter: "6h", measuredBy }),
      ];
      expect(sum(apply(["08:00-14:15"], policies).tiles, "deduction")).toBe(seconds);
    });
  });

  describe("is taken", () => {
    const work = ["08:00-12:00", "13:00-15:00"];
    it("off the last work", () => {
      expect(apply([...work, "16:00-16:10"], [deduct({ allocation: "from-end" })]).tiles).toEqual([
        "08:00-12:00 work",
        "13:00-14:40 work",
        "14:40-15:00 deduction",
        "16:00-16:10 deduction",
      ]);
    });
    it("off every stretch by its length", () => {
      expect(apply(work, [deduct({ allocation: "proportional" })]).tiles).toEqual([
        "08:00-11:40 work",
        "11:40-12:00 deduction",
        "13:00-14:50 work",
        "14:50-15:00 deduction",
      ]);
    });
    it("with odd seconds off the stretch with the largest remainder, the first of equal ones", () => {
      const third = ["08:00-09:00", "10:00-11:00", "12:00-13:00"];
      const policy = deduct({ allocation: "proportional", amount: 100 });
      expect(apply(third, [policy]).tiles.filter((tile) => tile.endsWith("deduction"))).toEqual([
        "08:59:26-09:00 deduction",
        "10:59:27-11:00 deduction",
        "12:59:27-13:00 deduction",
      ]);
    });
    it("with the odd second off the shorter stretch if its remainder is larger", () => {
      const policy = deduct({ allocation: "proportional", amount: 50 }); // 33.3 s and 16.7 s
      expect(apply(["08:00-10:00", "10:30-11:30"], [policy]).tiles).toEqual([
        "08:00-09:59:27 work",
        "09:59:27-10:00 deduction",
        "10:30-11:29:43 work",
        "11:29:43-11:30 deduction",
      ]);
    });
    it("at the planned lunch of that number, or else from the moment it applies", () => {
      const policy = deduct({ allocation: "planned", activeAfter: "5h" });
      const breaks = ["10:00-10:15 break", "12:00-12:30 lunch"];
      expect(apply(["08:00-17:00"], [policy], { breaks }).tiles[1]).toBe("12:00-12:30 deduction");
      expect(apply(["08:00-17:00"], [policy], { breaks: [] }).tiles[1]).toBe(
        "13:00-13:30 deduction",
      );
      expect(apply(["08:00-17:00"], [policy]).tiles[1]).toBe("13:00-13:30 deduction");
    });
    it("at the planned lunch, and from before it where the work ends", () => {
      const policy = deduct({ allocation: "planned" });
      const breaks = ["12:00-12:30 lunch"];
      expect(apply(["08:00-12:10"], [policy], { breaks }).tiles).toEqual([
        "08:00-11:40 work",
        "11:40-12:10 deduction",
      ]);
    });
  });

  it.each([
    ["08:00-13:59:59", 0],
    ["08:00-14:00", 1800],
  ])("for shifts of 6 h and more: %s loses %d s", (spec, seconds) => {
    expect(sum(apply([spec], [deduct({ minShift: "6h" })]).tiles, "deduction")).toBe(seconds);
  });

  it("applies only to planned shifts, if told so", () => {
    const policy = deduct({ onlyPlanned: true });
    expect(sum(apply(["08:00-17:00"], [policy]).tiles, "deduction")).toBe(0);
    expect(sum(apply(["08:00-17:00"], [policy], { breaks: [] }).tiles, "deduction")).toBe(1800);
  });

  it("applies only on the weekdays on which the shift begins, by the zone and the turn of the day", () => {
    const policy = deduct({ weekdays: ["mon"] });
    expect(sum(apply(["22:00-06:00"], [policy]).tiles, "deduction")).toBe(1800);
    expect(sum(apply(["08:00-17:00"], [policy], { on: "2026-01-13" }).tiles, "deduction")).toBe(0);
    const rules = ruleSet({ zone: "Asia/Tokyo", meals: { policies: [policy] } });
    const monday = apply(["05:00-12:00"], [policy], { zone: "Asia/Tokyo", rules });
    expect(sum(monday.tiles, "deduction")).toBe(1800); // Sunday 20:00 UTC
    const late = ruleSet({ shifts: { dayStart: "06:00" }, meals: { policies: [policy] } });
    expect(sum(apply(["05:00-12:00"], [policy], { rules: late }).tiles, "deduction")).toBe(0);
  });

  it("sees only work booked where it says, and takes only that", () => {
    const policy = deduct({ where: { job: ["press"] }, activeAfter: "2h" });
    const rules = ruleSet({});
    const tile = (spec: string, job: string): Tile => ({
      ...tileFrom(spec, { day: 20_465, rules }),
      labels: { job },
    });
    const of = (end: string): readonly string[] =>
      apply([], [policy], {
        tiles: [
          tile("08:00-12:00", "saw"),
          tile(`12:00-${end}`, "press"),
          tile(`${end}-18:00`, "saw"),
        ],
      }).tiles;
    expect(of("14:00")).toEqual(["08:00-12:00 work", "12:00-14:00 work", "14:00-18:00 work"]);
    expect(of("14:10")).toEqual([
      "08:00-12:00 work",
      "12:00-13:40 work",
      "13:40-14:10 deduction",
      "14:10-18:00 work",
    ]);
  });

  // Berlin, clocks go back at 03:00 on 2026-10-25: 22:00 to 06:00 is 9 h.
  it("measures the hours that passed in a night of clock change", () => {
    const policy = deduct({ activeAfter: "8h" });
    const night = (on: string): number =>
      sum(apply(["22:00-06:00"], [policy], { on, zone: "Europe/Berlin" }).tiles, "deduction");
    expect(night("2026-10-23")).toBe(0);
    expect(night("2026-10-24")).toBe(1800);
    expect(night("2026-03-28")).toBe(0);
  });
});
