import { join } from "node:path";
import { expect, it } from "vitest";
import { redisConfigSchema, withAbsolutePaths } from "./config.ts";

it("an address is all that must be configured", () => {
  const config = redisConfigSchema.parse({ url: "redis://127.0.0.1:6379" });
  expect(config).toMatchObject({ keyPrefix: "", assumeSafe: false, tls: {} });
  expect(config.maxEntries.audit).toBe(1_000_000);
});

it("a server or a cluster, never both and never none", () => {
  const url = "redis://one:6379";
  const nodes = ["rediss://one:7000", "rediss://two:7000"];
  expect(redisConfigSchema.safeParse({ nodes }).success).toBe(true);
  expect(redisConfigSchema.safeParse({}).success).toBe(false);
  expect(redisConfigSchema.safeParse({ url, nodes }).success).toBe(false);
  expect(redisConfigSchema.safeParse({ nodes: [...nodes, url] }).success).toBe(false);
});

it.each([
  ["a password in the address", { url: "redis://user:secret@one:6379" }],
  ["another protocol", { url: "http://one" }],
  ["braces, which would move keys to other slots", { url: "redis://one", keyPrefix: "{acme}:" }],
  ["a key it does not know", { url: "redis://one", evict: true }],
])("refuses %s", (_, given) => {
  expect(redisConfigSchema.safeParse(given).success).toBe(false);
});

it("files are found from the configuration's folder", () => {
  const config = redisConfigSchema.parse({
    url: "rediss://one",
    passwordFile: "keys/redis.password",
    tls: { caFile: "ca.pem" },
  });
  expect(withAbsolutePaths(config, (path) => join("/etc", path))).toMatchObject({
    passwordFile: "/etc/keys/redis.password",
    tls: { caFile: "/etc/ca.pem" },
  });
});
