import { z } from "zod";

export const roundingRulesSchema = z.strictObject({});
export type RoundingRules = z.output<typeof roundingRulesSchema>;
