/** What a file is by its content, whatever it was called. Enough to tell apart what may be attached and what may not. */
export function typeOf(bytes: Uint8Array): string {
  const head = Buffer.from(bytes.subarray(0, HEAD_BYTES)).toString("latin1");
  const known = SIGNATURES.find(([, signature]) => signature.test(head));
  if (known !== undefined) return known[0];
  if (head.startsWith("PK\x03\x04")) return archiveType(bytes);
  if (!isText(bytes)) return UNKNOWN;
  return MARKUP.test(head) ? "text/html" : "text/plain";
}

/** Whether a content may be called so: a table with commas is text, and nothing about text says which. */
export const isOfType = (foundType: string, mediaType: string): boolean =>
  foundType === mediaType || (foundType === "text/plain" && mediaType === "text/csv");

const HEAD_BYTES = 1_024;
const UNKNOWN = "application/octet-stream";
const OFFICE = "application/vnd.openxmlformats-officedocument";

/**
 * PDF: ISO 32000-1 7.5.2, whose header readers accept within the first 1,024 bytes. PNG: W3C PNG 5.2. JPEG: ITU-T T.81 B.1.1.
 * WebP: RFC 9649 2.4. HEIC: ISO/IEC 23008-12 annex B, as a major brand of ISO/IEC 14496-12 4.3.
 */
const SIGNATURES: ReadonlyArray<readonly [type: string, signature: RegExp]> = [
  ["application/pdf", /%PDF-\d\.\d/],
  ["image/png", /^\x89PNG\r\n/],
  ["image/jpeg", /^\xff\xd8\xff/],
  ["image/webp", /^RIFF[\s\S]{4}WEBP/],
  ["image/heic", /^[\s\S]{4}ftyp(?:heic|heix|hevc|hevx|heim|heis|mif1|msf1)/],
];
const MARKUP = /^(?:\xef\xbb\xbf)?\s*<(?:!doctype html|html|head|body|script|svg|iframe)\b/i;

/** Names of files stand in a ZIP archive as they are; by these ECMA-376 part 2 tells what an archive is. */
function archiveType(bytes: Uint8Array): string {
  const archive = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  if (archive.includes("word/document.xml")) return `${OFFICE}.wordprocessingml.document`;
  if (archive.includes("xl/workbook.xml")) return `${OFFICE}.spreadsheetml.sheet`;
  return "application/zip";
}

/** Of any encoding whose letters are no control characters; UTF-16 by its mark. */
function isText(bytes: Uint8Array): boolean {
  const [first, second] = bytes;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) return true;
  return bytes.every((byte) => byte >= 0x20 || TEXT_CONTROLS.has(byte));
}
/** Tab, line feed, form feed, carriage return, escape. */
const TEXT_CONTROLS: ReadonlySet<number> = new Set([0x09, 0x0a, 0x0c, 0x0d, 0x1b]);
