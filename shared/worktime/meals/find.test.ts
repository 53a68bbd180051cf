import { describe, expect, it } from "vitest";
import { add, apply, deduct, type MealPolicyText, normal } from "../../../test/support/meals.ts";

const found = (specs: readonly string[], ...policies: MealPolicyText[]): readonly string[] =>
  apply(specs, policies).found;

describe("normal", () => {
  it("leaves every tile as punched", () => {
    const day = ["08:00-12:00", "12:00-12:10 lunch", "12:10-17:00"];
    expect(apply(day, [normal({ activeAfter: "5h" })]).tiles).toEqual([
      "08:00-12:00 work",
      "12:00-12:10 lunch",
      "12:10-17:00 work",
    ]);
  });

  // California Labor Code section 512(a): a meal period of 30 minutes in a work period of more than 5 h, a second one of
  // more than 10 h. Brinker v. Superior Court (2012) 53 Cal.4th 1004: the first begins no later than the end of the fifth
  // hour of work, the second no later than the end of the tenth; an early first one does not bring the second forward.
  describe("as California has it", () => {
    const law = normal({
      name: "CA meals",
      activeAfter: "5h",
      every: "5h",
      times: 2,
      dueWithin: "5h",
    });
    it.each([
      ["five hours need none", ["08:00-13:00"], []],
      ["a second more needs one", ["08:00-13:00:01"], ["13:00 lunch missed 1800"]],
      ["at the end of the fifth hour", ["08:00-13:00", "13:00-13:30 lunch", "13:30-17:00"], []],
      [
        "a second after the fifth hour",
        ["08:00-13:00:01", "13:00:01-13:30:01 lunch", "13:30:01-17:00"],
        ["13:00:01 lunch late 1"],
      ],
      [
        "a second too short",
        ["08:00-12:00", "12:00-12:29:59 lunch", "12:29:59-17:00"],
        ["12:00 lunch short 1"],
      ],
      [
        "late and short",
        ["08:00-13:10", "13:10-13:30 lunch", "13:30-17:00"],
        ["13:10 lunch late 600", "13:10 lunch short 600"],
      ],
      [
        "ten hours of work need one only, however early it was",
        ["08:00-09:00", "09:00-09:30 lunch", "09:30-18:30"],
        [],
      ],
      [
        "more than ten need a second",
        ["08:00-12:00", "12:00-12:30 lunch", "12:30-18:30:01"],
        ["18:30 lunch missed 1800"],
      ],
      [
        "which begins by the end of the tenth hour",
        ["08:00-12:00", "12:00-12:30 lunch", "12:30-18:30", "18:30-19:00 lunch", "19:00-20:00"],
        [],
      ],
      [
        "and not a second later",
        [
          "08:00-12:00",
          "12:00-12:30 lunch",
          "12:30-18:30:01",
          "18:30:01-19:00:01 lunch",
          "19:00:01-20:00",
        ],
        ["18:30:01 lunch late 1"],
      ],
      [
        "eleven hours without any miss both",
        ["08:00-19:00"],
        ["13:00 lunch missed 1800", "18:00 lunch missed 1800"],
      ],
    ])("%s", (_, day, expected) => {
      expect(found(day, law)).toEqual(expected);
    });

    // Section 512(a): both may waive the first in a day of at most 6 h.
    it("with the waiver, six hours need none and a second more needs one in time", () => {
      const waived = normal({ activeAfter: "6h", dueWithin: "5h" });
      expect(found(["08:00-14:00"], waived)).toEqual([]);
      expect(found(["08:00-14:00:01"], waived)).toEqual(["13:00 lunch missed 1800"]);
    });

    // Brinker: ten minutes of rest for 3.5 to 6 h, twice over 6 h, three times over 10 h.
    const rests = normal({
      name: "CA rests",
      for: "break",
      amount: "10min",
      activeAfter: "2h",
      every: "4h",
      times: 3,
      minShift: "3h 30min",
    });
    it.each([
      ["08:00-11:29:59", []],
      ["08:00-11:30", ["10:00 break missed 600"]],
      ["08:00-14:00", ["10:00 break missed 600"]],
      ["08:00-14:00:01", ["10:00 break missed 600", "14:00 break missed 600"]],
      [
        "08:00-18:00:01",
        ["10:00 break missed 600", "14:00 break missed 600", "18:00 break missed 600"],
      ],
    ])("the rests due in %s", (day, expected) => {
      expect(found([day], rests)).toEqual(expected);
    });
    it("too few rests are one finding with what is missing", () => {
      const day = ["08:00-10:00", "10:00-10:10 break", "10:10-18:00"];
      expect(found(day, rests)).toEqual(["14:10 break too-few 600"]);
      expect(apply(day, [rests]).details).toEqual(["1 of 2 breaks taken, rule 'CA rests'"]);
    });
  });

  // ArbZG section 4: in all 30 minutes over 6 h, in parts of 15 minutes at least, nobody over 6 h in a row without one.
  describe("as the German act has it", () => {
    const law = normal({
      for: "any",
      activeAfter: "6h",
      minLength: "15min",
      inTotal: true,
      maxStretch: "6h",
    });
    it.each([
      [
        "two parts make up the pause",
        ["08:00-10:00", "10:00-10:15 break", "10:15-12:00", "12:00-12:15 lunch", "12:15-17:00"],
        [],
      ],
      [
        "a part that is too short counts for nothing",
        ["08:00-10:00", "10:00-10:14 break", "10:14-12:00", "12:00-12:15 lunch", "12:15-17:00"],
        ["12:00 lunch short 900"],
      ],
      ["six hours in a row are allowed", ["08:00-14:00", "14:00-14:30 lunch", "14:30-17:00"], []],
      [
        "a second more is too late",
        ["08:00-14:00:01", "14:00:01-14:30:01 lunch", "14:30:01-17:00"],
        ["14:00 lunch late 1"],
      ],
      [
        "more than six hours after the last one",
        ["08:00-09:00", "09:00-09:30 lunch", "09:30-15:31"],
        ["15:30 lunch missed 60"],
      ],
      ["none at all", ["08:00-15:00"], ["14:00 lunch missed 1800", "14:00 lunch missed 3600"]],
    ])("%s", (_, day, expected) => {
      expect(found(day, law)).toEqual(expected);
    });
  });

  it.each([
    ["12:00-13:00 lunch", "13:00", []],
    ["12:00-13:00:01 lunch", "13:00:01", ["12:00 lunch long 1"]],
  ])("%s with an hour at most", (lunch, back, expected) => {
    const policy = normal({ maxLength: "1h" });
    expect(found(["08:00-12:00", lunch, `${back}-17:00`], policy)).toEqual(expected);
  });

  it("a long break is found even where none is due", () => {
    const policy = normal({
      for: "break",
      activeAfter: "12h",
      amount: "10min",
      maxLength: "15min",
    });
    expect(found(["08:00-10:00", "10:00-10:20 break", "10:20-12:00"], policy)).toEqual([
      "10:00 break long 300",
    ]);
  });

  it.each([
    [3, []],
    [2, ["11:00 break too-many 300"]],
    [1, ["10:00 break too-many 900"]],
  ])("of three breaks, beyond %d are too many, from the first beyond", (most, expected) => {
    const day = [
      "08:00-09:00",
      "09:00-09:10 break",
      "09:10-10:00",
      "10:00-10:10 break",
      "10:10-11:00",
      "11:00-11:05 break",
      "11:05-12:00",
    ];
    expect(found(day, normal({ for: "break", amount: "5min", most }))).toEqual(expected);
  });

  it("begins with the lunch of the number given", () => {
    const day = [
      "08:00-10:00",
      "10:00-10:05 lunch",
      "10:05-12:00",
      "12:00-12:20 lunch",
      "12:20-17:00",
    ];
    expect(found(day, normal({ first: 2 }))).toEqual(["12:00 lunch short 600"]);
    expect(found(day, normal({ first: 3 }))).toEqual(["08:00 lunch missed 1800"]);
  });

  it("was missed where the work that calls for it ended, not where it went on", () => {
    const day = ["08:00-13:00", "14:00-15:00"];
    expect(found(day, normal({ activeAfter: "5h" }))).toEqual(["13:00 lunch missed 1800"]);
  });

  it("ignores what is shorter than the least length", () => {
    const day = ["08:00-12:00", "12:00-12:20 lunch", "12:20-17:00"];
    expect(found(day, normal({ minLength: "20min" }))).toEqual(["12:00 lunch short 600"]);
    expect(found(day, normal({ minLength: 1201 }))).toEqual(["08:00 lunch missed 1800"]);
  });

  it("counts an out and the next in as a lunch if told so", () => {
    const day = ["08:00-12:00", "12:30-17:00"];
    expect(found(day, normal({}))).toEqual(["08:00 lunch missed 1800"]);
    expect(found(day, normal({ countsGaps: true }))).toEqual([]);
    const { punchIds } = apply(day, [normal({ countsGaps: true, amount: "1h" })]);
    expect(punchIds).toEqual([["2026-01-12 12:00", "2026-01-12 12:30"]]);
  });

  it("takes neighbouring stretches of a lunch for one, such as one paid in part", () => {
    const day = ["08:00-12:00", "12:00-12:30 lunch", "12:30-17:00"];
    expect(found(day, add({}), normal({}))).toEqual([]);
  });

  it("measures work as punched, whatever another rule took off", () => {
    const policies = [deduct({}), normal({ activeAfter: "6h" })];
    expect(found(["08:00-14:00:01"], ...policies)).toEqual(["14:00 lunch missed 1800"]);
    const remaining = normal({ activeAfter: "6h", measuredBy: "remaining" });
    expect(found(["08:00-14:30"], deduct({}), remaining)).toEqual([]);
    expect(found(["08:00-14:30:01"], deduct({}), remaining)).toEqual(["14:30 lunch missed 1800"]);
  });

  it("takes somebody who is out for lunch for having begun it, of a length that nobody knows yet", () => {
    const policy = normal({ activeAfter: "5h", dueWithin: "5h" });
    expect(apply(["08:00-13:10"], [policy], { phase: "lunch" }).found).toEqual([
      "13:10 lunch late 600",
    ]);
    expect(apply(["08:00-13:10"], [policy], { phase: "in" }).found).toEqual([
      "13:00 lunch missed 1800",
    ]);
    expect(apply(["08:00-13:10"], [policy], { phase: "break" }).found).toEqual([
      "13:00 lunch missed 1800",
    ]);
  });

  it("applies only in shifts of the least length, on its weekdays, planned and booked as it says", () => {
    const day = ["08:00-17:00"];
    expect(found(day, normal({ minShift: "9h" }))).toHaveLength(1);
    expect(found(day, normal({ minShift: 9 * 3600 + 1 }))).toEqual([]);
    expect(found(day, normal({ weekdays: ["tue"] }))).toEqual([]);
    expect(found(day, normal({ onlyPlanned: true }))).toEqual([]);
    expect(found(day, normal({ where: { task: ["x"] } }))).toEqual([]);
  });

  it("says what was due, by when, and what was", () => {
    const law = normal({ name: "CA", activeAfter: "5h", every: "5h", times: 2, dueWithin: "5h" });
    const details = (...day: string[]): readonly string[] => apply(day, [law]).details;
    expect(details("08:00-18:30")).toEqual([
      "lunch 1 not taken: 30 min due within 5 h 00 min over 5 h 00 min, rule 'CA'",
      "lunch 2 not taken: 30 min due within 10 h 00 min over 10 h 00 min, rule 'CA'",
    ]);
    expect(details("08:00-13:10", "13:10-13:30 lunch", "13:30-17:00")).toEqual([
      "lunch began 10 min late: due within 5 h 00 min, rule 'CA'",
      "lunch of 20 min instead of 30 min, rule 'CA'",
    ]);
  });
});
