import { z } from "zod";

export const overtimeRulesSchema = z.strictObject({});
export type OvertimeRules = z.output<typeof overtimeRulesSchema>;
