import { describe, expect, it } from "vitest";
import {
  daily,
  NIGHT,
  on,
  plansOf,
  type ScheduleInput,
  scheduleOf,
  shown,
  type TemplateInput,
  windowOf,
} from "../../../test/support/schedule.ts";
import { ruleSet } from "../../../test/support/worktime.ts";
import type { PlannedShift } from "../ledger.ts";
import { ruleSetSchema } from "../rules.ts";

const DAY: TemplateInput = { name: "Day", start: "08:00", end: "16:30" };
const LUNCH = { start: "12:00", length: "30min" };

/** The one shift of a day of somebody who works it every day. */
function shift(
  template: Partial<TemplateInput>,
  date = "2026-01-12",
  more: { zone?: string; schedule?: ScheduleInput } = {},
): PlannedShift {
  const set = scheduleOf({ ...daily({ ...DAY, ...template }), ...more.schedule }, more.zone);
  const [plan] = on(plansOf(set), date);
  if (plan === undefined) throw new Error(`nothing is planned on ${date}`);
  return plan;
}

describe("a template's times", () => {
  // own reasoning: what a wall clock shows in the zone, turned into instants
  it.each([
    ["08:00", "16:30", "UTC", "Day 2026-01-12T08:00+00:00 2026-01-12T16:30+00:00"],
    ["22:00", "06:00", "UTC", "Day 2026-01-12T22:00+00:00 2026-01-13T06:00+00:00"],
    ["16:00", "24:00", "UTC", "Day 2026-01-12T16:00+00:00 2026-01-13T00:00+00:00"],
    ["16:00", "00:00", "UTC", "Day 2026-01-12T16:00+00:00 2026-01-13T00:00+00:00"],
    ["08:00", "08:00", "UTC", "Day 2026-01-12T08:00+00:00 2026-01-13T08:00+00:00"],
    ["08:00", "08:01", "UTC", "Day 2026-01-12T08:00+00:00 2026-01-12T08:01+00:00"],
    ["08:00", "16:30", "Asia/Kolkata", "Day 2026-01-12T08:00+05:30 2026-01-12T16:30+05:30"],
  ])("from %s to %s in %s", (...[start, end, zone, expected]) => {
    expect(shown(shift({ start, end }, "2026-01-12", { zone }))).toBe(expected);
  });

  it("are of its own zone where it names one", () => {
    const plan = shift({ zone: "America/New_York" }, "2026-01-12", { zone: "Europe/Berlin" });
    expect(shown(plan)).toBe("Day 2026-01-12T08:00-05:00 2026-01-12T16:30-05:00");
    expect(plan.zone).toBe("America/New_York");
  });

  it("over midnight may be planned on the day of the end", () => {
    const night = { ...NIGHT, plannedOn: "end" } as const;
    const plan = shift(night);
    expect(shown(plan)).toBe("Night 2026-01-11T22:00+00:00 2026-01-12T06:00+00:00");
    expect(plan.day).toBe(on(plansOf(scheduleOf(daily(DAY))), "2026-01-12")[0]?.day);
    // one that ends at midnight ends on the day it starts
    expect(shown(shift({ ...night, end: "24:00" }))).toContain("2026-01-12T22:00");
    expect(shown(shift({ ...night, end: "00:01" }))).toContain("2026-01-11T22:00");
    expect(shown(shift({ plannedOn: "end" }))).toContain("2026-01-12T08:00");
  });

  // the clock changes of 2026 in the EU: 29 March 02:00 to 03:00, 25 October 03:00 to 02:00 (Directive 2000/84/EC)
  it.each([
    ["2026-03-28", "Night 2026-03-28T22:00+01:00 2026-03-29T06:00+02:00", 7 * 3600],
    ["2026-10-24", "Night 2026-10-24T22:00+02:00 2026-10-25T06:00+01:00", 9 * 3600],
    ["2026-10-25", "Night 2026-10-25T22:00+01:00 2026-10-26T06:00+01:00", 8 * 3600],
  ])("follow the clock on %s, and what is due is what really passes", (date, expected, seconds) => {
    const plan = shift(NIGHT, date, { zone: "Europe/Berlin" });
    expect(shown(plan)).toBe(expected);
    expect(plan.seconds).toBe(seconds);
    expect(shift({ ...NIGHT, paid: "8h" }, date, { zone: "Europe/Berlin" }).seconds).toBe(8 * 3600);
  });

  it("in an hour that the clock skips leave no shift, and in the one before a shorter one", () => {
    const zone = "Europe/Berlin";
    const set = (start: string, end: string) => scheduleOf(daily({ ...DAY, start, end }), zone);
    expect(on(plansOf(set("02:30", "03:00")), "2026-03-29")).toEqual([]);
    expect(on(plansOf(set("02:30", "03:00")), "2026-03-28")).toHaveLength(1);
    expect(on(plansOf(set("01:30", "03:00")), "2026-03-29")[0]?.seconds).toBe(1800);
  });

  it("on a day that a zone skipped are nowhere, and nights run across it", () => {
    // Samoa went from 29 to 31 December 2011 (International Date Line Act 2011)
    const plan = shift({ start: "08:00", end: "16:00" }, "2011-12-29", { zone: "Pacific/Apia" });
    expect(shown(plan)).toBe("Day 2011-12-29T08:00-10:00 2011-12-29T16:00-10:00");
    const night = shift(NIGHT, "2011-12-29", { zone: "Pacific/Apia" });
    expect(shown(night)).toBe("Night 2011-12-29T22:00-10:00 2011-12-31T06:00+14:00");
    expect(night.seconds).toBe(8 * 3600);
    const plans = plansOf(scheduleOf(daily(DAY), "Pacific/Apia"));
    expect(
      ["2011-12-29", "2011-12-30", "2011-12-31"].map((date) => on(plans, date).length),
    ).toEqual([1, 0, 1]);
  });
});

describe("what is due", () => {
  it.each([
    [{}, 8.5 * 3600],
    [{ breaks: [LUNCH] }, 8 * 3600],
    [{ breaks: [{ ...LUNCH, isPaid: true }] }, 8.5 * 3600],
    [{ breaks: [LUNCH], paid: "7h 30min" }, 7.5 * 3600],
    [{ breaks: [LUNCH, { kind: "break", start: "15:00", length: "10min" }] }, 8 * 3600 - 600],
  ] satisfies [Partial<TemplateInput>, number][])("of %j is %d s", (template, seconds) => {
    expect(shift(template).seconds).toBe(seconds);
  });

  it("comes with its breaks, in order, with their instants", () => {
    const breaks = [
      { kind: "break", start: "02:00", length: 600, isPaid: true },
      { start: "23:30", length: "30min" },
    ] as const;
    const { breaks: planned, startAt } = shift({ ...NIGHT, breaks: [...breaks] });
    const minutes = (at: number): number => (at - startAt) / 60_000;
    expect(
      planned.map((each) => [each.kind, minutes(each.fromAt), minutes(each.toAt), each.isPaid]),
    ).toEqual([
      ["lunch", 90, 120, false],
      ["break", 240, 250, true],
    ]);
  });

  it("never has a break outside the shift, even if the clock skips the hour it lies in", () => {
    const night = { start: "22:00", end: "03:10", breaks: [{ start: "02:15", length: "45min" }] };
    const plan = shift(night, "2026-03-28", { zone: "Europe/Berlin" });
    // 02:15 does not exist: 03:15 is meant, and the shift ends at 03:10
    expect(plan.breaks).toEqual([]);
    expect(plan.seconds).toBe((4 * 60 + 10) * 60);
  });
});

describe("kinds", () => {
  it("a flexible shift has a frame, hours and a core", () => {
    const plan = shift({
      kind: "flexible",
      start: "06:00",
      end: "20:00",
      paid: "7h 48min",
      core: { start: "09:00", end: "15:00" },
    });
    expect(plan).toMatchObject({ kind: "flexible", seconds: 28_080 });
    expect(plan.core).toEqual({
      fromAt: Date.parse("2026-01-12T09:00Z"),
      toAt: Date.parse("2026-01-12T15:00Z"),
    });
  });

  it("the core of a night lies after midnight if it says so", () => {
    const core = { start: "01:00", end: "03:00" };
    const plan = shift({ ...NIGHT, kind: "flexible", paid: "6h", core });
    expect(plan.core?.fromAt).toBe(Date.parse("2026-01-13T01:00Z"));
    const long = shift({
      ...NIGHT,
      kind: "flexible",
      paid: "6h",
      core: { start: "23:00", end: "02:00" },
    });
    expect((long.core!.toAt - long.core!.fromAt) / 3_600_000).toBe(3);
  });

  it("what is not said is a fixed shift; an open one is planned like it", () => {
    expect(shift({}).kind).toBe("fixed");
    expect(shift({ kind: "open" })).toMatchObject({ kind: "open", seconds: 30_600, core: null });
  });

  it("say where it is worked", () => {
    expect(shift({})).toMatchObject({ site: null, labels: {} });
    const plan = shift({ site: "plant-2", labels: { department: "Press" } });
    expect(plan).toMatchObject({ site: "plant-2", labels: { department: "Press" } });
  });
});

/** Hours from the start during which one may begin, and to the end during which one may stop. */
const hours = ({ startTo, stopFrom, startAt, endAt }: PlannedShift): (number | null)[] => [
  startTo === undefined ? null : (startTo - startAt) / 3_600_000,
  stopFrom === undefined ? null : (endAt - stopFrom) / 3_600_000,
];

describe("windows", () => {
  // the acceptance window of 60 minutes is the one peers start from
  it.each([
    [{}, {}, "07:00:00-17:30:00"],
    [{}, { startBefore: "20min", stopAfter: "2h" }, "07:40:00-18:30:00"],
    [{ startBefore: "10min" }, { startBefore: "20min", stopAfter: "2h" }, "07:50:00-18:30:00"],
    [{ stopAfter: 0 }, {}, "07:00:00-16:30:00"],
    [{ startBefore: 1, stopAfter: 1 }, {}, "07:59:59-16:30:01"],
  ])("of a template %j and the schedule %j", (windows, all, expected) => {
    expect(windowOf(shift({ windows }, "2026-01-12", { schedule: { windows: all } }))).toBe(
      expected,
    );
  });

  it("for beginning and for ending end in the middle unless told otherwise", () => {
    const all = { windows: { startAfter: "1h", stopBefore: "30min" } };
    const at = "2026-01-12";
    expect(hours(shift({}))).toEqual([null, null]);
    expect(hours(shift({}, at, { schedule: all }))).toEqual([1, 0.5]);
    expect(hours(shift({ windows: { startAfter: "2h" } }, at, { schedule: all }))).toEqual([
      2, 0.5,
    ]);
    expect(
      hours(shift({ windows: { startAfter: null, stopBefore: null } }, at, { schedule: all })),
    ).toEqual([null, null]);
    // longer than this shift: until its other end
    const long = { windows: { startAfter: "20h", stopBefore: "20h" } };
    expect(hours(shift({}, at, { schedule: long }))).toEqual([8.5, 8.5]);
  });
});

describe("a schedule that contradicts itself is refused, with the path", () => {
  const rota = { kind: "cycle", name: "R", anchor: "2026-01-01" } as const;
  const cases: [string, ScheduleInput, string][] = [
    ["two templates of one name", { templates: [DAY, DAY] }, "templates.1.name"],
    ["a start at 24:00", { templates: [{ ...DAY, start: "24:00" }] }, "templates.0.start"],
    [
      "lunch after the end",
      { templates: [{ ...DAY, breaks: [{ start: "16:01", length: "30min" }] }] },
      "templates.0.breaks.0",
    ],
    [
      "lunch before the start",
      { templates: [{ ...DAY, breaks: [{ start: "07:59", length: "30min" }] }] },
      "templates.0.breaks.0",
    ],
    [
      "a break of no length",
      { templates: [{ ...DAY, breaks: [{ start: "12:00", length: 0 }] }] },
      "templates.0.breaks.0.length",
    ],
    [
      "breaks at once",
      { templates: [{ ...DAY, breaks: [LUNCH, { start: "12:29", length: "5min" }] }] },
      "templates.0.breaks.1",
    ],
    [
      "more due than the shift is long",
      { templates: [{ ...DAY, paid: 30_601 }] },
      "templates.0.paid",
    ],
    [
      "more due than it is long without lunch",
      { templates: [{ ...DAY, breaks: [LUNCH], paid: 28_801 }] },
      "templates.0.paid",
    ],
    [
      "a flexible shift without hours",
      { templates: [{ ...DAY, kind: "flexible" }] },
      "templates.0.paid",
    ],
    [
      "core time of a fixed shift",
      { templates: [{ ...DAY, core: { start: "09:00", end: "10:00" } }] },
      "templates.0.core",
    ],
    [
      "core time outside the frame",
      {
        templates: [
          { ...DAY, kind: "flexible", paid: "4h", core: { start: "09:00", end: "16:31" } },
        ],
      },
      "templates.0.core",
    ],
    [
      "a start window longer than the shift",
      { templates: [{ ...DAY, windows: { startAfter: 30_601 } }] },
      "templates.0.windows.startAfter",
    ],
    [
      "a stop window longer than the shift",
      { templates: [{ ...DAY, windows: { stopBefore: 30_601 } }] },
      "templates.0.windows.stopBefore",
    ],
    [
      "a window of half a day and more",
      { windows: { startBefore: 43_201 } },
      "windows.startBefore",
    ],
    ["an unknown zone", { templates: [{ ...DAY, zone: "Mars/Base" }] }, "templates.0.zone"],
    [
      "a rota of an unknown template",
      { templates: [DAY], rotas: [{ ...rota, days: [null, ["Day", "Dya"]] }] },
      "rotas.0.days.1",
    ],
    [
      "weekdays of an unknown template",
      { rotas: [{ kind: "weekdays", name: "R", every: ["mon"], shifts: ["Day"] }] },
      "rotas.0.shifts.0",
    ],
    ["a cycle of no day", { rotas: [{ ...rota, days: [] }] }, "rotas.0.days"],
    [
      "a rota that ends before it begins",
      { rotas: [{ ...rota, days: [null], from: "2026-02-01", until: "2026-01-31" }] },
      "rotas.0.until",
    ],
    [
      "shifts of a day at once",
      {
        templates: [DAY, { ...DAY, name: "B", start: "16:29", end: "18:00" }],
        rotas: [{ ...rota, days: [["Day", "B"]] }],
      },
      "rotas.0.days.0",
    ],
    [
      "a night into the next early shift",
      {
        templates: [NIGHT, { ...DAY, start: "05:59", end: "10:00" }],
        rotas: [{ ...rota, days: ["Night", "Day", null] }],
      },
      "rotas.0.days.1",
    ],
    [
      "the last day of a cycle into the first",
      {
        templates: [NIGHT, { ...DAY, start: "05:00", end: "10:00" }],
        rotas: [{ ...rota, days: ["Day", null, "Night"] }],
      },
      "rotas.0.days.0",
    ],
    [
      "a night planned on its end over the day before",
      {
        templates: [
          { ...NIGHT, plannedOn: "end" },
          { ...DAY, end: "22:01" },
        ],
        rotas: [{ ...rota, days: ["Day", "Night"] }],
      },
      "rotas.0.days.1",
    ],
    [
      "weekdays that overlap",
      {
        templates: [
          { ...DAY, start: "12:00", end: "12:00" },
          { ...DAY, name: "B" },
        ],
        rotas: [{ kind: "weekdays", name: "R", every: ["mon", "tue"], shifts: ["B", "Day"] }],
      },
      "rotas.0.shifts",
    ],
    [
      "two rotas of one name",
      {
        rotas: [
          { ...rota, days: [null] },
          { ...rota, days: [null] },
        ],
      },
      "rotas.1.name",
    ],
    [
      "every other week from never",
      {
        templates: [DAY],
        rotas: [{ kind: "weekdays", name: "R", every: ["mon"], shifts: ["Day"], weeks: 2 }],
      },
      "rotas.0.anchor",
    ],
    [
      "the 0th Monday",
      {
        templates: [DAY],
        rotas: [{ kind: "weekdays", name: "R", every: ["mon"], shifts: ["Day"], ofMonth: [0] }],
      },
      "rotas.0.ofMonth",
    ],
    [
      "a date in no year",
      { holidays: [{ kind: "yearly", name: "H", on: "02-30" }] },
      "holidays.0.on",
    ],
    [
      "the 0th weekday",
      { holidays: [{ kind: "weekday", name: "H", month: 5, weekday: "mon", nth: 0 }] },
      "holidays.0.nth",
    ],
    [
      "two holidays of one name",
      {
        holidays: [
          { kind: "easter", name: "H" },
          { kind: "easter", name: "H" },
        ],
      },
      "holidays.1.name",
    ],
  ];
  it.each(cases)("%s", (_, schedule, path) => {
    const { error } = ruleSetSchema.safeParse({ schedule });
    expect(error?.issues.map((issue) => issue.path.join("."))).toContain(`schedule.${path}`);
  });

  const good: [string, ScheduleInput][] = [
    [
      "lunch to the very end",
      { templates: [{ ...DAY, breaks: [{ start: "16:00", length: "30min" }] }] },
    ],
    [
      "breaks one after the other",
      { templates: [{ ...DAY, breaks: [LUNCH, { start: "12:30", length: "5min" }] }] },
    ],
    ["all of the shift due", { templates: [{ ...DAY, paid: 30_600 }] }],
    [
      "core time as wide as the frame",
      {
        templates: [
          { ...DAY, kind: "flexible", paid: "4h", core: { start: "08:00", end: "16:30" } },
        ],
      },
    ],
    ["windows as long as may be", { windows: { startBefore: "12h", stopAfter: "12h" } }],
    [
      "shifts back to back",
      {
        templates: [NIGHT, { ...DAY, start: "06:00", end: "22:00" }],
        rotas: [{ ...rota, days: [["Day", "Night"]] }],
      },
    ],
    [
      "24 on, 24 off, and 24 h every day",
      { templates: [{ ...DAY, end: "08:00" }], rotas: [{ ...rota, days: ["Day"] }] },
    ],
    [
      "open shifts at once",
      {
        templates: [
          { ...DAY, kind: "open" },
          { ...NIGHT, kind: "open", start: "12:00" },
        ],
        rotas: [{ ...rota, days: [["Day", "Night"]] }],
      },
    ],
    [
      "a rota of one day",
      { rotas: [{ ...rota, days: [null], from: "2026-01-31", until: "2026-01-31" }] },
    ],
    [
      "a Sunday into a Monday two weeks later",
      {
        templates: [
          { ...DAY, start: "12:00", end: "12:00" },
          { ...DAY, name: "B" },
        ],
        rotas: [
          {
            kind: "weekdays",
            name: "R",
            every: ["sun"],
            shifts: ["Day"],
            weeks: 2,
            anchor: "2026-01-01",
          },
        ],
      },
    ],
  ];
  it.each(good)("but not %s", (_, schedule) => {
    expect(ruleSetSchema.safeParse({ schedule }).error).toBeUndefined();
  });

  it("and no rules at all plan nothing", () => {
    expect(plansOf(ruleSet()).isEmpty).toBe(true);
    expect(on(plansOf(ruleSet()), "2026-01-12")).toEqual([]);
  });
});
