import { dirname, isAbsolute, join } from "node:path";
import { PlatformError } from "@clockleaf/shared/lib/errors.ts";
import { loadYamlConfig } from "@clockleaf/shared/lib/yaml-config.ts";
import { tokenSchema } from "@clockleaf/shared/subjects.ts";
import { ruleBookSchema } from "@clockleaf/shared/worktime/rule-book.ts";
import { z } from "zod";
import { apiKeySchema } from "./api/auth.ts";
import { rateLimitSchema } from "./api/rate-limit.ts";
import { attendanceConfigSchema } from "./attendance/config.ts";
import { DESTINATIONS } from "./bridges/bridge.ts";
import { bridgesConfigSchema, withAbsoluteBridgePaths } from "./bridges/config.ts";
import { documentsConfigSchema } from "./documents/config.ts";
import { employeeConfigSchema } from "./employee/config.ts";
import { type ReadModelsConfig, readModelsSchema } from "./eventing/read-models-config.ts";
import { faultOfIdentity, identityConfigSchema, withAbsoluteSecret } from "./identity/config.ts";
import { leaveConfigSchema } from "./leave/config.ts";
import { notificationConfigSchema, withAbsolutePaths } from "./notification/config.ts";
import { payrollConfigSchema } from "./payroll/config.ts";
import { reportingConfigSchema } from "./reporting/config.ts";
import { grpcConfigSchema, withAbsoluteGrpcPaths } from "./rpc/config.ts";
import { topologyConfigSchema } from "./streams/topology.ts";
import { vaultConfigSchema } from "./vault/config.ts";
import { webhooksConfigSchema } from "./webhooks/config.ts";
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
  publicUrl: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe("Address at which browsers reach the API; logins come back to it"),
  trustedProxies: z
    .int()
    .min(0)
    .max(10)
    .default(0)
    .describe("How many proxies of our own add to X-Forwarded-For; 0 = the header is not believed"),
  metrics: z
    .enum(["key", "open"])
    .default("key")
    .describe("Whether /metrics needs an API key with the scope read; open suits a closed network"),
  grpc: grpcConfigSchema
    .optional()
    .describe(
      "Where native gRPC is served; Connect and gRPC-Web are on the port above in any case",
    ),
  corsOrigins: z
    .array(z.url({ protocol: /^https?$/ }).regex(/^[^/]+:\/\/[^/]+$/, "an origin, without a path"))
    .max(64)
    .default([])
    .describe(
      "Origins of other sites whose pages may call the API, such as https://hr.example.org",
    ),
  rateLimit: rateLimitSchema.prefault({}).describe("How often one caller may ask one process"),
});

const testHooksSchema = z
  .strictObject({
    ackBeforeApply: z
      .boolean()
      .default(false)
      .describe("Acknowledges messages before they had their effect: a crash in between loses it"),
  })
  .describe("Planted faults for tests; refused unless CLOCKLEAF_TEST_HOOKS=1 is set");

export const configSchema = z.strictObject({
  configVersion: z.literal(1).describe("Version of this file's format"),
  tenant: tokenSchema.describe("The company this process serves; part of every subject"),
  dataDir: z
    .string()
    .min(1)
    .describe("Folder of the read models; may be deleted, they are rebuilt; relative to this file"),
  readModels: readModelsSchema,
  nats: natsSchema,
  http: httpSchema.prefault({}),
  rules: ruleBookSchema
    .prefault({})
    .describe("How punches become workdays, and whose: groups of policies and whom they are for"),
  leave: leaveConfigSchema
    .prefault({})
    .describe("Kinds of leave, who has which, and the calendars of the sites"),
  attendance: attendanceConfigSchema
    .prefault({})
    .describe("When a site is known to have told everything"),
  payroll: payrollConfigSchema
    .prefault({})
    .describe("Pay groups, components, tax tables and payment files"),
  streams: topologyConfigSchema.prefault({}).describe("Sizes and copies of the streams"),
  employee: employeeConfigSchema.prefault({}).describe("How days of people begin and end"),
  vault: vaultConfigSchema.prefault({}).describe("Where the key to what is personal lies"),
  reporting: reportingConfigSchema.prefault({}).describe("Reports as files"),
  identity: identityConfigSchema
    .prefault({})
    .describe("Logins of people, tokens of machines, and how many may fail"),
  documents: documentsConfigSchema.prefault({}).describe("Where attachments wait to be checked"),
  apiKeys: z.array(apiKeySchema).max(1000).default([]).describe("Who may call the API"),
  notification: notificationConfigSchema
    .prefault({})
    .describe("Who is told what, and how; nothing goes out without a mail server and the like"),
  workflow: workflowConfigSchema.prefault({}).describe("Who must approve what, and by when"),
  webhooks: webhooksConfigSchema
    .prefault({})
    .describe("How events are sent to the endpoints of integrators"),
  bridges: bridgesConfigSchema
    .prefault({})
    .describe("Which other brokers get every event, and how to reach them"),
  logLevel: z.enum(["error", "warn", "info", "debug", "trace"]).default("info"),
  testHooks: testHooksSchema.optional(),
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
  if (config.testHooks !== undefined && process.env["CLOCKLEAF_TEST_HOOKS"] !== "1") {
    throw new PlatformError(
      "config.invalid",
      `${file}: testHooks break the promises of this product; remove them (tests set CLOCKLEAF_TEST_HOOKS=1)`,
    );
  }
  const [setting] = settingsOnRabbit(config);
  if (setting !== undefined && config.bridges.rabbitmq === undefined) {
    throw new PlatformError(
      "config.invalid",
      `${file}: ${setting}: rabbitmq needs bridges.rabbitmq, which says where it is`,
    );
  }
  const identityFault = faultOfIdentity(config.identity, config.http.publicUrl);
  if (identityFault !== undefined) {
    throw new PlatformError("config.invalid", `${file}: ${identityFault}`);
  }
  const absolute = (path: string): string => (isAbsolute(path) ? path : join(dirname(file), path));
  const { seedFile } = config.nats;
  return {
    ...config,
    dataDir: absolute(config.dataDir),
    http: { ...config.http, grpc: withAbsoluteGrpcPaths(config.http.grpc, absolute) },
    vault: { masterKeyFile: absolute(config.vault.masterKeyFile) },
    readModels: withAbsoluteFile(config.readModels, absolute),
    notification: withAbsolutePaths(config.notification, absolute),
    bridges: withAbsoluteBridgePaths(config.bridges, absolute),
    identity: withAbsoluteSecret(config.identity, absolute),
    nats: { ...config.nats, ...(seedFile === undefined ? {} : { seedFile: absolute(seedFile) }) },
  };
}

/** What is asked for at RabbitMQ besides its bridge. */
function settingsOnRabbit(config: CloudConfig): string[] {
  const { notification, reporting, documents, payroll } = config;
  const queues = Object.entries({ notification, reporting, documents });
  return [
    ...queues.flatMap(([name, { queue }]) => (queue === "rabbitmq" ? [`${name}.queue`] : [])),
    ...(payroll.answers.includes("rabbitmq") ? ["payroll.answers"] : []),
  ];
}

function withAbsoluteFile(
  readModels: ReadModelsConfig,
  absolute: (path: string) => string,
): ReadModelsConfig {
  if (readModels.kind === "sqlite" || readModels.urlFile === undefined) return readModels;
  return { ...readModels, urlFile: absolute(readModels.urlFile) };
}

/** What `--check` prints: the effective settings, without anything that opens a door. */
export function configDigest(config: CloudConfig): string {
  const { tenant, dataDir, nats, http, rules, leave, streams, employee, vault } = config;
  const { apiKeys, logLevel } = config;
  return [
    `tenant    ${tenant}`,
    `dataDir   ${dataDir}`,
    `rows      ${whereRowsAre(config.readModels)}`,
    `nats      ${nats.servers.join(", ")} as ${nats.seedFile ?? "nobody (no seedFile)"}`,
    `http      ${http.host}:${http.port}${http.isBehindTls ? ", behind TLS" : ""}, metrics ${http.metrics}`,
    `grpc      ${whereGrpcIs(http)}`,
    `rules     ${Object.keys(rules.groups).length} groups, ${rules.assignments.length} assignments`,
    `leave     ${Object.keys(leave.policies).length} policies, ${leave.assignments.length} assignments`,
    `streams   ${settings(streams)}`,
    `employee  ${settings(employee)}`,
    `vault     ${settings(vault)}`,
    `bridges   ${fedByBridges(config)}`,
    `webhooks  ${guardOfWebhooks(config)}`,
    ...apiKeys.map(({ name, scopes }) => `apiKey    ${name}: ${scopes.join(", ")}`),
    ...(apiKeys.length === 0 ? ["apiKey    none but those issued over the API"] : []),
    `logins    ${loginsBy(config)}`,
    `logLevel  ${logLevel}`,
  ].join("\n");
}

function whereGrpcIs({ grpc }: CloudConfig["http"]): string {
  if (grpc === undefined) return "Connect and gRPC-Web only";
  return `${grpc.host}:${grpc.port}, ${grpc.tls === undefined ? "in the clear" : "TLS"}`;
}

function whereRowsAre(readModels: ReadModelsConfig): string {
  if (readModels.kind === "sqlite") return "SQLite files below dataDir";
  const { schema, url, urlFile } = readModels;
  return `PostgreSQL, ${url ?? `URL from ${urlFile}`}, schemas ${schema}_…`;
}

function fedByBridges({ bridges }: CloudConfig): string {
  const fed = DESTINATIONS.filter((name) => bridges[name] !== undefined);
  if (fed.length === 0) return "none: no other broker is fed";
  return `${fed.join(", ")}; what is personal goes out ${bridges.personal}`;
}

function loginsBy({ identity, http }: CloudConfig): string {
  const { oidc } = identity;
  if (oidc === undefined) return "API keys only: no identity.oidc";
  const page = oidc.clientId === undefined ? "bearer tokens only" : `back to ${http.publicUrl}`;
  return `${oidc.issuer}, ${oidc.algorithms.join(", ")}, ${page}`;
}

function guardOfWebhooks({ webhooks }: CloudConfig): string {
  const { personal, allowHttp, allowPrivateAddresses } = webhooks;
  const schemes = allowHttp ? "https and http" : "https";
  const addresses = allowPrivateAddresses ? "any address" : "public addresses";
  return `${schemes}, ${addresses}; what is personal goes out ${personal}`;
}

const settings = (values: object): string =>
  Object.entries(values)
    .map(([name, value]) => `${name} ${String(value)}`)
    .join(", ");
