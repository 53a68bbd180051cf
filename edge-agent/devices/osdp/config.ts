import { tokenSchema } from "@clockleaf/shared/subjects.ts";
import { cardFormatChoiceSchema } from "@clockleaf/shared/wire/card-formats.ts";
import { z } from "zod";

const ledSchema = z
  .strictObject({
    index: z.int().min(0).max(255).default(0).describe("Which light of the reader; default 0"),
    seconds: z
      .number()
      .min(0.1)
      .max(25)
      .default(2)
      .describe("How long green, amber or red shows, seconds; default 2"),
  })
  .prefault({});

const buzzerSchema = z
  .strictObject({
    seconds: z
      .number()
      .min(0.1)
      .max(2)
      .default(0.2)
      .describe("Length of one beep, seconds; default 0.2"),
  })
  .prefault({});

const textSchema = z
  .strictObject({
    seconds: z.int().min(1).max(60).default(4).describe("How long a line shows; default 4"),
    columns: z
      .int()
      .min(4)
      .max(80)
      .default(16)
      .describe("Characters that fit; longer text is cut; default 16"),
  })
  .prefault({});

const fingerSchema = z
  .strictObject({
    ask: z
      .enum(["off", "match", "presence"])
      .default("off")
      .describe(
        "match: the reader compares with the template it keeps; presence: only whether a finger is there. Default off",
      ),
    type: z
      .int()
      .min(0)
      .max(0x11)
      .default(0)
      .describe("Part of the body as OSDP counts; default 0, any"),
    format: z
      .int()
      .min(0)
      .max(2)
      .default(0)
      .describe("Template format; default 0, the reader's own"),
    threshold: z
      .int()
      .min(0)
      .max(255)
      .default(128)
      .describe("Score a match needs, or quality a read is asked for; default 128"),
    seconds: z
      .int()
      .min(1)
      .max(25)
      .default(8)
      .describe("How long the finger is waited for; default 8"),
  })
  .prefault({});

export const osdpReaderSchema = z
  .strictObject({
    id: tokenSchema.describe("Name of the reader, unique on this gateway"),
    address: z.int().min(0).max(126).describe("OSDP address set on the reader, 0 to 126"),
    secureChannel: z
      .enum(["required", "optional", "off"])
      .default("required")
      .describe(
        "required: no punch without a key; optional: use one if the reader can, and never go back; off: in clear. Default required",
      ),
    keyFile: z
      .string()
      .min(1)
      .optional()
      .describe("File with the reader's key (SCBK), 32 hex digits, mode 0600"),
    installMode: z
      .strictObject({
        until: z.iso
          .datetime({ offset: true })
          .describe("Instant (ISO 8601 with zone) after which the default key is refused again"),
      })
      .optional()
      .describe("Allows the default key every reader ships with, to hand over the one in keyFile"),
    serial: z
      .string()
      .regex(/^[0-9a-f]{8}$/)
      .optional()
      .describe("Serial number the reader must report, 8 lower-case hex digits; any other alarms"),
    direction: z
      .enum(["in", "out", "none"])
      .default("none")
      .describe("What a punch here claims to be; default none: decided from the person's day"),
    keypad: z
      .enum(["off", "badge-number", "card-then-pin"])
      .default("off")
      .describe("What typed digits mean; # ends them, * clears them. Default off"),
    keyTimeoutSeconds: z
      .number()
      .min(1)
      .max(60)
      .default(8)
      .describe("Pause between keys after which an entry ends, seconds; default 8"),
    finger: fingerSchema.describe("Asks for a finger after a punch, on readers that have a sensor"),
    cardFormats: z
      .array(cardFormatChoiceSchema)
      .max(16)
      .default([])
      .describe(
        "Formats of the cards used here; others, and wrong parity, are counted, not refused",
      ),
    led: ledSchema.describe("Light shown after a punch"),
    buzzer: buzzerSchema.describe("Beeps after a punch: one green, two amber, three red"),
    text: textSchema.describe("Line of text after a punch, on readers that have a display"),
  })
  .superRefine((reader, context) => {
    if (reader.secureChannel !== "required") return;
    if (reader.keyFile !== undefined || reader.installMode !== undefined) return;
    context.addIssue({
      code: "custom",
      path: ["keyFile"],
      message: "secureChannel is required: name a keyFile, or say secureChannel: off",
    });
  });

export const osdpConfigSchema = z
  .strictObject({
    pollMs: z
      .int()
      .min(1)
      .max(2_000)
      .default(50)
      .describe("Pause between two questions to one reader, milliseconds; default 50"),
    replyTimeoutMs: z
      .int()
      .min(10)
      .max(2_000)
      .default(200)
      .describe("How long a reader may take to begin its answer, milliseconds; default 200"),
    readers: z.array(osdpReaderSchema).min(1).max(127).describe("Readers on this line"),
  })
  .superRefine(({ readers }, context) => {
    for (const field of ["id", "address"] as const) {
      const seen = new Set<string | number>();
      for (const [index, reader] of readers.entries()) {
        if (seen.has(reader[field])) {
          context.addIssue({
            code: "custom",
            path: ["readers", index, field],
            message: `${field} ${reader[field]} is used twice on this line`,
          });
        }
        seen.add(reader[field]);
      }
    }
  });

export type OsdpConfig = z.output<typeof osdpConfigSchema>;
export type OsdpReader = z.output<typeof osdpReaderSchema>;
