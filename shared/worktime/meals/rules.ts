import { z } from "zod";

export const mealRulesSchema = z.strictObject({});
export type MealRules = z.output<typeof mealRulesSchema>;
