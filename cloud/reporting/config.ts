import { z } from "zod";

export const reportingConfigSchema = z.strictObject({
  maxRows: z
    .int()
    .min(1)
    .max(100_000)
    .default(100_000)
    .describe("Most rows of one report; one that would have more fails and says so"),
  csvByteOrderMark: z
    .boolean()
    .default(true)
    .describe("Whether CSV files begin with the mark by which Excel knows UTF-8"),
});
export type ReportingConfig = z.output<typeof reportingConfigSchema>;
