import { describe, expect, it } from "vitest";
import {
  EARLY,
  LATE,
  NIGHT,
  on,
  pattern,
  plansOf,
  type RotaInput,
  scheduleOf,
  shown,
  type TemplateInput,
} from "../../../test/support/schedule.ts";
import { dayOfDate } from "../civil-time.ts";
import type { Plans } from "./plan.ts";

const DAY12: TemplateInput = { name: "Day", start: "07:00", end: "19:00" };
const NIGHT12: TemplateInput = { name: "Night", start: "19:00", end: "07:00" };
const templates = [DAY12, NIGHT12, EARLY, LATE, { ...NIGHT, name: "X" }];

const plansBy = (...rotas: RotaInput[]): Plans => plansOf(scheduleOf({ templates, rotas }));
const weeks = (plans: Plans, monday: string, count: number): string[] =>
  Array.from({ length: count }, (_, week) => {
    const from = new Date(Date.parse(monday) + week * 7 * 86_400_000).toISOString().slice(0, 10);
    return pattern(plans, from, 7);
  });
const hours = (plans: Plans, from: string, days: number): number => {
  let seconds = 0;
  for (let day = dayOfDate(from); day < dayOfDate(from) + days; day += 1)
    for (const plan of plans.on(day)) seconds += plan.seconds;
  return seconds / 3600;
};

const words: Record<string, string | null> = { D: "Day", N: "Night", "-": null };
const cycle = (text: string, anchor: string): RotaInput => ({
  kind: "cycle",
  name: text,
  anchor,
  days: text.split("").map((letter) => words[letter] ?? null),
});

/** What the crews do on a day, free ones first. */
const staffed = (crews: readonly string[], day: number): string =>
  crews
    .map((crew) => crew.charAt(day))
    .toSorted((a, b) => a.localeCompare(b, "en"))
    .join("");

describe("published rotas", () => {
  // 2026-01-05 is a Monday.
  it("UK 4-on-4-off with alternating blocks: sixteen weeks until it begins on a Monday again", () => {
    // grid of crew A as published by shift-planning guides (rows are weeks from Monday)
    const plans = plansBy(cycle("DDDD----NNNN----", "2026-01-05"));
    expect(weeks(plans, "2026-01-05", 8)).toEqual([
      "DDDD---",
      "-NNNN--",
      "--DDDD-",
      "---NNNN",
      "----DDD",
      "D----NN",
      "NN----D",
      "DDD----",
    ]);
    expect(hours(plans, "2026-01-05", 16 * 7) / 16).toBe(42);
  });

  it("US 2-2-3 (Panama): every other weekend off, 42 h a week", () => {
    // on on off off on on on / off off on on off off off
    const plans = plansBy(cycle("DD--DDD--DD---", "2026-01-05"));
    expect(weeks(plans, "2026-01-05", 4)).toEqual(["DD--DDD", "--DD---", "DD--DDD", "--DD---"]);
    expect(hours(plans, "2026-01-05", 14) / 2).toBe(42);
  });

  it("Panama with 28 days of days and 28 of nights comes round after 56", () => {
    const days = "DD--DDD--DD---";
    const plans = plansBy(
      cycle(days.repeat(2) + days.replaceAll("D", "N").repeat(2), "2026-01-05"),
    );
    expect(pattern(plans, "2026-02-02", 14)).toBe("NN--NNN--NN---");
    expect(pattern(plans, "2026-03-02", 14)).toBe(days);
  });

  it("DuPont: four nights, three days, three nights, four days, then a week off", () => {
    const dupont = "NNNN---DDD-NNN---DDDD-------";
    const plans = plansBy(cycle(dupont, "2026-01-05"));
    expect(weeks(plans, "2026-01-05", 4)).toEqual(["NNNN---", "DDD-NNN", "---DDDD", "-------"]);
    expect(
      [0, 1, 2, 3].map((week) =>
        hours(plans, `2026-01-${String(5 + 7 * week).padStart(2, "0")}`, 7),
      ),
    ).toEqual([48, 72, 48, 0]);
    // its four crews, a week apart, staff every day and night once
    const crews = ["2026-01-05", "2026-01-12", "2026-01-19", "2026-01-26"].map((anchor) =>
      pattern(plansBy(cycle(dupont, anchor)), "2026-03-02", 28),
    );
    for (let day = 0; day < 28; day += 1) expect(staffed(crews, day)).toBe("--DN");
  });

  // two earlies, two lates, three nights, two off; two, three, two, two; three, two, two, three
  it("continental 2-2-3 in eight-hour shifts: four crews cover three shifts", () => {
    const letters: Record<string, string | null> = { E: "Early", L: "Late", X: "X", "-": null };
    const text = "EELLXXX--EELLL XX--EEE LLXX---".replaceAll(" ", "");
    const of = (anchor: string): string =>
      pattern(
        plansBy({
          kind: "cycle",
          name: "C",
          anchor,
          days: text.split("").map((each) => letters[each] ?? null),
        }),
        "2026-03-02",
        28,
      );
    const crews = ["2026-01-05", "2026-01-12", "2026-01-19", "2026-01-26"].map(of);
    for (let day = 0; day < 28; day += 1) expect(staffed(crews, day)).toBe("-ELX");
  });
});

describe("a cycle", () => {
  it("runs before its anchor as after it", () => {
    const plans = plansBy(cycle("DN-", "2026-01-05"));
    expect(pattern(plans, "2025-12-30", 9)).toBe("DN-DN-DN-");
    // 20,460 days, which is 6820 times three
    expect(pattern(plans, "1969-12-30", 6)).toBe("DN-DN-");
  });

  it("goes through a leap day like through any other", () => {
    // 2028 has one, 2100 has none (Gregorian calendar)
    expect(pattern(plansBy(cycle("DN-", "2028-02-27")), "2028-02-27", 6)).toBe("DN-DN-");
    expect(pattern(plansBy(cycle("DN-", "2100-02-27")), "2100-02-27", 6)).toBe("DN-DN-");
    const leap = on(plansBy(cycle("DN-", "2028-02-29")), "2028-02-29");
    expect(leap.map(shown)).toEqual(["Day 2028-02-29T07:00+00:00 2028-02-29T19:00+00:00"]);
  });

  it("may have several shifts on a day, by start", () => {
    const plans = plansBy({
      kind: "cycle",
      name: "Split",
      anchor: "2026-01-05",
      days: [["Late", "Early"], "Day", []],
    });
    expect(pattern(plans, "2026-01-05", 6)).toBe("(EL)D-(EL)D-");
  });

  it("holds from its first day to its last, both included", () => {
    const plans = plansBy({ ...cycle("D", "2026-01-01"), from: "2026-01-06", until: "2026-01-08" });
    expect(pattern(plans, "2026-01-05", 5)).toBe("-DDD-");
  });
});

const week = (more: Partial<Extract<RotaInput, { kind: "weekdays" }>>): Plans =>
  plansBy({ kind: "weekdays", name: "W", every: ["mon"], shifts: ["Day"], ...more });

describe("weekdays", () => {
  it("come every week", () => {
    const plans = week({ every: ["mon", "tue", "wed", "thu", "fri"] });
    expect(pattern(plans, "2026-01-05", 14)).toBe("DDDDD--DDDDD--");
  });

  it("may be a split shift", () => {
    expect(pattern(week({ shifts: ["Early", "X"] }), "2026-01-05", 3)).toBe("(EX)--");
  });

  it.each([
    ["2026-01-05", "mon", "-----DD------------DD-------"],
    ["2026-01-11", "mon", "-----DD------------DD-------"],
    ["2026-01-12", "mon", "------------DD------------DD"],
    // long after: the weeks before it are counted back
    ["2026-02-16", "mon", "-----DD------------DD-------"],
    // with weeks from Sunday on a weekend is the end of one week and the start of the next
    ["2026-01-05", "sun", "-----D-------D-----D-------D"],
  ] as const)(
    "every two weeks, as that of %s counts and weeks begin on %s",
    (...[anchor, weekStart, expected]) => {
      const plans = week({ every: ["sat", "sun"], weeks: 2, anchor, weekStart });
      expect(pattern(plans, "2026-01-05", 28)).toBe(expected);
    },
  );

  it.each([
    [[1], ["2026-01-03", "2026-02-07", "2026-03-07"]],
    [
      [2, 4],
      ["2026-01-10", "2026-01-24", "2026-02-14", "2026-02-28", "2026-03-14", "2026-03-28"],
    ],
    [[-1], ["2026-01-31", "2026-02-28", "2026-03-28"]],
    [[5], ["2026-01-31"]],
    [[-5], ["2026-01-03"]],
  ])("come as the %j. of the month", (ofMonth, expected) => {
    const plans = week({ every: ["sat"], ofMonth });
    const found: string[] = [];
    for (let day = dayOfDate("2026-01-01"); day <= dayOfDate("2026-03-31"); day += 1)
      for (const plan of plans.on(day)) found.push(shown(plan).slice(4, 14));
    expect(found).toEqual(expected);
  });

  it("count from the end of a leap February", () => {
    expect(pattern(week({ every: ["tue"], ofMonth: [-1] }), "2028-02-22", 8)).toBe("-------D");
    expect(pattern(week({ every: ["mon"], ofMonth: [-1] }), "2027-02-22", 8)).toBe("D-------");
  });
});

describe("several rotas", () => {
  it("add up where they hold at once", () => {
    const plans = plansBy(
      { kind: "weekdays", name: "Week", every: ["mon", "tue"], shifts: ["Early"] },
      { kind: "weekdays", name: "Duty", every: ["tue", "sat"], shifts: ["Late"] },
    );
    expect(pattern(plans, "2026-01-05", 7)).toBe("E(EL)---L-");
  });

  it("take turns where one ends as the next begins", () => {
    const plans = plansBy(
      { ...cycle("D", "2026-01-01"), name: "Winter", until: "2026-03-31" },
      { ...cycle("N", "2026-01-01"), name: "Summer", from: "2026-04-02" },
    );
    expect(pattern(plans, "2026-03-30", 5)).toBe("DD-NN");
  });
});
