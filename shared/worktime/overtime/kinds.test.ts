import { describe, expect, it } from "vitest";
import {
  claimsOf,
  claimsOn,
  MONDAY,
  type OvertimeInput,
  type PolicyInput,
  spelled,
  weekOf,
  workedDays,
} from "../../../test/support/overtime.ts";
import { type DayText, ruleSet, sheetOf } from "../../../test/support/worktime.ts";
import { dateOf, dayOfDate, instantOf } from "../civil-time.ts";
import type { Day, DayShift, PlannedShift } from "../ledger.ts";

// Every kind of policy, at its boundaries. Figures without a source are our own reasoning from what the rule says.

const OT = { code: "OT", rate: 1.5 };
const DT = { code: "DT", rate: 2 };
const day0 = dayOfDate(MONDAY);

const only = (policy: PolicyInput): OvertimeInput => ({ policies: [policy] });
const spell = (texts: readonly DayText[], overtime: OvertimeInput): string[] =>
  claimsOn(texts, overtime).map(spelled);

describe("without policies", () => {
  it("each paid tile is one regular claim, with what it was booked on and punched with", () => {
    const labels = { job: "crane" };
    const tiles = ["08:00-12:00", "12:00-12:30 lunch", "12:30-12:45 break paid", "12:45-17:00"];
    const [claims] = claimsOn([{ on: MONDAY, tiles, labels }], {});
    expect(claims).toMatchObject([
      { class: "regular", code: "REG", rate: 1, seconds: 14_400, labels, policy: "regular" },
      { seconds: 900, reason: "regular time", approval: "not-needed" },
      { seconds: 15_300, punchIds: [`${MONDAY} 12:45`, `${MONDAY} 17:00`] },
    ]);
    expect(claims?.map(({ fromAt, toAt }) => (toAt - fromAt) / 1000)).toEqual([
      14_400, 900, 15_300,
    ]);
  });

  it("regular time has the code and rate that the rules give it", () => {
    const [claims] = claimsOn(workedDays(["1:00"]), { regular: { code: "BASE", rate: 1.1 } });
    expect(claims).toMatchObject([{ code: "BASE", rate: 1.1 }]);
  });
});

const byScope = (scope: "day" | "shift"): string[] => {
  const rules = ruleSet({
    overtime: only({ kind: "daily", name: "Daily", scope, tiers: [{ after: "8h", ...OT }] }),
  });
  const sheet = sheetOf([{ on: MONDAY, tiles: ["00:00-09:00", "13:00-21:30"] }], rules);
  const [only0] = sheet.days;
  const tiles = only0!.tiles.map((tile, index) =>
    Object.assign({}, tile, { shiftId: `shift ${index}` }),
  );
  return claimsOf({ ...sheet, days: [{ ...only0!, tiles }] }).map(spelled);
};

describe("daily", () => {
  const daily = only({
    kind: "daily",
    name: "Daily",
    tiers: [
      { after: "8h", ...OT },
      { after: "10h", ...DT },
    ],
  });

  it.each([
    ["7:59:59", "REG 7:59:59"],
    ["8:00", "REG 8:00"],
    ["8:00:01", "REG 8:00, OT 0:00:01"],
    ["10:00", "REG 8:00, OT 2:00"],
    ["10:00:01", "REG 8:00, OT 2:00, DT 0:00:01"],
  ])("of %s: %s", (length, expected) => {
    expect(weekOf([length], daily)).toEqual([expected]);
  });

  it("cuts a tile at the second, and says why", () => {
    const [claims] = claimsOn([{ on: MONDAY, tiles: ["06:00-12:00", "12:30-16:30"] }], daily);
    expect(claims?.map(({ fromAt, seconds, reason }) => [fromAt, seconds, reason])).toEqual([
      [instantOf(day0, 6 * 3600, "UTC"), 21_600, "regular time"],
      [instantOf(day0, 12.5 * 3600, "UTC"), 7200, "regular time"],
      [instantOf(day0, 14.5 * 3600, "UTC"), 7200, "overtime: over 8 h on the day, rule 'Daily'"],
    ]);
  });

  it("is one claim for as long as one policy holds, whatever becomes of the others", () => {
    const policies: PolicyInput[] = [
      { kind: "daily", name: "High", tiers: [{ after: "8h", ...DT }] },
      { kind: "daily", name: "Low", counts: "all", tiers: [{ after: "9h", ...OT }] },
    ];
    const [claims] = claimsOn(workedDays(["10:00"]), { policies });
    expect(claims?.map(({ code, seconds }) => `${code} ${seconds}`)).toEqual([
      "REG 28800",
      "DT 7200",
    ]);
  });

  it("counts two shifts of a day as one day, or each by itself", () => {
    expect(byScope("day")).toEqual(["REG 8:00, OT 9:30"]);
    expect(byScope("shift")).toEqual(["REG 16:00, OT 1:30"]);
  });

  /** Colorado COMPS Order 38, rule 4.1.1(3): over 12 consecutive hours, whatever the start and end of the workday. */
  it("goes on counting a shift that was split at midnight, and no other", () => {
    const overtime = only({
      kind: "daily",
      name: "Twelve in a row",
      scope: "shift",
      tiers: [{ after: "12h", ...OT }],
    });
    const sheet = sheetOf(
      [
        { on: MONDAY, tiles: ["09:00-11:00", "18:00-24:00"] },
        { on: "2026-01-13", tiles: ["00:00-07:00", "12:00-16:00"] },
      ],
      ruleSet({ overtime }),
    );
    const ids = [
      ["a", "b"],
      ["b", "c"],
    ];
    const days = sheet.days.map((day, at): Day => {
      const tiles = day.tiles.map((tile, index) => ({ ...tile, shiftId: ids[at]![index]! }));
      const shifts = tiles.map(
        (tile, index): DayShift => ({
          ...day.shifts[0]!,
          shiftId: tile.shiftId,
          tiles: [tile],
          isStart: at === 0 || index === 1,
        }),
      );
      return { ...day, tiles, shifts };
    });
    const split = { ...sheet, days, at: (day: number) => days[day - days[0]!.day] };
    expect(claimsOf(split).map(spelled)).toEqual(["REG 8:00", "REG 10:00, OT 1:00"]);
  });

  it("measures what passed over a change of the clocks", () => {
    // Berlin, 2026-03-29: 22:00 to 07:00 on the wall clock are eight hours; 2026-10-25: ten
    const overtime = only({ kind: "daily", name: "Daily", tiers: [{ after: "8h", ...OT }] });
    const rules = ruleSet({ zone: "Europe/Berlin", overtime });
    const night = (on: string): string[] =>
      claimsOf(sheetOf([{ on, tiles: ["22:00-07:00"] }], rules)).map(spelled);
    expect(night("2026-03-28")).toEqual(["REG 8:00"]);
    expect(night("2026-06-01")).toEqual(["REG 8:00, OT 1:00"]);
    expect(night("2026-10-24")).toEqual(["REG 8:00, OT 2:00"]);
  });
});

describe("weeks", () => {
  const after = [{ after: "40h", ...OT }];
  const full = ["10:00", "10:00", "10:00", "10:00"];

  it.each([
    ["mon", "OT 10:00", "REG 10:00", "REG 10:00"],
    ["sun", "REG 10:00", "REG 10:00", "REG 10:00"],
    ["tue", "OT 10:00", "OT 10:00", "REG 10:00"],
    ["wed", "REG 10:00", "OT 10:00", "OT 10:00"],
  ] as const)("begin on %s", (weekStart, ...expected) => {
    const lengths = ["", ...full, "", "10:00", "10:00", "10:00"]; // Tue to Fri, Sun to Tue
    const overtime = {
      weekStart,
      policies: [{ kind: "weekly" as const, name: "W", tiers: after }],
    };
    expect(weekOf(lengths, overtime).slice(6)).toEqual(expected);
  });

  it.each([
    ["2026-01-12", 0],
    ["2026-01-18", 0], // any date of the week will do
    ["2025-12-29", 0],
    ["2026-01-19", 7],
    ["2026-02-02", 7],
    ["1999-01-04", 0],
    ["1998-12-28", 7],
  ])("of a bi-weekly period are found from its anchor %s", (anchor, offset) => {
    const policy = { kind: "bi-weekly", name: "Two", anchor, tiers: [{ after: "80h", ...OT }] };
    const lengths = [...Array<string>(offset).fill(""), ...Array<string>(15).fill("8:00")];
    const days = weekOf(lengths, only(policy as PolicyInput)).slice(offset);
    expect(days.slice(9)).toEqual([
      "REG 8:00",
      "OT 8:00",
      "OT 8:00",
      "OT 8:00",
      "OT 8:00",
      "REG 8:00",
    ]);
  });

  it("of an n-weekly period are as many as it says", () => {
    const policy = only({
      kind: "n-weekly",
      name: "Three",
      weeks: 3,
      anchor: MONDAY,
      tiers: [{ after: "20h", ...OT }],
    });
    const lengths = Array.from({ length: 22 }, (_, index) => (index === 0 ? "20:00" : "1:00"));
    const days = weekOf(lengths, policy);
    expect(days.slice(0, 2)).toEqual(["REG 20:00", "OT 1:00"]);
    expect(days.slice(20)).toEqual(["OT 1:00", "REG 1:00"]);
  });

  it("say what they count over", () => {
    const policies: PolicyInput[] = [
      { kind: "weekly", name: "One", tiers: [{ after: "1h", code: "A", rate: 1.1 }] },
      {
        kind: "bi-weekly",
        name: "Two",
        anchor: MONDAY,
        tiers: [{ after: "2h", code: "B", rate: 1.2 }],
        counts: "all",
      },
      {
        kind: "n-weekly",
        name: "Six",
        weeks: 6,
        anchor: MONDAY,
        tiers: [{ after: "2h 30min", code: "C", rate: 1.3 }],
        counts: "all",
      },
    ];
    const [claims] = claimsOn(workedDays(["3:00"]), { policies });
    expect(claims?.map(({ reason }) => reason)).toEqual([
      "regular time",
      "overtime: over 1 h in the week, rule 'One'",
      "overtime: over 2 h in 2 weeks, rule 'Two'",
      "overtime: over 2 h 30 min in 6 weeks, rule 'Six'",
    ]);
  });
});

describe("day of week", () => {
  it("claims all time of the named days, or what is beyond", () => {
    const policies: PolicyInput[] = [
      { kind: "day-of-week", name: "Sat", days: ["sat"], tiers: [{ after: "3h", ...OT }] },
      { kind: "day-of-week", name: "Sun", days: ["sun"], tiers: [{ ...DT }] },
    ];
    const lengths = ["4:00", "", "", "", "4:00", "3:00:01", "2:00", "4:00"];
    const days = claimsOn(workedDays(lengths), { policies });
    expect(days.map(spelled).slice(4)).toEqual([
      "REG 4:00",
      "REG 3:00, OT 0:00:01",
      "DT 2:00",
      "REG 4:00",
    ]);
    expect(days[5]?.at(-1)?.reason).toBe("overtime: over 3 h on a Saturday, rule 'Sat'");
    expect(days[6]?.[0]?.reason).toBe("overtime: on a Sunday, rule 'Sun'");
  });
});

const sixth = (more: object = {}): OvertimeInput =>
  only({ kind: "weekly-days", name: "Sixth", nth: 6, tiers: [{ ...OT }], ...more });

describe("days of the week worked", () => {
  it("claims from the nth on, in a row or not, and begins anew with the week", () => {
    const lengths = ["1:00", "1:00", "", "1:00", "1:00", "1:00", "1:00", "1:00"];
    const days = claimsOn(workedDays(lengths), sixth());
    expect(days.map(spelled).slice(5)).toEqual(["REG 1:00", "OT 1:00", "REG 1:00"]);
    expect(days[6]?.[0]?.reason).toBe(
      "overtime: on the 6th or a later day worked in the week, rule 'Sixth'",
    );
  });

  it("leaves out days worked for less than the minimum", () => {
    const lengths = ["1:00", "0:59:59", "1:00", "1:00", "1:00", "1:00", "1:00"];
    expect(weekOf(lengths, sixth({ minWorked: "1h" })).slice(5)).toEqual(["REG 1:00", "OT 1:00"]);
    expect(weekOf(lengths, sixth({ minWorked: 3599 })).slice(5)).toEqual(["OT 1:00", "OT 1:00"]);
    const short = [...Array<string>(5).fill("1:00"), "0:59:59"];
    expect(weekOf(short, sixth({ minWorked: "1h" })).slice(5)).toEqual(["REG 0:59:59"]);
  });
});

const third = (more: object = {}): OvertimeInput =>
  only({ kind: "consecutive-days", name: "Third", nth: 3, tiers: [{ ...OT }], ...more });

describe("consecutive days", () => {
  it("never takes a day for worked on which it sees nothing", () => {
    const blind = { minWorked: 0, contributes: { work: false } };
    const texts = ["2026-01-12", "2026-01-13", "2026-01-14"].map(
      (on, index): DayText => ({
        on,
        tiles: index === 1 ? ["08:00-09:00"] : ["08:00-09:00 break paid"],
      }),
    );
    expect(spell(texts, third(blind))[2]).toBe("REG 1:00");
    expect(spell(texts, third({ minWorked: 0 }))[2]).toBe("OT 1:00");
  });

  const lengths = ["1:00", "1:00", "1:00", "1:00", "", "1:00", "1:00", "1:00", "1:00"];

  it("claims from the nth in a row until a day off", () => {
    const days = claimsOn(workedDays(lengths), third());
    expect(days.map(spelled).slice(0, 4)).toEqual(["REG 1:00", "REG 1:00", "OT 1:00", "OT 1:00"]);
    expect(days.map(spelled).slice(4)).toEqual(["", "REG 1:00", "REG 1:00", "OT 1:00", "OT 1:00"]);
    expect(days[2]?.[0]?.reason).toBe(
      "overtime: on the 3rd or a later day worked in a row, rule 'Third'",
    );
  });

  it("begins anew with the week where it says so", () => {
    expect(weekOf(lengths, third({ reset: "week" })).slice(5)).toEqual([
      "REG 1:00",
      "REG 1:00",
      "REG 1:00",
      "REG 1:00",
    ]);
    const later = [...lengths, "1:00"];
    expect(weekOf(later, third({ reset: "week" })).slice(7)).toEqual([
      "REG 1:00",
      "REG 1:00",
      "OT 1:00",
    ]);
  });

  it("leaves out days worked for less than the minimum", () => {
    const days = ["1:00", "0:59:59", "1:00"];
    expect(weekOf(days, third({ minWorked: "1h" }))[2]).toBe("REG 1:00");
    expect(weekOf(days, third({ minWorked: 3599 }))[2]).toBe("OT 1:00");
  });

  it("does not take leave for a day worked", () => {
    const leave = {
      kind: "absence" as const,
      code: "PTO",
      seconds: 28_800,
      isPaid: true,
      contributes: true,
      factIds: [],
      policy: "Leave",
      reason: "leave",
    };
    const days = claimsOn(workedDays(["1:00", "", "1:00"]), third(), { "2026-01-13": [leave] });
    expect(days.map(spelled)).toEqual(["REG 1:00", "", "REG 1:00"]);
  });
});

describe("holiday", () => {
  const texts: DayText[] = [
    { on: MONDAY, tiles: ["08:00-12:00"] },
    { on: "2026-01-13", tiles: ["08:00-12:00"], holiday: "Founders' Day" },
  ];

  it("claims on holidays, of any calendar or of those named", () => {
    const holiday = (more: object): OvertimeInput =>
      only({ kind: "holiday", name: "Feast", tiers: [{ ...DT }], ...more });
    const days = claimsOn(texts, holiday({}));
    expect(days.map(spelled)).toEqual(["REG 4:00", "DT 4:00"]);
    expect(days[1]?.[0]?.reason).toBe("overtime: on the holiday Founders' Day, rule 'Feast'");
    expect(spell(texts, holiday({ calendars: ["other", "test"] }))[1]).toBe("DT 4:00");
    expect(spell(texts, holiday({ calendars: ["other"] }))[1]).toBe("REG 4:00");
    expect(spell(texts, holiday({ tiers: [{ after: 14_399, ...DT }] }))[1]).toBe(
      "REG 3:59:59, DT 0:00:01",
    );
  });
});

const plan = (on: string, times: string, seconds: number): PlannedShift => {
  const [from = "", to = ""] = times.split("-");
  const day = dayOfDate(on);
  const at = (clock: string): number => Date.parse(`${dateOf(day)}T${clock}:00Z`);
  return {
    planId: `${on} ${from}`,
    name: "Early",
    day,
    kind: "fixed",
    startAt: at(from),
    endAt: at(to),
    zone: "UTC",
    seconds,
    acceptFrom: at(from),
    acceptTo: at(to),
    core: null,
    breaks: [],
    site: null,
    labels: {},
  };
};

const over = (more: object = {}): OvertimeInput =>
  only({ kind: "over-schedule", name: "Plan", tiers: [{ ...OT }], ...more });

const planOn = (on: string): PlannedShift[] => [plan(on, "08:00-10:00", 7200)];

describe("over schedule", () => {
  it("counts against the hours planned for the day, in however many shifts", () => {
    const plans = [plan(MONDAY, "06:00-10:00", 14_400), plan(MONDAY, "14:00-18:00", 12_600)];
    const of = (tile: string, more: object = {}): string[] =>
      spell([{ on: MONDAY, tiles: [tile], plans }], over(more));
    expect(of("06:00-13:30")).toEqual(["REG 7:30"]);
    expect(of("06:00-13:30:01")).toEqual(["REG 7:30, OT 0:00:01"]);
    expect(of("06:00-14:00:01", { tiers: [{ after: "30min", ...OT }] })).toEqual([
      "REG 8:00, OT 0:00:01",
    ]);
    const [claims] = claimsOn([{ on: MONDAY, tiles: ["06:00-15:00"], plans }], over());
    expect(claims?.at(-1)?.reason).toBe(
      "overtime: beyond the 7 h 30 min planned for the day, rule 'Plan'",
    );
  });

  it("takes a day without plan as overtime, or leaves it alone", () => {
    const [claims] = claimsOn(workedDays(["2:00"]), over());
    expect(claims).toMatchObject([
      { code: "OT", reason: "overtime: on a day without plan, rule 'Plan'" },
    ]);
    expect(weekOf(["2:00"], over({ withoutPlan: "skip" }))).toEqual(["REG 2:00"]);
    expect(weekOf(["2:00"], over({ measure: "time" }))).toEqual(["OT 2:00"]);
    expect(weekOf(["2:00"], over({ measure: "time", withoutPlan: "skip" }))).toEqual(["REG 2:00"]);
  });

  it("finds what lies outside the planned time, to the second", () => {
    const plans = [plan(MONDAY, "08:00-12:00", 14_400), plan(MONDAY, "12:00-16:00", 14_400)];
    const texts = [{ on: MONDAY, tiles: ["07:59:59-12:30", "13:00-16:00:01"], plans }];
    const claims = claimsOn(texts, over({ measure: "time" }))[0]!;
    expect(claims.map(({ code, seconds }) => `${code} ${seconds}`)).toEqual([
      "OT 1",
      "REG 16200",
      "REG 10800",
      "OT 1",
    ]);
    expect(claims[0]?.reason).toBe("overtime: outside the planned time, rule 'Plan'");
    const later = over({ measure: "time", tiers: [{ after: "1h", ...OT }] });
    const long = [{ on: MONDAY, tiles: ["07:30-17:00"], plans }]; // half an hour before, an hour after
    expect(spell(long, later)).toEqual(["REG 9:00, OT 0:30"]);
  });

  it("counts the week against all that is planned in it, later days included", () => {
    const texts: DayText[] = [
      { on: MONDAY, tiles: ["08:00-11:00"], plans: planOn(MONDAY) },
      { on: "2026-01-14", tiles: ["08:00-08:30"] },
      { on: "2026-01-18", tiles: ["08:00-09:00"], plans: planOn("2026-01-18") },
      { on: "2026-01-19", tiles: ["08:00-09:00"], plans: planOn("2026-01-19") },
    ];
    const week = claimsOn(texts, over({ measure: "week" }));
    const lengths = week.map(spelled).filter((text) => text !== "");
    expect(lengths).toEqual(["REG 3:00", "REG 0:30", "REG 0:30, OT 0:30", "REG 1:00"]);
    expect(week[6]?.at(-1)?.reason).toBe(
      "overtime: beyond the 4 h planned for the week, rule 'Plan'",
    );
    const skipping = spell(texts, over({ measure: "week", withoutPlan: "skip" }));
    expect(skipping.filter((text) => text !== "")).toEqual([
      "REG 3:00",
      "REG 0:30",
      "REG 1:00",
      "REG 1:00",
    ]);
  });
});

const rates = (more: object = {}): OvertimeInput => ({
  policies: [
    {
      kind: "differential",
      name: "Crane",
      where: { job: ["crane"] },
      tiers: [{ code: "CRANE", rate: 1.2 }],
      ...more,
    },
    { kind: "daily", name: "Daily", tiers: [{ after: "8h", ...OT }] },
  ],
});

describe("differential", () => {
  const texts = [{ on: MONDAY, tiles: ["00:00-10:00"], labels: { branch: "north", job: "crane" } }];

  it("is regular time at another rate, and still counts towards overtime", () => {
    const [claims] = claimsOn(texts, rates());
    expect(claims).toMatchObject([
      { class: "regular", code: "CRANE", rate: 1.2, seconds: 28_800 },
      { class: "overtime", code: "OT", rate: 1.5, seconds: 7200 },
    ]);
    expect(claims?.[0]?.reason).toBe("differential: booked on job crane, rule 'Crane'");
    expect(spell([{ ...texts[0]!, labels: { job: "desk" } }], rates())).toEqual([
      "REG 8:00, OT 2:00",
    ]);
  });

  it("may be overtime of its own, which counts for no other policy", () => {
    const [claims] = claimsOn(texts, rates({ class: "overtime" }));
    expect(claims).toMatchObject([{ class: "overtime", code: "CRANE", seconds: 36_000 }]);
  });
});
