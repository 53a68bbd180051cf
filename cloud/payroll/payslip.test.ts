import { expect, test } from "vitest";
import type { Block } from "../render/document.ts";
import { payslipDocument } from "./payslip.ts";
import type { ResultRecord, RunRecord } from "./reads.ts";

const run: RunRecord = {
  run_id: "monthly-2026-11-run-1",
  period_id: "monthly-2026-11",
  pay_group: "monthly",
  from_on: "2026-11-01",
  to_on: "2026-11-30",
  pay_on: "2026-11-30",
  currency: "EUR",
  people: null,
  status: "open",
  opened_by: "clerk",
  opened_seq: 1,
  calculation: 1,
  calculated_by: "clerk",
  submitted: null,
  submitted_seq: null,
  decided_by: null,
  rejection: null,
  version: 2,
};
const line = { seconds: null, rate: null, sources: [] };
const result: ResultRecord = {
  run_id: run.run_id,
  employee_id: "mara",
  revision: 3,
  gross_minor: 100_000,
  net_minor: 90_000,
  employer_cost_minor: 20_000,
  tax_minor: 10_000,
  taxable_minor: 100_000,
  is_empty: 0,
  version: 5,
  payslip_id: null,
  payslip_sha256: null,
  payment_id: null,
  reference: null,
  lines: [
    {
      ...line,
      code: "REG",
      label: "Regular time",
      kind: "earning",
      seconds: 5_400,
      amountMinor: 100_000,
    },
    { ...line, code: "TAX", label: "Tax", kind: "tax", amountMinor: -10_000 },
    { ...line, code: "SOCIAL", label: "Social", kind: "employer-cost", amountMinor: 20_000 },
  ],
  days: [
    {
      workdayOn: "2026-11-03",
      revision: 4,
      entries: [
        { code: "REG", kind: "regular", seconds: 5_400, factor: "1" },
        { code: "MEAL", kind: "occurrence", seconds: 2, factor: "1" },
      ],
    },
  ],
};
const slip = (locale: string | null) =>
  payslipDocument({
    run,
    result,
    name: "Mara Muster",
    locale,
    employer: "ACME",
    employerAddress: "",
  });
const tablesOf = (blocks: readonly Block[]) =>
  blocks.flatMap((block) => (block.kind === "table" ? [block.table] : []));

test("a payslip has every line that adds to net pay, and every day behind them", () => {
  const [lines, days] = tablesOf(slip(null).blocks);
  expect([...(lines?.rows ?? [])]).toEqual([
    ["REG", "Regular time", "1.5", null, "1000.00"],
    ["TAX", "Tax", null, null, "-100.00"],
  ]);
  expect(lines?.totals?.at(-1)).toBe("900.00");
  expect([...(days?.rows ?? [])]).toEqual([
    ["2026-11-03", "REG", "1.5", "1", 4],
    ["2026-11-03", "MEAL", "2 ×", "1", 4],
  ]);
});

test("a payslip is in the person's language where there are words for it, else in English", () => {
  expect(slip("de-AT")).toMatchObject({
    language: "de",
    title: "Entgeltabrechnung 2026-11-01 – 2026-11-30",
    createdOn: "2026-11-30",
  });
  expect(slip("pl")).toMatchObject({ language: "en", title: "Payslip 2026-11-01 – 2026-11-30" });
});
