import { describe, expect, it } from "vitest";
import {
  type DayIn,
  type PremiumInput,
  paidFor,
  premiumsOn,
  type RulesInput,
  spelled,
} from "../../../test/support/premiums.ts";

// How much a policy pays at most, and which of several. Berlin time; 2026-01-12 is a Monday.

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
const day = (...shifts: NonNullable<DayIn["shifts"]>): DayIn => ({ on: "2026-01-12", shifts });
const week = (tiles: string, count = 7): DayIn[] =>
  Array.from({ length: count }, (_, index) => ({
    on: `2026-01-${12 + index}`,
    shifts: [tiles],
  }));
const paidIn = (days: readonly DayIn[], policy: PremiumInput, more: RulesInput = {}): string[] =>
  premiumsOn(days, [policy], more).map((each) => spelled(each));
const sunday = (more: object = {}): PremiumInput => ({
  kind: "weekend",
  name: "Sunday",
  code: "SU",
  factor: 0.5,
  startsOn: "sun",
  ...more,
});

describe("limits", () => {
  it("pay the earliest time of a day or week up to them", () => {
    expect(
      paidFor(day("05:00-07:00", "20:00-02:00"), night({ limits: { secondsADay: "90min" } })),
    ).toBe("Night 05:00-06:00 1:00, Night 22:00-22:30 0:30");
    const days = week("22:00-06:00", 4);
    expect(paidIn(days, night({ limits: { secondsAWeek: "20h" } }))).toEqual([
      "Night 22:00-06:00 8:00",
      "Night 22:00-06:00 8:00",
      "Night 22:00-02:00 4:00",
      "",
    ]);
    expect(paidIn(days, night({ limits: { secondsAWeek: "10h", secondsADay: "7h" } }))).toEqual([
      "Night 22:00-05:00 7:00",
      "Night 22:00-01:00 3:00",
      "",
      "",
    ]);
    expect(
      paidIn(days, night({ limits: { secondsAWeek: "8h" } }), {
        premiums: { weekStartsOn: "wed" },
      }),
    ).toEqual(["Night 22:00-06:00 8:00", "", "Night 22:00-06:00 8:00", ""]);
  });

  it("of a week count what the policy itself was paid", () => {
    const days = week("22:00-06:00", 2);
    const limited = night({ limits: { secondsAWeek: "12h" } });
    expect(premiumsOn(days, [all(), limited]).map((each) => spelled(each))[1]).toBe(
      "Night 22:00-02:00 4:00, All 22:00-06:00 8:00",
    );
  });

  it("pay so many times a day or week, where it is paid by the time", () => {
    const twice = day("00:00-01:00", "22:00-23:00");
    expect(paidFor(twice, night({ factor: null, limits: { timesADay: 1 } }))).toBe(
      "Night @01:00 0:00",
    );
    const days = week("22:00-06:00", 4);
    expect(paidIn(days, night({ factor: null, limits: { timesAWeek: 2 } }))).toEqual([
      "Night @06:00 0:00",
      "Night @06:00 0:00",
      "",
      "",
    ]);
    const credited = night({ factor: null, credits: "1h", limits: { secondsAWeek: "90min" } });
    expect(paidIn(days, credited)).toEqual(["Night @06:00 1:00", "Night @06:00 0:30", "", ""]);
  });
});

describe("an exclusive group", () => {
  const on: DayIn = { on: "2026-01-18", shifts: ["20:00-04:00"] };

  it("pays each second by its highest factor; outside it all pay side by side", () => {
    expect(paidFor(on, night(), sunday())).toBe("Sunday 20:00-00:00 4:00, Night 22:00-04:00 6:00");
    const exclusive = "best";
    expect(paidFor(on, night({ exclusive }), sunday({ exclusive }))).toBe(
      "Sunday 20:00-00:00 4:00, Night 00:00-04:00 4:00",
    );
    expect(paidFor(on, night({ exclusive, factor: 0.6 }), sunday({ exclusive }))).toBe(
      "Sunday 20:00-22:00 2:00, Night 22:00-04:00 6:00",
    );
    expect(paidFor(on, night({ exclusive }), sunday({ exclusive: "other" }))).toBe(
      "Sunday 20:00-00:00 4:00, Night 22:00-04:00 6:00",
    );
  });

  it("the third of a group pays what neither of the others does", () => {
    const exclusive = "best";
    expect(
      paidFor(
        { on: "2026-01-18", shifts: ["20:00-08:00"] },
        all({ exclusive }),
        night({ exclusive }),
        sunday({ exclusive }),
      ),
    ).toBe("Sunday 20:00-00:00 4:00, Night 00:00-06:00 6:00, All 06:00-08:00 2:00");
  });

  it("of equal factors the first in the list pays", () => {
    const exclusive = "best";
    const equal = night({ exclusive, factor: 0.5 });
    expect(paidFor(on, equal, sunday({ exclusive }))).toBe(
      "Sunday 20:00-22:00 2:00, Night 22:00-04:00 6:00",
    );
    expect(paidFor(on, sunday({ exclusive }), equal)).toBe(
      "Sunday 20:00-00:00 4:00, Night 00:00-04:00 4:00",
    );
  });

  it("what a limit keeps the higher from paying, the lower pays", () => {
    const exclusive = "best";
    const limited = sunday({ exclusive, limits: { secondsADay: "3h" } });
    expect(paidFor(on, night({ exclusive }), limited)).toBe(
      "Sunday 20:00-23:00 3:00, Night 23:00-04:00 5:00",
    );
    const few = night({ exclusive, limits: { secondsADay: "1h" } });
    expect(paidFor(on, few, sunday({ exclusive }))).toBe(
      "Sunday 20:00-00:00 4:00, Night 00:00-01:00 1:00",
    );
  });

  it("pays one amount for a shift", () => {
    const exclusive = "one";
    const small = night({ factor: null, exclusive });
    const other = all({ factor: null, exclusive });
    expect(paidFor(day("20:00-23:00"), small, other)).toBe("Night @23:00 0:00");
    expect(paidFor(day("08:00-10:00", "20:00-23:00"), small, other)).toBe(
      "All @10:00 0:00, Night @23:00 0:00",
    );
    expect(paidFor(day("20:00-23:00"), small, all({ factor: null }))).toBe(
      "Night @23:00 0:00, All @23:00 0:00",
    );
  });
});
