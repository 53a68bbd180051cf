import { describe, expect, it } from "vitest";
import type { z } from "zod";
import { ruleSet } from "../../../test/support/worktime.ts";
import {
  type Asked,
  at,
  brief,
  dayWith,
  exceptionsOn,
  planOf,
  type ShiftMore,
  shiftOf,
} from "../../../test/support/worktime-shifts.ts";
import type { AbsenceFact, Fact } from "../facts.ts";
import type { PlannedShift } from "../ledger.ts";
import type { ruleSetSchema } from "../rules.ts";
import type { Credit } from "../workday.ts";

// Grace and tolerance after facts/attendance.md 5.8 and 5.9; that nothing is said beyond the watch window after the
// public manual of TimeTrex's exception policies.

const MONDAY = "2026-01-12";
const rules = ruleSet({});
const plan = planOf(MONDAY, "09:00-17:00");

type Kinds = NonNullable<z.input<typeof ruleSetSchema>["exceptions"]>["kinds"];
const only = (kinds: Kinds, more: z.input<typeof ruleSetSchema> = {}) =>
  ruleSet({ ...more, exceptions: { ...more.exceptions, kinds } });

const marked = (clock: string, plus = 0): Fact[] => [
  { kind: "watermark", site: "hq", completeTo: at(MONDAY, clock) + plus },
];

/** What is said of one shift of a plan, without over and under schedule. */
const said = (spec: string, more: Partial<ShiftMore> = {}, asked: Partial<Asked> = {}) => {
  const set = more.rules ?? rules;
  const day = dayWith(MONDAY, [shiftOf(MONDAY, spec, { plan, ...more, rules: set })]);
  const found = exceptionsOn([day], { rules: set, ...asked })(MONDAY);
  return found.filter(({ kind }) => kind !== "over-schedule" && kind !== "under-schedule");
};

const roundedIn = (set: typeof rules) => {
  const read = shiftOf(MONDAY, "09:06 in, 17:00 out", { plan, rules: set });
  const [first, ...rest] = read.reads;
  if (first === undefined) throw new Error("no punch");
  return { ...read, reads: [{ ...first, countsAt: plan.startAt }, ...rest] };
};

const late = (facts: Fact[], isLast = false) =>
  brief(said("10:00 in, 16:00 out", { isLast }, { facts }));

const judged = (judgeBy: "punched" | "counted"): string[] => {
  const set = ruleSet({ exceptions: { judgeBy } });
  return brief(exceptionsOn([dayWith(MONDAY, [roundedIn(set)])], { rules: set })(MONDAY));
};

describe("early and late", () => {
  it.each([
    // default tolerances: 15 min where somebody is there for longer, 5 min where not
    ["08:45:00 in, 17:00 out", "08:44:59 in, 17:00 out", "in-early 901"],
    ["09:05:00 in, 17:00 out", "09:05:01 in, 17:00 out", "in-late 301"],
    ["09:00 in, 16:55:00 out", "09:00 in, 16:54:59 out", "out-early 301"],
    ["09:00 in, 17:15:00 out", "09:00 in, 17:15:01 out", "out-late 901"],
  ])("are said beyond the tolerance, with all of the time: %s, %s", (within, beyond, expected) => {
    expect(brief(said(within))).toEqual([]);
    expect(brief(said(beyond))).toEqual([expected]);
  });

  it.each([
    ["in-early", "08:50:00 in, 17:00 out", "08:49:59 in, 17:00 out"],
    ["in-late", "09:10:00 in, 17:00 out", "09:10:01 in, 17:00 out"],
    ["out-early", "09:00 in, 16:50:00 out", "09:00 in, 16:49:59 out"],
    ["out-late", "09:00 in, 17:10:00 out", "09:00 in, 17:10:01 out"],
  ] as const)("%s does not count up to the grace, which is taken off", (kind, within, beyond) => {
    const set = only({ [kind]: { grace: "10min", tolerance: 0 } });
    expect(brief(said(within, { rules: set }))).toEqual([]);
    expect(brief(said(beyond, { rules: set }))).toEqual([`${kind} 1`]);
  });

  it.each([
    ["in-early", "08:00:00 in, 17:00 out", "07:59:59 in, 17:00 out"],
    ["in-late", "10:00:00 in, 17:00 out", "10:00:01 in, 17:00 out"],
    ["out-early", "09:00 in, 16:00:00 out", "09:00 in, 15:59:59 out"],
    ["out-late", "09:00 in, 18:00:00 out", "09:00 in, 18:00:01 out"],
  ] as const)("%s is not said beyond the watch window", (kind, within, beyond) => {
    const set = only({ [kind]: { window: "1h" } });
    expect(brief(said(within, { rules: set }))).toEqual([`${kind} 3600`]);
    expect(brief(said(beyond, { rules: set }))).toEqual([]);
  });

  it("adds the tolerance to the grace", () => {
    const set = only({ "in-late": { grace: "5min", tolerance: "5min" } });
    expect(brief(said("09:10:00 in, 17:00 out", { rules: set }))).toEqual([]);
    expect(brief(said("09:10:01 in, 17:00 out", { rules: set }))).toEqual(["in-late 301"]);
  });

  it("is judged by the time as punched, or by the time as rounded", () => {
    expect([judged("punched"), judged("counted")]).toEqual([["in-late 360"], []]);
  });

  it("is told of the first and the last shift of a plan only, and never for a punch that is missing", () => {
    const shifts = ["09:00 in, 10:00 out", "15:00 in, 17:00 out"].map((spec) =>
      shiftOf(MONDAY, spec, { plan, rules }),
    );
    const found = exceptionsOn([dayWith(MONDAY, shifts, { plans: [plan] })], { rules })(MONDAY);
    expect(brief(found)).toEqual(["under-schedule 18000"]);
    expect(brief(said("09:30 out"))).toEqual(["out-early 27000"]);
    expect(brief(said("09:00 in"))).toEqual(["missing-out"]);
  });

  it("is told of a flexible plan only outside its frame", () => {
    const flexible = { ...plan, kind: "flexible" as const };
    expect(brief(said("11:00 in, 12:00 out", { plan: flexible }))).toEqual([]);
    expect(brief(said("08:00 in, 18:00 out", { plan: flexible }))).toEqual([
      "in-early 3600",
      "out-late 3600",
    ]);
  });

  it("may go away while the site holds the punch, or the end of the shift, back", () => {
    expect(late([])).toEqual(["in-late 3600", "out-early 3600"]);
    expect(late([], true)).toEqual(["in-late 3600", "out-early 3600 premature"]);
    expect(late(marked("10:00"))).toEqual(["in-late 3600 premature", "out-early 3600 premature"]);
    expect(late(marked("20:00"))).toEqual(["in-late 3600", "out-early 3600 premature"]);
    expect(late(marked("20:00", 1))).toEqual(["in-late 3600", "out-early 3600"]);
  });

  it("knows a plan over a clock change by its instants", () => {
    const set = ruleSet({ zone: "Europe/Berlin" });
    const night = planOf("2026-03-28", "22:00-06:00", { zone: "Europe/Berlin" });
    expect(night.seconds).toBe(7 * 3600);
    const shift = shiftOf("2026-03-28", "22:00 in, 30:00 out", { rules: set, plan: night });
    expect(exceptionsOn([dayWith("2026-03-28", [shift])], { rules: set })("2026-03-28")).toEqual(
      [],
    );
  });
});

const leave = (secondsADay: number | null, more: Partial<AbsenceFact> = {}): AbsenceFact => ({
  kind: "absence",
  absenceId: "a",
  decidedAt: 1,
  fromOn: MONDAY,
  toOn: MONDAY,
  code: "sick",
  secondsADay,
  ...more,
});
const credit = (seconds: number, kind: Credit["kind"] = "absence"): Credit => ({
  kind,
  code: "SICK",
  seconds,
  isPaid: true,
  factIds: ["a"],
  policy: "Sick",
  reason: "sick",
});

const granted = (seconds: number) => ({ [MONDAY]: { credits: [credit(seconds)] } });

describe("leave", () => {
  it.each([
    ["10:00 in, 17:00 out", "in-late"],
    ["09:00 in, 16:00 out", "out-early"],
  ])("excuses as much as was granted: %s", (spec, kind) => {
    expect(brief(said(spec, {}, { results: granted(3600) }))).toEqual([]);
    expect(brief(said(spec, {}, { results: granted(3599) }))).toEqual([`${kind} 3600`]);
  });
});

const nobody = (
  facts: readonly Fact[],
  {
    absences = [],
    credits = [],
    plans = [plan],
    set = rules,
  }: {
    absences?: AbsenceFact[];
    credits?: Credit[];
    plans?: PlannedShift[];
    set?: typeof rules;
  } = {},
): string[] => {
  const day = dayWith(MONDAY, [], { plans, absences });
  return brief(
    exceptionsOn([day], { rules: set, facts, results: { [MONDAY]: { credits } } })(MONDAY),
  );
};

describe("absent and not yet in", () => {
  it("are nothing while nobody tells how late it is, nor before it is late", () => {
    expect(nobody([])).toEqual([]);
    expect(nobody(marked("00:00"))).toEqual([]);
    expect(nobody(marked("09:05:00"))).toEqual([]);
  });

  it("are first premature, and decided only when all of the day is known", () => {
    expect(nobody(marked("09:05:01"))).toEqual(["not-yet-in premature"]);
    expect(nobody(marked("24:00", -1))).toEqual(["not-yet-in premature"]);
    expect(nobody(marked("24:00"))).toEqual(["absent 28800"]);
  });

  it("wait for the window of a plan over midnight", () => {
    const plans = [planOf(MONDAY, "22:00-06:00")];
    expect(nobody(marked("31:00"), { plans })).toEqual(["not-yet-in premature"]);
    expect(nobody(marked("31:00", 1), { plans })).toEqual(["absent 28800"]);
  });

  it("wait as long as the rules say", () => {
    const set = only({ "not-yet-in": { grace: "10min", tolerance: "5min" } });
    expect(nobody(marked("09:15:00"), { set })).toEqual([]);
    expect(nobody(marked("09:15:01"), { set })).toEqual(["not-yet-in premature"]);
  });

  it("are due by the core of a flexible plan, or when its hours no longer fit", () => {
    const core = { fromAt: at(MONDAY, "10:00"), toAt: at(MONDAY, "14:00") };
    const flexible = { ...plan, kind: "flexible" as const, core, seconds: 4 * 3600 };
    expect(nobody(marked("10:05:00"), { plans: [flexible] })).toEqual([]);
    expect(nobody(marked("10:05:01"), { plans: [flexible] })).toEqual(["not-yet-in premature"]);
    const free = { ...flexible, core: null };
    expect(nobody(marked("13:05:00"), { plans: [free] })).toEqual([]);
    expect(nobody(marked("13:05:01"), { plans: [free] })).toEqual(["not-yet-in premature"]);
  });

  it("are excused by leave of the day, and by hours of leave that cover the plan", () => {
    const facts = marked("24:00");
    expect(nobody(facts, { absences: [leave(null)] })).toEqual([]);
    expect(nobody(facts, { absences: [leave(null, { isCancelled: true })] })).toEqual([
      "absent 28800",
    ]);
    expect(nobody(facts, { absences: [leave(3600)], credits: [credit(3600)] })).toEqual([
      "absent 28800",
    ]);
    expect(nobody(facts, { absences: [leave(28_800)], credits: [credit(28_800)] })).toEqual([]);
    expect(nobody(facts, { credits: [credit(28_799, "holiday")] })).toEqual(["absent 28800"]);
    expect(nobody(facts, { credits: [credit(28_800, "holiday")] })).toEqual([]);
    expect(nobody(facts, { credits: [credit(28_800, "undertime")] })).toEqual(["absent 28800"]);
  });

  it("are not excused by leave of a kind that excuses nothing", () => {
    const set = only(
      {},
      { absences: { codes: [{ name: "Unexcused", code: leave(null).code, excuses: false }] } },
    );
    expect(nobody(marked("24:00"), { set, absences: [leave(null)] })).toEqual(["absent 28800"]);
  });

  it("are not for who worked through two plans in one run of punches: half of a plan is being there", () => {
    const early = planOf(MONDAY, "06:00-14:00");
    const next = planOf(MONDAY, "14:00-22:00");
    const set = only({});
    const until = (out: string): string[] => {
      const shift = shiftOf(MONDAY, `06:00 in, ${out} out`, { rules: set, plan: early });
      const days = [dayWith(MONDAY, [shift], { plans: [early, next] })];
      const found = brief(exceptionsOn(days, { rules: set, facts: marked("99:00") })(MONDAY));
      return found.filter((text) => text.startsWith("absent"));
    };
    expect(until("17:59:59")).toEqual(["absent 28800"]);
    expect(until("18:00")).toEqual([]);
  });

  it("bind nobody to an open shift", () => {
    expect(nobody(marked("24:00"), { plans: [{ ...plan, kind: "open" }] })).toEqual([]);
  });

  it("see a shift of the plan that counts on another day", () => {
    const set = ruleSet({ shifts: { countsOn: "end" } });
    const night = planOf(MONDAY, "22:00-06:00");
    const shift = shiftOf(MONDAY, "22:00 in, 30:00 out", { rules: set, plan: night });
    const days = [
      dayWith(MONDAY, [], { plans: [night] }),
      dayWith("2026-01-13", [shift], { plans: [] }),
    ];
    const facts = marked("99:00");
    expect(exceptionsOn(days, { rules: set, facts })(MONDAY)).toEqual([]);
    expect(exceptionsOn(days, { rules: set, facts })("2026-01-13")).toEqual([]);
  });
});

describe("core time", () => {
  const core = { fromAt: at(MONDAY, "10:00"), toAt: at(MONDAY, "14:00") };
  const flexible = { ...plan, kind: "flexible" as const, core };

  it.each([
    ["10:05:00 in, 16:00 out", []],
    ["10:05:01 in, 16:00 out", ["core-time-missed 301"]],
    ["09:00 in, 13:00 out", ["core-time-missed 3600"]],
    ["09:00 in, 12:00 lunch-start, 13:00 lunch-end, 16:00 out", []],
    ["09:00 in, 11:00 out, 12:00 in, 16:00 out", ["core-time-missed 3600"]],
  ])("is missed where nobody was there: %s", (spec, expected) => {
    expect(brief(said(spec, { plan: flexible }))).toEqual(expected);
  });

  it("is not judged while somebody is in, and is premature while the shift may go on", () => {
    expect(brief(said("12:00 in", { plan: flexible, isLast: true }))).toEqual([
      "missing-out premature",
    ]);
    expect(brief(said("12:00 in, 16:00 out", { plan: flexible, isLast: true }))).toEqual([
      "core-time-missed 7200 premature",
    ]);
  });

  it("names the punches up to its end, or the first one", () => {
    const kind = "core-time-missed";
    const before = [`${MONDAY} 09:00`, `${MONDAY} 13:00`];
    expect(said("09:00 in, 13:00 out, 16:00 in, 17:00 out", { plan: flexible })).toMatchObject([
      { kind, punchIds: before },
    ]);
    expect(said("15:00 in, 17:00 out", { plan: flexible })).toMatchObject([
      { kind, punchIds: [`${MONDAY} 15:00`] },
    ]);
  });

  it("is judged once its day is known, though the shift goes on and counts on a later day", () => {
    const set = ruleSet({ shifts: { countsOn: "end" } });
    const spec = "12:00 in, 25:00 break-start";
    const shift = shiftOf(MONDAY, spec, { rules: set, plan: flexible, isLast: true });
    const days = [
      dayWith(MONDAY, [], { plans: [flexible] }),
      dayWith("2026-01-13", [shift], { plans: [] }),
    ];
    const told = (plus: number): string[] =>
      brief(exceptionsOn(days, { rules: set, facts: marked("25:00", plus) })(MONDAY));
    expect(told(1)).toEqual(["core-time-missed 7200"]);
    expect(brief(exceptionsOn(days, { rules: set })(MONDAY))).toEqual([]);
  });

  it("is excused by hours of leave", () => {
    const results = { [MONDAY]: { credits: [credit(7200)] } };
    expect(brief(said("12:00 in, 16:00 out", { plan: flexible }, { results }))).toEqual([]);
  });
});

const hours = (spec: string, asked: Partial<Asked> & { isLast?: boolean } = {}): string[] => {
  const wide = planOf(MONDAY, "07:00-19:00", { seconds: 8 * 3600, kind: "flexible" });
  const { isLast = false, ...more } = asked;
  const day = dayWith(MONDAY, [shiftOf(MONDAY, spec, { plan: wide, rules, isLast })]);
  return brief(exceptionsOn([day], { rules, ...more })(MONDAY));
};

describe("hours against the plan", () => {
  it.each([
    ["08:00 in, 16:15:00 out", []],
    ["08:00 in, 16:15:01 out", ["over-schedule 901"]],
    ["08:00 in, 15:45:00 out", []],
    ["08:00 in, 15:44:59 out", ["under-schedule 901"]],
    ["08:00 in, 12:00 lunch-start, 13:00 lunch-end, 16:00 out", ["under-schedule 3600"]],
  ])("are told beyond the tolerance: %s", (spec, expected) => {
    expect(hours(spec)).toEqual(expected);
  });

  it("are never short while somebody is in, and premature until the day is known", () => {
    expect(hours("08:00 in", { isLast: true })).toEqual(["missing-out premature"]);
    expect(hours("08:00 in, 12:00 out", { isLast: true })).toEqual([
      "under-schedule 14400 premature",
    ]);
    expect(hours("08:00 in, 12:00 out", { facts: marked("24:00", -1) })).toEqual([
      "under-schedule 14400 premature",
    ]);
    expect(hours("08:00 in, 12:00 out", { facts: marked("24:00") })).toEqual([
      "under-schedule 14400",
    ]);
    expect(hours("08:00 in")).toEqual(["missing-out", "under-schedule 28800"]);
  });

  it("count leave, and seconds that rounding added", () => {
    expect(
      hours("08:00 in, 12:00 out", { results: { [MONDAY]: { credits: [credit(14_400)] } } }),
    ).toEqual([]);
    const wide = planOf(MONDAY, "07:00-19:00", { seconds: 8 * 3600, kind: "flexible" });
    const shift = shiftOf(MONDAY, "08:00 in, 15:44:59 out", { plan: wide, rules });
    const roundedUp = { seconds: 1, policy: "Total", reason: "up" };
    const day = dayWith(MONDAY, [shift], { more: { roundedUp } });
    expect(exceptionsOn([day], { rules })(MONDAY)).toEqual([]);
  });
});

describe("hours of the week against the plans", () => {
  const set = only({
    "over-schedule-week": { isOn: true },
    "under-schedule-week": { isOn: true },
    "under-schedule": { isOn: false },
    "over-schedule": { isOn: false },
  });
  const DATES = ["2026-01-12", "2026-01-13", "2026-01-14"] as const;
  const week = (ends: readonly (string | null)[], asked: Partial<Asked> = {}, more = set) => {
    const days = DATES.map((on, index) => {
      const own = planOf(on, "07:00-19:00", { seconds: 8 * 3600, kind: "flexible" });
      const end = ends[index];
      if (end === undefined) return dayWith(on, []);
      if (end === null) return dayWith(on, [], { plans: [own] });
      return dayWith(on, [shiftOf(on, `08:00 in, ${end} out`, { plan: own, rules: more })]);
    });
    const all = exceptionsOn(days, { rules: more, ...asked });
    return DATES.map((on) => brief(all(on)));
  };

  it("are told on the last day planned or worked", () => {
    expect(week(["16:00", "16:30", "16:00:00"])).toEqual([[], [], []]);
    expect(week(["16:00", "16:30", "16:00:01"])).toEqual([[], [], ["over-schedule-week 1801"]]);
    expect(week(["16:00", "15:30", "15:59:59"])).toEqual([[], [], ["under-schedule-week 1801"]]);
    expect(week(["16:00", "14:00"])).toEqual([[], ["under-schedule-week 7200"], []]);
  });

  it("wait for the last day planned, and count leave", () => {
    expect(week(["16:00", "16:00", null])).toEqual([[], [], []]);
    const facts: Fact[] = [
      { kind: "watermark", site: "hq", completeTo: at("2026-01-14", "24:00") },
    ];
    expect(week(["16:00", "16:00", null], { facts })[2]).toEqual([
      "absent 28800",
      "under-schedule-week 28800",
    ]);
    const results = { "2026-01-14": { credits: [credit(28_800)] } };
    expect(week(["16:00", "16:00", null], { facts, results })[2]).toEqual([]);
  });

  it("follow the week start of the overtime rules", () => {
    const tuesday = only(
      { "under-schedule-week": { isOn: true }, "under-schedule": { isOn: false } },
      { overtime: { weekStart: "tue" } },
    );
    expect(week(["14:00", "16:00", "16:00"], {}, tuesday)).toEqual([
      ["under-schedule-week 7200"],
      [],
      [],
    ]);
  });
});
