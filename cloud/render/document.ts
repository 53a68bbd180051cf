/** What a printed document says, apart from how it looks: a payslip or a report, laid out by `pdf.ts`. */
export interface PrintedDocument {
  readonly title: string;
  /** BCP 47; becomes the language of the tagged PDF. */
  readonly language: string;
  /** Civil date that stands as its creation date. Never the clock: the same document has the same bytes. */
  readonly createdOn: string;
  /** Who issues it. */
  readonly author: string;
  readonly blocks: readonly Block[];
}

export type Block =
  | { readonly kind: "heading"; readonly text: string; readonly level: 1 | 2 }
  | { readonly kind: "paragraph"; readonly text: string }
  /** Names and values in two columns. */
  | { readonly kind: "facts"; readonly pairs: ReadonlyArray<readonly [string, string]> }
  | { readonly kind: "table"; readonly table: Table };

export interface Column {
  readonly title: string;
  /** Numbers are `number` or decimal strings and stand right; the rest stands left. */
  readonly align: "left" | "right";
  /** Share of the width; 1 unless told. */
  readonly width?: number;
}

/** A table as any format takes it: PDF, CSV, XLSX. */
export interface Table {
  readonly columns: readonly Column[];
  readonly rows: Iterable<readonly Cell[]>;
  /** Set off at the end. */
  readonly totals?: readonly Cell[];
}

/** Null = empty. */
export type Cell = string | number | null;
