import { describe, expect, test } from "vitest";
import { payAccount } from "../../test/support/payroll.ts";
import { given } from "../eventing/decider-spec.ts";
import { accountDecider } from "./account-decider.ts";
import { adjustmentDecider, estimateDecider } from "./adjustment-decider.ts";
import { resultDecider } from "./result-decider.ts";

const of = { employeeId: "mara", runId: "r", periodId: "p", currency: "EUR" };
const salary = {
  ...of,
  grossMinor: 10,
  netMinor: 9,
  employerCostMinor: 2,
  lines: [],
  taxableMinor: 10,
  taxMinor: 1,
  days: [],
};
const tax = { ...of, table: "t", taxableMinor: 10, taxMinor: 1 };
const record = { type: "record", salary, tax } as const;

describe("a result", () => {
  test("is recorded with its tax, again only if it changed, with a higher revision", () => {
    const first = given(resultDecider).when(record);
    expect(first).toEqual([
      { type: "payroll.salary.calculated", data: { ...salary, revision: 1 } },
      { type: "payroll.tax.deducted", data: tax },
    ]);
    const events = Array.isArray(first) ? first : [];
    expect(given(resultDecider, events).when(record)).toEqual([]);
    const more = { ...record, salary: { ...salary, grossMinor: 11 } };
    expect(given(resultDecider, events).when(more)).toMatchObject([
      { data: { revision: 2, grossMinor: 11 } },
      { type: "payroll.tax.deducted" },
    ]);
  });

  test("is paid once", () => {
    const payment = {
      ...of,
      amountMinor: 9,
      reference: "ref",
      documentId: "d",
      payOn: "2026-11-30",
    };
    const pay = { type: "pay", payment } as const;
    expect(given(resultDecider).when(pay)).toHaveLength(1);
    const paid = [{ type: "payroll.payment.processed", data: payment } as const];
    expect(given(resultDecider, paid).when(pay)).toEqual([]);
  });
});

test("an account is opened once, and changed as often as it says something new", () => {
  const { account } = payAccount();
  const open = { type: "open", account } as const;
  const created = { type: "payroll.account.created", data: account } as const;
  expect(given(accountDecider).when(open)).toEqual([created]);
  const changed = { ...account, rateMinor: 1 };
  expect(given(accountDecider, [created]).when({ type: "open", account: changed })).toEqual([]);
  expect(given(accountDecider, [created]).when({ type: "put", account })).toEqual([]);
  expect(given(accountDecider, [created]).when({ type: "put", account: changed })).toEqual([
    { type: "payroll.account.changed", data: changed },
  ]);
});

test("an adjustment is recorded where the pay of a day differs, and replaced where it differs otherwise", () => {
  const line = {
    code: "OT15",
    label: "Overtime",
    kind: "adjustment" as const,
    seconds: 3_600,
    rate: "30",
    amountMinor: 3_000,
    sources: [{ kind: "workday" as const, id: "2026-11-03", revision: 3 }],
  };
  const adjustment = {
    employeeId: "mara",
    adjustmentId: "j-1",
    lockedPeriodId: "p",
    workdayOn: "2026-11-03",
    revision: 3,
    lines: [line],
    amountMinor: 3_000,
    currency: "EUR",
    reason: "late",
    entries: [],
  };
  const when = (more: object, before = true) =>
    given(
      adjustmentDecider,
      before ? [{ type: "payroll.adjustment.recorded", data: adjustment }] : [],
    ).when({ type: "record", adjustment: { ...adjustment, ...more } });
  expect(when({}, false)).toHaveLength(1);
  expect(when({ lines: [], amountMinor: 0 }, false)).toEqual([]);
  const later = [{ ...line, sources: [{ ...line.sources[0], revision: 4 }] }];
  expect(when({ revision: 4, lines: later })).toEqual([]);
  expect(when({ revision: 4, lines: [{ ...line, amountMinor: 6_000 }] })).toHaveLength(1);
  expect(when({ revision: 2, lines: [{ ...line, amountMinor: 6_000 }] })).toEqual([]);
  expect(when({ revision: 4, lines: [], amountMinor: 0 })).toHaveLength(1);
});

test("an estimate is told again only if its figures changed", () => {
  const estimate = {
    employeeId: "mara",
    periodId: "p",
    currency: "EUR",
    grossMinor: 1,
    overtimeSeconds: 2,
    because: "x",
  };
  const told = [{ type: "payroll.pay.estimated", data: estimate } as const];
  const tell = (more: object) =>
    given(estimateDecider, told).when({ type: "tell", estimate: { ...estimate, ...more } });
  expect(tell({ because: "y" })).toEqual([]);
  expect(tell({ overtimeSeconds: 3 })).toHaveLength(1);
});
