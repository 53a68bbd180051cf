import { stringify } from "csv-stringify/sync";

/** A cell of text, which spreadsheets must not run; or a number as a decimal, which they must read as one. */
export type CsvCell = string | { readonly number: string } | null;

export interface CsvStyle {
  readonly delimiter: "," | ";" | "\t";
  readonly decimal: "." | ",";
  /** Quotes around every text; else only where needed. */
  readonly quotesAll: boolean;
  readonly newline: "\n" | "\r\n";
  readonly hasBom: boolean;
}

export const PLAIN_CSV: CsvStyle = {
  delimiter: ",",
  decimal: ".",
  quotesAll: false,
  newline: "\r\n",
  hasBom: false,
};

/** Text that a spreadsheet would take for a formula gets an apostrophe; so does its full-width look-alike. */
const FORMULA = /^[\s]*[=+\-@\t\r|＝＋－＠]/u;

export function csv(rows: ReadonlyArray<readonly CsvCell[]>, style: CsvStyle): string {
  return stringify(
    rows.map((row) => row.map((cell) => cellText(cell, style))),
    {
      delimiter: style.delimiter,
      quoted_string: style.quotesAll,
      record_delimiter: style.newline,
      bom: style.hasBom,
    },
  );
}

function cellText(cell: CsvCell, { decimal }: CsvStyle): string {
  if (cell === null) return "";
  if (typeof cell !== "string") return cell.number.replace(".", decimal);
  const line = cell.replaceAll(/[\r\n]+/g, " ");
  return FORMULA.test(line) ? `'${line}` : line;
}
