/** How terminals speak that publish by themselves. Written from the driver's README, not from its code. */

export type Format = "json" | "msgpack";

export interface PunchMessage {
  /** Never the same for another punch of this terminal. */
  readonly id: string;
  readonly badge?: string;
  readonly card?: { readonly bits: number; readonly hex: string };
  /** The terminal's own clock, local, `YYYY-MM-DDTHH:MM:SS`. */
  readonly at?: string;
  /** Seconds since it was made, by a terminal without a clock, when this is sent. */
  readonly ago?: number;
  readonly hint?: string;
}

export interface AnswerMessage {
  readonly ok: boolean;
  readonly id: string | null;
  readonly light?: string;
  readonly text?: string;
  readonly time?: string;
  readonly reason?: string;
  readonly retry?: boolean;
  readonly detail?: string;
}

export function encodeMessage(
  message: PunchMessage | { readonly alive: true },
  format: Format,
): Uint8Array {
  if (format === "json") return new TextEncoder().encode(JSON.stringify(message));
  return Uint8Array.from(packed(message));
}

/** Undefined for what is no answer; a terminal takes no notice of it. */
export function readAnswer(bytes: Uint8Array): AnswerMessage | undefined {
  try {
    const isMap = (bytes[0] ?? 0) >= 0x80;
    const value: unknown = isMap
      ? unpacked(Buffer.from(bytes))
      : JSON.parse(new TextDecoder().decode(bytes));
    return isAnswer(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isAnswer(value: unknown): value is AnswerMessage {
  if (typeof value !== "object" || value === null || !("ok" in value) || !("id" in value)) {
    return false;
  }
  return typeof value.ok === "boolean" && (value.id === null || typeof value.id === "string");
}

/** As much of msgpack as a terminal needs: short maps, texts, numbers, true. */
function packed(value: unknown): number[] {
  if (value === true) return [0xc3];
  if (typeof value === "number") {
    if (!Number.isInteger(value) || value > 0xffff) return [0xcb, ...float64(value)];
    if (value < 0x80) return [value];
    return value < 0x100 ? [0xcc, value] : [0xcd, value >> 8, value & 0xff];
  }
  if (typeof value === "string") {
    const text = new TextEncoder().encode(value);
    return [...(text.length < 32 ? [0xa0 | text.length] : [0xd9, text.length]), ...text];
  }
  const entries = Object.entries(value ?? {}).filter(([, each]) => each !== undefined);
  return [0x80 | entries.length].concat(...entries.flat().map(packed));
}

function float64(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleBE(value);
  return bytes;
}

/** As much of it as answers hold: maps (fixmap, map 16), texts (fixstr, str 8), nil, booleans. Throws for anything else, and for what is cut off. */
function unpacked(bytes: Buffer): unknown {
  let at = 0;
  const text = (length: number): string => {
    if (at + length > bytes.length) throw new RangeError("cut off");
    at += length;
    return bytes.toString("utf8", at - length, at);
  };
  const entries = (length: number): unknown =>
    Object.fromEntries(Array.from({ length }, () => [String(next()), next()]));
  const next = (): unknown => {
    const type = bytes.readUInt8(at);
    at += 1;
    if (type === 0xc0) return null;
    if (type === 0xc2 || type === 0xc3) return type === 0xc3;
    if (type === 0xd9) return text(bytes.readUInt8(at++));
    if (type >> 5 === 5) return text(type & 0x1f);
    if (type >> 4 === 8) return entries(type & 0xf);
    if (type !== 0xde) throw new TypeError(`msgpack type ${type} is not in answers`);
    at += 2;
    return entries(bytes.readUInt16BE(at - 2));
  };
  return next();
}
