import { describe, expect, it } from "vitest";
import {
  altered,
  correction,
  meaningsOf,
  monday,
  ruleSet,
  shiftsOf,
} from "../../../test/support/worktime.ts";
import { dayOfDate } from "../civil-time.ts";
import { factSetOf } from "../facts.ts";
import { createPlans } from "../schedule/plan.ts";
import { groupShifts } from "./shifts.ts";

// New-shift gap of 4 h and longest shift of 16 h are TimeTrex's documented defaults; the rest is our own reasoning.

const problems = (...args: Parameters<typeof shiftsOf>): (string | undefined)[] =>
  shiftsOf(...args).flatMap(({ reads }) => reads.map(({ problem }) => problem?.kind));

describe("a new shift", () => {
  it.each([
    ["after an out, later than the gap", ["06:00", "10:00", "14:00:01"], ["in out", "in"]],
    ["not at the gap", ["06:00", "10:00", "14:00"], ["in out in"]],
    ["after a lunch", ["06:00", "10:00 lunch-start", "14:00:01"], ["in lunch-start", "in"]],
    ["later than the longest shift", ["06:00 in", "22:00:01 out"], ["in", "out"]],
    ["not at the longest shift", ["06:00 in", "22:00 out"], ["in out"]],
    ["later than the longest stretch", ["06:00", "20:00:01"], ["in", "in"]],
    ["not at the longest stretch", ["06:00", "20:00"], ["in out"]],
    ["not by a claimed way out", ["06:00", "20:00:01 out"], ["in out"]],
    ["not by a claimed lunch", ["06:00", "20:00:01 lunch-start"], ["in lunch-start"]],
  ])("begins %s", (_name, texts, expected) => {
    expect(meaningsOf(monday(...texts))).toEqual(expected);
  });

  it("says whether the one before was cut off by a way out that came too late, and where it begins", () => {
    const [first, second] = shiftsOf(monday("06:00 in", "22:00:01 out"));
    expect(first).toMatchObject({ isLast: false, isOverrun: true, nextAt: second?.startAt });
    expect(second).toMatchObject({ isLast: true, isOverrun: false, nextAt: undefined });
  });

  it("has the zone of its first punch and the rules in force on its date there", () => {
    const old = ruleSet({ zone: "Europe/Berlin" });
    const now = ruleSet({ zone: "Asia/Tokyo", shifts: { newShiftGap: "2h" } });
    const rules = {
      versions: [
        { from: 0, set: old, groups: [] },
        { from: dayOfDate("2026-01-13"), set: now, groups: [] },
      ],
    } as const;
    const shift = (text: string, zone: string | null = null) => {
      const facts = factSetOf(altered(monday(text), { zone }));
      return groupShifts(facts.punches, rules, createPlans(facts, rules))[0];
    };
    expect(shift("22:59:59")).toMatchObject({ zone: "Europe/Berlin", rules: old });
    expect(shift("23:00")).toMatchObject({ zone: "Asia/Tokyo", rules: now });
    expect(shift("14:59:59", "Asia/Tokyo")).toMatchObject({ zone: "Asia/Tokyo", rules: old });
    expect(shift("15:00", "Asia/Tokyo")).toMatchObject({ zone: "Asia/Tokyo", rules: now });
    expect(shift("24:00", "Mars/Olympus")).toMatchObject({ zone: "Mars/Olympus", rules: now });
  });

  it("goes by the beginning of the day that the rules set", () => {
    const old = ruleSet({ shifts: { dayStart: "06:00" } });
    const now = ruleSet({ shifts: { dayStart: "06:00", newShiftGap: "2h" } });
    const rules = {
      versions: [
        { from: 0, set: old, groups: [] },
        { from: dayOfDate("2026-01-13"), set: now, groups: [] },
      ],
    } as const;
    const rulesAt = (text: string) => {
      const facts = factSetOf(monday(text));
      return groupShifts(facts.punches, rules, createPlans(facts, rules))[0]?.rules;
    };
    expect(rulesAt("29:59:59")).toBe(old);
    expect(rulesAt("30:00")).toBe(now);
  });
});

describe("repeats", () => {
  it.each([
    ["a like punch too soon", ["08:00", "08:00:59"], ["in repeat"]],
    ["a window later", ["08:00", "08:01"], ["in out"]],
    ["an opposite key", ["08:00 in", "08:00:05 out"], ["in out"]],
    [
      "the same way by another key",
      ["08:00", "12:00 out", "12:00:05 lunch-start"],
      ["in out repeat"],
    ],
    ["counted from the punch that counts", ["08:00", "08:00:40", "08:01:20"], ["in repeat out"]],
    ["a transfer right after the way in", ["08:00 in", "08:00:05 transfer"], ["in transfer"]],
    [
      "a second transfer to the same place",
      ["08:00", "09:00 transfer", "09:00:30 transfer"],
      ["in transfer repeat"],
    ],
  ])("%s", (_name, texts, expected) => {
    expect(meaningsOf(monday(...texts))).toEqual(expected);
  });

  it("are no transfers to different places", () => {
    const [first, ...rest] = monday("08:00", "09:00 transfer", "09:00:30 transfer");
    const jobs = rest.flatMap((fact, index) => altered([fact], { labels: { job: `j${index}` } }));
    expect(meaningsOf([first!, ...jobs])).toEqual(["in transfer transfer"]);
  });

  it("may have to be made at the same reader", () => {
    const [first, second, third] = monday("08:00:00", "08:00:20", "08:00:40");
    const facts = [first!, { ...second!, reader: "gate" }, third!];
    expect(meaningsOf(facts)).toEqual(["in repeat repeat"]);
    expect(meaningsOf(facts, { punches: { repeatReader: "same" } })).toEqual(["in out repeat"]);
    const elsewhere = [first!, { ...second!, site: "plant" }];
    expect(meaningsOf(elsewhere, { punches: { repeatReader: "same" } })).toEqual(["in out"]);
    const twice = monday("08:00:00", "08:00:20");
    expect(meaningsOf(twice, { punches: { repeatReader: "same" } })).toEqual(["in repeat"]);
  });

  it("at the same reader count from the punch there that counts", () => {
    const [a, b, c, d] = monday("08:00:00", "08:00:40", "08:00:50", "08:01:20");
    const facts = [a!, b!, { ...c!, reader: "gate" }, d!];
    expect(meaningsOf(facts, { punches: { repeatReader: "same" } })).toEqual([
      "in repeat break-start break-end",
    ]);
  });

  it("go by keys only if keys are asked", () => {
    const facts = monday("08:00 in", "08:00:30 out");
    expect(meaningsOf(facts, { punches: { detect: [] } })).toEqual(["in repeat"]);
  });

  it("are as far apart as the window says, to the second", () => {
    const facts = monday("08:00", "08:04:59", "08:05");
    expect(meaningsOf(facts, { punches: { repeatWindow: "5min" } })).toEqual(["in repeat out"]);
  });

  it("are never what a person decided", () => {
    const at = Date.parse("2026-01-12T08:00:10Z");
    const added = correction("c", { do: "add", at, meaning: "in", site: "hq", zone: null });
    const facts = [...monday("08:00 in"), added];
    expect(meaningsOf(facts)).toEqual(["in in"]);
  });
});

describe("two of a kind in a row", () => {
  const ins = monday("08:00 in", "09:00 in", "17:00 out");
  const outs = monday("08:00 in", "16:00 out", "17:00 out");

  it("both count unless the rules say otherwise", () => {
    expect(meaningsOf(ins)).toEqual(["in in out"]);
    expect(problems(ins)[1]).toBe("missing-out");
    expect(meaningsOf(outs)).toEqual(["in out out"]);
    expect(problems(outs)[2]).toBe("missing-in");
  });

  it.each([
    ["doubleIn", "first", "in repeat out"],
    ["doubleIn", "last", "repeat in out"],
    ["doubleOut", "first", "in out repeat"],
    ["doubleOut", "last", "in repeat out"],
  ] as const)("%s %s keeps one, and says that it happened", (rule, which, expected) => {
    const facts = rule === "doubleIn" ? ins : outs;
    const rules = { punches: { [rule]: which } };
    expect(meaningsOf(facts, rules)).toEqual([expected]);
    const surplus = shiftsOf(facts, rules)[0]?.reads.find(({ meaning }) => meaning === "repeat");
    const kind = rule === "doubleIn" ? "in" : "out";
    expect(surplus?.problem).toEqual({
      kind: "repeat",
      detail: `two ${kind} punches in a row; the ${which} counts`,
    });
    expect(problems(facts, rules).filter((problem) => problem !== undefined)).toEqual(["repeat"]);
  });

  it("leave the other kind alone", () => {
    expect(meaningsOf(ins, { punches: { doubleOut: "first" } })).toEqual(["in in out"]);
    expect(meaningsOf(outs, { punches: { doubleIn: "last" } })).toEqual(["in out out"]);
  });

  it("never drop what a person decided", () => {
    const first = correction("c", { do: "change", punchId: "08:00 in", meaning: "in" });
    const second = correction("c", { do: "change", punchId: "09:00 in", meaning: "in" });
    expect(meaningsOf([...ins, second], { punches: { doubleIn: "first" } })).toEqual(["in in out"]);
    expect(meaningsOf([...ins, first], { punches: { doubleIn: "first" } })).toEqual([
      "in repeat out",
    ]);
    expect(meaningsOf([...ins, first], { punches: { doubleIn: "last" } })).toEqual(["in in out"]);
    expect(meaningsOf([...ins, second], { punches: { doubleIn: "last" } })).toEqual([
      "repeat in out",
    ]);
  });

  it("may be three", () => {
    const three = monday("08:00 in", "15:00 out", "16:00 out", "17:00 out");
    expect(meaningsOf(three, { punches: { doubleOut: "last" } })).toEqual(["in repeat repeat out"]);
    expect(meaningsOf(three, { punches: { doubleOut: "first" } })).toEqual([
      "in out repeat repeat",
    ]);
  });

  it("keep what else is missing", () => {
    const rules = { punches: { doubleOut: "last" } } as const;
    expect(problems(monday("16:00 out", "17:00 out"), rules)).toEqual(["repeat", "missing-in"]);
  });

  it("are not a return from a break and a way in", () => {
    const facts = monday("08:00 in", "12:00 break-start", "12:30 break-end", "13:00 in");
    expect(problems(facts, { punches: { doubleIn: "first" } })[3]).toBe("missing-out");
  });
});

const rota = (...shifts: string[]) => [
  { name: "r", kind: "weekdays" as const, every: ["mon" as const], shifts },
];

describe("planned shifts", () => {
  const relief = {
    schedule: {
      templates: [
        { name: "Early", start: "06:00", end: "14:00" },
        { name: "Late", start: "14:00", end: "22:00" },
      ],
      rotas: rota("Early", "Late"),
    },
  };

  it("begin without a gap once somebody is out", () => {
    const facts = monday("06:00", "13:58", "14:02", "22:00");
    expect(meaningsOf(facts, relief)).toEqual(["in out", "in out"]);
    expect(shiftsOf(facts, relief).map(({ plan }) => plan?.name)).toEqual(["Early", "Late"]);
    const off = { ...relief, shifts: { startsByPlan: false } };
    expect(meaningsOf(facts, off)).toEqual(["in break-start break-end out"]);
  });

  it("begin with a claimed way in, and leave the way out before it missing", () => {
    const facts = monday("06:00 in", "14:02 in", "22:00 out");
    expect(meaningsOf(facts, relief)).toEqual(["in", "in out"]);
  });

  it("do not begin with a claimed way out, nor with a late way out of who is in", () => {
    expect(meaningsOf(monday("06:00", "14:40 out"), relief)).toEqual(["in out"]);
    expect(meaningsOf(monday("06:00", "14:30"), relief)).toEqual(["in out"]);
    expect(meaningsOf(monday("06:00", "14:30:01"), relief)).toEqual(["in", "in"]);
    const patient = { ...relief, shifts: { overstay: "1h" as const } };
    expect(meaningsOf(monday("06:00", "15:00"), patient)).toEqual(["in out"]);
    expect(meaningsOf(monday("06:00", "15:00:01"), patient)).toEqual(["in", "in"]);
  });

  it("keep a lunch that was never ended in one shift however long it was, but no way out", () => {
    const rules = { schedule: { ...relief.schedule, rotas: rota("Early") } };
    const lunch = monday("06:00 in", "09:00 lunch-start", "14:00 out");
    expect(meaningsOf(lunch, rules)).toEqual(["in lunch-start out"]);
    expect(meaningsOf(lunch)).toEqual(["in lunch-start", "out"]);
    const away = monday("06:00 in", "09:00 out", "14:00 in");
    expect(meaningsOf(away, rules)).toEqual(["in out", "in"]);
  });

  it("do not cut a shift that nobody planned while its person is in", () => {
    const late = { schedule: { ...relief.schedule, rotas: rota("Late") } };
    expect(meaningsOf(monday("05:00", "13:30"), late)).toEqual(["in out"]);
    expect(meaningsOf(monday("05:00", "12:00", "13:30"), late)).toEqual(["in out", "in"]);
  });

  const split = {
    schedule: {
      templates: [
        { name: "Lunch service", start: "11:00", end: "14:00" },
        { name: "Dinner service", start: "19:00", end: "23:00" },
      ],
      rotas: rota("Lunch service", "Dinner service"),
    },
  };
  const both = monday("11:00", "14:00", "19:00", "23:00");

  it("of one day are shifts of their own, or one split shift", () => {
    expect(meaningsOf(both, split)).toEqual(["in out", "in out"]);
    expect(meaningsOf(both, { ...split, shifts: { splitShifts: "join" } })).toEqual([
      "in out in out",
    ]);
  });

  it("of two days are not joined", () => {
    const templates = [
      { name: "Evening", start: "18:00", end: "20:00" },
      { name: "Early", start: "03:00", end: "07:00" },
    ];
    const rotas = [
      ...rota("Evening"),
      { name: "tue", kind: "weekdays" as const, every: ["tue" as const], shifts: ["Early"] },
    ];
    const join = { schedule: { templates, rotas }, shifts: { splitShifts: "join" as const } };
    expect(meaningsOf(monday("18:00", "20:00", "27:00", "31:00"), join)).toEqual([
      "in out",
      "in out",
    ]);
  });

  it("joined are read by the part that a punch is made in", () => {
    const join = {
      ...split,
      shifts: { splitShifts: "join" as const },
      punches: { detect: ["schedule" as const] },
    };
    const [shift] = shiftsOf(both, join);
    expect(shift?.reads.map(({ reason }) => reason).slice(1)).toEqual([
      "at the planned end",
      "at the planned start",
      "at the planned end",
    ]);
  });

  it("are not joined over a way out that is missing, nor beyond the longest shift", () => {
    const forgot = monday("11:00", "19:00", "23:00");
    const join = { ...split, shifts: { splitShifts: "join" as const } };
    expect(meaningsOf(forgot, join)).toEqual(["in", "in out"]);
    expect(meaningsOf(monday("11:00 in", "19:00 in", "23:00 out"), join)).toEqual(["in in out"]);
    const short = {
      ...split,
      shifts: { splitShifts: "join" as const, maxShift: "8h" as const, maxStretch: "8h" as const },
    };
    expect(meaningsOf(monday("11:00", "14:00", "19:00:00"), short)).toEqual(["in out in"]);
    expect(meaningsOf(monday("11:00", "14:00", "19:00:01"), short)).toEqual(["in out", "in"]);
  });
});
