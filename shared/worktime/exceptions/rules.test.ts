import { describe, expect, it } from "vitest";
import type { z } from "zod";
import { ruleSet } from "../../../test/support/worktime.ts";
import {
  brief,
  dayWith,
  exceptionsOn,
  planOf,
  shiftOf,
} from "../../../test/support/worktime-shifts.ts";
import { workdayExceptionSchema } from "../workday.ts";
import { EXCEPTIONS, exceptionKindSchema } from "./catalogue.ts";
import { exceptionsReach } from "./exceptions.ts";
import { exceptionRulesSchema } from "./rules.ts";

const MONDAY = "2026-01-12";
type Input = z.input<typeof exceptionRulesSchema>;

describe("the catalogue", () => {
  it("has a meaning, a severity and a family for every kind, and a tolerance only where a length is measured", () => {
    expect(exceptionKindSchema.options.toSorted()).toEqual(Object.keys(EXCEPTIONS).toSorted());
    for (const entry of Object.values(EXCEPTIONS)) {
      expect(entry.meaning.length).toBeGreaterThan(10);
      if (!entry.hasGrace) expect([entry.defaultGrace, entry.defaultTolerance]).toEqual([0, 0]);
      if (entry.hasWindow) expect(entry.hasGrace).toBe(true);
    }
  });

  it("covers TimeTrex's families S1-S9, SB, SC, O1, O2, M1-M4, L1-L4, B1-B5, C1, D1-D3, V1, J1-J4 and G1", () => {
    const families: Record<string, readonly (keyof typeof EXCEPTIONS)[]> = {
      S: [
        "absent",
        "unscheduled",
        "in-early",
        "in-late",
        "out-early",
        "out-late",
        "over-schedule",
        "under-schedule",
        "over-schedule-week",
        "under-schedule-week",
        "not-yet-in",
        "other-place",
        "other-job",
      ],
      O: ["over-daily-limit", "over-weekly-limit"],
      M: [
        "missing-in",
        "missing-out",
        "missing-lunch-start",
        "missing-lunch-end",
        "missing-break-start",
        "missing-break-end",
      ],
      L: ["lunch-long", "lunch-short", "lunch-missed", "lunch-late"],
      B: ["break-long", "break-short", "break-too-many", "break-too-few", "break-missed"],
      C: ["check-in-due"],
      D: ["no-assignment", "place-not-allowed"],
      V: ["not-verified"],
      J: ["job-not-allowed", "job-complete", "job-missing"],
      G: ["outside-geofence"],
      ours: [
        "repeat",
        "clock-skew",
        "impossible-time",
        "unknown-badge",
        "unknown-direction",
        "rest-too-short",
        "site-offline",
        "assumed-out",
        "biometric-override",
      ],
    };
    for (const kind of Object.values(families).flat()) expect(EXCEPTIONS).toHaveProperty(kind);
  });
});

const late = (kinds: object): unknown[] => {
  const rules = ruleSet({ exceptions: { kinds } });
  const plan = planOf(MONDAY, "08:00-16:00");
  const day = dayWith(MONDAY, [shiftOf(MONDAY, "08:10 in, 16:00 out", { rules, plan })]);
  const found = exceptionsOn([day], { rules })(MONDAY).filter(({ kind }) => kind === "in-late");
  for (const each of found) expect(workdayExceptionSchema.parse(each)).toEqual(each);
  return found.map(({ severity, notify, seconds }) => ({ severity, notify, seconds }));
};

const said = (isOn: boolean): string[] => {
  const rules = ruleSet({ exceptions: { kinds: { unscheduled: { isOn } } } });
  const day = dayWith(MONDAY, [shiftOf(MONDAY, "08:00 in, 16:00 out", { rules })]);
  return brief(exceptionsOn([day], { rules })(MONDAY));
};

describe("rules of exceptions", () => {
  it.each([
    [{ kinds: { absent: { grace: 60 } } }, "kinds.absent.grace"],
    [{ kinds: { repeat: { tolerance: 60 } } }, "kinds.repeat.tolerance"],
    [{ kinds: { "lunch-long": { window: 60 } } }, "kinds.lunch-long.window"],
    [{ kinds: { "in-late": { window: "5min" } } }, "kinds.in-late.window"],
    [{ kinds: { "in-late": { grace: "1h", window: "1h" } } }, "kinds.in-late.window"],
    [{ limits: { daily: "41h", weekly: "40h" } }, "limits.daily"],
    [{ limits: { weekly: "169h" } }, "limits.weekly"],
    [{ limits: { minRest: "11h", weeklyRest: { rest: "10h" } } }, "limits.weeklyRest.rest"],
    [{ limits: { weeklyRest: { rest: "169h" } } }, "limits.weeklyRest.rest"],
    [{ limits: { nightWork: { from: "23:00", to: "23:00" } } }, "limits.nightWork.to"],
  ])("that contradict themselves are refused with the path: %j", (input, path) => {
    const issues = exceptionRulesSchema.safeParse(input).error?.issues ?? [];
    expect(issues.map((issue) => issue.path.join("."))).toEqual([path]);
  });

  it("name a kind that does not exist", () => {
    expect(exceptionRulesSchema.safeParse({ kinds: { bored: {} } }).success).toBe(false);
  });

  it("take a window just wider than the tolerance", () => {
    const input = { kinds: { "in-late": { tolerance: 60, window: 61 } } };
    expect(exceptionRulesSchema.safeParse(input).success).toBe(true);
  });

  it("change the severity, switch a kind off and say who is told", () => {
    expect(late({})).toEqual([{ severity: "warning", notify: undefined, seconds: 600 }]);
    expect(
      late({ "in-late": { severity: "error", notify: ["employee", "supervisor"], grace: "1min" } }),
    ).toEqual([{ severity: "error", notify: ["employee", "supervisor"], seconds: 540 }]);
    expect(late({ "in-late": { isOn: false } })).toEqual([]);
  });

  it("raise what is off by default once it is switched on", () => {
    expect([said(false), said(true)]).toEqual([[], ["unscheduled"]]);
  });
});

describe("exceptionsReach", () => {
  it.each([
    [{}, 0, 0],
    [{ kinds: { "over-schedule-week": { isOn: true } } }, 6, 6],
    [
      { kinds: { "over-schedule-week": { isOn: false }, "under-schedule-week": { isOn: true } } },
      6,
      6,
    ],
    [{ limits: { weekly: "60h" } }, 6, 6],
    [{ limits: { averageWeek: {} } }, 118, 6],
    [{ limits: { nightWork: { weeks: 4 } } }, 27, 6],
    [{ limits: { nightWork: { weeks: null } } }, 0, 0],
    // 11 h and 16 h of shift lie on three dates, and a shift may count two from its own
    [{ limits: { minRest: "11h" } }, 4, 0],
    [{ limits: { weeklyRest: {} } }, 9, 6],
    [{ limits: { weeklyRest: { weeks: 2 } } }, 16, 13],
    [{ limits: { consecutiveDays: 6 } }, 6, 0],
    [{ limits: { checkInEvery: "1h" } }, 1, 0],
    // the day by which a period is to be verified lies three days after it
    [{ verification: { anchor: "2026-01-05", days: 14 } }, 13, 17],
  ] satisfies [Input, number, number][])(
    "looks as far as the rules do: %j",
    (exceptions, back, ahead) => {
      expect(exceptionsReach(ruleSet({ exceptions }))).toEqual({ back, ahead });
    },
  );

  it("looks for the shifts of a plan on other days only where they may count there", () => {
    expect(exceptionsReach(ruleSet({ shifts: { countsOn: "end" } }))).toEqual({
      back: 2,
      ahead: 2,
    });
  });
});
