import { afterEach, beforeEach, expect, it } from "vitest";
import { findKafka, someKafka } from "./kafka.ts";
import { findRabbit, someRabbit } from "./rabbitmq.ts";
import { findRedis, someRedis } from "./redis.ts";
import { findRegistry, someRegistry } from "./schema-registry.ts";

const GIVEN = {
  CLOCKLEAF_TEST_KAFKA_BROKERS: "a.example:9092,b.example:9092",
  CLOCKLEAF_TEST_RABBITMQ_URL: "amqp://rabbit.example",
  CLOCKLEAF_TEST_REDIS_URL: "redis://redis.example:7000",
  CLOCKLEAF_TEST_REGISTRY_URL: "http://registry.example/apis/ccompat/v7",
};

let before: NodeJS.ProcessEnv;
beforeEach(() => {
  before = { ...process.env };
  Object.assign(process.env, GIVEN);
});
afterEach(() => {
  for (const name of Object.keys(GIVEN)) delete process.env[name];
  Object.assign(process.env, before);
});

it("a server that somebody gave is used instead of one of our own", async () => {
  expect([findKafka(), findRabbit(), findRedis(), findRegistry()]).toEqual(Object.values(GIVEN));
  expect((await someKafka()).brokers).toEqual(["a.example:9092", "b.example:9092"]);
  const servers = [await someRabbit(), await someRedis(), await someRegistry()];
  expect(servers.map(({ url }) => url)).toEqual(Object.values(GIVEN).slice(1));
});

it("a server that somebody gave is neither killed nor frozen, and survives the end of the test", async () => {
  const server = await someRedis();
  await expect(server.kill()).rejects.toThrow("CLOCKLEAF_TEST_REDIS_URL is not ours to stop");
  expect(() => server.freeze()).toThrow("not ours");
  await server[Symbol.asyncDispose]();
});
