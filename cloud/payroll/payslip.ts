import type { Block, Cell, PrintedDocument, Table } from "../render/document.ts";
import { exact, over, spelled } from "./calculation/exact.ts";
import { decimalOf } from "./calculation/money.ts";
import { PAYSLIP_WORDS, type PayslipWords } from "./payslip-words.ts";
import type { ResultRecord, RunRecord } from "./reads.ts";

export interface PayslipOf {
  readonly run: RunRecord;
  readonly result: ResultRecord;
  readonly name: string;
  readonly locale: string | null;
  readonly employer: string;
  readonly employerAddress: string;
}

/** A payslip: what is paid, line by line, and day by day what it rests on. */
export function payslipDocument(of: PayslipOf): PrintedDocument {
  const { run, result, employer, employerAddress } = of;
  const language = of.locale?.split("-")[0] ?? "en";
  const words = PAYSLIP_WORDS[language] ?? PAYSLIP_WORDS["en"];
  if (words === undefined) throw new Error("payslips are in English at least");
  const money = (minor: number): string => decimalOf(minor, run.currency);
  const title = `${words.payslip} ${run.from_on} – ${run.to_on}`;
  const blocks: Block[] = [
    { kind: "heading", text: title, level: 1 },
    ...(employer === ""
      ? []
      : [{ kind: "paragraph", text: [employer, employerAddress].join("\n").trim() } as const]),
    {
      kind: "facts",
      pairs: [
        [words.employee, `${of.name} (${result.employee_id})`],
        [words.period, `${run.from_on} – ${run.to_on}`],
        [words.payday, run.pay_on],
        [words.run, `${run.run_id}, ${words.revision} ${result.revision}`],
      ],
    },
    { kind: "table", table: linesTable(of, words) },
    {
      kind: "facts",
      pairs: [
        [words.gross, `${money(result.gross_minor)} ${run.currency}`],
        [words.taxable, `${money(result.taxable_minor)} ${run.currency}`],
        [words.tax, `${money(result.tax_minor)} ${run.currency}`],
        [words.net, `${money(result.net_minor)} ${run.currency}`],
        [words.employerCost, `${money(result.employer_cost_minor)} ${run.currency}`],
      ],
    },
    ...daysBlocks(result, words),
  ];
  return {
    title,
    language: PAYSLIP_WORDS[language] === undefined ? "en" : language,
    createdOn: run.pay_on,
    author: employer === "" ? "Clockleaf" : employer,
    blocks,
  };
}

export const hoursText = (seconds: number): string => spelled(over(exact(seconds), exact(3600)), 4);

function linesTable({ run, result }: PayslipOf, words: PayslipWords): Table {
  const own = result.lines.filter(({ kind }) => kind !== "employer-cost");
  const rows = own.map((line): Cell[] => [
    line.code,
    line.label,
    line.seconds === null ? null : hoursText(line.seconds),
    line.rate,
    decimalOf(line.amountMinor, run.currency),
  ]);
  return {
    columns: [
      { title: words.code, align: "left", width: 2 },
      { title: words.line, align: "left", width: 4 },
      { title: words.hours, align: "right", width: 2 },
      { title: words.rate, align: "right", width: 2 },
      { title: run.currency, align: "right", width: 2 },
    ],
    rows,
    totals: [words.net, null, null, null, decimalOf(result.net_minor, run.currency)],
  };
}

function daysBlocks({ days }: ResultRecord, words: PayslipWords): Block[] {
  const rows = days.flatMap(({ workdayOn, revision, entries }) =>
    entries.map((entry): Cell[] => [
      workdayOn,
      entry.code,
      entry.kind === "occurrence" ? `${entry.seconds} ×` : hoursText(entry.seconds),
      entry.factor,
      revision,
    ]),
  );
  if (rows.length === 0) return [];
  return [
    { kind: "heading", text: words.days, level: 2 },
    {
      kind: "table",
      table: {
        columns: [
          { title: words.day, align: "left", width: 2 },
          { title: words.code, align: "left", width: 2 },
          { title: words.hours, align: "right" },
          { title: words.rate, align: "right" },
          { title: words.revision, align: "right" },
        ],
        rows,
      },
    },
  ];
}
