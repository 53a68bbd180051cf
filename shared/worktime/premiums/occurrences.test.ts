import { describe, expect, it } from "vitest";
import {
  type DayIn,
  type MealText,
  type PremiumInput,
  paidFor,
  premiumsOn,
  type ShiftText,
  spelled,
} from "../../../test/support/premiums.ts";

// Premiums for something that happened. Berlin time; 2026-01-12 is a Monday.

const day = (...shifts: NonNullable<DayIn["shifts"]>): DayIn => ({ on: "2026-01-12", shifts });
const paidIn = (days: readonly DayIn[], ...policies: PremiumInput[]): string[] =>
  premiumsOn(days, policies).map((each) => spelled(each));

describe("meal and break penalties", () => {
  const meal = (more: object = {}): PremiumInput => ({
    kind: "meal-penalty",
    name: "Meal",
    code: "MP",
    ...more,
  });
  const rest = (more: object = {}): PremiumInput => ({
    kind: "break-penalty",
    name: "Rest",
    code: "RP",
    ...more,
  });
  const found = (...meals: MealText[]): DayIn => day({ tiles: "08:00-18:00", meals });
  const missed: MealText = { kind: "lunch", what: "missed", at: "13:00" };
  const noBreak: MealText = { kind: "break", what: "missed", at: "10:00" };

  it("one hour of pay a day for meals and one for breaks, however many were missed", () => {
    // California Labor Code 226.7; two kinds may be due on one day: United Parcel Service v. Superior Court (2011)
    const second: MealText = { kind: "lunch", what: "late", at: "17:00" };
    expect(paidFor(found(missed, second), meal(), rest())).toBe("Meal @13:00 1:00");
    expect(paidFor(found(missed, second, noBreak), meal(), rest())).toBe(
      "Rest @10:00 1:00, Meal @13:00 1:00",
    );
    expect(paidFor(found(), meal(), rest())).toBe("");
  });

  it("carry factor 1, the punches of the finding and what was found", () => {
    const [premiums = []] = premiumsOn([found(missed)], [meal()]);
    expect(premiums[0]).toMatchObject({
      kind: "meal-penalty",
      code: "MP",
      factor: 1,
      seconds: 3600,
      punchIds: ["13:00 finding"],
      reason: "meal-penalty: lunch not taken (Meal), 1 h 00 min of pay, rule 'Meal'",
    });
  });

  it.each(["missed", "late", "short"] as const)("a meal that was %s", (what) => {
    expect(paidFor(found({ ...missed, what }), meal())).toBe("Meal @13:00 1:00");
    expect(paidFor(found({ ...missed, what }), meal({ findings: ["missed"] })) !== "").toBe(
      what === "missed",
    );
    expect(paidFor(found({ ...noBreak, what }), rest())).toBe("Rest @10:00 1:00");
  });

  it("not a long meal, nor too many breaks; but too few", () => {
    expect(paidFor(found({ ...missed, what: "long" }), meal())).toBe("");
    expect(paidFor(found({ ...noBreak, what: "too-many" }), rest())).toBe("");
    expect(paidFor(found({ ...noBreak, what: "too-few" }), rest())).toBe("Rest @10:00 1:00");
  });

  it("more a day, another sum, an amount, or only what some rules found", () => {
    const both = found({ ...missed, at: "17:00", policy: "Second meal" }, missed);
    expect(paidFor(both, meal({ limits: { timesADay: 2 } }))).toBe(
      "Meal @13:00 1:00, Meal @17:00 1:00",
    );
    expect(paidFor(both, meal({ limits: { timesADay: null } }))).toBe(
      "Meal @13:00 1:00, Meal @17:00 1:00",
    );
    expect(paidFor(both, meal({ rules: ["Second meal"] }))).toBe("Meal @17:00 1:00");
    expect(paidFor(both, meal({ credits: "30min" }))).toBe("Meal @13:00 0:30");
    const [premiums = []] = premiumsOn([both], [meal({ credits: 0, factor: null })]);
    expect(premiums[0]).toMatchObject({ factor: null, seconds: 0 });
  });

  it("at the place, and on the days, that the policy names", () => {
    const moved = day({ tiles: "08:00-12:00@bar 12:00-18:00@hall", meals: [missed] });
    expect(paidFor(moved, meal({ where: { branch: ["hall"] } }))).toBe("Meal @13:00 1:00");
    expect(paidFor(moved, meal({ where: { branch: ["bar"] } }))).toBe("");
    expect(paidFor(moved, meal({ weekdays: ["tue"] }))).toBe("");
    expect(paidFor(moved, meal({ holidays: "only" }))).toBe("");
    expect(paidFor({ ...moved, holiday: "x" }, meal({ holidays: "only" }))).not.toBe("");
  });
});

describe("callback", () => {
  const call = (more: object = {}): PremiumInput => ({
    kind: "callback",
    name: "Call",
    code: "CB",
    ...more,
  });
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
    const days = (starts: string): DayIn[] => [
      day("23:00-23:30"),
      { on: "2026-01-13", shifts: [{ tiles: starts, plan: "00:30-08:00" }] },
    ];
    expect(paidIn(days("00:30-08:00"), call({ untilNextWork: true }))[0]).toBe("Call @23:30 1:00");
    expect(paidIn(days("00:30-08:00"), call())[0]).toBe("Call @23:30 1:30");
    expect(paidIn(days("03:00-08:00"), call({ untilNextWork: true }))[0]).toBe("Call @23:30 1:30");
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

describe("minimum shift", () => {
  const least = (more: object = {}): PremiumInput => ({
    kind: "minimum-shift",
    name: "Min",
    code: "MS",
    minimum: "4h",
    ...more,
  });
  const sentHome = (tiles: string, plan?: string): DayIn =>
    day(plan === undefined ? { tiles } : { tiles, plan });

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
    const open = (more: object): DayIn => day({ tiles: "08:00-09:00", more });
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

describe("split shift", () => {
  const split = (more: object = {}): PremiumInput => ({
    kind: "split-shift",
    name: "Split",
    code: "SP",
    ...more,
  });

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
