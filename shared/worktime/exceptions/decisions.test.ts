import { describe, expect, it } from "vitest";
import { ruleSet } from "../../../test/support/worktime.ts";
import {
  at,
  brief,
  dayWith,
  exceptionsOn,
  shiftOf,
} from "../../../test/support/worktime-shifts.ts";
import { dayOfDate } from "../civil-time.ts";
import type { CorrectionFact, Fact, PunchFact, VerificationFact } from "../facts.ts";
import type { RuleSet } from "../rules.ts";
import type { Claim } from "../workday.ts";

// Verification and its lapse after facts/attendance.md 5.12; TimeTrex V1.

const MONDAY = "2026-01-12";
const TUESDAY = "2026-01-13";
const rules = ruleSet({});

const working = (on: string, set: RuleSet = rules) =>
  dayWith(on, [shiftOf(on, "08:00 in, 16:00 out", { rules: set })]);

describe("problems of facts", () => {
  it("are exceptions of the day the engine put them on", () => {
    const problem = {
      kind: "correction-unknown-punch",
      punchIds: ["p"],
      factIds: ["c"],
      detail: "nobody knows p",
    } as const;
    const problems = new Map([[dayOfDate(MONDAY), [problem]]]);
    const said = exceptionsOn([working(MONDAY), working(TUESDAY)], { rules, problems });
    expect(said(MONDAY)).toEqual([{ ...problem, severity: "error", premature: false }]);
    expect(said(TUESDAY)).toEqual([]);
  });
});

const claim = (approval: Claim["approval"], policy = "Daily"): Claim => ({
  class: "overtime",
  code: "OT",
  rate: 1.5,
  fromAt: 0,
  toAt: 1_800_000,
  seconds: 1800,
  approval,
  punchIds: ["p"],
  policy,
  reason: "overtime",
});

const saidOf = (claims: Claim[]) => {
  const approvals = [
    {
      kind: "approval",
      approvalId: "ok",
      decidedAt: 1,
      on: MONDAY,
      policy: "Daily",
      seconds: 1,
      decision: "approved",
      by: "boss",
    } as const,
  ];
  const day = dayWith(MONDAY, [], { approvals });
  return exceptionsOn([day], { rules, results: { [MONDAY]: { claims } } })(MONDAY);
};

describe("approvals", () => {
  it("that are pending are told once for each policy, with all they wait for", () => {
    expect(saidOf([claim("pending"), claim("pending"), claim("pending", "Weekly")])).toMatchObject([
      {
        kind: "overtime-unapproved",
        seconds: 3600,
        detail: `1 h 00 min of overtime by "Daily" wait for approval`,
        punchIds: ["p"],
      },
      { kind: "overtime-unapproved", seconds: 1800 },
    ]);
  });

  it("that lapsed name the approval", () => {
    expect(saidOf([claim("lapsed")])).toMatchObject([
      { kind: "approval-lapsed", seconds: 1800, factIds: ["ok"] },
    ]);
  });

  it("are nothing to say where they stand or were refused", () => {
    expect(saidOf([claim("approved"), claim("rejected"), claim("not-needed")])).toEqual([]);
  });
});

const verified = (more: Partial<VerificationFact> = {}): VerificationFact => ({
  kind: "verification",
  verificationId: "v",
  decidedAt: 1000,
  fromOn: MONDAY,
  toOn: TUESDAY,
  level: "employee",
  ...more,
});

describe("not-verified", () => {
  // periods of two days: Monday and Tuesday, due 24 h after Tuesday
  const set = ruleSet({
    exceptions: { verification: { anchor: "2026-01-10", days: 2, dueAfter: "24h" } },
  });
  const due = at(TUESDAY, "48:00");
  const said = (facts: readonly Fact[], plus = 0, book: RuleSet = set): string[][] => {
    const known = [
      ...facts,
      { kind: "watermark", site: "hq", completeTo: due + plus } satisfies Fact,
    ];
    const all = exceptionsOn([working(MONDAY, book), working(TUESDAY, book)], {
      rules: book,
      facts: known,
    });
    return [brief(all(MONDAY)), brief(all(TUESDAY))];
  };

  it("is told on the last day of the period, once it is due, to the millisecond", () => {
    expect(said([])).toEqual([[], ["not-verified"]]);
    expect(said([], -1)).toEqual([[], []]);
    expect(said([verified()])).toEqual([[], []]);
  });

  it("needs every day of the period, by every level", () => {
    expect(said([verified({ fromOn: TUESDAY })])).toEqual([[], ["not-verified"]]);
    expect(said([verified({ toOn: MONDAY })])).toEqual([[], ["not-verified"]]);
    expect(
      said([verified({ toOn: MONDAY }), verified({ verificationId: "w", fromOn: TUESDAY })]),
    ).toEqual([[], []]);
    expect(said([verified({ level: "superior" })])).toEqual([[], ["not-verified"]]);
    const both = ruleSet({
      exceptions: {
        verification: {
          anchor: "2026-01-10",
          days: 2,
          dueAfter: "24h",
          levels: ["employee", "superior"],
        },
      },
    });
    expect(said([verified()], 0, both)).toEqual([[], ["not-verified"]]);
    expect(
      said([verified(), verified({ verificationId: "w", level: "superior" })], 0, both),
    ).toEqual([[], []]);
  });

  it("cuts periods at the anchor", () => {
    const odd = ruleSet({
      exceptions: { verification: { anchor: "2026-01-11", days: 2, dueAfter: "24h" } },
    });
    // Sunday and Monday, and Tuesday, which is not due yet
    expect(said([], 0, odd)).toEqual([["not-verified"], []]);
  });

  it("asks nothing of a period without a day to verify", () => {
    const days = [dayWith(MONDAY, []), dayWith(TUESDAY, [])];
    const facts: Fact[] = [{ kind: "watermark", site: "hq", completeTo: due }];
    expect(exceptionsOn(days, { rules: set, facts })(TUESDAY)).toEqual([]);
  });

  it("comes back where the verification lapsed, until the day is verified again", () => {
    const change: Fact = { kind: "roster", rosterId: "r", decidedAt: 1001, on: MONDAY, shifts: [] };
    expect(said([verified(), change])).toEqual([["verification-lapsed"], ["not-verified"]]);
    const again = verified({ verificationId: "w", decidedAt: 1002 });
    expect(said([verified(), change, again])).toEqual([[], []]);
  });
});

const corrected = (change: CorrectionFact["change"], more: Partial<CorrectionFact> = {}): Fact => ({
  kind: "correction",
  correctionId: "c",
  decidedAt: 2000,
  reason: "forgot",
  by: "boss",
  change,
  ...more,
});

const leave = (decidedAt: number, on: string): Fact => ({
  kind: "absence",
  absenceId: "c",
  decidedAt,
  fromOn: on,
  toOn: on,
  code: "x",
  secondsADay: null,
});

describe("verification-lapsed", () => {
  const added = (clock: string, more: Partial<CorrectionFact> = {}): Fact =>
    corrected({ do: "add", at: at(MONDAY, clock), meaning: "out", site: "hq", zone: null }, more);
  const punched: PunchFact = {
    kind: "punch",
    punchId: "p",
    at: at(MONDAY, "12:00"),
    hint: null,
    site: "hq",
    reader: "door",
    zone: null,
  };
  const said = (facts: readonly Fact[], on = MONDAY) => {
    const all = exceptionsOn([working(MONDAY), working(TUESDAY)], {
      rules,
      facts: [verified(), punched, ...facts],
    });
    return all(on).map(({ kind, factIds }) => `${kind} ${factIds?.join(" ") ?? ""}`);
  };
  const lapsed = ["verification-lapsed v c"];

  it("names what was decided later than the verification, and nothing that was decided by then", () => {
    expect(said([added("12:00", { decidedAt: 1000 })])).toEqual([]);
    expect(said([added("12:00", { decidedAt: 1001 })])).toEqual(lapsed);
    expect(said([added("12:00", { decidedAt: 1001 })], TUESDAY)).toEqual([]);
  });

  it.each([
    ["a punch added", [added("12:00")]],
    ["a punch moved away", [corrected({ do: "change", punchId: "p", at: at(MONDAY, "99:00") })]],
    ["a punch read otherwise", [corrected({ do: "change", punchId: "p", meaning: "out" })]],
    ["a punch voided", [corrected({ do: "void", punchId: "p" })]],
    [
      "a correction taken back",
      [
        corrected({ do: "void", punchId: "p" }, { correctionId: "old", decidedAt: 500 }),
        corrected({ do: "withdraw", correctionId: "old" }),
      ],
    ],
    [
      "a punch voided that another correction had added",
      [
        added("12:00", { correctionId: "old", decidedAt: 500 }),
        corrected({ do: "void", punchId: "old" }),
      ],
    ],
    // the shift of 08:00 to 16:00 may go on until 20:00 and counts on Monday
    ["a punch after the shift", [added("20:00")]],
  ])("by %s", (_, facts) => {
    expect(said(facts)).toEqual(lapsed);
  });

  it("by a punch within the day, or while its shift might have gone on", () => {
    const evening = dayWith(MONDAY, [shiftOf(MONDAY, "16:00 in, 22:00 out", { rules })]);
    const told = (day: ReturnType<typeof dayWith>, clock: string): number => {
      const facts = [verified(), added(clock)];
      return exceptionsOn([day], { rules, facts })(MONDAY).length;
    };
    expect([told(evening, "26:00"), told(evening, "26:00:01")]).toEqual([1, 0]);
    const free = dayWith(MONDAY, []);
    expect([told(free, "00:00"), told(free, "23:59:59"), told(free, "24:00")]).toEqual([1, 1, 0]);
  });

  it("by a punch moved to the day", () => {
    const facts = [corrected({ do: "change", punchId: "p", at: at(TUESDAY, "12:00") })];
    expect(said(facts, TUESDAY)).toEqual(lapsed);
  });

  it.each([
    ["roster", { kind: "roster", rosterId: "c", decidedAt: 2000, on: MONDAY, shifts: [] }],
    [
      "absence",
      {
        kind: "absence",
        absenceId: "c",
        decidedAt: 2000,
        fromOn: "2026-01-01",
        toOn: MONDAY,
        code: "x",
        secondsADay: null,
        isCancelled: true,
      },
    ],
    [
      "approval",
      {
        kind: "approval",
        approvalId: "c",
        decidedAt: 2000,
        on: MONDAY,
        policy: "x",
        seconds: 1,
        decision: "approved",
        by: "boss",
      },
    ],
  ] satisfies [string, Fact][])("by a decision about its date: %s", (_, fact) => {
    expect(said([fact])).toEqual(lapsed);
    expect(said([fact], TUESDAY)).toEqual([]);
  });

  it("by a new word on leave, on the dates it had and on those it has", () => {
    const moved = [leave(500, MONDAY), leave(2000, "2026-02-02")];
    expect(said(moved)).toEqual(lapsed);
    expect(said(moved, TUESDAY)).toEqual([]);
    expect(said([leave(500, "2026-02-02"), leave(2000, TUESDAY)], TUESDAY)).toEqual(lapsed);
  });

  it("in each level by itself, and not for a day verified anew", () => {
    const change = added("12:00");
    expect(said([change, verified({ verificationId: "w", decidedAt: 2000 })])).toEqual([]);
    expect(said([change, verified({ verificationId: "w", decidedAt: 1999 })])).toEqual([
      "verification-lapsed w c",
    ]);
    const superior = verified({ verificationId: "w", decidedAt: 2000, level: "superior" });
    expect(said([change, superior])).toEqual(lapsed);
  });
});
