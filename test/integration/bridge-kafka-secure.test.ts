import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { PlatformError } from "@clockleaf/shared/lib/errors.ts";
import { silentLog } from "@clockleaf/shared/lib/log.ts";
import { STREAMS } from "@clockleaf/shared/subjects.ts";
import {
  type Acl,
  AclOperations,
  AclPermissionTypes,
  type Admin,
  ResourcePatternTypes,
  ResourceTypes,
} from "@platformatic/kafka";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Sink } from "../../cloud/bridges/bridge.ts";
import { closeClient, openAdmin } from "../../cloud/bridges/kafka/clients.ts";
import { type KafkaConfig, kafkaConfigSchema } from "../../cloud/bridges/kafka/config.ts";
import { connectionOf } from "../../cloud/bridges/kafka/connection.ts";
import { openKafkaDestination } from "../../cloud/bridges/kafka/destination.ts";
import type { EncodedRecord } from "../../cloud/bridges/kafka/encode.ts";
import { findOwnKafka } from "../support/kafka.ts";
import { readCommitted } from "../support/kafka-reader.ts";
import { type SecureKafka, startSecureKafka } from "../support/kafka-secure.ts";
import { onPath } from "../support/on-path.ts";
import { available } from "../support/parts.ts";
import { type TempDir, tempDir } from "../support/temp.ts";

const isHere = available("Kafka", findOwnKafka()) && available("openssl", onPath("openssl"));
const INCARNATION = 1_700_000_000_000;
const TOPIC = "attendance-events";
const CHECKPOINTS = "clockleaf-checkpoints";

describe.skipIf(!isHere)("Kafka with TLS, passwords and ACLs", () => {
  let kafka: SecureKafka;
  let files: TempDir;

  beforeAll(async () => {
    kafka = await startSecureKafka(["bridge", "stranger"]);
    files = tempDir("kafka-secrets");
  });
  afterAll(async () => {
    files.remove();
    await kafka[Symbol.asyncDispose]();
  });

  function configAs(user: string, password = kafka.passwords[user] ?? "", tls: object = {}) {
    const passwordFile = join(files.path, `${user}-${password}`);
    writeFileSync(passwordFile, `${password}\n`, { mode: 0o600 });
    return kafkaConfigSchema.parse({
      brokers: kafka.brokers,
      registry: { url: "http://127.0.0.1:1/not-asked" },
      tls: { caFile: kafka.caFile, ...tls },
      sasl: { mechanism: "scram-sha-512", user, passwordFile },
      topics: { replicationFactor: 1 },
    });
  }
  it("a wrong password is told soon: which server, which user, what to do", async () => {
    const error = await refusedAs(configAs("bridge", "wrong"));
    expect(error).toMatchObject({ code: "bridge.refused", retriable: false });
    expect(error.message).toContain(kafka.brokers[0]);
    expect(error.message).toContain("user bridge");
    expect(error.message).toContain("passwordFile");
  });

  it("a mechanism that the broker does not have is told as that", async () => {
    const config = configAs("bridge");
    const { sasl } = config;
    if (sasl === undefined) throw new Error("configured with a user");
    const error = await refusedAs({ ...config, sasl: { ...sasl, mechanism: "plain" } });
    expect(error).toMatchObject({ code: "bridge.refused" });
    expect(error.message).toContain("mechanism");
  });

  it("a broker whose certificate nobody vouches for is not trusted", async () => {
    const error = await refusedAs(configAs("bridge", undefined, { caFile: undefined }));
    expect(error).toMatchObject({ code: "bridge.refused" });
    expect(error.message).toContain("caFile");
  });

  it("a password that cannot be read is told before anything is opened", async () => {
    const config = configAs("bridge");
    const sasl = { user: "bridge", mechanism: "scram-sha-512", passwordFile: "/nowhere" } as const;
    await expect(open({ ...config, sasl })).rejects.toMatchObject({ code: "config.unreadable" });
  });

  it("a user without rights is told which is missing", async () => {
    const error = await refusedAs(configAs("stranger"));
    expect(error).toMatchObject({ code: "bridge.refused" });
    expect(error.message).toMatch(/user stranger: it lacks/);
  });

  it("the rights that the README lists are enough, and none of them is on the cluster", async () => {
    const admin = openAdmin(await connectionOf(configAs("admin")), "test");
    try {
      await allowBridge(admin);
    } finally {
      await closeClient(admin);
    }
    const config = configAs("bridge");
    const sink = await open(config);
    const record = {
      topic: TOPIC,
      partition: 3,
      key: Buffer.from("p1"),
      value: Buffer.from("value"),
      headers: new Map(),
      bytes: 7,
    };
    await sink.apply([record], { incarnation: INCARNATION, seq: 1 });
    await sink.apply([record], { incarnation: INCARNATION, seq: 2 });
    await sink.close();
    const again = await open(config);
    expect(again.position).toEqual({ incarnation: INCARNATION, seq: 2 });
    await again.close();
    expect(await readCommitted(configAs("admin"), TOPIC)).toHaveLength(2);
  });
});

async function open(config: KafkaConfig): Promise<Sink<EncodedRecord>> {
  const encoder = { encode: async () => Buffer.from("value") };
  const destination = await openKafkaDestination({ config, tenant: "acme", encoder });
  const feed = { id: "attendance", stream: STREAMS.attendance };
  return await destination.open({ feed, incarnation: INCARNATION, log: silentLog() });
}

async function refusedAs(config: KafkaConfig): Promise<PlatformError> {
  try {
    await open(config);
  } catch (error) {
    if (error instanceof PlatformError) return error;
    throw error;
  }
  throw new Error("it was let in");
}

type Operation = keyof typeof AclOperations;

async function allowBridge(admin: Admin): Promise<void> {
  await admin.createAcls({
    creations: [
      ...allowed(ResourceTypes.TRANSACTIONAL_ID, "clockleaf-acme-", ["WRITE", "DESCRIBE"]),
      ...allowed(ResourceTypes.TOPIC, TOPIC, ["WRITE", "DESCRIBE", "DESCRIBE_CONFIGS", "CREATE"]),
      ...allowed(ResourceTypes.TOPIC, CHECKPOINTS, [
        "WRITE",
        "READ",
        "DESCRIBE",
        "DESCRIBE_CONFIGS",
        "CREATE",
      ]),
    ],
  });
}

const allowed = (
  resourceType: Acl["resourceType"],
  resourceName: string,
  operations: readonly Operation[],
): Acl[] =>
  operations.map((operation) => ({
    resourceType,
    resourceName,
    resourcePatternType: ResourcePatternTypes.PREFIXED,
    principal: "User:bridge",
    host: "*",
    operation: AclOperations[operation],
    permissionType: AclPermissionTypes.ALLOW,
  }));
