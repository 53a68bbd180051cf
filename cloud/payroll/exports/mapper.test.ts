import { describe, expect, test } from "vitest";
import type { ResultRecord, RunRecord } from "../reads.ts";
import { EXPORT_LAYOUTS, LAYOUT_NAMES } from "./layouts.ts";
import { type ExportOf, exportRun } from "./mapper.ts";

const run: RunRecord = {
  run_id: "monthly-2026-11-run-1",
  period_id: "monthly-2026-11",
  pay_group: "monthly",
  from_on: "2026-11-01",
  to_on: "2026-11-30",
  pay_on: "2026-11-30",
  currency: "EUR",
  people: null,
  status: "locked",
  opened_by: "clerk",
  opened_seq: 1,
  calculation: 1,
  calculated_by: "clerk",
  submitted: null,
  decided_by: "boss",
  rejection: null,
  submitted_seq: 9,
  version: 10,
};
const source = (id: string, revision: number) => ({ kind: "workday" as const, id, revision });
const result: ResultRecord = {
  run_id: run.run_id,
  employee_id: "mara",
  revision: 2,
  gross_minor: 323_000,
  net_minor: 288_400,
  employer_cost_minor: 66_215,
  tax_minor: 34_600,
  taxable_minor: 323_000,
  is_empty: 0,
  version: 5,
  payslip_id: null,
  payslip_sha256: null,
  payment_id: null,
  reference: null,
  lines: [
    {
      code: "SALARY",
      label: "Salary",
      kind: "earning",
      seconds: null,
      rate: "1",
      amountMinor: 320_000,
      sources: [],
    },
    {
      code: "OT15",
      label: "=cmd()",
      kind: "earning",
      seconds: 4_020,
      rate: "30",
      amountMinor: 3_350,
      sources: [source("2026-11-03", 4), source("2026-11-04", 1)],
    },
    {
      code: "OT15",
      label: "Overtime",
      kind: "adjustment",
      seconds: -420,
      rate: "30",
      amountMinor: -350,
      sources: [],
    },
    {
      code: "TAX",
      label: "Tax",
      kind: "tax",
      seconds: null,
      rate: null,
      amountMinor: -34_600,
      sources: [],
    },
  ],
  days: [
    {
      workdayOn: "2026-11-03",
      revision: 4,
      entries: [
        { code: "REG", kind: "regular", seconds: 28_800, factor: "1" },
        { code: "OT15", kind: "overtime", seconds: 4_020, factor: "1.5" },
      ],
    },
  ],
};
const of: ExportOf = { run, results: [result], company: "C01", codes: { OT15: "1015" } };
const rows = (name: (typeof LAYOUT_NAMES)[number], more: Partial<ExportOf> = {}): string[] =>
  new TextDecoder()
    .decode(exportRun({ ...of, ...more }, EXPORT_LAYOUTS[name]))
    .split("\r\n")
    .slice(0, -1);

describe("an export", () => {
  test("in detail has every line with the days behind it, and no formula", () => {
    expect(rows("csv-detail").slice(1)).toEqual([
      "monthly-2026-11-run-1,monthly-2026-11,2026-11-30,mara,2,earning,SALARY,SALARY,Salary,,1,3200.00,EUR,",
      "monthly-2026-11-run-1,monthly-2026-11,2026-11-30,mara,2,earning,OT15,1015,'=cmd(),1.1167,30,33.50,EUR,2026-11-03 r4 2026-11-04 r1",
      "monthly-2026-11-run-1,monthly-2026-11,2026-11-30,mara,2,adjustment,OT15,1015,Overtime,-0.1167,30,-3.50,EUR,",
      "monthly-2026-11-run-1,monthly-2026-11,2026-11-30,mara,2,tax,TAX,TAX,Tax,,,-346.00,EUR,",
    ]);
  });

  test("in summary has one row for each person", () => {
    expect(rows("csv-summary")).toEqual([
      "runId,periodId,payOn,employeeId,regularHours,overtimeHours,gross,taxable,tax,net,employerCost,currency",
      "monthly-2026-11-run-1,monthly-2026-11,2026-11-30,mara,8.0000,1.1167,3230.00,3230.00,346.00,2884.00,662.15,EUR",
    ]);
  });

  test("for DATEV has semicolons, decimal commas and German dates", () => {
    expect(rows("datev")).toEqual([
      "Mandant;Personalnummer;Abrechnungsdatum;Lohnart;Stunden;Satz;Betrag",
      "C01;mara;30.11.2026;SALARY;;1;3200,00",
      "C01;mara;30.11.2026;1015;1,12;30;33,50",
      "C01;mara;30.11.2026;1015;-0,12;30;-3,50",
    ]);
  });

  test("for ADP, Paychex and QuickBooks has their columns and codes, and leaves tax to them", () => {
    expect(rows("adp")[2]).toBe("C01,monthly-2026-11-run-1,mara,1015,1.12,1015,33.50");
    expect(rows("paychex")[2]).toBe("C01,mara,1015,1.12,30,33.50,11/30/2026,11/30/2026");
    expect(rows("quickbooks").slice(1)).toEqual([
      "mara,11/03/2026,REG,8.00,N",
      "mara,11/03/2026,1015,1.12,N",
    ]);
    for (const name of ["adp", "paychex"] as const) expect(rows(name).join()).not.toContain("TAX");
  });

  test.each(LAYOUT_NAMES)("%s: same run, same bytes, and no cell runs as a formula", (name) => {
    expect(rows(name)).toEqual(rows(name, structuredClone(of)));
    const evil = rows(name, { company: "@evil", codes: { OT15: "+1", REG: "=2", SALARY: "-3" } });
    for (const cell of evil.flatMap((row) => row.split(/[,;]/))) {
      expect(cell).not.toMatch(/^"?(?:[=+@]|-(?!\d+[.,]?\d*$))/);
    }
  });

  test("says where each layout's columns come from", () => {
    for (const name of LAYOUT_NAMES) expect(EXPORT_LAYOUTS[name].modelledOn).not.toBe("");
  });
});
