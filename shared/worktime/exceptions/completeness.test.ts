import { describe, expect, it } from "vitest";
import { ruleSet, sheetOf } from "../../../test/support/worktime.ts";
import {
  at,
  brief,
  dayWith,
  exceptionsOn,
  planOf,
  shiftOf,
} from "../../../test/support/worktime-shifts.ts";
import type { Fact } from "../facts.ts";
import { isComplete, passedAt, stateOf } from "./completeness.ts";

// facts/attendance.md 5.11 in our words: a day is closed, and absence decided, only when every site concerned has told
// all of it.

const MONDAY = "2026-01-12";
const rules = ruleSet({});

const mark = (site: string, completeTo: number): Fact => ({ kind: "watermark", site, completeTo });
const dayOf = (shifts: Parameters<typeof dayWith>[1], more: Parameters<typeof dayWith>[2] = {}) =>
  dayWith(MONDAY, shifts, more);
const ask = (day: ReturnType<typeof dayOf>, facts: readonly Fact[], set = rules) => {
  const sheet = sheetOf([day], set, facts);
  const [only] = sheet.days;
  if (only === undefined) throw new Error("no day");
  return {
    complete: isComplete(only, sheet),
    state: stateOf(only, sheet),
    passed: passedAt(only, sheet),
  };
};

describe("passedAt", () => {
  const worked = dayOf([shiftOf(MONDAY, "08:00 in, 16:00 out", { rules })]);

  it("is unknown without watermarks, and while a site needed has told nothing", () => {
    expect(ask(worked, []).passed).toBeNull();
    expect(ask(worked, [mark("annex", 99)]).passed).toBeNull();
    expect(ask(worked, [mark("hq", 99)]).passed).toBe(99);
  });

  it("is the lowest watermark of the sites of rules, plans and punches", () => {
    const facts = [mark("hq", 40), mark("annex", 30), mark("depot", 20), mark("far", 10)];
    expect(ask(worked, facts).passed).toBe(40);
    const planned = dayOf([shiftOf(MONDAY, "08:00 in, 16:00 out", { rules })], {
      plans: [planOf(MONDAY, "08:00-16:00", { site: "annex" })],
    });
    expect(ask(planned, facts).passed).toBe(30);
    const named = ruleSet({ exceptions: { completeness: { sites: ["depot"] } } });
    expect(ask(planned, facts, named).passed).toBe(20);
    const everywhere = ruleSet({ exceptions: { completeness: { everySite: true } } });
    expect(ask(worked, facts, everywhere).passed).toBe(10);
  });

  it("waits for every site where it is not known which one matters", () => {
    expect(ask(dayOf([]), [mark("hq", 40), mark("far", 10)]).passed).toBe(10);
  });
});

const emptyIsComplete = (set: typeof rules, clock: string): boolean =>
  ask(dayOf([]), [mark("hq", at(MONDAY, clock) + 1)], set).complete;

describe("isComplete", () => {
  it.each([
    ["an empty day, when its midnight is passed", "", "24:00"],
    ["a day's work, not before its midnight", "08:00 in, 16:00 out", "24:00"],
    // 4 h in which the shift may go on, to the millisecond
    [
      "an evening's work, when a pause is long enough for a new shift",
      "14:00 in, 22:00 out",
      "26:00",
    ],
    // 16 h for the way out
    ["an open shift, when it may last no longer", "14:00 in", "30:00"],
  ])("%s", (_, spec, clock) => {
    const day = dayOf(spec === "" ? [] : [shiftOf(MONDAY, spec, { rules })]);
    const settled = at(MONDAY, clock) + (clock === "24:00" ? 0 : 1);
    expect(ask(day, [mark("hq", settled)]).complete).toBe(true);
    expect(ask(day, [mark("hq", settled - 1)]).complete).toBe(false);
  });

  it("waits for the window of a plan", () => {
    const day = dayOf([], { plans: [planOf(MONDAY, "22:00-06:00")] });
    expect(ask(day, [mark("hq", at(MONDAY, "31:00"))]).complete).toBe(false);
    expect(ask(day, [mark("hq", at(MONDAY, "31:00") + 1)]).complete).toBe(true);
  });

  it("waits longer where a pause does not end a shift", () => {
    const until30 = [mark("hq", at(MONDAY, "30:00") + 1)];
    const until26 = [mark("hq", at(MONDAY, "26:00") + 1)];
    const of = (spec: string, set: typeof rules): boolean[] => {
      const day = dayOf([shiftOf(MONDAY, spec, { rules: set })]);
      return [ask(day, until26, set).complete, ask(day, until30, set).complete];
    };
    const pairs = "14:00 in, 22:00 out";
    expect(of(pairs, rules)).toEqual([true, true]);
    expect(of(pairs, ruleSet({ punches: { pairing: "first-last" } }))).toEqual([false, true]);
    expect(of(pairs, ruleSet({ shifts: { splitShifts: "join" } }))).toEqual([false, true]);
    // a lone punch that a plan took for the way out may have been the way in
    expect(of("14:00 out", rules)).toEqual([false, true]);
  });

  it("waits no longer for a shift after which the next one began", () => {
    const nextAt = at(MONDAY, "25:00");
    const day = dayOf([shiftOf(MONDAY, "14:00 in, 22:00 out", { rules, nextAt })]);
    expect(ask(day, [mark("hq", nextAt)]).complete).toBe(false);
    expect(ask(day, [mark("hq", nextAt + 1)]).complete).toBe(true);
    const open = dayOf([shiftOf(MONDAY, "14:00 in", { rules, nextAt })]);
    expect(ask(open, [mark("hq", nextAt + 1)]).complete).toBe(true);
  });

  it("waits for shifts of the day before that may come to count on it", () => {
    const long = { maxShift: "30h" } as const;
    expect(emptyIsComplete(ruleSet({ shifts: long }), "24:00")).toBe(true);
    const split = ruleSet({ shifts: { ...long, countsOn: "split" } });
    expect([emptyIsComplete(split, "29:59:59"), emptyIsComplete(split, "30:00")]).toEqual([
      false,
      true,
    ]);
  });

  it("waits as much longer as the rules say", () => {
    const set = ruleSet({ exceptions: { completeness: { slack: "1h" } } });
    expect(ask(dayOf([]), [mark("hq", at(MONDAY, "25:00") - 1)], set).complete).toBe(false);
    expect(ask(dayOf([]), [mark("hq", at(MONDAY, "25:00"))], set).complete).toBe(true);
  });

  it("ends a day where the rules begin one, over a clock change as well", () => {
    const set = ruleSet({ zone: "Europe/Berlin", shifts: { dayStart: "06:00" } });
    const sunday = { on: "2026-03-28" }; // its end, 06:00 on 29 March, is 23 h after its begin
    const sheet = (completeTo: number) => sheetOf([sunday], set, [mark("hq", completeTo)]);
    const end = Date.parse("2026-03-29T06:00+02:00");
    const complete = (completeTo: number): boolean[] =>
      sheet(completeTo).days.map((day) => isComplete(day, sheet(completeTo)));
    expect([complete(end), complete(end - 1)]).toEqual([[true], [false]]);
  });
});

describe("stateOf", () => {
  const open = shiftOf(MONDAY, "08:00 in", { rules, isLast: true });
  const closed = shiftOf(MONDAY, "08:00 in, 16:00 out", { rules, isLast: true });

  it("is open while somebody is in, until the shift may last no longer", () => {
    expect(ask(dayOf([open]), []).state).toBe("open");
    expect(ask(dayOf([open]), [mark("hq", at(MONDAY, "24:00"))]).state).toBe("open");
    expect(ask(dayOf([open]), [mark("hq", at(MONDAY, "24:00") + 1)]).state).toBe("complete");
    expect(ask(dayOf([{ ...open, isLast: false }]), []).state).toBe("provisional");
  });

  it("is open on the last of the days that a shift was cut into", () => {
    expect(ask(dayOf([{ ...open, isEnd: false }]), []).state).toBe("provisional");
    expect(ask(dayOf([{ ...open, isStart: false }]), []).state).toBe("open");
  });

  it("is provisional until all is known, for good where nobody tells", () => {
    expect(ask(dayOf([closed]), []).state).toBe("provisional");
    expect(ask(dayOf([closed]), [mark("hq", at(MONDAY, "23:59"))]).state).toBe("provisional");
    expect(ask(dayOf([closed]), [mark("hq", at(MONDAY, "24:00"))]).state).toBe("complete");
  });

  it("is provisional while a check-out is assumed, however much is known", () => {
    const assumedOut = { at: at(MONDAY, "16:00"), policy: "Night", detail: "assumed" };
    const day = dayOf([{ ...open, assumedOut }]);
    expect(ask(day, [mark("hq", at(MONDAY, "20:00"))]).state).toBe("provisional");
    expect(ask(day, [mark("hq", at(MONDAY, "99:00"))]).state).toBe("provisional");
  });

  it("is open while a plan may still be worked", () => {
    const plan = planOf(MONDAY, "09:00-17:00");
    const waiting = dayOf([], { plans: [plan] });
    expect(ask(waiting, [mark("hq", at(MONDAY, "18:00"))]).state).toBe("open");
    expect(ask(waiting, [mark("hq", at(MONDAY, "18:00") + 1)]).state).toBe("provisional");
    expect(ask(waiting, []).state).toBe("provisional");
    const worked = dayOf([{ ...closed, plan }]);
    expect(ask(worked, [mark("hq", at(MONDAY, "17:00"))]).state).toBe("provisional");
  });
});

describe("site-offline", () => {
  const closed = shiftOf(MONDAY, "08:00 in, 16:00 out", { rules, isLast: true });
  const end = at(MONDAY, "24:00");
  const said = (facts: readonly Fact[], days = [dayOf([closed])], set = rules): string[] =>
    brief(exceptionsOn(days, { rules: set, facts })(MONDAY));

  it("names a site that lags by more than four hours behind one that has passed the day", () => {
    const late = end + 3_600_000;
    expect(said([mark("far", late), mark("hq", late - 4 * 3_600_000)])).toEqual([]);
    expect(said([mark("far", late), mark("hq", late - 4 * 3_600_000 - 1000)])).toEqual([
      "site-offline premature",
    ]);
  });

  it("says nothing while no site has passed the day, and nothing once the site has", () => {
    expect(said([mark("far", end - 1), mark("hq", 1)])).toEqual([]);
    expect(said([mark("far", end + 86_400_000), mark("hq", end)])).toEqual([]);
  });

  it("names a site that has never told", () => {
    expect(said([mark("far", end)])).toEqual(["site-offline premature"]);
  });

  it("leaves days alone on which nothing was planned or punched", () => {
    const set = ruleSet({ exceptions: { completeness: { sites: ["hq"] } } });
    expect(said([mark("far", end), mark("hq", 1)], [dayOf([])], set)).toEqual([]);
  });
});
