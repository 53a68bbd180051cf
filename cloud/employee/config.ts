import { zoneSchema } from "@clockleaf/shared/worktime/civil-time.ts";
import { z } from "zod";

export const employeeConfigSchema = z.strictObject({
  zone: zoneSchema
    .default("UTC")
    .describe("Where days begin for people without a zone of their own; default UTC"),
  checkEverySeconds: z
    .int()
    .min(1)
    .max(3600)
    .default(30)
    .describe("How often to look for last days and probations that are over, seconds; default 30"),
});
export type EmployeeConfig = z.output<typeof employeeConfigSchema>;
