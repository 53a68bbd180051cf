import { stringify } from "csv-stringify/sync";
import type { Cell, Table } from "./document.ts";

export interface CsvOptions {
  /** Excel reads UTF-8 only behind a byte order mark; most programs do without. */
  readonly byteOrderMark: boolean;
}

/** Rows turned into text at a time. */
const PAGE = 1_000;
export const BYTE_ORDER_MARK = "\uFEFF";

/**
 * A table as CSV (RFC 4180, UTF-8). A text that a spreadsheet would take for a formula is put behind an apostrophe: what
 * somebody entered as a name must not become a command on the computer of who opens the file.
 */
export function renderCsv(table: Table, { byteOrderMark }: CsvOptions): Uint8Array {
  const chunks = byteOrderMark ? [Buffer.from(BYTE_ORDER_MARK)] : [];
  const write = (rows: readonly (readonly Cell[])[]): void => {
    chunks.push(Buffer.from(csvRows(rows)));
  };
  write([table.columns.map(({ title }) => title)]);
  let page: Array<readonly Cell[]> = [];
  for (const row of table.rows) {
    page.push(row);
    if (page.length < PAGE) continue;
    write(page);
    page = [];
  }
  write(table.totals === undefined ? page : [...page, table.totals]);
  return new Uint8Array(Buffer.concat(chunks));
}

/** Rows of such a table, guarded, each with its line end. */
export const csvRows = (rows: readonly (readonly Cell[])[]): string =>
  stringify(
    rows.map((row) => row.map(guardFormula)),
    { record_delimiter: "\r\n" },
  );

const DECIMAL = /^-?\d+(?:\.\d+)?$/u;
const FORMULA = /^[=+\-@\t\r]/u;

function guardFormula(cell: Cell): Cell {
  const isText = typeof cell === "string" && !DECIMAL.test(cell);
  return isText && FORMULA.test(cell) ? `'${cell}` : cell;
}
