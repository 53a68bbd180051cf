import type { PrintedDocument } from "../../cloud/render/document.ts";

/** What the tests of `pdf.ts` print: the scripts of its fonts, and a table longer than a page. */
export const SAMPLE: PrintedDocument = {
  title: "Payslip November 2026",
  language: "en",
  createdOn: "2026-11-30",
  author: "Müller & Söhne <GmbH>",
  blocks: [
    { kind: "heading", text: "Payslip November 2026", level: 1 },
    {
      kind: "facts",
      pairs: [
        ["Polish", "Łukasz Żółć"],
        ["Russian", "Мария Иванова"],
        ["Greek", "Αλέξανδρος"],
        ["Georgian", "ქართული"],
        ["Armenian", "Հայաստան"],
        ["Hebrew", "דוד לוי"],
        ["Arabic", "محمد علي"],
        ["Amount", "1 234,56 €"],
      ],
    },
    { kind: "paragraph", text: "A sentence that is long enough to need two lines. ".repeat(4) },
    {
      kind: "table",
      table: {
        columns: [
          { title: "Day", align: "left", width: 2 },
          { title: "Hours", align: "right" },
        ],
        rows: Array.from({ length: 120 }, (_, row) => [`row-${row} of the month`, "8.00"]),
        totals: ["Total", 960],
      },
    },
  ],
};
