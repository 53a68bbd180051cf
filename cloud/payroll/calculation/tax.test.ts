import { expect, test } from "vitest";
import { payrollConfigSchema, type TaxTable } from "../config.ts";
import { tableOn, taxOf } from "./tax.ts";

const table = (more: object): TaxTable => {
  const [parsed] = payrollConfigSchema.parse({
    taxTables: [{ name: "t", brackets: [{ upToMinor: null, percent: "10" }], ...more }],
  }).taxTables;
  if (parsed === undefined) throw new Error("just configured");
  return parsed;
};

test("each bracket taxes what lies in it, of the year or of the period", () => {
  const brackets = [
    { upToMinor: 1_000, percent: "10" },
    { upToMinor: 2_000, percent: "20" },
    { upToMinor: null, percent: "50" },
  ];
  const period = table({ basis: "period", brackets });
  expect([0, 1_000, 1_500, 2_000, 3_000].map((pay) => taxOf(period, pay, 12))).toEqual([
    0, 100, 200, 300, 800,
  ]);
  // 250 × 12 = 3000 a year: 800, by twelve 66.67.
  expect(taxOf(table({ brackets }), 250, 12)).toBe(67);
});

test("the allowance is free, and pay below it is not taxed negatively", () => {
  const free = table({ basis: "period", allowanceMinor: 1_000 });
  expect(taxOf(free, 1_500, 12)).toBe(50);
  expect(taxOf(free, 900, 12)).toBe(0);
});

test("a table rounds in its own way", () => {
  const half = { basis: "period", brackets: [{ upToMinor: null, percent: "50" }] };
  expect(taxOf(table({ ...half, rounding: "half-even" }), 5, 12)).toBe(2);
  expect(taxOf(table({ ...half, rounding: "half-up" }), 5, 12)).toBe(3);
  expect(taxOf(table({ ...half, roundToMinor: 100 }), 12_345, 12)).toBe(6_200);
});

test("of the tables of a name that one holds that the day of payment is in", () => {
  const tables = [
    table({ until: "2026-12-31" }),
    table({ from: "2027-01-01", allowanceMinor: 5 }),
    table({ from: "2027-07-01", allowanceMinor: 6 }),
  ];
  expect(tableOn(tables, "t", "2026-12-31")?.allowanceMinor).toBe(0);
  expect(tableOn(tables, "t", "2027-01-01")?.allowanceMinor).toBe(5);
  expect(tableOn(tables, "t", "2027-07-01")?.allowanceMinor).toBe(6);
  expect(tableOn(tables, "u", "2027-07-01")).toBeUndefined();
});
