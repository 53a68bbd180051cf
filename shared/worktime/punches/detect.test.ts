import { describe, expect, it } from "vitest";
import {
  altered,
  correction,
  meaningsOf,
  monday,
  punch,
  shiftsOf,
} from "../../../test/support/worktime.ts";
import type { PunchFact } from "../facts.ts";
import { readerRuleOf } from "./claims.ts";
import { punchRulesSchema } from "./rules.ts";

// Ways of telling what a punch means: the vocabulary of shared facts on time and attendance (Suprema BioStar 2 by key and
// first-last, TimeTrex by window or length, Kronos margins); boundaries and precedence are our own reasoning.

const LONG = { breaks: { by: "claim" } } as const;
const day = { name: "Day", start: "08:00", end: "17:00" };
const withLunch = { ...day, breaks: [{ kind: "lunch", start: "12:00", length: "1h" }] } as const;
const planned = (...templates: readonly (typeof day)[]) => ({
  schedule: {
    templates: [...templates],
    rotas: [
      {
        name: "r",
        kind: "weekdays" as const,
        every: ["mon" as const],
        shifts: templates.map(({ name }) => name),
      },
    ],
  },
});
const atReader = (reader: string, ...texts: string[]): PunchFact[] =>
  altered(monday(...texts), { reader });
const reasons = (...args: Parameters<typeof shiftsOf>): string[] =>
  shiftsOf(...args).flatMap(({ reads }) => reads.map(({ reason }) => reason));
const problems = (...args: Parameters<typeof shiftsOf>): (string | undefined)[] =>
  shiftsOf(...args).flatMap(({ reads }) => reads.map(({ problem }) => problem?.kind));

describe("the key", () => {
  const twice = monday("08:00 in", "12:00 in", "17:00 out");

  it("is believed, and what it contradicts is named", () => {
    expect(meaningsOf(twice)).toEqual(["in in out"]);
    expect(problems(twice)).toEqual([undefined, "missing-out", undefined]);
  });

  it("is only a hint if the rules say so: what contradicts it takes turns, and the reason keeps the key", () => {
    const rules = { punches: { keys: "hint", ...LONG } } as const;
    const near = monday("08:00 in", "12:00 in", "15:00 out");
    expect(reasons(monday("08:00 in", "12:00 in"), rules)).toEqual([
      "the reader says in",
      "was in, so this is the way out; the key says in, which does not fit",
    ]);
    expect(meaningsOf(near, rules)).toEqual(["in out in"]);
    expect(problems(near, rules)).toEqual([undefined, undefined, undefined]);
  });

  it("is believed as a hint where it fits", () => {
    const rules = { punches: { keys: "hint" } } as const;
    const fits = monday("08:00 in", "10:00 lunch-start", "12:00 lunch-end", "16:00 out");
    expect(meaningsOf(fits, rules)).toEqual(["in lunch-start lunch-end out"]);
  });

  it("is not asked if detection does not name it", () => {
    const rules = { punches: { detect: [], ...LONG } };
    expect(meaningsOf(monday("08:00 out", "12:00 out", "13:00 out", "17:00 in"), rules)).toEqual([
      "in out in out",
    ]);
  });

  it("makes a transfer in every way of detection while somebody is in", () => {
    const rules = { punches: { detect: [] } };
    expect(meaningsOf(monday("08:00", "10:00 transfer", "12:00"), rules)).toEqual([
      "in transfer out",
    ]);
    expect(meaningsOf(monday("08:00 transfer", "10:00"), rules)).toEqual(["in out"]);
  });
});

describe("the reader", () => {
  const readers = [
    { reader: "gate-in", means: "in" },
    { reader: "gate-out", means: "out" },
    { reader: "canteen", means: "lunch" },
    { reader: "yard", means: "break" },
  ] as const;
  const rules = { punches: { readers: [...readers], ...LONG } };

  it("tells the direction whatever the key says", () => {
    const facts = [...atReader("gate-in", "08:00 out"), ...atReader("gate-out", "16:00 in")];
    expect(meaningsOf(facts, rules)).toEqual(["in out"]);
    expect(reasons(facts, rules)).toEqual([
      "reader gate-in is an entrance",
      "reader gate-out is an exit",
    ]);
    const keyFirst = { punches: { ...rules.punches, detect: ["key" as const, "reader" as const] } };
    expect(meaningsOf(facts.slice(0, 1), keyFirst)).toEqual(["out"]);
    const keyOnly = { punches: { ...rules.punches, detect: ["key" as const] } };
    expect(meaningsOf(facts.slice(0, 1), keyOnly)).toEqual(["out"]);
  });

  it("names what is missing at an entrance passed twice", () => {
    const facts = atReader("gate-in", "08:00", "12:00");
    expect(problems(facts, rules)).toEqual([undefined, "missing-out"]);
  });

  it("for lunch or breaks begins one and ends it, whoever is on the other", () => {
    const facts = [
      ...atReader("gate-in", "08:00"),
      ...atReader("canteen", "12:00", "12:30"),
      ...atReader("yard", "15:00", "15:10"),
      ...atReader("gate-out", "17:00"),
    ];
    expect(meaningsOf(facts, rules)).toEqual([
      "in lunch-start lunch-end break-start break-end out",
    ]);
    const mixed = [
      ...atReader("gate-in", "08:00"),
      ...atReader("canteen", "12:00"),
      ...atReader("yard", "12:30"),
    ];
    expect(meaningsOf(mixed, rules)).toEqual(["in lunch-start lunch-end"]);
  });

  it("for lunch keeps quiet about the direction, so that a second tap is a repeat and no return", () => {
    const facts = [
      ...atReader("gate-in", "08:00"),
      ...atReader("canteen", "12:00", "12:00:59", "12:01"),
    ];
    expect(meaningsOf(facts, rules)).toEqual(["in lunch-start repeat lunch-end"]);
  });

  it("for lunch is not taken to go out again right after the way back", () => {
    const facts = [
      ...atReader("gate-in", "08:00"),
      ...atReader("canteen", "12:00", "12:30", "12:30:30"),
    ];
    expect(meaningsOf(facts, rules)).toEqual(["in lunch-start lunch-end repeat"]);
  });

  it("tells more than its site", () => {
    const entries = [
      { site: "hq", means: "in" as const },
      { reader: "door", means: "out" as const },
    ];
    expect(meaningsOf(monday("08:00"), { punches: { readers: entries } })).toEqual(["out"]);
    expect(meaningsOf(monday("08:00"), { punches: { readers: entries.toReversed() } })).toEqual([
      "out",
    ]);
  });

  it("is found by the entry that names most of its place", () => {
    const { readers: list, ...rest } = punchRulesSchema.parse({
      readers: [
        { site: "hq", means: "in" },
        { reader: "door", means: "out" },
        { site: "hq", reader: "door", means: "lunch" },
      ],
    });
    const means = (site: string, reader: string): string | undefined =>
      readerRuleOf(punch("2026-01-12T08:00Z", { site, reader }), { ...rest, readers: list })?.means;
    expect(means("hq", "door")).toBe("lunch");
    expect(means("plant", "door")).toBe("out");
    expect(means("hq", "gate")).toBe("in");
    expect(means("plant", "gate")).toBeUndefined();
  });

  it("that no entry knows leaves the word to the next way", () => {
    expect(meaningsOf(atReader("side", "08:00", "12:00 break-start"), rules)).toEqual([
      "in break-start",
    ]);
  });
});

describe("the schedule", () => {
  const detect = { punches: { detect: ["schedule" as const], ...LONG } };
  const rules = { ...planned(withLunch), ...detect };

  it("gives each punch the meaning of the nearest planned event", () => {
    const facts = monday("07:55", "12:04", "12:58", "17:10");
    expect(meaningsOf(facts, rules)).toEqual(["in lunch-start lunch-end out"]);
    expect(reasons(facts, rules).slice(1)).toEqual([
      "4 min after the planned lunch",
      "2 min before the planned end of the lunch",
      "10 min after the planned end",
    ]);
  });

  it("sees what was forgotten, where turns would read the day the wrong way round", () => {
    const facts = monday("08:00", "12:00", "17:00");
    expect(meaningsOf(facts, rules)).toEqual(["in lunch-start out"]);
    expect(problems(facts, rules)).toEqual([undefined, undefined, "missing-lunch-end"]);
    const noStart = monday("08:00", "13:00", "17:00");
    expect(meaningsOf(noStart, rules)).toEqual(["in lunch-start out"]);
  });

  it("takes a punch as far as nearPlan from an event for it, and a second farther for none", () => {
    const narrow = { ...rules, punches: { ...detect.punches, nearPlan: "10min" as const } };
    expect(meaningsOf(monday("08:00", "11:50"), narrow)).toEqual(["in lunch-start"]);
    expect(meaningsOf(monday("08:00", "11:49:59"), narrow)).toEqual(["in out"]);
  });

  it("of two events equally near takes the earlier one", () => {
    const breaks = [
      { kind: "break" as const, start: "10:00", length: "15min" as const },
      { kind: "lunch" as const, start: "12:00", length: "1h" as const },
    ];
    const facts = monday("08:00", "11:00");
    expect(meaningsOf(facts, { ...planned({ ...day, breaks } as typeof day), ...detect })).toEqual([
      "in break-start",
    ]);
  });

  it("takes the start once", () => {
    expect(reasons(monday("08:00", "08:10", "08:20"), rules)[2]).toBe("came back during the shift");
  });

  it("takes no event twice", () => {
    const facts = monday("08:00", "12:00", "12:30", "12:32");
    expect(meaningsOf(facts, rules)).toEqual(["in lunch-start lunch-end out"]);
    expect(reasons(facts, rules)[3]).toBe("was in, so this is the way out");
  });

  it("places a lone punch by the middle of the plan", () => {
    expect(meaningsOf(monday("12:29:59"), rules)).toEqual(["in"]);
    expect(meaningsOf(monday("12:30"), rules)).toEqual(["out"]);
    expect(problems(monday("17:00"), rules)).toEqual(["missing-in"]);
    expect(reasons(monday("17:00"), rules)).toEqual([
      "in the second half of the planned shift Day",
    ]);
    expect(shiftsOf(monday("17:00"), rules)[0]?.phase).toBe("out");
  });

  it("takes the lone way out back when there is a second punch, even after the gap of a new shift", () => {
    const facts = monday("12:31", "17:00");
    expect(meaningsOf(facts, rules)).toEqual(["in out"]);
    expect(problems(facts, rules)).toEqual([undefined, undefined]);
    expect(reasons(facts, rules)[0]).toBe("first of several punches of the planned shift Day");
  });

  it("says nothing where nothing is planned, and at the ends of a flexible frame", () => {
    expect(meaningsOf(monday("08:00", "12:00"), detect)).toEqual(["in out"]);
    const flexible = { ...day, kind: "flexible" as const, paid: "6h" as const };
    expect(reasons(monday("08:00", "16:50"), { ...planned(flexible), ...detect })[1]).toBe(
      "was in, so this is the way out",
    );
  });

  it("goes behind a key that fits and before turns when it comes second", () => {
    const both = {
      ...planned(withLunch),
      punches: { detect: ["key" as const, "schedule" as const], keys: "hint" as const, ...LONG },
    };
    expect(meaningsOf(monday("08:00 in", "12:00 in", "13:00 in"), both)).toEqual([
      "in lunch-start lunch-end",
    ]);
    expect(reasons(monday("08:00 in", "12:00 in"), both)[1]).toBe(
      "at the planned lunch; the key says in, which does not fit",
    );
  });
});

describe("first and last", () => {
  const rules = { punches: { pairing: "first-last" } } as const;

  it("count, and those between do not", () => {
    const facts = monday("08:00", "10:00", "12:00", "12:30", "17:00");
    expect(meaningsOf(facts, rules)).toEqual(["in between between between out"]);
    expect(meaningsOf(facts.slice(0, 4), rules)).toEqual(["in between between out"]);
    expect(meaningsOf(facts.slice(0, 1), rules)).toEqual(["in"]);
    expect(problems(facts, rules).some((kind) => kind !== undefined)).toBe(false);
    expect(shiftsOf(facts, rules)[0]?.phase).toBe("out");
  });

  it("are told by the longest stretch and shift alone, since nobody knows who is in between", () => {
    expect(meaningsOf(monday("08:00", "12:00", "17:00"), rules)).toEqual(["in between out"]);
    expect(meaningsOf(monday("08:00", "22:00"), rules)).toEqual(["in out"]);
    expect(meaningsOf(monday("08:00", "22:00:01"), rules)).toEqual(["in", "in"]);
  });

  it("let a claimed way out be followed by a new shift after the gap", () => {
    const facts = monday("06:00 in", "10:00 out", "15:00 in");
    expect(meaningsOf(facts, rules)).toEqual(["in out", "in"]);
  });

  it("leave a lone punch what it meant when it was made", () => {
    expect(meaningsOf(monday("17:00 out"), rules)).toEqual(["out"]);
    expect(problems(monday("17:00 out"), rules)).toEqual(["missing-in"]);
    expect(shiftsOf(monday("17:00 out"), rules)[0]?.phase).toBe("out");
  });

  it("ignore repeats", () => {
    expect(meaningsOf(monday("08:00", "17:00", "17:00:30 in"), rules)).toEqual(["in out repeat"]);
  });

  it("leave transfers and corrected punches what they are", () => {
    const facts = monday("08:00", "10:00 transfer", "12:00", "17:00");
    expect(meaningsOf(facts, rules)).toEqual(["in transfer between out"]);
    const corrected = [
      ...monday("08:00", "12:00", "12:30", "14:00", "17:00"),
      correction("c0", { do: "change", punchId: "12:00", meaning: "lunch-start" }),
      correction("c1", { do: "change", punchId: "12:30", meaning: "lunch-end" }),
    ];
    expect(meaningsOf(corrected, rules)).toEqual(["in lunch-start lunch-end between out"]);
  });
});
