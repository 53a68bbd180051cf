import { dirname, isAbsolute, join } from "node:path";
import { PlatformError } from "@clockleaf/shared/lib/errors.ts";
import { loadYamlConfig } from "@clockleaf/shared/lib/yaml-config.ts";
import { tokenSchema } from "@clockleaf/shared/subjects.ts";
import { ruleBookSchema } from "@clockleaf/shared/worktime/rule-book.ts";
import { z } from "zod";
import { apiKeySchema } from "./api/auth.ts";
import { notificationConfigSchema, withAbsolutePaths } from "./notification/config.ts";
import { topologyConfigSchema } from "./streams/topology.ts";
import { workflowConfigSchema } from "./workflow/config.ts";

/** What a process does: `all` of it, serve HTTP, or work through the streams. */
export const ROLES = ["all", "api", "consumers"] as const;
export type Role = (typeof ROLES)[number];

const natsSchema = z.strictObject({
  servers: z
    .array(z.string().regex(/^(nats|tls|wss?):\/\/\S+$/, "use nats://, tls:// or wss://host:port"))
    .min(1)
    .describe("Addresses of the hub, tried in turn"),
  seedFile: z
    .string()
    .min(1)
    .optional()
    .describe("File with the NKey seed (SU…) of the cloud's user; relative to this file"),
});

const httpSchema = z.strictObject({
  host: z.string().min(1).default("127.0.0.1").describe("Address to listen on"),
  port: z.int().min(0).max(65_535).default(8080).describe("0 = any free port; the log names it"),
  isBehindTls: z
    .boolean()
    .default(false)
    .describe("Set it where a proxy speaks HTTPS to browsers: cookies are then Secure"),
  metrics: z
    .enum(["key", "open"])
    .default("key")
    .describe("Whether /metrics needs an API key with the scope read; open suits a closed network"),
});

export const configSchema = z.strictObject({
  configVersion: z.literal(1).describe("Version of this file's format"),
  tenant: tokenSchema.describe("The company this process serves; part of every subject"),
  dataDir: z
    .string()
    .min(1)
    .describe("Folder of the read models; may be deleted, they are rebuilt; relative to this file"),
  nats: natsSchema,
  http: httpSchema.prefault({}),
  rules: ruleBookSchema
    .prefault({})
    .describe("How punches become workdays, and whose: groups of policies and whom they are for"),
  streams: topologyConfigSchema.prefault({}).describe("Sizes and copies of the streams"),
  apiKeys: z.array(apiKeySchema).max(1000).default([]).describe("Who may call the API"),
  notification: notificationConfigSchema
    .prefault({})
    .describe("Who is told what, and how; nothing goes out without a mail server and the like"),
  workflow: workflowConfigSchema.prefault({}).describe("Who must approve what, and by when"),
  logLevel: z.enum(["error", "warn", "info", "debug", "trace"]).default("info"),
});
export type CloudConfig = z.output<typeof configSchema>;

/** Reads and checks the file; paths in it come back absolute. Throws `config.unreadable` or `config.invalid`. */
export function loadCloudConfig(file: string): CloudConfig {
  const config = loadYamlConfig(file, configSchema);
  const names = config.apiKeys.map(({ name }) => name);
  const double = names.find((name, index) => names.indexOf(name) !== index);
  if (double !== undefined) {
    throw new PlatformError("config.invalid", `${file}: apiKeys: two keys are named "${double}"`);
  }
  const absolute = (path: string): string => (isAbsolute(path) ? path : join(dirname(file), path));
  const { seedFile } = config.nats;
  return {
    ...config,
    dataDir: absolute(config.dataDir),
    notification: withAbsolutePaths(config.notification, absolute),
    nats: { ...config.nats, ...(seedFile === undefined ? {} : { seedFile: absolute(seedFile) }) },
  };
}

/** What `--check` prints: the effective settings, without anything that opens a door. */
export function configDigest(config: CloudConfig): string {
  const { tenant, dataDir, nats, http, rules, streams, apiKeys, logLevel } = config;
  return [
    `tenant    ${tenant}`,
    `dataDir   ${dataDir}`,
    `nats      ${nats.servers.join(", ")} as ${nats.seedFile ?? "nobody (no seedFile)"}`,
    `http      ${http.host}:${http.port}${http.isBehindTls ? ", behind TLS" : ""}, metrics ${http.metrics}`,
    `rules     ${Object.keys(rules.groups).length} groups, ${rules.assignments.length} assignments`,
    `streams   ${settings(streams)}`,
    ...apiKeys.map(({ name, scopes }) => `apiKey    ${name}: ${scopes.join(", ")}`),
    ...(apiKeys.length === 0 ? ["apiKey    none: nobody can use the API"] : []),
    `logLevel  ${logLevel}`,
  ].join("\n");
}

const settings = (values: object): string =>
  Object.entries(values)
    .map(([name, value]) => `${name} ${String(value)}`)
    .join(", ");
