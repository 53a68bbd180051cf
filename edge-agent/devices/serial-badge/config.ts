import { tokenSchema } from "@clockleaf/shared/subjects.ts";
import { cardFormatChoiceSchema } from "@clockleaf/shared/wire/card-formats.ts";
import { punchHintSchema } from "@clockleaf/shared/wire/punch.ts";
import { z } from "zod";
import { PRESET_NAMES, PRESETS } from "./presets.ts";
import { compilePattern, MAX_LINE } from "./safe-pattern.ts";

const byte = z.int().min(0).max(255);

const framingSchema = z
  .discriminatedUnion("kind", [
    z.strictObject({
      kind: z.literal("delimiter"),
      ends: z
        .array(byte)
        .min(1)
        .max(4)
        .default([0x0d, 0x0a])
        .describe("Bytes each of which ends a line; default CR and LF"),
    }),
    z.strictObject({
      kind: z.literal("stx-etx"),
      start: byte.default(0x02).describe("Byte a frame begins with; default STX"),
      end: byte.default(0x03).describe("Byte a frame ends with; default ETX"),
    }),
    z.strictObject({
      kind: z.literal("length"),
      start: byte.nullable().default(null).describe("Byte a frame begins with; default none"),
      bytes: z.int().min(1).max(MAX_LINE).describe("Bytes of a frame, without `start`"),
    }),
    z.strictObject({ kind: z.literal("idle") }),
  ])
  .describe("How one badge is told from the next");
export type Framing = z.output<typeof framingSchema>;

const checksumSchema = z
  .discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("none") }),
    z.strictObject({
      kind: z
        .enum(["xor", "sum", "lrc"])
        .describe("xor of the bytes; their sum modulo 256; lrc: what makes that sum zero"),
      covers: z
        .enum(["bytes", "hex"])
        .default("bytes")
        .describe("The bytes as sent, or those that pairs of hex digits stand for; default bytes"),
      from: z.int().min(0).max(MAX_LINE).default(0).describe("First byte it covers; default 0"),
      to: z
        .int()
        .min(1)
        .max(MAX_LINE)
        .nullable()
        .default(null)
        .describe("End of what it covers, itself left out; default: up to the checksum"),
      includeStart: z.boolean().default(false).describe("Covers the start byte too; default no"),
      includeEnd: z.boolean().default(false).describe("Covers the end byte too; default no"),
      written: z
        .enum(["hex", "byte"])
        .default("hex")
        .describe("Two hex digits, or one byte; default hex"),
      place: z
        .enum(["before-end", "after-end"])
        .default("before-end")
        .describe("Last in the frame, or behind its end byte; default before-end"),
    }),
  ])
  .default({ kind: "none" })
  .describe("How damage is noticed; default none");
export type Checksum = z.output<typeof checksumSchema>;

const lowBits = z
  .int()
  .min(1)
  .max(160)
  .nullable()
  .default(null)
  .describe("Of the number only so many low bits; default all");
const digits = z.int().min(0).max(48).default(0).describe("Filled up with zeros; default 0");

const badgeSchema = z
  .discriminatedUnion("as", [
    z.strictObject({ as: z.literal("text") }),
    z.strictObject({ as: z.literal("decimal"), lowBits, digits }),
    z.strictObject({ as: z.literal("hex"), lowBits, digits }),
    z.strictObject({
      as: z.literal("facility-number"),
      facilityBits: z.int().min(1).max(48).default(8).describe("Default 8"),
      numberBits: z.int().min(1).max(48).default(16).describe("Default 16"),
      facilityDigits: z.int().min(0).max(15).default(3).describe("Default 3"),
      numberDigits: z.int().min(0).max(15).default(5).describe("Default 5"),
    }),
    z.strictObject({
      as: z.literal("card"),
      format: cardFormatChoiceSchema.describe(
        "The same card as readers with raw bits see it: one key for both",
      ),
    }),
    z.strictObject({
      as: z.literal("bits"),
      bits: z.int().min(1).max(176).describe("The number is the raw bits of a card, so many"),
    }),
  ])
  .default({ as: "text" })
  .describe("What a badge is called; default text: as it came");
export type BadgeAs = z.output<typeof badgeSchema>;

const repeatSchema = z
  .strictObject({
    mode: z
      .enum(["off", "while-present", "window"])
      .default("off")
      .describe(
        "while-present: a badge that comes again before it was gone for `ms` is one punch; window: only `ms` from the punch. Default off",
      ),
    ms: z.int().min(50).max(600_000).default(1_000).describe("Milliseconds; default 1000"),
  })
  .prefault({});
export type Repeat = z.output<typeof repeatSchema>;

const patternSchema = z
  .string()
  .min(1)
  .default("(?<number>[A-Za-z0-9_-]{1,48})")
  .superRefine((source, context) => {
    const checked = compilePattern(source);
    if (checked.kind === "safe" && checked.groups.includes("number")) return;
    const message =
      checked.kind === "refused" ? `the pattern ${checked.why}` : "the pattern has no (?<number>…)";
    context.addIssue({ code: "custom", message });
  })
  .describe(
    "What a whole line looks like, as a regular expression with (?<number>…) and perhaps (?<facility>…); see README",
  );

const fieldsSchema = z.strictObject({
  reader: tokenSchema.describe("Id of this reader, unique on the gateway"),
  framing: framingSchema,
  maxLength: z
    .int()
    .min(1)
    .max(MAX_LINE)
    .default(64)
    .describe("Most bytes of a badge between start and end; default 64"),
  idleMs: z
    .int()
    .min(20)
    .max(5_000)
    .default(200)
    .describe("Longest pause within a badge, milliseconds; with framing idle it ends the badge"),
  suffix: z
    .array(byte)
    .max(4)
    .default([])
    .describe("Bytes before the end that mean nothing, such as CR LF; default none"),
  checksum: checksumSchema,
  pattern: patternSchema,
  radix: z
    .union([z.literal(10), z.literal(16)])
    .default(10)
    .describe("How the digits of number and facility are written; default 10"),
  badge: badgeSchema,
  repeat: repeatSchema.describe("Readers that send a badge again and again"),
  cardFormats: z
    .array(cardFormatChoiceSchema)
    .max(16)
    .default([])
    .describe("Formats of the cards used here; others, and wrong parity, are counted, not refused"),
  hint: punchHintSchema
    .nullable()
    .default(null)
    .describe("What a punch here claims to mean; default none"),
});

const resolvedSchema = fieldsSchema.superRefine(({ framing, checksum }, context) => {
  if (checksum.kind === "none") return;
  const refuse = (message: string): void =>
    context.addIssue({ code: "custom", path: ["checksum"], message });
  if (checksum.place === "after-end" && framing.kind !== "stx-etx") {
    refuse("a checksum after the end needs framing stx-etx");
  }
  // A checksum byte takes every value, that of the end byte too.
  const canEnd = framing.kind === "stx-etx" || framing.kind === "delimiter";
  if (checksum.written === "byte" && checksum.place === "before-end" && canEnd) {
    refuse("a checksum byte before the end cannot be told from the end: use framing length");
  }
  if (checksum.to !== null && checksum.to <= checksum.from) refuse("to is not above from");
});

/** The fields as `config schema` shows them. Their values are judged once the preset's are among them. */
const writtenFields = Object.fromEntries(
  Object.entries(fieldsSchema.shape).map(([name, schema]) => {
    const { $schema: _, ...shown } = z.toJSONSchema(schema, { io: "input" });
    return [name, z.unknown().optional().meta(shown)];
  }),
);

const writtenSchema = z.strictObject({
  preset: z
    .enum(PRESET_NAMES)
    .optional()
    .describe("A reader everybody has; every field beside it replaces the preset's"),
  ...writtenFields,
});

export const serialBadgeConfigSchema = writtenSchema
  .transform(({ preset, ...own }) => ({ ...(preset === undefined ? {} : PRESETS[preset]), ...own }))
  .pipe(resolvedSchema);
export type SerialBadgeConfig = z.output<typeof serialBadgeConfigSchema>;
