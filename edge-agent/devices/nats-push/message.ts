import { createHash } from "node:crypto";
import { decode } from "@clockleaf/shared/wire/codec.ts";
import {
  type Credential,
  credentialSchema,
  type PunchHint,
  punchHintSchema,
} from "@clockleaf/shared/wire/punch.ts";
import { z } from "zod";
import { localTimeOf } from "./local-time.ts";

/** Longest message that is read, bytes; a punch takes a few hundred. */
export const MAX_BYTES = 2048;
const MAX_DETAIL = 200;

/** As the terminal writes, so it is answered. */
export type Format = "json" | "msgpack";

export interface Punch {
  readonly kind: "punch";
  readonly id: string;
  readonly recordKey: string;
  readonly credential: Credential;
  /** Undefined where the terminal says nothing, or nothing that has a meaning here. */
  readonly hint: PunchHint | undefined;
  /** What the terminal's clock showed, if that is a date at all. */
  readonly deviceLocal: string | null;
  /** How long ago it was made by the terminal's count; undefined where it does not count. */
  readonly agoMs: number | undefined;
  /** What was said and could not be used; the punch counts all the same. */
  readonly oddities: ReadonlyArray<"impossible_date" | "unknown_hint" | "undated">;
}

export interface Unusable {
  readonly kind: "unusable";
  readonly reason: "too-large" | "malformed";
  /** So far as it could be read. */
  readonly id: string | null;
  readonly detail: string;
}

/** What a terminal said. */
export type Said = (Punch | { readonly kind: "alive" } | Unusable) & { readonly format: Format };

const idSchema = z.string().regex(/^[A-Za-z0-9._:-]{1,40}$/, "1 to 40 of A-Z a-z 0-9 . _ : -");
const cardSchema = z
  .object({ bits: z.int().min(1).max(512), hex: z.string().max(128).toLowerCase() })
  .refine(({ bits, hex }) => isWhole(bits, hex), {
    error: "as many hex digits as whole bytes hold the bits, the last byte filled with zeros",
  });
const punchSchema = z
  .object({
    id: idSchema,
    badge: z
      .string()
      .regex(/^[A-Za-z0-9_-]{1,48}$/, "1 to 48 of A-Z a-z 0-9 _ -")
      .nullish(),
    card: cardSchema.nullish(),
    // A punch whose date or meaning cannot be used is still a punch.
    at: z.unknown().optional(),
    ago: z.unknown().optional(),
    hint: z.unknown().optional(),
  })
  .refine(({ badge, card }) => ((badge ?? null) === null) !== ((card ?? null) === null), {
    error: "either a badge or a card",
  });
/** Seconds; as far back as the cloud believes a punch. */
const agoSchema = z
  .number()
  .min(0)
  .max(400 * 86_400);
const aliveSchema = z.object({ alive: z.literal(true) });

/** Reads whatever bytes come: never throws. */
export function readMessage(bytes: Uint8Array): Said {
  const format = formatOf(bytes);
  const unusable = (
    reason: Unusable["reason"],
    detail: string,
    id: string | null = null,
  ): Said => ({
    kind: "unusable",
    reason,
    id,
    detail: detail.slice(0, MAX_DETAIL),
    format,
  });
  if (bytes.length > MAX_BYTES) {
    return unusable("too-large", `${bytes.length} bytes, at most ${MAX_BYTES}`);
  }
  const value = format === "json" ? fromJson(bytes) : fromMsgpack(bytes);
  if (value === undefined) return unusable("malformed", `not ${format}`);
  const alive = aliveSchema.safeParse(value);
  if (alive.success) return { kind: "alive", format };
  const punch = punchSchema.safeParse(value);
  if (punch.success) return { ...punchOf(punch.data), format };
  const issues = punch.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`);
  const named = z.object({ id: idSchema }).safeParse(value);
  return unusable("malformed", issues.join("; "), named.success ? named.data.id : null);
}

function punchOf({ id, badge, card, at, ago, hint }: z.output<typeof punchSchema>): Punch {
  const credential = credentialSchema.parse(
    card ? { kind: "card", ...card } : { kind: "number", value: badge },
  );
  const meaning = punchHintSchema.safeParse(hint);
  const local = localTimeOf(at);
  const oddities: Array<Punch["oddities"][number]> = [];
  const counted = agoSchema.safeParse(ago);
  if (local === undefined || (!counted.success && isSaid(ago))) oddities.push("impossible_date");
  if (typeof local !== "string" && !counted.success) oddities.push("undated");
  if (!meaning.success && isSaid(hint)) oddities.push("unknown_hint");
  return {
    kind: "punch",
    id,
    recordKey: recordKeyOf(id, [credential, textOr(at), textOr(hint)]),
    credential,
    hint: meaning.data,
    deviceLocal: local ?? null,
    agoMs: counted.success ? Math.round(counted.data * 1000) : undefined,
    oddities,
  };
}

const isSaid = (value: unknown): boolean => value !== undefined && value !== null && value !== "";
const textOr = (value: unknown): string | null => (typeof value === "string" ? value : null);

/**
 * The terminal's id and a digest of what it says: the same message is the same record. A terminal that begins to count anew
 * (new firmware, emptied memory) must not have its punches taken for those of long ago.
 */
function recordKeyOf(id: string, content: readonly unknown[]): string {
  const digest = createHash("sha256").update(JSON.stringify(content)).digest("hex");
  return `${id}:${digest.slice(0, 16)}`;
}

/** No two spellings of one card, or its holder would not be found. */
function isWhole(bits: number, hex: string): boolean {
  const bytes = Math.ceil(bits / 8);
  if (!/^[0-9a-f]*$/.test(hex) || hex.length !== bytes * 2) return false;
  const unused = bytes * 8 - bits;
  return (Number.parseInt(hex.slice(-2), 16) & ((1 << unused) - 1)) === 0;
}

/** A msgpack map begins with 80 to 8f, de or df (specification, "formats"), JSON with a brace or white space. */
function formatOf(bytes: Uint8Array): Format {
  const [first = 0] = bytes;
  return first >= 0x80 ? "msgpack" : "json";
}

function fromJson(bytes: Uint8Array): unknown {
  try {
    const value: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
    return value;
  } catch {
    return undefined;
  }
}

function fromMsgpack(bytes: Uint8Array): unknown {
  try {
    return decode(bytes, z.unknown(), { maxBytes: MAX_BYTES, what: "a terminal's message" });
  } catch {
    return undefined;
  }
}
