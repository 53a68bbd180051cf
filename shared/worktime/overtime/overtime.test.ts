import { describe, expect, it } from "vitest";
import {
  type Credits,
  claimsOf,
  claimsOn,
  MONDAY,
  type OvertimeInput,
  type PolicyInput,
  spelled,
  weekOf,
  workedDays,
} from "../../../test/support/overtime.ts";
import { type DayText, ruleSet, sheetOf } from "../../../test/support/worktime.ts";
import type { ApprovalFact } from "../facts.ts";
import type { Day, PlannedShift, Sheet } from "../ledger.ts";
import type { Claim, Credit } from "../workday.ts";
import { createOvertime, overtimeReach } from "./overtime.ts";

// The parameters that policies of all kinds share, and what holds for the day as a whole. Figures are our own reasoning
// unless a source is named.

const OT = { code: "OT", rate: 1.5 };
const DT = { code: "DT", rate: 2 };

const daily = (more: object = {}): PolicyInput => ({
  kind: "daily",
  name: "Daily",
  tiers: [{ after: "8h", ...OT }],
  ...more,
});
const weekly = (more: object = {}): PolicyInput => ({
  kind: "weekly",
  name: "Weekly",
  tiers: [{ after: "20h", code: "WK", rate: 1.25 }],
  ...more,
});
const day = (tiles: readonly string[], more: Partial<DayText> = {}): DayText => ({
  on: MONDAY,
  tiles,
  ...more,
});
const one = (text: DayText, ...policies: PolicyInput[]): string =>
  spelled(claimsOn([text], { policies })[0] ?? []);

const ranked = (precedence: "highest-rate" | "first", ...policies: PolicyInput[]): string =>
  spelled(claimsOn([day(["08:00-18:00"])], { precedence, policies })[0] ?? []);

const dailyAndWeekly = (counts: "unclaimed" | "all"): OvertimeInput => ({
  policies: [daily(), weekly({ counts })],
});

describe("counts", () => {
  it("leaves out what another policy claimed as overtime, unless all time counts", () => {
    const lengths = ["10:00", "10:00", "6:00"];
    expect(weekOf(lengths, dailyAndWeekly("unclaimed"))[2]).toBe("REG 4:00, WK 2:00"); // 8 + 8 + 4
    expect(weekOf(lengths, dailyAndWeekly("all"))[2]).toBe("WK 6:00"); // 10 + 10
  });

  it("its own claims raise its own count: that is what tiers are for", () => {
    const tiers = [
      { after: "8h", ...OT },
      { after: "9h", ...DT },
    ];
    expect(one(day(["08:00-18:00"]), daily({ tiers }))).toBe("REG 8:00, OT 1:00, DT 1:00");
  });
});

describe("precedence", () => {
  const low = daily({ name: "Low", tiers: [{ after: "8h", code: "LOW", rate: 1.25 }] });
  const high = daily({
    name: "High",
    tiers: [{ after: "9h", code: "HIGH", rate: 1.5 }],
    counts: "all",
  });
  const same = daily({ name: "Same", tiers: [{ after: "8h", code: "SAME", rate: 1.25 }] });

  it.each([
    ["highest-rate", [low, high], "REG 8:00, LOW 1:00, HIGH 1:00"],
    ["highest-rate", [high, low], "REG 8:00, LOW 1:00, HIGH 1:00"],
    ["first", [low, high], "REG 8:00, LOW 2:00"],
    ["first", [high, low], "REG 8:00, LOW 1:00, HIGH 1:00"],
    ["highest-rate", [low, same], "REG 8:00, LOW 2:00"],
    ["highest-rate", [same, low], "REG 8:00, SAME 2:00"],
  ] as const)("%s", (precedence, policies, expected) => {
    expect(ranked(precedence, ...policies)).toBe(expected);
  });
});

describe("contributes", () => {
  const tiles = [
    "08:00-12:00",
    "12:00-12:30 lunch paid",
    "12:30-13:00 break paid",
    "13:00-13:30 break",
    "13:30-18:00",
  ];

  it.each([
    [{}, "REG 8:00, OT 1:30"],
    [{ paidLunches: false }, "REG 8:30, OT 1:00"],
    [{ paidBreaks: false }, "REG 8:30, OT 1:00"],
    [{ paidLunches: false, paidBreaks: false }, "REG 9:00, OT 0:30"],
    [{ work: false }, "REG 9:30"],
  ])("%j: %s", (contributes, expected) => {
    expect(one(day(tiles), daily({ contributes }))).toBe(expected);
  });

  it("never claims what it does not see", () => {
    const paid = ["08:00-17:00", "17:00-17:30 break paid", "17:30-18:00"];
    expect(one(day(paid), daily({ contributes: { paidBreaks: false } }))).toBe("REG 8:30, OT 1:30");
  });

  it("only time booked where it says, while `where` decides what is claimed of it", () => {
    const texts = (job: string): DayText => day(["08:00-18:00"], { labels: { job } });
    const where = { job: ["crane", "dock"] };
    expect(one(texts("crane"), daily({ contributes: { where } }))).toBe("REG 8:00, OT 2:00");
    expect(one(texts("desk"), daily({ contributes: { where } }))).toBe("REG 10:00");
    expect(one(texts("desk"), daily({ where }))).toBe("REG 10:00");
    const [desk] = sheetOf([texts("desk")], ruleSet()).days[0]!.tiles;
    const crane = {
      ...desk!,
      labels: { job: "crane" },
      fromAt: desk!.toAt,
      toAt: desk!.toAt + 3_600_000,
    };
    const both = day([], { more: { tiles: [desk!, crane] } });
    expect(one(both, daily({ where }))).toBe("REG 10:00, OT 1:00"); // ten hours at the desk counted
    expect(one(both, daily({ contributes: { where } }))).toBe("REG 11:00"); // one hour counted
  });
});

const credit = (more: Partial<Credit> = {}): Credits => ({
  [MONDAY]: [
    {
      kind: "holiday",
      code: "HOL",
      seconds: 7200,
      isPaid: true,
      contributes: true,
      factIds: [],
      policy: "Holidays",
      reason: "holiday",
      ...more,
    },
  ],
});

const credited = (credits: Credits, policy: PolicyInput): string[] =>
  claimsOn(workedDays(["7:00", "7:00", "7:00"]), { policies: [policy] }, credits).map(spelled);

describe("credits", () => {
  it("raise the count from the day's start on, and are claimed by nobody", () => {
    expect(credited(credit(), daily())[0]).toBe("REG 6:00, OT 1:00");
    expect(credited(credit(), weekly())).toEqual(["REG 7:00", "REG 7:00", "REG 4:00, WK 3:00"]);
  });

  it.each([
    ["that do not contribute", credit({ contributes: false })],
    ["that do not say", credit({ contributes: undefined })],
    ["that are unpaid", credit({ isPaid: false })],
  ])("raise nothing: those %s", (_, credits) => {
    expect(credited(credits, daily())[0]).toBe("REG 7:00");
  });

  it("raise nothing where a policy does not want them, or only time booked somewhere", () => {
    expect(credited(credit(), daily({ contributes: { credits: false } }))[0]).toBe("REG 7:00");
    expect(credited(credit(), daily({ contributes: { where: { job: ["x"] } } }))[0]).toBe(
      "REG 7:00",
    );
    expect(credited(credit(), daily({ scope: "shift" }))[0]).toBe("REG 7:00"); // they belong to no shift
  });
});

describe("minimum", () => {
  const minimum = daily({ minimum: "30min" });

  it.each([
    ["08:00-16:29:59", "REG 8:29:59"],
    ["08:00-16:30", "REG 8:00, OT 0:30"],
  ])("%s: %s", (tile, expected) => {
    expect(one(day([tile]), minimum)).toBe(expected);
  });

  it("what a policy gives up falls to the others", () => {
    const other = daily({ name: "Other", tiers: [{ after: "8h", code: "LOW", rate: 1.25 }] });
    expect(one(day(["08:00-16:20"]), minimum, other)).toBe("REG 8:00, LOW 0:20");
    expect(one(day(["08:00-16:30"]), minimum, other)).toBe("REG 8:00, OT 0:30");
  });

  it("of two that fall short, the higher gives up first, which may lift the lower over its own", () => {
    const high = daily({
      name: "High",
      tiers: [{ after: "8h 20min", ...DT }],
      minimum: "30min",
      counts: "all",
    });
    const low = daily({ minimum: "30min" });
    expect(one(day(["08:00-16:40"]), low, high)).toBe("REG 8:00, OT 0:40");
    expect(one(day(["08:00-16:40"]), high, low)).toBe("REG 8:00, OT 0:40");
  });

  it("what was given up counts as regular time of the week", () => {
    const policies = [
      daily({ minimum: "1h" }),
      weekly({ tiers: [{ after: "16h", code: "WK", rate: 1.25 }] }),
    ];
    expect(weekOf(["8:30", "9:00"], { policies })).toEqual(["REG 8:30", "REG 7:30, WK 1:30"]);
  });
});

describe("tolerance", () => {
  it.each([
    ["all", "8:10", "REG 8:10"],
    ["all", "8:10:01", "REG 8:00, OT 0:10:01"],
    ["excess", "8:10", "REG 8:10"],
    ["excess", "8:10:01", "REG 8:10, OT 0:00:01"],
  ] as const)("beyond it %s: %s is %s", (beyondTolerance, length, expected) => {
    const policies = [daily({ tolerance: "10min", beyondTolerance })];
    expect(weekOf([length], { policies })).toEqual([expected]);
  });

  it("holds for each day anew", () => {
    const policies = [weekly({ tolerance: "10min", beyondTolerance: "excess" })];
    expect(weekOf(["20:05", "0:15"], { policies })).toEqual(["REG 20:05", "REG 0:10, WK 0:05"]);
  });

  it("is used up only by time that could be claimed", () => {
    const policy = daily({ tolerance: "1h", beyondTolerance: "excess", where: { job: ["crane"] } });
    const [desk] = sheetOf([day(["00:00-09:00"])], ruleSet()).days[0]!.tiles;
    const crane = {
      ...desk!,
      labels: { job: "crane" },
      fromAt: desk!.toAt,
      toAt: desk!.toAt + 5_400_000,
    };
    expect(one(day([], { more: { tiles: [desk!, crane] } }), policy)).toBe("REG 10:00, OT 0:30");
  });
});

const word = (more: Partial<ApprovalFact>): ApprovalFact => ({
  kind: "approval",
  approvalId: "a",
  decidedAt: 1000,
  on: MONDAY,
  policy: "Daily",
  seconds: 7200,
  decision: "approved",
  by: "boss",
  ...more,
});

const standing = (approvals: readonly ApprovalFact[], needsApproval = true): Claim["approval"][] =>
  claimsOn([day(["08:00-17:00", "18:00-19:00"], { approvals })], {
    policies: [daily({ needsApproval })],
  })[0]!.map((claim) => claim.approval);

describe("approval", () => {
  it.each([
    ["nobody said a word", [], "pending"],
    ["approved", [word({})], "approved"],
    ["rejected", [word({ decision: "rejected" })], "rejected"],
    ["given for another length", [word({ seconds: 7199 })], "lapsed"],
    ["rejected for another length", [word({ decision: "rejected", seconds: 7201 })], "lapsed"],
    ["given for another policy", [word({ policy: "Weekly" })], "pending"],
    [
      "taken back later",
      [word({}), word({ approvalId: "b", decidedAt: 2000, decision: "rejected" })],
      "rejected",
    ],
    [
      "given again later",
      [word({ decidedAt: 2000 }), word({ approvalId: "b", decision: "rejected" })],
      "approved",
    ],
    [
      "outdated by a later one",
      [word({}), word({ approvalId: "b", decidedAt: 2000, seconds: 1 })],
      "lapsed",
    ],
    [
      "both at one instant: the id decides",
      [word({ approvalId: "b" }), word({ decision: "rejected" })],
      "approved",
    ],
    [
      "the same in another order",
      [word({ decision: "rejected" }), word({ approvalId: "b" })],
      "approved",
    ],
  ] as const)("%s", (_, approvals, expected) => {
    // the two pieces of overtime stand and fall together; regular time needs nobody
    expect(standing(approvals)).toEqual(["not-needed", expected, expected]);
  });

  it("is not asked for where no policy wants it", () => {
    expect(standing([], false)).toEqual(["not-needed", "not-needed", "not-needed"]);
  });
});

describe("rounding up of a total", () => {
  const roundedUp = { seconds: 900, policy: "Quarter", reason: "day total to 15 min" };
  const lastAt = Date.parse(`${MONDAY}T16:45:00Z`);

  it("stands at the end of the last paid tile, without a stretch, and counts", () => {
    const text = day(["08:00-16:45", "16:45-17:00 break"], { more: { roundedUp } });
    const regular = claimsOn([text], {})[0]!.at(-1);
    expect(regular).toMatchObject({
      code: "REG",
      fromAt: lastAt,
      toAt: lastAt,
      seconds: 900,
      policy: "Quarter",
      reason: "day total to 15 min",
    });
    expect(one(text, daily({ tiers: [{ after: "8h 50min", ...OT }] }))).toBe("REG 8:50, OT 0:10");
  });

  it("is not lost on a day without paid time", () => {
    const texts = [day(["08:00-08:30 break"], { more: { roundedUp } })];
    expect(claimsOn(texts, {})[0]).toMatchObject([
      { fromAt: Date.parse(`${MONDAY}T08:30:00Z`), seconds: 900 },
    ]);
    expect(claimsOn([day([], { more: { roundedUp } })], {})[0]).toMatchObject([{ seconds: 900 }]);
  });

  it("lies at no time, and so never outside of a plan", () => {
    const policy: PolicyInput = {
      kind: "over-schedule",
      name: "Plan",
      measure: "time",
      tiers: [OT],
    };
    expect(one(day(["08:00-09:00"], { more: { roundedUp } }), policy)).toBe("OT 1:00, REG 0:15");
  });
});

const under = (sheet: Sheet, from: number, overtime: OvertimeInput): Sheet => {
  const rules = ruleSet({ overtime });
  const days = sheet.days.map((each, index): Day => (index < from ? each : { ...each, rules }));
  return { ...sheet, days, at: (number) => days[number - days[0]!.day] };
};

describe("a change of rules within a week", () => {
  const lengths = workedDays(["10:00", "10:00", "6:00"]);

  it("finds the week's count from the days as they were decided", () => {
    const before = sheetOf(lengths, ruleSet({ overtime: { policies: [daily()] } }));
    const after = { policies: [daily(), weekly()] };
    expect(claimsOf(under(before, 2, after)).map(spelled)[2]).toBe("REG 4:00, WK 2:00");
    const all = { policies: [weekly({ counts: "all" })] };
    expect(claimsOf(under(before, 2, all)).map(spelled)[2]).toBe("WK 6:00");
  });

  it("leaves out of a plan's week the days that the new policy skips", () => {
    const before = sheetOf(lengths, ruleSet());
    const policies: PolicyInput[] = [
      { kind: "over-schedule", name: "Plan", measure: "week", withoutPlan: "skip", tiers: [OT] },
    ];
    const [day0, day1, day2] = under(before, 2, { policies }).days;
    const plans = [{ seconds: 14_400, startAt: 0, endAt: 0 } as PlannedShift];
    const planned = (...days: Day[]): string => {
      const at = (number: number): Day | undefined => days[number - days[0]!.day];
      return claimsOf({ ...before, days, at }).map(spelled)[2]!;
    };
    expect(planned(day0!, day1!, { ...day2!, plans })).toBe("REG 4:00, OT 2:00");
    expect(planned(day0!, { ...day1!, plans }, { ...day2!, plans })).toBe("OT 6:00"); // 8 h planned, 10 h worked
  });

  it("makes no difference to policies that stay, under whatever rules the days before were", () => {
    const policies = [weekly({ tiers: [{ after: "9h", code: "WK", rate: 1.25 }] })];
    const before = sheetOf(lengths, ruleSet({ overtime: { policies } }));
    expect(claimsOf(under(before, 1, { policies })).map(spelled)).toEqual(
      claimsOf(before).map(spelled),
    );
    const none = sheetOf(lengths, ruleSet());
    expect(claimsOf(under(none, 1, { policies })).map(spelled)).toEqual([
      "REG 10:00",
      "WK 10:00",
      "WK 6:00",
    ]);
  });
});

describe("a day that fails", () => {
  it("leaves the counts as they were", () => {
    const feast: PolicyInput = { kind: "holiday", name: "Feast", tiers: [DT] };
    const { days, ...sheet } = sheetOf(
      workedDays(["12:00", "9:00", "12:00"]),
      ruleSet({ overtime: { policies: [weekly(), feast] } }),
    );
    const decide = createOvertime({ ...sheet, days });
    decide(days[0]!, []);
    const broken: Day = {
      ...days[1]!,
      get holiday(): never {
        throw new Error("broken");
      },
    };
    expect(() => decide(broken, [])).toThrow("broken");
    expect(spelled(decide(days[2]!, []))).toBe("REG 8:00, WK 4:00"); // 12 + 8, as if the day between were not
  });
});

const reach = (...policies: PolicyInput[]): object =>
  overtimeReach(ruleSet({ overtime: { policies } }));

describe("reach", () => {
  const row = (nth: number, reset: "rolling" | "week"): PolicyInput => ({
    kind: "consecutive-days",
    name: "Row",
    nth,
    reset,
    tiers: [OT],
  });

  it.each([
    [[], 0, 0],
    [[daily()], 0, 0],
    [[weekly()], 6, 0],
    [[weekly({ counts: "all" })], 6, 0],
    [[daily({ scope: "shift" })], 2, 0],
    [[row(7, "week")], 6, 0],
    [[row(12, "rolling")], 11, 0],
    [[weekly(), row(7, "rolling")], 12, 0],
    [[{ kind: "weekly-days", name: "D", nth: 2, tiers: [OT] }], 6, 0],
    [[{ kind: "bi-weekly", name: "Two", anchor: MONDAY, tiers: [OT] }], 13, 0],
    [[weekly(), { kind: "n-weekly", name: "N", weeks: 12, anchor: MONDAY, tiers: [OT] }], 83, 0],
    [[{ kind: "over-schedule", name: "P", tiers: [OT] }], 0, 0],
    [[{ kind: "over-schedule", name: "P", measure: "week", tiers: [OT] }], 6, 6],
  ] as [PolicyInput[], number, number][])("%#: %j", (policies, back, ahead) => {
    expect(reach(...policies)).toEqual({ back, ahead });
  });
});
