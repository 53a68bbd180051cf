import { durationSchema } from "@clockleaf/shared/worktime/rule-parts.ts";
import { z } from "zod";
import {
  registryConfigSchema,
  withAbsolutePaths as registryWithAbsolutePaths,
} from "../registry/config.ts";

const file = (what: string) => z.string().min(1).describe(`${what}; relative to this file`);
const MIN_TRANSACTION_S = 10;

const tlsSchema = z.strictObject({
  caFile: file("Certificates of who signed those of the brokers, PEM")
    .optional()
    .describe("Left out: those that Node.js trusts"),
  certFile: file("Certificate that shows who we are, PEM").optional(),
  keyFile: file("Private key of that certificate, PEM").optional(),
});

const saslSchema = z.strictObject({
  mechanism: z
    .enum(["plain", "scram-sha-256", "scram-sha-512"])
    .default("scram-sha-512")
    .describe("plain shows the password to whoever listens, unless there is TLS"),
  user: z.string().min(1).max(256),
  passwordFile: file("File with the password"),
});

const topicsSchema = z.strictObject({
  create: z
    .boolean()
    .default(true)
    .describe("Make topics that are missing; false: halt, and say which and how"),
  replicationFactor: z
    .int()
    .min(1)
    .max(9)
    .default(3)
    .describe("Copies of each partition; more than half must have a record before it counts"),
  prefix: z
    .string()
    .regex(/^[A-Za-z0-9._-]{0,64}$/, "use up to 64 of A-Z a-z 0-9 . _ -")
    .default("")
    .describe("Stands before all names of topics and transactional ids"),
});

/** `bridges.kafka`. */
export const kafkaConfigSchema = z.strictObject({
  brokers: z
    .array(z.string().regex(/^[^\s:/]+:\d{1,5}$/, "write host:port"))
    .min(1)
    .max(64)
    .describe("host:port of some brokers; they name the others"),
  clientId: z
    .string()
    .regex(/^[A-Za-z0-9._-]{1,64}$/, "use 1 to 64 of A-Z a-z 0-9 . _ -")
    .default("clockleaf")
    .describe("What the brokers' logs and quotas call us; tenant and stream are added"),
  tls: tlsSchema.optional().describe("Left out: in the clear; {} = TLS with what Node.js trusts"),
  sasl: saslSchema.optional().describe("Left out: no user"),
  registry: registryConfigSchema.describe("Where the schemas of the records are kept"),
  compression: z.enum(["none", "lz4", "zstd"]).default("lz4"),
  maxRecordBytes: z
    .int()
    .min(10_000)
    .max(100_000_000)
    .default(1_000_000)
    .describe("A larger event is a dead letter; at most the brokers' message.max.bytes"),
  transactionTimeout: durationSchema
    .prefault("60s")
    .refine((seconds) => seconds >= MIN_TRANSACTION_S, `at least ${MIN_TRANSACTION_S}s`)
    .describe(
      "A writer that dies in mid-transaction holds readers up for so long at most; at most the brokers' transaction.max.timeout.ms",
    ),
  topics: topicsSchema.prefault({}),
});
export type KafkaConfig = z.output<typeof kafkaConfigSchema>;

/** The same with absolute paths. */
export function withAbsolutePaths(
  config: KafkaConfig,
  absolute: (path: string) => string,
): KafkaConfig {
  const { tls, sasl, registry } = config;
  return {
    ...config,
    registry: registryWithAbsolutePaths(registry, absolute),
    ...(tls === undefined ? {} : { tls: mapped(tls, absolute) }),
    ...(sasl === undefined ? {} : { sasl: { ...sasl, passwordFile: absolute(sasl.passwordFile) } }),
  };
}

const mapped = (
  { caFile, certFile, keyFile }: NonNullable<KafkaConfig["tls"]>,
  absolute: (path: string) => string,
): NonNullable<KafkaConfig["tls"]> => ({
  ...(caFile === undefined ? {} : { caFile: absolute(caFile) }),
  ...(certFile === undefined ? {} : { certFile: absolute(certFile) }),
  ...(keyFile === undefined ? {} : { keyFile: absolute(keyFile) }),
});
