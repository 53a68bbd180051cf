// oxlint-disable-next-line import/no-named-as-default -- its types have the default only
import PDFDocument from "pdfkit";
import type { Block, PrintedDocument } from "./document.ts";

/** A plain PDF. The same document has the same bytes. */
export async function renderPdf(document: PrintedDocument): Promise<Uint8Array> {
  const created = new Date(`${document.createdOn}T00:00:00Z`);
  const info = { Title: document.title, Author: document.author, CreationDate: created };
  const pdf = new PDFDocument({ size: "A4", info });
  const chunks: Buffer[] = [];
  const done = new Promise<Uint8Array>((resolve, reject) => {
    pdf.on("data", (chunk: Buffer) => chunks.push(chunk));
    pdf.on("end", () => resolve(new Uint8Array(Buffer.concat(chunks))));
    pdf.on("error", reject);
  });
  for (const block of document.blocks) for (const line of linesOf(block)) pdf.text(line);
  pdf.end();
  return await done;
}

function linesOf(block: Block): string[] {
  switch (block.kind) {
    case "heading":
    case "paragraph":
      return [block.text];
    case "facts":
      return block.pairs.map(([name, value]) => `${name}: ${value}`);
    case "table": {
      const { columns, rows, totals } = block.table;
      const all = [
        columns.map(({ title }) => title),
        ...rows,
        ...(totals === undefined ? [] : [totals]),
      ];
      return all.map((row) => row.map((cell) => cell ?? "").join("  "));
    }
  }
}
