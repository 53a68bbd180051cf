import { describe, expect, it } from "vitest";
import type { z } from "zod";
import { ruleSet } from "../../../test/support/worktime.ts";
import {
  at,
  brief,
  dayWith,
  exceptionsOn,
  shiftOf,
} from "../../../test/support/worktime-shifts.ts";
import { dateOf, dayOfDate } from "../civil-time.ts";
import type { Fact } from "../facts.ts";
import type { RuleSet, ruleSetSchema } from "../rules.ts";

const MONDAY = "2026-01-12";
const FIRST = dayOfDate(MONDAY);

const marked = (clock: string, plus = 0): Fact[] => [
  { kind: "watermark", site: "hq", completeTo: at(MONDAY, clock) + plus },
];

type Limits = NonNullable<z.input<typeof ruleSetSchema>["exceptions"]>["limits"];
const limited = (limits: Limits, more: z.input<typeof ruleSetSchema> = {}): RuleSet =>
  ruleSet({ ...more, exceptions: { limits } });

/** Shift texts (several with `;`) for each day from Monday on; what is said of each. */
function said(texts: readonly string[], rules: RuleSet): string[][] {
  const days = texts.map((text, index) => {
    const on = dateOf(FIRST + index);
    const shifts = text === "" ? [] : text.split("; ").map((spec) => shiftOf(on, spec, { rules }));
    return dayWith(on, shifts);
  });
  const on = exceptionsOn(days, { rules });
  return texts.map((_, index) => brief(on(dateOf(FIRST + index))));
}

// Directive 2003/88/EC, article 3: 11 h in one piece in each 24.
describe("daily rest", () => {
  const rules = limited({ minRest: "11h" });

  it.each([
    ["07:00:00", []],
    ["06:59:59", ["rest-too-short 1"]],
  ])("is too short by one second: in again at %s", (clock, expected) => {
    expect(said(["12:00 in, 20:00 out", `${clock} in, 15:00 out`], rules)).toEqual([[], expected]);
  });

  it("does not lie between the shifts of one workday", () => {
    expect(
      said(["08:00 in, 12:00 out; 17:00 in, 21:00 out", "08:00 in, 12:00 out"], rules),
    ).toEqual([[], []]);
  });

  it("is measured from the end of a night, whatever day that counts on", () => {
    expect(said(["22:00 in, 30:00 out", "16:59:59 in, 20:00 out"], rules)).toEqual([
      [],
      ["rest-too-short 1"],
    ]);
  });

  it("looks back as far as a rest and a shift may reach", () => {
    const long = limited({ minRest: "72h" });
    expect(said(["08:00 in, 24:00 out", "", "", "23:59:59 in, 24:10 out"], long)[3]).toEqual([
      "rest-too-short 1",
    ]);
    expect(said(["08:00 in, 24:00 out", "", "", "24:00:00 in, 24:10 out"], long)[3]).toEqual([]);
  });

  it("does not see work that counts on an earlier day and was done later", () => {
    expect(said(["36:00 in, 37:00 out", "04:00 in, 06:00 out"], rules)).toEqual([[], []]);
  });

  it("comes before a shift that was cut at midnight, not between its parts", () => {
    const set = limited({ minRest: "11h" }, { shifts: { countsOn: "split" } });
    const part = (on: string, spec: string, isStart: boolean) =>
      shiftOf(on, spec, { rules: set, isStart, isEnd: !isStart, shiftId: "night" });
    const tuesday = "2026-01-13";
    const days = [
      dayWith(MONDAY, [part(MONDAY, "22:00 in, 24:00 out", true)]),
      dayWith(tuesday, [
        part(tuesday, "00:00 in, 06:00 out", false),
        shiftOf(tuesday, "16:00 in, 20:00 out", { rules: set }),
      ]),
    ];
    const on = exceptionsOn(days, { rules: set });
    expect([brief(on(MONDAY)), brief(on(tuesday))]).toEqual([[], ["rest-too-short 3600"]]);
  });

  it("is premature while punches before it may come", () => {
    const days = ["12:00 in, 20:00 out", "06:00 in, 15:00 out"].map((spec, index) => {
      const on = dateOf(FIRST + index);
      return dayWith(on, [shiftOf(on, spec, { rules })]);
    });
    const of = (plus: number): string[] => {
      const completeTo = at("2026-01-13", "06:00") + plus;
      const facts: Fact[] = [{ kind: "watermark", site: "hq", completeTo }];
      return brief(exceptionsOn(days, { rules, facts })("2026-01-13"));
    };
    expect([of(0), of(1)]).toEqual([["rest-too-short 3600 premature"], ["rest-too-short 3600"]]);
  });
});

describe("days in a row", () => {
  it("are too many from the day after the limit on", () => {
    const rules = limited({ consecutiveDays: 3 });
    const work = "08:00 in, 12:00 out";
    expect(said([work, work, work, work, work, "", work], rules)).toEqual([
      [],
      [],
      [],
      ["consecutive-days-limit"],
      ["consecutive-days-limit"],
      [],
      [],
    ]);
  });
});

const six = (saturday: string, friday = "08:00 in, 20:00 out"): string[] => [
  ...Array.from({ length: 4 }, () => "08:00 in, 20:00 out"),
  friday,
  saturday,
];

const fortnight = (anchor: string): RuleSet => limited({ weeklyRest: { weeks: 2, anchor } });

// Directive 2003/88/EC, article 5: 24 h and the 11 h of the day, in each seven days; article 16 a: or in fourteen. That it
// may lie anywhere in them: Court of Justice, C-306/16.
describe("weekly rest", () => {
  const rules = limited({ weeklyRest: {} });
  it.each([
    // from Saturday to the end of Sunday
    ["08:00 in, 13:00:00 out", []],
    ["08:00 in, 13:00:01 out", ["weekly-rest-too-short 1"]],
  ])("is too short by one second at the end of the week: Saturday %s", (text, expected) => {
    expect(said(six(text), rules).at(-1)).toEqual(expected);
  });

  it("may lie in the middle of the week, and is told on its last day", () => {
    const day = "08:00 in, 20:00 out";
    expect(said([day, day, day, "", day, day, day], rules).flat()).toEqual([]);
    const short = [day, day, "08:00 in, 21:00:01 out", "", day, day, day];
    expect(said(short, rules)).toEqual([[], [], [], [], [], [], ["weekly-rest-too-short 1"]]);
  });

  it("is spoilt by a night that reaches into the week", () => {
    const day = "08:00 in, 20:00 out";
    const sunday = "2026-01-11";
    const said7 = (to: string): string[] => {
      const texts = ["", "11:00 in, 20:00 out", day, day, day, day, day];
      const days = [
        dayWith(sunday, [shiftOf(sunday, `22:00 in, ${to} out`, { rules })]),
        ...texts.map((text, index) => {
          const on = dateOf(FIRST + index);
          return dayWith(on, text === "" ? [] : [shiftOf(on, text, { rules })]);
        }),
      ];
      return brief(exceptionsOn(days, { rules })("2026-01-18"));
    };
    expect([said7("24:00"), said7("24:00:01")]).toEqual([[], ["weekly-rest-too-short 1"]]);
  });

  it("ends with the week, though work that counts in it begins later", () => {
    const day = "08:00 in, 20:00 out";
    // free from Saturday 13:00:01 to the end of Sunday, and half an hour longer
    const texts = [day, day, day, day, day, "08:00 in, 13:00:01 out", "24:30 in, 25:00 out"];
    expect(said(texts, rules).at(-1)).toEqual(["weekly-rest-too-short 1"]);
  });

  it("is due once in two weeks, counted from the anchor", () => {
    const day = "08:00 in, 20:00 out";
    const texts = [...Array.from({ length: 7 }, () => day), day, "", "", day];
    // the weeks of 12 and 19 January belong together, and the second one has a rest
    expect(said(texts, fortnight("2026-01-12")).flat()).toEqual([]);
    expect(said(texts, fortnight("2025-12-29")).flat()).toEqual([]);
    // the week of the 12th ends a fortnight, whose first week is free
    expect(said(texts, fortnight("2026-01-05")).flat()).toEqual([]);
    expect(said(texts, rules).flat()).toEqual(["weekly-rest-too-short 82800"]);
    const full = Array.from({ length: 14 }, () => day);
    expect(said(full, fortnight("2026-01-12")).map((each) => each.length)).toEqual([
      ...Array.from({ length: 13 }, () => 0),
      1,
    ]);
  });
});

// TimeTrex C1, made for guards who must show that they are awake.
describe("check-ins", () => {
  const rules = limited({ checkInEvery: "1h" });
  const one = (spec: string, facts: readonly Fact[] = [], isLast = false): string[] => {
    const day = dayWith(MONDAY, [shiftOf(MONDAY, spec, { rules, isLast })]);
    return brief(exceptionsOn([day], { rules, facts })(MONDAY));
  };

  it.each([
    ["08:00 in, 09:00:00 out", []],
    ["08:00 in, 09:00:01 out", ["check-in-due 1"]],
    ["08:00 in, 09:00 transfer, 10:00 out", []],
    ["08:00 in, 09:00 between, 10:00:01 out", ["check-in-due 1"]],
    ["08:00 in, 08:30 repeat, 09:30 out", ["repeat"]],
    // nobody checks in from lunch
    ["08:00 in, 09:00 lunch-start, 11:00 lunch-end, 12:00 out", []],
    ["08:00 in, 09:00 break-start, 11:00 break-end, 12:00:01 out", ["check-in-due 1"]],
    ["08:00 in, 08:30 out, 11:00 in, 11:30 out", []],
  ])("are due while somebody is in: %s", (spec, expected) => {
    expect(one(spec)).toEqual(expected);
  });

  it("are premature while somebody is in and the site has told of a silence", () => {
    const open = "missing-out premature";
    expect(one("08:00 in", marked("09:00:00"), true)).toEqual([open]);
    expect(one("08:00 in", marked("09:00:01"), true)).toEqual([open, "check-in-due premature"]);
    expect(one("08:00 in", marked("24:00", 1), true)).toEqual(["missing-out"]);
    expect(one("08:00 in", [], true)).toEqual([open]);
  });

  it("go on over midnight where a shift is cut", () => {
    const tuesday = "2026-01-13";
    const part = (on: string, spec: string, isStart: boolean) =>
      dayWith(on, [shiftOf(on, spec, { rules, shiftId: "night", isStart, isEnd: !isStart })]);
    const days = [
      part(MONDAY, "23:00 in, 23:30 transfer", true),
      part(tuesday, "00:30:01 out", false),
    ];
    expect(brief(exceptionsOn(days, { rules })(tuesday))).toEqual(["check-in-due 1"]);
  });
});
