import writeXlsxFile, { type Row, type SheetData } from "write-excel-file/node";
import type { Cell, Column, Table } from "./document.ts";

export interface Workbook {
  readonly table: Table;
  /** Sheet name of the table. */
  readonly name: string;
  /** Names and values on a second sheet. */
  readonly about: ReadonlyArray<readonly [string, string]>;
}

const FONT_SIZE = 10;
const CHARACTERS_A_COLUMN = 16;
const DECIMAL = /^-?\d+(?:\.\d+)?$/u;

/** A workbook of two sheets. Texts are stored as texts, so none becomes a formula. The same workbook has the same bytes. */
export async function renderXlsx({ table, name, about }: Workbook): Promise<Uint8Array> {
  const { columns, rows, totals } = table;
  const heads: Row = columns.map(({ title, align }) => ({
    value: title,
    type: String,
    fontWeight: "bold",
    align,
  }));
  const data: SheetData = [heads];
  for (const row of rows) data.push(rowOf(row, columns));
  if (totals !== undefined) {
    data.push(rowOf(totals, columns, { fontWeight: "bold" }));
  }
  const facts: SheetData = about.map(([fact, value]) => [text(fact), text(value)]);
  const file = writeXlsxFile(
    [
      {
        sheet: name,
        data,
        columns: columns.map(({ width = 1 }) => ({ width: width * CHARACTERS_A_COLUMN })),
        stickyRowsCount: 1,
      },
      { sheet: "About", data: facts, columns: [{ width: 24 }, { width: 60 }] },
    ],
    { fontSize: FONT_SIZE },
  );
  return withoutTimes(new Uint8Array(await file.toBuffer()));
}

type Style = { readonly fontWeight?: "bold" };

const text = (value: string, style: Style = {}) => ({ value, type: String, ...style });

function rowOf(row: readonly Cell[], columns: readonly Column[], style: Style = {}): Row {
  return row.map((cell, index) => {
    if (cell === null) return null;
    const isText =
      typeof cell === "string" && (columns[index]?.align !== "right" || !DECIMAL.test(cell));
    if (isText) return text(cell, style);
    const digits = String(cell).split(".")[1]?.length ?? 0;
    const format = digits === 0 ? "0" : `0.${"0".repeat(digits)}`;
    return { value: Number(cell), type: Number, format, align: "right" as const, ...style };
  });
}

// ZIP (APPNOTE 6.3.10): signatures, and where time and date stand in the headers of 4.3.7 and 4.3.12.
const LOCAL = { signature: 0x04034b50, timeAt: 10 };
const CENTRAL = { signature: 0x02014b50, timeAt: 12, nameLengthAt: 28, localAt: 42, size: 46 };
const END = { signature: 0x06054b50, countAt: 10, directoryAt: 16, size: 22 };
/** 1 January 1980, midnight: the first moment a ZIP can name. */
const NO_TIME = 0x00210000;

/** An archive names the moment its parts were written; without it the same content has the same bytes. */
function withoutTimes(zip: Uint8Array): Uint8Array {
  const view = new DataView(zip.buffer, zip.byteOffset, zip.byteLength);
  const end = zip.byteLength - END.size;
  if (view.getUint32(end, true) !== END.signature) throw new Error("not the archive we know");
  let at = view.getUint32(end + END.directoryAt, true);
  for (let left = view.getUint16(end + END.countAt, true); left > 0; left -= 1) {
    const local = view.getUint32(at + CENTRAL.localAt, true);
    const isKnown =
      view.getUint32(at, true) === CENTRAL.signature &&
      view.getUint32(local, true) === LOCAL.signature;
    if (!isKnown) throw new Error("not the archive we know");
    view.setUint32(at + CENTRAL.timeAt, NO_TIME, true);
    view.setUint32(local + LOCAL.timeAt, NO_TIME, true);
    const lengths = [0, 2, 4].map((more) => view.getUint16(at + CENTRAL.nameLengthAt + more, true));
    at += lengths.reduce((sum, length) => sum + length, CENTRAL.size);
  }
  return zip;
}
