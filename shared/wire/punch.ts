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

const LAST_INSTANT_MS = 8_640_000_000_000_000;
const LOCAL_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/;

/**
 * `no-date`: the record of the terminal's log has none, or one that no calendar has; `ahead`: later than when it was read;
 * `too-old`: older than a terminal remembers; `unmeasured`: the gateway knew neither the time nor how wrong the terminal's
 * clock was; `no-zone`: nobody has told the gateway where it stands.
 */
export const TIME_DOUBTS = ["no-date", "ahead", "too-old", "unmeasured", "no-zone"] as const;
export type TimeDoubt = (typeof TIME_DOUBTS)[number];

export const punchTimeSchema = z.object({
  /** Wall time of the gateway when it took the punch, UTC milliseconds. */
  gatewayAtMs: z.int().min(0).max(LAST_INSTANT_MS),
  /** Monotonic milliseconds since the boot named by `bootId`; orders punches of one boot even if the wall clock jumps. */
  monotonicMs: z.number().min(0),
  bootId: z.string().min(1).max(64),
  /**
   * ± error of the instant of the punch, {@link punchedAtMs}; null = that instant is not known. Without a `doubt` it may
   * become known: see `redating.ts`.
   */
  uncertaintyMs: z.int().min(0).nullable(),
  /** Local wall time of the terminal without zone, `YYYY-MM-DDTHH:MM:SS`; null for terminals without a clock. */
  deviceLocal: z.string().regex(LOCAL_TIME).nullable(),
  takenAtMs: z
    .int()
    .min(0)
    .max(LAST_INSTANT_MS)
    .optional()
    .describe(
      "When the punch was made, UTC milliseconds, where that is another instant than when the gateway took it: read from a terminal's log by its clock, the site's zone and its measured error, or re-dated",
    ),
  takenMonotonicMs: z
    .number()
    .optional()
    .describe("The same by `monotonicMs`; before 0 for a punch from before that boot"),
  takenWithinMs: z
    .int()
    .min(0)
    .optional()
    .describe("How far the terminal's clock lets `takenMonotonicMs` be wrong, ± milliseconds"),
  doubt: z
    .enum(TIME_DOUBTS)
    .optional()
    .describe("Why the terminal's time is not believed: nothing but a person can date the punch"),
});
export type PunchTime = z.output<typeof punchTimeSchema>;

/** The instant of a punch as far as it is known, UTC milliseconds. Not to be believed where `uncertaintyMs` is null. */
export const punchedAtMs = ({
  takenAtMs,
  gatewayAtMs,
}: Pick<PunchTime, "takenAtMs" | "gatewayAtMs">): number => takenAtMs ?? gatewayAtMs;

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

/**
 * What a gateway tells of itself and its readers. `time-known`: from here on this boot knows the time, or knows it better;
 * the row's own times say which monotonic instant was which instant.
 */
export type StatusWhat =
  | "started"
  | "time-known"
  | "online"
  | "offline"
  | "tamper"
  | "tamper-cleared"
  | "power"
  | "power-restored";

/**
 * A durable fact about the site's equipment: a tamper switch, a power failure, a reader gone or back, a start. A cloud keeps
 * facts that it has no word for as they are, so gateways may be newer than the cloud.
 */
export const statusRowSchema = z.object({
  kind: z.literal("status"),
  reader: tokenSchema.nullable(),
  what: z
    .string()
    .regex(/^[a-z]+(-[a-z]+)*$/)
    .max(32),
  time: punchTimeSchema,
});

export const journalRowSchema = z.discriminatedUnion("kind", [punchRowSchema, statusRowSchema]);
export type JournalRow = z.output<typeof journalRowSchema>;

/** Names one journal row for ever: gateway, epoch of the journal, number in it. Stable over resends and replays. */
export const punchIdOf = (gateway: string, epoch: string, row: number): string =>
  `${gateway}-${epoch}-${row}`;
