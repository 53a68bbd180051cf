import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { onPath } from "../../test/support/on-path.ts";
import { available } from "../../test/support/parts.ts";
import { SAMPLE } from "../../test/support/pdf-sample.ts";
import { type TempDir, tempDir } from "../../test/support/temp.ts";
import type { PrintedDocument } from "./document.ts";
import { renderPdf } from "./pdf.ts";

const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

const idOf = (bytes: Uint8Array): string =>
  /\/ID \[<([0-9a-f]+)>/.exec(Buffer.from(bytes).toString("latin1"))?.[1] ?? "";

describe("a printed document", () => {
  test("has the same bytes whenever, and in whatever process and time zone, it is made", async () => {
    const [once, twice] = [await renderPdf(SAMPLE), await renderPdf(SAMPLE)];
    expect(sha256(twice)).toBe(sha256(once));
    const child = join(import.meta.dirname, "../../test/support/pdf-child.ts");
    for (const TZ of ["Pacific/Kiritimati", "America/Los_Angeles"]) {
      const said = execFileSync(process.execPath, [child], { env: { ...process.env, TZ } });
      expect(said.toString().trim()).toBe(sha256(once));
    }
  });

  test("has other bytes, and another file id, if it says something else", async () => {
    const other = { ...SAMPLE, blocks: [...SAMPLE.blocks, { kind: "paragraph", text: "x" }] };
    const [one, two] = [await renderPdf(SAMPLE), await renderPdf(other as PrintedDocument)];
    expect(idOf(one)).toMatch(/^[0-9a-f]{32}$/);
    expect(idOf(two)).not.toBe(idOf(one));
  });

  test("is refused, with the characters named, if no font has them", async () => {
    const blocks = [{ kind: "facts", pairs: [["Name", "王小明"]] }] as const;
    await expect(renderPdf({ ...SAMPLE, blocks })).rejects.toMatchObject({
      code: "document.unprintable",
      details: { characters: ["王 (U+738B)", "小 (U+5C0F)", "明 (U+660E)"] },
    });
  });

  test("says which font file cannot be used", async () => {
    await expect(renderPdf(SAMPLE, { extraFonts: [import.meta.filename] })).rejects.toMatchObject({
      code: "config.unreadable",
    });
  });
});

const poppler = onPath("pdftotext") === undefined ? undefined : onPath("pdfinfo");

describe.skipIf(!available("pdftotext and pdfinfo (poppler-utils)", poppler))(
  "read by poppler",
  () => {
    let dir: TempDir;
    let file: string;
    let text: string;
    let info: string;
    beforeAll(async () => {
      dir = tempDir("pdf");
      file = join(dir.path, "sample.pdf");
      writeFileSync(file, await renderPdf(SAMPLE));
      text = execFileSync("pdftotext", ["-layout", file, "-"]).toString();
      info = execFileSync("pdfinfo", [file]).toString();
    });
    afterAll(() => dir.remove());

    test.each(["Łukasz Żółć", "Мария Иванова", "Αλέξανδρος", "ქართული", "Հայաստան", "1 234,56 €"])(
      "%s is there as it was written",
      (name) => {
        expect(text).toContain(name);
      },
    );

    test("right-to-left words are there in their own order", () => {
      const plain = text.replaceAll(/[\u200e\u200f\u202a-\u202e]/g, "");
      expect(plain).toContain("דוד לוי");
      expect(plain.normalize("NFKC")).toContain("محمد علي");
    });

    test("it is tagged, has its title, and its date is the document's", () => {
      expect(info).toMatch(/Tagged:\s+yes/);
      expect(info).toMatch(/Title:\s+Payslip November 2026/);
      expect(info).toMatch(/PDF subtype:\s+PDF\/UA|Page size:\s+595\.28 x 841\.89 pts \(A4\)/);
      const structure = execFileSync("pdfinfo", ["-struct-text", file]).toString();
      expect(structure).toMatch(/Document[\s\S]*H1[\s\S]*"Payslip[\s\S]*Table[\s\S]*TR[\s\S]*TH/);
    });

    test("a long table goes on over pages, repeats its heads to the eye, and counts its pages", () => {
      const pages = Number(/Pages:\s+(\d+)/.exec(info)?.[1]);
      expect(pages).toBeGreaterThan(2);
      const bodies = text.split("\f").slice(0, pages);
      for (const [index, body] of bodies.entries()) {
        expect(body).toMatch(new RegExp(`${index + 1} ?/ ?${pages}`));
        if (index > 0) expect(body).toContain("Hours");
      }
      for (let row = 0; row < 120; row += 1) expect(text).toContain(`row-${row} `);
      const structure = execFileSync("pdfinfo", ["-struct-text", file]).toString();
      expect(structure.match(/"Hours"/g)).toHaveLength(1);
    });
  },
);
