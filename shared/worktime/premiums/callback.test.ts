import { describe, expect, it } from "vitest";
import {
  type DayIn,
  type PremiumInput,
  paidFor,
  premiumsOn,
  type ShiftText,
  spelled,
} from "../../../test/support/premiums.ts";

// Called back to work after leaving. Berlin time; 2026-01-12 is a Monday.

const day = (...shifts: NonNullable<DayIn["shifts"]>): DayIn => ({ on: "2026-01-12", shifts });
const paidIn = (days: readonly DayIn[], ...policies: PremiumInput[]): string[] =>
  premiumsOn(days, policies).map((each) => spelled(each));
const call = (more: object = {}): PremiumInput => ({
  kind: "callback",
  name: "Call",
  code: "CB",
  ...more,
});

const nightCall = (starts: string): DayIn[] => [
  day("23:00-23:30"),
  { on: "2026-01-13", shifts: [{ tiles: starts, plan: "00:30-08:00" }] },
];

describe("callback", () => {
  const regular: ShiftText = { tiles: "08:00-16:00", plan: "08:00-16:00" };

  it("is paid as at least so long, and carries the punches of the visit", () => {
    // 5 CFR 550.112(h): callback overtime is deemed at least two hours
    expect(paidFor(day(regular, "20:00-20:30"), call())).toBe("Call @20:30 1:30");
    expect(paidFor(day(regular, "20:00-21:59:59"), call())).toBe("Call @21:59:59 0:00:01");
    expect(paidFor(day(regular, "20:00-22:00"), call())).toBe("");
    const [premiums = []] = premiumsOn([day(regular, "20:00-20:30@bar")], [call()]);
    expect(premiums[0]).toMatchObject({
      factor: 1,
      labels: { branch: "bar" },
      punchIds: ["2026-01-12 20:00", "2026-01-12 20:30"],
      reason: "callback: called back for 30 min, topped up to 2 h 00 min, rule 'Call'",
    });
    // 29 CFR 778.221 (b): an agreement with a minimum of 3 hours at time and a half
    expect(paidFor(day(regular, "20:00-20:30"), call({ minimum: "3h", factor: 1.5 }))).toBe(
      "Call @20:30 2:30",
    );
  });

  it("each time anew, also within one shift", () => {
    // a handbook on 5 U.S.C. 5542: who is called back more than once is paid each time
    expect(paidFor(day(regular, "18:00-18:30 20:00-20:30"), call())).toBe(
      "Call @18:30 1:30, Call @20:30 1:30",
    );
    expect(
      paidFor(day(regular, "18:00-18:30 20:00-20:30"), call({ limits: { timesADay: 1 } })),
    ).toBe("Call @18:30 1:30");
    expect(paidFor(day(regular, "18:00-18:30 18:30-18:45/break 18:45-19:00"), call())).toBe(
      "Call @19:00 1:15",
    ); // one visit: 45 minutes of work
  });

  it("only outside planned shifts, unless that is no matter", () => {
    const second: ShiftText = { tiles: "20:00-20:30", plan: "20:00-22:00" };
    expect(paidFor(day(regular, second), call())).toBe("");
    expect(paidFor(day(regular, second), call({ outsidePlan: false }))).toBe("Call @20:30 1:30");
    const planned = { ...day(regular, "20:00-20:30"), plans: ["20:30-22:00"] };
    expect(paidFor(planned, call())).toBe("Call @20:30 1:30");
    expect(paidFor({ ...planned, plans: ["20:29:59-22:00"] }, call())).toBe("");
    expect(paidFor({ ...planned, plans: ["18:00-20:00"] }, call())).toBe("Call @20:30 1:30");
    expect(paidFor({ ...planned, plans: ["18:00-20:00:01"] }, call())).toBe("");
    // a plan of the day before or after is one as well
    const early: DayIn = { on: "2026-01-13", shifts: ["00:30-01:00"] };
    expect(paidIn([{ on: "2026-01-12", plans: ["22:00-01:00"] }, early], call())[1]).toBe("");
    const late: DayIn = { on: "2026-01-12", shifts: ["23:30-00:30"] };
    expect(paidIn([late, { on: "2026-01-13", plans: ["00:00-08:00"] }], call())[0]).toBe("");
  });

  it("away: who left shortly before has only gone on", () => {
    expect(paidFor(day(regular, "17:00-17:30"), call())).toBe("Call @17:30 1:30");
    expect(paidFor(day(regular, "16:59:59-17:30"), call())).toBe("");
    expect(paidFor(day(regular, "16:10-16:30"), call({ away: "10min" }))).toBe("Call @16:30 1:40");
    expect(paidFor(day("20:00-20:30"), call())).toBe("Call @20:30 1:30"); // no work before
  });

  it("within: only who comes back so soon, also from the day before", () => {
    const within = call({ within: "8h" });
    expect(paidFor(day("20:00-20:30"), within)).toBe("");
    const next = (tiles: string): string | undefined =>
      paidIn(
        [day({ tiles: "14:00-22:00", plan: "14:00-22:00" }), { on: "2026-01-13", shifts: [tiles] }],
        within,
      )[1];
    expect(next("06:00-06:30")).toBe("Call @06:30 1:30");
    expect(next("06:00:01-06:30")).toBe("");
  });

  it("hours: pays a share for the hours worked when called back", () => {
    // insufficient rest: all hours of a shift that begins less than 11 h after the last (Directive 2003/88/EC Art. 3)
    const short = call({ pays: "hours", factor: 0.5, within: "11h", outsidePlan: false });
    const days: DayIn[] = [
      day("14:00-23:00"),
      { on: "2026-01-13", shifts: ["10:00-12:00 12:00-12:30/lunch 12:30-14:00"] },
    ];
    expect(paidIn(days, short)).toEqual(["", "Call 10:00-12:00 2:00, Call 12:30-14:00 1:30"]);
    const [, premiums = []] = premiumsOn(days, [short]);
    expect(premiums[0]).toMatchObject({
      factor: 0.5,
      reason: "callback: hours worked when called back, rule 'Call'",
    });
  });

  it("untilNextWork: the minimum ends where the next work begins", () => {
    // agreements that hold the callback only until the regular shift starts
    expect(paidIn(nightCall("00:30-08:00"), call({ untilNextWork: true }))[0]).toBe(
      "Call @23:30 1:00",
    );
    expect(paidIn(nightCall("00:30-08:00"), call())[0]).toBe("Call @23:30 1:30");
    expect(paidIn(nightCall("03:00-08:00"), call({ untilNextWork: true }))[0]).toBe(
      "Call @23:30 1:30",
    );
  });

  it("waits for the way out", () => {
    const open = (more: object): DayIn => day({ tiles: "20:00-20:30", more });
    expect(paidFor(open({ phase: "break", isLast: true }), call())).toBe("");
    const assumedOut = { at: 0, policy: "x", detail: "x" };
    expect(paidFor(open({ phase: "in", assumedOut }), call())).toBe("Call @20:30 1:30");
    // the first of two visits is over, whatever came of the second
    expect(paidFor(day({ tiles: "18:00-18:30 20:00-20:30", more: { phase: "in" } }), call())).toBe(
      "Call @18:30 1:30",
    );
  });

  it("by place, kind of time, weekday and holiday", () => {
    expect(paidFor(day(regular, "20:00-20:30@bar"), call({ where: { branch: ["hall"] } }))).toBe(
      "",
    );
    const rest = day(regular, "20:00-20:30 20:30-20:45/break-paid 20:45-21:00");
    expect(paidFor(rest, call({ counts: "paid" }))).toBe("Call @21:00 1:00");
    expect(paidFor(rest, call())).toBe("Call @21:00 1:15");
    expect(paidFor(rest, call({ weekdays: ["sun"] }))).toBe("");
    expect(paidFor(rest, call({ holidays: "only" }))).toBe("");
    expect(paidFor(rest, call({ pays: "hours", weekdays: ["sun"] }))).toBe("");
  });

  it("cut at midnight it is one visit, topped up where it ends", () => {
    const days: DayIn[] = [
      day({ tiles: "23:30-24:00", more: { shiftId: "x", isEnd: false } }),
      {
        on: "2026-01-13",
        shifts: [{ tiles: "00:00-00:30", more: { shiftId: "x", isStart: false } }],
      },
    ];
    expect(paidIn(days, call())).toEqual(["", "Call @00:30 1:00"]);
    expect(paidIn(days, call({ pays: "hours" }))).toEqual([
      "Call 23:30-00:00 0:30",
      "Call 00:00-00:30 0:30",
    ]);
  });
});
