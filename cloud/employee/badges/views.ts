import { tokenSchema } from "@clockleaf/shared/subjects.ts";
import { badgeKeySchema } from "@clockleaf/shared/wire/punch.ts";
import { z } from "@hono/zod-openapi";
import { printedCardSchema, printsOf } from "./printed-card.ts";
import type { Holding } from "./reads.ts";

const instant = z.iso.datetime();

export const badgeHoldingSchema = z
  .object({
    badge: badgeKeySchema,
    printed: z
      .array(printedCardSchema)
      .describe("What may be printed on it: the published formats that its bits fit, parity right"),
    employeeId: tokenSchema,
    validFrom: instant,
    validTo: instant.nullable().describe("Null = held"),
    hasPin: z.boolean(),
  })
  .meta({ id: "BadgeHolding" });

export const badgeHolderSchema = z
  .object({
    badge: badgeKeySchema,
    employeeId: tokenSchema.nullable().describe("Who holds it; null = nobody does now"),
    holdings: z.array(badgeHoldingSchema).describe("Everybody who holds or held it, oldest first"),
  })
  .meta({ id: "BadgeHolder" });

export const holdingView = (row: Holding): z.output<typeof badgeHoldingSchema> => ({
  badge: row.badge,
  printed: printsOf(row.badge),
  employeeId: row.employee_id,
  validFrom: new Date(row.valid_from).toISOString(),
  validTo: row.valid_to === null ? null : new Date(row.valid_to).toISOString(),
  hasPin: row.hasPin,
});
