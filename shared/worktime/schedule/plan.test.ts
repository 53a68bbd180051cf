import { describe, expect, it } from "vitest";
import {
  daily,
  EARLY,
  LATE,
  NIGHT,
  on,
  pattern,
  plansOf,
  roster,
  type ScheduleInput,
  scheduleOf,
  shown,
  windowOf,
} from "../../../test/support/schedule.ts";
import { ruleSet } from "../../../test/support/worktime.ts";
import { dayOfDate } from "../civil-time.ts";
import { factSetOf, type RosterFact } from "../facts.ts";
import { constantRules, type Rules } from "../rules.ts";
import { createPlans, rosterProblems, rosterReach, scheduleReach } from "./plan.ts";

const rota = (days: (string | string[] | null)[]): ScheduleInput => ({
  templates: [EARLY, LATE, NIGHT, { name: "Office", start: "08:00", end: "16:00" }],
  rotas: [{ kind: "cycle", name: "R", anchor: "2026-01-12", days }],
});
const at = (text: string): number => Date.parse(text);

const windows = (schedule: ScheduleInput, date = "2026-01-12"): string[] =>
  on(plansOf(scheduleOf(schedule)), date).map((plan) => `${plan.name} ${windowOf(plan)}`);

const apart = (start: string): string[] =>
  windows({ ...rota([["Early", "Late"]]), templates: [EARLY, { ...LATE, start }] });

describe("windows of one person", () => {
  // the acceptance windows meet, so each is clipped until a punch belongs to one of the shifts
  it.each([
    ["midpoint", "Early 05:00:00-14:59:59", "Late 15:00:00-23:00:00"],
    // the person who stays until relieved keeps the earlier shift
    ["earlier", "Early 05:00:00-15:00:00", "Late 15:00:00-23:00:00"],
    ["later", "Early 05:00:00-14:29:59", "Late 14:30:00-23:00:00"],
  ] as const)("two hours apart, handed over %s", (handOver, first, second) => {
    const late = { ...LATE, start: "16:00" };
    // of the 90 minutes before the later one the earlier one's hour takes its part
    const more = { handOver, windows: { startBefore: "90min" } } as const;
    const early = { ...EARLY, windows: { startBefore: "1h" } };
    const schedule = { ...rota([["Early", "Late"]]), templates: [early, late], ...more };
    expect(windows(schedule)).toEqual([first, second]);
  });

  it.each([
    ["midpoint", "14:00:00-23:00:00"],
    ["earlier", "14:00:00-23:00:00"],
    ["later", "14:00:00-23:00:00"],
  ] as const)("back to back meet at the change, handed over %s", (handOver, expected) => {
    expect(windows({ ...rota([["Early", "Late"]]), handOver })).toEqual([
      "Early 05:00:00-13:59:59",
      `Late ${expected}`,
    ]);
  });

  it("that belong to the later shift still leave the earlier one its last second", () => {
    const late = { ...LATE, start: "16:00", windows: { startBefore: "12h" } };
    const schedule = { ...rota([["Early", "Late"]]), templates: [EARLY, late] };
    expect(windows({ ...schedule, handOver: "later" })).toEqual([
      "Early 05:00:00-14:00:00",
      "Late 14:00:01-23:00:00",
    ]);
  });

  it("of half a day share what lies between two shifts", () => {
    const relief = {
      ...rota(["Early", "Early"]),
      windows: { startBefore: "12h", stopAfter: "12h" },
    };
    expect(windows({ ...relief, handOver: "midpoint" }, "2026-01-13")).toEqual([
      "Early 22:00:00-21:59:59",
    ]);
    expect(windows({ ...relief, handOver: "earlier" }, "2026-01-13")).toEqual([
      "Early 02:00:00-02:00:00",
    ]);
    expect(windows({ ...relief, handOver: "later" }, "2026-01-13")).toEqual([
      "Early 18:00:00-17:59:59",
    ]);
  });

  it("are left alone when they do not touch, to the second", () => {
    expect(apart("16:00:01")).toEqual(["Early 05:00:00-15:00:00", "Late 15:00:01-23:00:00"]);
    expect(apart("16:00")).toEqual(["Early 05:00:00-14:59:59", "Late 15:00:00-23:00:00"]);
  });

  it("are clipped over midnight as well", () => {
    const plans = plansOf(scheduleOf(rota(["Night", "Early", null])));
    expect(on(plans, "2026-01-12").map(windowOf)).toEqual(["21:00:00-05:59:59"]);
    expect(on(plans, "2026-01-13").map(windowOf)).toEqual(["06:00:00-15:00:00"]);
    expect(on(plans, "2026-01-15").map(windowOf)).toEqual(["21:00:00-05:59:59"]);
  });

  it.each(["midpoint", "earlier", "later"] as const)(
    "of shifts that a clock change makes overlap meet in the middle, handed over %s",
    (handOver) => {
      // on 29 March 02:45 means 03:45, and the next shift starts at 03:00 of the same clock
      const set = scheduleOf(
        {
          templates: [
            { ...NIGHT, end: "02:45" },
            { ...EARLY, start: "03:00" },
          ],
          rotas: [
            { kind: "cycle", name: "R", anchor: "2026-03-28", days: ["Night", "Early", null] },
          ],
          handOver,
        },
        "Europe/Berlin",
      );
      expect(on(plansOf(set), "2026-03-28").map(windowOf)).toEqual(["21:00:00-03:22:29"]);
      expect(on(plansOf(set), "2026-03-29").map(windowOf)).toEqual(["03:22:30-15:00:00"]);
    },
  );

  it("are clipped between the ends of the world, where another date's shift is at the same hour", () => {
    // 08:00 to 16:00 of 13 January on Kiritimati (UTC+14) is 18:00 to 02:00 UTC, of the 12th on Niue (UTC-11) 19:00 to 03:00
    const office = { start: "08:00", end: "16:00" };
    const set = scheduleOf({
      templates: [
        { ...office, name: "K", zone: "Pacific/Kiritimati" },
        { ...office, name: "N", zone: "Pacific/Niue" },
      ],
      rotas: [
        { kind: "cycle", name: "R", anchor: "2026-01-12", days: ["N", "K", null, null, null] },
      ],
    });
    const [east] = on(plansOf(set), "2026-01-13");
    const [west] = on(plansOf(set), "2026-01-12");
    expect(new Date(east!.acceptTo + 1).toISOString()).toBe("2026-01-12T22:30:00.000Z");
    expect(west!.acceptFrom).toBe(east!.acceptTo + 1);
  });

  it("open shifts clip nothing and are not clipped", () => {
    const open = { ...LATE, kind: "open" as const };
    expect(windows({ ...rota([["Early", "Late"]]), templates: [EARLY, open] })).toEqual([
      "Early 05:00:00-15:00:00",
      "Late 13:00:00-23:00:00",
    ]);
  });

  it("accept, both ends included, binding shifts before open ones", () => {
    const open = { name: "Open", start: "12:00", end: "20:00", kind: "open" as const };
    const plans = plansOf(
      scheduleOf({
        ...rota([["Open", "Early"]]),
        templates: [EARLY, open],
      }),
    );
    const accepting = (time: string): string =>
      plans
        .accepting(at(`2026-01-12T${time}Z`))
        .map(({ name }) => name)
        .join();
    expect(accepting("04:59:59.999")).toBe("");
    expect(accepting("05:00")).toBe("Early");
    expect(accepting("10:59:59.999")).toBe("Early");
    expect(accepting("11:00")).toBe("Early,Open");
    expect(accepting("15:00")).toBe("Early,Open");
    expect(accepting("15:00:00.001")).toBe("Open");
    expect(accepting("21:00")).toBe("Open");
    expect(accepting("21:00:00.001")).toBe("");
  });

  it("accept a night's punches on either side of midnight, in far zones too", () => {
    for (const zone of ["Pacific/Kiritimati", "Pacific/Niue"]) {
      const plans = plansOf(scheduleOf({ ...daily(NIGHT), windows: { startBefore: "12h" } }, zone));
      const [night] = on(plans, "2026-01-12");
      for (const instant of [night!.acceptFrom, night!.startAt, night!.endAt, night!.acceptTo])
        expect(plans.accepting(instant).map(({ planId }) => planId)).toEqual([night!.planId]);
    }
  });
});

describe("a roster", () => {
  const set = scheduleOf(rota(["Early"]));
  const planned = (rosters: RosterFact[], date = "2026-01-13"): string[] =>
    on(plansOf(set, rosters), date).map(shown);
  const early = "Early 2026-01-13T06:00+00:00 2026-01-13T14:00+00:00";

  it.each([
    ["a template", [{ template: "Late" }], ["Late 2026-01-13T14:00+00:00 2026-01-13T22:00+00:00"]],
    ["nothing", [], []],
    [
      "times",
      [{ start: "09:00", end: "12:30" }],
      ["09:00-12:30 2026-01-13T09:00+00:00 2026-01-13T12:30+00:00"],
    ],
    [
      "times over midnight",
      [{ start: "20:00", end: "02:00" }],
      ["20:00-02:00 2026-01-13T20:00+00:00 2026-01-14T02:00+00:00"],
    ],
    [
      "a template with another start",
      [{ template: "Late", start: "12:00" }],
      ["Late 2026-01-13T12:00+00:00 2026-01-13T22:00+00:00"],
    ],
    [
      "a template with another end",
      [{ template: "Late", end: "13:00" }],
      ["Late 2026-01-13T14:00+00:00 2026-01-14T13:00+00:00"],
    ],
    [
      "two shifts",
      [
        { start: "17:00", end: "20:00" },
        { start: "08:00", end: "11:00" },
      ],
      [
        "08:00-11:00 2026-01-13T08:00+00:00 2026-01-13T11:00+00:00",
        "17:00-20:00 2026-01-13T17:00+00:00 2026-01-13T20:00+00:00",
      ],
    ],
  ])("puts %s in the place of the rota", (_, shifts, expected) => {
    expect(planned([roster("2026-01-13", shifts)])).toEqual(expected);
    expect(planned([roster("2026-01-14", shifts)])).toEqual([early]);
  });

  it("decided later holds, whatever the order they came in; of two at once that with the greater id", () => {
    const first = roster("2026-01-13", [], { rosterId: "b", decidedAt: 1 });
    const second = roster("2026-01-13", [{ template: "Late" }], { rosterId: "a", decidedAt: 2 });
    const third = roster("2026-01-13", [{ template: "Night" }], { rosterId: "c", decidedAt: 2 });
    expect(planned([second, first])[0]).toMatch(/^Late/);
    expect(planned([first, second])[0]).toMatch(/^Late/);
    expect(planned([third, second, first])[0]).toMatch(/^Night/);
    expect(planned([first, second, third])[0]).toMatch(/^Night/);
  });

  it("may name another place", () => {
    const [plan] = on(
      plansOf(set, [
        roster("2026-01-13", [{ template: "Late", site: "north", labels: { job: "J1" } }]),
      ]),
      "2026-01-13",
    );
    expect(plan).toMatchObject({ site: "north", labels: { job: "J1" }, isRostered: true });
  });

  it("with other times than its template's makes due what they hold, and keeps the breaks that fit", () => {
    const office = {
      name: "Office",
      start: "08:00",
      end: "17:00",
      paid: "7h 30min",
      breaks: [
        { start: "10:00", length: "15min", kind: "break", isPaid: true },
        { start: "12:30", length: "1h" },
      ],
    } as const;
    const flexible = {
      ...office,
      name: "Flex",
      kind: "flexible",
      paid: "7h",
      core: { start: "09:00", end: "15:00" },
    } as const;
    const rules = scheduleOf({
      templates: [
        { ...office, breaks: [...office.breaks] },
        { ...flexible, breaks: [...office.breaks] },
      ],
    });
    const due = (shift: RosterFact["shifts"][number]) => {
      const [plan] = on(plansOf(rules, [roster("2026-01-13", [shift])]), "2026-01-13");
      return [plan!.seconds / 3600, plan!.breaks.length, plan!.core !== null];
    };
    expect(due({ template: "Office" })).toEqual([7.5, 2, false]);
    expect(due({ template: "Office", start: "08:00", end: "17:00" })).toEqual([7.5, 2, false]);
    expect(due({ template: "Office", end: "18:00" })).toEqual([9, 2, false]);
    expect(due({ template: "Office", end: "13:30" })).toEqual([4.5, 2, false]);
    expect(due({ template: "Office", end: "13:29" })).toEqual([5 + 29 / 60, 1, false]);
    expect(due({ template: "Flex" })).toEqual([7, 2, true]);
    expect(due({ template: "Flex", end: "20:00" })).toEqual([7, 2, true]);
    expect(due({ template: "Flex", end: "14:00" })).toEqual([5, 2, false]);
  });

  it("over times that cross midnight the other way still counts where the template does", () => {
    const rules = scheduleOf({ templates: [{ ...NIGHT, plannedOn: "end" }] });
    const plans = plansOf(rules, [
      roster("2026-01-13", [{ template: "Night" }]),
      roster("2026-01-15", [{ template: "Night", start: "00:30" }]),
    ]);
    expect(on(plans, "2026-01-13").map(shown)).toEqual([
      "Night 2026-01-12T22:00+00:00 2026-01-13T06:00+00:00",
    ]);
    expect(on(plans, "2026-01-15").map(shown)).toEqual([
      "Night 2026-01-15T00:30+00:00 2026-01-15T06:00+00:00",
    ]);
  });

  it("plans for people without any schedule too", () => {
    const plans = plansOf(ruleSet(), [roster("2026-01-13", [{ start: "08:00", end: "16:00" }])]);
    expect(plans.isEmpty).toBe(false);
    expect(on(plans, "2026-01-13")).toHaveLength(1);
    expect(plans.accepting(at("2026-01-13T07:30Z"))).toHaveLength(1);
  });
});

describe("problems of rosters", () => {
  const set = scheduleOf(rota(["Early"]));
  const problems = (...rosters: RosterFact[]): string[] =>
    rosterProblems(factSetOf(rosters), constantRules(set)).map(
      ({ on: date, factIds, detail }) => `${date} ${factIds.join()} ${detail}`,
    );

  it.each([
    [[{ template: "Dusk" }], 'shift 1 is left out: no template is named "Dusk"'],
    [
      [{ template: "Late" }, { start: "8:00", end: "16:00" }],
      'shift 2 is left out: "8:00" is no time a shift can start at',
    ],
    [
      [{ start: "24:00", end: "16:00" }],
      'shift 1 is left out: "24:00" is no time a shift can start at',
    ],
    [[{ start: "08:00", end: "25:00" }], 'shift 1 is left out: "25:00" is no time of day'],
    [[{ start: "08:00" }], "shift 1 is left out: it names neither a template nor both times"],
    [[{}], "shift 1 is left out: it names neither a template nor both times"],
    [
      [{ template: "Late" }, { start: "21:30", end: "23:00" }],
      "21:30-23:00 on 2026-01-13 overlaps Late on 2026-01-13 by 30 min",
    ],
    [
      [{ template: "Late" }, { start: "15:00", end: "16:00" }],
      "15:00-16:00 on 2026-01-13 overlaps Late on 2026-01-13 by 1 h 00 min; 15:00-16:00 on 2026-01-13 is left out",
    ],
    [
      [{ template: "Night", end: "06:01" }],
      "Night on 2026-01-13 overlaps Early on 2026-01-14 by 1 min",
    ],
    [
      [{ start: "20:00", end: "19:00" }],
      "20:00-19:00 on 2026-01-13 overlaps Early on 2026-01-14 by 8 h 00 min; Early on 2026-01-14 is left out",
    ],
  ])("%j", (shifts, detail) => {
    expect(problems(roster("2026-01-13", shifts))).toEqual([`2026-01-13 r-2026-01-13 ${detail}`]);
  });

  it("are of rosters that hold only, by date, each told once", () => {
    const bad = [{ template: "Dusk" }];
    expect(
      problems(
        roster("2026-01-15", [{ start: "23:00", end: "07:00" }]),
        roster("2026-01-16", [{ start: "06:00", end: "14:00" }]),
        roster("2026-01-14", bad),
        roster("2026-01-13", bad, { rosterId: "old", decidedAt: 1 }),
        roster("2026-01-13", [], { rosterId: "new", decidedAt: 2 }),
      ),
    ).toEqual([
      '2026-01-14 r-2026-01-14 shift 1 is left out: no template is named "Dusk"',
      "2026-01-16 r-2026-01-16 06:00-14:00 on 2026-01-16 overlaps 23:00-07:00 on 2026-01-15 by 1 h 00 min",
    ]);
  });

  it("are none if a shift is only offered", () => {
    const both = roster("2026-01-13", [{ template: "Early", end: "15:00" }, { template: "Late" }]);
    const open = { kind: "open" } as const;
    for (const templates of [
      [{ ...EARLY, ...open }, LATE],
      [EARLY, { ...LATE, ...open }],
    ]) {
      const rules = constantRules(scheduleOf({ templates }));
      expect(rosterProblems(factSetOf([both]), rules)).toEqual([]);
    }
  });

  it("there are none without, and good shifts stay", () => {
    expect(problems()).toEqual([]);
    expect(problems(roster("2026-01-13", [{ template: "Early" }]))).toEqual([]);
    const plans = plansOf(set, [
      roster("2026-01-13", [{ template: "Dusk" }, { template: "Late" }]),
    ]);
    expect(pattern(plans, "2026-01-13", 1)).toBe("L");
  });
});

const names = (schedule: ScheduleInput, rosters: RosterFact[] = []): string[] =>
  on(plansOf(scheduleOf(schedule), rosters), "2026-01-13").map(({ name }) => name);

const two = (a: ScheduleInput["templates"], days: string[][]): ScheduleInput => ({
  templates: a,
  rotas: days.map((shifts, index) => ({
    kind: "weekdays",
    name: `R${index}`,
    every: ["tue"],
    shifts,
  })),
});

describe("of two shifts of which one lies within the other", () => {
  const frame = {
    name: "Frame",
    start: "06:00",
    end: "20:00",
    kind: "flexible" as const,
    paid: "8h",
  };

  it("the fixed one stands, else that which starts first", () => {
    expect(names(two([frame, EARLY], [["Frame"], ["Early"]]))).toEqual(["Early"]);
    expect(names(two([{ ...frame, start: "05:00" }, EARLY], [["Frame"], ["Early"]]))).toEqual([
      "Early",
    ]);
    const inner = { name: "Inner", start: "07:00", end: "08:00" };
    expect(names(two([inner, EARLY], [["Inner"], ["Early"]]))).toEqual(["Early"]);
    expect(names(two([inner, EARLY], [["Early"], ["Inner"]]))).toEqual(["Early"]);
    expect(names(two([{ ...inner, end: "14:00:01" }, EARLY], [["Inner"], ["Early"]]))).toEqual([
      "Early",
      "Inner",
    ]);
  });

  it("an open one gives way to none", () => {
    expect(names(two([{ ...frame, kind: "open" }, EARLY], [["Frame"], ["Early"]]))).toEqual([
      "Early",
      "Frame",
    ]);
  });

  it("a roster's stands against the rota's of another day", () => {
    const night = scheduleOf(rota(["Night"]));
    const double = roster("2026-01-14", [{ start: "00:00", end: "05:00" }]);
    expect(on(plansOf(night, [double]), "2026-01-13")).toEqual([]);
    expect(on(plansOf(night, [double]), "2026-01-14")).toHaveLength(1);
  });
});

describe("rules that change", () => {
  it("plan each day by those in force on it", () => {
    const from = dayOfDate("2026-01-14");
    const old = scheduleOf(daily(EARLY));
    const rules: Rules = {
      versions: [
        { from: 0, set: old, groups: [] },
        { from, set: scheduleOf(daily(LATE), "Europe/Berlin"), groups: [] },
        { from: from + 2, set: ruleSet(), groups: [] },
      ],
    };
    const plans = createPlans(factSetOf([]), rules);
    expect(pattern(plans, "2026-01-12", 6)).toBe("EELL--");
    expect(on(plans, "2026-01-14").map(shown)).toEqual([
      "Late 2026-01-14T14:00+01:00 2026-01-14T22:00+01:00",
    ]);
  });

  it("are not taken for the first of them, however often that was asked", () => {
    const first = scheduleOf(daily(EARLY));
    expect(pattern(plansOf(first), "2026-01-12", 3)).toBe("EEE");
    const from = dayOfDate("2026-01-13");
    const versions: Rules["versions"] = [
      { from: 0, set: first, groups: [] },
      { from, set: scheduleOf(daily(LATE)), groups: [] },
    ];
    expect(pattern(createPlans(factSetOf([]), { versions }), "2026-01-12", 3)).toBe("ELL");
  });

  it("names of templates in rosters as well", () => {
    const versions: Rules["versions"] = [
      { from: 0, set: scheduleOf({ templates: [{ ...EARLY, name: "S" }] }), groups: [] },
      {
        from: dayOfDate("2026-01-14"),
        set: scheduleOf({ templates: [{ ...LATE, name: "S" }] }),
        groups: [],
      },
    ];
    const shifts = [{ template: "S" }];
    const plans = createPlans(
      factSetOf([roster("2026-01-13", shifts), roster("2026-01-14", shifts)]),
      { versions },
    );
    expect(on(plans, "2026-01-13")[0]?.startAt).toBe(at("2026-01-13T06:00Z"));
    expect(on(plans, "2026-01-14")[0]?.startAt).toBe(at("2026-01-14T14:00Z"));
  });
});

describe("what it costs", () => {
  it("people who share rules and have no roster share their plans; without rules there is one for all", () => {
    const rules = constantRules(scheduleOf(daily(EARLY)));
    expect(createPlans(factSetOf([]), rules)).toBe(createPlans(factSetOf([]), rules));
    const none = plansOf(ruleSet());
    expect(plansOf(ruleSet({ zone: "Europe/Berlin" }))).toBe(none);
    expect(none.accepting(0)).toBe(none.on(0));
    expect(none.holiday(0)).toBeNull();
    expect(none.freed(0)).toBe(none.on(0));
  });

  it("a roster reaches a few days, results of other days none", () => {
    expect(scheduleReach(ruleSet())).toEqual({ back: 0, ahead: 0 });
    expect(rosterReach(constantRules(ruleSet()))).toBeLessThanOrEqual(6);
  });
});
