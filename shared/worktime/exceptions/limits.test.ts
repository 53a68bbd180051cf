import { describe, expect, it } from "vitest";
import type { z } from "zod";
import { ruleSet } from "../../../test/support/worktime.ts";
import { brief, dayWith, exceptionsOn, shiftOf } from "../../../test/support/worktime-shifts.ts";
import { dateOf, dayOfDate } from "../civil-time.ts";
import type { AbsenceFact } from "../facts.ts";
import type { DayShift, Tile } from "../ledger.ts";
import type { RuleSet, ruleSetSchema } from "../rules.ts";

const MONDAY = "2026-01-12";
const FIRST = dayOfDate(MONDAY);

type Limits = NonNullable<z.input<typeof ruleSetSchema>["exceptions"]>["limits"];
const limited = (limits: Limits, more: z.input<typeof ruleSetSchema> = {}): RuleSet =>
  ruleSet({ ...more, exceptions: { limits } });

const sick: AbsenceFact = {
  kind: "absence",
  absenceId: "a",
  decidedAt: 1,
  fromOn: MONDAY,
  toOn: "2026-12-31",
  code: "sick",
  secondsADay: null,
};

/** A shift text, `sick` or nothing for each day from Monday on; what is said of the last. */
function saidOfLast(texts: readonly string[], rules: RuleSet): string[] {
  const days = texts.map((text, index) => {
    const on = dateOf(FIRST + index);
    if (text === "sick") return dayWith(on, [], { absences: [sick] });
    return dayWith(on, text === "" ? [] : [shiftOf(on, text, { rules })]);
  });
  return brief(exceptionsOn(days, { rules })(dateOf(FIRST + texts.length - 1)));
}

const day = (to: string): string => `08:00 in, ${to} out`;

const week = (...texts: string[]): string[] =>
  Array.from({ length: 7 }, (_, index) => texts[index] ?? "");

const hours = (...to: string[]): string[] => to.map(day);

function withPaidBreak(rules: RuleSet): DayShift {
  const spec = "08:00 in, 12:00 break-start, 13:00 break-end, 17:00 out";
  const shift = shiftOf(MONDAY, spec, { rules });
  const tiles = shift.tiles.map((tile): Tile => Object.assign({}, tile, { isPaid: true }));
  return { ...shift, tiles };
}

const counted = (counts: "worked" | "paid"): string[] => {
  const rules = limited({ daily: "8h", counts });
  return brief(exceptionsOn([dayWith(MONDAY, [withPaidBreak(rules)])], { rules })(MONDAY));
};

describe("the limit of a day", () => {
  it.each([
    ["18:00:00", []],
    ["18:00:01", ["over-daily-limit 1"]],
  ])("is passed by one second: out at %s", (to, expected) => {
    expect(saidOfLast([day(to)], limited({ daily: "10h" }))).toEqual(expected);
  });

  it("counts work, or all that is paid", () => {
    expect([counted("worked"), counted("paid")]).toEqual([[], ["over-daily-limit 3600"]]);
  });

  it("may be passed by a grace", () => {
    const rules = ruleSet({
      exceptions: { limits: { daily: "8h" }, kinds: { "over-daily-limit": { grace: "10min" } } },
    });
    expect(saidOfLast([day("16:10:00")], rules)).toEqual([]);
    expect(saidOfLast([day("16:10:01")], rules)).toEqual(["over-daily-limit 1"]);
  });

  it("is premature while the shift may go on", () => {
    const rules = limited({ daily: "8h" });
    const open = dayWith(MONDAY, [shiftOf(MONDAY, day("17:00"), { rules, isLast: true })]);
    expect(brief(exceptionsOn([open], { rules })(MONDAY))).toEqual([
      "over-daily-limit 3600 premature",
    ]);
  });
});

describe("the limit of a week", () => {
  const rules = limited({ weekly: "40h" });
  const eight = Array.from({ length: 4 }, () => day("16:00"));

  it.each([
    ["16:00:00", []],
    ["16:00:01", ["over-weekly-limit 1"]],
  ])("is passed by one second: out at %s", (to, expected) => {
    expect(saidOfLast([...eight, day(to)], rules)).toEqual(expected);
  });

  it("is told on the last day worked, and begins anew with the week", () => {
    const texts = [...eight, day("17:00"), "", "", day("16:00")];
    const days = texts.map((text, index) => {
      const on = dateOf(FIRST + index);
      return dayWith(on, text === "" ? [] : [shiftOf(on, text, { rules })]);
    });
    const said = exceptionsOn(days, { rules });
    expect(texts.map((_, index) => brief(said(dateOf(FIRST + index))))).toEqual([
      [],
      [],
      [],
      [],
      ["over-weekly-limit 3600"],
      [],
      [],
      [],
    ]);
  });

  it("follows the week start of the overtime rules", () => {
    const texts = [...eight, day("17:00")];
    const friday = limited({ weekly: "40h" }, { overtime: { weekStart: "fri" } });
    expect(saidOfLast(texts, friday)).toEqual([]);
  });
});

// Directive 2003/88/EC: article 6 (48 h a week on average), article 16 b (over four months; leave and sickness neutral).
describe("the average week", () => {
  const rules = limited({ averageWeek: { weeks: 2, limit: "48h" } });
  it("is 48 h over 17 weeks unless the rules say otherwise", () => {
    expect(limited({ averageWeek: {} }).exceptions.limits.averageWeek).toEqual({
      weeks: 17,
      limit: 48 * 3600,
    });
  });

  it.each([
    // 60 h and 36 h
    ["20:00:00", []],
    // two seconds more in two weeks are one more a week
    ["20:00:02", ["average-week-limit 1"]],
    ["20:00:01", []],
  ])("is passed by one second a week: out at %s", (to, expected) => {
    const long = week(...hours("20:00", "20:00", "20:00", "20:00", "20:00"));
    expect(saidOfLast([...long, ...hours("20:00", "20:00", to)], rules)).toEqual(expected);
  });

  it("looks at the weeks of its reference period only", () => {
    const long = week(...hours("20:00", "20:00", "20:00", "20:00", "20:00", "20:00", "20:00"));
    const short = week(...hours("16:00"));
    expect(saidOfLast([...long, ...short.slice(0, 1)], rules)).toEqual([]);
    expect(saidOfLast([...long, ...long], rules)).toEqual(["average-week-limit 129600"]);
    expect(saidOfLast([...long, ...short, ...hours("20:00")], rules)).toEqual([]);
  });

  it("leaves days of sickness out of the divisor", () => {
    // 60 h in one week, the other one sick: 60 h a week, not 30
    const off = week(...Array.from({ length: 7 }, () => "sick"));
    const long = hours("20:00", "20:00", "20:00", "20:00", "20:00");
    expect(saidOfLast([...off, ...long], rules)).toEqual(["average-week-limit 43200"]);
    expect(saidOfLast([...week(), ...long], rules)).toEqual([]);
  });
});

const night = (to: string): string => `22:00 in, ${to} out`;

const six = (last: string): string[] => [
  ...Array.from({ length: 5 }, () => night("30:00")),
  night(last),
];

// Directive 2003/88/EC: article 2 (3 h of night time make a night worker), article 8 (8 h in 24 on average; never more
// in hazardous work), article 16 c (weekly rest of one day is not part of the average).
describe("night work", () => {
  it("has the directive's figures by default, night time from 23:00 to 06:00", () => {
    expect(limited({ nightWork: {} }).exceptions.limits.nightWork).toEqual({
      from: 23 * 3600,
      to: 6 * 3600,
      least: 3 * 3600,
      limit: 8 * 3600,
      weeks: 17,
      nights: 1,
    });
  });

  it.each([
    ["30:00:00", []],
    ["30:00:01", ["night-work-limit 1"]],
  ])("of each night on its own is passed by one second: out at %s", (to, expected) => {
    expect(saidOfLast([night(to)], limited({ nightWork: { weeks: null } }))).toEqual(expected);
  });

  it.each([
    // 3 h in night time, 12 h of work
    ["14:00 in, 26:00:00 out", ["night-work-limit 14400"]],
    ["14:00 in, 25:59:59 out", []],
    ["03:00 in, 15:00 out", ["night-work-limit 14400"]],
    ["03:00:01 in, 15:00 out", []],
  ])("needs enough work in night time: %s", (text, expected) => {
    expect(saidOfLast([text], limited({ nightWork: { weeks: null } }))).toEqual(expected);
  });

  it("knows night time that does not reach over midnight", () => {
    const rules = limited({ nightWork: { from: "00:00", to: "05:00", weeks: null } });
    expect(saidOfLast(["17:00 in, 26:59:59 out"], rules)).toEqual([]);
    expect(saidOfLast(["17:00 in, 27:00:00 out"], rules)).toEqual(["night-work-limit 7200"]);
  });

  it("counts the hours that pass on the night of a clock change", () => {
    const rules = limited({ nightWork: { weeks: null, limit: "1h" } }, { zone: "Europe/Berlin" });
    const on = "2026-03-28";
    const said = (to: string): string[] =>
      brief(
        exceptionsOn([dayWith(on, [shiftOf(on, `23:00 in, ${to} out`, { rules })])], { rules })(on),
      );
    // 02:00 to 03:00 never was: at 03:00 three hours have passed, which the wall clock calls four
    expect(said("25:59:59")).toEqual([]);
    expect(said("27:00:00")).toEqual(["night-work-limit 7200"]);
  });

  it("is an average over weeks without their days of rest", () => {
    // six nights a week of 8 h are 8 h a day
    const rules = limited({ nightWork: { weeks: 1 } });
    expect(saidOfLast(six("30:00:05"), rules)).toEqual([]);
    expect(saidOfLast(six("30:00:06"), rules)).toEqual(["night-work-limit 1"]);
  });

  it("leaves days of leave out of the average", () => {
    // 16 h in two nights over six days, four of which were leave
    const two = ["sick", "sick", "sick", "sick", night("30:00"), night("30:00:02")];
    expect(saidOfLast(two, limited({ nightWork: { weeks: 1 } }))).toEqual(["night-work-limit 1"]);
  });

  it("needs so many nights of work within these weeks", () => {
    const long = Array.from({ length: 5 }, () => "08:00 in, 20:00 out");
    const said = (nights: number): string[] =>
      saidOfLast([...long, "20:00 in, 32:00 out"], limited({ nightWork: { weeks: 1, nights } }));
    expect([said(1), said(2)]).toEqual([["night-work-limit 14400"], []]);
  });
});
