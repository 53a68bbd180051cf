import { describe, expect, it } from "vitest";
import type { z } from "zod";
import { affectedDays, computeWorkdays } from "./engine.ts";
import type { PunchFact } from "./facts.ts";
import { nextPunchMeaning } from "./punches/next-punch.ts";
import { constantRules, type Rules, ruleSetSchema } from "./rules.ts";
import { MAX_PUNCHES_A_DAY, type Workday, workdaySchema } from "./workday.ts";

const rulesOf = (input: z.input<typeof ruleSetSchema>): Rules =>
  constantRules(ruleSetSchema.parse({ zone: "Europe/Berlin", ...input }));
const rules = rulesOf({});
const ALWAYS = { fromOn: "1960-01-01", toOn: "9999-12-30" };

/** `2026-01-12T08:00+01:00 in` → a punch fact; the id is the text, so that failures read well. */
function punch(text: string, zone: string | null = null): PunchFact {
  const [time = "", hint] = text.split(" ");
  return {
    kind: "punch",
    punchId: text,
    at: Date.parse(time),
    hint: (hint ?? null) as PunchFact["hint"],
    site: "hq",
    reader: "door",
    zone,
  };
}

const days = (...texts: string[]): Workday[] =>
  computeWorkdays(
    texts.map((text) => punch(text)),
    rules,
    ALWAYS,
  );
const jan = (time: string, hint = ""): string => `2026-01-${time}+01:00 ${hint}`.trim();
const meanings = (day: Workday | undefined): string[] => day?.punches.map((p) => p.meaning) ?? [];
const kinds = (day: Workday | undefined): string[] => day?.exceptions.map((e) => e.kind) ?? [];

describe("a plain day", () => {
  it("reads unhinted punches in turn and takes an absence up to 90 min for a break", () => {
    const [day, ...rest] = days(jan("12T08:00"), jan("12T12:00"), jan("12T12:32"), jan("12T17:00"));
    expect(rest).toEqual([]);
    expect(meanings(day)).toEqual(["in", "break-start", "break-end", "out"]);
    expect(day).toMatchObject({
      workdayOn: "2026-01-12",
      zone: "Europe/Berlin",
      workedSeconds: (4 * 60 + 4 * 60 + 28) * 60,
      breakSeconds: 32 * 60,
      isOpen: false,
      exceptions: [],
    });
    expect(day?.punches[1]?.reason).toBe("back after 32 min: within the 1 h 30 min of a break");
    expect(workdaySchema.parse(day)).toEqual(day);
  });

  it("counts an absence longer than a break as neither work nor break", () => {
    const [day] = days(jan("12T08:00"), jan("12T10:00"), jan("12T12:00"), jan("12T14:00"));
    expect(meanings(day)).toEqual(["in", "out", "in", "out"]);
    expect(day).toMatchObject({ workedSeconds: 4 * 3600, breakSeconds: 0 });
  });

  it("takes an absence of exactly the longest break for a break, and one millisecond more for none", () => {
    const [at] = days(jan("12T08:00"), jan("12T12:00:00.000"), jan("12T13:30:00.000"));
    const [over] = days(jan("12T08:00"), jan("12T12:00:00.000"), jan("12T13:30:00.001"));
    expect(meanings(at)).toEqual(["in", "break-start", "break-end"]);
    expect(meanings(over)).toEqual(["in", "out", "in"]);
  });

  it("keeps an absence of exactly four hours inside the shift", () => {
    const [day] = days(jan("12T06:00"), jan("12T10:00"), jan("12T14:00"), jan("12T18:00"));
    expect(day?.punches[2]?.reason).toBe("came back during the shift");
  });

  it("takes no absence for a break that is shorter than the rule, and none at all when breaks are off", () => {
    const facts = [jan("12T08:00"), jan("12T10:00"), jan("12T10:04")].map((text) => punch(text));
    const minimum = rulesOf({ punches: { breaks: { by: "length", min: "5min" } } });
    expect(meanings(computeWorkdays(facts, minimum, ALWAYS)[0])).toEqual(["in", "out", "in"]);
    const off = rulesOf({ punches: { breaks: { by: "length", max: 0 } } });
    const atOnce = [
      punch(jan("12T08:00")),
      punch(jan("12T10:00", "out")),
      punch(jan("12T10:00", "zz")),
    ];
    const back = { ...atOnce[2]!, hint: "in" as const };
    const [day] = computeWorkdays([...atOnce.slice(0, 2), back], off, ALWAYS);
    expect(meanings(day)).toEqual(["in", "out", "in"]);
  });

  it("begins a new shift on the same day after an out and more than four hours", () => {
    const [day] = days(jan("12T06:00"), jan("12T10:00"), jan("12T14:00:01"), jan("12T18:00"));
    expect(day?.punches[2]?.reason).toBe("first punch of a shift");
    expect(day?.workedSeconds).toBe(4 * 3600 + 4 * 3600 - 1);
  });

  it("counts a night on the day it began", () => {
    const [day, ...rest] = days(jan("12T22:00"), jan("13T06:00"));
    expect(rest).toEqual([]);
    expect(day).toMatchObject({ workdayOn: "2026-01-12", workedSeconds: 8 * 3600 });
  });

  it("keeps to the range asked for", () => {
    const facts = [jan("12T08:00"), jan("12T16:00"), jan("13T08:00"), jan("13T16:00")].map((text) =>
      punch(text),
    );
    const range = { fromOn: "2026-01-13", toOn: "2026-01-13" };
    expect(computeWorkdays(facts, rules, range).map((day) => day.workdayOn)).toEqual([
      "2026-01-13",
    ]);
  });
});

describe("repeats", () => {
  it("lets a like punch within a minute count for nothing, and says so", () => {
    const [day] = days(jan("12T08:00:00"), jan("12T08:00:59"), jan("12T16:00"));
    expect(meanings(day)).toEqual(["in", "repeat", "out"]);
    expect(kinds(day)).toEqual(["repeat"]);
    expect(day?.workedSeconds).toBe(8 * 3600);
  });

  it("takes a punch one window later as a punch of its own", () => {
    expect(meanings(days(jan("12T08:00:00"), jan("12T08:01:00"))[0])).toEqual(["in", "out"]);
  });

  it("believes opposite claims however fast they come", () => {
    expect(meanings(days(jan("12T08:00:00", "in"), jan("12T08:00:05", "out"))[0])).toEqual([
      "in",
      "out",
    ]);
  });

  it("finds none when the window is zero", () => {
    const facts = [punch(jan("12T08:00:00")), punch(jan("12T08:00:01"))];
    const [day] = computeWorkdays(facts, rulesOf({ punches: { repeatWindow: 0 } }), ALWAYS);
    expect(meanings(day)).toEqual(["in", "out"]);
  });
});

describe("claims and contradictions", () => {
  it("believes every claim that fits", () => {
    const [day] = days(
      jan("12T08:00", "in"),
      jan("12T10:00", "break-start"),
      jan("12T12:00", "break-end"),
      jan("12T16:00", "out"),
    );
    expect(meanings(day)).toEqual(["in", "break-start", "break-end", "out"]);
    expect(day).toMatchObject({ workedSeconds: 6 * 3600, breakSeconds: 2 * 3600, exceptions: [] });
  });

  it("names the missing out between two ins and invents no time", () => {
    const [day] = days(jan("12T08:00", "in"), jan("12T13:00", "in"), jan("12T17:00", "out"));
    expect(day?.workedSeconds).toBe(4 * 3600);
    expect(day?.exceptions).toEqual([
      {
        kind: "missing-out",
        severity: expect.any(String),
        premature: false,
        punchIds: [jan("12T13:00", "in")],
        detail: "in again without an out",
      },
    ]);
  });

  it.each([
    ["out with nobody in", ["12T08:00 out"], ["missing-in"]],
    ["break with nobody in", ["12T08:00 break-start"], ["missing-in", "missing-break-end"]],
    ["back with nobody away", ["12T08:00 break-end"], ["missing-in", "missing-out"]],
    ["out during a break", ["12T08:00 in", "12T10:00 break-start", "12T16:00 out"], null],
    ["two breaks in a row", ["12T08:00 in", "12T10:00 break-start", "12T11:00 break-start"], null],
    ["back without a start", ["12T08:00 in", "12T10:00 break-end", "12T11:00 out"], null],
  ])("raises what is missing: %s", (_name, texts, expected) => {
    const [day] = days(...texts.map((text) => jan(...(text.split(" ") as [string, string]))));
    expect(day?.breakSeconds).toBe(0);
    if (expected !== null) expect(kinds(day)).toEqual(expected);
    else expect(kinds(day)[0]).toMatch(/^missing-break-(start|end)$/);
  });

  it("turns the out before a claimed return into the start of the break, however long it was", () => {
    const [day] = days(jan("12T08:00"), jan("12T10:00"), jan("12T13:00", "break-end"));
    expect(meanings(day)).toEqual(["in", "break-start", "break-end"]);
    expect(day?.breakSeconds).toBe(3 * 3600);
    expect(kinds(day)).toEqual(["missing-out"]);
  });

  it("ends a break with a plain in or an unhinted punch", () => {
    for (const hint of ["in", ""]) {
      const [day] = days(
        jan("12T08:00", "in"),
        jan("12T10:00", "break-start"),
        jan("12T12:00", hint),
      );
      expect(meanings(day)).toEqual(["in", "break-start", "break-end"]);
    }
  });
});

describe("forgotten punches", () => {
  it("leaves the day open, and prematurely wrong, until a later shift proves it wrong", () => {
    expect(days(jan("12T08:00"))[0]).toMatchObject({
      isOpen: true,
      exceptions: [{ kind: "missing-out", premature: true }],
    });
    const [monday, tuesday] = days(jan("12T08:00"), jan("13T08:00"), jan("13T16:00"));
    expect(monday).toMatchObject({
      isOpen: false,
      workedSeconds: 0,
      exceptions: [{ kind: "missing-out", premature: false }],
    });
    expect(tuesday).toMatchObject({ workedSeconds: 8 * 3600, exceptions: [] });
  });

  it("lets a forgotten in spoil its own day only", () => {
    const [monday, tuesday, wednesday] = days(
      jan("12T17:00"),
      jan("13T08:00"),
      jan("13T17:00"),
      jan("14T08:00"),
      jan("14T17:00"),
    );
    expect(kinds(monday)).toEqual(["missing-out"]);
    expect([tuesday?.workedSeconds, wednesday?.workedSeconds]).toEqual([9 * 3600, 9 * 3600]);
  });

  it("closes nothing with a way out later than a shift may last", () => {
    const [monday, tuesday] = days(jan("12T08:00", "in"), jan("13T00:00:01", "out"));
    expect(monday).toMatchObject({ workdayOn: "2026-01-12", workedSeconds: 0 });
    expect(kinds(monday)).toEqual(["missing-out", "shift-too-long"]);
    expect(kinds(tuesday)).toEqual(["missing-in"]);
  });

  it("believes a claimed out up to the longest shift, to the millisecond", () => {
    const [day] = days(jan("12T08:00", "in"), jan("13T00:00", "out"));
    expect(day).toMatchObject({ workedSeconds: 16 * 3600, exceptions: [] });
  });
});

describe("clocks and calendars", () => {
  it("measures a night over a clock change by the hours that passed", () => {
    const [spring] = days("2026-03-28T22:00+01:00", "2026-03-29T06:00+02:00");
    const [autumn] = days("2026-10-24T22:00+02:00", "2026-10-25T06:00+01:00");
    expect(spring).toMatchObject({ workdayOn: "2026-03-28", workedSeconds: 7 * 3600 });
    expect(autumn).toMatchObject({ workdayOn: "2026-10-24", workedSeconds: 9 * 3600 });
  });

  it("keeps the two passes of the repeated hour apart", () => {
    const [day] = days("2026-10-25T02:30+02:00", "2026-10-25T02:30+01:00");
    expect(day?.workedSeconds).toBe(3600);
  });

  it("gives each shift the date of the place it began at", () => {
    const at = "2026-01-12T23:30:00Z";
    const inZone = (zone: string): string | undefined =>
      computeWorkdays([punch(at, zone)], rules, ALWAYS)[0]?.workdayOn;
    expect(inZone("Europe/London")).toBe("2026-01-12");
    expect(inZone("Europe/Berlin")).toBe("2026-01-13");
    expect(inZone("Asia/Kathmandu")).toBe("2026-01-13");
    expect(inZone("Pacific/Pago_Pago")).toBe("2026-01-12");
  });

  it("shows each punch on the clock of its own site, and one of no known zone on the shift's", () => {
    const facts = [
      punch("2026-01-12T08:00+01:00", "Europe/Berlin"),
      punch("2026-01-12T12:00+01:00", "Europe/London"),
      punch("2026-01-12T13:00+01:00", "Mars/Olympus"),
    ];
    const [day] = computeWorkdays(facts, rules, ALWAYS);
    expect(day?.punches.map(({ local }) => local)).toEqual([
      "2026-01-12T08:00:00+01:00",
      "2026-01-12T11:00:00+00:00",
      "2026-01-12T13:00:00+01:00",
    ]);
  });

  it("knows the leap day", () => {
    const [day] = days("2028-02-29T08:00+01:00", "2028-02-29T16:00+01:00");
    expect(day).toMatchObject({ workdayOn: "2028-02-29", workedSeconds: 8 * 3600 });
  });
});

describe("faults", () => {
  it("makes a shift it cannot compute an exception and computes all the others", () => {
    const facts = [
      punch(jan("12T08:00")),
      punch(jan("12T16:00")),
      punch(jan("13T08:00"), "Mars/Olympus"),
      punch(jan("14T08:00")),
      punch(jan("14T16:00")),
    ];
    const [monday, broken, wednesday] = computeWorkdays(facts, rules, ALWAYS);
    expect([monday?.workedSeconds, wednesday?.workedSeconds]).toEqual([8 * 3600, 8 * 3600]);
    expect(broken).toMatchObject({ workdayOn: "2026-01-13", workedSeconds: 0 });
    expect(kinds(broken)).toEqual(["rule-fault"]);
    expect(workdaySchema.parse(broken)).toEqual(broken);
  });

  it("stays within the limits of a workday when a reader goes mad", () => {
    const start = Date.parse("2026-01-12T08:00+01:00");
    const facts = Array.from({ length: 900 }, (_, index) => ({
      ...punch(jan("12T08:00")),
      punchId: `mad-${index}`,
      at: start + index * 61_000,
    }));
    const [day] = computeWorkdays(facts, rules, ALWAYS);
    expect(day?.punches).toHaveLength(MAX_PUNCHES_A_DAY);
    expect(day?.exceptions.at(-1)).toMatchObject({ kind: "too-many-punches" });
    expect(workdaySchema.parse(day)).toEqual(day);
  });
});

describe("affectedDays", () => {
  const week = [
    jan("12T08:00"),
    jan("12T16:00"),
    jan("13T08:00"),
    jan("14T08:00"),
    jan("14T16:00"),
  ].map((text) => punch(text));

  it("names the one day a late punch heals", () => {
    expect(affectedDays(week, punch(jan("13T16:00")), rules)).toEqual(["2026-01-13"]);
  });

  it("names nothing for a punch already known", () => {
    expect(affectedDays(week, punch(jan("13T08:00")), rules)).toEqual([]);
  });

  it("names the day before too, when a new shift proves that it stayed open", () => {
    expect(affectedDays(week.slice(0, 3), punch(jan("14T08:00")), rules)).toEqual([
      "2026-01-13",
      "2026-01-14",
    ]);
  });

  it("names the day whose overlong shift turns out not to have ended so", () => {
    const facts = [punch(jan("12T08:00", "in")), punch(jan("15T02:00", "out"))];
    const changed = affectedDays(facts, punch(jan("15T01:00")), rules);
    expect(changed).toContain("2026-01-12");
  });
});

const says = (recent: string[], time: string): string =>
  nextPunchMeaning(
    recent.map((text) => punch(text)),
    rules,
    { at: Date.parse(time), hint: null },
  ).meaning;

describe("nextPunchMeaning", () => {
  it("greets by what went before", () => {
    expect(says([], jan("12T08:00"))).toBe("in");
    expect(says([jan("12T08:00")], jan("12T08:00:20"))).toBe("repeat");
    expect(says([jan("12T08:00")], jan("12T12:00"))).toBe("out");
    expect(says([jan("12T08:00"), jan("12T12:00")], jan("12T12:30"))).toBe("break-end");
    expect(says([jan("12T08:00"), jan("12T12:00")], jan("12T14:00"))).toBe("in");
  });

  it("comes after a punch of the same millisecond and knows nothing of later ones", () => {
    expect(says([jan("12T08:00", "in"), jan("12T12:00", "in")], jan("12T12:00"))).toBe("repeat");
    expect(says([jan("12T08:00"), jan("12T12:00")], jan("12T10:00"))).toBe("out");
  });
});
