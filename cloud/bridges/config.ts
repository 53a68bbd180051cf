import { z } from "zod";
import { withAbsoluteRabbitPaths } from "../rabbitmq/config.ts";
import { kafkaConfigSchema, withAbsolutePaths as withAbsoluteKafkaPaths } from "./kafka/config.ts";
import { rabbitBridgeSchema } from "./rabbitmq/config.ts";
import { redisConfigSchema, withAbsolutePaths as withAbsoluteRedisPaths } from "./redis/config.ts";

/** Each destination has its own part; one that is left out is not fed. */
export const bridgesConfigSchema = z.strictObject({
  personal: z
    .enum(["withheld", "clear"])
    .default("withheld")
    .describe(
      "What is personal in events: withheld = as an erasure would leave it; clear = readable there, where no erasure reaches it",
    ),
  batch: z
    .strictObject({
      records: z.int().min(1).max(10_000).default(500),
      bytes: z.int().min(1_024).max(8_388_608).default(262_144),
      lingerMs: z.int().min(0).max(1_000).default(5),
    })
    .prefault({})
    .describe("What goes together: as many records, as many bytes, or after so long"),
  kafka: kafkaConfigSchema.optional().describe("Kafka; left out: not fed"),
  rabbitmq: rabbitBridgeSchema.optional().describe("RabbitMQ; left out: not fed"),
  redis: redisConfigSchema.optional().describe("Redis Streams; left out: not fed"),
});
export type BridgesConfig = z.output<typeof bridgesConfigSchema>;

/** The same with absolute paths. */
export function withAbsoluteBridgePaths(
  config: BridgesConfig,
  absolute: (path: string) => string,
): BridgesConfig {
  const { kafka, rabbitmq, redis } = config;
  return {
    ...config,
    ...(kafka === undefined ? {} : { kafka: withAbsoluteKafkaPaths(kafka, absolute) }),
    ...(rabbitmq === undefined ? {} : { rabbitmq: withAbsoluteRabbitPaths(rabbitmq, absolute) }),
    ...(redis === undefined ? {} : { redis: withAbsoluteRedisPaths(redis, absolute) }),
  };
}
