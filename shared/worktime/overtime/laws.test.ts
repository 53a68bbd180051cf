import { describe, expect, it } from "vitest";
import { type OvertimeInput, weekOf } from "../../../test/support/overtime.ts";

// Overtime as laws ask for it, read in their texts and in the agencies' own pages. Days are from a Monday on; the workweek
// begins on Monday unless said otherwise.

const OT = { code: "OT", rate: 1.5 };
const DT = { code: "DT", rate: 2 };

/** California Labor Code 510(a): over 8 h a day, over 40 h a week and the first 8 h of the seventh day of work in a workweek at 1.5; over 12 h a day and over 8 h of that seventh day at 2. No two rates for one hour. */
const california: OvertimeInput = {
  policies: [
    {
      kind: "daily",
      name: "Daily",
      counts: "all",
      tiers: [
        { after: "8h", ...OT },
        { after: "12h", ...DT },
      ],
    },
    { kind: "weekly", name: "Weekly", tiers: [{ after: "40h", ...OT }] },
    {
      kind: "consecutive-days",
      name: "Seventh day",
      nth: 7,
      reset: "week",
      counts: "all",
      tiers: [{ ...OT }, { after: "8h", ...DT }],
    },
  ],
};

describe("California Labor Code 510", () => {
  it.each([
    ["eight hours are regular", ["8:00"], ["REG 8:00"]],
    ["the second after eight hours is not", ["8:00:01"], ["REG 8:00, OT 0:00:01"]],
    ["nor twelve hours double", ["12:00"], ["REG 8:00, OT 4:00"]],
    ["the second after twelve hours is", ["12:00:01"], ["REG 8:00, OT 4:00, DT 0:00:01"]],
    [
      "the sixth day is over forty hours from its first second",
      ["8:00", "8:00", "8:00", "8:00", "8:00", "6:00"],
      ["REG 8:00", "REG 8:00", "REG 8:00", "REG 8:00", "REG 8:00", "OT 6:00"],
    ],
    [
      "daily overtime does not count towards the forty: 4 x 10 is 8 overtime, not 8 and 0 more",
      ["10:00", "10:00", "10:00", "10:00", "8:00"],
      [
        "REG 8:00, OT 2:00",
        "REG 8:00, OT 2:00",
        "REG 8:00, OT 2:00",
        "REG 8:00, OT 2:00",
        "REG 8:00",
      ],
    ],
    [
      "over forty hours, the twelfth hour of the day still brings double time",
      ["8:00", "8:00", "8:00", "8:00", "8:00", "13:00"],
      ["REG 8:00", "REG 8:00", "REG 8:00", "REG 8:00", "REG 8:00", "OT 12:00, DT 1:00"],
    ],
    [
      "the seventh day of the workweek, however short the others: 1.5, and double after eight hours",
      ["4:00", "4:00", "4:00", "4:00", "4:00", "4:00", "9:00"],
      ["REG 4:00", "REG 4:00", "REG 4:00", "REG 4:00", "REG 4:00", "REG 4:00", "OT 8:00, DT 1:00"],
    ],
    [
      "a day off in the week: there is no seventh day of work",
      ["4:00", "4:00", "4:00", "", "4:00", "4:00", "9:00"],
      ["REG 4:00", "REG 4:00", "REG 4:00", "", "REG 4:00", "REG 4:00", "REG 8:00, OT 1:00"],
    ],
    [
      // Mendoza v. Nordstrom (Cal. 2017): the seventh day is one of the workweek, not of any seven days
      "seven days in a row across two workweeks",
      ["", "4:00", "4:00", "4:00", "4:00", "4:00", "4:00", "9:00"],
      [
        "",
        "REG 4:00",
        "REG 4:00",
        "REG 4:00",
        "REG 4:00",
        "REG 4:00",
        "REG 4:00",
        "REG 8:00, OT 1:00",
      ],
    ],
  ])("%s", (_, lengths, expected) => {
    expect(weekOf(lengths, california)).toEqual(expected);
  });
});

/** 29 U.S.C. 207(a)(1): over 40 h in a workweek at 1.5; weeks stand alone (29 CFR 778.104). */
const flsa: OvertimeInput = {
  weekStart: "sun",
  policies: [{ kind: "weekly", name: "FLSA", tiers: [{ after: "40h", ...OT }] }],
};

describe("US Fair Labor Standards Act", () => {
  it.each([
    [
      "forty hours",
      ["10:00", "10:00", "10:00", "10:00"],
      ["REG 10:00", "REG 10:00", "REG 10:00", "REG 10:00"],
    ],
    [
      "a second more",
      ["10:00", "10:00", "10:00", "10:00:01"],
      ["REG 10:00", "REG 10:00", "REG 10:00", "REG 10:00, OT 0:00:01"],
    ],
    [
      // 29 CFR 778.104: 30 h and 50 h are not 2 x 40 h. The week runs from Sunday to Saturday.
      "weeks are not averaged, and begin anew on Sunday",
      ["10:00", "10:00", "10:00", "", "", "", "10:00", "10:00", "10:00", "10:00", "10:00"],
      [
        "REG 10:00",
        "REG 10:00",
        "REG 10:00",
        "",
        "",
        "",
        "REG 10:00",
        "REG 10:00",
        "REG 10:00",
        "REG 10:00",
        "OT 10:00",
      ],
    ],
  ])("%s", (_, lengths, expected) => {
    expect(weekOf(lengths, flsa)).toEqual(expected);
  });

  /** 29 U.S.C. 207(j), 29 CFR 778.601: hospitals may count over 8 h a day and over 80 h in 14 days; what is paid for the day is credited to the 14 days. */
  const eightAndEighty: OvertimeInput = {
    policies: [
      { kind: "daily", name: "Eight", tiers: [{ after: "8h", ...OT }] },
      {
        kind: "bi-weekly",
        name: "Eighty",
        anchor: "2026-01-12",
        tiers: [{ after: "80h", ...OT }],
      },
    ],
  };
  const eight = Array<string>(5).fill("8:00");
  const regular = Array<string>(5).fill("REG 8:00");

  it("8 and 80: a long week and a short one are no overtime as long as no day is", () => {
    const lengths = [...eight, "8:00", "", ...eight.slice(1)];
    expect(weekOf(lengths, eightAndEighty)).toEqual([
      ...regular,
      "REG 8:00",
      "",
      ...regular.slice(1),
    ]);
  });

  it("8 and 80: over eighty hours, and over eight a day, each hour once", () => {
    const lengths = [...eight, "9:00", "", ...eight];
    const days = weekOf(lengths, eightAndEighty);
    expect(days.slice(0, 7)).toEqual([...regular, "REG 8:00, OT 1:00", ""]);
    expect(days.slice(7)).toEqual([...regular.slice(1), "OT 8:00"]); // 5 x 8 + 8 + 4 x 8 = 80
  });

  it("8 and 80: the count begins anew after fourteen days", () => {
    const lengths = [...eight, "8:00", "8:00", ...eight, "", "", ...eight];
    expect(weekOf(lengths, eightAndEighty).slice(11)).toEqual(["OT 8:00", "", "", ...regular]);
  });
});

/** Colorado COMPS Order 38, rule 4.1.1: over 40 h a workweek, 12 h a workday, or 12 consecutive hours whatever the workday, at 1.5. */
const colorado: OvertimeInput = {
  policies: [
    { kind: "daily", name: "Twelve", counts: "all", tiers: [{ after: "12h", ...OT }] },
    { kind: "weekly", name: "Forty", tiers: [{ after: "40h", ...OT }] },
  ],
};

describe("Colorado COMPS Order", () => {
  it.each([
    ["twelve hours are regular", ["12:00"], ["REG 12:00"]],
    ["a second more is not", ["12:00:01"], ["REG 12:00, OT 0:00:01"]],
    [
      "three days of thirteen hours, and one of five: forty regular hours are reached on the fourth",
      ["13:00", "13:00", "13:00", "5:00"],
      ["REG 12:00, OT 1:00", "REG 12:00, OT 1:00", "REG 12:00, OT 1:00", "REG 4:00, OT 1:00"],
    ],
  ])("%s", (_, lengths, expected) => {
    expect(weekOf(lengths, colorado)).toEqual(expected);
  });
});

/** Factories Act 1948 (India), section 59(1): over 9 h in a day or 48 h in a week, twice the ordinary rate. */
const india: OvertimeInput = {
  policies: [
    { kind: "daily", name: "Nine", tiers: [{ after: "9h", ...DT }] },
    { kind: "weekly", name: "Forty-eight", tiers: [{ after: "48h", ...DT }] },
  ],
};

describe("Factories Act 1948, section 59", () => {
  it.each([
    ["nine hours and a second", ["9:00:01"], ["REG 9:00, DT 0:00:01"]],
    [
      "forty-eight hours in six days",
      Array<string>(6).fill("8:00"),
      Array<string>(6).fill("REG 8:00"),
    ],
    [
      "six days of nine hours: six over the week",
      Array<string>(6).fill("9:00"),
      [...Array<string>(5).fill("REG 9:00"), "REG 3:00, DT 6:00"],
    ],
    [
      "hours over the day are not those of the week as well",
      [...Array<string>(5).fill("9:30"), "3:00"],
      [...Array<string>(5).fill("REG 9:00, DT 0:30"), "REG 3:00"],
    ],
  ])("%s", (_, lengths, expected) => {
    expect(weekOf(lengths, india)).toEqual(expected);
  });
});

/** Canada Labour Code 169(1) and 174: over 8 h a day or 40 h a week at 1.5. Overtime is the greater of the two sums, which is what is left for the week when daily overtime does not count towards it. */
const canada: OvertimeInput = {
  policies: [
    { kind: "daily", name: "Daily", tiers: [{ after: "8h", ...OT }] },
    { kind: "weekly", name: "Weekly", tiers: [{ after: "40h", ...OT }] },
  ],
};

describe("Canada Labour Code, part III", () => {
  it.each([
    [["10:00", "10:00", "10:00", "10:00"], 8],
    [["10:00", "10:00", "10:00", "10:00", "10:00"], 10],
    [["12:00", "4:00", "8:00", "8:00", "8:00", "8:00"], 8],
    [["10:00", "8:00", "8:00", "8:00", "8:00", "8:00"], 10],
    [["10:00", "10:00", "5:00", "5:00", "5:00", "5:00"], 4],
  ])("%j is %i h of overtime: the greater of daily and weekly excess", (lengths, hours) => {
    const total = weekOf(lengths, canada)
      .map((day) => /OT (\d+):00/.exec(day)?.[1] ?? "0")
      .reduce((sum, text) => sum + Number(text), 0);
    expect(total).toBe(hours);
  });

  /** 169(2): where work is irregular, hours may be averaged over two weeks or more; here 160 h in four. */
  it("hours averaged over four weeks", () => {
    const averaged: OvertimeInput = {
      policies: [
        {
          kind: "n-weekly",
          name: "Averaged",
          weeks: 4,
          anchor: "2026-01-12",
          tiers: [{ after: "160h", ...OT }],
        },
      ],
    };
    const long = [...Array<string>(5).fill("12:00"), "", ""]; // 60 h
    const short = [...Array<string>(5).fill("4:00"), "", ""]; // 20 h
    const days = weekOf([...long, ...short, ...long, ...short, "9:00"], averaged);
    expect(days.filter((day) => day.includes("OT"))).toEqual([]);
    const more = weekOf(
      [...long, ...short, ...long, ...short.slice(0, 4), "4:00:01", "", "", "9:00"],
      averaged,
    );
    expect(more.slice(25)).toEqual(["REG 4:00, OT 0:00:01", "", "", "REG 9:00"]);
  });
});
