import type { PayLine } from "@clockleaf/shared/events/payroll.ts";
import { exact, over, rounded, times } from "../calculation/exact.ts";
import { decimalOf } from "../calculation/money.ts";
import { type CsvCell, type CsvStyle, csv } from "../files/csv.ts";
import type { ResultRecord, RunRecord } from "../reads.ts";

/** What an export is made of: a run, its results, and how other systems name things. */
export interface ExportOf {
  readonly run: RunRecord;
  readonly results: readonly ResultRecord[];
  readonly company: string;
  /** Their pay codes by ours. */
  readonly codes: Readonly<Record<string, string>>;
}

/** One row to be written: a line of a payslip, a day of one, or a person's total. */
interface Row {
  readonly of: ExportOf;
  readonly result: ResultRecord;
  readonly line: PayLine | null;
  readonly day: {
    readonly workdayOn: string;
    readonly code: string;
    readonly seconds: number;
  } | null;
}

/** What can stand in a column. */
export type Field =
  | "company"
  | "runId"
  | "periodId"
  | "fromOn"
  | "toOn"
  | "payOn"
  | "currency"
  | "employeeId"
  | "revision"
  | "code"
  | "theirCode"
  | "label"
  | "kind"
  | "hours"
  | "rate"
  | "amount"
  | "workdays"
  | "workdayOn"
  | "regularHours"
  | "overtimeHours"
  | "gross"
  | "taxable"
  | "tax"
  | "net"
  | "employerCost";

export interface ExportColumn {
  readonly title: string;
  readonly field: Field | { readonly fixed: string };
}

export interface ExportLayout {
  readonly name: string;
  /** For people: where its columns come from, and what was not checked. */
  readonly modelledOn: string;
  readonly grouping: "line" | "day" | "person";
  /** Kinds of lines that are left out. */
  readonly without: ReadonlyArray<PayLine["kind"]>;
  readonly columns: readonly ExportColumn[];
  readonly hasHeads: boolean;
  /** YYYY-MM-DD is written with these. */
  readonly dates: "YYYY-MM-DD" | "MM/DD/YYYY" | "DD.MM.YYYY";
  readonly hoursPlaces: number;
  readonly style: CsvStyle;
}

/** A run in a layout. The same run gives the same bytes. */
export function exportRun(of: ExportOf, layout: ExportLayout): Uint8Array {
  const rows = rowsOf(of, layout).map((row) =>
    layout.columns.map(({ field }) =>
      typeof field === "string" ? cellOf(row, field, layout) : field.fixed,
    ),
  );
  const heads = layout.hasHeads ? [layout.columns.map(({ title }) => title)] : [];
  return new TextEncoder().encode(csv([...heads, ...rows], layout.style));
}

function rowsOf(of: ExportOf, { grouping, without }: ExportLayout): Row[] {
  return of.results.flatMap((result): Row[] => {
    switch (grouping) {
      case "person":
        return [{ of, result, line: null, day: null }];
      case "line":
        return result.lines
          .filter(({ kind }) => !without.includes(kind))
          .map((line) => ({ of, result, line, day: null }));
      case "day":
        return result.days.flatMap(({ workdayOn, entries }) =>
          entries
            .filter(({ kind }) => kind !== "occurrence" && kind !== "premium")
            .map(({ code, seconds }) => ({
              of,
              result,
              line: null,
              day: { workdayOn, code, seconds },
            })),
        );
    }
  });
}

function cellOf(row: Row, field: Field, layout: ExportLayout): CsvCell {
  const { of, result, line, day } = row;
  const { run } = of;
  const money = (minor: number): CsvCell => ({ number: decimalOf(minor, run.currency) });
  const hours = (seconds: number | null | undefined): CsvCell =>
    seconds === null || seconds === undefined
      ? null
      : { number: fixedHours(seconds, layout.hoursPlaces) };
  const date = (on: string): string => dateText(on, layout.dates);
  const code = line?.code ?? day?.code ?? "";
  const cells: Readonly<Record<Field, () => CsvCell>> = {
    company: () => of.company,
    runId: () => run.run_id,
    periodId: () => run.period_id,
    fromOn: () => date(run.from_on),
    toOn: () => date(run.to_on),
    payOn: () => date(run.pay_on),
    currency: () => run.currency,
    employeeId: () => result.employee_id,
    revision: () => ({ number: String(result.revision) }),
    code: () => code,
    theirCode: () => of.codes[code] ?? code,
    label: () => line?.label ?? null,
    kind: () => line?.kind ?? null,
    hours: () => hours(line === null ? day?.seconds : line.seconds),
    rate: () => (line?.rate == null ? null : { number: line.rate }),
    amount: () => (line === null ? null : money(line.amountMinor)),
    workdays: () => workdaysOf(line),
    workdayOn: () => (day === null ? null : date(day.workdayOn)),
    regularHours: () => hours(secondsOf(result, "regular")),
    overtimeHours: () => hours(secondsOf(result, "overtime")),
    gross: () => money(result.gross_minor),
    taxable: () => money(result.taxable_minor),
    tax: () => money(result.tax_minor),
    net: () => money(result.net_minor),
    employerCost: () => money(result.employer_cost_minor),
  };
  return cells[field]();
}

/** The days that a line comes from, each with the revision that was paid. */
function workdaysOf(line: PayLine | null): string | null {
  if (line === null) return null;
  const days = line.sources.filter(({ kind }) => kind === "workday");
  return days.map(({ id, revision }) => `${id} r${revision ?? 0}`).join(" ");
}

const secondsOf = ({ days }: ResultRecord, kind: "regular" | "overtime"): number =>
  days
    .flatMap(({ entries }) => entries)
    .reduce((sum, entry) => (entry.kind === kind ? sum + entry.seconds : sum), 0);

/** Hours with a fixed number of decimals; two, as most systems have, are rounded half up. */
function fixedHours(seconds: number, places: number): string {
  const scale = exact(10n ** BigInt(places));
  const scaled = rounded(times(over(exact(seconds), exact(3600)), scale), "half-up");
  const text = String(Math.abs(scaled)).padStart(places + 1, "0");
  const whole = text.slice(0, text.length - places);
  return `${scaled < 0 ? "-" : ""}${whole}.${text.slice(text.length - places)}`;
}

function dateText(on: string, dates: ExportLayout["dates"]): string {
  const [year = "", month = "", day = ""] = on.split("-");
  switch (dates) {
    case "YYYY-MM-DD":
      return on;
    case "MM/DD/YYYY":
      return `${month}/${day}/${year}`;
    case "DD.MM.YYYY":
      return `${day}.${month}.${year}`;
  }
}
