import { describe, expect, it } from "vitest";
import {
  type DayIn,
  type PremiumInput,
  paidFor,
  premiumsOn,
  spelled,
} from "../../../test/support/premiums.ts";

// When the windows of a policy are open. Berlin time unless said otherwise. 2026-01-12 is a Monday.

const night = (more: object = {}): PremiumInput => ({
  kind: "night",
  name: "Night",
  code: "N",
  factor: 0.25,
  ...more,
});
const late = (more: object = {}): PremiumInput => ({
  kind: "window",
  name: "Late",
  code: "L",
  factor: 0.1,
  ...more,
});
const weekend = (more: object = {}): PremiumInput => ({
  kind: "weekend",
  name: "Weekend",
  code: "W",
  factor: 0.5,
  ...more,
});
const holiday = (more: object = {}): PremiumInput => ({
  kind: "holiday",
  name: "Holiday",
  code: "H",
  factor: 1.25,
  ...more,
});
const monday = (tiles: string): DayIn => ({ on: "2026-01-12", shifts: [tiles] });

describe("a window of times of day", () => {
  it.each([
    // own reasoning: the part of the work inside, to the second
    ["14:00-20:00", "Late 18:00-20:00 2:00"],
    ["14:00-18:00", ""],
    ["14:00-18:00:01", "Late 18:00-18:00:01 0:00:01"],
    ["17:59:59-18:00:01", "Late 18:00-18:00:01 0:00:01"],
    ["21:59:59-23:00", "Late 21:59:59-22:00 0:00:01"],
    ["22:00-23:00", ""],
    ["12:00-18:30 18:30-19:00/break 19:00-23:00", "Late 18:00-18:30 0:30, Late 19:00-22:00 3:00"],
  ])("18:00 to 22:00 and work %s pays %s", (tiles, paid) => {
    expect(paidFor(monday(tiles), late({ from: "18:00", to: "22:00" }))).toBe(paid);
  });

  it("not ending after it begins, it ends on the next day; equal times are a whole day", () => {
    expect(paidFor(monday("20:00-08:00"), late({ from: "22:00", to: "06:00" }))).toBe(
      "Late 22:00-06:00 8:00",
    );
    expect(paidFor(monday("20:00-08:00"), late({ from: "12:00", to: "12:00" }))).toBe(
      "Late 20:00-08:00 12:00",
    );
    expect(paidFor(monday("20:00-08:00"), late({ from: "00:00", to: "24:00" }))).toBe(
      "Late 20:00-08:00 12:00",
    );
    expect(paidFor(monday("20:00-08:00"), late({ from: "24:00", to: "06:00" }))).toBe(
      "Late 00:00-06:00 6:00",
    );
  });

  it("belongs to the weekday it begins on, also after midnight", () => {
    const monOnly = late({ from: "22:00", to: "06:00", weekdays: ["mon"] });
    expect(paidFor(monday("20:00-08:00"), monOnly)).toBe("Late 22:00-06:00 8:00");
    expect(paidFor(monday("01:00-08:00"), monOnly)).toBe(""); // Sunday's night
    expect(paidFor({ on: "2026-01-13", shifts: ["01:00-08:00"] }, monOnly)).toBe(
      "Late 01:00-06:00 5:00",
    );
  });

  it("may be open on some dates only, both included", () => {
    const fair = late({ fromOn: "2026-01-13", toOn: "2026-01-14", from: "22:00", to: "02:00" });
    const nights = ["2026-01-12", "2026-01-13", "2026-01-14", "2026-01-15"].map((on) =>
      paidFor({ on, shifts: ["20:00-04:00"] }, fair),
    );
    expect(nights).toEqual(["", "Late 22:00-02:00 4:00", "Late 22:00-02:00 4:00", ""]);
    const open = (dates: object) => (on: string) =>
      paidFor({ on, shifts: ["08:00-09:00"] }, late(dates)) !== "";
    expect(["2026-01-12", "2026-01-13"].map(open({ fromOn: "2026-01-13" }))).toEqual([false, true]);
    expect(["2026-01-13", "2026-01-14"].map(open({ toOn: "2026-01-13" }))).toEqual([true, false]);
  });

  it("may be open on dates of every year, also over the turn of the year", () => {
    const on = (dates: object) => (date: string) =>
      paidFor({ on: date, shifts: ["08:00-09:00"] }, late(dates)) !== "";
    // § 3b EStG: 24 December from 14:00 has a rate of its own every year
    const eve = late({ fromOn: "12-24", toOn: "12-24", from: "14:00" });
    expect(paidFor({ on: "2031-12-24", shifts: ["12:00-18:00"] }, eve)).toBe(
      "Late 14:00-18:00 4:00",
    );
    expect(paidFor({ on: "2031-12-25", shifts: ["12:00-18:00"] }, eve)).toBe("");
    const winter = on({ fromOn: "12-20", toOn: "01-06" });
    expect(
      ["2026-12-19", "2026-12-20", "2027-01-06", "2027-01-07", "2027-07-01"].map(winter),
    ).toEqual([false, true, true, false, false]);
  });

  it("may depend on whether the date it begins on is a holiday", () => {
    const days: DayIn[] = [
      { on: "2026-05-01", holiday: "Labour Day", shifts: ["20:00-03:00"] },
      { on: "2026-05-02", shifts: ["20:00-03:00"] },
    ];
    const paid = (holidays: string): string[] =>
      premiumsOn(days, [night({ holidays }), late({ from: "00:00", holidays })]).map((each) =>
        spelled(each),
      );
    expect(paid("any")).toEqual(
      [
        "Night 22:00-03:00 5:00, Late 20:00-03:00 7:00",
        "Night 22:00-03:00 5:00, Late 20:00-03:00 7:00",
      ].map((text) => text.split(", ").toReversed().join(", ")),
    );
    // the night belongs to the holiday as a whole; of the all-day window only the part on the date
    expect(paid("only")).toEqual(["Late 20:00-00:00 4:00, Night 22:00-03:00 5:00", ""]);
    expect(paid("never")).toEqual([
      "Late 00:00-03:00 3:00",
      "Late 20:00-03:00 7:00, Night 22:00-03:00 5:00",
    ]);
  });

  it("may be for those only who began before it", () => {
    // § 3b (3) No. 1 EStG: 40 % from 00:00 to 04:00 if the night work was taken up before 00:00
    const deep = late({ factor: 0.4, from: "00:00", to: "04:00", begunBefore: true });
    expect(paidFor(monday("23:59:59-06:00"), deep)).toBe("Late 00:00-04:00 4:00");
    expect(paidFor({ on: "2026-01-13", shifts: ["00:00-06:00"] }, deep)).toBe("");
  });
});

describe("a night", () => {
  it("is from 22:00 to 06:00 by default, and any other by its parameters", () => {
    expect(paidFor(monday("18:00-10:00"), night())).toBe("Night 22:00-06:00 8:00");
    // § 2 (3) ArbZG: night time is 23:00 to 06:00
    expect(paidFor(monday("18:00-10:00"), night({ from: "23:00" }))).toBe("Night 23:00-06:00 7:00");
    // 5 CFR 550.121: 18:00 to 06:00
    expect(paidFor(monday("16:00-00:00"), night({ from: "18:00", to: "06:00" }))).toBe(
      "Night 18:00-00:00 6:00",
    );
    expect(paidFor(monday("04:00-08:00"), night({ weekdays: ["sun"] }))).toBe(
      "Night 04:00-06:00 2:00",
    );
  });
});

describe("a weekend", () => {
  const days: DayIn[] = [
    { on: "2026-01-16", shifts: ["14:00-04:00"] }, // Friday
    { on: "2026-01-17", shifts: ["20:00-02:00"] },
    { on: "2026-01-18", shifts: ["20:00-08:00"] },
  ];
  const paid = (more: object): string[] =>
    premiumsOn(days, [weekend(more)]).map((each) => spelled(each));

  it("is Saturday and Sunday by the dates on the wall, whatever the workday", () => {
    expect(paid({})).toEqual([
      "Weekend 00:00-04:00 4:00",
      "Weekend 20:00-02:00 6:00",
      "Weekend 20:00-00:00 4:00",
    ]);
  });

  it("may begin and end at any time of any day, in one piece", () => {
    expect(paid({ startsOn: "fri", from: "18:00", endsOn: "mon", to: "06:00" })).toEqual([
      "Weekend 18:00-04:00 10:00",
      "Weekend 20:00-02:00 6:00",
      "Weekend 20:00-06:00 10:00",
    ]);
    // Sunday alone, § 3b (2) EStG: from 00:00 to 24:00 of the day
    expect(paid({ startsOn: "sun" })).toEqual([
      "",
      "Weekend 00:00-02:00 2:00",
      "Weekend 20:00-00:00 4:00",
    ]);
    expect(paid({ startsOn: "sat", from: "22:00", endsOn: "fri", to: "15:00" })).toEqual([
      "Weekend 14:00-15:00 1:00",
      "Weekend 22:00-02:00 4:00",
      "Weekend 20:00-08:00 12:00",
    ]);
  });

  it("may run over for those who began before its end", () => {
    // § 3b (3) No. 2 EStG: 00:00 to 04:00 of Monday counts as Sunday work if taken up before 00:00
    const sunday = { startsOn: "sun", runsOver: "4h" };
    expect(paid(sunday)[2]).toBe("Weekend 20:00-04:00 8:00");
    // also where the next one begins before it is over
    const long = { startsOn: "mon", from: "06:00", endsOn: "sun", runsOver: "4h" };
    expect(paid(long)[2]).toBe("Weekend 20:00-04:00 8:00, Weekend 06:00-08:00 2:00");
    const moved = { on: "2026-01-18", shifts: ["20:00-00:00@hall 00:00-05:00@bar"] };
    expect(paidFor(moved, weekend({ ...long, where: { branch: ["bar"] } }))).toBe(
      "Weekend 00:00-04:00 4:00",
    );
    const next = { on: "2026-01-19", shifts: ["00:00-08:00"] };
    expect(paidFor(next, weekend(sunday))).toBe("");
  });
});

describe("a holiday", () => {
  const christmas: DayIn[] = [
    { on: "2026-12-24", shifts: ["22:00-06:00"] },
    { on: "2026-12-25", holiday: "Christmas Day", calendar: "de", shifts: ["22:00-06:00"] },
    { on: "2026-12-26", holiday: "St Stephen's Day", calendar: "de", shifts: ["22:00-06:00"] },
    { on: "2026-12-27" },
  ];
  const paid = (more: object): string[] =>
    premiumsOn(christmas, [holiday(more)]).map((each) => spelled(each));

  it("pays the hours on the date, or all of the workday", () => {
    // § 3b (2) EStG: holiday work is work from 00:00 to 24:00 of the day
    expect(paid({}).slice(0, 3)).toEqual([
      "Holiday 00:00-06:00 6:00",
      "Holiday 22:00-06:00 8:00",
      "Holiday 22:00-00:00 2:00",
    ]);
    expect(paid({ hours: "workday" }).slice(0, 3)).toEqual([
      "",
      "Holiday 22:00-06:00 8:00",
      "Holiday 22:00-06:00 8:00",
    ]);
  });

  it("may be one of some calendars or names", () => {
    expect(paid({ names: ["Christmas Day"] }).slice(0, 3)).toEqual([
      "Holiday 00:00-06:00 6:00",
      "Holiday 22:00-00:00 2:00",
      "",
    ]);
    expect(paid({ calendars: ["fr"] }).slice(0, 3)).toEqual(["", "", ""]);
    expect(paid({ calendars: ["fr", "de"], hours: "workday" })[1]).toBe("Holiday 22:00-06:00 8:00");
    expect(paid({ names: ["Easter"], hours: "workday" })[1]).toBe("");
  });

  it("may run over into the next date for those who began before", () => {
    // § 3b (3) No. 2 EStG
    expect(paid({ names: ["Christmas Day"], runsOver: "4h" }).slice(1, 3)).toEqual([
      "Holiday 22:00-04:00 6:00",
      "",
    ]);
    const two = premiumsOn(
      [
        { on: "2026-12-26", holiday: "St Stephen's Day" },
        { on: "2026-12-27", shifts: ["00:00-06:00"] },
      ],
      [holiday({ runsOver: "4h" })],
    );
    expect(two.map((each) => spelled(each))).toEqual(["", ""]);
  });

  it("names the holiday in the reason", () => {
    const reasons = premiumsOn(christmas, [holiday({ runsOver: "4h" })]).map(
      (each) => each[0]?.reason,
    );
    expect(reasons.slice(0, 3)).toEqual([
      "holiday: Christmas Day, rule 'Holiday'",
      "holiday: Christmas Day, rule 'Holiday'",
      "holiday: St Stephen's Day, rule 'Holiday'",
    ]);
  });
});
