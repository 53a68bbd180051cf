import { describe, expect, it } from "vitest";
import {
  type DayIn,
  type PremiumInput,
  paidFor,
  premiumsOn,
} from "../../../test/support/premiums.ts";

// Days in parts. Berlin time; 2026-01-12 is a Monday.

const day = (...shifts: NonNullable<DayIn["shifts"]>): DayIn => ({ on: "2026-01-12", shifts });
const split = (more: object = {}): PremiumInput => ({
  kind: "split-shift",
  name: "Split",
  code: "SP",
  ...more,
});

describe("split shift", () => {
  it("pays once for work interrupted for longer than so much", () => {
    // IWC wage orders, section 4 (C): an hour for a schedule interrupted by unpaid time that is no meal or rest period
    expect(paidFor(day("08:00-12:00", "13:00:01-17:00"), split())).toBe("Split @17:00 1:00");
    expect(paidFor(day("08:00-12:00", "13:00-17:00"), split())).toBe("");
    expect(paidFor(day("06:00-08:00 10:00-12:00 14:00-16:00"), split({ credits: "30min" }))).toBe(
      "Split @16:00 0:30",
    );
    const [premiums = []] = premiumsOn([day("08:00-12:00", "14:00-17:00@bar")], [split()]);
    expect(premiums[0]).toMatchObject({
      factor: 1,
      labels: { branch: "bar" },
      reason: "split-shift: interrupted for 2 h 00 min, rule 'Split'",
    });
    expect(premiums[0]?.punchIds).toHaveLength(4);
  });

  it("a lunch or break is an interruption only if told so", () => {
    // 12 NYCRR 142-2.17: meals of one hour or less do not interrupt
    const long = day("08:00-12:00 12:00-13:30/lunch 13:30-17:00");
    expect(paidFor(long, split())).toBe("");
    expect(paidFor(long, split({ meals: true }))).toBe("Split @17:00 1:00");
    expect(paidFor(day("08:00-12:00 12:00-13:00/lunch 13:00-17:00"), split({ meals: true }))).toBe(
      "",
    );
    expect(
      paidFor(day("08:00-12:00 12:00-14:00/break-paid 14:00-17:00"), split({ meals: true })),
    ).toBe("");
    expect(
      paidFor(day("08:00-12:00 12:00-14:00/deduction 14:00-17:00"), split({ meals: true })),
    ).toBe("");
    // unpaid time after the last work interrupts nothing
    expect(paidFor(day("08:00-12:00 14:00-14:30/break"), split())).toBe("");
    expect(paidFor(day("06:00-06:30/break 08:00-12:00"), split())).toBe("");
    expect(paidFor(day("08:00-12:00 12:30-12:45/break 13:00-14:00"), split({ gap: "20min" }))).toBe(
      "Split @14:00 1:00",
    );
  });

  it("or for a day spread over more than so much", () => {
    // 12 NYCRR 142-2.4: a spread of more than ten hours, a split shift, or both: one hour
    const spread = split({ spread: "10h" });
    expect(paidFor(day("07:00-12:00 12:00-13:00/lunch 13:00-17:00"), spread)).toBe("");
    expect(paidFor(day("07:00-12:00 12:00-13:00/lunch 13:00-17:00:01"), spread)).toBe(
      "Split @17:00:01 1:00",
    );
    const both = day("07:00-11:00", "15:00-19:00");
    expect(paidFor(both, spread)).toBe("Split @19:00 1:00");
    const [premiums = []] = premiumsOn([both], [spread]);
    expect(premiums[0]?.reason).toBe(
      "split-shift: interrupted for 4 h 00 min, spread over 12 h 00 min, rule 'Split'",
    );
    expect(paidFor(day("08:00-12:00", "14:00-17:00"), split({ gap: null, spread: "10h" }))).toBe(
      "",
    );
  });

  it("by place, weekday and holiday", () => {
    const halves = day("08:00-12:00@bar", "14:00-17:00");
    expect(paidFor(halves, split({ where: { branch: ["bar"] } }))).toBe("Split @17:00 1:00");
    expect(paidFor(halves, split({ where: { branch: ["hall"] } }))).toBe("");
    expect(paidFor(halves, split({ weekdays: ["tue"] }))).toBe("");
    expect(paidFor({ ...halves, holiday: "x" }, split({ holidays: "never" }))).toBe("");
  });
});
