import { expect, test } from "vitest";
import { kafkaConfigSchema, withAbsolutePaths } from "./config.ts";

const brokers = ["kafka-1.example.org:9092", "10.0.0.7:9092"];
const registry = { url: "https://registry.example.org" };

test("needs nothing but brokers", () => {
  expect(kafkaConfigSchema.parse({ brokers, registry })).toMatchObject({
    clientId: "clockleaf",
    compression: "lz4",
    transactionTimeout: 60,
    topics: { create: true, replicationFactor: 3, prefix: "" },
  });
});

test.each([
  ["no schema registry", { brokers }],
  ["a broker without a port", { brokers: ["kafka-1"], registry }],
  ["a broker as a URL", { brokers: ["kafka://kafka-1:9092"], registry }],
  ["an unknown key", { brokers, registry, topic: "x" }],
  [
    "a password in the open",
    { brokers, registry, sasl: { user: "a", password: "b", passwordFile: "c" } },
  ],
  ["a transaction that times out at once", { brokers, registry, transactionTimeout: "5s" }],
  ["a prefix that topics may not have", { brokers, registry, topics: { prefix: "a/b" } }],
])("refuses %s", (_what, config) => {
  expect(kafkaConfigSchema.safeParse(config).success).toBe(false);
});

test("paths are taken from where the file lies", () => {
  const config = kafkaConfigSchema.parse({
    brokers,
    registry: { ...registry, caFile: "registry.pem" },
    tls: { caFile: "ca.pem", keyFile: "key.pem", certFile: "cert.pem" },
    sasl: { user: "clockleaf", passwordFile: "kafka.password" },
  });
  expect(withAbsolutePaths(config, (path) => `/etc/${path}`)).toMatchObject({
    registry: { caFile: "/etc/registry.pem" },
    tls: { caFile: "/etc/ca.pem", keyFile: "/etc/key.pem", certFile: "/etc/cert.pem" },
    sasl: { mechanism: "scram-sha-512", passwordFile: "/etc/kafka.password" },
  });
  const plain = kafkaConfigSchema.parse({ brokers, registry, tls: {} });
  expect(withAbsolutePaths(plain, (path) => `/etc/${path}`)).toEqual(plain);
});
