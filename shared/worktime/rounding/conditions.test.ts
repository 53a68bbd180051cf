import { describe, expect, it } from "vitest";
import { countedTimes, countsOf, plannedShift } from "../../../test/support/rounding.ts";

// 2026-01-12 is a Monday; the office is in Berlin unless said otherwise.

const quarter = { name: "Quarter", types: ["in", "out"] };
const office = plannedShift("08:00-17:00", ["12:00-12:30 lunch", "15:00-15:15 break"]);

/** What one in counts at. */
const inAt = (time: string, rule: object, plan = office): string =>
  countedTimes({ reads: [`${time} in`], plan }, [{ ...quarter, ...rule }])[0] ?? "";

/** What the out of a shift that began at 08:00 counts at. */
const outAt = (time: string, rule: object, plan = office): string =>
  countedTimes({ reads: ["08:00 in", `${time} out`], plan }, [
    { ...quarter, types: ["out"], ...rule },
  ])[1] ?? "";

describe("anchor", () => {
  const late = plannedShift("08:07-16:37");
  // UKG rounding rules: anchor point midnight, schedule start or schedule end.
  it.each([
    ["midnight", "08:20", "08:15:00"],
    ["scheduled-start", "08:20", "08:22:00"],
    ["scheduled-start", "08:14:30", "08:07:00"],
    ["scheduled-start", "08:14:31", "08:22:00"],
    ["scheduled-start", "07:50", "07:52:00"],
    ["scheduled-time", "08:20", "08:22:00"],
    ["scheduled-end", "08:20", "08:22:00"],
  ])("%s: %s counts as %s", (anchor, at, counts) => {
    expect(inAt(at, { anchor }, late)).toBe(counts);
  });

  it("is the out's own time where that is asked for", () => {
    expect(outAt("16:50", { anchor: "scheduled-time", interval: "1h" }, late)).toBe("16:37:00");
    expect(outAt("16:50", { anchor: "scheduled-start", interval: "1h" }, late)).toBe("17:07:00");
    expect(outAt("16:00", { anchor: "scheduled-end", interval: "1h", mode: "up" }, late)).toBe(
      "16:37:00",
    );
  });

  it("applies to nobody without such a time: the next rule decides", () => {
    const rules = [
      { ...quarter, anchor: "scheduled-start" },
      { ...quarter, name: "Rest", interval: "1h" },
    ];
    const flexible = plannedShift("08:07-16:37", [], { kind: "flexible" });
    expect(countedTimes({ reads: ["08:20 in"] }, rules)).toEqual(["08:00:00"]);
    expect(countedTimes({ reads: ["08:20 in"], plan: flexible }, rules)).toEqual(["08:00:00"]);
    expect(countedTimes({ reads: ["08:20 in"], plan: late }, rules)).toEqual(["08:22:00"]);
  });

  // A dock: late over 10 min costs 20 (Sundial's "fallback trim", Acroprint's "dock").
  it.each([
    ["08:10:00", "08:00:00"],
    ["08:10:01", "08:20:00"],
    ["08:20:00", "08:20:00"],
    ["08:30:01", "08:40:00"],
  ])("makes a dock of %s", (at, counts) => {
    const dock = {
      mode: "up",
      interval: "20min",
      grace: "10min",
      anchor: "scheduled-time",
      when: "late",
    };
    expect(inAt(at, dock)).toBe(counts);
  });
});

describe("tolerance", () => {
  it.each([
    ["07:54:59", "07:45:00"],
    ["07:55:00", "08:00:00"],
    ["08:05:00", "08:00:00"],
    ["08:05:01", "08:15:00"],
  ])("of 5 min puts %s at %s", (at, counts) => {
    const mode = at < "08" ? "down" : "up";
    expect(inAt(at, { mode, tolerance: "5min" })).toBe(counts);
  });

  it("is apart from grace: it looks at the schedule, not at the grid, and stays without it", () => {
    expect(inAt("08:21", { mode: "up", tolerance: "6min" })).toBe("08:30:00");
    expect(inAt("08:21", { mode: "up", grace: "6min" })).toBe("08:15:00");
    expect(
      countedTimes({ reads: ["08:05 in"] }, [{ ...quarter, mode: "up", tolerance: "5min" }]),
    ).toEqual(["08:15:00"]);
    expect(outAt("16:56", { mode: "none", tolerance: "5min" })).toBe("17:00:00");
    expect(outAt("16:54", { mode: "none", tolerance: "5min" })).toBe("16:54:00");
  });
});

describe("strict", () => {
  // 29 CFR 785.48(a): early or late punching of who does not work then may be disregarded.
  it.each([
    ["07:59:59", "08:00:00"],
    ["07:20:00", "08:00:00"],
    ["08:00:00", "08:00:00"],
    ["08:00:01", "08:00:01"],
  ])("arriving at %s counts as %s", (at, counts) => {
    expect(inAt(at, { mode: "none", strict: true })).toBe(counts);
  });

  it.each([
    ["17:00:01", "17:00:00"],
    ["18:40:00", "17:00:00"],
    ["17:00:00", "17:00:00"],
    ["16:59:59", "16:59:59"],
  ])("leaving at %s counts as %s", (at, counts) => {
    expect(outAt(at, { mode: "none", strict: true })).toBe(counts);
  });

  it("holds for what rounding makes of a time as well", () => {
    const odd = plannedShift("08:05-16:55");
    expect(inAt("08:06", { mode: "down", strict: true }, odd)).toBe("08:05:00");
    expect(outAt("16:54", { mode: "up", strict: true }, odd)).toBe("16:55:00");
  });

  it("gives nobody time: a second stay after the end earns nothing", () => {
    const reads = ["08:00 in", "17:00 out", "18:00 in", "20:00 out"];
    const rule = { ...quarter, mode: "none", strict: true };
    expect(countedTimes({ reads, plan: office }, [rule])).toEqual([
      "08:00:00",
      "17:00:00",
      "18:00:00",
      "18:00:00",
    ]);
  });

  it("has no effect without a plan, and holds within the frame of a flexible shift", () => {
    const rule = { ...quarter, mode: "none", strict: true };
    expect(countedTimes({ reads: ["07:20 in"] }, [rule])).toEqual(["07:20:00"]);
    const plan = plannedShift("08:00-17:00", [], { kind: "flexible" });
    expect(countedTimes({ reads: ["07:20 in"], plan }, [rule])).toEqual(["08:00:00"]);
  });

  it("leaves transfers alone", () => {
    const rule = { ...quarter, types: ["transfer"], mode: "none", strict: true };
    expect(
      countedTimes({ reads: ["07:20 transfer"], plan: office }, [{ ...rule, types: ["transfer"] }]),
    ).toEqual(["07:20:00"]);
  });
});

describe("when", () => {
  // UKG's punch round rules have a round of their own for early in, late in, early out and late out.
  const sides = [
    {
      ...quarter,
      name: "In early",
      types: ["in"],
      when: "early",
      mode: "up",
    },
    {
      ...quarter,
      name: "In late",
      types: ["in"],
      when: "late",
      mode: "down",
    },
    {
      ...quarter,
      name: "Out early",
      types: ["out"],
      when: "early",
      mode: "up",
    },
    {
      ...quarter,
      name: "Out late",
      types: ["out"],
      when: "late",
      mode: "down",
    },
  ];
  const odd = plannedShift("08:05-16:55");
  it.each([
    [
      ["08:04:59 in", "16:54:59 out"],
      ["08:15:00", "17:00:00"],
      ["In early", "Out early"],
    ],
    [
      ["08:05:00 in", "16:55:00 out"],
      ["08:05:00", "16:55:00"],
      [undefined, undefined],
    ],
    [
      ["08:05:01 in", "16:55:01 out"],
      ["08:00:00", "16:45:00"],
      ["In late", "Out late"],
    ],
  ])("%j count as %j", (reads, times, rules) => {
    const counted = countsOf({ reads, plan: odd }, sides);
    expect(countedTimes({ reads, plan: odd }, sides)).toEqual(times);
    expect(counted.map(({ rounding }) => rounding?.policy)).toEqual(rules);
  });

  it("knows the time of the first in and the last out only", () => {
    const reads = ["08:05:01 in", "12:00:01 out", "13:00:01 in", "16:55:01 out"];
    const policies = countsOf({ reads, plan: odd }, sides).map(({ rounding }) => rounding?.policy);
    expect(policies).toEqual(["In late", undefined, undefined, "Out late"]);
    const open = ["08:05:01 in", "12:00:01 out", "13:00:01 in"];
    expect(countsOf({ reads: open, plan: odd }, sides)[1]?.rounding).toBeUndefined();
    const without = ["08:05:01 out", "13:00:01 in"];
    expect(countsOf({ reads: without, plan: odd }, sides)[1]?.rounding).toBeUndefined();
  });

  it("needs a plan, and one with fixed times", () => {
    expect(countsOf({ reads: ["08:06 in"] }, sides)[0]?.rounding).toBeUndefined();
    const plan = plannedShift("08:05-16:55", [], { kind: "flexible" });
    expect(countsOf({ reads: ["08:06 in"], plan }, sides)[0]?.rounding).toBeUndefined();
  });
});

describe("near", () => {
  // TimeForce, shift rounding: an in zone of 10 min before and 5 min after the scheduled start; 1:54 counts as 2 o'clock.
  const zone = { mode: "snap", near: { before: "10min", after: "5min" } };
  it.each([
    ["07:49:59", "07:49:59"],
    ["07:50:00", "08:00:00"],
    ["07:54:00", "08:00:00"],
    ["08:05:00", "08:00:00"],
    ["08:05:01", "08:05:01"],
  ])("%s counts as %s", (at, counts) => {
    expect(inAt(at, zone)).toBe(counts);
  });

  it("with rules after it makes change points inside and outside a distance from the schedule", () => {
    const rules = [
      { ...quarter, name: "Inside", interval: "5min", near: { before: "15min", after: "15min" } },
      { ...quarter, name: "Outside", interval: "30min" },
    ];
    const at = (time: string): string =>
      countedTimes({ reads: [`${time} in`], plan: office }, rules)[0] ?? "";
    expect(["07:44:59", "07:45:00", "08:15:00", "08:15:01"].map(at)).toEqual([
      "07:30:00",
      "07:45:00",
      "08:15:00",
      "08:30:00",
    ]);
  });

  it("measures lunch and break punches from the nearest planned ones", () => {
    const plan = plannedShift("08:00-17:00", [
      "10:00-10:15 break",
      "12:00-12:30 lunch",
      "15:00-15:15 break",
    ]);
    const types = ["lunch-start", "lunch-end", "break-start", "break-end"];
    const rule = {
      name: "Rests",
      types: [...types],
      mode: "snap",
      near: { before: "5min", after: "5min" },
    };
    const reads = ["09:56 break-start", "10:20 break-end", "12:04 lunch-start", "12:25 lunch-end"];
    expect(countedTimes({ reads, plan }, [rule])).toEqual([
      "10:00:00",
      "10:15:00",
      "12:00:00",
      "12:30:00",
    ]);
    expect(countedTimes({ reads: ["15:05 break-start", "15:21 break-end"], plan }, [rule])).toEqual(
      ["15:00:00", "15:21:00"],
    );
    const bare = plannedShift("08:00-17:00");
    expect(countedTimes({ reads: ["12:04 lunch-start"], plan: bare }, [rule])).toEqual([
      "12:04:00",
    ]);
  });

  it("does not take a lunch for a break that is nearer", () => {
    const plan = plannedShift("08:00-17:00", ["12:00-12:30 lunch", "12:10-12:20 break"]);
    const near = { before: "10min", after: "10min" };
    const rule = { name: "Rests", types: ["lunch-start", "break-start"], mode: "snap", near };
    expect(countedTimes({ reads: ["12:08 lunch-start"], plan }, [rule])).toEqual(["12:00:00"]);
    expect(countedTimes({ reads: ["12:02 break-start"], plan }, [rule])).toEqual(["12:10:00"]);
  });

  // HR Daily Advisor 2007: in up to 10 min early for an 8 o'clock shift counts as 8; so does 5 o'clock for a couple of minutes.
  it("agrees with a worked example", () => {
    expect(inAt("07:50", zone)).toBe("08:00:00");
    expect(outAt("16:58", { mode: "snap", near: { before: "2min", after: "2min" } })).toBe(
      "17:00:00",
    );
    expect(outAt("17:02", { mode: "snap", near: { before: "2min", after: "2min" } })).toBe(
      "17:00:00",
    );
    expect(outAt("17:02:01", { mode: "snap", near: { before: "2min", after: "2min" } })).toBe(
      "17:02:01",
    );
  });
});

describe("near a time of day", () => {
  // TimeForce, range rounding: any punch from 7:45 to 8:15 counts as 8:00.
  const range = { mode: "snap", nearTime: { time: "08:00", before: "15min", after: "15min" } };
  it.each([
    ["07:44:59", "07:44:59"],
    ["07:45:00", "08:00:00"],
    ["08:15:00", "08:00:00"],
    ["08:15:01", "08:15:01"],
  ])("%s counts as %s", (at, counts) => {
    expect(countedTimes({ reads: [`${at} in`] }, [{ ...quarter, ...range }])).toEqual([counts]);
  });

  it("reaches over midnight", () => {
    const nearTime = { time: "00:00", before: "10min", after: "10min" };
    const rule = { ...quarter, mode: "snap", nearTime };
    expect(countedTimes({ reads: ["23:55 in"] }, [rule])).toEqual(["00:00:00"]);
    expect(countedTimes({ reads: ["00:05 in"] }, [rule])).toEqual(["00:00:00"]);
    const late = { ...rule, nearTime: { ...nearTime, time: "23:55" } };
    expect(countedTimes({ reads: ["00:05 in"] }, [late])).toEqual(["23:55:00"]);
  });

  it("may only choose the rule, and leave the rounding to a grid", () => {
    const rule = { ...quarter, nearTime: { time: "08:00", after: "1h" }, mode: "up" };
    expect(countedTimes({ reads: ["08:31 in"] }, [rule])).toEqual(["08:45:00"]);
    expect(countedTimes({ reads: ["09:01 in"] }, [rule])).toEqual(["09:01:00"]);
  });
});

describe("between", () => {
  const rules = [
    { ...quarter, name: "Day", between: { from: "06:00", to: "18:00" }, interval: "5min" },
    { ...quarter, name: "Night", between: { from: "18:00", to: "06:00" }, interval: "30min" },
  ];
  it.each([
    ["05:59:59", "Night"],
    ["06:00:00", "Day"],
    ["17:59:59", "Day"],
    ["18:00:00", "Night"],
    ["23:59:59", "Night"],
    ["00:00:00", "Night"],
  ])("the rule at %s is %s", (at, policy) => {
    expect(countsOf({ reads: [`${at} in`] }, rules)[0]?.rounding?.policy).toBe(policy);
  });

  it("may end at midnight", () => {
    const evening = [{ ...quarter, between: { from: "18:00", to: "24:00" } }];
    expect(countsOf({ reads: ["23:59:59 in"] }, evening)[0]?.rounding).toBeDefined();
    expect(countsOf({ reads: ["00:00:00 in"] }, evening)[0]?.rounding).toBeUndefined();
  });
});

describe("other conditions", () => {
  it("weekdays are those of the wall clock", () => {
    const rule = { ...quarter, weekdays: ["mon"] };
    expect(countedTimes({ reads: ["08:10 in"] }, [rule])).toEqual(["08:15:00"]);
    expect(countedTimes({ reads: ["2026-01-13T08:10+01:00 in"] }, [rule])).toEqual(["08:10:00"]);
    // half past midnight on Tuesday there is still Monday in UTC
    expect(countedTimes({ reads: ["2026-01-13T00:10+01:00 in"] }, [rule])).toEqual(["00:10:00"]);
  });

  it("longerThan looks at the whole shift as punched", () => {
    const rule = { ...quarter, types: ["out"], longerThan: "8h" };
    expect(countedTimes({ reads: ["08:00 in", "16:00:00 out"] }, [rule])[1]).toBe("16:00:00");
    expect(countedTimes({ reads: ["08:02 in", "16:02:00 out"] }, [rule])[1]).toBe("16:02:00");
    expect(countedTimes({ reads: ["08:02 in", "16:02:01 out"] }, [rule])[1]).toBe("16:00:00");
    expect(countedTimes({ reads: ["08:02 in", "16:02 out", "16:30 repeat"] }, [rule])[1]).toBe(
      "16:02:00",
    );
  });

  it("the first rule that fits decides, by type of punch", () => {
    const rules = [
      {
        name: "Exempt",
        types: ["lunch-start", "lunch-end"],
        mode: "none",
      },
      { name: "In", types: ["in"], mode: "up" },
      {
        name: "All",
        types: ["in", "out", "lunch-end", "transfer"],
      },
    ];
    const reads = [
      "08:01 in",
      "10:07:31 transfer",
      "12:01 lunch-start",
      "12:29 lunch-end",
      "17:01 out",
    ];
    expect(countedTimes({ reads }, rules)).toEqual([
      "08:15:00",
      "10:15:00",
      "12:01:00",
      "12:29:00",
      "17:00:00",
    ]);
    expect(countsOf({ reads }, rules).map(({ rounding }) => rounding?.policy)).toEqual([
      "In",
      "All",
      "Exempt",
      "Exempt",
      "All",
    ]);
  });

  // Shoptech's auto and shift rounding examples: shift 06:00-14:30, to the schedule within 15 min early or 5 min late, else
  // 15 min for ins and 10 min for outs. It measures the window from the time on the grid, we from the punch: hence 22 min
  // (05:38 is 05:45 on the grid) and a second less than 15 min (14:45 is 14:50).
  it.for([
    ["05:35", "14:22", "05:30:00", "14:20:00"],
    ["05:40", "14:27", "06:00:00", "14:30:00"],
    ["06:05", "14:38", "06:00:00", "14:30:00"],
    ["06:08", "14:45", "06:15:00", "14:50:00"],
  ])("a manual's table: %s and %s count as %s and %s", ([from, to, start, end]) => {
    const plan = plannedShift("06:00-14:30");
    const early = { before: "22min", after: "5min" };
    const late = { before: "5min", after: "14min 59s" };
    const rules = [
      { name: "In near", types: ["in"], mode: "snap", near: early },
      { name: "Out near", types: ["out"], mode: "snap", near: late },
      { name: "In", types: ["in"], wholeMinutes: true },
      { name: "Out", types: ["out"], mode: "half-up", interval: "10min" },
    ];
    expect(countedTimes({ reads: [`${from} in`, `${to} out`], plan }, rules)).toEqual([start, end]);
  });
});
