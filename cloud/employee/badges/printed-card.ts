import { encodeCard, highest } from "@clockleaf/shared/wire/card-format.ts";
import {
  CARD_FORMAT_NAMES,
  CARD_FORMATS,
  findFormat,
  readings,
} from "@clockleaf/shared/wire/card-formats.ts";
import { badgeKey, badgeKeySchema, type Credential } from "@clockleaf/shared/wire/punch.ts";
import { z } from "@hono/zod-openapi";

/** For the document: `encodeCard` holds every card to it, and says what is wrong in words. */
const RANGES = CARD_FORMATS.map(({ name, facility, number }) => ({
  properties: {
    format: { const: name },
    facility:
      facility === null ? { type: "null" } : { type: "integer", maximum: highest(facility) },
    number: { maximum: highest(number) },
  },
}));
const printSchema = z.strictObject({
  format: z.enum(CARD_FORMAT_NAMES).describe("Wiegand format of the card, as its order says"),
  facility: z.int().min(0).nullable().describe("Facility or company code; null where it has none"),
  number: z.int().min(0).describe("Number printed on the card"),
});
type Print = z.output<typeof printSchema>;

// A plain word here: callers who read it must not break when another format is published.
export const printedCardSchema = z
  .object({ ...printSchema.shape, format: z.string().max(32).describe("Wiegand format") })
  .meta({ id: "PrintedCard", description: "What is printed on a card" });
type ShownPrint = z.output<typeof printedCardSchema>;

/** A badge by its key, or by what is printed on the card. */
export const badgeInputSchema = z.union([
  badgeKeySchema,
  printSchema
    .superRefine((print, context) => {
      const card = cardOf(print);
      if (typeof card === "string") context.addIssue({ code: "custom", message: card });
    })
    .meta({ anyOf: RANGES }),
]);

/** The key of a badge that went through the schema. */
export function badgeKeyOf(badge: z.output<typeof badgeInputSchema>): string {
  if (typeof badge === "string") return badge;
  const card = cardOf(badge);
  if (typeof card === "string")
    throw new Error(`the schema lets nothing through that is no card: ${card}`);
  return badgeKey(card);
}

function cardOf({
  format,
  facility,
  number,
}: Print): Extract<Credential, { kind: "card" }> | string {
  const known = findFormat(format, CARD_FORMATS);
  return known === undefined ? `no format ${format}` : encodeCard(known, { facility, number });
}

/** What may be printed on the badge with this key: more than one where formats share a length, none for what is typed. */
export function printsOf(badge: string): ShownPrint[] {
  const [, bits, hex] = /^card-(\d{1,3})-([0-9a-f]+)$/.exec(badge) ?? [];
  if (bits === undefined || hex === undefined) return [];
  return [...readings({ kind: "card", bits: Number(bits), hex }, CARD_FORMATS)];
}
