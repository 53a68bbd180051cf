import { DOMAINS } from "@clockleaf/shared/subjects.ts";
import { z } from "zod";
import { rabbitServerSchema } from "../../rabbitmq/config.ts";

export const rabbitBridgeSchema = rabbitServerSchema.extend({
  domains: z
    .array(z.enum(DOMAINS))
    .min(1)
    .default([...DOMAINS])
    .describe("Whose events go there; each has a feed of its own"),
  window: z
    .int()
    .min(1)
    .max(5_000)
    .default(500)
    .describe("Records on their way at once; as many may come a second time after an interruption"),
  maxRecordBytes: z
    .int()
    .min(1_024)
    .max(134_217_728)
    .default(16_777_216)
    .describe("A larger record is a dead letter; not above the server's max_message_size"),
});
export type RabbitBridgeConfig = z.output<typeof rabbitBridgeSchema>;
