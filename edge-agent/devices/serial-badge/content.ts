import type { Checksum, Framing } from "./config.ts";
import type { Framed } from "./framer.ts";

export interface ContentRules {
  readonly framing: Framing;
  readonly suffix: readonly number[];
  readonly checksum: Checksum;
}

type Summed = Exclude<Checksum, { kind: "none" }>;

export type Content =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "discarded"; readonly reason: "checksum" | "unreadable" };

/** The text of a frame whose checksum is right. Only printable ASCII passes: anything else is damage or another setting. */
export function readContent(frame: Framed, rules: ContentRules): Content {
  const { checksum } = rules;
  const content = withoutSuffix(frame.content, rules.suffix);
  if (checksum.kind === "none") return textOf(content);
  const isBehind = checksum.place === "after-end";
  const size = checksum.written === "hex" ? 2 : 1;
  const data = isBehind ? content : content.subarray(0, Math.max(0, content.length - size));
  const written = isBehind ? frame.trailer : content.subarray(data.length);
  const covered = coveredBy(checksum, data, rules.framing);
  const isRight =
    covered !== undefined &&
    written.length === size &&
    valueOf(written, checksum) === sumOf(checksum, covered);
  return isRight ? textOf(data) : { kind: "discarded", reason: "checksum" };
}

/** How many bytes come after the end byte. */
export const trailerBytesOf = (checksum: Checksum): number => {
  if (checksum.kind === "none" || checksum.place === "before-end") return 0;
  return checksum.written === "hex" ? 2 : 1;
};

function withoutSuffix(content: Uint8Array, suffix: readonly number[]): Uint8Array {
  const at = content.length - suffix.length;
  const isThere = at >= 0 && suffix.every((byte, index) => content[at + index] === byte);
  return isThere ? content.subarray(0, at) : content;
}

function textOf(data: Uint8Array): Content {
  const isPrintable = data.every((byte) => byte >= 0x20 && byte <= 0x7e);
  if (!isPrintable) return { kind: "discarded", reason: "unreadable" };
  return { kind: "text", text: Buffer.from(data).toString("latin1").trim() };
}

/** Undefined when the hex digits are none. */
function coveredBy(checksum: Summed, data: Uint8Array, framing: Framing): number[] | undefined {
  const part = data.subarray(checksum.from, checksum.to ?? data.length);
  const inside = checksum.covers === "hex" ? fromHex(part) : Array.from(part);
  if (inside === undefined) return undefined;
  const start = "start" in framing && framing.start !== null ? [framing.start] : [];
  const end = framing.kind === "stx-etx" ? [framing.end] : [];
  return [...(checksum.includeStart ? start : []), ...inside, ...(checksum.includeEnd ? end : [])];
}

function fromHex(digits: Uint8Array): number[] | undefined {
  const text = Buffer.from(digits).toString("latin1");
  return /^(?:[0-9A-Fa-f]{2})+$/.test(text) ? Array.from(Buffer.from(text, "hex")) : undefined;
}

function valueOf(written: Uint8Array, checksum: Summed): number | undefined {
  return checksum.written === "byte" ? written[0] : fromHex(written)?.[0];
}

function sumOf({ kind }: Summed, covered: readonly number[]): number {
  if (kind === "xor") return covered.reduce((sum, byte) => sum ^ byte, 0);
  const sum = covered.reduce((total, byte) => (total + byte) & 0xff, 0);
  return kind === "sum" ? sum : (0x100 - sum) & 0xff;
}
