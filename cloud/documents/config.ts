import { z } from "zod";
import { JOB_QUEUES } from "../rabbitmq/config.ts";

export const documentsConfigSchema = z.strictObject({
  queue: z
    .enum(JOB_QUEUES)
    .default("nats")
    .describe("Where attachments wait to be checked; rabbitmq needs bridges.rabbitmq"),
  workers: z
    .int()
    .min(1)
    .max(64)
    .default(4)
    .describe("Attachments checked at once by each process, with the queue rabbitmq"),
});
export type DocumentsConfig = z.output<typeof documentsConfigSchema>;
