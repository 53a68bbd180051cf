import { describe, expect, it } from "vitest";
import {
  type DayIn,
  type PremiumInput,
  paidFor,
  premiumsOn,
  type RulesInput,
  spelled,
} from "../../../test/support/premiums.ts";
import { ruleSet } from "../../../test/support/worktime.ts";
import { premiumsReach } from "./premiums.ts";

// What decides whether and for what a policy pays. Berlin time; 2026-01-12 is a Monday.

const night = (more: object = {}): PremiumInput => ({
  kind: "night",
  name: "Night",
  code: "N",
  factor: 0.25,
  ...more,
});
const all = (more: object = {}): PremiumInput => ({
  kind: "window",
  name: "All",
  code: "A",
  factor: 0.1,
  ...more,
});
const shift = (more: object = {}): PremiumInput => ({
  kind: "shift",
  name: "Shift",
  code: "S",
  factor: 0.15,
  ...more,
});
const day = (...shifts: NonNullable<DayIn["shifts"]>): DayIn => ({ on: "2026-01-12", shifts });
const week = (tiles: string, count = 7): DayIn[] =>
  Array.from({ length: count }, (_, index) => ({
    on: `2026-01-${12 + index}`,
    shifts: [tiles],
  }));
const paidIn = (days: readonly DayIn[], policy: PremiumInput, more: RulesInput = {}): string[] =>
  premiumsOn(days, [policy], more).map((each) => spelled(each));

describe("what a premium carries", () => {
  it("its rule's name, kind, code and factor, the labels and punches of the time, and a reason", () => {
    const [premiums = []] = premiumsOn([day("20:00-23:00@bar")], [night()]);
    expect(premiums).toEqual([
      {
        kind: "night",
        code: "N",
        factor: 0.25,
        fromAt: Date.parse("2026-01-12T22:00+01:00"),
        toAt: Date.parse("2026-01-12T23:00+01:00"),
        seconds: 3600,
        labels: { branch: "bar" },
        punchIds: ["2026-01-12 20:00", "2026-01-12 23:00"],
        policy: "Night",
        reason: "night: 22:00-06:00, rule 'Night'",
      },
    ]);
  });

  it.each([
    [
      night({ pays: "whole-shift", atLeast: "3h" }),
      "whole shift, 22:00-06:00, at least 3 h 00 min",
    ],
    [night({ overShare: 0.5 }), "over 50 % of the shift in 22:00-06:00"],
    [night({ weekdays: ["tue", "mon"] }), "22:00-06:00 mon tue"],
    [night({ from: "22:00:30", holidays: "never" }), "22:00:30-06:00 except holidays"],
    [
      night({ onlyAfter: { daily: "2h", weekly: "1h" } }),
      "22:00-06:00, over 2 h 00 min on the day, over 1 h 00 min in the week",
    ],
    [night({ during: "regular" }), "22:00-06:00, regular time only"],
  ])("reasons name the conditions: %o", (policy, text) => {
    const [premiums = []] = premiumsOn([day("20:00-06:00")], [policy]);
    expect(premiums[0]?.reason).toBe(`night: ${text}, rule 'Night'`);
  });

  it("nothing on a day without shifts or without policies", () => {
    expect(premiumsOn([{ on: "2026-01-12" }], [all()])).toEqual([[]]);
    expect(premiumsOn([day("08:00-12:00")], [])).toEqual([[]]);
    expect(premiumsReach(ruleSet())).toEqual({ back: 0, ahead: 0 });
  });
});

describe("which time a policy sees", () => {
  it("work, and paid breaks if told so; never deductions or unpaid breaks", () => {
    const mixed = day(
      "08:00-10:00 10:00-10:15/break-paid 10:15-12:00 12:00-12:30/deduction 12:30-13:00 13:00-14:00/lunch 14:00-15:00",
    );
    expect(paidFor(mixed, all())).toBe(
      "All 08:00-10:00 2:00, All 10:15-12:00 1:45, All 12:30-13:00 0:30, All 14:00-15:00 1:00",
    );
    expect(paidFor(mixed, all({ counts: "paid" }))).toContain("All 10:00-10:15 0:15");
    expect(paidFor(mixed, all({ counts: "paid" }))).not.toContain("All 12:00");
    expect(paidFor(mixed, all({ counts: "paid" }))).not.toContain("All 13:00");
  });

  it("time booked where it says", () => {
    const moved = day("20:00-23:00@bar 23:00-02:00@kitchen 02:00-03:00");
    expect(paidFor(moved, night({ where: { branch: ["bar"] } }))).toBe("Night 22:00-23:00 1:00");
    expect(paidFor(moved, night({ where: { branch: ["bar", "kitchen"] } }))).toBe(
      "Night 22:00-23:00 1:00, Night 23:00-02:00 3:00",
    );
    expect(paidFor(moved, night({ where: { job: ["bar"] } }))).toBe("");
  });

  it("regular time, or overtime, as the overtime rules decided", () => {
    const overtime: RulesInput = {
      overtime: {
        policies: [
          { kind: "daily", name: "Daily", tiers: [{ after: "8h", code: "OT", rate: 1.5 }] },
        ],
      },
    };
    const days = [day("18:00-04:00")];
    expect(paidIn(days, night(), overtime)).toEqual(["Night 22:00-04:00 6:00"]);
    // 5 U.S.C. 5343(f): the night differential of a wage employee is for non-overtime work
    expect(paidIn(days, night({ during: "regular" }), overtime)).toEqual([
      "Night 22:00-02:00 4:00",
    ]);
    expect(paidIn(days, night({ during: "overtime" }), overtime)).toEqual([
      "Night 02:00-04:00 2:00",
    ]);
  });
});

describe("pays, atLeast, overShare, partial", () => {
  it("atLeast: less in one shift pays nothing", () => {
    const some = night({ atLeast: "3h" });
    expect(paidFor(day("20:00-01:00"), some)).toBe("Night 22:00-01:00 3:00");
    expect(paidFor(day("20:00-00:59:59"), some)).toBe("");
    // two shifts do not make up for each other
    expect(paidFor(day("00:00-02:00", "22:00-00:30"), some)).toBe("");
  });

  it("whole-shift: enough hours inside pay all hours of the shift", () => {
    // Directive 2003/88/EC Art. 2 (4): a night worker works at least three hours of the daily time at night
    const worker = night({ pays: "whole-shift", atLeast: "3h" });
    expect(paidFor(day("17:00-21:00 21:00-21:30/break 21:30-01:00"), worker)).toBe(
      "Night 17:00-21:00 4:00, Night 21:30-01:00 3:30",
    );
    expect(paidFor(day("17:00-00:59:59"), worker)).toBe("");
    expect(paidFor(day("08:00-12:00", "21:00-02:00"), worker)).toBe("Night 21:00-02:00 5:00");
    expect(paidFor(day("17:00-22:00"), night({ pays: "whole-shift" }))).toBe("");
    expect(paidFor(day("17:00-22:00:01"), night({ pays: "whole-shift" }))).toBe(
      "Night 17:00-22:00:01 5:00:01",
    );
  });

  it("overShare: the greater part must lie inside", () => {
    // 5 CFR 532.505: 7.5 % for all regular hours if the majority falls between 15:00 and 24:00
    const second = all({
      from: "15:00",
      to: "24:00",
      pays: "whole-shift",
      overShare: 0.5,
      factor: 0.075,
    });
    expect(paidFor(day("11:00-19:00"), second)).toBe(""); // exactly half
    expect(paidFor(day("11:00-19:00:01"), second)).toBe("All 11:00-19:00:01 8:00:01");
    expect(paidFor(day("11:00-19:00:01"), { ...second, pays: "hours" } as PremiumInput)).toBe(
      "All 15:00-19:00:01 4:00:01",
    );
  });

  it("partial false: a stretch between in and out counts only if all of it is inside", () => {
    // TimeTrex's "include partial punches"; a transfer or a deduction does not end a stretch, a break does
    const full = all({ from: "18:00", to: "22:00", partial: false });
    expect(paidFor(day("17:00-19:00 19:00-19:30/break 19:30-21:00"), full)).toBe(
      "All 19:30-21:00 1:30",
    );
    expect(paidFor(day("18:00-22:00"), full)).toBe("All 18:00-22:00 4:00");
    expect(paidFor(day("18:00-22:00:01"), full)).toBe("");
    expect(paidFor(day("17:59:59-20:00"), full)).toBe("");
    expect(paidFor(day("17:00-18:30@bar 18:30-20:00@hall"), full)).toBe("");
    expect(paidFor(day("17:00-18:30 18:30-19:00/deduction 19:00-20:00"), full)).toBe("");
    expect(
      paidFor(day("18:00-19:00 19:00-19:15/break-paid"), {
        ...full,
        counts: "paid",
      } as PremiumInput),
    ).toBe("All 18:00-19:00 1:00, All 19:00-19:15 0:15");
    // one break, in two tiles
    expect(
      paidFor(day("17:45-18:00/break-paid 18:00-18:15/break-paid"), {
        ...full,
        counts: "paid",
      } as PremiumInput),
    ).toBe("");
  });
});

const cut = (first: string, second: string): DayIn[] => [
  { on: "2026-01-12", shifts: [{ tiles: first, more: { shiftId: "x", isEnd: false } }] },
  {
    on: "2026-01-13",
    shifts: [
      {
        tiles: second,
        more: {
          shiftId: "x",
          isStart: false,
          startAt: Date.parse(`2026-01-12T${first.slice(0, 5)}+01:00`),
        },
      },
    ],
  },
];

describe("a shift cut at midnight", () => {
  it("is one shift for whatever looks at shifts, each part paid on its day", () => {
    const parts = cut("22:00-24:00", "00:00-01:00");
    expect(paidIn(parts, night({ atLeast: "3h" }))).toEqual([
      "Night 22:00-00:00 2:00",
      "Night 00:00-01:00 1:00",
    ]);
    expect(paidIn(parts, night({ atLeast: "3h 1s" }))).toEqual(["", ""]);
    expect(paidIn(parts, night({ partial: false, from: "22:00", to: "00:00" }))).toEqual(["", ""]);
    expect(paidIn(cut("21:00-24:00", "00:00-01:00"), shift({ startsFrom: "20:00" }))).toEqual([
      "Shift 21:00-00:00 3:00",
      "Shift 00:00-01:00 1:00",
    ]);
    expect(paidIn(parts, all({ from: "00:00", to: "04:00", begunBefore: true }))).toEqual([
      "",
      "All 00:00-01:00 1:00",
    ]);
  });

  it("is paid an amount once, where it ends", () => {
    const allowance = night({ factor: null, credits: "30min" });
    expect(paidIn(cut("21:00-24:00", "00:00-01:00"), allowance)).toEqual(["", "Night @01:00 0:30"]);
    const evening = all({ factor: null, from: "20:00", to: "24:00" });
    expect(paidIn(cut("21:00-24:00", "00:00-01:00"), evening)).toEqual(["", "All @01:00 0:00"]);
  });
});

describe("an amount per shift", () => {
  it("is one premium without a stretch, whatever qualifies", () => {
    const allowance = night({ factor: null });
    const [premiums = []] = premiumsOn(
      [day("20:00-23:00 23:00-23:30/break 23:30-02:00@bar")],
      [allowance],
    );
    expect(spelled(premiums)).toBe("Night @02:00 0:00");
    expect(premiums[0]).toMatchObject({ factor: null, labels: { branch: "bar" } });
    expect(premiums[0]?.punchIds).toHaveLength(4);
    expect(paidFor(day("20:00-22:00"), allowance)).toBe("");
    expect(paidFor(day("00:00-01:00", "22:00-23:00"), night({ factor: null, credits: "1h" }))).toBe(
      "Night @01:00 1:00, Night @23:00 1:00",
    );
  });
});

const afterDay = (more: object = {}): PremiumInput => all({ onlyAfter: { daily: "8h" }, ...more });
const afterWeek = (of: string): PremiumInput => all({ onlyAfter: { weekly: "20h", of } });

describe("onlyAfter", () => {
  it("daily: pays what lies beyond so much work of the day, wherever it was booked", () => {
    expect(paidFor(day("08:00-12:00 12:00-13:00/break 13:00-18:00"), afterDay())).toBe(
      "All 17:00-18:00 1:00",
    );
    expect(paidFor(day("08:00-16:00"), afterDay())).toBe("");
    expect(paidFor(day("08:00-16:00:01"), afterDay())).toBe("All 16:00-16:00:01 0:00:01");
    expect(
      paidFor(
        day("08:00-13:00@bar", "14:00-19:00@hall"),
        afterDay({ where: { branch: ["hall"] } }),
      ),
    ).toBe("All 17:00-19:00 2:00");
    expect(
      paidFor(day("08:00-14:00 14:00-16:00/break-paid 16:00-18:00"), afterDay({ counts: "paid" })),
    ).toBe("All 16:00-18:00 2:00");
  });

  it("weekly: pays what lies beyond so much work of the week", () => {
    const days = week("08:00-16:00");
    expect(paidIn(days, all({ onlyAfter: { weekly: "40h" } }))).toEqual([
      "",
      "",
      "",
      "",
      "",
      "All 08:00-16:00 8:00",
      "All 08:00-16:00 8:00",
    ]);
    expect(paidIn(days, all({ onlyAfter: { weekly: "39h" } }))[4]).toBe("All 15:00-16:00 1:00");
    expect(
      paidIn(days, all({ onlyAfter: { weekly: "30h" } }), { premiums: { weekStartsOn: "wed" } }),
    ).toEqual(["", "", "", "", "", "All 14:00-16:00 2:00", "All 08:00-16:00 8:00"]);
  });

  it("both must be exceeded", () => {
    const both = all({ onlyAfter: { weekly: "36h", daily: "6h" } });
    expect(paidIn(week("08:00-16:00"), both).slice(3, 6)).toEqual([
      "",
      "All 14:00-16:00 2:00",
      "All 14:00-16:00 2:00",
    ]);
  });

  it("of regular: adds up what the overtime rules left regular", () => {
    // TimeTrex's "active after daily/weekly (regular) hours"
    const overtime: RulesInput = {
      overtime: {
        policies: [
          { kind: "daily", name: "Daily", tiers: [{ after: "6h", code: "OT", rate: 1.5 }] },
        ],
      },
    };
    const days = week("08:00-16:00", 4);
    expect(paidIn(days, afterWeek("counted"), overtime)).toEqual([
      "",
      "",
      "All 12:00-16:00 4:00",
      "All 08:00-16:00 8:00",
    ]);
    // what follows is paid though it is not regular itself
    const daily = all({ onlyAfter: { daily: "6h", of: "regular" } });
    expect(paidIn(days, daily, overtime)[0]).toBe("All 14:00-16:00 2:00");
    const never = all({ onlyAfter: { daily: "6h 1s", of: "regular" } });
    expect(paidIn(days, never, overtime)[0]).toBe("");
    expect(paidIn(days, afterWeek("regular"), overtime)).toEqual([
      "",
      "",
      "",
      "All 10:00-16:00 6:00",
    ]);
  });
});
