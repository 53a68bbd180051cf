import { z } from "zod";
import { tokenSchema } from "../subjects.ts";

/**
 * What a terminal says about who is there. `card` is the raw bits as read, so that nothing is lost by a format we
 * do not know; `number` is a badge number typed at a keypad or sent by a keyboard-wedge reader.
 */
export const credentialSchema = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("card"),
    bits: z.int().min(1).max(512),
    hex: z
      .string()
      .regex(/^([0-9a-f]{2}){1,64}$/)
      .describe("The bits, most significant first, last byte zero-padded; lower-case hex"),
  }),
  z.object({ kind: z.literal("number"), value: z.string().regex(/^[A-Za-z0-9_-]{1,48}$/) }),
]);
export type Credential = z.output<typeof credentialSchema>;

/** The one spelling of a credential that directories, KV keys and the API share: `card-26-bdd93740`, `number-10042`. */
export function badgeKey(credential: Credential): string {
  return credential.kind === "card"
    ? `card-${credential.bits}-${credential.hex}`
    : `number-${credential.value}`;
}

export const badgeKeySchema = z
  .string()
  .regex(/^(card-[0-9]{1,3}-([0-9a-f]{2}){1,22}|number-[A-Za-z0-9_-]{1,48})$/)
  .describe("Badge: card-<bits>-<hex> or number-<text>, at most 64 characters");

/** What the person or the reader claims the punch means; a hint for the working-time engine, never the verdict. */
export const punchHintSchema = z.enum([
  "in",
  "out",
  "break-start",
  "break-end",
  "lunch-start",
  "lunch-end",
  "transfer",
]);
export type PunchHint = z.output<typeof punchHintSchema>;

export const punchTimeSchema = z.object({
  /** Wall time of the gateway, UTC milliseconds. */
  gatewayAtMs: z.int().min(0).max(8_640_000_000_000_000),
  /** Monotonic milliseconds since the boot named by `bootId`; orders punches of one boot even if the wall clock jumps. */
  monotonicMs: z.number().min(0),
  bootId: z.string().min(1).max(64),
  /** ± error of `gatewayAtMs`; null = the gateway did not know the time. */
  uncertaintyMs: z.int().min(0).nullable(),
  /** Local wall time of the terminal without zone, `YYYY-MM-DDTHH:MM:SS`; null for terminals without a clock. */
  deviceLocal: z
    .string()
    .regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/)
    .nullable(),
});
export type PunchTime = z.output<typeof punchTimeSchema>;

/** How the directory on the gateway judged the punch when it happened; the cloud decides again with what it knows. */
export const EDGE_VERDICTS = ["known", "unknown-badge", "withdrawn-badge", "wrong-pin"] as const;

export const punchRowSchema = z.object({
  kind: z.literal("punch"),
  reader: tokenSchema,
  credential: credentialSchema,
  hint: punchHintSchema.nullable(),
  time: punchTimeSchema,
  /** Whether a PIN was asked for and given; the PIN itself is never journaled. */
  pin: z.enum(["not-asked", "verified", "wrong", "missing"]),
  verdict: z.enum(EDGE_VERDICTS),
  /** W3C trace context of this punch, from here to the last event it causes. */
  traceparent: z.string().max(64),
});
export type PunchRow = z.output<typeof punchRowSchema>;

/** A durable fact about the site's equipment: a tamper switch, a power failure, a reader gone or back, a start. */
export const statusRowSchema = z.object({
  kind: z.literal("status"),
  reader: tokenSchema.nullable(),
  what: z.enum([
    "started",
    "online",
    "offline",
    "tamper",
    "tamper-cleared",
    "power",
    "power-restored",
  ]),
  time: punchTimeSchema,
});

export const journalRowSchema = z.discriminatedUnion("kind", [punchRowSchema, statusRowSchema]);
export type JournalRow = z.output<typeof journalRowSchema>;

/** Names one journal row for ever: gateway, epoch of the journal, number in it. Stable over resends and replays. */
export const punchIdOf = (gateway: string, epoch: string, row: number): string =>
  `${gateway}-${epoch}-${row}`;
