import { describe, expect, it } from "vitest";
import {
  clockTime,
  countedTimes,
  countsOf,
  plannedShift,
  roundingShift,
} from "../../../test/support/rounding.ts";
import { countPunches } from "./rounding.ts";

// 2026-01-12 is a Monday; the office is in Berlin unless said otherwise.

const quarter = { name: "Quarter", types: ["in", "out"] };
const office = plannedShift("08:00-17:00", ["12:00-12:30 lunch", "15:00-15:15 break"]);

/** What one in counts at. */
const inAt = (time: string, rule: object, plan = office): string =>
  countedTimes({ reads: [`${time} in`], plan }, [{ ...quarter, ...rule }])[0] ?? "";

describe("modes", () => {
  // Own reasoning from facts on the peers' modes: floor, ceil, closest (Kimai), down, average, up (TimeTrex).
  it.each([
    ["down", "08:00:00", "08:00:00"],
    ["down", "08:00:01", "08:00:00"],
    ["down", "08:14:59", "08:00:00"],
    ["down", "08:15:00", "08:15:00"],
    ["up", "07:59:59", "08:00:00"],
    ["up", "08:00:00", "08:00:00"],
    ["up", "08:00:01", "08:15:00"],
    ["up", "08:15:01", "08:30:00"],
    ["nearest", "08:07:29", "08:00:00"],
    ["nearest", "08:07:30", "08:00:00"],
    ["nearest", "08:07:31", "08:15:00"],
    ["half-up", "08:07:29", "08:00:00"],
    ["half-up", "08:07:30", "08:15:00"],
    ["half-up", "08:07:31", "08:15:00"],
    ["none", "08:07:31", "08:07:31"],
  ])("%s takes %s to %s", (mode, at, counts) => {
    expect(inAt(at, { mode })).toBe(counts);
  });

  it("are nearest to a quarter hour unless said otherwise, and count whole seconds", () => {
    expect(inAt("08:10", {})).toBe("08:15:00");
    const ms = clockTime("08:07:30") + 999;
    const reads = [`${new Date(ms).toISOString()} in`];
    expect(countedTimes({ reads }, [quarter])).toEqual(["08:00:00"]);
    expect(countsOf({ reads }, [])).toMatchObject([{ countsAt: ms - 999 }]);
  });

  // workforcetna.aussietimesheets.com.au, daily rules, rounding: 07:03 up, 07:14 down, 07:06 at mid-point.
  it.each([
    ["up", "07:03", "07:15:00"],
    ["down", "07:14", "07:00:00"],
    ["nearest", "07:06", "07:00:00"],
  ])("agree with a vendor's manual: %s", (mode, at, counts) => {
    expect(inAt(at, { mode })).toBe(counts);
  });

  it.each([
    ["6min", "08:08:59", "08:06:00"],
    ["6min", "08:09:01", "08:12:00"],
    ["5min", "08:02:31", "08:05:00"],
    ["1h", "08:30:01", "09:00:00"],
    ["90s", "08:02:20", "08:03:00"],
    ["1s", "08:02:20", "08:02:20"],
  ])("keep the interval of %s", (interval, at, counts) => {
    expect(inAt(at, { interval })).toBe(counts);
  });
});

describe("whole minutes", () => {
  // A city's and a university's Kronos leaflets (15/7): 7:53 to 8:07 is 8:00, 8:08 to 8:22 is 8:15; minutes, not seconds.
  it.each([
    ["07:52:59", "07:45:00"],
    ["07:53:00", "08:00:00"],
    ["08:07:59", "08:00:00"],
    ["08:08:00", "08:15:00"],
    ["08:22:59", "08:15:00"],
    ["08:23:00", "08:30:00"],
  ])("at %s count as %s", (at, counts) => {
    expect(inAt(at, { wholeMinutes: true })).toBe(counts);
    expect(inAt(at, { wholeMinutes: true, mode: "half-up" })).toBe(counts);
  });

  it("alone drop the seconds, also before grace and tolerance look", () => {
    expect(inAt("08:07:59", { mode: "none", wholeMinutes: true })).toBe("08:07:00");
    expect(inAt("08:05:59", { mode: "up", grace: "5min", wholeMinutes: true })).toBe("08:00:00");
    expect(inAt("08:05:59", { mode: "up", tolerance: "5min", wholeMinutes: true })).toBe(
      "08:00:00",
    );
    expect(inAt("08:05:59", { mode: "up", tolerance: "5min" })).toBe("08:15:00");
  });
});

describe("grace", () => {
  // UKG's help on round rules: at or under the grace it goes to the mark before, over it to the next one.
  it.each([
    ["up", "08:05:00", "08:00:00"],
    ["up", "08:05:01", "08:15:00"],
    ["up", "08:20:00", "08:15:00"],
    ["down", "08:09:59", "08:00:00"],
    ["down", "08:10:00", "08:15:00"],
    ["down", "07:54:59", "07:45:00"],
  ])("of 5 min with %s takes %s to %s", (mode, at, counts) => {
    expect(inAt(at, { mode, grace: "5min" })).toBe(counts);
  });

  // Freshdesk note of CB Systems, "7/15" and "10/15": blocks of 15 with another turning point, as grace gives it.
  it.each([
    ["7min", "08:08", "08:15:00"],
    ["10min", "08:08", "08:00:00"],
    ["10min", "17:21", "17:15:00"],
    ["5min", "17:21", "17:30:00"],
  ])("of %s moves the turning point of %s to %s", (grace, at, counts) => {
    expect(inAt(at, { mode: "up", grace })).toBe(counts);
  });
});

describe("order", () => {
  const away = [
    { name: "In up", types: ["in"], mode: "up" },
    { name: "Out down", types: ["out"], mode: "down" },
  ];
  it("an out that rounding would put before its in counts with the in", () => {
    const [, out] = countsOf({ reads: ["08:01 in", "08:10 out"] }, away);
    expect(countedTimes({ reads: ["08:01 in", "08:10 out"] }, away)).toEqual([
      "08:15:00",
      "08:15:00",
    ]);
    expect(out?.rounding).toEqual({
      policy: "Out down",
      detail: "08:10 counts as 08:15: not before the punch before it, rule 'Out down'",
    });
  });

  it("pushes punches that no rule rounds, and says by which rule", () => {
    const reads = ["08:01 in", "08:05 lunch-start", "08:40 lunch-end"];
    const [, lunch, back] = countsOf({ reads }, away);
    expect(countedTimes({ reads }, away)).toEqual(["08:15:00", "08:15:00", "08:40:00"]);
    expect(lunch?.rounding?.policy).toBe("In up");
    expect(back?.rounding).toBeUndefined();
  });

  it("punches that count for nothing push none and stay between their neighbours", () => {
    const down = [
      {
        name: "Down",
        types: ["in", "out"],
        mode: "down",
        interval: "30min",
      },
    ];
    const reads = ["08:01 in", "08:05 repeat", "08:10 between", "08:20 out", "08:21 repeat"];
    expect(countedTimes({ reads }, down)).toEqual([
      "08:00:00",
      "08:00:00",
      "08:00:00",
      "08:00:00",
      "08:21:00",
    ]);
    expect(countedTimes({ reads }, [{ ...down[0]!, mode: "up" }])).toEqual([
      "08:30:00",
      "08:30:00",
      "08:30:00",
      "08:30:00",
      "08:30:00",
    ]);
    expect(countedTimes({ reads: ["08:00:01 repeat", "08:01 in"] }, down)).toEqual([
      "08:00:00",
      "08:00:00",
    ]);
  });
});

describe("what a counted punch says", () => {
  it.each([
    [
      { mode: "up", grace: "5min" },
      "08:06:30",
      "08:06:30 counts as 08:15: up to 15 min, grace 5 min, rule 'Quarter'",
    ],
    [{ mode: "down" }, "08:06", "08:06 counts as 08:00: down to 15 min, rule 'Quarter'"],
    [{}, "08:00", "08:00 counts as 08:00: nearest 15 min, rule 'Quarter'"],
    [
      { tolerance: "5min" },
      "08:04",
      "08:04 counts as 08:00: on schedule, being within 5 min of it, rule 'Quarter'",
    ],
    [
      { strict: true },
      "07:02",
      "07:02 counts as 08:00: nothing counts before the planned start, rule 'Quarter'",
    ],
    [
      { mode: "snap", near: { after: "5min" } },
      "08:04",
      "08:04 counts as 08:00: its scheduled time is near, rule 'Quarter'",
    ],
  ])("%j: at %s", (rule, at, detail) => {
    const [read] = countsOf({ reads: [`${at} in`], plan: office }, [{ ...quarter, ...rule }]);
    expect(read?.rounding).toEqual({ policy: "Quarter", detail });
  });

  it("keeps the punch as it was, and everything read from it", () => {
    const shift = roundingShift({ reads: ["08:06 in", "08:07 out"] }, [quarter]);
    const before = structuredClone(shift.reads);
    const counted = countPunches(shift);
    expect(shift.reads).toEqual(before);
    expect(counted.map(({ punch }) => punch)).toEqual(before.map(({ punch }) => punch));
  });
});
