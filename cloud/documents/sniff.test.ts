import { describe, expect, it } from "vitest";
import { renderXlsx } from "../render/xlsx.ts";
import { isOfType, typeOf } from "./sniff.ts";
import { ATTACHMENT_TYPES } from "./upload.ts";

const latin1 = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, "latin1"));
const OFFICE = "application/vnd.openxmlformats-officedocument";

describe("what a file is by its content", () => {
  it.each([
    ["%PDF-1.7\n%\xe2\xe3", "application/pdf"],
    ["some mail server's line\n%PDF-1.4", "application/pdf"],
    ["\x89PNG\r\n\x1a\n\0\0", "image/png"],
    ["\xff\xd8\xff\xe0\0\x10JFIF", "image/jpeg"],
    ["RIFF\x10\0\0\0WEBPVP8 ", "image/webp"],
    ["\0\0\0\x18ftypheic\0\0\0\0mif1", "image/heic"],
    [
      "PK\x03\x04\x14\0[Content_Types].xml PK\x03\x04 word/document.xml",
      `${OFFICE}.wordprocessingml.document`,
    ],
    ["PK\x03\x04\x14\0 evil.exe", "application/zip"],
    ["a;b\r\n\xfcber;2\t", "text/plain"],
    ["\xff\xfea\0b\0", "text/plain"],
    ["\xef\xbb\xbf <!DOCTYPE html><p>", "text/html"],
    ["<svg onload=x>", "text/html"],
    ["MZ\x90\0\x03", "application/octet-stream"],
    ["\x7fELF\x02\x01", "application/octet-stream"],
    ["RIFF\x10\0\0\0WAVEfmt ", "application/octet-stream"],
  ])("%j", (content, type) => {
    expect(typeOf(latin1(content))).toBe(type);
  });

  it("knows a spreadsheet of ours, and an empty file is text", async () => {
    const table = { columns: [{ title: "Name", align: "left" }], rows: [["ada"]] } as const;
    expect(typeOf(await renderXlsx({ table, name: "x", about: [] }))).toBe(
      `${OFFICE}.spreadsheetml.sheet`,
    );
    expect(typeOf(new Uint8Array())).toBe("text/plain");
  });

  it("is what may be attached, for every kind that may, or is not", () => {
    for (const mediaType of Object.keys(ATTACHMENT_TYPES)) {
      expect(isOfType(mediaType, mediaType)).toBe(true);
      expect(isOfType("application/octet-stream", mediaType)).toBe(false);
      expect(isOfType("text/html", mediaType)).toBe(false);
    }
    expect(isOfType("text/plain", "text/csv")).toBe(true);
    expect(isOfType("text/plain", "application/pdf")).toBe(false);
  });
});
