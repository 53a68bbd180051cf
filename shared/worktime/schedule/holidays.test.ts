import { describe, expect, it } from "vitest";
import {
  daily,
  EARLY,
  type HolidayInput,
  LATE,
  on,
  pattern,
  plansOf,
  roster,
  type ScheduleInput,
  scheduleOf,
} from "../../../test/support/schedule.ts";
import { dateOf, dayOfDate } from "../civil-time.ts";
import { easterOf } from "./holidays.ts";

/** `date name` of every holiday of a year. */
function holidaysIn(year: number, holidays: HolidayInput[], more: ScheduleInput = {}): string[] {
  const plans = plansOf(scheduleOf({ holidays, ...more }));
  const found: string[] = [];
  for (let day = dayOfDate(`${year}-01-01`); day <= dayOfDate(`${year}-12-31`); day += 1) {
    const holiday = plans.holiday(day);
    if (holiday !== null) found.push(`${dateOf(day).slice(5)} ${holiday.name}`);
  }
  return found;
}

// England and Wales: gov.uk/bank-holidays, with substitute days for those on a weekend
const UK: HolidayInput[] = [
  { kind: "yearly", name: "New Year", on: "01-01", observed: "next-workday" },
  { kind: "easter", name: "Good Friday", offset: -2 },
  { kind: "easter", name: "Easter Monday", offset: 1 },
  { kind: "weekday", name: "Early May", month: 5, weekday: "mon", nth: 1 },
  { kind: "weekday", name: "Spring", month: 5, weekday: "mon", nth: -1 },
  { kind: "weekday", name: "Summer", month: 8, weekday: "mon", nth: -1 },
  { kind: "yearly", name: "Christmas", on: "12-25", observed: "next-workday" },
  { kind: "yearly", name: "Boxing Day", on: "12-26", observed: "next-workday" },
];

describe("bank holidays of England and Wales", () => {
  it("2021: Christmas on Saturday and Boxing Day on Sunday move to Monday and Tuesday", () => {
    expect(holidaysIn(2021, UK)).toEqual([
      "01-01 New Year",
      "04-02 Good Friday",
      "04-05 Easter Monday",
      "05-03 Early May",
      "05-31 Spring",
      "08-30 Summer",
      "12-27 Christmas",
      "12-28 Boxing Day",
    ]);
  });

  it("2022: Christmas on Sunday moves past Boxing Day, New Year to the 3rd", () => {
    const found = holidaysIn(2022, UK);
    expect(found[0]).toBe("01-03 New Year");
    expect(found.slice(1, 3)).toEqual(["04-15 Good Friday", "04-18 Easter Monday"]);
    expect(found.slice(-2)).toEqual(["12-26 Boxing Day", "12-27 Christmas"]);
  });

  it("2020: Boxing Day on Saturday moves to Monday", () => {
    expect(holidaysIn(2020, UK).slice(-2)).toEqual(["12-25 Christmas", "12-28 Boxing Day"]);
  });
});

describe("federal holidays of the United States", () => {
  // 5 U.S.C. 6103 and Executive Order 11582: Saturday's on Friday, Sunday's on Monday
  const US: HolidayInput[] = [
    { kind: "yearly", name: "New Year", on: "01-01", observed: "nearest-workday" },
    { kind: "weekday", name: "King", month: 1, weekday: "mon", nth: 3 },
    { kind: "yearly", name: "Juneteenth", on: "06-19", observed: "nearest-workday" },
    { kind: "yearly", name: "Veterans", on: "11-11", observed: "nearest-workday" },
    { kind: "weekday", name: "Thanksgiving", month: 11, weekday: "thu", nth: 4 },
  ];
  it.each([
    [
      2021,
      [
        "01-01 New Year",
        "01-18 King",
        "06-18 Juneteenth",
        "11-11 Veterans",
        "11-25 Thanksgiving",
        "12-31 New Year",
      ],
    ],
    [2022, ["01-17 King", "06-20 Juneteenth", "11-11 Veterans", "11-24 Thanksgiving"]],
    [
      2023,
      ["01-02 New Year", "01-16 King", "06-19 Juneteenth", "11-10 Veterans", "11-23 Thanksgiving"],
    ],
  ])("in %d", (year, expected) => {
    expect(holidaysIn(year, US)).toEqual(expected);
  });
});

describe("a holiday", () => {
  // Easter Sundays as church and government calendars publish them, the earliest and the latest possible among them
  it.each([
    "1818-03-22",
    "1943-04-25",
    "2000-04-23",
    "2008-03-23",
    "2019-04-21",
    "2024-03-31",
    "2026-04-05",
    "2038-04-25",
  ])("Easter falls on %s", (date) => {
    expect(dateOf(easterOf(Number(date.slice(0, 4))))).toBe(date);
  });

  it("may stand on dates known one by one, once or many times", () => {
    const feast: HolidayInput = { kind: "dates", name: "Feast", on: ["2026-03-20", "2027-03-10"] };
    expect(holidaysIn(2026, [feast])).toEqual(["03-20 Feast"]);
    expect(holidaysIn(2027, [feast])).toEqual(["03-10 Feast"]);
    expect(holidaysIn(2028, [feast])).toEqual([]);
  });

  it("of 29 February comes in leap years only", () => {
    const leap: HolidayInput = { kind: "yearly", name: "Leap", on: "02-29" };
    expect(holidaysIn(2028, [leap])).toEqual(["02-29 Leap"]);
    expect(holidaysIn(2100, [leap])).toEqual([]);
    expect(holidaysIn(2027, [leap])).toEqual([]);
  });

  it("of a fifth weekday comes in months that have five", () => {
    const fifth: HolidayInput = {
      kind: "weekday",
      name: "Fifth",
      month: 3,
      weekday: "mon",
      nth: 5,
    };
    expect(holidaysIn(2026, [fifth])).toEqual(["03-30 Fifth"]);
    expect(holidaysIn(2027, [fifth])).toEqual(["03-29 Fifth"]);
    expect(holidaysIn(2025, [fifth])).toEqual(["03-31 Fifth"]);
    expect(holidaysIn(2024, [fifth])).toEqual([]);
  });

  it("moves off the weekend of the place", () => {
    // National Day of the UAE, 2 December; its weekend was Friday and Saturday until 2021
    const day: HolidayInput = {
      kind: "yearly",
      name: "National",
      on: "12-02",
      observed: "next-workday",
    };
    // a Friday in 2022
    expect(holidaysIn(2022, [day], { weekend: ["fri", "sat"] })).toEqual(["12-04 National"]);
    expect(holidaysIn(2022, [day])).toEqual(["12-02 National"]);
  });

  it("stays where every day is weekend", () => {
    const all: ScheduleInput = { weekend: ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] };
    for (const observed of ["next-workday", "nearest-workday"] as const) {
      const day: HolidayInput = { kind: "yearly", name: "Day", on: "06-15", observed };
      expect(holidaysIn(2026, [day], all)).toEqual(["06-15 Day"]);
    }
  });

  it("listed first is the one of a day with two, and says of which calendar", () => {
    const two: HolidayInput[] = [
      { kind: "yearly", name: "B", on: "05-01", calendar: "works" },
      { kind: "yearly", name: "A", on: "05-01" },
    ];
    expect(plansOf(scheduleOf({ holidays: two })).holiday(dayOfDate("2026-05-01"))).toMatchObject({
      name: "B",
      calendar: "works",
    });
    expect(
      plansOf(scheduleOf({ holidays: two.toReversed() })).holiday(dayOfDate("2026-05-01")),
    ).toMatchObject({
      name: "A",
      calendar: "public",
    });
  });

  it("is found at both ends of the calendar", () => {
    const plans = plansOf(scheduleOf({ holidays: UK }));
    expect(plans.holiday(dayOfDate("9999-12-27"))?.name).toBe("Christmas");
    expect(plans.holiday(dayOfDate("9999-12-31") + 400)).toBeNull();
    expect(plans.holiday(dayOfDate("0001-01-01"))?.name).toBe("New Year");
    expect(plans.holiday(dayOfDate("0000-01-01"))).toBeNull();
  });
});

const may = (schedule: ScheduleInput, rosters = [] as ReturnType<typeof roster>[]): string =>
  pattern(plansOf(scheduleOf(schedule), rosters), "2026-04-30", 3);

describe("on a holiday", () => {
  const holidays: HolidayInput[] = [{ kind: "yearly", name: "May Day", on: "05-01" }];

  // precedence: template over rota over schedule
  it.each([
    ["free", null, null, "E-E"],
    ["works", null, null, "EEE"],
    ["works", "free", null, "E-E"],
    ["free", "works", null, "EEE"],
    ["free", "works", "free", "E-E"],
    ["works", "free", "works", "EEE"],
  ] as const)("schedule %s, rota %s, template %s: %s", (...[all, rota, template, expected]) => {
    const base = daily({ ...EARLY, onHoliday: template }, { onHoliday: rota });
    expect(may({ ...base, holidays, onHoliday: all })).toBe(expected);
  });

  it("is free unless told otherwise, but not on one that cancels nothing", () => {
    expect(may({ ...daily(EARLY), holidays })).toBe("E-E");
    const kept: HolidayInput[] = [
      { kind: "yearly", name: "Remembrance", on: "05-01", cancels: false },
    ];
    const set = scheduleOf({ ...daily(EARLY), holidays: kept });
    expect(pattern(plansOf(set), "2026-04-30", 3)).toBe("EEE");
    expect(plansOf(set).holiday(dayOfDate("2026-05-01"))?.name).toBe("Remembrance");
  });

  it("a roster stands", () => {
    const shifts = [{ template: "Early" }];
    expect(may({ ...daily(EARLY), holidays }, [roster("2026-05-01", shifts)])).toBe("EEE");
  });

  it("what would have been worked is known", () => {
    const plans = plansOf(scheduleOf({ ...daily(EARLY), holidays }));
    const day = dayOfDate("2026-05-01");
    expect(plans.freed(day).map(({ name, seconds }) => [name, seconds])).toEqual([
      ["Early", 28_800],
    ]);
    expect(plans.freed(day + 1)).toEqual([]);
    // not what a roster took away
    const free = plansOf(scheduleOf({ ...daily(EARLY), holidays }), [roster("2026-05-01", [])]);
    expect(free.freed(day)).toEqual([]);
  });

  it("windows of the neighbours are not clipped by what is cancelled", () => {
    const templates = [EARLY, { ...LATE, onHoliday: "works" as const }];
    const rotas: ScheduleInput["rotas"] = [
      { kind: "cycle", name: "R", anchor: "2026-01-01", days: [["Early", "Late"]] },
    ];
    const plans = plansOf(scheduleOf({ templates, rotas, holidays }));
    const hour = (date: string): string =>
      new Date(on(plans, date).find(({ name }) => name === "Late")?.acceptFrom ?? 0)
        .toISOString()
        .slice(11, 16);
    expect(hour("2026-04-30")).toBe("14:00");
    expect(hour("2026-05-01")).toBe("13:00");
  });
});
