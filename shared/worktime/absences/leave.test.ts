import { describe, expect, it } from "vitest";
import type { z } from "zod";
import { absence, plan } from "../../../test/support/absences.ts";
import { type DayText, ruleSet, sheetOf } from "../../../test/support/worktime.ts";
import type { Day, Sheet } from "../ledger.ts";
import type { Credit } from "../workday.ts";
import { creditsOf } from "./absences.ts";
import { absenceConflicts, isExcused } from "./leave.ts";
import type { absenceRulesSchema } from "./rules.ts";

// 2026-01-12 is a Monday.

type CodeText = NonNullable<z.input<typeof absenceRulesSchema>["codes"]>[number];
const MONDAY = "2026-01-12";
const HOUR = 3600;

const vacation = (more: Partial<CodeText> = {}): CodeText => ({
  name: "Vacation",
  code: "VAC",
  ...more,
});
const sick: CodeText = { name: "Sick", code: "SICK" };

function dayOf(
  text: Partial<DayText>,
  codes: CodeText[] = [vacation(), sick],
): { day: Day; sheet: Sheet } {
  const sheet = sheetOf([{ on: MONDAY, ...text }], ruleSet({ absences: { codes } }));
  const [day] = sheet.days;
  if (day === undefined) throw new Error("no day");
  return { day, sheet };
}

function credits(text: Partial<DayText>, codes?: CodeText[]): Credit[] {
  const { day, sheet } = dayOf(text, codes);
  return creditsOf(day, sheet);
}

const seconds = (text: Partial<DayText>, codes?: CodeText[]): number[] =>
  credits(text, codes).map((credit) => credit.seconds);

const conflicts = (text: Partial<DayText>, codes?: CodeText[]): readonly string[] =>
  absenceConflicts(dayOf(text, codes).day).map(
    ({ factIds, detail }) => `${factIds.join(" ")}: ${detail}`,
  );

/** On a planned Monday. */
const planned = (more: Partial<CodeText>): Partial<Credit> | undefined =>
  credits({ absences: [absence(MONDAY)], plans: [plan(MONDAY)] }, [vacation(more)])[0];

const week = (
  on: string,
  more: Partial<CodeText>,
  fact = absence("2026-01-12..2026-01-18"),
): number[] => seconds({ on, absences: [fact] }, [vacation(more)]);
const beside = (tiles: string[], more: Partial<CodeText> = {}): number[] =>
  seconds({ absences: [absence(MONDAY)], plans: [plan(MONDAY)], tiles }, [vacation(more)]);

describe("leave", () => {
  it("counts what was planned for the day, and says so", () => {
    const absences = [absence(MONDAY)];
    expect(
      credits({ absences, plans: [plan(MONDAY, "08:00-12:00"), plan(MONDAY, "13:00-16:30")] }),
    ).toEqual([
      {
        kind: "absence",
        code: "VAC",
        seconds: 7.5 * HOUR,
        isPaid: true,
        factIds: ["a1"],
        policy: "Vacation",
        reason: "Vacation: 7 h 30 min, the 7 h 30 min planned",
      },
    ]);
  });

  it("counts no open shift: nobody had to work it", () => {
    const plans = [plan(MONDAY), plan(MONDAY, "17:00-20:00", { kind: "open" })];
    expect(seconds({ absences: [absence(MONDAY)], plans })).toEqual([8 * HOUR]);
  });

  it("is paid, and contributes to overtime, as its kind says", () => {
    expect(planned({})).toMatchObject({ isPaid: true });
    expect(planned({})).not.toHaveProperty("contributes");
    expect(planned({ paid: false })).toMatchObject({ isPaid: false });
    expect(planned({ contributesToOvertime: true })).toMatchObject({ contributes: true });
  });

  it("counts as long as the absence says, where it says so", () => {
    const absences = [absence(MONDAY, { secondsADay: 3 * HOUR })];
    const [credit] = credits({ absences, plans: [plan(MONDAY)] });
    expect(credit).toMatchObject({ seconds: 3 * HOUR, reason: "Vacation: 3 h 00 min, as decided" });
  });

  it("counts a share of the day, such as half, where its kind says so", () => {
    const half = [vacation({ share: 0.5 })];
    const [credit] = credits(
      { absences: [absence(MONDAY)], plans: [plan(MONDAY, "08:00-16:00:01")] },
      half,
    );
    expect(credit?.seconds).toBe(14_401); // of 28,801 s, half a second up
    expect(credit?.reason).toBe("Vacation: 4 h 00 min, 50 % of the 8 h 00 min planned");
    const decided = absence(MONDAY, { secondsADay: 3 * HOUR });
    expect(seconds({ absences: [decided], plans: [plan(MONDAY)] }, half)).toEqual([3 * HOUR]);
  });

  describe("where nothing was planned", () => {
    it("counts the usual length on its weekdays", () => {
      expect(week("2026-01-16", { dayLength: "8h" })).toEqual([8 * HOUR]);
      expect(week("2026-01-17", { dayLength: "8h" })).toEqual([]);
      expect(week("2026-01-17", { dayLength: "8h", weekdays: ["sat"] })).toEqual([8 * HOUR]);
      expect(week("2026-01-16", { dayLength: "8h", weekdays: ["sat"] })).toEqual([]);
      expect(week("2026-01-16", {})).toEqual([]);
    });
    it("counts what the absence itself says on its weekdays, and on any if it is for that day alone", () => {
      const all = absence("2026-01-12..2026-01-18", { secondsADay: HOUR });
      expect(week("2026-01-16", {}, all)).toEqual([HOUR]);
      expect(week("2026-01-17", {}, all)).toEqual([]);
      expect(week("2026-01-17", {}, absence("2026-01-17", { secondsADay: HOUR }))).toEqual([HOUR]);
    });
    it("counts on a day of no weekday of its own if something was planned", () => {
      expect(
        seconds({
          on: "2026-01-17",
          absences: [absence("2026-01-17")],
          plans: [plan("2026-01-17")],
        }),
      ).toEqual([8 * HOUR]);
    });
  });

  // German leave act (BUrlG) section 3: holidays are no days of leave.
  it("skips a holiday that freed the day, unless its kind counts them", () => {
    const text = { absences: [absence(MONDAY)], holiday: "Founders" };
    expect(seconds(text, [vacation({ dayLength: "8h" })])).toEqual([]);
    expect(seconds(text, [vacation({ dayLength: "8h", onHolidays: "count" })])).toEqual([8 * HOUR]);
    expect(seconds({ ...text, plans: [plan(MONDAY)] })).toEqual([8 * HOUR]); // work was due all the same
  });

  describe("beside work", () => {
    it.each([
      ["08:00-10:00", [6 * HOUR]],
      ["08:00-15:59:59", [1]],
      ["08:00-16:00", []],
      ["08:00-17:00", []],
    ])("of %s both together count for no more than was planned", (tile, expected) => {
      expect(beside([tile])).toEqual(expected);
    });
    it("counts in full if its kind says so", () => {
      expect(beside(["08:00-10:00"], { upToPlan: false })).toEqual([8 * HOUR]);
    });
    it("knows paid breaks and rounding of totals for work", () => {
      expect(beside(["08:00-10:00", "10:00-10:30 break paid", "10:30-11:00 lunch"])).toEqual([
        5.5 * HOUR,
      ]);
      const roundedUp = { seconds: 600, policy: "x", reason: "x" };
      const text = { tiles: ["08:00-10:00"], plans: [plan(MONDAY)], more: { roundedUp } };
      expect(seconds({ ...text, absences: [absence(MONDAY)] })).toEqual([6 * HOUR - 600]);
    });
    it("keeps to the usual length where nothing was planned", () => {
      const text = { absences: [absence(MONDAY)], tiles: ["08:00-10:00"] };
      expect(seconds(text, [vacation({ dayLength: "8h" })])).toEqual([6 * HOUR]);
    });
    it("says what was left", () => {
      const [credit] = credits({
        absences: [absence(MONDAY)],
        plans: [plan(MONDAY)],
        tiles: ["08:00-10:00"],
      });
      expect(credit?.reason).toBe(
        "Vacation: 6 h 00 min, the 8 h 00 min planned, less what work and other leave leave of 8 h 00 min",
      );
    });
    it("on a whole day is a conflict, on part of one only if nothing is left", () => {
      const plans = [plan(MONDAY)];
      const whole = { absences: [absence(MONDAY)], plans };
      expect(conflicts({ ...whole, tiles: ["08:00-08:00:01"] })).toEqual([
        "a1: 1 s of work on a whole day of Vacation",
      ]);
      expect(conflicts(whole)).toEqual([]);
      const part = { absences: [absence(MONDAY, { secondsADay: 4 * HOUR })], plans };
      expect(conflicts({ ...part, tiles: ["08:00-15:59:59"] })).toEqual([]);
      expect(conflicts({ ...part, tiles: ["08:00-16:00"] })).toEqual([
        "a1: Vacation counts for nothing, as the work of the day make up all that was planned",
      ]);
    });
    it("on a Sunday within weeks of leave is none", () => {
      const text = { on: "2026-01-18", tiles: ["08:00-10:00"] };
      expect(conflicts({ ...text, absences: [absence("2026-01-12..2026-01-25")] })).toEqual([]);
    });
  });

  describe("of several kinds on one day", () => {
    const plans = [plan(MONDAY)];
    const early = absence(MONDAY, { absenceId: "old" });
    const late = absence(MONDAY, { absenceId: "new", code: "SICK", decidedAt: 1_000_001 });
    it("the one decided last holds, in whichever order they come", () => {
      for (const absences of [
        [early, late],
        [late, early],
      ]) {
        expect(credits({ absences, plans }).map(({ code }) => code)).toEqual(["SICK"]);
        expect(conflicts({ absences, plans })).toEqual([
          "new old: Vacation on the same day as Sick, which was decided later and holds",
        ]);
      }
    });
    it("at one instant the id decides", () => {
      const absences = [late, { ...early, decidedAt: late.decidedAt }];
      expect(credits({ absences, plans }).map(({ code }) => code)).toEqual(["SICK"]);
    });
    it("parts of a day stand together as long as they fit, the latest first", () => {
      const parts = (
        a: number,
        b: number,
      ): { absences: (typeof early)[]; plans: typeof plans } => ({
        absences: [
          { ...early, secondsADay: a * HOUR },
          { ...late, secondsADay: b * HOUR },
        ],
        plans,
      });
      expect(seconds(parts(4, 4))).toEqual([4 * HOUR, 4 * HOUR]);
      expect(conflicts(parts(4, 4))).toEqual([]);
      expect(seconds(parts(4, 6))).toEqual([6 * HOUR, 2 * HOUR]);
      expect(seconds(parts(4, 8))).toEqual([8 * HOUR]);
      expect(conflicts(parts(4, 8))).toEqual([
        "old: Vacation counts for nothing, as other leave and work of the day make up all that was planned",
      ]);
    });
    it("a part of a day does not stand beside a whole one", () => {
      const absences = [early, { ...late, secondsADay: 4 * HOUR }];
      expect(credits({ absences, plans }).map(({ code }) => code)).toEqual(["SICK"]);
      expect(conflicts({ absences, plans })).toHaveLength(1);
    });
  });

  it("that was cancelled last is gone, and back once it is decided anew", () => {
    const plans = [plan(MONDAY)];
    const cancelled = absence(MONDAY, { decidedAt: 1_000_001, isCancelled: true });
    expect(seconds({ absences: [absence(MONDAY), cancelled], plans })).toEqual([]);
    expect(seconds({ absences: [cancelled, absence(MONDAY)], plans })).toEqual([]);
    const again = absence(MONDAY, { decidedAt: 1_000_002 });
    expect(seconds({ absences: [again, cancelled, absence(MONDAY)], plans })).toEqual([8 * HOUR]);
  });

  it("of a kind that nobody knows is unpaid, and a conflict", () => {
    const text = { absences: [absence(MONDAY, { code: "XYZ" })], plans: [plan(MONDAY)] };
    expect(credits(text)).toMatchObject([
      { code: "XYZ", isPaid: false, seconds: 8 * HOUR, policy: "unknown leave" },
    ]);
    expect(conflicts(text)).toEqual(['a1: no kind of leave has the code "XYZ": counted as unpaid']);
  });

  it("excuses the day if its kind does", () => {
    const of = (codes: CodeText[], more = {}): boolean =>
      isExcused(dayOf({ absences: [absence(MONDAY, more)], plans: [plan(MONDAY)] }, codes).day);
    expect(of([vacation()])).toBe(true);
    expect(of([vacation({ excuses: false })])).toBe(false);
    expect(of([])).toBe(true);
    expect(of([vacation()], { isCancelled: true })).toBe(false);
    expect(isExcused(dayOf({}).day)).toBe(false);
  });
});
