import { describe, expect, it } from "vitest";
import { dateOf, dayOfDate, instantOf } from "../civil-time.ts";
import { computeWorkdays } from "../engine.ts";
import type { Fact } from "../facts.ts";
import { parseRuleBook, rulesFor } from "../rule-book.ts";
import { type Rules, rulesOn } from "../rules.ts";
import type { Workday } from "../workday.ts";
import { PRESETS } from "./catalogue.ts";

// Days and weeks worked out by hand from the sources that each preset names.

const rulesOf = (use: readonly string[], more: Record<string, unknown> = {}): Rules =>
  rulesFor(
    parseRuleBook({
      groups: { more },
      assignments: [{ to: "everyone", use: [...use, "more"], from: "1960-01-01" }],
    }),
    { personId: "p", sites: [], groups: [] },
  );

/** `2026-01-12 08:00-12:00 12:30-17:00`: in and out by turns on the wall clock; an earlier time is on the next day. */
function punches(line: string, zone: string): Fact[] {
  const [on = "", ...spans] = line.split(" ");
  let last = 0;
  return spans
    .flatMap((span) => span.split("-"))
    .map((clock): Fact => {
      const [h = 0, m = 0, s = 0] = clock.split(":").map(Number);
      let seconds = h * 3600 + m * 60 + s;
      while (seconds < last) seconds += 86_400;
      last = seconds;
      const at = instantOf(dayOfDate(on), seconds, zone);
      const punchId = `${on} ${clock}`;
      return { kind: "punch", punchId, at, hint: null, site: "hq", reader: "door", zone: null };
    });
}

/** What comes of the days of these lines, oldest first; `more` are other facts. */
function days(rules: Rules, lines: readonly string[], more: readonly Fact[] = []): Workday[] {
  const zone = rules.versions.at(-1)?.set.zone ?? "UTC";
  const dates = lines.map((line) => line.slice(0, 10)).toSorted();
  const after = dateOf(dayOfDate(dates.at(-1) ?? "") + 1);
  const completeTo = instantOf(dayOfDate(after) + 30, 0, zone);
  const facts: Fact[] = lines.flatMap((line) => punches(line, zone));
  return computeWorkdays(
    [...facts, { kind: "watermark", site: "hq", completeTo }, ...more],
    rules,
    { fromOn: dates[0] ?? "", toOn: after },
  ).filter(({ punches: made }) => made.length > 0);
}

const hours = (seconds: number): number => seconds / 3600;

/** `REG 8 OT15 1.5`: hours by pay code, in the order in which they were worked. */
function claims(day: Workday | undefined): string {
  const sums = new Map<string, number>();
  for (const { code, seconds } of day?.claims ?? []) {
    sums.set(code, (sums.get(code) ?? 0) + hours(seconds));
  }
  return [...sums].map(([code, sum]) => `${code} ${Math.round(sum * 1000) / 1000}`).join(" ");
}

const premiums = (day: Workday | undefined): string[] =>
  (day?.premiums ?? []).map(({ code, seconds }) => `${code} ${hours(seconds)}`);

/** Kinds of exceptions, without those against the plan. */
const limits = (day: Workday | undefined): string[] =>
  (day?.exceptions ?? [])
    .map(({ kind }) => kind)
    .filter((kind) => !/schedule|early|-late$|absent/.test(kind) || kind.startsWith("lunch"));

const table = (all: readonly Workday[]): string[] => all.map(claims);

/** What limits say of one day, 2026-01-20 unless another is named. */
const found = (rules: Rules, spans: string, on = "2026-01-20"): string[] =>
  limits(days(rules, [`${on} ${spans}`])[0]);

const paidExtra = (rules: Rules, spans: string): string[] =>
  premiums(days(rules, [`2026-01-12 ${spans}`])[0]);

const plan = (on: string, start: string, end: string): Fact => ({
  kind: "roster",
  rosterId: on,
  decidedAt: 0,
  on,
  shifts: [{ start, end }],
});

describe("every preset", () => {
  it("is a rule set that holds, has a source for its figures and a name as a group has", () => {
    for (const [name, preset] of PRESETS) {
      expect(name).toMatch(/^[a-z0-9][a-z0-9-]{0,63}$/);
      expect(preset.name).toBe(name);
      expect(preset.sources.length).toBeGreaterThan(0);
      expect(preset.description.length).toBeGreaterThan(40);
      const [version] = rulesOf([name]).versions.slice(-1);
      expect(version?.problem).toBeUndefined();
      expect(version?.groups).toContain(name);
      for (const base of preset.extends) expect(version?.groups).toContain(base);
    }
  });

  it("may be laid over a country's rules: a rota over federal law, an opt-out over a rota", () => {
    const week = ["2026-01-09", "2026-01-10", "2026-01-11"].map((on) => `${on} 06:00-18:00`);
    const rules = rulesOf(["us-federal", "rota-12h-24-7-crew-a"]);
    const all = days(rules, [...week, "2026-01-14 06:00-18:00", "2026-01-15 06:00-18:00"]);
    // Sunday 11 begins a workweek: 36 h in it are under 40
    expect(table(all)).toEqual(["REG 12", "REG 12", "REG 12", "REG 12", "REG 12"]);
    expect(all[0]?.planned[0]?.name).toBe("Day");
  });
});

describe("plain-8-40", () => {
  it("pays what is beyond 8 h on a day, and beyond 40 h that are not paid so already", () => {
    const week = ["12", "13", "14", "15", "16"].map((day) => `2026-01-${day} 08:00-18:00`);
    const all = days(rulesOf(["plain-8-40"]), [...week, "2026-01-17 08:00-12:00"]);
    // five times 8 regular are the 40; Saturday is beyond them
    expect(table(all)).toEqual([...week.map(() => "REG 8 OT15 2"), "OT15 4"]);
  });
});

describe("us-federal", () => {
  const rules = rulesOf(["us-federal"], { zone: "America/New_York" });

  it("knows no overtime of the day, only the 41st hour of the workweek from Sunday", () => {
    const all = days(rules, [
      "2026-01-11 06:00-18:00",
      "2026-01-12 06:00-18:00",
      "2026-01-13 06:00-18:00",
      "2026-01-17 20:00-02:00",
    ]);
    // 36 h until Tuesday; Saturday's 4 h until midnight are the 37th to 40th, Sunday begins a new week
    expect(table(all)).toEqual(["REG 12", "REG 12", "REG 12", "REG 4", "REG 2"]);
    const longer = days(rules, [
      "2026-01-11 06:00-18:00",
      "2026-01-12 06:00-18:00",
      "2026-01-13 06:00-18:00",
      "2026-01-17 19:59-02:00",
    ]);
    expect(claims(longer[3])).toBe("REG 4 OT15 0.017");
  });

  it("pays absences of up to 20 minutes, and none beyond", () => {
    const [paid] = days(rules, ["2026-01-12 08:00-10:00 10:20-12:00"]);
    expect(paid).toMatchObject({ paidSeconds: 4 * 3600, breakSeconds: 1200 });
    const [unpaid] = days(rules, ["2026-01-12 08:00-10:00 10:20:01-12:00"]);
    expect(unpaid?.paidSeconds).toBe(4 * 3600 - 1201);
    expect(unpaid?.intervals.map(({ kind }) => kind)).toEqual(["work", "lunch", "work"]);
    const [meal] = days(rules, ["2026-01-12 08:00-12:00 13:00-17:00"]);
    expect(meal?.paidSeconds).toBe(8 * 3600);
  });
});

/** Where the first punch of a day counts under a preset of rounding. */
const counted = (minutes: number, clock: string): string => {
  const rules = rulesOf(["us-federal", `us-rounding-${minutes}`]);
  const [day] = days(rules, [`2026-01-12 ${clock}-20:00`]);
  const at = day?.punches[0]?.countsAt ?? day?.punches[0]?.at ?? 0;
  return new Date(at).toISOString().slice(11, 19);
};

describe("us-rounding", () => {
  it("rounds 7 minutes down and 8 up to the quarter, whatever the seconds", () => {
    expect(counted(15, "08:07:59")).toBe("08:00:00");
    expect(counted(15, "08:08:00")).toBe("08:15:00");
    expect(counted(15, "07:52:59")).toBe("07:45:00");
  });

  it("rounds to the nearest tenth of an hour and to the nearest five minutes", () => {
    expect(counted(6, "08:03:59")).toBe("08:00:00");
    expect(counted(6, "08:04:00")).toBe("08:06:00");
    expect(counted(5, "08:02:59")).toBe("08:00:00");
    expect(counted(5, "08:03:00")).toBe("08:05:00");
  });
});

describe("california", () => {
  const rules = rulesOf(["california"]);

  it("pays 1.5 beyond 8 and 2 beyond 12 hours of a workday", () => {
    const [day] = days(rules, ["2026-01-12 06:00-10:30 11:00-16:00 16:30-20:00"]);
    expect(claims(day)).toBe("REG 8 OT15 4 OT20 1");
    expect(premiums(day)).toEqual([]);
  });

  it("counts a night by the workday each hour lies on", () => {
    const all = days(rules, ["2026-01-12 15:00-19:00 19:30-06:30"]);
    // 4 + 4.5 until midnight, 6.5 after it
    expect(table(all)).toEqual(["REG 8 OT15 0.5", "REG 6.5"]);
  });

  it("pays the seventh day of the workweek 1.5, and 2 beyond 8 h", () => {
    const six = ["11", "12", "13", "14", "15", "16"].map((day) => `2026-01-${day} 08:00-12:00`);
    const all = days(rules, [...six, "2026-01-17 08:00-12:30 13:00-17:30"]);
    expect(table(all)).toEqual([...six.map(() => "REG 4"), "OT15 8 OT20 1"]);
    // seven days in a row, but in two workweeks
    const across = days(rules, [
      ...six.slice(1),
      "2026-01-17 08:00-12:00",
      "2026-01-18 08:00-12:00",
    ]);
    expect(table(across)).toEqual(Array.from({ length: 7 }, () => "REG 4"));
  });

  it("pays the 41st hour 1.5 and still the 13th of a day double", () => {
    const five = ["12", "13", "14", "15", "16"].map(
      (day) => `2026-01-${day} 08:00-12:00 12:30-16:30`,
    );
    const all = days(rules, [...five, "2026-01-17 06:00-10:30 11:00-16:00 16:30-20:00"]);
    expect(table(all)).toEqual([...five.map(() => "REG 8"), "OT15 12 OT20 1"]);
    // no pyramiding: Monday's ninth hour is none of the forty
    const long = days(rules, [
      "2026-01-12 08:00-12:30 13:00-17:30",
      ...five.slice(1),
      "2026-01-17 08:00-09:00",
    ]);
    expect(claims(long[0])).toBe("REG 8 OT15 1");
    expect(claims(long[5])).toBe("OT15 1");
  });

  it("pays an hour for a meal begun after the fifth hour, missed or short, once a day", () => {
    const fine = "2026-01-12 08:00-13:00 13:30-16:00";
    expect(premiums(days(rules, [fine])[0])).toEqual([]);
    const late = days(rules, ["2026-01-12 08:00-13:00:01 13:30:01-16:00"])[0];
    expect(premiums(late)).toEqual(["MEALP 1"]);
    expect(limits(late)).toEqual(["lunch-late"]);
    const missed = days(rules, ["2026-01-12 08:00-13:00:01"])[0];
    expect(premiums(missed)).toEqual(["MEALP 1"]);
    expect(premiums(days(rules, ["2026-01-12 08:00-13:00"])[0])).toEqual([]);
    const short = days(rules, ["2026-01-12 08:00-12:00 12:29:59-16:00"])[0];
    expect(premiums(short)).toEqual(["MEALP 1"]);
    // no first and no second meal
    expect(premiums(days(rules, ["2026-01-12 08:00-19:00"])[0])).toEqual(["MEALP 1"]);
  });

  it("pays half of the planned day, at least 2 h and at most 4 h, to who is sent home", () => {
    const roster = plan("2026-01-12", "08:00", "14:00");
    const sent = (to: string, of = roster): string[] =>
      premiums(days(rules, [`2026-01-12 08:00-${to}`], [of])[0]);
    expect(sent("09:00")).toEqual(["REPORT 2"]);
    expect(sent("11:00")).toEqual([]);
    expect(sent("10:59", plan("2026-01-12", "08:00", "11:00"))).toEqual([]);
    expect(sent("09:00", plan("2026-01-12", "08:00", "11:00"))).toEqual(["REPORT 1"]);
    expect(sent("09:00", plan("2026-01-12", "08:00", "19:00"))).toEqual(["REPORT 3"]);
  });

  it("marks a split shift when work is interrupted for more than an hour", () => {
    expect(paidExtra(rules, "08:00-12:00 13:00:01-16:00")).toEqual(["SPLIT 1"]);
    expect(paidExtra(rules, "08:00-12:00 13:00-16:00")).toEqual([]);
  });

  it("pays another hour for a missing rest break where rest breaks are punched", () => {
    const rest = rulesOf(["california-rest-breaks"]);
    expect(paidExtra(rest, "08:00-11:29:59")).toEqual([]);
    expect(paidExtra(rest, "08:00-11:30")).toEqual(["RESTP 1"]);
    expect(paidExtra(rest, "08:00-10:00 10:10-11:40")).toEqual([]);
    expect(paidExtra(rest, "08:00-10:00 10:10-12:00 12:30-15:00")).toEqual(["RESTP 1"]);
    expect(paidExtra(rest, "08:00-10:00 10:10-12:00 12:30-14:00 14:10-16:00")).toEqual([]);
    expect(paidExtra(rest, "08:00-14:00").toSorted()).toEqual(["MEALP 1", "RESTP 1"]);
  });
});

describe("eu-working-time", () => {
  const rules = rulesOf(["eu-working-time"]);

  it("asks for 11 h of rest between days, to the second", () => {
    const eve = "2026-01-12 13:00-19:00";
    expect(days(rules, [eve, "2026-01-13 06:00-11:00"]).flatMap(limits)).toEqual([]);
    expect(days(rules, [eve, "2026-01-13 05:59:59-11:00"]).flatMap(limits)).toEqual([
      "rest-too-short",
    ]);
  });

  it("asks for a break on days of more than 6 h", () => {
    expect(found(rules, "08:00-14:00")).toEqual([]);
    expect(found(rules, "08:00-14:00:01")).toEqual(["lunch-missed"]);
    expect(found(rules, "08:00-12:00 12:15-17:00")).toEqual([]);
  });

  it("asks for 35 h without work in each week", () => {
    const six = ["12", "13", "14", "15", "16"].map((day) => `2026-01-${day} 08:00-12:00`);
    const week = (saturday: string, sunday: string): string[] =>
      days(rules, [...six, `2026-01-17 ${saturday}`, `2026-01-18 ${sunday}`]).flatMap(limits);
    // from 09:00 on Saturday to 20:00 on Sunday
    expect(week("08:00-09:00", "20:00-21:00")).toEqual([]);
    expect(week("08:00-09:00:01", "20:00-21:00")).toEqual(["weekly-rest-too-short"]);
  });

  it("allows 48 h a week on average over 17 weeks", () => {
    const monday = dayOfDate("2026-01-05");
    const weeks = (friday: string): string[] =>
      days(
        rules,
        Array.from({ length: 17 * 5 }, (_, index) => {
          const on = dateOf(monday + Math.floor(index / 5) * 7 + (index % 5));
          const spans = index === 17 * 5 - 1 ? friday : "06:00-11:00 11:30-16:06";
          return `${on} ${spans}`;
        }),
      ).flatMap(limits);
    // 84 days of 9 h 36 min, and Friday's as many: 48 h a week
    expect(weeks("06:00-11:00 11:30-16:06")).toEqual([]);
    // an average is told in whole seconds: 17 more on one day are one a week
    expect(weeks("06:00-11:00 11:30-16:06:17")).toEqual(["average-week-limit"]);
  });
});

const workedMinutes = (rules: Rules, spans: string): number =>
  (days(rules, [`2026-01-12 ${spans}`])[0]?.workedSeconds ?? 0) / 60;

describe("germany-arbzg", () => {
  const rules = rulesOf(["germany-arbzg"]);

  it("takes off what is missing of 30 and 45 minutes, but never below 6 and 9 hours", () => {
    expect(workedMinutes(rules, "08:00-14:00")).toBe(360);
    expect(workedMinutes(rules, "08:00-14:20")).toBe(360);
    expect(workedMinutes(rules, "08:00-14:40")).toBe(370);
    expect(workedMinutes(rules, "08:00-17:30")).toBe(540);
    expect(workedMinutes(rules, "08:00-17:40")).toBe(540);
    expect(workedMinutes(rules, "08:00-18:00")).toBe(555);
  });

  it("takes off nothing for breaks that were punched, unless they were too short", () => {
    expect(workedMinutes(rules, "08:00-12:00 12:30-17:00")).toBe(510);
    expect(workedMinutes(rules, "08:00-12:00 12:15-17:00")).toBe(510);
    expect(workedMinutes(rules, "08:00-12:00 12:14-17:00")).toBe(496);
    expect(workedMinutes(rules, "08:00-12:00 12:45-18:00")).toBe(555);
  });

  it("allows 10 h a day and 6 h in a row", () => {
    expect(found(rules, "07:00-12:00 12:45-17:45")).toEqual([]);
    expect(found(rules, "07:00-12:00 12:45-17:45:01")).toEqual(["over-daily-limit"]);
    expect(found(rules, "07:00-13:00 13:30-15:00")).toEqual([]);
    expect(found(rules, "07:00-13:00:01 13:30:01-15:00")).toEqual(["lunch-late"]);
  });

  it("makes somebody a night worker by more than 2 h of night, with 8 h a day on average", () => {
    const monday = dayOfDate("2026-01-05");
    const four = (start: string): string[] =>
      days(
        rules,
        Array.from({ length: 24 }, (_, index) => {
          const on = dateOf(monday + Math.floor(index / 6) * 7 + (index % 6));
          return `${on} ${start}-20:00 20:45-01:00${index === 0 ? ":01" : ""}`;
        }),
      )
        .flatMap(limits)
        .filter((kind) => kind === "night-work-limit");
    // 23:00 to 01:00 are two hours, one second more on one night; 8 h 15 min on 24 days
    expect(four("16:00").length).toBeGreaterThan(0);
    expect(four("16:30")).toEqual([]);
  });
});

describe("uk-rota", () => {
  const rules = rulesOf(["uk-rota"]);

  it("plans two earlies, two lates, two nights and four days off", () => {
    const all = days(rules, [
      "2026-01-05 06:00-10:00 10:30-14:00",
      "2026-01-08 14:00-18:00 18:30-22:00",
      "2026-01-10 22:00-02:00 02:30-06:00",
      "2026-01-11 12:00-13:00",
      "2026-01-15 06:00-10:00 10:20-14:00",
    ]);
    expect(all.map(({ planned }) => planned.map(({ name }) => name).join())).toEqual([
      "Early",
      "Late",
      "Night",
      "",
      "Early",
    ]);
    expect(all[0]?.planned[0]?.seconds).toBe(7.5 * 3600);
    expect(all.flatMap(limits)).toEqual(["rest-too-short"]);
  });

  it("asks for 20 minutes on days of more than 6 h", () => {
    expect(found(rules, "14:00-18:00 18:20-22:00")).toEqual([]);
    expect(found(rules, "14:00-18:00 18:19:59-22:00")).toEqual(["lunch-short"]);
    expect(found(rules, "14:00-20:00:01")).toEqual(["lunch-missed"]);
  });

  it("lets somebody opt out of the 48 h, and of nothing else", () => {
    const { set } = rulesOn(rulesOf(["uk-rota", "uk-48h-opt-out"]), 0);
    const { set: before } = rulesOn(rules, 0);
    expect(set.exceptions.limits).toEqual({ ...before.exceptions.limits, averageWeek: null });
    expect({ ...set, exceptions: before.exceptions }).toEqual(before);
  });
});

describe("gulf-6-day", () => {
  const rules = rulesOf(["gulf-6-day"]);

  it("pays 1.25 beyond 8 h, and a quarter more at night", () => {
    const [day] = days(rules, ["2026-01-10 14:00-18:00 19:00-02:00"]);
    expect(claims(day)).toBe("REG 8 OT125 3");
    expect(premiums(day)).toEqual(["OTNIGHT 3"]);
    // night work that is no overtime earns nothing more
    const [night] = days(rules, ["2026-01-10 18:00-22:00 23:00-03:00"]);
    expect(claims(night)).toBe("REG 8");
    expect(premiums(night)).toEqual([]);
  });

  it("pays 1.25 beyond 48 h in a week from Saturday, and 1.5 on Friday", () => {
    const six = ["10", "11", "12", "13", "14", "15"].map(
      (day) => `2026-01-${day} 08:00-12:00 13:00-17:00`,
    );
    const all = days(rules, [...six, "2026-01-16 08:00-12:00"]);
    expect(table(all)).toEqual([...six.map(() => "REG 8"), "REST150 4"]);
    const more = days(rules, [...six.slice(0, 5), "2026-01-15 08:00-12:00 13:00-17:30"]);
    expect(claims(more[5])).toBe("REG 8 OT125 0.5");
  });

  it("asks for an hour of rest in all, and none to work more than 5 h in a row", () => {
    expect(found(rules, "08:00-13:00 14:00-17:00")).toEqual([]);
    expect(found(rules, "08:00-10:00 10:30-13:00 13:30-17:00")).toEqual([]);
    expect(found(rules, "08:00-13:00:01 14:00:01-17:00")).toEqual(["lunch-late"]);
    expect(found(rules, "08:00-12:00 12:59-17:00")).toEqual(["lunch-short"]);
  });

  it("begins overtime two hours earlier in Ramadan, and only then", () => {
    const book = parseRuleBook({
      groups: {},
      assignments: [
        { to: "everyone", use: ["gulf-6-day"], from: "2022-02-02" },
        { to: "everyone", use: ["gulf-ramadan"], from: "2026-02-18", until: "2026-03-19" },
      ],
    });
    const own = rulesFor(book, { personId: "p", sites: [], groups: [] });
    const all = days(own, [
      "2026-02-17 08:00-12:00 13:00-17:00",
      "2026-02-18 08:00-12:00 13:00-17:00",
      "2026-03-19 08:00-12:00 13:00-16:00",
      "2026-03-21 08:00-12:00 13:00-17:00",
    ]);
    expect(table(all)).toEqual(["REG 8", "REG 6 OT125 2", "REG 6 OT125 1", "REG 8"]);
    expect(all.map(({ planned }) => hours(planned[0]?.seconds ?? 0))).toEqual([8, 6, 6, 8]);
  });
});

describe("india-factories", () => {
  const rules = rulesOf(["india-factories"]);

  it("pays double beyond 9 h on a day and 48 h in a week from Sunday", () => {
    const [day] = days(rules, ["2026-01-12 08:00-12:30 13:00-18:00"]);
    expect(claims(day)).toBe("REG 9 OT200 0.5");
    const six = ["12", "13", "14", "15", "16"].map(
      (date) => `2026-01-${date} 08:00-12:30 13:00-17:30`,
    );
    const all = days(rules, [...six, "2026-01-17 08:00-12:00"]);
    expect(table(all)).toEqual([...six.map(() => "REG 9"), "REG 3 OT200 1"]);
  });

  it("marks a day spread over more than ten and a half hours", () => {
    expect(premiums(days(rules, ["2026-01-12 08:00-12:00 14:30-18:30"])[0])).toEqual([]);
    expect(premiums(days(rules, ["2026-01-12 08:00-12:00 14:30-18:30:01"])[0])).toEqual([
      "SPREAD 0",
    ]);
  });

  it("asks for half an hour after at most 5 h", () => {
    expect(found(rules, "08:00-13:00 13:30-17:00")).toEqual([]);
    expect(found(rules, "08:00-13:00:01 13:30:01-17:00")).toEqual(["lunch-late"]);
    expect(found(rules, "08:00-13:00")).toEqual([]);
  });

  it("allows ten days in a row, and counts a night on the day it begins", () => {
    const row = Array.from(
      { length: 11 },
      (_, index) => `${dateOf(dayOfDate("2026-01-12") + index)} 08:00-12:00`,
    );
    expect(days(rules, row).map((day) => limits(day).includes("consecutive-days-limit"))).toEqual([
      ...Array.from({ length: 10 }, () => false),
      true,
    ]);
    const night = days(rules, ["2026-01-12 20:00-00:30 01:00-05:30"]);
    expect(night.map((day) => [day.workdayOn, claims(day)])).toEqual([["2026-01-12", "REG 9"]]);
  });
});

describe("rota-12h-24-7", () => {
  const crews = ["a", "b", "c", "d"].map((crew) => ({
    crew,
    rules: rulesOf([`rota-12h-24-7-crew-${crew}`]),
  }));
  const monday = dayOfDate("2026-03-02");
  const dates = Array.from({ length: 56 }, (_, index) => dateOf(monday + index));

  /** What is planned for each crew, by asking about one that is always there for a moment. */
  const planned = crews.map(({ rules }) =>
    days(
      rules,
      dates.map((on) => `${on} 12:00-12:01`),
    ).map((day) => day.planned.map(({ name }) => name).join("+")),
  );

  it("has one crew on days and one on nights on every date, and each for 42 h a week", () => {
    for (const index of dates.keys()) {
      const names = planned.map((crew) => crew[index]).filter((name) => name !== "");
      expect(new Set(names)).toEqual(new Set(["Day", "Night"]));
      expect(names).toHaveLength(2);
    }
    for (const crew of planned) expect(crew.filter(Boolean)).toHaveLength((56 / 7) * 3.5);
  });

  it("never has a crew on for more than three days in a row", () => {
    for (const crew of planned) {
      const runs = crew.map((name) => (name === "" ? " " : "x")).join("");
      expect(runs.split(/ +/).every((run) => run.length <= 3)).toBe(true);
    }
  });

  it("keeps the one who is relieved late in the old shift, and pays two breaks", () => {
    const [a] = crews;
    const all = days(a?.rules ?? rulesOf([]), [
      "2026-03-02 05:50-10:00 10:30-14:00 14:30-18:40",
      "2026-03-03 05:55-18:00",
    ]);
    expect(all.map(({ workdayOn, paidSeconds }) => [workdayOn, (paidSeconds ?? 0) / 60])).toEqual([
      ["2026-03-02", 770],
      ["2026-03-03", 725],
    ]);
    expect(all.flatMap(limits)).toEqual([]);
  });

  it("is as long as it was on a night when the clock changes", () => {
    const [, , c] = crews;
    const rules = rulesOf([`rota-12h-24-7-crew-${c?.crew ?? ""}`], { zone: "Europe/Berlin" });
    const [night] = days(rules, ["2026-03-28 18:00-06:00"]);
    expect(night?.workedSeconds).toBe(11 * 3600);
  });
});
