import { z } from "zod";
import { JOB_QUEUES } from "../rabbitmq/config.ts";

export const reportingConfigSchema = z.strictObject({
  queue: z
    .enum(JOB_QUEUES)
    .default("nats")
    .describe("Where reports wait for a worker; rabbitmq needs bridges.rabbitmq"),
  workers: z
    .int()
    .min(1)
    .max(16)
    .default(2)
    .describe("Reports made at once by each process, with the queue rabbitmq"),
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
