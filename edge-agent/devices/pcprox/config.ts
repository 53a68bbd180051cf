import { tokenSchema } from "@clockleaf/shared/subjects.ts";
import { CARD_FORMAT_NAMES, cardFormatChoiceSchema } from "@clockleaf/shared/wire/card-formats.ts";
import { punchHintSchema } from "@clockleaf/shared/wire/punch.ts";
import { z } from "zod";

export const pcproxConfigSchema = z.strictObject({
  reader: tokenSchema.describe("Id of this reader, unique on the gateway"),
  hint: punchHintSchema
    .nullable()
    .default(null)
    .describe(
      "What a punch here claims to mean, for a reader at an entrance or exit; default none",
    ),
  pollMs: z
    .int()
    .min(1)
    .max(2_000)
    .default(200)
    .describe("Pause between two looks at the card buffer, milliseconds; default 200"),
  goneMs: z
    .int()
    .min(1)
    .max(60_000)
    .default(1_000)
    .describe(
      "A card that was looked for in vain for so long is gone, and a punch when it comes again, milliseconds; default 1000",
    ),
  light: z
    .enum(["red-green", "none"])
    .default("red-green")
    .describe(
      "red-green: the LED tells what became of a punch; none: it stays the reader's, which shows that a card was read. Default red-green",
    ),
  lightMs: z
    .int()
    .min(200)
    .max(10_000)
    .default(1_500)
    .describe("How long the outcome is shown, milliseconds; default 1500"),
  cardFormats: z
    .array(cardFormatChoiceSchema)
    .max(32)
    .prefault([...CARD_FORMAT_NAMES])
    .describe(
      "By these the parity bits that the reader strips are worked out again, so that a card has one name at every reader; default every published format",
    ),
});
export type PcproxConfig = z.output<typeof pcproxConfigSchema>;
