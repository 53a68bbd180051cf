import { z } from "zod";

export const scheduleRulesSchema = z.strictObject({});
export type ScheduleRules = z.output<typeof scheduleRulesSchema>;
