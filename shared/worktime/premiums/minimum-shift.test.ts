import { describe, expect, it } from "vitest";
import {
  type DayIn,
  type PremiumInput,
  paidFor,
  premiumsOn,
  spelled,
} from "../../../test/support/premiums.ts";

// Shifts shorter than they should have been. Berlin time; 2026-01-12 is a Monday.

const day = (...shifts: NonNullable<DayIn["shifts"]>): DayIn => ({ on: "2026-01-12", shifts });
const paidIn = (days: readonly DayIn[], ...policies: PremiumInput[]): string[] =>
  premiumsOn(days, policies).map((each) => spelled(each));
const least = (more: object = {}): PremiumInput => ({
  kind: "minimum-shift",
  name: "Min",
  code: "MS",
  minimum: "4h",
  ...more,
});
const sentHome = (tiles: string, plan?: string): DayIn =>
  day(plan === undefined ? { tiles } : { tiles, plan });

const open = (more: object): DayIn => day({ tiles: "08:00-09:00", more });

describe("minimum shift", () => {
  it("tops a shift up to a least time, at its end", () => {
    expect(paidFor(sentHome("08:00-10:30"), least())).toBe("Min @10:30 1:30");
    expect(paidFor(sentHome("08:00-12:00"), least())).toBe("");
    expect(paidFor(sentHome("08:00-11:59:59"), least())).toBe("Min @11:59:59 0:00:01");
    expect(paidFor(sentHome("08:00-10:00 10:00-10:30/lunch 10:30-11:00"), least())).toBe(
      "Min @11:00 1:30",
    );
    const [premiums = []] = premiumsOn([sentHome("08:00-10:30")], [least({ factor: 0.5 })]);
    expect(premiums[0]).toMatchObject({
      factor: 0.5,
      punchIds: ["2026-01-12 08:00", "2026-01-12 10:30"],
      reason: "minimum-shift: 2 h 30 min topped up to 4 h 00 min, rule 'Min'",
    });
  });

  it("to a share of the plan, within bounds, for who got less than the share", () => {
    // IWC wage orders, section 5 (A): less than half the scheduled day's work is paid as half, no less than 2, no more than 4 hours
    const reporting = least({ minimum: null, shareOfPlan: 0.5, least: "2h", most: "4h" });
    expect(paidFor(sentHome("08:00-09:00", "08:00-16:00"), reporting)).toBe("Min @09:00 3:00");
    expect(paidFor(sentHome("08:00-11:59:59", "08:00-16:00"), reporting)).toBe(
      "Min @11:59:59 0:00:01",
    );
    expect(paidFor(sentHome("08:00-12:00", "08:00-16:00"), reporting)).toBe("");
    expect(paidFor(sentHome("08:00-09:00", "08:00-14:00"), reporting)).toBe("Min @09:00 2:00"); // 3 h
    expect(paidFor(sentHome("08:00-09:00", "08:00-18:00"), reporting)).toBe("Min @09:00 3:00"); // at most 4 h
    expect(paidFor(sentHome("08:00-12:30", "08:00-18:00"), reporting)).toBe(""); // has more already
    expect(paidFor(sentHome("08:00-09:00", "08:00-11:00"), reporting)).toBe("Min @09:00 1:00"); // at least 2 h
    // half of 3 h was given: nothing is due, though it is less than 2 h
    expect(paidFor(sentHome("08:00-09:30", "08:00-11:00"), reporting)).toBe("");
    expect(paidFor(sentHome("08:00-09:00"), reporting)).toBe("");
    const odd = least({ minimum: null, shareOfPlan: 0.5 });
    expect(paidFor(sentHome("08:00-08:00:01", "08:00-08:00:05"), odd)).toBe(
      "Min @08:00:01 0:00:02",
    );
  });

  it("not beyond the plan", () => {
    // 12 NYCRR 142-2.3: four hours, or the hours of the regular shift, whichever is less
    const callIn = least({ notOverPlan: true });
    expect(paidFor(sentHome("08:00-09:00", "08:00-11:00"), callIn)).toBe("Min @09:00 2:00");
    expect(paidFor(sentHome("08:00-09:00", "08:00-16:00"), callIn)).toBe("Min @09:00 3:00");
    expect(paidFor(sentHome("08:00-09:00"), callIn)).toBe("Min @09:00 3:00");
  });

  it("only for shifts planned for so long", () => {
    // reporting time pay is not due where less than two hours are regularly scheduled
    const long = least({ plannedAtLeast: "2h" });
    expect(paidFor(sentHome("08:00-08:30", "08:00-10:00"), long)).toBe("Min @08:30 3:30");
    expect(paidFor(sentHome("08:00-08:30", "08:00-09:59:59"), long)).toBe("");
    expect(paidFor(sentHome("08:00-08:30"), long)).toBe("");
  });

  it("each shift, the first or the later ones, or the day as a whole", () => {
    const three = day("08:00-09:00", "14:00-15:00", "20:00-21:00");
    expect(paidFor(three, least({ minimum: "2h" }))).toBe(
      "Min @09:00 1:00, Min @15:00 1:00, Min @21:00 1:00",
    );
    expect(paidFor(three, least({ minimum: "2h", turn: "first" }))).toBe("Min @09:00 1:00");
    // IWC wage orders, section 5 (B): a second reporting in one workday is paid as two hours
    expect(paidFor(three, least({ minimum: "2h", turn: "later" }))).toBe(
      "Min @15:00 1:00, Min @21:00 1:00",
    );
    expect(paidFor(three, least({ per: "day" }))).toBe("Min @21:00 1:00");
    const planned = day(
      { tiles: "08:00-09:00", plan: "08:00-12:00" },
      { tiles: "14:00-15:00", plan: "14:00-18:00" },
    );
    expect(paidFor(planned, least({ per: "day", minimum: null, shareOfPlan: 0.5 }))).toBe(
      "Min @15:00 2:00",
    );
  });

  it("also who was sent home at once, at the place of the last punch", () => {
    const at = Date.parse("2026-01-12T08:00+01:00");
    const read = {
      punch: {
        kind: "punch",
        punchId: "p",
        at,
        hint: "out",
        site: "hq",
        reader: "r",
        zone: null,
        labels: { branch: "bar" },
      },
      meaning: "out",
      reason: "x",
      problem: null,
      countsAt: at,
    } as const;
    const atOnce = day({ tiles: "", more: { reads: [read], startAt: at } });
    const [premiums = []] = premiumsOn([atOnce], [least()]);
    expect(spelled(premiums)).toBe("Min @08:00 4:00");
    expect(premiums[0]).toMatchObject({ punchIds: ["p"], labels: { branch: "bar" } });
    expect(paidFor(atOnce, least({ where: { branch: ["hall"] } }))).toBe("");
  });

  it("waits for the way out", () => {
    expect(paidFor(open({ phase: "in" }), least())).toBe("");
    expect(paidFor(open({ phase: "in" }), least({ per: "day" }))).toBe("");
    const assumedOut = { at: 0, policy: "x", detail: "x" };
    expect(paidFor(open({ phase: "in", assumedOut }), least())).toBe("Min @09:00 3:00");
  });

  it("by place, kind of time, weekday and holiday", () => {
    const mixed = sentHome("08:00-09:00@bar 09:00-09:15/break-paid 09:15-10:00@hall");
    expect(paidFor(mixed, least({ where: { branch: ["bar"] } }))).toBe("Min @10:00 3:00");
    expect(paidFor(mixed, least({ where: { branch: ["else"] } }))).toBe("");
    expect(paidFor(mixed, least({ counts: "paid" }))).toBe("Min @10:00 2:00");
    expect(paidFor(mixed, least({ weekdays: ["sun"] }))).toBe("");
    expect(paidFor(mixed, least({ holidays: "only" }))).toBe("");
  });

  it("cut at midnight it is one shift, topped up where it ends", () => {
    const days: DayIn[] = [
      day({ tiles: "23:00-24:00", more: { shiftId: "x", isEnd: false } }),
      {
        on: "2026-01-13",
        shifts: [{ tiles: "00:00-01:00", more: { shiftId: "x", isStart: false } }],
      },
    ];
    expect(paidIn(days, least())).toEqual(["", "Min @01:00 2:00"]);
  });

  it("in a group with a callback, one of the two pays for a shift", () => {
    const call: PremiumInput = {
      kind: "callback",
      name: "Call",
      code: "CB",
      factor: 1.5,
      exclusive: "least",
    };
    expect(paidFor(day("20:00-21:00"), least({ exclusive: "least" }), call)).toBe(
      "Call @21:00 1:00",
    );
    expect(paidFor(day("20:00-21:00"), least(), call)).toBe("Call @21:00 1:00, Min @21:00 3:00");
  });
});
