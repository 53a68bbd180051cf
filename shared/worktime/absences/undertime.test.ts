import { describe, expect, it } from "vitest";
import type { z } from "zod";
import { absence, knownTo, plan } from "../../../test/support/absences.ts";
import { type DayText, ruleSet, sheetOf } from "../../../test/support/worktime.ts";
import { dayOfDate } from "../civil-time.ts";
import type { Credit } from "../workday.ts";
import { absencesReach, creditsOf } from "./absences.ts";
import type { absenceRulesSchema } from "./rules.ts";

type Undertime = NonNullable<z.input<typeof absenceRulesSchema>["undertime"]>;
const HOUR = 3600;
const MONDAY = "2026-01-12";
const SUNDAY = "2026-01-18";

/** What is missing on the last of the days, a working Monday unless said otherwise. */
function undertime(
  rules: Undertime,
  texts: readonly DayText[],
  known = knownTo("2026-02-01T00:00Z"),
): Credit[] {
  const set = ruleSet({
    absences: {
      codes: [{ name: "Vacation", code: "VAC" }],
      holidays: [{ name: "Holiday", amount: { kind: "fixed", length: "3h" } }],
      undertime: { per: "day", ...rules },
    },
  });
  const sheet = sheetOf(texts, set, [known]);
  const day = sheet.days.at(-1);
  if (day === undefined) throw new Error("no day");
  return creditsOf(day, sheet).filter(({ kind }) => kind === "undertime");
}
const missing = (...args: Parameters<typeof undertime>): number[] =>
  undertime(...args).map(({ seconds }) => seconds);

const monday = (tile: string | null, more: Partial<DayText> = {}): DayText[] => [
  { on: MONDAY, plans: [plan(MONDAY)], tiles: tile === null ? [] : [tile], ...more },
];

describe("undertime of a day", () => {
  it("is what is missing to the hours due, in words too", () => {
    expect(undertime({}, monday("08:00-14:00"))).toEqual([
      {
        kind: "undertime",
        code: "UNDER",
        seconds: 2 * HOUR,
        isPaid: false,
        factIds: [],
        policy: "undertime",
        reason: "2 h 00 min below the 8 h 00 min due: 6 h 00 min done",
      },
    ]);
    expect(
      undertime({ code: "FLEX", paid: true, contributesToOvertime: true }, monday("08:00-14:00")),
    ).toMatchObject([{ code: "FLEX", isPaid: true, contributes: true }]);
  });

  it.each([
    ["08:00-15:59:59", [1]],
    ["08:00-16:00", []],
    ["08:00-17:00", []],
  ])("of %s", (tile, expected) => {
    expect(missing({}, monday(tile))).toEqual(expected);
  });

  it("is not counted unless a rule says so", () => {
    expect(missing({ per: "none" }, monday("08:00-14:00"))).toEqual([]);
  });

  it("within the tolerance is nothing, beyond it all of it", () => {
    const rules = { tolerance: "15min" };
    expect(missing(rules, monday("08:00-15:45"))).toEqual([]);
    expect(missing(rules, monday("08:00-15:44:59"))).toEqual([901]);
  });

  it("is known once the day is over", () => {
    expect(missing({}, monday("08:00-14:00"), knownTo("2026-01-12T23:59:59Z"))).toEqual([]);
    expect(missing({}, monday("08:00-14:00"), knownTo("2026-01-13T00:00Z"))).toEqual([2 * HOUR]);
  });

  it("counts paid breaks and rounding for work, and leave for hours not due", () => {
    const tiles = ["08:00-12:00", "12:00-12:30 break paid", "12:30-13:00 lunch"];
    expect(missing({}, [{ on: MONDAY, plans: [plan(MONDAY)], tiles }])).toEqual([3.5 * HOUR]);
    const roundedUp = { seconds: HOUR, policy: "x", reason: "x" };
    expect(missing({}, monday("08:00-14:00", { more: { roundedUp } }))).toEqual([HOUR]);
    const absences = [absence(MONDAY, { secondsADay: HOUR })];
    expect(missing({}, monday("08:00-14:00", { absences }))).toEqual([HOUR]);
    expect(missing({}, monday("08:00-14:00", { absences: [absence(MONDAY)] }))).toEqual([]);
  });

  it("has no hours due where nothing was planned, or only an open shift", () => {
    expect(missing({}, monday(null, { plans: [] }))).toEqual([]);
    expect(
      missing({}, monday(null, { plans: [plan(MONDAY, "08:00-16:00", { kind: "open" })] })),
    ).toEqual([]);
  });

  it("counts days without any work, unless absence is dealt with elsewhere", () => {
    expect(missing({}, monday(null))).toEqual([8 * HOUR]);
    expect(missing({ absentDays: false }, monday(null))).toEqual([]);
    expect(missing({ absentDays: false }, monday("08:00-08:00:01"))).toEqual([8 * HOUR - 1]);
  });

  it("has hours due on holidays only if told so, less what the holiday counts for", () => {
    expect(missing({}, monday(null, { holiday: "x" }))).toEqual([]);
    expect(missing({ onHolidays: true }, monday(null, { holiday: "x" }))).toEqual([5 * HOUR]);
  });
});

describe("undertime of a week", () => {
  const days = ["2026-01-12", "2026-01-13", "2026-01-14"];
  const week = (tiles: readonly (string | null)[], last = SUNDAY): DayText[] => [
    ...days.map((on, index) => {
      const tile = tiles[index] ?? null;
      return { on, plans: [plan(on)], tiles: tile === null ? [] : [tile] };
    }),
    { on: last },
  ];
  const short = ["08:00-14:00", "08:00-17:00", "08:00-16:00"]; // 2 h missing, 1 h more

  it("is balanced by more work on other days, and stands on the last day", () => {
    expect(undertime({ per: "week" }, week(short))).toMatchObject([
      {
        seconds: HOUR,
        reason: "1 h 00 min below the 24 h 00 min due in the week: 23 h 00 min done",
      },
    ]);
    expect(missing({ per: "week" }, week(short, "2026-01-17"))).toEqual([]);
    expect(missing({ per: "week" }, week(["08:00-14:00", "08:00-18:00", "08:00-16:00"]))).toEqual(
      [],
    );
  });

  it("is balanced by work on a free day too", () => {
    const texts = [...week(short).slice(0, -1), { on: SUNDAY, tiles: ["08:00-08:59:59"] }];
    expect(missing({ per: "week" }, texts)).toEqual([1]);
  });

  it("begins on the day given and does not look further back", () => {
    const before = { on: "2026-01-11", plans: [plan("2026-01-11")] };
    expect(missing({ per: "week" }, [before, ...week(short)])).toEqual([HOUR]);
    expect(
      missing({ per: "week", weekStart: "sun" }, [before, ...week(short, "2026-01-17")]),
    ).toEqual([9 * HOUR]);
  });

  it("is known once the whole week is over", () => {
    expect(missing({ per: "week" }, week(short), knownTo("2026-01-18T23:59:59Z"))).toEqual([]);
    expect(missing({ per: "week" }, week(short), knownTo("2026-01-19T00:00Z"))).toEqual([HOUR]);
  });

  it("has tolerance for the week, leaves absent days out if told so, and leave of any day", () => {
    expect(missing({ per: "week", tolerance: "1h" }, week(short))).toEqual([]);
    expect(missing({ per: "week", tolerance: 3599 }, week(short))).toEqual([HOUR]);
    const absent = week([null, "08:00-16:00", "08:00-15:00"]);
    expect(missing({ per: "week" }, absent)).toEqual([9 * HOUR]);
    expect(missing({ per: "week", absentDays: false }, absent)).toEqual([HOUR]);
    const [first, ...rest] = absent;
    const onLeave = { ...first, on: MONDAY, absences: [absence(MONDAY)] };
    expect(missing({ per: "week" }, [onLeave, ...rest])).toEqual([HOUR]);
  });

  it("looks six days back", () => {
    expect(absencesReach(ruleSet({ absences: { undertime: { per: "week" } } }))).toEqual({
      back: 6,
      ahead: 0,
    });
    expect(absencesReach(ruleSet({ absences: { undertime: { per: "day" } } }))).toEqual({
      back: 0,
      ahead: 0,
    });
    expect(absencesReach(ruleSet({}))).toEqual({ back: 0, ahead: 0 });
  });
});

describe("without rules", () => {
  it("a day has no credits, whatever it is", () => {
    const sheet = sheetOf(monday("08:00-14:00", { holiday: "x" }), ruleSet({}), [
      knownTo("2026-02-01T00:00Z"),
    ]);
    const day = sheet.at(dayOfDate(MONDAY));
    expect(day === undefined ? null : creditsOf(day, sheet)).toEqual([]);
  });
});
