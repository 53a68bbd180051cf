import type { Cell, Column, Table } from "./document.ts";
import type { Element, Sheet, TextStyle } from "./pdf-sheet.ts";

const GAP = 8;
const PADDING = 2.5;
const BODY: TextStyle = { size: 9, weight: "regular" };
const HEAD: TextStyle = { size: 9, weight: "bold" };

interface DrawnTable extends Table {
  /** The first cell of each row names the row. */
  readonly rowHeads?: boolean;
}

interface Place {
  readonly x: number;
  readonly width: number;
  readonly align: Column["align"];
}

/** A table that goes on over pages, with its heads repeated on each. A row stays together where a page can hold it. */
export function drawTable(sheet: Sheet, table: DrawnTable): void {
  const places = placesOf(sheet, table.columns);
  const titles = table.columns.map(({ title }) => title);
  const hasHead = titles.some((title) => title !== "");
  const body = sheet.element("Table");

  /** `parent` null: repeated on a later page, for the eye only. */
  const row = (cells: readonly Cell[], kind: "head" | "row" | "totals", parent: Element | null) => {
    const style = kind === "row" ? BODY : HEAD;
    const tr = parent === null ? undefined : sheet.element("TR", parent);
    const columns = places.map((place, index) => {
      const isHead = kind === "head" || (index === 0 && table.rowHeads === true);
      const cell = isHead ? HEAD : style;
      return {
        placed: { ...place, ...cell },
        lines: sheet.wrap(String(cells[index] ?? ""), cell, place.width),
        element: tr === undefined ? null : sheet.element(isHead ? "TH" : "TD", tr),
      };
    });
    const count = Math.max(...columns.map(({ lines }) => lines.length));
    const lineHeight = sheet.heightOf(style);
    const needed = count * lineHeight + 2 * PADDING;
    const onNewPage = (): void => {
      sheet.newPage();
      if (hasHead && parent !== null && kind !== "head") row(titles, "head", null);
    };
    if (needed > sheet.room() && needed <= sheet.pageRoom / 2) onNewPage();
    sheet.space(PADDING);
    for (let line = 0; line < count; line += 1) {
      if (sheet.room() < lineHeight) onNewPage();
      for (const { lines, element, placed } of columns) {
        const text = lines[line] ?? "";
        if (text !== "") sheet.line(text, placed, element);
      }
      sheet.space(lineHeight);
    }
    sheet.space(PADDING);
    for (const { element } of columns) element?.node.end();
    tr?.node.end();
    if (kind === "head") sheet.rule("thick");
  };

  if (hasHead) row(titles, "head", body);
  for (const cells of table.rows) row(cells, "row", body);
  if (table.totals !== undefined) {
    sheet.rule("thin");
    row(table.totals, "totals", body);
  }
  body.node.end();
  sheet.space(8);
}

function placesOf({ left, width }: Sheet, columns: readonly Column[]): Place[] {
  const shares = columns.map((column) => column.width ?? 1);
  const total = shares.reduce((sum, share) => sum + share, 0);
  const usable = width - GAP * (columns.length - 1);
  let x = left;
  return columns.map(({ align }, index) => {
    const own = (usable * (shares[index] ?? 1)) / total;
    const place = { x, width: own, align };
    x += own + GAP;
    return place;
  });
}
