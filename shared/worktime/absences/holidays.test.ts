import { describe, expect, it } from "vitest";
import type { z } from "zod";
import { absence, knownTo, plan } from "../../../test/support/absences.ts";
import { type DayText, ruleSet, sheetOf } from "../../../test/support/worktime.ts";
import { dateOf, dayOfDate } from "../civil-time.ts";
import type { Credit } from "../workday.ts";
import { absencesReach, creditsOf } from "./absences.ts";
import type { absenceRulesSchema } from "./rules.ts";

type PolicyText = NonNullable<z.input<typeof absenceRulesSchema>["holidays"]>[number];
const HOUR = 3600;
// 2026-05-18 is a Monday: Victoria Day.
const HOLIDAY = "2026-05-18";
const KNOWN = knownTo("2026-07-01T00:00Z");

const policy = (more: Partial<PolicyText> = {}): PolicyText => ({ name: "Statutory", ...more });
const eight: PolicyText["amount"] = { kind: "fixed", length: "8h" };

/** Credits of the holiday, with these days around it. */
function credits(
  policies: readonly PolicyText[],
  {
    around = [],
    known = KNOWN,
    ...on
  }: Partial<DayText> & { around?: DayText[]; known?: typeof KNOWN } = {},
): Credit[] {
  const rules = ruleSet({
    absences: {
      codes: [
        { name: "Vacation", code: "VAC", dayLength: "8h" },
        { name: "Unpaid", code: "UNPAID", dayLength: "8h", paid: false },
        { name: "Strike", code: "STRIKE", excuses: false, paid: false },
      ],
      holidays: [...policies],
    },
  });
  const sheet = sheetOf([...around, { on: HOLIDAY, holiday: "Victoria Day", ...on }], rules, [
    known,
  ]);
  const day = sheet.at(dayOfDate(HOLIDAY));
  return day === undefined ? [] : creditsOf(day, sheet);
}
const seconds = (...args: Parameters<typeof credits>): number[] =>
  credits(...args).map((credit) => credit.seconds);

/** Work from 08:00 on so many days, the last one the day before `end`. */
const daysBefore = (end: string, count: number, tile = "08:00-16:00"): DayText[] =>
  Array.from({ length: count }, (_, index) => ({
    on: dateOf(dayOfDate(end) - count + index),
    tiles: [tile],
  }));

const work = (on: string, tile: string): DayText => ({ on, tiles: [tile] });
const besides = (whenWorked: PolicyText["whenWorked"], tile: string): number[] =>
  seconds([policy({ amount: eight, whenWorked })], { tiles: [tile] });
const reasonBesides = (whenWorked: "on-top" | "rest"): string | undefined =>
  credits([policy({ amount: eight, whenWorked })], { tiles: ["08:00-09:00"] })[0]?.reason;
const refused = (reason: string): Partial<Credit>[] => [
  { seconds: 0, isPaid: false, reason: `no time for Victoria Day: ${reason}, rule 'Statutory'` },
];

describe("holiday time", () => {
  it("is counted once all of the day is known, and not a moment sooner", () => {
    const policies = [policy({ amount: eight })];
    expect(seconds(policies, { known: knownTo("2026-05-18T23:59:59.999Z") })).toEqual([]);
    expect(seconds(policies, { known: knownTo("2026-05-19T00:00Z") })).toEqual([8 * HOUR]);
  });

  it("has its code, its pay, and says how it came about", () => {
    expect(credits([policy({ amount: eight })])).toEqual([
      {
        kind: "holiday",
        code: "HOL",
        seconds: 8 * HOUR,
        isPaid: true,
        factIds: [],
        policy: "Statutory",
        reason: "Victoria Day: 8 h 00 min, the same for every holiday, rule 'Statutory'",
      },
    ]);
    const [credit] = credits([
      policy({ amount: eight, code: "STAT", paid: false, contributesToOvertime: true }),
    ]);
    expect(credit).toMatchObject({ code: "STAT", isPaid: false, contributes: true });
  });

  it("is for holidays of its calendars, and the first rule that fits holds", () => {
    const other = policy({ name: "other", calendars: ["elsewhere"], amount: eight });
    const mine = policy({
      name: "mine",
      calendars: ["elsewhere", "test"],
      amount: { kind: "fixed", length: "7h" },
    });
    expect(seconds([other])).toEqual([]);
    expect(seconds([other, mine, policy({ amount: eight })])).toEqual([7 * HOUR]);
    expect(credits([policy({ amount: eight })], { more: { holiday: null } })).toEqual([]);
  });

  // German EFZG section 2(1): what would have been worked but for the holiday.
  describe("as scheduled", () => {
    it("is what the holiday cancelled, or what was planned all the same", () => {
      expect(seconds([policy()], { more: { freed: [plan(HOLIDAY, "06:00-12:30")] } })).toEqual([
        6.5 * HOUR,
      ]);
      expect(seconds([policy()], { plans: [plan(HOLIDAY, "08:00-15:00")] })).toEqual([7 * HOUR]);
    });
    it("is what the rule says where nothing was planned, by default nothing", () => {
      expect(seconds([policy()])).toEqual([]);
      expect(seconds([policy({ amount: { kind: "scheduled", otherwise: "4h" } })])).toEqual([
        4 * HOUR,
      ]);
    });
  });

  describe("as an average", () => {
    // Ontario ESA 2000 section 24(1)(a): regular wages of the four work weeks before the work week of the holiday, divided
    // by 20.
    const ontario = policy({
      name: "Ontario",
      amount: { kind: "average-weeks", weeks: 4, dividedBy: 20 },
    });
    it("of weeks sees the whole weeks before its own, from the first day to the last", () => {
      const inside = [work("2026-04-20", "08:00-18:00"), work("2026-05-17", "08:00-18:00")];
      expect(seconds([ontario], { around: inside })).toEqual([HOUR]);
      const outside = [work("2026-04-19", "08:00-12:00"), ...inside];
      expect(seconds([ontario], { around: outside })).toEqual([HOUR]);
      const sunday = { ...ontario, amount: { ...ontario.amount, weekStart: "sun" } } as PolicyText;
      expect(seconds([sunday], { around: outside })).toEqual([0.7 * HOUR]); // 19 April in, 17 May out
    });
    it("says of what", () => {
      const around = daysBefore(HOLIDAY, 20, "08:00-15:00");
      expect(credits([ontario], { around })[0]?.reason).toBe(
        "Victoria Day: 7 h 00 min, 140 h 00 min from the 4 weeks before its week by 20, rule 'Ontario'",
      );
    });
    it("comes to the nearest second", () => {
      expect(seconds([ontario], { around: [work("2026-05-14", "08:00:00-08:00:09")] })).toEqual([]);
      expect(seconds([ontario], { around: [work("2026-05-14", "08:00:00-08:00:10")] })).toEqual([
        1,
      ]);
    });

    // British Columbia ESA section 45: total wages of the 30 calendar days before, without overtime, divided by the days
    // worked; the province's guidelines manual: 19 days of 8 h come to 8 h.
    const bc = policy({
      name: "BC",
      amount: { kind: "average-days", days: 30, dividedBy: "days-worked" },
    });
    it("of days sees just so many", () => {
      expect(seconds([bc], { around: daysBefore(HOLIDAY, 19) })).toEqual([8 * HOUR]);
      const first = work("2026-04-18", "08:00-12:00"); // the 30th day before
      expect(seconds([bc], { around: [first, work("2026-05-17", "08:00-16:00")] })).toEqual([
        6 * HOUR,
      ]);
      const before = work("2026-04-17", "08:00-12:00");
      expect(seconds([bc], { around: [before, work("2026-05-17", "08:00-16:00")] })).toEqual([
        8 * HOUR,
      ]);
      expect(seconds([bc])).toEqual([]);
    });
    it("leaves overtime out where a day has a most", () => {
      const capped = { ...bc, amount: { ...bc.amount, mostADay: "8h" } } as PolicyText;
      const around = [work("2026-05-14", "08:00-18:00"), work("2026-05-15", "08:00-14:00")];
      expect(seconds([bc], { around })).toEqual([8 * HOUR]);
      expect(seconds([capped], { around })).toEqual([7 * HOUR]);
    });
    it("counts paid leave if told so, unpaid leave never", () => {
      const counting = { ...bc, amount: { ...bc.amount, countsLeave: true } } as PolicyText;
      const around: DayText[] = [
        work("2026-05-13", "08:00-12:00"),
        { on: "2026-05-14", absences: [absence("2026-05-14")] },
        { on: "2026-05-15", absences: [absence("2026-05-15", { code: "UNPAID" })] },
      ];
      expect(seconds([bc], { around })).toEqual([4 * HOUR]);
      expect(seconds([counting], { around })).toEqual([6 * HOUR]);
    });
  });

  describe("for who works on the holiday", () => {
    // British Columbia ESA section 46: an average day's pay besides the work; others grant what is missing, or nothing.
    it.each([
      ["on-top", "08:00-13:00", [8 * HOUR]],
      ["rest", "08:00-13:00", [3 * HOUR]],
      ["rest", "08:00-15:59:59", [1]],
      ["rest", "08:00-16:00", []],
      ["none", "08:00-08:00:01", []],
    ] as const)("%s besides %s", (whenWorked, tile, expected) => {
      expect(besides(whenWorked, tile)).toEqual(expected);
    });
    it("says what was worked", () => {
      expect(reasonBesides("on-top")).toBe(
        "Victoria Day: 8 h 00 min, the same for every holiday, besides the 1 h 00 min worked, rule 'Statutory'",
      );
      expect(reasonBesides("rest")).toBe(
        "Victoria Day: 7 h 00 min, the same for every holiday, less the 1 h 00 min worked, rule 'Statutory'",
      );
    });
    it.each(["on-top", "rest", "none"] as const)(
      "%s changes nothing for who does not",
      (whenWorked) => {
        expect(seconds([policy({ amount: eight, whenWorked })])).toEqual([8 * HOUR]);
      },
    );
  });

  it("gives way to leave that counts on holidays", () => {
    const rules = ruleSet({
      absences: {
        codes: [{ name: "Sick", code: "SICK", dayLength: "7h", onHolidays: "count" }],
        holidays: [policy({ amount: eight })],
      },
    });
    const text = { on: HOLIDAY, holiday: "x", absences: [absence(HOLIDAY, { code: "SICK" })] };
    const sheet = sheetOf([text], rules, [KNOWN]);
    expect(sheet.days.flatMap((day) => creditsOf(day, sheet)).map(({ kind }) => kind)).toEqual([
      "absence",
    ]);
  });
});

describe("eligibility for holiday time", () => {
  const BEFORE = "2026-05-15"; // Friday
  const AFTER = "2026-05-19";
  // German EFZG section 2(3), and the last-and-first rule of Ontario: who misses the last planned day before or the first
  // one after without excuse has no claim.
  const both = policy({ amount: eight, workedBefore: true, workedAfter: true });

  it.each([
    ["before", BEFORE],
    ["after", AFTER],
  ])("is lost by missing the planned day %s", (_, on) => {
    expect(credits([both], { around: [{ on, plans: [plan(on)] }] })).toMatchObject(
      refused(`the work planned on ${on} was missed`),
    );
  });

  it("looks at the day before or the day after only if told so", () => {
    const around = [
      { on: BEFORE, plans: [plan(BEFORE)] },
      { on: AFTER, plans: [plan(AFTER)], tiles: ["08:00-09:00"] },
    ];
    expect(seconds([policy({ amount: eight, workedAfter: true })], { around })).toEqual([8 * HOUR]);
    expect(seconds([policy({ amount: eight, workedBefore: true })], { around })).toEqual([0]);
    expect(seconds([policy({ amount: eight })], { around })).toEqual([8 * HOUR]);
  });

  it.each([BEFORE, AFTER])("is kept by working a part of %s, or by an excuse", (on) => {
    const plans = [plan(on)];
    expect(seconds([both], { around: [{ on, plans, tiles: ["15:59:59-16:00"] }] })).toEqual([
      8 * HOUR,
    ]);
    expect(seconds([both], { around: [{ on, plans, absences: [absence(on)] }] })).toEqual([
      8 * HOUR,
    ]);
    const strike = [absence(on, { code: "STRIKE" })];
    expect(seconds([both], { around: [{ on, plans, absences: strike }] })).toEqual([0]);
  });

  it("is lost only once the day after is known to have been missed", () => {
    const around = [{ on: AFTER, plans: [plan(AFTER)] }];
    const at = (time: string): number[] => seconds([both], { around, known: knownTo(time) });
    expect(at("2026-05-19T23:59:59.999Z")).toEqual([8 * HOUR]);
    expect(at("2026-05-20T00:00Z")).toEqual([0]);
  });

  it("looks at the nearest day with planned work, open shifts and free days aside", () => {
    const missed = "2026-05-13";
    const around: DayText[] = [
      { on: missed, plans: [plan(missed)] },
      { on: "2026-05-14", plans: [plan("2026-05-14")], tiles: ["08:00-16:00"] },
      { on: BEFORE, plans: [plan(BEFORE, "08:00-16:00", { kind: "open" })] },
    ];
    expect(seconds([both], { around })).toEqual([8 * HOUR]);
  });

  it("looks so many days far", () => {
    const around = [{ on: "2026-05-14", plans: [plan("2026-05-14")] }]; // four days before
    expect(seconds([{ ...both, within: 3 }], { around })).toEqual([8 * HOUR]);
    expect(seconds([{ ...both, within: 4 }], { around })).toEqual([0]);
  });

  // British Columbia ESA section 44: wages earned on 15 of the 30 calendar days before.
  it("may need so many days of work or paid leave", () => {
    const bc = policy({ amount: eight, daysWorked: 15, outOf: 30 });
    expect(seconds([bc], { around: daysBefore(HOLIDAY, 15) })).toEqual([8 * HOUR]);
    expect(credits([bc], { around: daysBefore(HOLIDAY, 14) })).toMatchObject(
      refused("worked on 14 of the 30 days before, 15 are needed"),
    );
    const vacation = (code: string): DayText[] => [
      { on: "2026-04-20", absences: [absence("2026-04-20", { code })] },
      ...daysBefore(HOLIDAY, 14),
    ];
    expect(seconds([bc], { around: vacation("VAC") })).toEqual([8 * HOUR]);
    expect(seconds([bc], { around: vacation("UNPAID") })).toEqual([0]);
    const first = (on: string): DayText[] => [
      { on, tiles: ["08:00-09:00"] },
      ...daysBefore(HOLIDAY, 14),
    ];
    expect(seconds([bc], { around: first("2026-04-18") })).toEqual([8 * HOUR]);
    expect(seconds([bc], { around: first("2026-04-17") })).toEqual([0]);
  });

  // EFZG section 2(1): no claim if no work was lost.
  it("may need work that the holiday cancelled", () => {
    const only = policy({ amount: eight, onlyPlanned: true });
    expect(credits([only])).toMatchObject(refused("no work would have been planned"));
    expect(seconds([only], { more: { freed: [plan(HOLIDAY)] } })).toEqual([8 * HOUR]);
  });

  it("of a later rule is enough, and the first refusal is told if there is none", () => {
    const strict = policy({ name: "strict", amount: eight, daysWorked: 1 });
    const lax = policy({ name: "lax", amount: { kind: "fixed", length: "4h" } });
    expect(seconds([strict, lax])).toEqual([4 * HOUR]);
    expect(credits([strict, policy({ name: "second", daysWorked: 2 })])).toMatchObject([
      { policy: "strict" },
    ]);
  });
});

describe("how far holiday rules look", () => {
  it.each<[Partial<PolicyText>, number, number]>([
    [{ amount: eight }, 0, 0],
    [{ workedBefore: true }, 14, 0],
    [{ workedAfter: true, within: 7 }, 0, 7],
    [{ daysWorked: 15 }, 30, 0],
    [{ amount: { kind: "average-days", days: 30, dividedBy: 20 } }, 30, 0],
    [{ amount: { kind: "average-weeks", weeks: 4, dividedBy: 20 } }, 34, 0],
    [
      {
        amount: { kind: "average-days", days: 10, dividedBy: 1 },
        daysWorked: 1,
        workedBefore: true,
      },
      30,
      0,
    ],
  ])("%o", (more, back, ahead) => {
    const rules = (per: "none" | "week") =>
      ruleSet({ absences: { holidays: [policy(more)], undertime: { per } } });
    expect(absencesReach(rules("none"))).toEqual({ back, ahead });
    expect(absencesReach(rules("week"))).toEqual({ back: back + 6, ahead });
  });
});
