import { describe, expect, it } from "vitest";
import { ruleSetSchema } from "../rules.ts";

const refused = (input: object): string[] =>
  (ruleSetSchema.safeParse(input).error?.issues ?? []).map(({ path }) => path.join("."));

describe("rules of shifts and punches", () => {
  it("are complete without a word, and as neutral as before there were any", () => {
    const { shifts, punches } = ruleSetSchema.parse({});
    expect(shifts).toEqual({
      dayStart: 0,
      countsOn: "start",
      tieGoesTo: "start",
      newShiftGap: 14_400,
      maxShift: 57_600,
      maxStretch: 50_400,
      startsByPlan: true,
      overstay: 1800,
      splitShifts: "apart",
      assumedOut: { by: "none" },
    });
    expect(punches).toEqual({
      detect: ["reader", "key"],
      keys: "believed",
      readers: [],
      nearPlan: 3600,
      pairing: "every-pair",
      doubleIn: "both",
      doubleOut: "both",
      repeatWindow: 60,
      repeatReader: "any",
      lunches: { by: "claim" },
      breaks: { by: "length", min: 0, max: 5400 },
    });
  });

  it.each([
    [{ shifts: { maxShift: "72h 1s" } }, "shifts.maxShift"],
    [{ shifts: { newShiftGap: "16h" }, punches: { repeatWindow: "13h" } }, "punches.repeatWindow"],
    [{ shifts: { newShiftGap: "17h" } }, "shifts.newShiftGap"],
    [{ shifts: { maxStretch: "17h" } }, "shifts.maxStretch"],
    [{ shifts: { assumedOut: { by: "expected-hours", hours: "17h" } } }, "shifts.assumedOut.hours"],
    [{ punches: { repeatWindow: "5h" } }, "punches.repeatWindow"],
    [{ punches: { breaks: { max: "5h" } } }, "punches.breaks.max"],
    [{ punches: { lunches: { by: "length", max: "5h" } } }, "punches.lunches.max"],
    [{ punches: { breaks: { min: "30min", max: "20min" } } }, "punches.breaks.min"],
    [
      { punches: { lunches: { by: "shift-window", from: "3h", to: "3h" } } },
      "punches.lunches.from",
    ],
    [{ punches: { lunches: { by: "shift-window", from: "3h", to: "17h" } } }, "punches.lunches.to"],
    [
      { punches: { breaks: { by: "day-window", from: "12:00", to: "12:00" } } },
      "punches.breaks.from",
    ],
    [{ punches: { detect: ["key", "key"] } }, "punches.detect"],
    [{ punches: { readers: [{ means: "in" }] } }, "punches.readers.0"],
    [
      {
        punches: {
          readers: [
            { site: "hq", means: "in" },
            { site: "hq", means: "out" },
          ],
        },
      },
      "punches.readers.1",
    ],
  ])("that contradict themselves are refused with the path: %j", (input, path) => {
    expect(refused(input)).toEqual([path]);
  });

  it.each([
    [{ shifts: { maxShift: "72h" } }],
    [{ shifts: { newShiftGap: "16h" }, punches: { repeatWindow: "12h" } }],
    [{ shifts: { newShiftGap: "16h", maxStretch: "16h" } }],
    [{ shifts: { assumedOut: { by: "expected-hours", hours: "16h" } } }],
    [{ punches: { repeatWindow: "4h" } }],
    [{ punches: { breaks: { max: "4h" } } }],
    [{ punches: { breaks: { min: "20min", max: "20min" } } }],
    [{ punches: { lunches: { by: "shift-window", from: "3h", to: "16h" } } }],
  ])("that meet their limit are taken: %j", (input) => {
    expect(refused(input)).toEqual([]);
  });
});
