import { type CsvStyle, PLAIN_CSV } from "../files/csv.ts";
import type { ExportColumn, ExportLayout, Field } from "./mapper.ts";

const plain = {
  without: [],
  hasHeads: true,
  dates: "YYYY-MM-DD",
  hoursPlaces: 4,
  style: PLAIN_CSV,
} as const;
const GERMAN: CsvStyle = { ...PLAIN_CSV, delimiter: ";", decimal: "," };
const NOT_PAID_BY_THEM = ["tax", "employer-cost"] as const;

const own = (...fields: readonly Field[]): ExportColumn[] =>
  fields.map((field) => ({ title: field, field }));

/**
 * The layouts by name. Those named after a product follow the columns that its public import help describes, as far as we
 * know them; none was checked against the product, whose administrators choose columns and codes of their own. Take one as
 * a start and compare it with what your system asks for.
 */
export const EXPORT_LAYOUTS = {
  "csv-detail": {
    ...plain,
    name: "csv-detail",
    modelledOn: "Our own: one row for each line of each payslip, with the workdays behind it",
    grouping: "line",
    columns: own(
      "runId",
      "periodId",
      "payOn",
      "employeeId",
      "revision",
      "kind",
      "code",
      "theirCode",
      "label",
      "hours",
      "rate",
      "amount",
      "currency",
      "workdays",
    ),
  },
  "csv-summary": {
    ...plain,
    name: "csv-summary",
    modelledOn: "Our own: one row for each person",
    grouping: "person",
    columns: own(
      "runId",
      "periodId",
      "payOn",
      "employeeId",
      "regularHours",
      "overtimeHours",
      "gross",
      "taxable",
      "tax",
      "net",
      "employerCost",
      "currency",
    ),
  },
  adp: {
    ...plain,
    name: "adp",
    modelledOn: "ADP paydata import: Co Code, Batch ID, File #, then codes, hours and amounts",
    grouping: "line",
    without: NOT_PAID_BY_THEM,
    hoursPlaces: 2,
    columns: [
      { title: "Co Code", field: "company" },
      { title: "Batch ID", field: "runId" },
      { title: "File #", field: "employeeId" },
      { title: "Hours 3 Code", field: "theirCode" },
      { title: "Hours 3 Amount", field: "hours" },
      { title: "Earnings 3 Code", field: "theirCode" },
      { title: "Earnings 3 Amount", field: "amount" },
    ],
  },
  paychex: {
    ...plain,
    name: "paychex",
    modelledOn:
      "Paychex Flex time import (SPI): client, worker, pay component, hours, rate, amount",
    grouping: "line",
    without: NOT_PAID_BY_THEM,
    dates: "MM/DD/YYYY",
    hoursPlaces: 2,
    columns: [
      { title: "Client ID", field: "company" },
      { title: "Worker ID", field: "employeeId" },
      { title: "Pay Component", field: "theirCode" },
      { title: "Hours", field: "hours" },
      { title: "Rate", field: "rate" },
      { title: "Amount", field: "amount" },
      { title: "Period End", field: "toOn" },
      { title: "Check Date", field: "payOn" },
    ],
  },
  quickbooks: {
    ...plain,
    name: "quickbooks",
    modelledOn: "QuickBooks time activities: one row for each person, day and payroll item",
    grouping: "day",
    dates: "MM/DD/YYYY",
    hoursPlaces: 2,
    columns: [
      { title: "Employee", field: "employeeId" },
      { title: "Date", field: "workdayOn" },
      { title: "Payroll Item", field: "theirCode" },
      { title: "Duration", field: "hours" },
      { title: "Billable", field: { fixed: "N" } },
    ],
  },
  datev: {
    ...plain,
    name: "datev",
    modelledOn:
      "DATEV LODAS/Lohn und Gehalt, movement data (Bewegungsdaten) as ASCII with semicolons",
    grouping: "line",
    without: NOT_PAID_BY_THEM,
    dates: "DD.MM.YYYY",
    hoursPlaces: 2,
    style: GERMAN,
    columns: [
      { title: "Mandant", field: "company" },
      { title: "Personalnummer", field: "employeeId" },
      { title: "Abrechnungsdatum", field: "toOn" },
      { title: "Lohnart", field: "theirCode" },
      { title: "Stunden", field: "hours" },
      { title: "Satz", field: "rate" },
      { title: "Betrag", field: "amount" },
    ],
  },
} as const satisfies Record<string, ExportLayout>;

export const LAYOUT_NAMES = [
  "csv-detail",
  "csv-summary",
  "adp",
  "paychex",
  "quickbooks",
  "datev",
] as const satisfies ReadonlyArray<keyof typeof EXPORT_LAYOUTS>;
