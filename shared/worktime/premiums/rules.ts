import { z } from "zod";

export const premiumRulesSchema = z.strictObject({});
export type PremiumRules = z.output<typeof premiumRulesSchema>;
