import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  MARA,
  NOVEMBER,
  PAYROLL_TEST_CONFIG,
  payAccount,
  payDay,
  payFacts,
} from "../../../test/support/payroll.ts";
import { calculate, type Pay, type PayCase } from "./calculate.ts";
import type { DayFacts } from "./day-facts.ts";
import type { PayFacts } from "./facts.ts";

const group = PAYROLL_TEST_CONFIG.groups["monthly"];
if (group === undefined) throw new Error("the test configuration has a monthly group");
const rules = { config: PAYROLL_TEST_CONFIG, group };
const pay = (facts: Partial<PayFacts> = {}, more: Partial<PayCase> = {}): Pay =>
  calculate({ person: MARA, period: NOVEMBER, rules, facts: payFacts(facts), ...more });
const amounts = ({ lines }: Pay): Record<string, number> =>
  Object.fromEntries(lines.map(({ code, amountMinor }) => [code, amountMinor]));
const HOURLY = payAccount({ basis: "hourly", rateMinor: 2_001 });

describe("a salary", () => {
  test("is paid in full, taxed by the year, and costs the employer more", () => {
    // (3200.00 × 12 − 12000) = 26400: 1200 + 2880 = 4080 a year, 340 a month.
    expect(pay()).toMatchObject({
      grossMinor: 320_000,
      taxableMinor: 320_000,
      taxMinor: 34_000,
      netMinor: 286_000,
      employerCostMinor: 65_600,
      table: "plain",
      blockers: [],
    });
  });

  test("is shared out by days for who joins or leaves", () => {
    const person = { ...MARA, startOn: "2026-11-16" };
    expect(pay({}, { person })).toMatchObject({ grossMinor: 160_000 });
    const leaver = { ...MARA, lastDayOn: "2026-11-10" };
    expect(pay({}, { person: leaver }).grossMinor).toBe(106_667);
  });

  test("changes with the day its account says", () => {
    const raised = payAccount({ rateMinor: 400_000, fromOn: "2026-11-16" }, 2);
    const result = pay({ accounts: [raised, payAccount()] });
    expect(result.lines.slice(0, 2)).toMatchObject([
      { amountMinor: 160_000, sources: [{ kind: "account", id: "mara", revision: 1 }] },
      { amountMinor: 200_000, sources: [{ kind: "account", id: "mara", revision: 2 }] },
    ]);
  });

  test("is not a cent less because a bank account changed in mid-month", () => {
    const changed = payAccount({ rateMinor: 333_333, fromOn: "2026-11-11", taxId: "x" }, 2);
    const result = pay({ accounts: [payAccount({ rateMinor: 333_333 }), changed] });
    expect(amounts(result)["SALARY"]).toBe(333_333);
    expect(result.lines[0]?.sources).toHaveLength(2);
  });

  test("grows by approved overtime and premiums, and shrinks by unpaid absence", () => {
    const days = [
      payDay("2026-11-03", {
        revision: 4,
        entries: [
          { kind: "regular", code: "REG", seconds: 28_800, factor: "1" },
          { kind: "overtime", code: "OT15", seconds: 7_200, factor: "1.5" },
          { kind: "premium", code: "NIGHT", seconds: 3_600, factor: "0.25" },
          { kind: "occurrence", code: "MEAL", seconds: 2, factor: "1" },
        ],
      }),
      payDay("2026-11-04", {
        entries: [{ kind: "unpaid", code: "UNPAID", seconds: 28_800, factor: "1" }],
      }),
    ];
    const result = pay({ days });
    // 3200.00 / 160 h = 20.00 an hour.
    expect(amounts(result)).toMatchObject({
      SALARY: 320_000,
      OT15: 6_000,
      NIGHT: 500,
      MEAL: 1_000,
      UNPAID: -16_000,
    });
    expect(result.lines.find(({ code }) => code === "OT15")).toMatchObject({
      seconds: 7_200,
      rate: "30",
      sources: [{ kind: "workday", id: "2026-11-03", revision: 4 }],
    });
  });
});

describe("hourly pay", () => {
  test("adds seconds up exactly and rounds each line once", () => {
    // 20 minutes three times are one hour: rounded day by day it would be 3 × 6.67.
    const third = { kind: "regular", code: "REG", seconds: 1_200, factor: "1" } as const;
    const days = ["02", "03", "04"].map((day) => payDay(`2026-11-${day}`, { entries: [third] }));
    expect(amounts(pay({ accounts: [HOURLY], days }))["REG"]).toBe(2_001);
  });

  test("pays leave, and leaves unpaid time out", () => {
    const entries = [
      { kind: "paid-leave", code: "VACATION", seconds: 3_600, factor: "1" },
      { kind: "unpaid", code: "UNPAID", seconds: 3_600, factor: "1" },
    ] as const;
    const result = pay({ accounts: [HOURLY], days: [payDay("2026-11-02", { entries })] });
    expect(amounts(result)).toMatchObject({ VACATION: 2_001 });
    expect(amounts(result)["UNPAID"]).toBeUndefined();
  });

  test("takes the rate of the day", () => {
    const raised = payAccount({ basis: "hourly", rateMinor: 3_000, fromOn: "2026-11-03" }, 2);
    const days = [payDay("2026-11-02"), payDay("2026-11-03")];
    const result = pay({ accounts: [HOURLY, raised], days });
    expect(result.lines.filter(({ code }) => code === "REG")).toMatchObject([
      { amountMinor: 16_008 },
      { amountMinor: 24_000 },
    ]);
  });
});

test("components: untaxed allowance, deduction before tax, employer cost", () => {
  const named = payAccount({
    components: [
      { name: "transport", amountMinor: null },
      { name: "pension", amountMinor: null },
    ],
  });
  const result = pay({ accounts: [named] });
  expect(amounts(result)).toMatchObject({ TRANSPORT: 5_000, PENSION: -16_250, SOCIAL: 66_625 });
  expect(result).toMatchObject({
    grossMinor: 325_000,
    taxableMinor: 325_000 - 5_000 - 16_250,
    employerCostMinor: 66_625,
  });
  const own = payAccount({ components: [{ name: "transport", amountMinor: 7_777 }] });
  expect(amounts(pay({ accounts: [own] }))["TRANSPORT"]).toBe(7_777);
});

test("leave is paid out and adjustments come as lines of their own, each with its source", () => {
  const adjustment = {
    adjustmentId: "d-1",
    workdayOn: "2026-10-30",
    revision: 7,
    currency: "EUR",
    lines: [
      {
        code: "OT15",
        label: "Overtime",
        kind: "adjustment" as const,
        seconds: 3_600,
        rate: "30",
        amountMinor: 3_000,
        sources: [{ kind: "workday" as const, id: "2026-10-30", revision: 7 }],
      },
    ],
  };
  const result = pay({ payouts: [{ entryId: "e-1", minutes: 480 }], adjustments: [adjustment] });
  expect(amounts(result)).toMatchObject({ "LEAVE-PAYOUT": 16_000, OT15: 3_000 });
  expect(result.lines.find(({ kind }) => kind === "adjustment")?.sources).toEqual([
    { kind: "adjustment", id: "d-1", revision: 7 },
    { kind: "workday", id: "2026-10-30", revision: 7 },
  ]);
});

test("what should be looked at before it is paid is named, with the day", () => {
  const days = [
    payDay("2026-11-02", { state: "open" }),
    payDay("2026-11-03", { state: "provisional", pendingSeconds: 60 }),
    payDay("2026-11-04", { problems: [{ kind: "missing-out", severity: "blocking" }] }),
    payDay("2026-11-05", {
      entries: [{ kind: "occurrence", code: "UNKNOWN", seconds: 1, factor: "1" }],
    }),
  ];
  const accounts = [payAccount({ bank: null, taxTable: "none such" })];
  const found = pay({ days, accounts }).blockers.map((each) => [each.kind, each.workdayOn]);
  expect(found).toEqual([
    ["no-tax-table", null],
    ["no-bank", null],
    ["day-open", "2026-11-02"],
    ["day-incomplete", "2026-11-03"],
    ["overtime-pending", "2026-11-03"],
    ["day-exception", "2026-11-04"],
    ["unknown-amount", "2026-11-05"],
  ]);
  expect(pay({ accounts: [] }).blockers.map(({ kind }) => kind)).toEqual(["no-account"]);
  expect(pay({ accounts: [payAccount({ rateMinor: null })] }).blockers[0]?.kind).toBe("no-rate");
});

const seconds = ({ lines }: Pay): number =>
  lines.reduce((sum, line) => sum + (line.seconds ?? 0), 0);

const seed = Number(process.env["PAYROLL_SEED"] ?? 20_261_130);
const check = <T>(arbitrary: fc.Arbitrary<T>, holds: (value: T) => void): void =>
  fc.assert(fc.property(arbitrary, holds), { seed, numRuns: 200 });

describe(`whatever the facts (seed ${seed})`, () => {
  const entry = fc.record({
    kind: fc.constantFrom("regular", "overtime", "premium", "paid-leave", "unpaid" as const),
    code: fc.constantFrom("A", "B"),
    seconds: fc.integer({ min: 0, max: 86_400 }),
    factor: fc.constantFrom("0.25", "1", "1.5", "0.333333333333"),
  });
  const days: fc.Arbitrary<DayFacts[]> = fc
    .uniqueArray(fc.integer({ min: 1, max: 30 }), { maxLength: 30 })
    .chain((numbers) =>
      fc.tuple(
        ...numbers.map((number) =>
          fc
            .array(entry, { maxLength: 4 })
            .map((entries) => payDay(`2026-11-${String(number).padStart(2, "0")}`, { entries })),
        ),
      ),
    );
  const accounts = fc
    .array(
      fc
        .record({
          basis: fc.constantFrom("salaried", "hourly" as const),
          rateMinor: fc.integer({ min: 0, max: 1_000_000 }),
          fromOn: fc.constantFrom("2026-01-01", "2026-11-10", "2026-11-20"),
          components: fc.constantFrom([], [{ name: "pension", amountMinor: null }]),
        })
        .map((each) => payAccount({ ...each, components: [...each.components] })),
      { minLength: 1, maxLength: 3 },
    )
    .map((all) => all.map((each, index) => ({ ...each, version: index + 1 })));
  const facts = fc.record({ days, accounts });

  test("their order does not matter", () => {
    check(fc.tuple(facts, fc.infiniteStream(fc.nat())), ([given]) => {
      const turned = { days: given.days.toReversed(), accounts: given.accounts.toReversed() };
      expect(pay(turned)).toEqual(pay(given));
    });
  });

  test("net pay is the sum of the lines, and no amount is a fraction", () => {
    check(facts, (given) => {
      const { lines, netMinor, grossMinor, taxMinor, employerCostMinor } = pay(given);
      const own = lines.filter(({ kind }) => kind !== "employer-cost");
      expect(own.reduce((sum, { amountMinor }) => sum + amountMinor, 0)).toBe(netMinor);
      for (const amount of [netMinor, grossMinor, taxMinor, employerCostMinor]) {
        expect(Number.isSafeInteger(amount)).toBe(true);
      }
    });
  });

  test("two halves of a period hold the seconds of the whole, and its pay but for rounding", () => {
    const hourly = payAccount({ basis: "hourly", rateMinor: 1_234, taxTable: null });
    check(days, (given) => {
      const part = (fromOn: string, toOn: string): Pay =>
        pay({ days: given, accounts: [hourly] }, { period: { ...NOVEMBER, fromOn, toOn } });
      const whole = part("2026-11-01", "2026-11-30");
      const halves = [part("2026-11-01", "2026-11-15"), part("2026-11-16", "2026-11-30")];
      expect(halves.reduce((sum, half) => sum + seconds(half), 0)).toBe(seconds(whole));
      const lines = halves.flatMap((half) => half.lines).length;
      const gross = halves.reduce((sum, half) => sum + half.grossMinor, 0);
      expect(Math.abs(gross - whole.grossMinor)).toBeLessThanOrEqual(lines);
    });
  });
});
