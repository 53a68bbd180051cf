import { describe, expect, it } from "vitest";
import {
  type DayIn,
  type PremiumInput,
  paidFor,
  premiumsOn,
  spelled,
} from "../../../test/support/premiums.ts";

// Shift differentials. Berlin time; 2026-01-12 is a Monday.

const shift = (more: object = {}): PremiumInput => ({
  kind: "shift",
  name: "Shift",
  code: "S",
  factor: 0.15,
  ...more,
});
const day = (...shifts: NonNullable<DayIn["shifts"]>): DayIn => ({ on: "2026-01-12", shifts });

describe("a shift differential", () => {
  it("pays the whole of a shift that begins between two times of the day", () => {
    const second = shift({ startsFrom: "13:00", startsTo: "21:00" });
    expect(paidFor(day("13:00-17:00 17:00-17:30/break 17:30-22:00"), second)).toBe(
      "Shift 13:00-17:00 4:00, Shift 17:30-22:00 4:30",
    );
    expect(paidFor(day("12:59:59-22:00"), second)).toBe("");
    expect(paidFor(day("20:59:59-22:00"), second)).toBe("Shift 20:59:59-22:00 1:00:01");
    expect(paidFor(day("21:00-22:00"), second)).toBe("");
    const third = shift({ startsFrom: "21:00", startsTo: "05:00" });
    expect(paidFor(day("04:59:59-08:00", "21:00-23:00"), third)).toBe(
      "Shift 04:59:59-08:00 3:00:01, Shift 21:00-23:00 2:00",
    );
    expect(paidFor(day("05:00-08:00", "20:59:59-23:00"), third)).toBe("");
  });

  it("by the plan: its start or its name", () => {
    const planned = { tiles: "12:50-22:00", plan: "late 13:00-22:00" };
    expect(paidFor(day(planned), shift({ startsFrom: "13:00", startBy: "planned" }))).toBe(
      "Shift 12:50-22:00 9:10",
    );
    expect(paidFor(day(planned), shift({ startsFrom: "13:00" }))).toBe("");
    expect(paidFor(day("13:00-22:00"), shift({ startsFrom: "13:00", startBy: "planned" }))).toBe(
      "",
    );
    expect(paidFor(day(planned), shift({ plans: ["late", "night"] }))).toBe(
      "Shift 12:50-22:00 9:10",
    );
    expect(paidFor(day(planned), shift({ plans: ["early"] }))).toBe("");
    expect(paidFor(day("12:50-22:00"), shift({ plans: ["late"] }))).toBe("");
  });

  it("by place, weekday, holiday and length", () => {
    expect(paidFor(day("08:00-10:00@bar 10:00-12:00"), shift({ where: { branch: ["bar"] } }))).toBe(
      "Shift 08:00-10:00 2:00",
    );
    expect(paidFor(day("08:00-12:00"), shift({ weekdays: ["tue"] }))).toBe("");
    expect(paidFor(day("08:00-12:00"), shift({ holidays: "only" }))).toBe("");
    expect(
      paidFor({ ...day("08:00-12:00"), holiday: "Founder's Day" }, shift({ holidays: "only" })),
    ).toBe("Shift 08:00-12:00 4:00");
    expect(
      paidFor({ ...day("08:00-12:00"), holiday: "Founder's Day" }, shift({ holidays: "never" })),
    ).toBe("");
    expect(paidFor(day("08:00-12:00"), shift({ atLeast: "4h" }))).toBe("Shift 08:00-12:00 4:00");
    expect(paidFor(day("08:00-11:59:59"), shift({ atLeast: "4h" }))).toBe("");
  });

  it("rotating: only if a shift in the days before began at another time of the day", () => {
    // § 17a EZulV: duties at changing times begin 7 to 17 hours apart on the clock
    const rotating = shift({ rotating: {} });
    const paid = (first: string, second: string, on = "2026-01-13"): string =>
      premiumsOn(
        [
          { on: "2026-01-12", shifts: [first] },
          { on, shifts: [second] },
        ],
        [rotating],
      )
        .map((each) => spelled(each))
        .filter((text) => text !== "")
        .join();
    expect(paid("06:00-08:00", "13:00-14:00")).toBe("Shift 13:00-14:00 1:00");
    expect(paid("06:00:01-08:00", "13:00-14:00")).toBe("");
    expect(paid("22:00-23:00", "05:00-06:00")).toBe("Shift 05:00-06:00 1:00");
    expect(paid("22:00-23:00", "04:59:59-06:00")).toBe("");
    expect(paid("06:00-08:00", "23:00-23:30")).toBe("Shift 23:00-23:30 0:30"); // 17 hours
    expect(paid("06:00-08:00", "23:00:01-23:30")).toBe("");
    expect(paid("06:00-08:00", "13:00-14:00", "2026-01-19")).toBe("Shift 13:00-14:00 1:00");
    expect(paid("06:00-08:00", "13:00-14:00", "2026-01-20")).toBe("");
  });
});
