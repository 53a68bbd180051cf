import { createHash } from "node:crypto";
import { PlatformError } from "@clockleaf/shared/lib/errors.ts";
// oxlint-disable-next-line import/no-named-as-default -- its types have the default only
import PDFDocument from "pdfkit";
import type { Block, Cell, PrintedDocument } from "./document.ts";
import { createSheet, type Sheet, type TextStyle } from "./pdf-sheet.ts";
import { drawTable } from "./pdf-table.ts";
import { loadFonts, printed } from "./pdf-text.ts";

export interface PdfOptions {
  /** Font files (TTF or OTF) for scripts that DejaVu Sans lacks, such as Chinese, in order of preference. */
  readonly extraFonts?: readonly string[];
}

/**
 * A tagged PDF of A4 pages with its fonts inside. The same document has the same bytes, in every process and time zone:
 * its creation date is `createdOn`, and its file id is made of its content.
 *
 * Rejects with `document.unprintable`, naming the characters, if no font has them: an empty box on a payslip would hide
 * somebody's name. Rejects with `config.unreadable` for a font file that cannot be used.
 */
export async function renderPdf(
  document: PrintedDocument,
  options: PdfOptions = {},
): Promise<Uint8Array> {
  const content = withRows(document);
  const settings: PDFKit.PDFDocumentOptions = {
    size: "A4",
    margin: 0,
    bufferPages: true,
    autoFirstPage: false,
    pdfVersion: "1.7",
    tagged: true,
    displayTitle: true,
    lang: document.language,
    info: infoOf(content),
  };
  // The types of pdfkit do not know this one yet: it writes the identification of PDF/UA-1.
  Reflect.set(settings, "subset", "PDF/UA");
  const pdf = new PDFDocument(settings);
  const fonts = loadFonts(pdf, options.extraFonts ?? []);
  const missing = fonts.missing(textsOf(content).join(" "));
  if (missing.length > 0) {
    throw new PlatformError(
      "document.unprintable",
      `no font has ${missing.slice(0, 20).map(spelt).join(", ")}; name one that has in \`fonts\``,
      { details: { characters: missing.slice(0, 100).map(spelt) } },
    );
  }
  const finished = bytesOf(pdf);
  const sheet = createSheet(pdf, fonts);
  for (const block of content.blocks) drawBlock(sheet, block);
  sheet.finish();
  pdf.end();
  return await finished;
}

function drawBlock(sheet: Sheet, block: Block): void {
  switch (block.kind) {
    case "heading": {
      const size = block.level === 1 ? 16 : 12;
      sheet.space(block.level === 1 ? 4 : 10);
      drawText(sheet, block.text, { tag: `H${block.level}`, size, weight: "bold" });
      sheet.space(4);
      return;
    }
    case "paragraph":
      for (const part of block.text.split("\n")) {
        drawText(sheet, part, { tag: "P", size: 9.5, weight: "regular" });
      }
      sheet.space(6);
      return;
    case "facts":
      drawTable(sheet, {
        columns: [
          { title: "", align: "left", width: 1 },
          { title: "", align: "left", width: 2 },
        ],
        rows: block.pairs,
        rowHeads: true,
      });
      return;
    case "table":
      drawTable(sheet, block.table);
  }
}

function drawText(
  sheet: Sheet,
  text: string,
  { tag, ...style }: TextStyle & { readonly tag: string },
): void {
  const element = sheet.element(tag);
  for (const each of sheet.wrap(text, style, sheet.width)) {
    if (sheet.room() < sheet.heightOf(style)) sheet.newPage();
    sheet.line(each, { ...style, x: sheet.left, width: sheet.width, align: "left" }, element);
    sheet.space(sheet.heightOf(style));
  }
  element.node.end();
}

/** Rows may come from anywhere once; here they are read several times. */
function withRows(document: PrintedDocument): PrintedDocument {
  const blocks = document.blocks.map((block) =>
    block.kind === "table"
      ? { ...block, table: { ...block.table, rows: [...block.table.rows] } }
      : block,
  );
  return { ...document, blocks };
}

function textsOf({ blocks }: PrintedDocument): string[] {
  return blocks.flatMap((block) => {
    switch (block.kind) {
      case "heading":
      case "paragraph":
        return [block.text];
      case "facts":
        return block.pairs.flat();
      case "table": {
        const { columns, rows, totals = [] } = block.table;
        const cells: Cell[] = [...rows, totals].flat();
        return [...columns.map(({ title }) => title), ...cells.map((cell) => String(cell ?? ""))];
      }
    }
  });
}

const plain = (text: string): string => printed(text.replaceAll("&", "+").replaceAll(/[<>]/g, ""));

/** pdfkit makes the file id of these. It does not escape them in XML, so the signs that would break it are left out. */
function infoOf(content: PrintedDocument): Record<string, string | Date> {
  const at = new Date(`${content.createdOn}T00:00:00Z`);
  return {
    Title: plain(content.title),
    Author: plain(content.author),
    Creator: "Clockleaf",
    Producer: "Clockleaf",
    CreationDate: at,
    ModDate: at,
    ContentHash: createHash("sha256").update(JSON.stringify(content)).digest("hex"),
  };
}

async function bytesOf(pdf: InstanceType<typeof PDFDocument>): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  pdf.on("data", (chunk: Buffer) => void chunks.push(chunk));
  await new Promise((resolve, reject) => pdf.on("end", resolve).on("error", reject));
  return new Uint8Array(Buffer.concat(chunks));
}

function spelt(character: string): string {
  const code = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0");
  return `${character} (U+${code})`;
}
