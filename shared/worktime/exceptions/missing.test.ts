import { describe, expect, it } from "vitest";
import { ruleSet } from "../../../test/support/worktime.ts";
import {
  at,
  brief,
  dayWith,
  exceptionsOn,
  type ShiftMore,
  shiftOf,
} from "../../../test/support/worktime-shifts.ts";
import type { Fact } from "../facts.ts";
import type { MealFinding } from "../ledger.ts";

const MONDAY = "2026-01-12";
const rules = ruleSet({});

const marked = (clock: string, plus = 0): Fact[] => [
  { kind: "watermark", site: "hq", completeTo: at(MONDAY, clock) + plus },
];
const said = (spec: string, more: Partial<ShiftMore> = {}, facts: readonly Fact[] = []) => {
  const set = more.rules ?? rules;
  const day = dayWith(MONDAY, [shiftOf(MONDAY, spec, { rules: set, ...more })]);
  return exceptionsOn([day], { rules: set, facts })(MONDAY);
};

describe("missing punches", () => {
  // The behaviour of the engine before it had watermarks; TimeTrex M1-M4.
  it("are those that a claim contradicts, with the words of who read it", () => {
    const problem = { kind: "missing-in", detail: "out without an in" } as const;
    expect(said("16:00 out", { problem })).toEqual([
      {
        kind: "missing-in",
        severity: "blocking",
        premature: false,
        punchIds: [`${MONDAY} 16:00`],
        detail: "out without an in",
      },
    ]);
  });

  it.each([
    ["08:00 in", "missing-out", "in, and not out again"],
    ["08:00 in, 12:00 break-start", "missing-break-end", "on a break that did not end"],
    ["08:00 in, 12:00 lunch-start", "missing-lunch-end", "on a lunch that did not end"],
  ])("are what nobody punched after %s", (spec, kind, detail) => {
    const punchIds = [`${MONDAY} ${spec.includes(",") ? "12:00" : "08:00"}`];
    for (const isLast of [true, false]) {
      expect(said(spec, { isLast })).toMatchObject([{ kind, premature: isLast, detail, punchIds }]);
    }
  });

  it("are no longer premature once the site has told of the longest shift, to the millisecond", () => {
    expect(brief(said("08:00 in", { isLast: true }, marked("24:00")))).toEqual([
      "missing-out premature",
    ]);
    expect(brief(said("08:00 in", { isLast: true }, marked("24:00", 1)))).toEqual(["missing-out"]);
  });

  it("are premature again where the site holds punches of that time back", () => {
    const problem = { kind: "missing-in", detail: "out without an in" } as const;
    expect(brief(said("16:00 out", { problem }, marked("16:00")))).toEqual([
      "missing-in premature",
    ]);
    expect(brief(said("16:00 out", { problem }, marked("16:00", 1)))).toEqual(["missing-in"]);
    const before = { isLast: false };
    expect(brief(said("08:00 in", before, marked("20:00")))).toEqual(["missing-out premature"]);
  });

  it("name the way out that came too late to close anything", () => {
    expect(said("08:00 in", { isOverrun: true })).toMatchObject([
      { kind: "missing-out", premature: false },
      {
        kind: "shift-too-long",
        premature: false,
        detail: "the next way out came later than a shift may last, so it closes nothing",
      },
    ]);
  });

  it("are said on the last part of a shift that was cut at midnight", () => {
    expect(said("22:00 in", { isEnd: false })).toEqual([]);
    expect(brief(said("22:00 in", { isStart: false }))).toEqual(["missing-out"]);
  });

  it("stand beside the check-out that a rule assumed", () => {
    const assumedOut = { at: at(MONDAY, "16:00"), policy: "Late", detail: "out by plan at 16:00" };
    expect(said("08:00 in", { assumedOut, isLast: true })).toMatchObject([
      { kind: "missing-out", premature: true },
      { kind: "assumed-out", premature: true, detail: "out by plan at 16:00" },
    ]);
    expect(brief(said("08:00 in", { assumedOut, isLast: true }, marked("24:00", 1)))).toEqual([
      "missing-out",
      "assumed-out",
    ]);
  });

  it("are not looked for in a shift that could not be counted", () => {
    const shift = { ...shiftOf(MONDAY, "08:00 in", { rules }) };
    const day = dayWith(MONDAY, [shift], { more: { faults: ["the shift could not be counted"] } });
    expect(exceptionsOn([day], { rules })(MONDAY)).toEqual([]);
  });
});

describe("repeats", () => {
  it("are counted in one exception", () => {
    const one = said("08:00 in, 08:01 repeat, 16:00 out");
    expect(one).toMatchObject([
      {
        kind: "repeat",
        severity: "info",
        premature: false,
        detail: "1 like punch too soon after one that counts",
        punchIds: [`${MONDAY} 08:01`],
      },
    ]);
    expect(said("08:00 in, 08:01 repeat, 08:02 repeat, 16:00 out")).toMatchObject([
      { detail: "2 like punches too soon after one that counts" },
    ]);
  });

  it("leave doubles to the reason they were read with", () => {
    const problem = {
      kind: "repeat",
      detail: "two in punches in a row; the first counts",
    } as const;
    expect(said("08:01 repeat", { problem, phase: "out" })).toMatchObject([problem]);
  });

  it("do not stand for the punch after which one is missing", () => {
    expect(said("08:00 in, 08:01 repeat").map(({ punchIds }) => punchIds)).toEqual([
      [`${MONDAY} 08:01`],
      [`${MONDAY} 08:00`],
    ]);
  });
});

describe("flags of punches", () => {
  it.each([
    "clock-skew",
    "impossible-time",
    "unknown-badge",
    "unknown-direction",
    "outside-geofence",
    "biometric-override",
  ] as const)("become an exception of their kind, once a day: %s", (flag) => {
    const found = said("08:00 in, 16:00 out", { punch: { flags: [flag] } });
    expect(brief(found)).toEqual([flag]);
    expect(found[0]?.punchIds).toHaveLength(2);
    expect(found[0]?.detail).toMatch(/^2 punches /);
  });
});

const finding = (more: Partial<MealFinding>): MealFinding => ({
  kind: "lunch",
  policy: "Lunch",
  what: "short",
  at: at(MONDAY, "12:00"),
  seconds: 300,
  punchIds: ["p"],
  detail: "too short, rule 'Lunch'",
  ...more,
});

const told = (
  found: Partial<MealFinding>,
  more: Partial<ShiftMore> = {},
  facts: readonly Fact[] = [],
) => said("08:00 in, 16:00 out", { meals: [finding(found)], ...more }, facts);

describe("what the rules of lunches and breaks found", () => {
  it.each(["lunch", "break"] as const)("is an exception of its kind: %s", (kind) => {
    for (const what of ["missed", "short", "long", "late", "too-many", "too-few"] as const) {
      expect(told({ kind, what })).toMatchObject([
        {
          kind: `${kind}-${what}`,
          seconds: 300,
          punchIds: ["p"],
          detail: "too short, rule 'Lunch'",
        },
      ]);
    }
  });

  it("may still go away while the shift goes on, if a lunch may still come", () => {
    for (const what of ["missed", "short", "too-few"] as const) {
      expect(told({ what }, { isLast: true })).toMatchObject([{ premature: true }]);
      expect(told({ what }, {}, marked("20:00"))).toMatchObject([{ premature: true }]);
      expect(told({ what }, {}, marked("20:00", 1))[0]).toMatchObject({ premature: false });
    }
    for (const what of ["long", "late", "too-many"] as const) {
      expect(told({ what }, { isLast: true })).toMatchObject([{ premature: false }]);
      expect(told({ what }, {}, marked("12:00"))).toMatchObject([{ premature: true }]);
      expect(told({ what }, {}, marked("12:00", 1))).toMatchObject([{ premature: false }]);
    }
  });

  it("is forgiven up to the grace of its kind", () => {
    const set = ruleSet({ exceptions: { kinds: { "lunch-short": { grace: "5min" } } } });
    expect(brief(told({ seconds: 300 }, { rules: set }))).toEqual([]);
    expect(brief(told({ seconds: 301 }, { rules: set }))).toEqual(["lunch-short 1"]);
  });
});
