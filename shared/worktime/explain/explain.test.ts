import { describe, expect, it } from "vitest";
import { punch, ruleSet } from "../../../test/support/worktime.ts";
import { computeWorkdays } from "../engine.ts";
import type { Fact } from "../facts.ts";
import { constantRules } from "../rules.ts";
import { emptyWorkday, type Workday } from "../workday.ts";
import { explainDay } from "./explain.ts";
import { explainChange } from "./explain-change.ts";
import { spellFact } from "./spell-fact.ts";

const ON = "2026-03-02";
const heading = { personId: "e-17" };
const decidedAt = Date.parse("2026-03-03T09:00Z");

const rules = constantRules(
  ruleSet({
    zone: "Europe/Berlin",
    rounding: {
      punches: [{ name: "Quarter", types: ["in", "out"], mode: "nearest", interval: "15min" }],
    },
    absences: { codes: [{ code: "VAC", name: "Vacation" }] },
    overtime: {
      policies: [
        {
          kind: "daily",
          name: "Daily",
          needsApproval: true,
          tiers: [{ after: "6h", code: "OT", rate: 1.5 }],
        },
      ],
    },
  }),
  ["house"],
);

const FACTS: readonly Fact[] = [
  punch("2026-03-02T08:07:13Z in", {
    punchId: "p1",
    labels: { department: "bakery", job: "bread" },
  }),
  punch("2026-03-02T18:02:10Z out", { punchId: "p2" }),
  punch("2026-03-02T22:17:10Z in", { punchId: "p3", zone: "Europe/London" }),
  punch("2026-03-02T22:47:10Z out", { punchId: "p4", zone: "Europe/London" }),
];

function dayOf(facts: readonly Fact[]): Workday {
  const [day] = computeWorkdays(facts, rules, { fromOn: ON, toOn: ON });
  return day ?? emptyWorkday(ON, "Europe/Berlin");
}

/** The lines under a title, runs of spaces made one. */
function linesOf(text: string, title: string): string[] {
  const lines = text.split("\n");
  const from = lines.indexOf(title) + 1;
  const length = lines.slice(from).indexOf("");
  return lines
    .slice(from, length < 0 ? undefined : from + length)
    .map((line) => line.replaceAll(/ +/g, " "));
}

describe("a day explained", () => {
  const text = explainDay(dayOf(FACTS), heading);

  it("shows what was punched beside what counts, and the clock of the place where that was another", () => {
    expect(linesOf(text, "PUNCHES")).toEqual([
      "punched at counts at means id why",
      "09:07:13 09:00:00 in p1 the reader says in; 09:07:13 counts as 09:00: nearest 15 min, rule 'Quarter'",
      "19:02:10 19:00:00 out p2 the reader says out; 19:02:10 counts as 19:00: nearest 15 min, rule 'Quarter'",
      "2026-03-02 22:17:10+00:00 23:15:00 in p3 the reader says in; 22:17:10 counts as 22:15: nearest 15 min, rule 'Quarter'",
      "2026-03-02 22:47:10+00:00 23:45:00 out p4 the reader says out; 22:47:10 counts as 22:45: nearest 15 min, rule 'Quarter'",
    ]);
  });

  it("shows what time is booked on, what it counts as and what waits for approval", () => {
    expect(linesOf(text, "WHAT IT COUNTS AS")).toEqual([
      "from to length counts as code rate approval booked on why",
      "09:00:00 15:00:00 6 h 00 min regular REG x1 bakery / bread regular time",
      "15:00:00 19:00:00 4 h 00 min overtime OT x1.5 pending bakery / bread overtime: over 6 h on the day, rule 'Daily'",
      "23:15:00 23:45:00 30 min overtime OT x1.5 pending overtime: over 6 h on the day, rule 'Daily'",
    ]);
    expect(linesOf(text, "TOTALS")).toEqual([
      "code what rate length hours seconds",
      "REG regular x1 6 h 00 min 6.00 21600",
      "OT overtime, pending x1.5 4 h 30 min 4.50 16200",
    ]);
  });

  it("says what each rule made of the day", () => {
    expect(linesOf(text, "RULES APPLIED").filter((line) => line !== "")).toEqual([
      "rule made length",
      "Quarter rounding of punches",
      "every-pair work 10 h 30 min",
      "regular regular REG x1 6 h 00 min",
      "Daily overtime OT x1.5 4 h 30 min",
    ]);
  });

  it("shows leave as time not worked", () => {
    const leave: Fact = {
      kind: "absence",
      absenceId: "a1",
      decidedAt,
      fromOn: ON,
      toOn: ON,
      code: "VAC",
      secondsADay: 14_400,
    };
    const day = explainDay(dayOf([leave]), heading);
    expect(linesOf(day, "NOT WORKED").slice(0, 2)).toEqual([
      "length kind code paid rule why",
      expect.stringMatching(/^4 h 00 min absence VAC yes Vacation /),
    ]);
    expect(linesOf(day, "TOTALS")).toContain("VAC absence, paid 4 h 00 min 4.00 14400");
  });

  it("has no line that a terminal breaks", () => {
    for (const line of text.split("\n")) expect(line.length).toBeLessThanOrEqual(132);
  });
});

describe("a posted day that changes", () => {
  it("shows an approval that came later as what it changes, and nothing else", () => {
    const approval: Fact = {
      kind: "approval",
      approvalId: "a1",
      decidedAt,
      on: ON,
      policy: "Daily",
      seconds: 16_200,
      decision: "approved",
      by: "anna",
    };
    const change = {
      posted: dayOf(FACTS),
      now: dayOf([...FACTS, approval]),
      arrived: [approval],
      otherDates: [],
    };
    const text = explainChange(change, heading);
    expect(linesOf(text, "===== ARRIVED LATER =====")).toEqual([
      "approval a1 by anna, Tue 2026-03-03 10:00: 4 h 30 min of 'Daily' on 2026-03-02 approved",
    ]);
    expect(linesOf(text, "===== CHANGED =====").filter((line) => line !== "")).toEqual([
      "figure was is change",
      "OT x1.5 (overtime, pending) 4 h 30 min 0 s -4 h 30 min",
      "OT x1.5 (overtime, approved) 0 s 4 h 30 min +4 h 30 min",
      'gone overtime-unapproved (warning): 4 h 30 min of overtime by "Daily" wait for approval',
      "No other day changes.",
    ]);
  });
});

describe("a fact in words", () => {
  const span = { decidedAt, fromOn: "2026-03-02", toOn: "2026-03-04" };
  const correction = { kind: "correction", correctionId: "c", decidedAt, by: "anna" } as const;
  const at = Date.parse("2026-03-02T15:00Z");
  const told: readonly (readonly [Fact, string])[] = [
    [punch("2026-03-02T08:07:13Z"), "punch 2026-03-02T08:07:13Z: Mon 2026-03-02 09:07:13 at hq"],
    [
      {
        ...correction,
        reason: "forgot",
        change: { do: "add", at, meaning: "out", site: "hq", zone: null },
      },
      "correction c by anna, Tue 2026-03-03 10:00: adds out at Mon 2026-03-02 16:00 (forgot)",
    ],
    [
      {
        ...correction,
        reason: "moved",
        change: { do: "change", punchId: "p", meaning: "in", labels: { job: "bread" } },
      },
      "correction c by anna, Tue 2026-03-03 10:00: punch p means in, is booked on bread (moved)",
    ],
    [
      { ...correction, reason: "not me", change: { do: "void", punchId: "p" } },
      "correction c by anna, Tue 2026-03-03 10:00: punch p does not count (not me)",
    ],
    [
      { ...correction, reason: "it was me", change: { do: "withdraw", correctionId: "b" } },
      "correction c by anna, Tue 2026-03-03 10:00: takes back correction b (it was me)",
    ],
    [
      { kind: "roster", rosterId: "r", decidedAt, on: ON, shifts: [] },
      "roster r, Tue 2026-03-03 10:00: 0 shifts on 2026-03-02",
    ],
    [
      { kind: "absence", absenceId: "a", ...span, code: "VAC", secondsADay: null },
      "absence a, Tue 2026-03-03 10:00: VAC from 2026-03-02 to 2026-03-04",
    ],
    [
      { kind: "verification", verificationId: "v", ...span, level: "superior" },
      "verification v, Tue 2026-03-03 10:00: 2026-03-02 to 2026-03-04 by the superior",
    ],
    [
      { kind: "watermark", site: "hq", completeTo: at },
      "site hq has told everything up to Mon 2026-03-02 16:00",
    ],
  ];

  it.each(told)("%o", (fact, words) => {
    expect(spellFact(fact, "Europe/Berlin")).toBe(words);
  });
});
