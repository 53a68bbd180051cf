import { z } from "zod";

export const absenceRulesSchema = z.strictObject({});
export type AbsenceRules = z.output<typeof absenceRulesSchema>;
