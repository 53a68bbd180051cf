import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { due, type Terms } from "./accrual.ts";
import type { LeavePolicy } from "./config.ts";
import { leaveConfigSchema } from "./config.ts";
import { addDays, addMonths } from "./leave-year.ts";
import { balanceOn, type Entry, sum } from "./ledger.ts";

const DAY = 480;
const policyOf = (more: object = {}): LeavePolicy => {
  const policies = { annual: { code: "VAC", ...more } };
  const policy = leaveConfigSchema.parse({ policies }).policies["annual"];
  if (policy === undefined) throw new Error("a policy was configured");
  return policy;
};
const termsOf = (policy: LeavePolicy, more: Partial<Terms> = {}): Terms => ({
  employeeId: "e-1",
  openedWith: ["annual"],
  openedOn: "2025-01-01",
  startOn: "2020-01-01",
  lastDayOn: null,
  policies: new Map([["annual", policy]]),
  ...more,
});
const monthly = (minutesAYear: number, more: object = {}) => ({
  accrual: { kind: "monthly", minutesAYear, ...more },
});
const line = (on: string, minutes: number, kind: Entry["kind"] = "taken"): Entry => ({
  entryId: `${kind}-${on}-${minutes}`,
  policy: "annual",
  kind,
  minutes,
  on,
  leaveId: null,
  reason: "test",
});
const byId = (a: Entry, b: Entry): number => (a.entryId < b.entryId ? -1 : 1);
const upTo = (terms: Terms, on: string, entries: readonly Entry[] = []): Entry[] => [
  ...entries,
  ...due(entries, terms, on),
];

describe("what is earned", () => {
  it("comes at the end of each month, or at its start", () => {
    const atEnd = upTo(termsOf(policyOf(monthly(25 * DAY))), "2025-03-30");
    expect(atEnd.map(({ entryId, on, minutes }) => [entryId, on, minutes])).toEqual([
      ["accrual-annual-2025-01", "2025-01-31", 1000],
      ["accrual-annual-2025-02", "2025-02-28", 1000],
    ]);
    const atStart = upTo(termsOf(policyOf(monthly(25 * DAY, { at: "start" }))), "2025-03-01");
    expect(atStart.map(({ on }) => on)).toEqual(["2025-01-01", "2025-02-01", "2025-03-01"]);
  });

  it("is pro rata by days for who joins in a month, and rounded half up where told", () => {
    const terms = termsOf(policyOf(monthly(12 * DAY)), { startOn: "2025-04-16" });
    const lines = upTo(terms, "2025-05-31");
    expect(lines.map(({ minutes }) => minutes)).toEqual([240, 480]);
    const halfDays = termsOf(policyOf(monthly(25 * DAY, { roundTo: 240 })));
    expect(upTo(halfDays, "2025-02-28").map(({ minutes }) => minutes)).toEqual([960, 960]);
    expect(sum(upTo(halfDays, "2025-12-31"))).toBe(25 * DAY);
  });

  it("grants the year at its start, to a joiner on their first day", () => {
    const policy = policyOf({
      accrual: { kind: "yearly", minutesAYear: 24 * DAY },
      yearStart: "04-01",
    });
    const terms = termsOf(policy, { startOn: "2025-07-01", openedOn: "2025-07-01" });
    const lines = upTo(terms, "2026-04-01").filter(({ kind }) => kind === "accrual");
    expect(lines.map(({ on, minutes }) => [on, minutes])).toEqual([
      ["2025-07-01", 18 * DAY],
      ["2026-04-01", 24 * DAY],
    ]);
  });

  it("grows with the length of service from the month in which a band is reached", () => {
    const byService = [
      { fromYears: 5, minutesAYear: 24 * DAY },
      { fromYears: 10, minutesAYear: 36 * DAY },
    ];
    const terms = termsOf(policyOf(monthly(12 * DAY, { byService })), { startOn: "2020-03-01" });
    const days = upTo(terms, "2025-04-30").map(({ minutes }) => minutes / DAY);
    expect(days).toEqual([1, 1, 2, 2]);
  });

  it("stops at the cap, and what the cap took is not made up for", () => {
    const terms = termsOf(policyOf({ ...monthly(12 * DAY), capMinutes: 2 * DAY + 60 }));
    const full = upTo(terms, "2025-03-31");
    expect(full.map(({ minutes }) => minutes)).toEqual([480, 480, 60]);
    const after = upTo(terms, "2025-04-30", [...full, line("2025-04-10", -600)]);
    expect(after.at(-1)?.minutes).toBe(480);
    expect(balanceOn(after, "2025-04-30")).toBe(900);
  });

  it("begins on the day on which a policy is first seen for an account that was opened without it", () => {
    const terms = termsOf(policyOf(monthly(12 * DAY)), { openedWith: [] });
    const lines = upTo(terms, "2025-06-16");
    expect(lines).toMatchObject([{ kind: "opening", minutes: 0, on: "2025-06-16" }]);
    expect(upTo(terms, "2025-07-31", lines).map(({ minutes }) => minutes)).toEqual([0, 240, 480]);
  });
});

describe("the turn of the leave year", () => {
  const policy = policyOf({
    accrual: { kind: "yearly", minutesAYear: 25 * DAY },
    carryOver: { maxMinutes: 5 * DAY, expires: { on: "04-01" } },
  });
  const year2025 = upTo(termsOf(policy), "2025-12-31", [line("2025-08-01", -10 * DAY)]);

  it("lets the rest expire, and later what was carried over and not taken", () => {
    const turned = upTo(termsOf(policy), "2026-01-01", year2025);
    expect(turned.slice(year2025.length)).toMatchObject([
      {
        kind: "carry-over",
        minutes: 0,
        on: "2026-01-01",
        reason: expect.stringContaining("5 d of 15 d"),
      },
      { kind: "expiry", minutes: -10 * DAY, on: "2026-01-01" },
      { kind: "accrual", minutes: 25 * DAY, on: "2026-01-01" },
    ]);
    const booked = [...turned, line("2026-02-02", -2 * DAY), line("2026-05-04", -DAY)];
    const spring = upTo(termsOf(policy), "2026-04-01", booked);
    expect(spring.at(-1)).toMatchObject({ kind: "expiry", minutes: -3 * DAY, on: "2026-04-01" });
    expect(sum(spring)).toBe(24 * DAY);
  });

  it("is corrected by leave of the old year that is booked late", () => {
    const turned = upTo(termsOf(policy), "2026-01-02", year2025);
    const late = upTo(termsOf(policy), "2026-01-03", [...turned, line("2025-12-29", -3 * DAY)]);
    expect(late.at(-1)).toMatchObject({ kind: "expiry", minutes: 3 * DAY, on: "2026-01-01" });
    expect(sum(late)).toBe(30 * DAY);
  });

  it("keeps the rule it was turned by, whatever the configuration says later", () => {
    const turned = upTo(termsOf(policy), "2026-01-02", year2025);
    const stricter = policyOf({
      accrual: { kind: "yearly", minutesAYear: 25 * DAY },
      carryOver: { maxMinutes: 0 },
    });
    expect(due(turned, termsOf(stricter), "2026-03-31")).toEqual([]);
  });

  it("carries a debt over whole", () => {
    const debt = upTo(termsOf(policy), "2025-12-31", [line("2025-08-01", -26 * DAY)]);
    const turned = upTo(termsOf(policy), "2026-01-01", debt);
    expect(sum(turned)).toBe(24 * DAY);
  });
});

describe("the end of the employment", () => {
  it("takes back what was granted beyond the last day, and pays out the rest", () => {
    const policy = policyOf({ accrual: { kind: "yearly", minutesAYear: 24 * DAY } });
    const before = upTo(termsOf(policy), "2025-05-01", [line("2025-03-03", -3 * DAY)]);
    const ended = termsOf(policy, { lastDayOn: "2025-06-30" });
    expect(due(before, ended, "2025-06-29")).toEqual([]);
    const lines = due(before, ended, "2025-06-30");
    expect(lines).toMatchObject([
      { kind: "accrual", minutes: -12 * DAY, on: "2025-06-30" },
      { kind: "payout", minutes: -9 * DAY, on: "2025-06-30" },
    ]);
    const settled = [...before, ...lines];
    expect(sum(settled)).toBe(0);
    expect(due(settled, ended, "2027-01-01")).toEqual([]);
    const corrected = upTo(ended, "2025-07-10", [
      ...settled,
      line("2025-06-30", DAY, "adjustment"),
    ]);
    expect(corrected.at(-1)).toMatchObject({ kind: "payout", minutes: -DAY });
  });

  it("earns the months up to it and no more, however late it is known", () => {
    const policy = policyOf({ ...monthly(12 * DAY), isPaidOut: false });
    const tooFar = upTo(termsOf(policy), "2026-02-28");
    const ended = termsOf(policy, { lastDayOn: "2025-11-15" });
    expect(sum(upTo(ended, "2026-03-01", tooFar))).toBe(10.5 * DAY);
    expect(sum(upTo(ended, "2026-03-01"))).toBe(10.5 * DAY);
  });
});

const SEED = Number(process.env["LEAVE_SEED"] ?? 20_261_130);
const RUNS = { seed: SEED, numRuns: 200 };

const policies = fc.record({
  kind: fc.constantFrom("yearly", "monthly"),
  at: fc.constantFrom("start", "end"),
  minutesAYear: fc.integer({ min: 0, max: 30_000 }),
  roundTo: fc.constantFrom(1, 15, 240),
  yearStart: fc.constantFrom("01-01", "04-06", "10-28"),
  carryOver: fc.option(
    fc.record({
      maxMinutes: fc.integer({ min: 0, max: 5_000 }),
      expires: fc.constantFrom(undefined, { afterMonths: 3 }, { on: "04-01" }),
    }),
    { nil: undefined },
  ),
  capMinutes: fc.option(fc.integer({ min: 0, max: 20_000 }), { nil: undefined }),
});
const configured = policies.map(({ kind, at, minutesAYear, roundTo, ...more }) =>
  policyOf({
    accrual: { kind, minutesAYear, roundTo, ...(kind === "monthly" ? { at } : {}) },
    ...more,
  }),
);
const dates = fc.integer({ min: 0, max: 1_300 }).map((days) => addDays("2025-01-01", days));

describe(`properties (seed ${SEED})`, () => {
  it("any sequence of turns, with months missed and the clock set back, ends in the same ledger", () => {
    fc.assert(
      fc.property(
        fc.record({
          policy: configured,
          turns: fc.array(dates, { minLength: 1, maxLength: 20 }),
          taken: fc.array(fc.tuple(dates, fc.integer({ min: 1, max: 3_000 })), { maxLength: 5 }),
          lastDayOn: fc.option(dates, { nil: null }),
        }),
        ({ policy, turns, taken, lastDayOn }) => {
          const terms = termsOf(policy, { lastDayOn, startOn: "2025-01-20" });
          const booked = taken.map(([on, minutes], index) => ({
            ...line(on, -minutes),
            entryId: `taken-${index}`,
          }));
          const last = turns.toSorted().at(-1) ?? "";
          let ledger: readonly Entry[] = booked;
          for (const on of [...turns, ...turns]) ledger = upTo(terms, on, ledger);
          const once = upTo(terms, last, booked);
          expect(ledger.toSorted(byId)).toEqual(once.toSorted(byId));
          expect(new Set(ledger.map(({ entryId }) => entryId)).size).toBe(ledger.length);
        },
      ),
      RUNS,
    );
  });

  it("whoever is there all the leave year earns exactly the year", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 100_000 }),
        fc.constantFrom("start", "end"),
        (minutesAYear, at) => {
          const lines = upTo(termsOf(policyOf(monthly(minutesAYear, { at }))), "2025-12-31");
          expect(sum(lines)).toBe(minutesAYear);
        },
      ),
      RUNS,
    );
  });

  it("twelve months are the year, and a year is its twelve months for whoever joins or leaves in it", () => {
    fc.assert(
      fc.property(
        fc.record({
          minutesAYear: fc.integer({ min: 0, max: 100_000 }),
          yearStart: fc.constantFrom("01-01", "04-06"),
          joined: fc.integer({ min: 0, max: 364 }),
          left: fc.integer({ min: 0, max: 364 }),
        }),
        ({ minutesAYear, yearStart, joined, left }) => {
          const startOn = addDays(`2025-${yearStart}`, Math.min(joined, left));
          const lastDayOn = addDays(`2025-${yearStart}`, Math.max(joined, left));
          const end = addMonths(`2025-${yearStart}`, 12);
          const earned = (accrual: object, more: Partial<Terms>): number => {
            const policy = policyOf({ accrual, yearStart, isPaidOut: false });
            const lines = upTo(
              termsOf(policy, { openedOn: startOn, startOn, ...more }),
              addDays(end, -1),
            );
            return sum(lines);
          };
          for (const more of [{}, { lastDayOn }]) {
            const yearly = earned({ kind: "yearly", minutesAYear }, more);
            expect(earned({ kind: "monthly", minutesAYear }, more)).toBe(yearly);
            expect(earned({ kind: "monthly", at: "start", minutesAYear }, more)).toBe(yearly);
          }
        },
      ),
      RUNS,
    );
  });
});
